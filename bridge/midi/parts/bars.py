"""The beat of the clock at a moment, and the next bar line. Pure."""

import math

from musearoo.bridge.protocol.midi_process import ClockState
from musearoo.engines.music.timing import seconds_to_beats

HAIR = 1e-6
"""Beats by which a position may be past a bar line and still count as on it."""


def beat_at(clock: ClockState, time: float) -> float:
    """Return the beat at a moment, extrapolated from the clock's last report.

    >>> from musearoo.bridge.protocol.midi_process import ClockSource
    >>> beat_at(ClockState(10.0, ClockSource.OWN, True, 4.0, 120.0, 0.0), 10.5)
    5.0
    """
    return clock.beat + seconds_to_beats(time - clock.time, clock.bpm) if clock.is_running else clock.beat


def next_bar(beat: float, bar_beats: float) -> float:
    """Return the first bar line from a beat on.

    >>> next_bar(4.2, 4.0), next_bar(8.0, 4.0), next_bar(-0.5, 3.0)
    (8.0, 8.0, 0.0)
    """
    return math.ceil((beat - HAIR) / bar_beats) * bar_beats + 0.0


def count_bars(seconds: float, bpm: float, bar_beats: float) -> int:
    """Return the number of bars in a time in seconds, rounded up.

    >>> count_bars(3.0, 120.0, 4.0), count_bars(0.0, 120.0, 4.0)
    (2, 1)
    """
    return max(1, math.ceil(seconds_to_beats(seconds, bpm) / bar_beats - HAIR))
