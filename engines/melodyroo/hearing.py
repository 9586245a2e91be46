"""What a melodist hears of the band: where there is room for the voice, and which rhythms go with what is played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engines.melodyroo.rhythm import Beat
from engines.styles.melody import MelodyStyle


class Register(NamedTuple):
    """The lowest and highest pitch that a melody may take, and the one about which it lies."""

    low: int
    high: int
    home: float


def find_register(style: MelodyStyle, octave: int) -> Register:
    """The style's register, moved by octaves."""
    low = min(103, max(0, style.low_pitch + 12 * octave))
    high = min(127, max(low + 12, style.high_pitch + 12 * octave))
    return Register(low, high, (low + high) / 2.0)


def no_preference(_: Sequence[Beat]) -> float:
    """The ear of a melodist who plays alone."""
    return 0.0
