"""The beat clock: a phase lock that also starts, stops and jumps, and its line from times to beats."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.midi.clock.phase_lock import UNKNOWN_TEMPO, PhaseLock, Seen
from musearoo.engines.music.timing import beats_to_seconds, bpm_of_period, seconds_to_beats

JUMP: Final = 0.1
"""Least beats of a jump: a sudden move by less than a 32nd note is a correction."""


@dataclass(frozen=True, slots=True)
class ClockLine:
    """The line from times to beats: at `time` the clock is at `beat`, running or stopped.

    `epoch` counts starts, stops and jumps. Lines of one epoch differ by a correction or by their tempo, and a later one
    may be slightly behind an earlier one; lines of different epochs are unrelated.

    >>> line = ClockLine(time=10.0, beat=4.0, bpm=120.0, is_running=True, epoch=1)
    >>> line.beat_at(10.5), line.time_of(6.0)
    (5.0, 11.0)
    """

    time: float
    beat: float
    bpm: float
    is_running: bool
    epoch: int = 0

    def beat_at(self, time: float) -> float:
        """The beat at a time."""
        return self.beat + seconds_to_beats(time - self.time, self.bpm) if self.is_running else self.beat

    def time_of(self, beat: float) -> float:
        """Return the time of a beat; infinity while the clock is stopped."""
        return self.time + beats_to_seconds(beat - self.beat, self.bpm) if self.is_running else math.inf


class BeatClock:
    """A clock that maps a source's counts to beats of the music.

    The two may differ: a MIDI clock goes on ticking while the music is stopped. `grid` and `tempo_error` are those of
    `PhaseLock`.
    """

    def __init__(self, bpm: float = 120.0, grid: float = 0.0, tempo_error: float = UNKNOWN_TEMPO) -> None:
        self._lock = PhaseLock(bpm, grid, tempo_error)
        self._ahead = 0.0
        self._stands_at: float | None = 0.0
        self._epoch = 0
        self._line = ClockLine(0.0, 0.0, bpm, False)

    @property
    def line(self) -> ClockLine:
        """The current line, which is immutable."""
        return self._line

    @property
    def is_running(self) -> bool:
        """Whether the clock runs."""
        return self._line.is_running

    @property
    def bpm(self) -> float:
        """The tempo, also while the clock is stopped."""
        return self._line.bpm

    @property
    def jitter(self) -> float:
        """The RMS of the source's deviation from its prediction, in seconds."""
        return self._lock.jitter

    @property
    def lost(self) -> float:
        """The number of the source's beats that were lost in transmission."""
        return self._lock.lost

    @property
    def ahead(self) -> float:
        """The beats by which the music is ahead of the source's count."""
        return self._ahead

    def beat_at(self, time: float) -> float:
        """The beat at a time."""
        return self._line.beat_at(time)

    def observe(self, time: float, counted: float) -> None:
        """Observe the source's count at a time later than before."""
        if self._lock.observe(time, counted) is not Seen.STRAY:
            before = self._line.beat_at(time)
            self._draw()
            if abs(self._line.beat_at(time) - before) > JUMP:
                self._redraw()

    def is_near(self, time: float, counted: float) -> bool:
        """Whether an observation of this count at this time would be followed."""
        return self._lock.is_near(time, counted)

    def set_tempo(self, time: float, bpm: float) -> None:
        """Set the tempo that the source reports, from this time on; the beat at that time stays the same."""
        self._lock.set_tempo(time, bpm)
        self._draw()

    def start(self, beat: float, counted: float | None = None) -> None:
        """Start at `beat`, which corresponds to the source's count `counted` (default: the same)."""
        self._ahead = 0.0 if counted is None else beat - counted
        self._stands_at = None
        self._redraw()

    def stop(self, beat: float) -> None:
        """Stop at a beat; from here on the source's count only gives the tempo."""
        self._stands_at = beat
        self._redraw()

    def locate(self, time: float, counted: float, bpm: float | None = None, sure: bool = False) -> None:
        """Forget the phase: at this time the source is at this count.

        `sure`: the tempo is known or was just reported, and is nearly exact.
        """
        self._lock.restart(time, counted, bpm, sure)
        self._redraw()

    def shift(self, beats: float) -> None:
        """Jump by a number of beats; the source's phase stays the same."""
        self._ahead += beats
        self._redraw()

    def _redraw(self) -> None:
        self._epoch += 1
        self._draw()

    def _draw(self) -> None:
        bpm, fit = bpm_of_period(self._lock.period), self._lock.fit
        if self._stands_at is not None:
            self._line = ClockLine(0.0, self._stands_at, bpm, False, self._epoch)
        elif fit is not None:
            self._line = ClockLine(fit.time, fit.beat + self._ahead, bpm, True, self._epoch)
