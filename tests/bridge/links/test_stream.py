"""The stream to the Remote Script on real sockets: who is let in, how long, how much; and that life goes on."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from musearoo.bridge.links import ports
from musearoo.bridge.links import stream as stream_link
from musearoo.bridge.links.stream import LONGEST_HELLO, MOST_UNADMITTED, Role, StreamLink
from musearoo.bridge.protocol import (
    LONGEST_FRAME,
    PORTS_TO_TRY,
    WIRE_VERSION,
    ClipNotes,
    ReadNotes,
    ReplaceNotes,
    Say,
    ScriptHello,
    ScriptWelcome,
    SetReady,
    Transaction,
)
from musearoo.bridge.protocol.codec import MOST_TOGETHER, decode, encode, encode_notes
from musearoo.bridge.protocol.framing import END, FrameReader, encode_frame
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.bridge.settings.logs import LOG
from tests.bridge.audio.samples import A_NOTE
from tests.bridge.links.loopback import PATIENCE_S, Peer, until
from tests.each_case import each_case

HELLO = ScriptHello("token", WIRE_VERSION, "0.1.0", "12.3.6", "3.11.6", "live-1")
WELCOME = ScriptWelcome(WIRE_VERSION, "0.1.0")
WELCOME_FRAME = encode_frame(encode(WELCOME))


class Received:
    """Record the messages and losses that a link reports."""

    def __init__(self) -> None:
        self.messages: list[tuple[int, Message]] = []
        self.lost: list[int] = []

    def message(self, link: int, message: Message) -> None:
        """A message came."""
        self.messages.append((link, message))

    def loss(self, link: int) -> None:
        """A connection is no more."""
        self.lost.append(link)


@asynccontextmanager
async def listening(first_port: int = 0) -> AsyncIterator[tuple[StreamLink, Received]]:
    """A link that listens, on any free port unless one is named."""
    received = Received()
    link = StreamLink(Role(received.message, received.loss))
    await link.start(first_port or free_port())
    try:
        yield link, received
    finally:
        async with asyncio.timeout(PATIENCE_S):
            await link.stop()


def free_port() -> int:
    """Return a free port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def admitted(link: StreamLink, received: Received) -> Peer:
    """Return a peer that has said hello and was welcomed."""
    peer = await Peer.connect(link.port)
    before = len(received.messages)
    peer.say(encode_frame(encode(HELLO)))
    await until(lambda: len(received.messages) > before)
    link.send(received.messages[-1][0], [WELCOME])
    assert await peer.read(len(WELCOME_FRAME)) == WELCOME_FRAME
    return peer


async def messages(peer: Peer, count: int) -> list[Message]:
    """The next messages that a peer receives."""
    reader, found = FrameReader(), list[Message]()
    while len(found) < count:
        for packet in reader.feed(await peer.read(1)):
            found += decode(packet, Route.DAEMON_TO_SCRIPT)
    return found


# --- what passes -----------------------------------------------------------------------------------------------------


def test_messages_pass_both_ways_in_order() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            notes = ClipNotes(7, encode_notes([A_NOTE] * 5000))
            peer.say(encode_frame(encode(SetReady(1))) + encode_frame(encode(notes)))
            await until(lambda: len(received.messages) == 3)
            assert received.messages == [(1, HELLO), (1, SetReady(1)), (1, notes)]
            link.send(1, [Say("one")])
            link.send(1, [Transaction("a:1", 0.0), ReadNotes("a:2", 7)])
            assert await messages(peer, 3) == [Say("one"), Transaction("a:1", 0.0), ReadNotes("a:2", 7)]
            await peer.leave()
            await until(lambda: received.lost == [1])

    asyncio.run(play())


def test_a_message_may_come_byte_by_byte() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await Peer.connect(link.port)
            for byte in encode_frame(encode(HELLO)):
                peer.say(bytes([byte]))
                await asyncio.sleep(0)
            await until(lambda: received.messages == [(1, HELLO)])
            await peer.leave()

    asyncio.run(play())


def test_each_connection_has_a_number_of_its_own_for_good() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            first, second = await admitted(link, received), await admitted(link, received)
            await first.leave()
            await until(lambda: received.lost == [1])
            third = await admitted(link, received)
            assert [number for number, _ in received.messages] == [1, 2, 3]
            link.send(2, [Say("to the second")])
            assert await messages(second, 1) == [Say("to the second")]
            await second.leave()
            await third.leave()

    asyncio.run(play())


def test_sending_to_a_connection_that_has_gone_is_nothing() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            await peer.leave()
            await until(lambda: received.lost == [1])
            link.send(1, [WELCOME])
            link.send(99, [WELCOME])
            link.close(99)

    asyncio.run(play())


def test_closing_lets_what_was_sent_go_out_first() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            link.send(1, [Say("the last word")])
            link.close(1)
            link.send(1, [Say("too late")])
            assert await peer.read_to_the_end() == encode_frame(encode(Say("the last word")))
            await until(lambda: received.lost == [1])
            await peer.leave()

    asyncio.run(play())


# --- who does not pass -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", [b"", END, END + b"/roo/script/hel", b"GET / HTTP/1.1\r\n\r\n", encode_frame(encode(SetReady(1)))]
)
def test_who_is_not_admitted_in_time_is_closed(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_link, "HELLO_WITHIN", 0.05)

    async def play() -> None:
        async with listening() as (link, received):
            peer = await Peer.connect(link.port)
            peer.say(said)
            assert await peer.read_to_the_end() == b""
            await until(lambda: received.lost == [1])
            assert not any(isinstance(message, ScriptHello) for _, message in received.messages)
            await peer.leave()

    asyncio.run(play())


def test_who_is_admitted_may_be_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_link, "HELLO_WITHIN", 0.05)

    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            peer.say(END + b"half a frame")
            await asyncio.sleep(0.2)
            assert received.lost == []
            await peer.leave()

    asyncio.run(play())


def test_only_a_welcome_admits_and_lets_long_frames_in() -> None:
    """The token is looked at by the conductor: hello alone, which anyone can say, opens nothing."""
    long = encode_frame(encode(ClipNotes(7, encode_notes([A_NOTE] * 500))))

    async def play() -> None:
        async with listening() as (link, received):
            peer = await Peer.connect(link.port)
            peer.say(encode_frame(encode(HELLO)) + long)
            assert await peer.read_to_the_end() == b""
            await until(lambda: received.lost == [1])
            welcome = await admitted(link, received)
            welcome.say(long)
            await until(lambda: isinstance(received.messages[-1][1], ClipNotes))
            await peer.leave()
            await welcome.leave()

    asyncio.run(play())


def test_a_frame_too_long_for_a_hello_closes_the_connection() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await Peer.connect(link.port)
            peer.say(END + b"x" * (LONGEST_HELLO + 1))
            assert await peer.read_to_the_end() == b""
            await until(lambda: received.lost == [1])
            await peer.leave()

    asyncio.run(play())


def test_a_broken_escape_closes_the_connection() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            peer.say(END + b"\xdbx" + END)
            assert await peer.read_to_the_end() == b""
            await until(lambda: received.lost == [1])
            await peer.leave()

    asyncio.run(play())


@each_case("packet", [b"no OSC", b"/roo/unknown\0\0\0\0,\0\0\0", encode(Say("wrong way")), encode(SetReady(1))[:-1]])
def test_a_message_that_is_not_understood_costs_only_itself(packet: bytes) -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            peer.say(encode_frame(packet) + encode_frame(encode(SetReady(2))))
            await until(lambda: len(received.messages) == 2)
            assert received.messages[1] == (1, SetReady(2))
            await peer.leave()

    asyncio.run(play())


def test_an_unadmitted_connection_with_invalid_messages_is_closed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a token was shown nothing is forgiven: five seconds of garbage would fill the log."""
    monkeypatch.setattr(LOG, "propagate", True)

    async def play() -> None:
        async with listening() as (link, received):
            peer = await Peer.connect(link.port)
            peer.say(encode_frame(b"garbage") * 300)
            await until(lambda: received.lost == [1])
            assert received.messages == []
            await peer.leave()

    with caplog.at_level(logging.WARNING, logger=LOG.name):
        asyncio.run(play())
    assert len(caplog.records) == 1


def test_unadmitted_connections_leave_room_again_when_they_close() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            strangers = [await Peer.connect(link.port) for _ in range(MOST_UNADMITTED)]
            one_more = await Peer.connect(link.port)
            assert await one_more.read_to_the_end() == b""
            for stranger in strangers:
                await stranger.leave()
            await until(lambda: len(received.lost) == MOST_UNADMITTED)
            peer = await admitted(link, received)
            await peer.leave()
            await one_more.leave()

    asyncio.run(play())


def test_admitted_scripts_do_not_count_as_unadmitted() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peers = [await admitted(link, received) for _ in range(MOST_UNADMITTED + 2)]
            assert received.lost == []
            for peer in peers:
                await peer.leave()

    asyncio.run(play())


# --- ports, and the end ----------------------------------------------------------------------------------------------


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
                await StreamLink(Role(Received().message, Received().loss)).start(first.port)

    asyncio.run(play())


def test_nothing_outside_this_machine_can_connect() -> None:
    async def play() -> None:
        async with listening() as (link, _):
            assert link._server is not None
            assert [sock.getsockname()[0] for sock in link._server.sockets] == ["127.0.0.1"]

    asyncio.run(play())


def test_stopping_closes_every_connection() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            stranger = await Peer.connect(link.port)
            await until(lambda: len(link._connections) == 2)
            await link.stop()
            assert await peer.read_to_the_end() == b""
            assert await stranger.read_to_the_end() == b""
            await until(lambda: sorted(received.lost) == [1, 2])
            await peer.leave()
            await stranger.leave()

    asyncio.run(play())


def test_stopping_does_not_wait_for_a_live_that_reads_nothing() -> None:
    """A Live frozen by an open menu holds what was sent to it; Ctrl-C must work all the same."""

    async def play() -> None:
        async with listening() as (link, received):
            with closing(socket.create_connection(("127.0.0.1", link.port))) as frozen:
                frozen.sendall(encode_frame(encode(HELLO)))
                await until(lambda: received.messages == [(1, HELLO)])
                for _ in range(200):
                    link.send(1, [Say("x" * 600)] * 100)
                async with asyncio.timeout(PATIENCE_S):
                    await link.stop()
                    await until(lambda: received.lost == [1])

    asyncio.run(play())


def test_what_the_script_would_not_take_is_refused_before_it_is_sent() -> None:
    async def play() -> None:
        async with listening() as (link, received):
            peer = await admitted(link, received)
            (number, _) = received.messages[-1]
            edits = [Say("One too many.")] * MOST_TOGETHER
            with pytest.raises(WireError, match="at most 1,001 messages, not 1,002"):
                link.send(number, [Transaction("a", 0.0), *edits])
            # Bytes that SLIP escapes count twice.
            notes = b"\xc0" * (LONGEST_FRAME // 2)
            with pytest.raises(WireError, match=f"at most {LONGEST_FRAME:,} bytes, not "):
                link.send(number, [Transaction("b", 0.0), ReplaceNotes(1, notes)])
            link.send(number, [Transaction("c", 0.0), *edits[:2]])
            assert (await messages(peer, 3))[0] == Transaction("c", 0.0)
            await peer.leave()

    asyncio.run(play())
