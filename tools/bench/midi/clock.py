"""Following a jittering MIDI clock: the error of the predicted beat, simulated and through ports.

In the simulation, every tick of a run is compared with the clock's beat at the tick's real time. Through ports, a
separate program sends a clock with added jitter, and the clock reported by the MIDI process is compared with the
sender's beats, so the delay of the port is included.
"""

from __future__ import annotations

import importlib
import math
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from musearoo.bridge.midi.clock.live import LiveClock
from musearoo.bridge.midi.clock.midi import TICKS_A_BEAT, MidiClock
from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.midi.process_link import MidiLink
from musearoo.bridge.protocol.midi_process import Choose, ClockSource, ClockState, Follow, Ports, Report, Transport
from musearoo.engines.errors import EngineError
from musearoo.engines.music.timing import beats_to_seconds, seconds_per_beat, seconds_to_beats
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.midi.jack import jack_server
from musearoo.tools.bench.rows import Row

PART: Final = "Clock"
TARGET_MS: Final = 2.0
TWO_BARS: Final = 8.0
TEMPOS: Final = (60.0, 90.0, 120.0, 150.0, 180.0)

START, TICK, STOP = b"\xfa", b"\xf8", b"\xfc"

PERIOD: Final = 64
"""Frames in JACK's period, as used by live musicians: adds up to 1.3 ms to each tick."""
PORT_RUNS: Final = ((60.0, 1), (120.0, 2), (180.0, 3))
"""Tempo and seed."""
PORT_BEATS: Final = 32.0
STARTS_WITHIN: Final = 30.0
"""Seconds."""

LIVE_EVERY: Final = 0.05
LIVE_TICK: Final = 0.01
"""Seconds between two position reports of Live's transport, which are at most this old."""
LIVE_SECONDS: Final = 24.0

Tell = Callable[[str, int, int], None]
Noise = Callable[[Random], float]
"""Seconds by which a tick is late; negative for early."""


def _uniform(chance: Random) -> float:
    return chance.uniform(-0.003, 0.003)


def _normal(chance: Random) -> float:
    return chance.gauss(0.0, 0.003)


def _little(chance: Random) -> float:
    return chance.uniform(-0.0003, 0.0003)


NOISES: Final[dict[str, Noise]] = {"within ±3 ms": _uniform, "of 3 ms RMS": _normal}


@dataclass(frozen=True, slots=True)
class Sender:
    """A simulated sender: its tempo at each beat, and the disturbances of its ticks."""

    bpm_at: Callable[[float], float]
    beats: float
    noise: Noise
    lost: float = 0.0
    """The share of ticks that are lost, after two bars."""
    held: float = 0.0
    """The share that is 20 ms late, delaying later ticks accordingly."""
    grid: float = 0.0
    """The grid in seconds to which the port delays its messages."""


@dataclass(frozen=True, slots=True)
class Error:
    """The clock's error in milliseconds at a tick of this beat."""

    beat: float
    ms: float


def follow(sender: Sender, seed: int) -> list[Error]:
    """Return the clock's errors at all ticks that arrive, compared with the sender's own beats."""
    chance = Random(seed)
    clock = MidiClock()
    now = chance.uniform(10.0, 11.0)
    clock.receive(now - 0.005, START)
    errors = []
    not_before = 0.0
    for number in range(round(sender.beats * TICKS_A_BEAT)):
        beat = number / TICKS_A_BEAT
        if number:
            now += seconds_per_beat(sender.bpm_at(beat - 0.5 / TICKS_A_BEAT)) / TICKS_A_BEAT
        is_late = beat > TWO_BARS
        if is_late and chance.random() < sender.lost:
            continue
        arrival = now + sender.noise(chance)
        if is_late and chance.random() < sender.held:
            arrival = not_before = now + 0.020
        arrival = max(arrival, not_before)
        if sender.grid:
            arrival = math.ceil(arrival / sender.grid) * sender.grid
        clock.receive(arrival, TICK)
        errors.append(Error(beat, (clock.line.beat_at(now) - beat) * 60_000.0 / sender.bpm_at(beat)))
    return errors


def judge_clock(seeds: int, tell: Tell) -> Iterator[Row]:
    """Yield the rows: runs of each tempo and jitter, disturbances, and real ports.

    Raises EngineError without JACK, after the simulated ones.
    """
    steps = len(NOISES) + len(_TROUBLES) + len(PORT_RUNS)
    yield _judge_live(seeds)
    for number, (name, noise) in enumerate(NOISES.items()):
        tell(f"clock with jitter {name}", number, steps)
        yield from _judge_start(name, noise, seeds)
    for number, (trouble, (sender, count)) in enumerate(_TROUBLES.items(), start=len(NOISES)):
        tell(trouble, number, steps)
        yield from _judge_trouble(trouble, sender, max(2, seeds // count))
    yield from _judge_ports(tell, steps)


def _judge_start(name: str, noise: Noise, seeds: int) -> Iterator[Row]:
    runs = [
        follow(Sender(lambda _, bpm=bpm: bpm, 2.0 * TWO_BARS, noise), seed)  # type: ignore[misc]
        for bpm in TEMPOS
        for seed in range(seeds)
    ]
    errors = [error for run in runs for error in run]
    bounds = ((0.0, 1.0, "first beat"), (1.0, 2.0, "second beat"), (2.0, 4.0, "rest of bar 1"), (4.0, 8.0, "bar 2"))
    for start, end, when in bounds:
        some = [abs(error.ms) for error in errors if start <= error.beat < end]
        yield Row(PART, f"jitter {name}: {when}, p99", "ms", percentile(some, 99))
    late = [abs(error.ms) for error in errors if error.beat >= TWO_BARS]
    of = f"{len(late)} ticks, {seeds} runs at each of {len(TEMPOS)} tempos from {TEMPOS[0]:g} to {TEMPOS[-1]:g} BPM"
    yield Row(PART, f"jitter {name}: after two bars, p99", "ms", percentile(late, 99), note=f"of {of}")
    worst = max(late)
    note = f"below {TARGET_MS:g} ms; of {of}"
    yield Row(PART, f"jitter {name}: after two bars, worst", "ms", worst, None, worst < TARGET_MS, note)


def _step(before: float, after: float) -> Callable[[float], float]:
    return lambda beat: before if beat < _CHANGE else after


def _ramp(before: float, after: float) -> Callable[[float], float]:
    return lambda beat: before + (after - before) * min(1.0, max(0.0, (beat - _CHANGE) / TWO_BARS))


_CHANGE: Final = 4.0 * TWO_BARS
_LONG: Final = 8.0 * TWO_BARS
"""The beat of a tempo change, and the length of a run."""

_TROUBLES: Final[dict[str, tuple[Sender, int]]] = {
    "20 % faster at once": (Sender(_step(120.0, 144.0), _LONG, _uniform), 4),
    "20 % faster at once, little jitter": (Sender(_step(120.0, 144.0), _LONG, _little), 4),
    "20 % slower at once": (Sender(_step(120.0, 96.0), _LONG, _uniform), 4),
    "20 % slower at once, 3 ms RMS": (Sender(_step(120.0, 96.0), _LONG, _normal), 4),
    "120 to 150 BPM within two bars": (Sender(_ramp(120.0, 150.0), _LONG, _uniform), 4),
    "120 to 150 BPM within two bars, little jitter": (Sender(_ramp(120.0, 150.0), _LONG, _little), 4),
    "one tick in a hundred lost": (Sender(lambda _: 120.0, _LONG, _uniform, lost=0.01), 4),
    "one tick in a hundred lost, 3 ms RMS": (Sender(lambda _: 120.0, _LONG, _normal, lost=0.01), 4),
    "one tick in a hundred lost, 3 ms RMS, 180 BPM": (Sender(lambda _: 180.0, _LONG, _normal, lost=0.01), 4),
    "one tick in fifty 20 ms late": (Sender(lambda _: 120.0, _LONG, _uniform, held=0.02), 4),
    "ticks on a grid of 1 ms, as by USB": (Sender(lambda _: 127.0, _LONG, lambda _: 0.0, grid=0.001), 4),
}
"""The disturbances of a clock, and the divisor of their number of runs."""


def _judge_trouble(name: str, sender: Sender, seeds: int) -> Iterator[Row]:
    runs = [follow(sender, seed) for seed in range(seeds)]
    is_step = sender.bpm_at(_CHANGE - 0.1) != sender.bpm_at(_CHANGE + 0.1) == sender.bpm_at(_LONG)
    late = [abs(error.ms) for run in runs for error in run if error.beat >= TWO_BARS]
    settled = [
        max((error.beat - _CHANGE for error in run if error.beat >= _CHANGE and abs(error.ms) > TARGET_MS), default=0.0)
        for run in runs
    ]
    if is_step:
        note = f"worst {max(settled):.1f} beats; the error is {max(late):.0f} ms at most, of {seeds} runs"
        yield Row(PART, f"{name}: below {TARGET_MS:g} ms for good after", "beats", percentile(settled, 50), note=note)
        return
    if sender.bpm_at(_CHANGE) != sender.bpm_at(_LONG):
        length = 2.0 * TWO_BARS
        late = [abs(error.ms) for run in runs for error in run if _CHANGE <= error.beat < _CHANGE + length]
        name += ", in these and the two after"
    at_the_end = max(abs(run[-1].ms) for run in runs)
    note = f"worst {max(late):.1f} ms, at the end {at_the_end:.1f} ms; {seeds} runs of {_LONG:g} beats"
    yield Row(PART, f"{name}: p99", "ms", percentile(late, 99), note=note)


# --- Live's transport ---


def follow_live(bpm: float, seed: int) -> list[Error]:
    """Return the clock's errors while it follows a Live whose position is up to one main-thread tick old."""
    chance = Random(seed)
    clock = LiveClock()
    began = chance.uniform(100.0, 101.0)
    errors = []
    for number in range(round(LIVE_SECONDS / LIVE_EVERY)):
        now = began + number * LIVE_EVERY
        read = max(0.0, now - began - chance.uniform(0.0, LIVE_TICK))
        clock.receive(Transport(now, True, seconds_to_beats(read, bpm), bpm))
        beat = seconds_to_beats(now - began, bpm)
        errors.append(Error(beat, (clock.line(now).beat_at(now) - beat) * 60_000.0 / bpm))
    return errors


def _judge_live(seeds: int) -> Row:
    runs = [follow_live(bpm, seed) for bpm in TEMPOS for seed in range(seeds)]
    late = [error.ms for run in runs for error in run if error.beat >= TWO_BARS]
    middle = sum(late) / len(late)
    worst = max(abs(ms - middle) for ms in late)
    note = f"below {TARGET_MS:g} ms; the mean is {middle:.1f} ms, which nobody can know; {len(runs)} runs"
    name = f"Live's position up to {1000 * LIVE_TICK:g} ms old: off its mean after two bars, worst"
    return Row(PART, name, "ms", worst, None, worst < TARGET_MS, note)


# --- through ports ---------------------------------------------------------------------------------------------------


def _judge_ports(tell: Tell, steps: int) -> Iterator[Row]:
    for number, (bpm, seed) in enumerate(PORT_RUNS, start=steps - len(PORT_RUNS)):
        tell(f"clock through a port, {bpm:g} BPM", number, steps)
        with jack_server(PERIOD, is_realtime=True):
            late = [error for error in _follow_port(bpm, seed) if error.beat >= TWO_BARS]
        middle = percentile([error.ms for error in late], 50)
        worst = max(abs(error.ms) for error in late)
        note = f"below {TARGET_MS:g} ms; {middle:+.2f} ms of it are the port's way, median; of {len(late)} reports"
        name = f"through a port, ±3 ms, {bpm:g} BPM: after two bars, worst"
        yield Row(PART, name, "ms", worst, None, worst < TARGET_MS, note)


def _follow_port(bpm: float, seed: int) -> list[Error]:
    """Return the errors of the clock reported by the MIDI process; negative when it is behind the sender."""
    states: list[ClockState] = []
    is_there = [False]

    def take(report: Report) -> None:
        match report:
            case ClockState(source=ClockSource.MIDI, is_running=True):
                states.append(report)
            case Ports():
                is_there[0] = any(port.chosen and port.there and port.is_input for port in report.ports)

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    sender = context.Process(target=_send_clock, args=(theirs, bpm, seed), name="sender", daemon=True)
    sender.start()
    with tempfile.TemporaryDirectory() as folder:
        link = MidiLink(MidiOptions(Path(folder, "midi.ledger"), api="jack"), take, None)
        try:
            ours.recv()
            link.send(Choose(inputs=("Metronome",), outputs=()))
            link.send(Follow((ClockSource.MIDI,)))
            _wait(lambda: is_there[0])
            ours.send(True)
            began: float = ours.recv()
            _wait(lambda: not sender.is_alive(), beats_to_seconds(PORT_BEATS, bpm) + 10.0)
        finally:
            link.close()
    ends = began + beats_to_seconds(PORT_BEATS, bpm)
    return [_error(state, began, bpm) for state in states if began <= state.time < ends]


def _error(state: ClockState, began: float, bpm: float) -> Error:
    beat = seconds_to_beats(state.time - began, bpm)
    return Error(beat, (state.beat - beat) * 60_000.0 / bpm)


def _wait(is_so: Callable[[], bool], seconds: float = STARTS_WITHIN) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise EngineError("the MIDI process did not receive the clock: see whether jackd works here.")
        time.sleep(0.01)


def _send_clock(pipe: Any, bpm: float, seed: int) -> None:
    """Run the sender's process: a clock with jitter on its own port."""
    rtmidi: Any = importlib.import_module("rtmidi")
    port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="Metronome")
    port.open_virtual_port("out")
    pipe.send(True)
    pipe.recv()
    chance = Random(seed)
    began = time.perf_counter() + 0.5
    pipe.send(began)
    port.send_message(START)
    for number in range(round(PORT_BEATS * TICKS_A_BEAT)):
        due = began + beats_to_seconds(number / TICKS_A_BEAT, bpm) + _uniform(chance)
        while (left := due - time.perf_counter()) > 0.0:
            time.sleep(left if left > 0.002 else 0.0)
        port.send_message(TICK)
    port.send_message(STOP)
    time.sleep(0.2)
    port.close_port()
    port.delete()
