"""Monotonic beats: they count on where the set loops, and start a new stretch where it jumps or stops."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from musearoo.engines.improvisation.listening.played_notes import Moment, Stretch
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import seconds_to_beats

JUMP: Final = 0.25
"""Beats by which the set may be off from where it should be: the jitter of what it follows and a nudge of the tempo are
less, a loop or a click into the Arrangement is more."""
DRIFT: Final = 0.1
"""The share of the beats since it was last heard of by which it may be off as well: the tempo may have changed."""
FIRST_BPM: Final = 120.0


class TimeLine:
    """The mapping of the set's beats to stretches and monotonic beats.

    A loop that goes round by whole bars counts on; any other jump, a start and a stop begin a new stretch.

    >>> line = TimeLine(Meter())
    >>> line.clock(15.0, 10.0, 120.0, True)
    >>> line.place(15.9, 10.45).beat, line.place(0.4, 10.7).beat
    (15.9, 16.4)
    """

    def __init__(self, meter: Meter) -> None:
        self.number = 0
        self._stretches = {0: Stretch(is_running=False, bpm=FIRST_BPM)}
        self._meter = meter
        self._last = (0.0, 0.0)
        """The set's beat and the seconds when it was last heard of."""

    @property
    def stretches(self) -> dict[int, Stretch]:
        """A copy of all stretches, by number."""
        return dict(self._stretches)

    @property
    def meter(self) -> Meter:
        """The set's time signature. A new one begins a new stretch, because its bars are elsewhere."""
        return self._meter

    @meter.setter
    def meter(self, meter: Meter) -> None:
        if meter != self._meter:
            self._meter = meter
            now = self._stretches[self.number]
            self._begin(now.is_running, now.bpm)

    def clock(self, beat: float, seconds: float, bpm: float, is_running: bool) -> None:
        """Update the set's position, or note that it stopped."""
        if is_running != self._stretches[self.number].is_running:
            self._begin(is_running, bpm)
            self._last = (beat, seconds)
        else:
            self.place(beat, seconds)
        self._stretches[self.number] = replace(self._stretches[self.number], bpm=bpm)

    def place(self, beat: float, seconds: float) -> Moment:
        """Return the moment at which the set is at a beat."""
        stretch = self._stretches[self.number]
        last_beat, last_seconds = self._last
        if not stretch.is_running:
            return Moment(beat, seconds, self.number)
        went = seconds_to_beats(seconds - last_seconds, stretch.bpm)
        jump = beat - last_beat - went
        near = JUMP + DRIFT * abs(went)
        if abs(jump) > near:
            if seconds < last_seconds:
                # Stamped before the jump and told after it: it lies where the set then was.
                return Moment(last_beat + went + stretch.offset, seconds, self.number)
            bars = round(jump / self._meter.bar_beats) * self._meter.bar_beats
            if bars and abs(jump - bars) <= near:
                stretch = replace(stretch, offset=stretch.offset - bars)
                self._stretches[self.number] = stretch
            else:
                stretch = self._begin(True, stretch.bpm)
        if seconds >= last_seconds:
            self._last = (beat, seconds)
        return Moment(beat + stretch.offset, seconds, self.number)

    def forget_before(self, number: int) -> None:
        """Drop the stretches before one that nothing refers to any more."""
        for old in [old for old in self._stretches if old < min(number, self.number)]:
            del self._stretches[old]

    def _begin(self, is_running: bool, bpm: float) -> Stretch:
        self.number += 1
        self._stretches[self.number] = Stretch(is_running, bpm)
        return self._stretches[self.number]
