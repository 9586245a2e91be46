"""Phase lock on a source that counts beats with jitter: estimates phase, tempo and their uncertainty.

The line through the newest observations (`line_fit`) is the prediction. An observation far from it is an outlier (one
tick 20 ms late because the sender slept) and is ignored; consecutive outliers are explained (`strays`): the tempo has
changed, or ticks were lost and are added to the count.
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
"""Standard deviations from the line beyond which an observation is an outlier."""

NEARER: Final = 0.45
"""Grid steps beyond which a tick is an outlier, whatever the jitter: it may be the next tick."""

LEAST_JITTER: Final = 0.0003
"""Least assumed jitter in seconds: USB delivers messages on a grid of 1 ms (0.29 ms RMS)."""

FIRST_JITTER: Final = 0.003
"""Assumed jitter in seconds until it can be measured."""

UNKNOWN_TEMPO: Final = 1.0
"""Relative uncertainty of an unreported tempo."""

KNOWN_TEMPO: Final = 0.01
"""Relative uncertainty of a tempo that the source kept until just now."""

_FASTEST, _SLOWEST = seconds_per_beat(1200.0), seconds_per_beat(10.0)
"""Bounds in seconds per beat: slightly more than Live's range of tempo, 20 to 999 BPM."""

_REMEMBERED: Final = 64
"""Observations over which the jitter is reported: a second or two of MIDI clock."""

_BENDS: Final = 128
"""Second differences from which the jitter is measured, with a standard error of a tenth."""

_NEAR: Final = 12
"""Last accepted observations, which may already be after a change of tempo: half a beat of MIDI clock."""


class Seen(StrEnum):
    """The kind of an observation."""

    FOLLOWED = "followed"
    STRAY = "stray"
    LOST = "lost"
    """With those before it, it shows that ticks were lost: they are added to the count from here on."""
    TURNED = "turned"
    """With those before it, it is on a new line: the lock continues from them alone."""


class PhaseLock:
    """A phase lock on one source.

    `grid`: the beats per observation if they are on a grid and may be lost (MIDI clock); 0 if each reports its beat.
    `tempo_error`: relative uncertainty of a reported tempo.
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
        """Beats that were lost so far, by which the source's count is behind."""
        self.fit: Fit | None = None

    @property
    def period(self) -> float:
        """Seconds per beat."""
        return self._reported_period if self.fit is None else self.fit.period

    @property
    def jitter(self) -> float:
        """The RMS of the last 64 observations' deviation from their prediction, outliers included, in seconds."""
        return rms(self._misses)

    def restart(self, time: float, beat: float, bpm: float | None = None, sure: bool = False) -> None:
        """Restart at a beat, at the same or a given tempo; the known jitter stays.

        `sure`: the tempo is nearly exact.
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
        """Whether an observation would be followed, not ignored as an outlier."""
        beat += self.lost
        return self.fit is not None and abs(time - self.fit.time_of(beat)) <= self._allowed(self.fit, beat)

    def _allowed(self, fit: Fit, beat: float) -> float:
        """Return the deviation in seconds up to which an observation is no outlier."""
        unsure = fit.deviation(beat)
        allowed = GATE * math.hypot(self._deviation, unsure)
        step = self._grid * fit.period
        return min(allowed, NEARER * step) if 10.0 * unsure < step else allowed

    def _measure_jitter(self, now: Observation) -> None:
        """Measure the jitter by the distance of the middle one of three observations from the line through its
        neighbours, which needs no tempo; its median is robust against outliers."""
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
        # A burst of ticks may have no tempo, or a negative one: a line must advance at a playable tempo.
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
"""Ratio of the standard deviation to the median absolute value of a normal distribution."""


def _missed(fit: Fit, point: Observation) -> Observation:
    """Return an observation's deviation from the line."""
    return Observation(point.time - fit.time_of(point.beat), point.beat)
