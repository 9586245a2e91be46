"""Read the table of sentences, and build its interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.language.grammar.table import VoiceTable, read_voice_table
from musearoo.engines.language.grammar.understanding import Understander
from musearoo.engines.styles.schema import Style

NAME: Final = "voice.yaml"
SENTENCES: Final = "voice_sentences.yaml"
PARAPHRASES: Final = "voice_paraphrases.yaml"


def read_sources() -> tuple[bytes, ...]:
    """Return the files that define the sentences and how likely they are."""
    return tuple(
        resources.files("musearoo.presets").joinpath(name).read_bytes() for name in (NAME, SENTENCES, PARAPHRASES)
    )


@cache
def read_table() -> VoiceTable:
    """Return the shipped table; raises PresetError if it is broken, which is a bug."""
    return read_voice_table(resources.files("musearoo.presets").joinpath(NAME).read_text(encoding="utf-8"), NAME)


@cache
def read_usage() -> tuple[str, ...]:
    """Return usual sentences, from which recognisers take the probabilities of words."""
    return tuple(row[0] for name in (SENTENCES, PARAPHRASES) for row in _read_sentences(name).sentences)


class _Sentences(msgspec.Struct, frozen=True):
    sentences: tuple[tuple[str, str, dict[str, object]], ...]


def _read_sentences(name: str) -> _Sentences:
    text = resources.files("musearoo.presets").joinpath(name).read_text("utf-8")
    return convert_data(parse_yaml(text, name), _Sentences, name)


def read_understander(styles: Mapping[str, Style]) -> Understander:
    """Return the interpreter of sentences for this table and these styles."""
    return Understander(read_table(), styles)
