"""The thread that sends: what goes out, by a clock of its own and by Live's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from musearoo.bridge.midi.sender import Sender
from musearoo.bridge.protocol.midi_process import (
    ClockSource,
    ClockState,
    Follow,
    Part,
    PartState,
    Play,
    Report,
    Silence,
    TimedMessage,
    Transport,
)
from musearoo.engines.errors import ParamError

ON, OFF = bytes((0x90, 60, 100)), bytes((0x80, 60, 64))


class Listening:
    """Where the sender sends to."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.ticks: list[bytes] = []
        self.told: list[Report] = []
        self.trace: list[tuple[float, float]] = []
        self.sender = Sender(self.sent.append, self.ticks.append, self.told.append, self.trace)

    def wait_for(self, is_so: Callable[[], bool]) -> bool:
        until = time.monotonic() + 10.0
        while not is_so() and time.monotonic() < until:
            time.sleep(0.001)
        return is_so()


@pytest.fixture
def listening() -> Iterator[Listening]:
    listening = Listening()
    listening.sender.start()
    yield listening
    listening.sender.close()


def chord_and_rest(length: float = 4.0, loops: bool = False) -> Part:
    return Part((TimedMessage(0.0, ON), TimedMessage(length / 2, OFF)), length, loops)


def transport(beat: float, is_playing: bool = True, bpm: float = 300.0) -> Transport:
    return Transport(time.perf_counter(), is_playing, beat, bpm)


def test_a_part_goes_out_by_the_own_clock_never_early(listening: Listening) -> None:
    listening.sender.follow(Follow((ClockSource.OWN,), 600.0))
    listening.sender.play(Play(1, chord_and_rest(), 1.0))
    assert listening.wait_for(lambda: PartState(1, 5.0, False) in listening.told)
    assert listening.sent == [ON, OFF]
    assert all(due <= sent for due, sent in listening.trace)
    assert listening.trace[1][0] - listening.trace[0][0] == pytest.approx(0.2)
    assert any(isinstance(told, ClockState) and told.is_running for told in listening.told)


def test_everything_leaves_earlier_by_the_latency(listening: Listening) -> None:
    listening.sender.follow(Follow((ClockSource.OWN,), 120.0))
    began = time.perf_counter()
    listening.sender.set_output(0.25, has_clock=False)
    listening.sender.play(Play(1, chord_and_rest(0.1), 1.0))
    assert listening.wait_for(lambda: len(listening.sent) == 2)
    # A beat at 120 BPM takes half a second: due at 0.5 s, sent at 0.25 s.
    assert listening.trace[0][0] - began == pytest.approx(0.25, abs=0.05)


def test_while_live_stands_parts_wait_and_when_it_stops_nothing_sounds(listening: Listening) -> None:
    listening.sender.follow(Follow())
    listening.sender.transport(transport(8.0, is_playing=False))
    listening.sender.play(Play(1, Part((TimedMessage(0.0, ON),), 64.0, loops=True), 0.0))
    time.sleep(0.05)
    assert listening.sent == []
    listening.sender.transport(transport(8.0))
    assert listening.wait_for(lambda: listening.sent == [ON])
    listening.sender.transport(transport(8.5, is_playing=False))
    assert listening.wait_for(lambda: listening.sent == [ON, OFF])
    listening.sender.transport(transport(0.0))
    assert listening.wait_for(lambda: listening.sent == [ON, OFF, ON])


def test_a_loop_of_the_set_is_played_round(listening: Listening) -> None:
    listening.sender.follow(Follow())
    listening.sender.play(Play(1, Part((TimedMessage(4.0, ON), TimedMessage(4.5, OFF)), 64.0, loops=True), 0.0))
    moment = Transport(time.perf_counter(), True, 4.0 - 0.25, 600.0, loop=(3.0, 5.0))
    listening.sender.transport(moment)
    assert listening.wait_for(lambda: len(listening.sent) >= 6)
    assert listening.sent[:6] == [ON, OFF] * 3
    places = [due for due, _ in listening.trace[:6:2]]
    # Two beats of 0.1 s each time.
    assert places[1] - places[0] == pytest.approx(0.2, abs=0.02)
    assert places[2] - places[1] == pytest.approx(0.2, abs=0.02)


def test_panic_silence_and_close_end_what_sounds(listening: Listening) -> None:
    sender = listening.sender
    sender.follow(Follow((ClockSource.OWN,), 120.0))
    for order in (sender.panic, lambda: sender.silence(Silence(1)), sender.close):
        listening.sent.clear()
        sender.play(Play(1, Part((TimedMessage(0.0, ON),), 64.0, loops=True), -1.0))
        assert listening.wait_for(lambda: listening.sent == [ON])
        order()
        assert listening.wait_for(lambda: listening.sent == [ON, OFF])


def test_input_is_reported_with_its_port_and_a_clock_is_followed(listening: Listening) -> None:
    sender = listening.sender
    sender.follow(Follow((ClockSource.MIDI, ClockSource.OWN), 120.0))
    beat = sender.on_input(time.perf_counter(), "Keys", ON)
    assert beat is not None
    assert 0.0 <= beat < 20.0
    assert sender.on_input(time.perf_counter(), "Drums", b"\xf8") is None
    sender.report_clock()
    assert isinstance(state := listening.told[-1], ClockState)
    assert state.source is ClockSource.MIDI
    sender.port_lost("Drums")
    sender.report_clock()
    assert isinstance(state := listening.told[-1], ClockState)
    assert state.source is ClockSource.OWN


def test_clock_goes_out_where_it_is_wanted(listening: Listening) -> None:
    listening.sender.follow(Follow((ClockSource.OWN,), 300.0))
    assert listening.ticks == []
    listening.sender.set_output(0.0, has_clock=True)
    assert listening.wait_for(lambda: len(listening.ticks) > 24)
    assert b"\xf8" in listening.ticks
    assert {0xFA, 0xFB} & {message[0] for message in listening.ticks}
    listening.sender.set_output(0.0, has_clock=False)
    time.sleep(0.03)
    count = len(listening.ticks)
    time.sleep(0.05)
    assert len(listening.ticks) == count


def test_a_part_without_length_is_refused(listening: Listening) -> None:
    with pytest.raises(ParamError, match="length"):
        listening.sender.play(Play(1, Part((), 0.0), 0.0))
