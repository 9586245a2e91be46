"""The sender thread, which only sends due messages on time."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from musearoo.bridge.midi.clock.beat_clock import ClockLine
from musearoo.bridge.midi.clock.following import Following
from musearoo.bridge.midi.clock.midi import ClockOut
from musearoo.bridge.midi.parts.schedule import Schedule
from musearoo.bridge.midi.parts.track import GRACE
from musearoo.bridge.midi.urgency import be_punctual, wait_until
from musearoo.bridge.protocol.midi_process import Follow, Play, Report, Silence, Transport

AHEAD: Final = 0.002
"""Seconds before a due time in which the thread waits for it precisely, and handles no commands."""

LOOK_EVERY: Final = 0.02
"""Most seconds between two looks at the clock while something is planned: its tempo may have changed."""

TOO_LATE: Final = 0.1
"""Seconds after which an overdue message is dropped: after the computer slept, a burst of old notes is useless."""

MOST_TRACED: Final = 1_000_000


class Sender:
    """Play a schedule by a clock. Any thread may call everything except `run`.

    `send` sends a message to all outputs, `send_clock` one of MIDI clock to those that want it; `report` queues a
    report without waiting, from any thread. `trace` gets each message's due time and the time at which it was sent.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        send_clock: Callable[[bytes], None],
        report: Callable[[Report], None],
        trace: list[tuple[float, float]] | None = None,
    ) -> None:
        self._send = send
        self._send_clock = send_clock
        self._send_report = report
        self._trace = trace
        self._clock = Following()
        # The daemon chooses the source: until then the clock is stopped.
        self._clock.follow(time.perf_counter(), Follow(sources=()))
        self._schedule = Schedule()
        self._latency = 0.0
        self._turn = threading.Condition()
        self._at_once: deque[Callable[[], None]] = deque()
        self._line: ClockLine = self._clock.line(time.perf_counter())
        self._turns_at = math.inf
        self._clock_out: ClockOut | None = None
        self._ticks: deque[tuple[float, bytes]] = deque()
        self._ticked_until = -math.inf
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Start sending."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs; False after a bug."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop, once all notes are off."""
        with self._turn:
            self._plan(self._schedule.clear(self._beat(time.perf_counter())))
            self._is_closed = True
            self._turn.notify()
        self._thread.join()

    def play(self, play: Play) -> None:
        """Add a part; raises ParamError if it cannot be played."""
        with self._turn:
            now = time.perf_counter()
            self._keep_up(now)
            # While the clock is stopped, all parts wait.
            beat = self._beat(now) if self._line.is_running else -math.inf
            self._plan(self._schedule.play(play, beat))
            self._turn.notify()

    def silence(self, command: Silence) -> None:
        """End a part, now or at its beat."""
        with self._turn:
            self._plan(self._schedule.silence(command, self._beat(time.perf_counter())))
            self._turn.notify()

    def panic(self) -> None:
        """End and remove all parts."""
        with self._turn:
            self._plan(self._schedule.clear(self._beat(time.perf_counter())))
            self._turn.notify()

    def post(self, act: Callable[[], None]) -> None:
        """Call a function in the sender thread at once."""
        with self._turn:
            self._at_once.append(act)
            self._turn.notify()

    def pause(self) -> float:
        """Return the seconds until something is due."""
        with self._turn:
            now = time.perf_counter()
            moment = self._next_moment()
            if self._at_once:
                return 0.0
            return math.inf if moment is None else moment - now

    def set_output(self, latency: float, has_clock: bool) -> None:
        """Set the seconds by which everything is sent earlier, and whether to send MIDI clock."""
        with self._turn:
            self._latency = latency
            if has_clock != (self._clock_out is not None):
                self._clock_out = ClockOut() if has_clock else None
                self._ticks.clear()
                self._ticked_until = -math.inf
            self._turn.notify()

    def follow(self, command: Follow) -> None:
        """Set the clock sources."""
        with self._turn:
            self._clock.follow(time.perf_counter(), command)
            self._turn.notify()

    def transport(self, command: Transport) -> None:
        """Handle Live's transport."""
        with self._turn:
            self._clock.transport(command)
            self._turn.notify()

    def link(self, line: ClockLine | None) -> None:
        """Follow the Link session's line, if there is one."""
        with self._turn:
            self._clock.link(line)
            self._keep_up(time.perf_counter())
            self._turn.notify()

    def on_input(self, moment: float, port: str, data: bytes) -> float | None:
        """Handle an input message: returns None for a clock message, else the beat of its arrival."""
        with self._turn:
            if not self._clock.midi(moment, port, data):
                return self._clock.line(moment).beat_at(moment)
            if self._clock.line(moment).epoch != self._line.epoch:
                self._turn.notify()
            return None

    def port_lost(self, port: str) -> None:
        """Handle the loss of an input."""
        with self._turn:
            self._clock.port_lost(time.perf_counter(), port)
            self._turn.notify()

    def report_clock(self) -> None:
        """Report the clock's state."""
        with self._turn:
            now = time.perf_counter()
            state = self._clock.state(now)
            self._keep_up(now)
        self._send_report(state)

    def _run(self) -> None:
        be_punctual()
        while True:
            with self._turn:
                due, moment = self._next_due(time.perf_counter())
                if not due:
                    if self._is_closed:
                        return
                    left = LOOK_EVERY if moment is None else moment - time.perf_counter()
                    if left > AHEAD:
                        # Idle, it waits for a command: without parts, the clock needs no polling.
                        self._turn.wait(None if moment is None else min(left - AHEAD, LOOK_EVERY))
                        continue
            if not due and moment is not None:
                wait_until(moment)
            for act in due:
                act()
                if self._trace is not None and moment is not None and len(self._trace) < MOST_TRACED:
                    self._trace.append((moment, time.perf_counter()))

    def _next_due(self, now: float) -> tuple[list[Callable[[], None]], float | None]:
        """Return what is due and since when; or nothing, and when to look again (None: when a command comes)."""
        self._keep_up(now)
        if self._at_once:
            due = list(self._at_once)
            self._at_once.clear()
            return due, None
        tick = self._next_tick(now)
        if tick <= now:
            return [partial(self._send_clock, self._ticks.popleft()[1])], tick
        moment = self._next_moment()
        if moment is None:
            # Without parts, the clock needs no polling.
            return [], None if tick == math.inf else tick
        if moment > now:
            return [], min(moment, tick, self._turns_at)
        if now - moment > TOO_LATE and self._line.beat_at(moment + self._latency) < self._beat(now) - 2.0 * GRACE:
            self._plan(self._schedule.move(self._beat(now), went_back=False))
            return self._next_due(now)
        due = [partial(self._send, message) for message in self._schedule.pop_due()]
        self._report()
        return due, moment

    def _next_moment(self) -> float | None:
        """Return when the next part is due: infinity while the clock is stopped, None without parts."""
        beat = self._schedule.next_beat()
        return None if beat is None else self._line.time_of(beat) - self._latency

    def _next_tick(self, now: float) -> float:
        """Return when the next MIDI clock message is due, planned a moment ahead; infinity without one."""
        if self._clock_out is None:
            return math.inf
        if now + self._latency - self._ticked_until > TOO_LATE:
            # The computer slept: followers get the new position, not a burst of ticks.
            self._clock_out = ClockOut()
        start = max(self._ticked_until, now + self._latency)
        end = now + self._latency + LOOK_EVERY
        if start < end:
            for stretch in self._clock.stretches(now, end):
                begin = max(start, stretch.start)
                if begin < stretch.end:
                    self._ticks.extend(self._clock_out.messages(stretch.line, begin, stretch.end))
            self._ticked_until = end
        return self._ticks[0][0] - self._latency if self._ticks else end

    def _keep_up(self, now: float) -> None:
        """Update the clock's line; when it has started, stopped or jumped, so do the parts."""
        ahead = now + self._latency
        # The set's loop may wrap in between and soon after, which also has to be handled.
        stretches = self._clock.stretches(now, ahead + LOOK_EVERY + AHEAD)
        stretch = next(stretch for stretch in stretches if ahead < stretch.end)
        self._turns_at = math.inf if stretch is stretches[-1] else stretch.end - self._latency
        before, self._line = self._line, stretch.line
        if self._line.epoch == before.epoch:
            return
        beat = self._line.beat_at(ahead)
        if self._line.is_running:
            self._plan(self._schedule.move(beat, went_back=beat < before.beat_at(ahead)))
        else:
            self._plan(self._schedule.hold())
        self._send_report(self._clock.state(now))

    def _beat(self, now: float) -> float:
        return self._line.beat_at(now + self._latency)

    def _plan(self, messages: tuple[bytes, ...]) -> None:
        self._at_once.extend(partial(self._send, message) for message in messages)
        self._report()

    def _report(self) -> None:
        for state in self._schedule.pop_states():
            self._send_report(state)
