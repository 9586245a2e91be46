"""Reads the table of what can be said, and makes of it what understands sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from engines.rooaroo.grammar.table import VoiceTable, read_voice_table
from engines.rooaroo.grammar.understanding import Understander
from engines.styles.style import Style

NAME: Final = "voice.yaml"


@cache
def read_table() -> VoiceTable:
    """The table that comes with MuseAroo; PresetError where it is broken: that is ours to mend."""
    return read_voice_table(resources.files("presets").joinpath(NAME).read_text(encoding="utf-8"), NAME)


def read_understander(styles: Mapping[str, Style]) -> Understander:
    """What understands sentences by that table and these styles."""
    return Understander(read_table(), styles)
