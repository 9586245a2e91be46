"""Other processes at the port of a real daemon: nothing happens, nothing is sent to them, and they are counted."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Self

import pytest

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Arm,
    Beat,
    Bye,
    Done,
    Generate,
    Hello,
    Refused,
    SayText,
    Talk,
    Undo,
    Welcome,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import prove_hello
from musearoo.bridge.protocol.types import Message, Route
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.tools.studio.processes import Studio


class Stranger:
    """Another process: it sends from one socket and listens on another, as devices do."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sender.bind(("127.0.0.1", 0))
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._listener.bind(("127.0.0.1", 0))
        for each in (self._sender, self._listener):
            each.setblocking(False)
        self.reply_port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sender.close()
        self._listener.close()

    def send(self, *packets: bytes) -> None:
        """Sends packets as they are, no faster than the daemon reads them."""
        for number, packet in enumerate(packets):
            self._sender.sendto(packet, ("127.0.0.1", self._port))
            if number % 50 == 49:
                time.sleep(0.01)

    def heard(self) -> list[Message]:
        """All that has come to either socket."""
        time.sleep(0.3)
        found: list[Message] = []
        for each in (self._sender, self._listener):
            while True:
                try:
                    found += decode(each.recv(4096), Route.DAEMON_TO_DEVICE)
                except BlockingIOError:
                    break
        return found

    def hello(self, name: str, number: int = 1) -> Hello:
        """A hello without a proof."""
        return Hello(name, self.reply_port, WIRE_VERSION, "12.3.6", "", 48_000, number)


@pytest.fixture
def stranger(studio: Studio) -> Iterator[Stranger]:
    """A process that knows the port and nothing else."""
    with Stranger(studio.daemon.device_port) as made:
        yield made


def test_three_hundred_hellos_without_the_secret_fill_nothing(studio: Studio, stranger: Stranger) -> None:
    guessed = [prove_hello("0" * 64, stranger.hello(f"other-{number}")) for number in range(300)]
    stranger.send(*(encode(hello) for hello in guessed))
    assert stranger.heard() == []
    with studio.new_device("one more") as device:
        device.greet(within=2.0)


def test_what_is_sent_into_a_session_from_elsewhere_does_nothing(studio: Studio, stranger: Stranger) -> None:
    answer = studio.device.wait_for(studio.device.press("drums", style="rock", track=0, scene=0))
    assert isinstance(answer, Done)
    before, session = studio.live.snapshot(), studio.device.session
    attacks: list[Message] = [
        Undo(session, 901),
        Talk(session, 902, 1),
        SayText(session, 903, "undo"),
        Arm(session, 1),
        Generate(session, 904, "drums", "rock", 8, 1, 0.5, 0.5, 0.5, 0.0, "", "", 0, 1, 0),
        Beat(session),
        Bye(session),
    ]
    for number in (session, session + 1, session ^ 0x5555, 1):
        stranger.send(*(encode(replace(each, session=number)) for each in attacks))  # type: ignore[type-var]
    assert stranger.heard() == []
    assert studio.live.snapshot() == before
    answer = studio.device.wait_for(studio.device.undo())
    assert isinstance(answer, Done), "the session goes on"


def test_a_recorded_hello_is_worth_nothing_from_another_port(studio: Studio, stranger: Stranger) -> None:
    key = ConfigFolder(studio.home).read_device_key()
    assert key is not None
    with studio.new_device("recorded") as device:
        device.greet()
        session = device.session
        recorded = [encode(prove_hello(key.secret, replace(device._hello, number=number))) for number in (1, 1)]
        stranger.send(*recorded)
        stranger.send(encode(Undo(session, 1)))
        device.idle(1.5)
        assert device.session == session
        answer = device.wait_for(device.press("no such engine"))
        assert answer.press == 1
    stranger.send(*recorded)
    assert stranger.heard() == []


def test_an_older_device_gets_one_clear_sentence_and_no_flood_of_it(studio: Studio, stranger: Stranger) -> None:
    old = b"/roo/hello\0\0,siissi\0roo-old\0" + stranger.reply_port.to_bytes(4, "big") + (8).to_bytes(4, "big")
    stranger.send(*[old + b"12.3\0\0\0\0-\0\0\0" + bytes(4)] * 500)
    heard = stranger.heard()
    assert 1 <= len(heard) < 20
    assert all(isinstance(message, Refused) for message in heard)
    (sentence,) = {message.sentence for message in heard if isinstance(message, Refused)}
    assert "install both from the same release" in sentence
    assert str(studio.home) not in sentence


def test_strangers_stand_in_the_log_in_one_line_a_minute(studio: Studio, stranger: Stranger) -> None:
    stranger.send(*[b"noise"] * 500)
    deadline = time.monotonic() + 5.0
    while "of strangers on the devices' port" not in studio.daemon.log() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert 1 <= studio.daemon.log().count("of strangers on the devices' port") <= 3


def test_a_daemon_that_was_restarted_is_found_as_soon_as_before(fresh_studio: Studio) -> None:
    """It answers no sign of life of an earlier run; the device reads the new key a third of a second later."""
    studio = fresh_studio
    first = studio.device.welcome
    studio.daemon.kill()
    studio.daemon.start()
    recorded = studio.device._hello
    studio.device.wait_until(lambda: studio.device.welcome is not first, 5.0, "another welcome")
    assert studio.device.session != (first.session if isinstance(first, Welcome) else 0)
    key = ConfigFolder(studio.home).read_device_key()
    assert key is not None
    with Stranger(studio.daemon.device_port) as stranger:
        stranger.send(encode(recorded))
        assert stranger.heard() == []
