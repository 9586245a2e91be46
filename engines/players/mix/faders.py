"""Live's faders: what a position 0..1 is in decibels, and back.

Ableton publishes no formula. From 0.4 up it is 40 dB to the whole way, 0.85 being 0 dB and 1 being +6 dB, as users have
read off Live's own display; below that the curve was fitted by them (AbletonOSC issue 44), and the points here follow
their fit. Between points it is within about 0.3 dB of it, and Live's display may differ by as much: where the exact
value counts, Live's `str_for_value` tells it.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import Final

SILENT_DB: Final = -70.0
LOUDEST_DB: Final = 6.0
UNITY: Final = 0.85
"""The position of 0 dB."""

_POINTS: Final = (
    (0.0, SILENT_DB),
    (0.0213, -63.0),
    (0.05, -57.2),
    (0.1, -48.5),
    (0.15, -41.0),
    (0.2, -34.4),
    (0.25, -28.8),
    (0.3, -24.2),
    (0.35, -20.6),
    (0.4, -18.0),
    (1.0, LOUDEST_DB),
)


def fader_db(position: float) -> float:
    """Decibels of a track's volume; -70 stands for silence.

    >>> fader_db(0.85), fader_db(1.0), fader_db(0.4), fader_db(0.0)
    (0.0, 6.0, -18.0, -70.0)
    """
    position = min(1.0, max(0.0, position))
    above = max(1, bisect_left(_POINTS, (position, SILENT_DB)))
    (low, low_db), (high, high_db) = _POINTS[above - 1], _POINTS[min(above, len(_POINTS) - 1)]
    return round(low_db + (high_db - low_db) * (position - low) / (high - low), 9)


def fader_position(db: float) -> float:
    """The position of a track's volume for so many decibels, kept within what the fader reaches.

    >>> [round(fader_position(fader_db(place / 20)), 9) == place / 20 for place in (0, 3, 8, 17, 20)]
    [True, True, True, True, True]
    """
    db = min(LOUDEST_DB, max(SILENT_DB, db))
    (low, low_db), (high, high_db) = next(pair for pair in pairwise(_POINTS) if db <= pair[1][1])
    return low + (high - low) * (db - low_db) / (high_db - low_db)


def send_position(db: float) -> float:
    """The position of a send for so many decibels: fully open is 0 dB, and its way is taken to be a fader's.

    >>> send_position(0.0), round(send_position(-12.0), 3)
    (1.0, 0.7)
    """
    return fader_position(db + LOUDEST_DB)
