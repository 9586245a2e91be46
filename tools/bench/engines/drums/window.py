"""A window of drumming in 4/4, human or DrummaRoo's, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.clip import Clip

Floats = npt.NDArray[np.float64]
Sound = Literal["kick", "snare", "rim", "closed", "open", "pedal", "ride", "bell", "crash", "tom"]
SOUNDS: Final[tuple[Sound, ...]] = get_args(Sound)

_PITCHES: Final[dict[Sound, tuple[int, ...]]] = {
    "kick": (35, 36),
    # A clap counts as snare, shaker and tambourine as hat, claves as rim, congas as toms: the Groove MIDI Dataset was
    # played on a drum kit only.
    "snare": (38, 39, 40),
    "rim": (37, 75),
    "closed": (42, 22, 54, 69, 70),
    "open": (46, 26),
    "pedal": (44,),
    "ride": (51, 59),
    "bell": (53, 56),
    "crash": (49, 52, 55, 57),
    "tom": (41, 43, 45, 47, 48, 50, 58, 62, 63, 64, 65, 66),
}
_NUMBER_OF_PITCH: Final = {pitch: SOUNDS.index(sound) for sound, pitches in _PITCHES.items() for pitch in pitches}

BARS: Final = 8
BEATS_PER_BAR: Final = 4
STEPS_PER_BAR: Final = 16
LEAST_STROKES: Final = 8
"""A window with fewer strokes is a rest and is ignored."""


@dataclass(frozen=True, slots=True)
class Window:
    """Strokes in order of time: positions in beats from the first bar line, sounds as indices in SOUNDS, velocities."""

    places: Floats
    sounds: npt.NDArray[np.int64]
    velocities: Floats
    bars: int = BARS

    @property
    def steps(self) -> npt.NDArray[np.int64]:
        """The nearest sixteenth of each stroke, counted from the first; a stroke just before the end belongs to the
        start.
        """
        return np.rint(self.places * 4.0).astype(np.int64) % (self.bars * STEPS_PER_BAR)

    def of(self, *sounds: Sound) -> npt.NDArray[np.bool_]:
        """Return which strokes are of these sounds."""
        return np.isin(self.sounds, [SOUNDS.index(sound) for sound in sounds])


def make_window(strokes: Sequence[tuple[float, int, float]], bars: int = BARS) -> Window:
    """Return the window of strokes (position in beats, pitch, velocity); unknown pitches are ignored."""
    known = sorted(stroke for stroke in strokes if stroke[1] in _NUMBER_OF_PITCH)
    return Window(
        np.array([place for place, _, _ in known], dtype=np.float64),
        np.array([_NUMBER_OF_PITCH[pitch] for _, pitch, _ in known], dtype=np.int64),
        np.array([velocity for _, _, velocity in known], dtype=np.float64),
        bars,
    )


def clip_window(clip: Clip) -> Window:
    """Return the window of a clip in 4/4."""
    return make_window([(note.start, note.pitch, note.velocity) for note in clip.notes], round(clip.bars))


def cut_windows(strokes: Sequence[tuple[float, int, float]], bars: int, hop: int) -> Iterator[Window]:
    """Yield the windows of a performance of whole bars, each eight bars, `hop` bars apart; rests are skipped."""
    for first in range(0, bars - BARS + 1, hop):
        # A stroke up to a thirty-second early belongs to the bar after it.
        start = first * BEATS_PER_BAR
        end = start + BARS * BEATS_PER_BAR
        inside = [
            (place - start, pitch, velocity)
            for place, pitch, velocity in strokes
            if start - 0.125 <= place < end - 0.125
        ]
        if len(inside) >= LEAST_STROKES:
            yield make_window(inside)
