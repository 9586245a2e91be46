"""The MIDI process: owns the ports, the clock and the schedule, and sends every message on time."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import queue
import signal
import threading
import time
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any, Final

from musearoo.bridge.midi.ableton_link import LinkClock, LinkMissingError
from musearoo.bridge.midi.ports.ledger_file import LedgerFile
from musearoo.bridge.midi.ports.open import OpenPorts
from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.midi.sender import Sender
from musearoo.bridge.midi.urgency import be_urgent, fine_timers, never_pause
from musearoo.bridge.process.child_process import divert_output, plain_end
from musearoo.bridge.protocol.midi_process import (
    Choose,
    ClockSource,
    ClockState,
    Command,
    Fault,
    Follow,
    Incoming,
    Leave,
    Panic,
    Play,
    Report,
    Silence,
    Transport,
)
from musearoo.bridge.settings.logs import print_fault
from musearoo.engines.errors import ParamError

TURN_EVERY: Final = 0.2
"""Most seconds between two turns of the loop, each of which reports the clock."""

LINK_EVERY: Final = 0.05
"""Seconds between two polls of the Link session, if it is followed."""

LOOK_EVERY: Final = 0.5
"""Seconds between two polls of the port lists."""

LOOK_AT_LAST: Final = 5.0
"""Seconds after which they are polled even without a pause in the music."""

PAUSE: Final = 0.015
"""Seconds of such a pause: JACK's lists may take 9 ms."""

MOST_REPORTS: Final = 10_000
"""Most reports that wait for a blocked daemon; further input messages are not reported."""

CLOSE_WITHIN: Final = 2.0
"""Seconds in which drivers must close their ports."""

FAILED: Final = 1
"""The exit status of a process that fails by a fault of ours."""

WORN: Final = 75
"""The exit status of a process whose MIDI system has gone: only a new process reaches the next one."""


class _EndError(Exception):
    """The system asks this process to end."""


@plain_end
def run_midi(connection: Connection[Any, Any], turns: Any, options: MidiOptions) -> None:
    """Run until the daemon sends Leave, or has ended; then send all notes off. `turns` counts the loop's turns."""
    divert_output(options.output)
    # Ctrl-C in a terminal reaches all processes: the daemon decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.is_urgent:
        be_urgent()
    with fine_timers():
        process = _MidiProcess(connection, options)
        signal.signal(signal.SIGTERM, _end)
        status = 0
        try:
            status = process.work(turns)
            if status == WORN:
                # The ports have gone with the system. The ledger keeps the sounding notes for the next process.
                os._exit(WORN)
        except (EOFError, ConnectionError, _EndError):
            print("The daemon has gone, or the system asks to end.")
        except Exception as error:
            # The outermost handler: after any failure, all notes go off, and the daemon starts another process.
            print_fault(error)
            status = FAILED
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            process.close()
    # Not by sys.exit, which would wait for drivers' threads, some of which never end.
    os._exit(status)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise _EndError


class _MidiProcess:
    def __init__(self, connection: Connection[Any, Any], options: MidiOptions) -> None:
        self._connection = connection
        self._options = options
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self._trace: list[tuple[float, float]] | None = None if options.trace is None else []
        self._ledgers = LedgerFile(options.ledger)
        self._sender = Sender(self._send, self._send_clock, self._send_report, self._trace)
        self._ports = OpenPorts(
            options, self._ledgers, self._on_input, self._sender.post, self._sender.port_lost, self._send_report
        )
        self._link: LinkClock | None = None
        self._polled_at = -LOOK_AT_LAST
        self._reporter = threading.Thread(target=self._report, name="reporter", daemon=True)

    def work(self, turns: Any) -> int:
        """Handle commands; returns the exit status."""
        parent = multiprocessing.parent_process()
        waited_for: list[Any] = [self._connection, *([parent.sentinel] if parent is not None else [])]
        self._reporter.start()
        self._sender.start()
        turned_at = -TURN_EVERY
        never_pause()
        while True:
            turns.value += 1
            if not self._sender.is_alive:
                return FAILED
            if self._is_time_to_look():
                if self._ports.is_worn:
                    return WORN
                self._ports.poll(time.perf_counter())
                self._polled_at = time.perf_counter()
            if time.perf_counter() - turned_at >= TURN_EVERY:
                turned_at = time.perf_counter()
                self._sender.report_clock()
            if self._link is not None:
                self._sender.link(self._link.poll())
            is_due = time.perf_counter() - self._polled_at >= LOOK_EVERY
            ready = wait(waited_for, PAUSE if is_due else TURN_EVERY if self._link is None else LINK_EVERY)
            while self._connection.poll():
                command = self._connection.recv()
                if isinstance(command, Leave):
                    return 0
                self._perform(command)
            if parent is not None and parent.sentinel in ready:
                return 0

    def _is_time_to_look(self) -> bool:
        """Whether to poll the ports: only in a pause of the music, because some drivers block all sending meanwhile."""
        since = time.perf_counter() - self._polled_at
        return since >= LOOK_EVERY and (since >= LOOK_AT_LAST or self._sender.pause() >= PAUSE)

    def close(self) -> None:
        """End all notes, and close."""
        # A hanging driver must not block the exit: by then everything is sent.
        watch = threading.Timer(CLOSE_WITHIN, os._exit, [FAILED])
        watch.daemon = True
        watch.start()
        self._sender.close()
        self._ports.close()
        self._reports.put(None)
        self._reporter.join(CLOSE_WITHIN / 4)
        if self._options.trace is not None:
            self._options.trace.write_text(json.dumps(self._trace))
        self._ledgers.close()

    def _perform(self, command: Command) -> None:
        match command:
            case Choose():
                self._ports.choose(command)
                self._sender.set_output(command.latency, bool(command.clock_outputs))
            case Follow():
                self._follow(command)
            case Transport():
                self._sender.transport(command)
            case Play():
                try:
                    self._sender.play(command)
                except ParamError as error:
                    self._send_report(Fault(f"A part cannot be played: {error}."))
            case Silence():
                self._sender.silence(command)
            case Panic():
                self._sender.panic()

    def _follow(self, command: Follow) -> None:
        self._sender.follow(command)
        wants_link = ClockSource.LINK in command.sources
        if self._link is not None and not wants_link:
            self._link.close()
            self._link = None
            self._sender.link(None)
        elif self._link is None and wants_link:
            try:
                self._link = LinkClock(command.bpm)
            except LinkMissingError as error:
                self._send_report(Fault(f"{error}."))

    def _send(self, data: bytes) -> None:
        self._ports.send(data)

    def _send_clock(self, data: bytes) -> None:
        self._ports.send_clock(data)

    def _on_input(self, port: str, moment: float, data: bytes) -> None:
        """Handle an input message. Runs in a driver's thread."""
        beat = self._sender.on_input(moment, port, data)
        if beat is not None:
            self._send_report(Incoming(moment, beat, port, data))

    def _send_report(self, report: Report) -> None:
        """Queue a report, from any thread, without waiting: the pipe may be full."""
        if isinstance(report, Incoming | ClockState) and self._reports.qsize() > MOST_REPORTS:
            return
        self._reports.put(report)

    def _report(self) -> None:
        """Write reports into the pipe. Runs in a thread."""
        with contextlib.suppress(OSError):
            while (report := self._reports.get()) is not None:
                self._connection.send(report)
