"""Beats that count on: the set's own jump back where a loop goes round, and stand where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engines.music.meter import Meter
from engines.overhearing.playing import Stretch

JUMP: Final = 0.25
"""Beats by which the set may be off from where it should be: an output's jitter and a nudge of the tempo are less, a
loop or a click into the Arrangement is more."""
DRIFT: Final = 0.1
"""The share of the time since it was last heard of by which it may be off as well: the tempo may have changed."""
STRETCHES: Final = 64
"""Stretches that are remembered: more than anybody starts and stops in a quarter of an hour."""


class TimeLine:
    """Where what is played lies: in which stretch, and at which beat of it.

    A loop that goes round by whole bars counts on; any other jump, a start and a stop begin a new stretch.

    >>> line = TimeLine(Meter())
    >>> line.clock(15.0, 10.0, 120.0, True)
    >>> line.place(15.9, 10.45), line.place(0.4, 10.7)
    ((1, 15.9), (1, 16.4))
    """

    def __init__(self, meter: Meter) -> None:
        self.stretches = {0: Stretch(is_running=False, start_beat=0.0, start_seconds=0.0, bpm=120.0)}
        self.number = 0
        self._meter = meter
        self._last = (0.0, 0.0)
        """The set's beat and the seconds when it was last heard of."""

    @property
    def now(self) -> Stretch:
        """The stretch under way."""
        return self.stretches[self.number]

    @property
    def meter(self) -> Meter:
        """The set's signature. A new one begins a new stretch, for its bars lie elsewhere."""
        return self._meter

    @meter.setter
    def meter(self, meter: Meter) -> None:
        if meter != self._meter:
            self._meter = meter
            self._begin(self.now.is_running, *self._last, self.now.bpm)

    def clock(self, beat: float, seconds: float, bpm: float, is_running: bool) -> None:
        """Takes where the set is, or that it stands."""
        if is_running != self.now.is_running:
            self._begin(is_running, beat, seconds, bpm)
        elif is_running:
            self.place(beat, seconds)
            if bpm != self.now.bpm:
                self.stretches[self.number] = replace(self.now, bpm=bpm)
        self._last = (beat, seconds)

    def place(self, beat: float, seconds: float) -> tuple[int, float]:
        """The stretch and the beat, counted on, of the set's beat at a time."""
        stretch = self.now
        last_beat, last_seconds = self._last
        if not stretch.is_running:
            return self.number, beat
        went = (seconds - last_seconds) * stretch.bpm / 60.0
        jump = beat - last_beat - went
        if abs(jump) <= JUMP + DRIFT * abs(went):
            self._last = max(self._last, (beat, seconds), key=lambda heard: heard[1])
            return self.number, beat + stretch.offset
        if seconds < last_seconds:
            # Stamped before the jump and told after it: it lies where the set then was.
            return self.number, last_beat + went + stretch.offset
        bars = round(jump / self._meter.bar_beats)
        if bars and abs(jump - bars * self._meter.bar_beats) <= JUMP + DRIFT * abs(went):
            self.stretches[self.number] = replace(stretch, offset=stretch.offset - bars * self._meter.bar_beats)
        else:
            self._begin(True, beat, seconds, stretch.bpm)
        self._last = (beat, seconds)
        return self.number, beat + self.now.offset

    def _begin(self, is_running: bool, beat: float, seconds: float, bpm: float) -> None:
        self.number += 1
        self.stretches[self.number] = Stretch(is_running, beat, seconds, bpm)
        self.stretches.pop(self.number - STRETCHES, None)
