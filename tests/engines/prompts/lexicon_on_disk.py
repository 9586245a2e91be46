"""The built-in lexicon of prompts, read once for all tests."""

from __future__ import annotations

from importlib import resources
from typing import Final

from musearoo.engines.prompts.languages import prepare_languages
from musearoo.engines.prompts.lexicon import Lexicon, build_lexicon
from musearoo.engines.prompts.vocabulary import Vocabulary, parse_vocabulary
from tests.engines.presets_on_disk import STYLES

TEXT: Final = resources.files("musearoo.presets").joinpath("prompt_words.yaml").read_text(encoding="utf-8")
VOCABULARY: Final[Vocabulary] = parse_vocabulary(TEXT)
LEXICON: Final[Lexicon] = build_lexicon(VOCABULARY, STYLES, prepare_languages(VOCABULARY.languages))
