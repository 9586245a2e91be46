"""The register of a part: between which pitches nearly all of its notes lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from musearoo.engines.music.pitch import pitch_name
from musearoo.engines.players.learning.velocity_levels import quantile

ODD_NOTES: Final = 0.03
"""The share of notes below, and of those above, that are out of the way."""
OCTAVE: Final = 12
TOP: Final = 127


def learn_register(pitches: Iterable[int]) -> dict[str, object]:
    """The lowest and the highest note name of a part's pitches, an octave apart at least; there must be some.

    >>> learn_register([60, 64, 67])
    {'low': 'C4', 'high': 'C5'}
    """
    ordered = sorted(map(float, pitches))
    low = min(TOP - OCTAVE, int(quantile(ordered, ODD_NOTES)))
    high = max(low + OCTAVE, int(quantile(ordered, 1.0 - ODD_NOTES)))
    return {"low": pitch_name(low), "high": pitch_name(high)}
