"""The options that the MIDI process is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from musearoo import how_to_install

MISSING: Final = f"Live MIDI needs the package python-rtmidi: run {how_to_install('midi')}."
"""Where rtmidi cannot be imported."""


@dataclass(frozen=True, slots=True)
class MidiOptions:
    """`ledger`: the small file that remembers what sounds."""

    ledger: Path
    output: Path | None = None
    """The file for what libraries print, None for nowhere."""
    api: str = ""
    """The system's way to MIDI: "alsa", "jack", "coremidi" or "winmm"; "" takes the first that works."""
    name: str = "MuseAroo"
    """The virtual ports are this with " In" and " Out"."""
    is_urgent: bool = True
    """Whether it asks the system for its turn before others. Without, for measurements, it is as any other."""
    trace: Path | None = None
    """A file for when each message was due and when its sending returned, for measurements."""
