"""Convert between positions of Live's faders, 0..1, and decibels.

Ableton publishes no formula. From 0.4 up the fader is linear with 40 dB over the whole range, 0.85 being 0 dB and 1
being +6 dB, as users have read from Live's display; below that they fitted a curve (AbletonOSC issue 44), which the
points here follow. Between points the error is up to about 0.3 dB, and Live's display may differ by as much; use
Live's `str_for_value` for exact values.
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
    """Return the decibels of a volume fader position; -70 means silence.

    >>> fader_db(0.85), fader_db(1.0), fader_db(0.4), fader_db(0.0)
    (0.0, 6.0, -18.0, -70.0)
    """
    position = min(1.0, max(0.0, position))
    above = max(1, bisect_left(_POINTS, (position, SILENT_DB)))
    (low, low_db), (high, high_db) = _POINTS[above - 1], _POINTS[min(above, len(_POINTS) - 1)]
    return round(low_db + (high_db - low_db) * (position - low) / (high - low), 9)


def fader_position(db: float) -> float:
    """Return the volume fader position for a level in decibels, clamped to the fader's range.

    >>> [round(fader_position(fader_db(place / 20)), 9) == place / 20 for place in (0, 3, 8, 17, 20)]
    [True, True, True, True, True]
    """
    db = min(LOUDEST_DB, max(SILENT_DB, db))
    (low, low_db), (high, high_db) = next(pair for pair in pairwise(_POINTS) if db <= pair[1][1])
    return low + (high - low) * (db - low_db) / (high_db - low_db)


def send_position(db: float) -> float:
    """Return the position of a send for a level in decibels: fully open is 0 dB, with a volume fader's curve.

    >>> send_position(0.0), round(send_position(-12.0), 3)
    (1.0, 0.7)
    """
    return fader_position(db + LOUDEST_DB)
