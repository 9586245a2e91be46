"""A player with a known groove at a real port, through JACK and the MIDI process."""

from __future__ import annotations

import importlib
import queue
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.midi.process_link import MidiLink
from musearoo.bridge.protocol.midi_process import Choose, ClockSource, ClockState, Follow, Incoming, Ports, Report
from musearoo.engines.errors import EngineError
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.timing import beats_per_second
from musearoo.tools.bench.midi.jack import jack_server
from musearoo.tools.bench.midi.player import BAR_BEATS, Performance

PERIOD: Final = 64
"""Frames in JACK's period: 1.3 ms, the resolution of its timestamps."""
LEAD_SECONDS: Final = 0.5
"""The minimum time between readiness and the start of playing."""
WITHIN: Final = 30.0
"""The timeout in seconds for the ports to open and the clock to run."""
SPIN_SECONDS: Final = 0.002
"""The time before each message during which the player spins for exact timing."""


@dataclass(frozen=True, slots=True)
class PortRecording:
    """The recording of a performance, and the delay in seconds between sending and timestamp of each message."""

    performance: Performance
    recording: Recording
    late: tuple[float, ...]


def play_through_ports(performances: Sequence[Performance]) -> Iterator[PortRecording]:
    """Yield the recorded performances, one after another, through one port. Raises EngineError without JACK."""
    with jack_server(PERIOD), tempfile.TemporaryDirectory() as folder:
        reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        with closing(MidiLink(MidiOptions(Path(folder, "midi.ledger"), api="jack"), reports.put, None)) as link:
            link.send(Choose(inputs=("",), outputs=()))
            link.send(Follow((ClockSource.OWN,), performances[0].bpm))
            _wait(
                reports,
                lambda report: isinstance(report, Ports) and any(port.chosen and port.there for port in report.ports),
            )
            with _keys() as send:
                for performance in performances:
                    link.send(Follow((ClockSource.OWN,), performance.bpm))
                    yield _play(performance, reports, send)


def _play(performance: Performance, reports: queue.SimpleQueue[Report], send: Callable[[bytes], None]) -> PortRecording:
    player = PlayerListener()
    clock = _wait(reports, lambda report: isinstance(report, ClockState) and abs(report.bpm - performance.bpm) < 0.01)
    if not isinstance(clock, ClockState):
        raise TypeError(clock)
    second = beats_per_second(performance.bpm)
    player.clock(clock.beat, clock.time, clock.bpm, is_running=True)
    ready = clock.beat + (time.perf_counter() + LEAD_SECONDS - clock.time) * second
    first = -(-ready // BAR_BEATS) * BAR_BEATS
    sent: dict[bytes, list[float]] = {}
    for beat, data in performance.messages():
        _wait_until(clock.time + (first + beat - clock.beat) / second)
        sent.setdefault(data, []).append(time.perf_counter())
        send(data)
    end = first + performance.bars * BAR_BEATS
    _wait_until(clock.time + (end - clock.beat) / second)
    late = []
    while not reports.empty():
        match reports.get():
            case ClockState() as clock:
                player.clock(clock.beat, clock.time, clock.bpm, clock.is_running)
            case Incoming() as message:
                player.hear(message.beat, message.time, message.data, message.port)
                late.append(message.time - sent[message.data].pop(0))
    return PortRecording(performance, player.recording(end, clock.time + (end - clock.beat) / second), tuple(late))


@contextmanager
def _keys() -> Iterator[Callable[[bytes], None]]:
    """Provide a function that sends to MuseAroo's input, as a keyboard does."""
    rtmidi: Any = importlib.import_module("rtmidi")
    keys = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="Keys")
    try:
        names = keys.get_ports()
        mine = [number for number, name in enumerate(names) if "MuseAroo" in name]
        if not mine:
            raise EngineError(f"MuseAroo's input is not among JACK's ports: {', '.join(names) or 'there are none'}.")
        keys.open_port(mine[0])
        yield keys.send_message
    finally:
        keys.close_port()
        keys.delete()


def _wait(reports: queue.SimpleQueue[Report], is_it: Callable[[Report], bool]) -> Report:
    """Return the first report that meets the condition. Raises EngineError on timeout."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        try:
            report = reports.get(timeout=1.0)
        except queue.Empty:
            continue
        if is_it(report):
            return report
    raise EngineError("the MIDI process opens no port to JACK, or its clock does not run.")


def _wait_until(moment: float) -> None:
    left = moment - time.perf_counter()
    if left > SPIN_SECONDS:
        time.sleep(left - SPIN_SECONDS)
    while time.perf_counter() < moment:
        pass
