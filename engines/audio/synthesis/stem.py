"""The input of the synthesiser: the notes of one part in seconds, and its instrument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.midi_files.song import PROGRAMS
from musearoo.engines.music.timing import seconds_per_beat

Samples = npt.NDArray[np.float32]

RATE: Final = 44_100
"""Default sample rate, Hz."""
USUAL_PROGRAMS: Final[dict[str, int | None]] = {"drums": None, "unknown": 0, **PROGRAMS}
"""Default General MIDI program of a role; None is the drum kit."""


class Sounding(NamedTuple):
    """A note in seconds: start, duration, pitch and velocity."""

    start: float
    seconds: float
    pitch: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Stem:
    """One part to render. `program`: General MIDI 0..127, None for the drum kit; `gain_db`: fader; `pan`: -1 (left) to
    1; `room`: reverb send, 0..1.
    """

    name: str
    notes: tuple[Sounding, ...]
    program: int | None
    gain_db: float = 0.0
    pan: float = 0.0
    room: float = 0.12

    def __post_init__(self) -> None:
        if self.program is not None and not 0 <= self.program <= 127:
            raise ParamError("program", "a General MIDI program from 0 to 127, or None for drums", self.program)
        require_between("gain", self.gain_db, -96.0, 24.0, "dB")
        require_between("pan", self.pan, -1.0, 1.0)
        require_between("room", self.room, 0.0, 1.0)


def stem_of(
    name: str,
    clip: Clip,
    bpm: float,
    program: int | None,
    gain_db: float = 0.0,
    pan: float = 0.0,
    room: float = 0.12,
) -> Stem:
    """Return the stem of a clip at a tempo; muted notes are left out.

    >>> from musearoo.engines.music.note import Note
    >>> stem_of("bass", Clip("b", 4.0, (Note(2.0, 33, 1.0, 90),)), 120.0, 33).notes
    (Sounding(start=1.0, seconds=0.5, pitch=33, velocity=90),)
    """
    beat = seconds_per_beat(bpm)
    notes = tuple(
        Sounding(note.start * beat, note.duration * beat, note.pitch, note.velocity)
        for note in clip.notes
        if not note.mute
    )
    return Stem(name, notes, program, gain_db, pan, room)
