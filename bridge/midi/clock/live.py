"""Live's transport as a beat clock, from the Remote Script's reports, some twenty times a second.

Live reports its tempo exactly, so only the phase must be estimated: a reading of the song's time is up to one tick of
Live's main thread old. If Live's loop is on, the clock wraps by itself, at the exact moment, without waiting for a
report.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from musearoo.bridge.midi.clock.beat_clock import JUMP, BeatClock, ClockLine
from musearoo.bridge.protocol.midi_process import Transport

GONE_AFTER: Final = 5.0
"""Seconds without a report after which Live counts as gone. While stopped, it reports every two seconds; while a menu
is open, it plays on without reports, and so does the clock."""

TEMPO_ERROR: Final = 0.0005
"""Largest relative error of Live's tempo by this machine's clock: sound cards run 0.01 % fast or slow."""

OLDEST: Final = 10.0
"""Most seconds of a message's delay: the daemon may have been blocked, or the machine may have slept."""

_SAME_TEMPO: Final = 1e-9


def stamped(transport: float, arrival: float) -> float:
    """Return the time of a message: its own time stamp, or its arrival if the stamp is of another clock.

    >>> stamped(99.9, 100.0), stamped(3.0, 100.0)
    (99.9, 100.0)
    """
    return transport if arrival - OLDEST <= transport <= arrival else arrival


class LiveClock:
    """A beat clock that follows Live's transport."""

    def __init__(self, bpm: float = 120.0) -> None:
        self._clock = BeatClock(bpm, tempo_error=TEMPO_ERROR)
        self._last: Transport | None = None
        self._loop: tuple[float, float] | None = None
        self._was_turning = False

    @property
    def jitter(self) -> float:
        """The RMS of the deviation of Live's reports from their prediction, in seconds."""
        return self._clock.jitter

    def is_there(self, time: float) -> bool:
        """Whether Live still reports."""
        return self._last is not None and time - self._last.time <= GONE_AFTER

    def line(self, time: float) -> ClockLine:
        """Return the line at a time, not before times that were requested already."""
        while self._loop is not None and (wrap := self._wrap(self._clock.line)) is not None and wrap <= time:
            self._clock.shift(self._loop[0] - self._loop[1])
        return self._clock.line

    def after(self, line: ClockLine) -> tuple[float, ClockLine] | None:
        """Return when Live's loop wraps, and the line from then on; None if it does not."""
        wrap = self._wrap(line)
        if wrap is None or self._loop is None:
            return None
        start, end = self._loop
        return wrap, replace(line, beat=line.beat - (end - start), epoch=line.epoch + 1)

    def receive(self, transport: Transport) -> None:
        """Handle the script's report of a moment, later than before."""
        before, self._last = self._last, transport
        if not transport.is_playing:
            self._stand(transport, before)
        elif before is None or not before.is_playing or not self._clock.is_running:
            self._go(transport)
        else:
            self._follow(transport, before)
        self._loop = _ahead(transport)

    def _stand(self, transport: Transport, before: Transport | None) -> None:
        if before is None or before.bpm != transport.bpm:
            self._clock.set_tempo(transport.time, transport.bpm)
        if self._clock.is_running or self._clock.line.beat != transport.beat or self._clock.line.epoch == 0:
            self._clock.stop(transport.beat)

    def _go(self, transport: Transport) -> None:
        self._clock.locate(transport.time, transport.beat, transport.bpm)
        self._clock.start(transport.beat)
        self._was_turning = False

    def _follow(self, transport: Transport, before: Transport) -> None:
        line = self.line(transport.time)
        self._turn(transport, before)
        beat = self._unwrapped(transport.beat, line.beat_at(transport.time))
        if abs(beat - self._clock.beat_at(transport.time)) > JUMP:
            self._go(transport)
        else:
            self._clock.observe(transport.time, beat - self._clock.ahead)

    def _turn(self, transport: Transport, before: Transport) -> None:
        """Apply a new tempo. A tempo that changes from message to message ramps: it has changed since the last one, and
        half of the change is in the phase already."""
        turns = abs(transport.bpm - before.bpm) > _SAME_TEMPO
        if turns:
            middle = 0.5 * (transport.time + before.time)
            self._clock.set_tempo(middle if self._was_turning else transport.time, transport.bpm)
        self._was_turning = turns

    def _unwrapped(self, beat: float, expected: float) -> float:
        """Return the beat unwrapped at the loop's end, where a reading may be from before or after the wrap."""
        if self._loop is None:
            return beat
        length = self._loop[1] - self._loop[0]
        return min((beat, beat - length, beat + length), key=lambda one: abs(one - expected))

    def _wrap(self, line: ClockLine) -> float | None:
        if self._loop is None or not line.is_running:
            return None
        return line.time_of(self._loop[1])


def _ahead(transport: Transport) -> tuple[float, float] | None:
    """Return Live's loop if its end is still ahead, else None: Live ignores a loop that it has passed."""
    if transport.loop is None or transport.loop[1] <= transport.loop[0] or transport.beat >= transport.loop[1]:
        return None
    return transport.loop
