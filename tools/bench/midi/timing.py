"""The lateness of notes through real ports, with and without the daemon's full load.

It is measured at two points. At departure: when the driver has accepted a message, compared with its due time; the
target applies to this. And at arrival in another program: there JACK adds up to a period, because it delivers messages
once per period, which no sender can avoid.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from musearoo.bridge.midi.parts.track import prepare
from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.midi.process_link import MidiLink
from musearoo.bridge.protocol.midi_process import (
    Choose,
    ClockSource,
    ClockState,
    Follow,
    Part,
    Play,
    Ports,
    Report,
    TimedMessage,
)
from musearoo.engines.errors import EngineError
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.midi.jack import RATE, jack_server
from musearoo.tools.bench.midi.load import full_load
from musearoo.tools.bench.midi.receiver import Receiver
from musearoo.tools.bench.rows import Row

PART: Final = "On time"
TARGET_MS: Final = 1.0

PERIOD: Final = 64
"""Frames in JACK's period: 1.3 ms, as used by live musicians, and fine enough for the receiver's timestamps."""

BPM: Final = 120.0
NOTES_A_BEAT: Final = 24.0
"""On average, at random positions: 48 notes a second, a dense band."""

LENGTH_BEATS: Final = 0.2
STRIKE: Final = 0x90
STARTS_WITHIN: Final = 30.0
ENDS_WITHIN: Final = 6.0
"""Seconds."""

Tell = Callable[[str, int, int], None]


def judge_timing(notes: int, tell: Tell) -> Iterator[Row]:
    """Yield the distribution of lateness, without load and with it. Raises EngineError without JACK.

    The last run shows the result without priority, as on Linux for users who are not in an audio group. It has no
    target.
    """
    runs = (
        ("without load", False, True),
        ("at full load", True, True),
        ("at full load, without priority", True, False),
    )
    for number, (name, is_loaded, is_urgent) in enumerate(runs):
        tell(name, number, len(runs))
        with jack_server(PERIOD, is_realtime=True), Receiver() as receiver:
            if not is_loaded:
                yield from _rows(name, *_play(notes, receiver, is_urgent), "")
                continue
            with full_load() as count:
                before, began = count(), time.perf_counter()
                lateness = _play(notes, receiver, is_urgent)
                took = time.perf_counter() - began
                done = ", ".join(f"{(n - before[what]) / took:.1f} {what} a second" for what, n in count().items())
            yield from _rows(name, *lateness, f"; meanwhile {done}", is_urgent)


def _rows(name: str, left: list[float], arrived: list[float], note: str, is_target: bool = True) -> Iterator[Row]:
    """Return rows of lateness in seconds."""
    for percent in (50, 99, 99.9, 100):
        label = "worst" if percent == 100 else f"p{percent:g}"
        at = percentile(left, percent) * 1000.0
        met = at <= TARGET_MS if percent == 99 and is_target else None
        target = f"at most {TARGET_MS:g} ms; " if met is not None else ""
        yield Row(PART, f"{name}: leaves late, {label}", "ms", at, None, met, f"{target}of {len(left)} messages{note}")
    period = f"JACK's period of {PERIOD / RATE * 1000:.1f} ms is in it"
    for percent in (50, 99):
        at = percentile(arrived, percent) * 1000.0
        yield Row(PART, f"{name}: arrives late, p{percent}", "ms", at, note=f"{period}; of {len(arrived)} notes")
    yield Row(PART, f"{name}: lost on JACK's way", "notes", len(left) // 2 - len(arrived), note=f"of {len(left) // 2}")


class _State:
    """The MIDI process's reports."""

    def __init__(self) -> None:
        self.beat = -1.0
        self._is_open = False

    @property
    def is_ready(self) -> bool:
        """Return whether its clock runs and its port is open."""
        return self._is_open and self.beat >= 0.0

    def take(self, report: Report) -> None:
        """Store a report, in the link's thread."""
        match report:
            case ClockState(is_running=True):
                self.beat = report.beat
            case Ports():
                self._is_open = any(port.chosen and port.there for port in report.ports)


def _play(notes: int, receiver: Receiver, is_urgent: bool) -> tuple[list[float], list[float]]:
    """Return the lateness in seconds of messages at departure, and at arrival."""
    chance = Random(notes)
    messages: list[TimedMessage] = []
    beats = [0.0]
    for number in range(notes):
        pitch = 24 + number % 80
        messages.append(TimedMessage(beats[-1], bytes((STRIKE, pitch, 1 + number // 80 % 127))))
        messages.append(TimedMessage(beats[-1] + LENGTH_BEATS, bytes((0x80, pitch, 64))))
        beats.append(beats[-1] + chance.expovariate(NOTES_A_BEAT))
    part = Part(tuple(messages), beats[-1] + 1.0)
    seconds = beats_to_seconds(part.length, BPM)
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder, "trace.json")
        state = _State()
        options = MidiOptions(Path(folder, "midi.ledger"), is_urgent=is_urgent, trace=trace)
        link = MidiLink(options, state.take, None)
        try:
            link.send(Choose(inputs=(), outputs=("Synth",)))
            link.send(Follow((ClockSource.OWN,), BPM))
            if not receiver.wait_for(lambda _: state.is_ready, STARTS_WITHIN):
                raise EngineError("the MIDI process opens no port to JACK.")
            link.send(Play(1, part, state.beat + 2.0))
            receiver.wait_for(lambda one: len(one.heard) >= 2 * notes, ENDS_WITHIN + seconds)
            heard = list(receiver.heard)
        finally:
            link.close()
        traced = [(due, sent) for due, sent in json.loads(trace.read_text())]
    traced = traced[: 2 * notes]
    if len(traced) < 2 * notes:
        raise EngineError(f"only {len(traced)} of {2 * notes} messages were sent.")
    left = [sent - due for due, sent in traced]
    # Each note-on is unique by its pitch and velocity.
    due_of = {each.data: due for (due, _), each in zip(traced, prepare(part).messages, strict=True)}
    arrived = [moment - due_of[data] for moment, data in heard if data[0] == STRIKE and data in due_of]
    return left, arrived
