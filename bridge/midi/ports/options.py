"""The options that the MIDI process is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from musearoo import how_to_install

MISSING: Final = f"Live MIDI needs the package python-rtmidi: run {how_to_install('midi')}."
"""The error if rtmidi cannot be imported."""


@dataclass(frozen=True, slots=True)
class MidiOptions:
    """The options of the MIDI process. `ledger`: the file of sounding notes."""

    ledger: Path
    output: Path | None = None
    """The file for library output, None to discard it."""
    api: str = ""
    """The system's MIDI API: "alsa", "jack", "coremidi" or "winmm"; "" takes the first that works."""
    name: str = "MuseAroo"
    """The virtual ports' name, without " In" and " Out"."""
    is_urgent: bool = True
    """Whether it requests real-time priority; off for measurements."""
    trace: Path | None = None
    """A file for each message's due time and the time at which it was sent, for measurements."""
