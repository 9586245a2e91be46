"""MIDI clock, in and out: 24 ticks a beat, start, stop, continue and song position (MIDI 1.0, system real time)."""

from __future__ import annotations

import math
from typing import Final

from musearoo.bridge.midi.clock.beat_clock import BeatClock, ClockLine
from musearoo.engines.music.timing import seconds_per_beat

TICK, START, CONTINUE, STOP, SONG_POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
SENSING: Final = 0xFE
"""Active sensing: reports only that the cable is connected."""

TICKS_A_BEAT: Final = 24
POSITION_BEATS: Final = 0.25
"""Beats per unit of song position: sixteenths."""

GONE_AFTER: Final = 1.0
"""Seconds without a tick after which the clock counts as gone: at 20 BPM, the slowest, ticks are 0.125 s apart."""

_STEP: Final = 1.0 / TICKS_A_BEAT
_FARTHEST: Final = 0x3FFF
"""The largest song position, in sixteenths: bar 1,024 in 4/4."""


class MidiClock:
    """The clock received at one port. While stopped, ticks give the tempo; start and continue take effect at the next
    tick, as in the standard."""

    def __init__(self, bpm: float = 120.0) -> None:
        self._clock = BeatClock(bpm, grid=_STEP)
        self._ticks = 0
        self._last: float | None = None
        self._next_beat = 0.0
        self._starts = False

    @property
    def line(self) -> ClockLine:
        """The present line."""
        return self._clock.line

    @property
    def jitter(self) -> float:
        """The RMS of the ticks' deviation from their prediction, in seconds."""
        return self._clock.jitter

    def is_there(self, time: float) -> bool:
        """Whether ticks still come."""
        return self._last is not None and time - self._last <= GONE_AFTER

    def receive(self, time: float, data: bytes) -> bool:
        """Handle a message; returns whether it was a clock message (active sensing counts as one)."""
        kind = data[0] if data else 0
        if kind == TICK:
            self._tick(time)
        elif kind == START:
            self._start(time, 0.0)
        elif kind == CONTINUE:
            self._start(time, self._next_beat)
        elif kind == STOP:
            self._stop()
        elif kind == SONG_POSITION and len(data) == 3:
            self._locate(time, (data[1] + 128 * data[2]) * POSITION_BEATS)
        else:
            return kind == SENSING
        return True

    def _tick(self, time: float) -> None:
        counted, lost = self._ticks * _STEP, self._clock.lost
        if not self.is_there(time):
            self._clock.locate(time, counted)
        elif self._starts and not self._clock.is_near(time, counted):
            # Many senders restart their ticks when they start; the tempo stays the same.
            self._clock.locate(time, counted, sure=True)
        else:
            self._clock.observe(time, counted)
        if self._starts:
            self._starts = False
            self._clock.start(self._next_beat, counted + self._clock.lost)
        self._ticks += 1
        self._last = time
        if self._clock.is_running:
            self._next_beat += _STEP + self._clock.lost - lost

    def _start(self, time: float, beat: float) -> None:
        self._next_beat = beat
        self._starts = True
        if self.is_there(time):
            # The next tick is predicted, so that players by this clock can prepare for it.
            self._clock.start(beat, self._ticks * _STEP + self._clock.lost)

    def _stop(self) -> None:
        self._starts = False
        self._clock.stop(self._next_beat)

    def _locate(self, time: float, beat: float) -> None:
        self._next_beat = beat
        if self._clock.is_running:
            self._start(time, beat)
        else:
            self._clock.stop(beat)


class ClockOut:
    """MIDI clock for an output: the messages with which another instrument follows a line."""

    def __init__(self) -> None:
        self._epoch: int | None = None
        self._runs = False
        self._tick = 0
        self._free_at = -math.inf

    def messages(self, line: ClockLine, start: float, end: float) -> tuple[tuple[float, bytes], ...]:
        """Return the messages due from `start` until before `end`, as (time, bytes) in order; windows are consecutive.

        While the line is stopped, ticks go on at its tempo, for instruments that show or follow it.
        """
        found: list[tuple[float, bytes]] = []
        if line.epoch != self._epoch:
            found += [(start, message) for message in self._turn_to(line, start)]
        if not line.is_running:
            return (*found, *self._free_ticks(line, start, end))
        while (due := line.time_of(self._tick * _STEP)) < end:
            # A correction of the line may move a due tick slightly before the window: it is sent at once.
            found.append((max(start, due), bytes((TICK,))))
            self._tick += 1
            self._free_at = due + seconds_per_beat(line.bpm) * _STEP
        return tuple(found)

    def _turn_to(self, line: ClockLine, start: float) -> list[bytes]:
        """Stop, locate to the line's position and start at the next sixteenth, the unit of song position."""
        messages = [bytes((STOP,))] if self._runs else []
        self._epoch, self._runs = line.epoch, line.is_running
        if not line.is_running:
            return messages
        sixteenth = max(0, math.ceil(line.beat_at(start) / POSITION_BEATS - 1e-6))
        self._tick = round(sixteenth * POSITION_BEATS * TICKS_A_BEAT)
        if sixteenth == 0:
            return [*messages, bytes((START,))]
        # Beyond the largest song position, the follower shows a wrong position, but stays in time.
        position = min(sixteenth, _FARTHEST)
        return [*messages, bytes((SONG_POSITION, position % 128, position // 128)), bytes((CONTINUE,))]

    def _free_ticks(self, line: ClockLine, start: float, end: float) -> list[tuple[float, bytes]]:
        step = seconds_per_beat(line.bpm) * _STEP
        due = self._free_at if start - step <= self._free_at else start
        found = []
        while due < end:
            found.append((max(start, due), bytes((TICK,))))
            due += step
        self._free_at = due
        return found
