"""The requested loop, and how long a take for it must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.errors import require_between
from musearoo.engines.music.timing import beats_to_seconds

SLOWEST: Final = 1.09
"""Largest length of the music relative to the request: 8 % below the tempo is 1/0.92 of its length."""
SPARE_SECONDS: Final = 0.5
"""Additional time for silence before the music begins, and for the seam."""


@dataclass(frozen=True, slots=True)
class LoopRequest:
    """The requested loop.

    `bpm`: quarters per minute. `beats_per_bar`: quarters per bar: 4 in 4/4, 3 in 3/4 and in 6/8. `loudness_lufs`:
    None leaves the loudness as it is. `ceiling_db`: the highest true peak. `starts_on_the_one`: the take's first
    sample is a downbeat, as in a continuation.
    """

    bpm: float
    beats_per_bar: float
    bars: int
    loudness_lufs: float | None = None
    ceiling_db: float = -1.0
    starts_on_the_one: bool = False

    def __post_init__(self) -> None:
        require_between("bpm", self.bpm, 20.0, 999.0, "BPM")
        require_between("beats_per_bar", self.beats_per_bar, 0.5, 32.0)
        require_between("bars", self.bars, 1, 64)
        if self.loudness_lufs is not None:
            require_between("loudness_lufs", self.loudness_lufs, -60.0, 0.0, "LUFS")
        require_between("ceiling_db", self.ceiling_db, -24.0, 0.0, "dB")

    @property
    def quarters(self) -> float:
        """Length in quarters."""
        return self.bars * self.beats_per_bar

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return beats_to_seconds(self.quarters, self.bpm)


def seconds_needed(bars: int, bpm: float, beats_per_bar: float = 4.0, *, starts_on_the_one: bool = False) -> float:
    """Return how long a take must be to cut a loop from it, allowing for 8 % tempo error and a start within a bar.

    >>> round(seconds_needed(4, 120.0), 2), round(seconds_needed(4, 120.0, starts_on_the_one=True), 2)
    (11.4, 9.22)
    """
    played = bars if starts_on_the_one else bars + 1
    return beats_to_seconds(SLOWEST * played * beats_per_bar, bpm) + SPARE_SECONDS
