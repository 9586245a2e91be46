"""The datagrams of the devices on a real socket: what passes, what is answered, and that a flood gets silence."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bridge import device_link, ports
from bridge.device_link import COMPLAINTS_A_SECOND, DeviceLink
from bridge.logs import LOG
from bridge.wire import (
    LONGEST_DATAGRAM,
    PORTS_TO_TRY,
    Bye,
    Cancel,
    ClipNotes,
    Got,
    Refusal,
    Refused,
)
from bridge.wire_codec import decode, encode, encode_bundle, encode_notes
from bridge.wire_types import Message, Route, WireError
from tests.bridge.loopback import Mailbox, until
from tests.bridge.samples import A_NOTE
from tests.bridge.test_script_link import free_port

NOT_OSC = b"not an OSC packet"


@asynccontextmanager
async def listening(first_port: int = 0) -> AsyncIterator[tuple[DeviceLink, list[tuple[str, Message]]]]:
    """A link that listens, and the list of what it hears."""
    heard: list[tuple[str, Message]] = []
    link = DeviceLink(lambda host, message: heard.append((host, message)))
    await link.start(first_port or free_port())
    try:
        yield link, heard
    finally:
        link.stop()
        # The transport closes in the loop's next round.
        await asyncio.sleep(0)


@asynccontextmanager
async def a_mailbox() -> AsyncIterator[Mailbox]:
    """A device's socket."""
    box = await Mailbox.open()
    try:
        yield box
    finally:
        box.transport.close()
        await asyncio.sleep(0)


def test_what_max_would_not_take_whole_is_refused_before_it_is_sent() -> None:
    async def play() -> None:
        async with listening() as (link, _):
            with pytest.raises(WireError, match=f"at most {LONGEST_DATAGRAM} bytes, not "):
                link.send("127.0.0.1", 9, ClipNotes(1, encode_notes([A_NOTE] * 40)))

    asyncio.run(play())


def test_messages_pass_both_ways() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            box.say(link.port, encode(Bye(7)))
            await until(lambda: heard == [("127.0.0.1", Bye(7))])
            link.send("127.0.0.1", box.port, Got(3))
            await until(lambda: len(box.packets) == 1)
            assert decode(box.packets[0], Route.DAEMON_TO_DEVICE) == [Got(3)]

    asyncio.run(play())


def test_a_bundle_is_taken_message_by_message() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            box.say(link.port, encode_bundle([Bye(7), Cancel(8, 9)]))
            await until(lambda: [message for _, message in heard] == [Bye(7), Cancel(8, 9)])

    asyncio.run(play())


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (NOT_OSC, "not an OSC"),
        (encode(Got(1)), "/roo/got takes 2 arguments"),
        (encode(Bye(1)).replace(b"/roo/bye", b"/roo/buy"), "'/roo/buy' is not an address"),
        (encode(Bye(1))[:-1] + b"\0", "/roo/bye session must be in"),
        ("/größe".encode() * 9 + b"\0\0\0\0,\0\0\0", "is not an address"),
    ],
)
def test_what_is_not_understood_is_answered_and_life_goes_on(packet: bytes, words: str) -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            box.say(link.port, packet)
            await until(lambda: len(box.packets) == 1)
            (answer,) = decode(box.packets[0], Route.DAEMON_TO_DEVICE)
            assert isinstance(answer, Refused)
            assert answer.code == Refusal.BAD_MESSAGE
            assert words in answer.sentence
            box.say(link.port, encode(Bye(7)))
            await until(lambda: heard == [("127.0.0.1", Bye(7))])

    asyncio.run(play())


def test_a_packet_longer_than_a_device_may_send_is_refused() -> None:
    """Everything that a device says fits LONGEST_DATAGRAM: what is longer is not worth reading."""

    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            box.say(link.port, encode_bundle([Bye(7)] * (LONGEST_DATAGRAM // 10)))
            await until(lambda: len(box.packets) == 1)
            assert heard == []

    asyncio.run(play())


def test_a_flood_that_is_not_understood_gets_silence(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOG, "propagate", True)

    class Clock:
        """Time that stands still until it is moved."""

        now = 1000.0

        @classmethod
        def monotonic(cls) -> float:
            """The time."""
            return cls.now

    monkeypatch.setattr(device_link, "time", Clock)

    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            for _ in range(200):
                box.say(link.port, NOT_OSC)
            box.say(link.port, encode(Bye(7)))
            await until(lambda: len(heard) == 1)
            await until(lambda: len(box.packets) >= COMPLAINTS_A_SECOND)
            await asyncio.sleep(0.05)
            assert len(box.packets) == COMPLAINTS_A_SECOND
            Clock.now += 1.1
            box.say(link.port, NOT_OSC)
            await until(lambda: len(box.packets) == COMPLAINTS_A_SECOND + 1)

    with caplog.at_level(logging.WARNING, logger=LOG.name):
        asyncio.run(play())
    assert len(caplog.records) == COMPLAINTS_A_SECOND + 1


def test_a_port_nobody_listens_on_is_no_error() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            for _ in range(3):
                link.send("127.0.0.1", free_port(), Got(1))
                await asyncio.sleep(0.01)
            box.say(link.port, encode(Bye(7)))
            await until(lambda: len(heard) == 1)

    asyncio.run(play())


def test_a_burst_of_many_devices_arrives_whole() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            for number in range(1, 401):
                box.say(link.port, encode(Cancel(1, number)))
            await until(lambda: len(heard) == 400)
            assert [message for _, message in heard] == [Cancel(1, number) for number in range(1, 401)]

    asyncio.run(play())


def test_when_a_port_is_taken_the_next_is_used() -> None:
    async def play() -> None:
        async with listening() as (first, _), listening(first.port) as (second, _):
            assert first.port < second.port < first.port + PORTS_TO_TRY

    asyncio.run(play())


def test_when_all_ports_are_taken_the_system_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "PORTS_TO_TRY", 1)

    async def play() -> None:
        async with listening() as (first, _):
            with pytest.raises(OSError, match=r"in use|attempting to bind|10048"):
                await DeviceLink(lambda _host, _message: None).start(first.port)

    asyncio.run(play())


def test_after_stopping_nothing_is_sent_and_nothing_breaks() -> None:
    async def play() -> None:
        async with listening() as (link, _), a_mailbox() as box:
            link.stop()
            link.send("127.0.0.1", box.port, Got(1))
            await asyncio.sleep(0.05)
            assert box.packets == []

    asyncio.run(play())


def test_two_links_do_not_answer_each_other_for_ever() -> None:
    """A complaint that reaches another daemon is not understood there, and answered; the flood limit ends that."""

    async def play() -> None:
        async with listening() as (first, _), listening() as (second, _):
            first.send("127.0.0.1", second.port, Refused(Refusal.BAD_MESSAGE, "what?"))
            await asyncio.sleep(0.2)
            assert first._complaints <= COMPLAINTS_A_SECOND + 1
            assert second._complaints <= COMPLAINTS_A_SECOND + 1

    asyncio.run(play())
