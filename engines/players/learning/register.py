"""Learn the register of a part: the range of nearly all its pitches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from musearoo.engines.music.pitch import pitch_name
from musearoo.engines.players.learning.velocity_levels import quantile

ODD_NOTES: Final = 0.03
"""The share of outliers ignored at either end of the range."""
OCTAVE: Final = 12
TOP: Final = 127


def learn_register(pitches: Iterable[int]) -> dict[str, object]:
    """Return the lowest and highest note name of a part, at least an octave apart; `pitches` must not be empty.

    >>> learn_register([60, 64, 67])
    {'low': 'C4', 'high': 'C5'}
    """
    ordered = sorted(map(float, pitches))
    low = min(TOP - OCTAVE, int(quantile(ordered, ODD_NOTES)))
    high = max(low + OCTAVE, int(quantile(ordered, 1.0 - ODD_NOTES)))
    return {"low": pitch_name(low), "high": pitch_name(high)}
