"""Monotonic beats: they count on through loops of the set; a jump, start or stop begins a new stretch."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from musearoo.engines.improvisation.listening.played_notes import Moment, Stretch
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import seconds_to_beats

JUMP: Final = 0.25
"""The deviation in beats from the expected position that counts as a jump: clock jitter and tempo nudges are smaller, a
loop or a click into the Arrangement is larger."""
DRIFT: Final = 0.1
"""The additional tolerance as a share of the beats since the last update, since the tempo may have changed."""
FIRST_BPM: Final = 120.0


class TimeLine:
    """The mapping of the set's beats to stretches and monotonic beats.

    Beats count on through a loop of whole bars; any other jump, a start or a stop begins a new stretch.

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
        """The set's beat and the seconds at the last update."""

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
                # Timestamped before the jump but delivered after it: place it before the jump.
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
