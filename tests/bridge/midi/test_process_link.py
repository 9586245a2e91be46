"""The MIDI process through real ports, where JACK is there, and its keeper where it is not."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.midi.ports.ledger_file import LedgerFile
from musearoo.bridge.midi.ports.options import MISSING, MidiOptions
from musearoo.bridge.midi.ports.system import MidiPortError, list_ports, why_no_midi
from musearoo.bridge.midi.process_link import MidiLink
from musearoo.bridge.protocol.midi_process import (
    Choose,
    ClockSource,
    ClockState,
    Command,
    Fault,
    Follow,
    Incoming,
    Panic,
    Part,
    PartState,
    Play,
    Ports,
    PortState,
    Report,
    TimedMessage,
)
from musearoo.tools.bench.midi.jack import JackServer, is_installed, jack_server
from musearoo.tools.bench.midi.receiver import Receiver
from tests.optional import has, needs

needs_jack = pytest.mark.skipif(not is_installed() or not has("rtmidi"), reason="needs Linux, jackd and python-rtmidi")

ON, OFF = bytes((0x90, 60, 100)), bytes((0x80, 60, 64))
LONG = Part((TimedMessage(0.0, ON), TimedMessage(0.0, bytes((0xB0, 64, 127)))), 1000.0, loops=True)
TO_SYNTH = Choose(inputs=(), outputs=("Synth",))
OWN = Follow((ClockSource.OWN,), 600.0)


@pytest.fixture(scope="module")
def server() -> Iterator[JackServer]:
    with jack_server() as server:
        yield server


class Player:
    """A link, and what it told."""

    def __init__(self, options: MidiOptions) -> None:
        self.told: list[Report] = []
        self.options = options
        self.link = MidiLink(options, self.told.append, None, hung_after=2.0)

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.link.send(command)

    def wait_for(self, is_so: Callable[[], bool], seconds: float = 15.0) -> bool:
        until = time.monotonic() + seconds
        while not is_so() and time.monotonic() < until:
            time.sleep(0.005)
        return is_so()

    def play_to(self, synth: Receiver) -> None:
        """Has it play what sounds long."""
        self.send(TO_SYNTH, OWN)
        assert self.wait_for(lambda: (port := self.port("Synth:in")) is not None and port.chosen), self.told
        self.send(Play(1, LONG, 0.0))
        assert synth.wait_for(lambda one: len(one.sounding) == 2, 5.0), self.told

    def port(self, name: str) -> PortState | None:
        """What was told last of a port."""
        lists = [told.ports for told in self.told if isinstance(told, Ports)]
        return next((port for port in lists[-1] if port.name == name), None) if lists else None

    def faults(self) -> list[str]:
        return [told.sentence for told in self.told if isinstance(told, Fault)]


@pytest.fixture
def player(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Player]:
    request.getfixturevalue("server")
    player = Player(MidiOptions(tmp_path / "midi.ledger", tmp_path / "midi.log"))
    yield player
    player.link.close()


def other_port(kind: str, name: str, port: str) -> Any:
    """A port of another program."""
    rtmidi: Any = importlib.import_module("rtmidi")
    end = getattr(rtmidi, kind)(rtmidi.API_UNIX_JACK, name=name)
    end.open_virtual_port(port)
    return end


@needs_jack
def test_a_part_sounds_at_a_named_port_and_input_is_reported(player: Player) -> None:
    keys = other_port("MidiOut", "Keys", "out")
    with Receiver() as synth:
        player.send(Choose(("keys", ""), ("synth", ""), ("Synth",)), OWN)
        assert player.wait_for(lambda: (port := player.port("Keys:out")) is not None and port.chosen)
        assert player.port("MuseAroo Out") == PortState("MuseAroo Out", False, True, True)
        assert player.port("MuseAroo In") == PortState("MuseAroo In", True, True, True)
        player.send(Play(3, Part((TimedMessage(0.0, ON), TimedMessage(0.5, OFF)), 1.0, loops=True), 0.0))
        assert synth.wait_for(lambda one: [data for _, data in one.heard if data[0] < 0xF0][:4] == [ON, OFF] * 2, 5.0)
        assert any(data == b"\xf8" for _, data in synth.heard), "MIDI clock goes out too"
        keys.send_message(ON)
        keys.send_message(b"\xf8")
        keys.send_message(OFF)
        assert player.wait_for(lambda: sum(isinstance(told, Incoming) for told in player.told) == 2)
        heard = [told for told in player.told if isinstance(told, Incoming)]
        assert [(told.port, told.data) for told in heard] == [("Keys:out", ON), ("Keys:out", OFF)]
        assert abs(heard[0].time - time.perf_counter()) < 20.0
        assert PartState(3, 1.0, True) in [
            PartState(told.number, 1.0, told.is_sounding) for told in player.told if isinstance(told, PartState)
        ]
        assert any(isinstance(told, ClockState) and told.bpm == 600.0 for told in player.told)
        player.send(Panic())
        assert synth.wait_for(lambda one: not one.sounding, 5.0)
        player.send(Play(1, Part((), 0.0), 0.0))
        assert player.wait_for(lambda: any("length" in sentence for sentence in player.faults()))
    keys.close_port()
    keys.delete()


@needs_jack
def test_a_port_that_comes_is_used_and_nothing_hangs_at_one_that_went_and_came_back(player: Player) -> None:
    player.send(TO_SYNTH, OWN, Play(1, LONG, 0.0))
    assert player.wait_for(lambda: player.port("Synth") == PortState("Synth", False, True, False))
    assert any("Synth is not there" in sentence for sentence in player.faults())
    with Receiver():
        assert player.wait_for(lambda: (port := player.port("Synth:in")) is not None and port.chosen)
        player.send(Play(1, LONG, 0.0))
        time.sleep(0.1)
    assert player.wait_for(lambda: "The MIDI output Synth:in has gone" in player.faults()[-1])
    player.send(Panic())
    with Receiver() as synth:
        # What sounded when it went goes off when it is back, though it was ended meanwhile.
        assert synth.wait_for(lambda one: {OFF, bytes((0xB0, 64, 0))} <= {data for _, data in one.heard}, 5.0)


@needs_jack
def test_what_sounded_when_the_process_was_killed_is_ended_by_the_next(player: Player) -> None:
    with Receiver() as synth:
        player.play_to(synth)
        before = player.link.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert synth.wait_for(lambda one: not one.sounding, 10.0)
        assert player.link.pid != before
        assert player.wait_for(lambda: any(told.number == 1 and not told.is_sounding for told in parts(player)))
        assert "ended with signal 9" in player.faults()[-1]
        # It knows its ports and its clock again.
        player.send(Play(1, LONG, 0.0))
        assert synth.wait_for(lambda one: len(one.sounding) == 2, 5.0)


@needs_jack
def test_what_was_left_sounding_is_ended_by_a_next_start_that_uses_other_ports(player: Player) -> None:
    with Receiver() as synth:
        player.play_to(synth)
        assert player.link.pid is not None
        os.kill(player.link.pid, signal.SIGKILL)
        # What it says last is what the next one is told first.
        player.send(Choose(inputs=(), outputs=()))
        assert synth.wait_for(lambda one: not one.sounding, 10.0)


@needs_jack
def test_what_another_process_left_sounding_meanwhile_is_ended_too(player: Player) -> None:
    with Receiver() as synth:
        player.play_to(synth)
        other = LedgerFile(player.options.ledger)
        other.ledger("Synth:in").note(bytes((0x91, 72, 100)))
        other.close()
        assert synth.wait_for(lambda one: bytes((0x81, 72, 64)) in [data for _, data in one.heard], 5.0)
        assert len(synth.sounding) == 2, "what this one plays goes on"


def parts(player: Player) -> list[PartState]:
    return [told for told in player.told if isinstance(told, PartState)]


@needs_jack
@pytest.mark.long
def test_what_sounds_at_the_own_port_is_ended_for_who_connects_after_the_next_start(player: Player) -> None:
    with Receiver() as synth:
        player.send(Choose(inputs=(), outputs=("",)), OWN)
        assert player.wait_for(lambda: (port := player.port("MuseAroo Out")) is not None and port.there)
        assert os.spawnvp(os.P_WAIT, "jack_connect", ["jack_connect", own_output(), "Synth:in"]) == 0
        player.send(Play(1, LONG, 0.0))
        assert synth.wait_for(lambda one: len(one.sounding) == 2, 5.0)
        player.told.clear()
        assert player.link.pid is not None
        os.kill(player.link.pid, signal.SIGKILL)
        assert player.wait_for(lambda: (port := player.port("MuseAroo Out")) is not None and port.there)
        time.sleep(0.3)
        assert len(synth.sounding) == 2
        assert os.spawnvp(os.P_WAIT, "jack_connect", ["jack_connect", own_output(), "Synth:in"]) == 0
        assert synth.wait_for(lambda one: not one.sounding, 5.0)


def own_output() -> str:
    """The name of our port as it is now, whatever number JACK gave the program."""
    rtmidi: Any = importlib.import_module("rtmidi")
    look = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="Look")
    try:
        return str(next(name for name in look.get_ports() if "MuseAroo Out" in name))
    finally:
        look.delete()


@needs_jack
@pytest.mark.long
def test_a_process_that_hangs_is_replaced(player: Player) -> None:
    with Receiver() as synth:
        player.play_to(synth)
        assert player.link.pid is not None
        os.kill(player.link.pid, signal.SIGSTOP)
        assert synth.wait_for(lambda one: not one.sounding, 15.0)
        assert any("hung" in sentence for sentence in player.faults())


@needs_jack
@pytest.mark.parametrize("is_asked_by_the_system", [True, False])
def test_a_process_that_is_asked_to_end_leaves_nothing_sounding(player: Player, is_asked_by_the_system: bool) -> None:
    with Receiver() as synth:
        player.play_to(synth)
        if is_asked_by_the_system:
            assert player.link.pid is not None
            os.kill(player.link.pid, signal.SIGTERM)
            assert synth.wait_for(lambda one: not one.sounding, 5.0)
        player.link.close()
        assert synth.wait_for(lambda one: not one.sounding, 0.5)
        assert player.link.pid is None


@needs_jack
@pytest.mark.usefixtures("server")
def test_ports_are_listed_without_our_own() -> None:
    with Receiver():
        found = list_ports("jack")
        assert found.outputs == ("Synth:in",)
        assert (found.api, found.is_virtual_possible) == ("jack", True)
        assert why_no_midi("jack") == ""


@needs("rtmidi")
def test_where_there_is_no_midi_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "there-is-none")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    if sys.platform == "linux":
        assert "JACK" in why_no_midi("jack")
    assert "choose one of" in why_no_midi("amiga")
    with pytest.raises(MidiPortError, match="amiga"):
        list_ports("amiga")
    assert capfd.readouterr().err == ""


def test_without_rtmidi_one_sentence_is_told_in_the_loop_and_nothing_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rtmidi", None)

    async def play() -> list[Report]:
        told: list[Report] = []
        link = MidiLink(MidiOptions(tmp_path / "midi.ledger"), told.append, asyncio.get_running_loop())
        link.start()
        link.send(Choose())
        link.send(Panic())
        while not told:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert link.pid is None
        link.close()
        link.send(Panic())
        return told

    assert asyncio.run(play()) == [Fault(MISSING)]


def test_a_link_that_was_never_used_ends_at_once(tmp_path: Path) -> None:
    link = MidiLink(MidiOptions(tmp_path / "midi.ledger"), print, None)
    link.close()
    link.close()
    assert link.pid is None
