"""Locks on to a source that counts beats with jitter: when which beat is, how fast they go, how far it can be trusted.

The line through the newest observations (`line_fit`) is the prediction. An observation far from it is a stray (one tick
20 ms late because the sender slept) and is left out; strays in a row are weighed (`strays`): the tempo turned, or some
were lost on the way and are counted after all.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from statistics import median
from typing import Final

from musearoo.bridge.midi.clock.line_fit import WINDOWS, Fit, Observation, Tempo, best_fit, rms
from musearoo.bridge.midi.clock.strays import FEWEST, Lost, explain
from musearoo.engines.music.timing import seconds_per_beat

GATE: Final = 4.5
"""Deviations from the line beyond which an observation is a stray."""

NEARER: Final = 0.45
"""Steps of the grid beyond which a tick is a stray, however much it jitters: it may be the next one."""

LEAST_JITTER: Final = 0.0003
"""Seconds. No source is taken for better than this: a USB port gives its messages on a grid of 1 ms (0.29 ms RMS)."""

FIRST_JITTER: Final = 0.003
"""Seconds, until enough came to know."""

UNKNOWN_TEMPO: Final = 1.0
"""How far a tempo that nobody told may be off, as a part of the length of its beats."""

KNOWN_TEMPO: Final = 0.01
"""How far one may be off that the source kept until just now."""

_FASTEST, _SLOWEST = seconds_per_beat(1200.0), seconds_per_beat(10.0)
"""Seconds a beat: a little more than Live's range of tempo, 20 to 999 BPM."""

_REMEMBERED: Final = 64
"""Observations whose misses are told as the jitter: a second or two of MIDI clock."""

_BENDS: Final = 128
"""Bends from which the deviation of a single observation is known; its own error is a tenth then."""

_NEAR: Final = 12
"""Observations that fitted, but may have been the first after a turn: half a beat of MIDI clock."""


class Seen(StrEnum):
    """The kind of an observation."""

    FOLLOWED = "followed"
    STRAY = "stray"
    LOST = "lost"
    """With those before it, it shows that some were lost: the lock counts them from here on."""
    TURNED = "turned"
    """With those before it, a line of their own: the lock goes on with them alone."""


class PhaseLock:
    """Follows one source.

    `grid`: the beats from one observation to the next, where they come on a grid and may be lost (MIDI clock); 0 where
    each tells its beat. `tempo_error`: how far a tempo that is told may be off, as a part of it.
    """

    def __init__(self, bpm: float, grid: float = 0.0, tempo_error: float = UNKNOWN_TEMPO) -> None:
        self._grid, self._tempo_error = grid, tempo_error
        self._points: deque[Observation] = deque()
        self._strays: list[Observation] = []
        self._last: tuple[Observation, ...] = ()
        self._bends: deque[float] = deque(maxlen=_BENDS)
        self._misses: deque[float] = deque(maxlen=_REMEMBERED)
        self._deviation = FIRST_JITTER
        self._reported_period = seconds_per_beat(bpm)
        self._reported_error = tempo_error
        self.lost = 0.0
        """Beats that were lost so far: the source's count is behind by these."""
        self.fit: Fit | None = None

    @property
    def period(self) -> float:
        """Seconds a beat."""
        return self._reported_period if self.fit is None else self.fit.period

    @property
    def jitter(self) -> float:
        """The RMS of the last 64 observations' deviation from their prediction, outliers included, in seconds."""
        return rms(self._misses)

    def restart(self, time: float, beat: float, bpm: float | None = None, sure: bool = False) -> None:
        """Restart at a beat, at the same or a given tempo; the known jitter stays.

        `sure`: the tempo will not be far off.
        """
        self._reported_period = self.period if bpm is None else seconds_per_beat(bpm)
        self._reported_error = min(KNOWN_TEMPO, self._tempo_error) if sure else self._tempo_error
        self._last = ()
        self._go_on_with([Observation(time, beat + self.lost)])

    def set_tempo(self, time: float, bpm: float) -> None:
        """Set the tempo that the source reports, from this time on; the known phase stays."""
        turn = seconds_per_beat(bpm) - self.period
        self._reported_period = seconds_per_beat(bpm)
        if self.fit is None:
            return
        beat = self.fit.beat_at(time)
        for points in (self._points, self._strays):
            for index, point in enumerate(points):
                points[index] = Observation(point.time + (point.beat - beat) * turn, point.beat)
        self._last = ()
        self._refit(self.period + turn)

    def observe(self, time: float, beat: float) -> Seen:
        """Observe the source's count `beat` at `time`, both later than before."""
        now = Observation(time, beat + self.lost)
        if self.fit is None:
            self._go_on_with([now])
            return Seen.FOLLOWED
        self._measure_jitter(now)
        miss = time - self.fit.time_of(now.beat)
        if abs(miss) <= self._allowed(self.fit, now.beat):
            self._misses.append(miss)
            self._strays.clear()
            self._points.append(now)
            self._refit(self.period)
            return Seen.FOLLOWED
        self._strays.append(now)
        seen = self._judge_strays(self.fit) if len(self._strays) >= FEWEST else Seen.STRAY
        self._misses.append(time - self.fit.time_of(beat + self.lost))
        return seen

    def is_near(self, time: float, beat: float) -> bool:
        """Whether an observation would be followed, and not be a stray."""
        beat += self.lost
        return self.fit is not None and abs(time - self.fit.time_of(beat)) <= self._allowed(self.fit, beat)

    def _allowed(self, fit: Fit, beat: float) -> float:
        """Return the deviation in seconds up to which an observation is no outlier."""
        unsure = fit.deviation(beat)
        allowed = GATE * math.hypot(self._deviation, unsure)
        step = self._grid * fit.period
        return min(allowed, NEARER * step) if 10.0 * unsure < step else allowed

    def _measure_jitter(self, now: Observation) -> None:
        """By how far the middle one of three is off the line through its neighbours: that asks for no tempo, and the
        median of it for no line without strays."""
        if len(self._last) == 2:
            before, middle = self._last
            if before.beat < middle.beat < now.beat:
                part = (middle.beat - before.beat) / (now.beat - before.beat)
                bend = middle.time - (before.time + part * (now.time - before.time))
                self._bends.append(abs(bend) / math.sqrt(1.0 + (1.0 - part) ** 2 + part**2))
                if len(self._bends) >= WINDOWS[0]:
                    self._deviation = max(LEAST_JITTER, _DEVIATIONS_PER_MEDIAN * median(self._bends))
        self._last = (*self._last[-1:], now)

    def _refit(self, period: float) -> None:
        known = Tempo(self._reported_period, self._reported_error * self._reported_period)
        fit = best_fit(self._points, period, self._deviation, known)
        # A burst of ticks has no tempo, or one that goes back: a line must go forward at something that can be played.
        self.fit = replace(fit, period=min(_SLOWEST, max(_FASTEST, fit.period)))

    def _go_on_with(self, points: list[Observation]) -> None:
        self._points = deque(points, maxlen=WINDOWS[-1])
        self._strays.clear()
        self._refit(self._reported_period)

    def _judge_strays(self, fit: Fit) -> Seen:
        near = list(islice(self._points, max(0, len(self._points) - _NEAR), None))
        meaning = explain(
            [_missed(fit, point) for point in near],
            [_missed(fit, point) for point in self._strays],
            fit.period,
            math.hypot(self._deviation, fit.deviation(self._strays[-1].beat)),
            self._grid,
        )
        if meaning is None:
            return Seen.STRAY
        if isinstance(meaning, Lost):
            self._count_lost(meaning.ticks)
            return Seen.LOST
        if self._tempo_error >= UNKNOWN_TEMPO:
            self._reported_period, self._reported_error = meaning.period, self._tempo_error
        self._go_on_with([*near, *self._strays][-meaning.count :])
        return Seen.TURNED

    def _count_lost(self, ticks: tuple[int, ...]) -> None:
        for stray, count in zip(self._strays, ticks, strict=True):
            self._points.append(Observation(stray.time, stray.beat + count * self._grid))
        self.lost += ticks[-1] * self._grid
        self._strays.clear()
        self._last = ()
        self._refit(self.period)


_DEVIATIONS_PER_MEDIAN: Final = 1.4826
"""Standard deviation over the median of the absolute value, of a normal distribution."""


def _missed(fit: Fit, point: Observation) -> Observation:
    """Return an observation's deviation from the line."""
    return Observation(point.time - fit.time_of(point.beat), point.beat)
