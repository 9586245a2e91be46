"""The datagrams of the devices on a real socket: what passes, what is answered, and that a flood gets silence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from pythonosc.parsing import osc_types

from musearoo.bridge.core.events.incoming import IncompatibleHelloReceived, Source, UnknownPacketReceived
from musearoo.bridge.links import ports
from musearoo.bridge.links.device import DeviceLink
from musearoo.bridge.protocol import (
    LONGEST_DATAGRAM,
    PORTS_TO_TRY,
    WIRE_VERSION,
    Bye,
    Cancel,
    ClipNotes,
    Got,
)
from musearoo.bridge.protocol.codec import decode, encode, encode_bundle, encode_notes
from musearoo.bridge.protocol.types import Message, Route, WireError
from tests.bridge.audio.samples import A_NOTE
from tests.bridge.links.loopback import Mailbox, until
from tests.bridge.links.test_stream import free_port
from tests.each_case import each_case

NOT_OSC = b"not an OSC packet"


@dataclass
class Heard:
    """The messages and events that a link has received."""

    messages: list[tuple[Source, Message]] = field(default_factory=list)
    strangers: list[IncompatibleHelloReceived | UnknownPacketReceived] = field(default_factory=list)


@asynccontextmanager
async def listening(first_port: int = 0) -> AsyncIterator[tuple[DeviceLink, Heard]]:
    """A listening link, and what it receives."""
    heard = Heard()
    link = DeviceLink(lambda source, message: heard.messages.append((source, message)), heard.strangers.append)
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
            await until(lambda: heard.messages == [(Source("127.0.0.1", box.port), Bye(7))])
            link.send("127.0.0.1", box.port, Got(3))
            await until(lambda: len(box.packets) == 1)
            assert decode(box.packets[0], Route.DAEMON_TO_DEVICE) == [Got(3)]

    asyncio.run(play())


def test_a_bundle_is_taken_message_by_message() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            box.say(link.port, encode_bundle([Bye(7), Cancel(8, 9)]))
            await until(lambda: [message for _, message in heard.messages] == [Bye(7), Cancel(8, 9)])

    asyncio.run(play())


FOREIGN = [
    NOT_OSC,
    encode(Got(1)),
    encode(Bye(1)).replace(b"/roo/bye", b"/roo/buy"),
    encode(Bye(1))[:-1] + b"\0",
    ("/größe".encode() * 9 + b"\0\0\0\0,\0\0\0"),
    encode_bundle([Bye(7)] * (LONGEST_DATAGRAM // 10)),
]
"""What no device sends; the last is longer than a device may send."""


def test_what_no_device_sends_is_counted_and_never_answered() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            for packet in FOREIGN * 50:
                box.say(link.port, packet)
            box.say(link.port, encode(Bye(7)))
            await until(lambda: heard.messages == [(Source("127.0.0.1", box.port), Bye(7))])
            assert heard.strangers == [UnknownPacketReceived()] * 50 * len(FOREIGN)
            await asyncio.sleep(0.05)
            assert box.packets == []

    asyncio.run(play())


def older_hello(version: int, *more: str) -> bytes:
    """A hello of another release: instance, reply port and version stand first, whatever follows."""
    tags = ",sii" + "s" * len(more)
    head = osc_types.write_string("/roo/hello") + osc_types.write_string(tags) + osc_types.write_string("roo-1")
    numbers = osc_types.write_int(24_777) + osc_types.write_int(version)
    return head + numbers + b"".join(map(osc_types.write_string, more))


@each_case("packet", [older_hello(8, "12.3.6", "set"), older_hello(8), older_hello(99, "a", "b", "c", "d")])
def test_a_hello_of_another_release_is_known_as_one(packet: bytes) -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            box.say(link.port, packet)
            await until(lambda: len(heard.strangers) == 1)
            version = 99 if b"c\0" in packet else 8
            assert heard.strangers == [IncompatibleHelloReceived("127.0.0.1", 24_777, version)]

    asyncio.run(play())


@each_case(
    "packet",
    [
        older_hello(WIRE_VERSION),
        older_hello(8)[:-4],
        older_hello(8).replace(b",sii", b",sss"),
        older_hello(8).replace((24_777).to_bytes(4, "big"), bytes(4)),
        b"/roo/hello\0\0",
    ],
)
def test_a_broken_hello_is_an_unknown_packet(packet: bytes) -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            box.say(link.port, packet)
            await until(lambda: len(heard.strangers) == 1)
            assert heard.strangers == [UnknownPacketReceived()]

    asyncio.run(play())


def test_a_port_nobody_listens_on_is_no_error() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            for _ in range(3):
                link.send("127.0.0.1", free_port(), Got(1))
                await asyncio.sleep(0.01)
            box.say(link.port, encode(Bye(7)))
            await until(lambda: len(heard.messages) == 1)

    asyncio.run(play())


def test_a_burst_of_many_devices_arrives_whole() -> None:
    async def play() -> None:
        async with listening() as (link, heard), a_mailbox() as box:
            for number in range(1, 401):
                box.say(link.port, encode(Cancel(1, number)))
            await until(lambda: len(heard.messages) == 400)
            assert [message for _, message in heard.messages] == [Cancel(1, number) for number in range(1, 401)]

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
                await DeviceLink(lambda _source, _message: None, lambda _event: None).start(first.port)

    asyncio.run(play())


def test_after_stopping_nothing_is_sent_and_nothing_breaks() -> None:
    async def play() -> None:
        async with listening() as (link, _), a_mailbox() as box:
            link.stop()
            link.send("127.0.0.1", box.port, Got(1))
            await asyncio.sleep(0.05)
            assert box.packets == []

    asyncio.run(play())
