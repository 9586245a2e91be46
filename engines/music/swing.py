"""Swing: delay every second subdivision by a ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.errors import require_between

STRAIGHT: Final = 1.0
TRIPLET: Final = 2.0
MAX_RATIO: Final = 3.5
"""The highest swing ratio: a dotted eighth and a sixteenth."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A ratio of long to short (1 straight, 2 triplet) and the pair of subdivisions it bends, `pair` beats long.

    A pair of 1 beat swings eighths (shuffle, jazz); of half a beat, sixteenths (funk, hip-hop, house).

    >>> Swing(2.0).warp(2.5), Swing(3.0, pair=0.5).warp(0.25), Swing(1.0).warp(0.25)
    (2.6666666666666665, 0.375, 0.25)
    """

    ratio: float = STRAIGHT
    pair: float = 1.0

    def __post_init__(self) -> None:
        require_between("swing", self.ratio, STRAIGHT, MAX_RATIO)
        require_between("swing pair", self.pair, 0.125, 2.0, "beats")

    @property
    def is_straight(self) -> bool:
        """Whether it changes nothing."""
        return self.ratio == STRAIGHT

    def warp(self, beat: float) -> float:
        """Return the swung position of a straight one; monotonic, and fixed at the start of every pair.

        The two halves of a pair are stretched linearly, so that finer positions move along.
        """
        if self.ratio == STRAIGHT:
            return beat
        half = self.pair / 2.0
        index, inside = divmod(beat, self.pair)
        long = self.pair * self.ratio / (self.ratio + 1.0)
        if inside <= half:
            return index * self.pair + inside * (long / half)
        return index * self.pair + long + (inside - half) * ((self.pair - long) / half)

    def unwarp(self, beat: float) -> float:
        """Return the straight position of a swung one: the inverse of `warp`.

        >>> swing = Swing(1.6)
        >>> all(abs(swing.unwarp(swing.warp(n / 7)) - n / 7) < 1e-12 for n in range(40))
        True
        """
        if self.ratio == STRAIGHT:
            return beat
        half = self.pair / 2.0
        index, inside = divmod(beat, self.pair)
        long = self.pair * self.ratio / (self.ratio + 1.0)
        if inside <= long:
            return index * self.pair + inside * (half / long)
        return index * self.pair + half + (inside - long) * (half / (self.pair - long))
