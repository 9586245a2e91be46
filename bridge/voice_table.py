"""The table of what can be said, from the file that comes with MuseAroo, and what understands sentences by it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from engines.rooaroo.table import VoiceTable, read_voice_table
from engines.rooaroo.understanding import Understander
from engines.styles.style import Style

NAME: Final = "voice.yaml"


@cache
def read_table() -> VoiceTable:
    """The table. Raises PresetError where it is broken: it comes with MuseAroo, so that is ours to mend."""
    return read_voice_table(resources.files("presets").joinpath(NAME).read_text(encoding="utf-8"), NAME)


def read_understander(styles: Mapping[str, Style]) -> Understander:
    """What understands sentences in which these styles are named; PresetError as in `read_table`."""
    return Understander(read_table(), styles)
