"""Read the lexicon of prompts, and add the names of the known styles to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from musearoo.engines.prompts.languages import Language, prepare_languages
from musearoo.engines.prompts.lexicon import Lexicon, build_lexicon
from musearoo.engines.prompts.vocabulary import Vocabulary, parse_vocabulary
from musearoo.engines.styles.schema import Style

NAME: Final = "prompt_words.yaml"


def read_lexicon(styles: Mapping[str, Style]) -> Lexicon:
    """Return the shipped words of prompts, and the names of these styles.

    Raises PresetError if the shipped file is broken, which is a bug.
    """
    vocabulary, tongues = _read_words()
    return build_lexicon(vocabulary, styles, tongues)


@cache
def _read_words() -> tuple[Vocabulary, Mapping[str, Language]]:
    text = resources.files("musearoo.presets").joinpath(NAME).read_text(encoding="utf-8")
    vocabulary = parse_vocabulary(text, NAME)
    return vocabulary, prepare_languages(vocabulary.languages)
