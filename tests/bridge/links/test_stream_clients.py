"""Clients on the stream's port: their role, what they may send and when, slow readers, and whatever else may come."""

import asyncio
import logging
import random
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.bridge.links import stream as stream_link
from musearoo.bridge.links.stream import LONGEST_FROM_CLIENT, Role, StreamLink
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    ApiBeat,
    ApiHello,
    ApiRefused,
    ApiSet,
    ApiTakeUndone,
    ApiWelcome,
    Beat,
    Bye,
    Got,
    SayText,
    ScriptHello,
    SetReady,
    Watch,
)
from musearoo.bridge.protocol.codec import encode, encode_bundle
from musearoo.bridge.protocol.framing import END, ESCAPE, encode_frame
from musearoo.bridge.protocol.types import Message, Route
from musearoo.bridge.settings.logs import LOG
from tests.bridge.links.loopback import PATIENCE_S, Peer, until
from tests.bridge.links.test_stream import HELLO as SCRIPT_HELLO
from tests.bridge.links.test_stream import WELCOME as SCRIPT_WELCOME
from tests.bridge.links.test_stream import Received, admitted, free_port
from tests.each_case import each_case

HELLO = ApiHello("token", WIRE_VERSION, "test", "0.1.0")
WELCOME = ApiWelcome(WIRE_VERSION, "0.1.0")
WELCOME_FRAME = encode_frame(encode(WELCOME))


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[StreamLink, Received, Received]]:
    """A port that takes scripts and clients, and what came of each."""
    scripts, clients = Received(), Received()
    link = StreamLink(Role(scripts.message, scripts.loss), Role(clients.message, clients.loss))
    await link.start(free_port())
    try:
        yield link, scripts, clients
    finally:
        async with asyncio.timeout(PATIENCE_S):
            await link.stop()


async def a_client(link: StreamLink, clients: Received) -> Peer:
    """A client that was welcomed."""
    peer = await Peer.connect(link.port)
    before = len(clients.messages)
    peer.say(encode_frame(encode(HELLO)))
    await until(lambda: len(clients.messages) > before)
    link.send(clients.messages[-1][0], [WELCOME])
    assert await peer.read(len(WELCOME_FRAME)) == WELCOME_FRAME
    return peer


# --- what passes -----------------------------------------------------------------------------------------------------


def test_both_roles_come_to_one_port_and_are_told_apart() -> None:
    async def play() -> None:
        async with listening() as (link, scripts, clients):
            script = await admitted(link, scripts)
            client = await a_client(link, clients)
            script.say(encode_frame(encode(SetReady(1))))
            client.say(encode_frame(encode(Watch(1))) + encode_frame(encode(SayText(5, 1, "drums"))))
            await until(lambda: len(scripts.messages) == 2 and len(clients.messages) == 3)
            assert scripts.messages == [(1, SCRIPT_HELLO), (1, SetReady(1))]
            assert clients.messages == [(2, HELLO), (2, Watch(1)), (2, SayText(5, 1, "drums"))]
            await client.leave()
            await until(lambda: clients.lost == [2])
            assert scripts.lost == []
            await script.leave()

    asyncio.run(play())


def test_a_hello_may_come_byte_by_byte() -> None:
    async def play() -> None:
        async with listening() as (link, _, clients):
            peer = await Peer.connect(link.port)
            for byte in encode_frame(encode(HELLO)):
                peer.say(bytes([byte]))
                await asyncio.sleep(0)
            await until(lambda: clients.messages == [(1, HELLO)])
            await peer.leave()

    asyncio.run(play())


def test_a_client_gets_messages_of_both_roles_in_order() -> None:
    async def play() -> None:
        async with listening() as (link, _, clients):
            peer = await a_client(link, clients)
            sent: list[list[Message]] = [[Got(1, 5)], [ApiTakeUndone(1, "a:1")], [ApiTakeUndone(1, "")] * 3]
            wanted = b"".join(encode_frame(encode(each[0])) for each in sent[:2])
            wanted += encode_frame(encode_bundle(sent[2]))
            for messages in sent:
                link.send(1, messages)
            assert await peer.read(len(wanted)) == wanted
            await peer.leave()

    asyncio.run(play())


# --- who does not pass -----------------------------------------------------------------------------------------------

HTTP = [
    f"{method} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    for method in ("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PATCH", "PRI")
]
SMUGGLED = b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n" + encode_frame(encode(HELLO))
"""What a web page could post: a frame in the body."""


@each_case("said", [*HTTP, SMUGGLED, b"\x16\x03\x01\x02\x00", b"/roo/api/hello\0\0", b"\0" * 8, b"G", b"\xdb\xdc"])
def test_what_is_no_frame_is_closed_at_once(said: bytes) -> None:
    """Mopidy's port took what any web page posted to it (mopidy #1684)."""

    async def play() -> None:
        async with listening() as (link, scripts, clients):
            peer = await Peer.connect(link.port)
            peer.say(said)
            async with asyncio.timeout(stream_link.HELLO_WITHIN / 2):
                assert await peer.read_to_the_end() == b""
            await until(lambda: scripts.lost == [1])
            assert scripts.messages == clients.messages == []
            await peer.leave()

    asyncio.run(play())


@each_case(
    "said",
    [
        encode(SayText(5, 1, "drums")),
        encode(Beat(5)),
        encode(Got(1)),
        encode(WELCOME),
        encode(ApiRefused(1, "no")),
        b"/roo/api/unknown\0\0\0\0,\0\0\0",
        encode(HELLO)[:-4],
        encode_bundle([HELLO, Watch(1)]),
    ],
)
def test_before_the_welcome_only_a_hello_is_taken(said: bytes) -> None:
    async def play() -> None:
        async with listening() as (link, scripts, clients):
            peer = await Peer.connect(link.port)
            peer.say(encode_frame(said))
            assert await peer.read_to_the_end() == b""
            await until(lambda: bool(scripts.lost or clients.lost))
            assert scripts.messages == clients.messages == []
            await peer.leave()

    asyncio.run(play())


def test_device_messages_before_the_welcome_close_the_connection() -> None:
    async def play() -> None:
        async with listening() as (link, _, clients):
            peer = await Peer.connect(link.port)
            peer.say(encode_frame(encode(HELLO)) + encode_frame(encode(Bye(5))))
            assert await peer.read_to_the_end() == b""
            await until(lambda: clients.lost == [1])
            assert clients.messages == [(1, HELLO)]
            await peer.leave()

    asyncio.run(play())


def test_a_role_is_for_good() -> None:
    async def play() -> None:
        async with listening() as (link, scripts, clients):
            script, client = await admitted(link, scripts), await a_client(link, clients)
            script.say(encode_frame(encode(HELLO)) + encode_frame(encode(SetReady(2))))
            client.say(encode_frame(encode(SCRIPT_HELLO)) + encode_frame(encode(SetReady(3))))
            client.say(encode_frame(encode(ApiBeat())))
            await until(lambda: len(scripts.messages) == 2 and len(clients.messages) == 2)
            assert scripts.messages[1:] == [(1, SetReady(2))]
            assert clients.messages[1:] == [(2, ApiBeat())]
            await script.leave()
            await client.leave()

    asyncio.run(play())


def test_nothing_is_taken_after_a_connection_was_closed() -> None:
    async def play() -> None:
        taken: list[Message] = []

        def refuse(number: int, message: Message) -> None:
            taken.append(message)
            link.send(number, [ApiRefused(2, "no")])
            link.close(number)

        link = StreamLink(Role(refuse, lambda _: None), Role(refuse, lambda _: None))
        await link.start(free_port())
        peer = await Peer.connect(link.port)
        peer.say(encode_frame(encode(HELLO)) * 100)
        assert await peer.read_to_the_end() == encode_frame(encode(ApiRefused(2, "no")))
        assert taken == [HELLO]
        await peer.leave()
        await link.stop()

    asyncio.run(play())


def test_a_port_without_clients_takes_scripts_alone() -> None:
    async def play() -> None:
        received = Received()
        link = StreamLink(Role(received.message, received.loss))
        await link.start(free_port())
        peer = await Peer.connect(link.port)
        peer.say(encode_frame(encode(HELLO)))
        assert await peer.read_to_the_end() == b""
        assert received.messages == []
        await peer.leave()
        await link.stop()

    asyncio.run(play())


# --- slow and strange ------------------------------------------------------------------------------------------------


def test_a_client_that_reads_too_slowly_is_closed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_link, "MOST_UNREAD", 1_000_000)
    monkeypatch.setattr(LOG, "propagate", True)
    part = ApiSet(1, 1, bytes(100_000))

    async def play() -> None:
        async with listening() as (link, scripts, clients):
            script = await admitted(link, scripts)
            quick = await a_client(link, clients)
            with closing(socket.create_connection(("127.0.0.1", link.port))) as slow:
                slow.sendall(encode_frame(encode(HELLO)))
                await until(lambda: len(clients.messages) == 2)
                link.send(3, [WELCOME])
                sent = 0
                while not clients.lost:
                    link.send(3, [part])
                    sent += 1
                    assert sent < 1_000, "what waits for it grows and grows"
                    await asyncio.sleep(0)
                assert clients.lost == [3]
                link.send(3, [part])
            frame = encode_frame(encode(part))
            link.send(2, [part])
            assert await quick.read(len(frame)) == frame, "others are not touched"
            await quick.leave()
            await script.leave()

    with caplog.at_level(logging.WARNING, logger=LOG.name):
        asyncio.run(play())
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("Connection 3 of a client is closed: it leaves 1")


def test_a_client_that_never_pauses_leaves_all_others_their_turn() -> None:
    async def play() -> None:
        async with listening() as (link, scripts, clients):
            script, peer = await admitted(link, scripts), await a_client(link, clients)
            before = len(clients.messages)
            sent = 5_000
            peer.say(encode_frame(encode(ApiBeat())) * sent)
            script.say(encode_frame(encode(SetReady(1))) * sent)
            handled = [before]
            while handled[-1] < before + sent:
                await asyncio.sleep(0)
                handled.append(len(clients.messages))
            turns = [after - earlier for earlier, after in pairwise(handled)]
            assert max(turns) <= stream_link.MOST_A_TURN
            assert clients.messages[before:] == [(2, ApiBeat())] * sent
            await until(lambda: len(scripts.messages) == 1 + sent)
            # What is left when the connection is closed is not handled, and nothing waits for it.
            peer.say(encode_frame(encode(ApiBeat())) * sent)
            await until(lambda: len(clients.messages) > before + sent)
            link.close(2)
            assert await peer.read_to_the_end() == b""
            await until(lambda: clients.lost == [2])
            assert len(clients.messages) < before + 2 * sent
            await peer.leave()
            await script.leave()

    asyncio.run(play())


def test_a_frame_that_is_longer_than_any_device_s_closes_the_connection() -> None:
    async def play() -> None:
        async with listening() as (link, _, clients):
            peer = await a_client(link, clients)
            peer.say(END + b"x" * (LONGEST_FROM_CLIENT + 1))
            assert await peer.read_to_the_end() == b""
            await until(lambda: clients.lost == [1])
            await peer.leave()

    asyncio.run(play())


class _FakeTransport(asyncio.Transport):
    """A transport that keeps nothing and only remembers that it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False

    def write(self, data: object) -> None:
        """Nothing is read."""

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    abort = close

    def get_write_buffer_size(self) -> int:
        return 0


honest = st.sampled_from(
    [
        encode_frame(encode(message))
        for message in (HELLO, Watch(1), ApiBeat(), SayText(5, 1, "drums"), SCRIPT_HELLO, SetReady(1), Got(1))
    ]
)
pieces = st.lists(honest | st.binary(max_size=40) | st.just(END), max_size=8)


def feed(chunks: list[bytes], *, welcomes: bool) -> tuple[list[Message], bool]:
    """What a connection takes of chunks, and whether it was closed; every hello is answered where it `welcomes`."""
    taken: list[Message] = []

    async def play() -> bool:
        def take(number: int, message: Message) -> None:
            taken.append(message)
            if welcomes and isinstance(message, ApiHello | ScriptHello):
                is_client = isinstance(message, ApiHello)
                link.send(number, [WELCOME if is_client else SCRIPT_WELCOME])

        link = StreamLink(Role(take, lambda _: None), Role(take, lambda _: None))
        connection, transport = stream_link._Connection(link), _FakeTransport()
        connection.connection_made(transport)
        for chunk in chunks:
            if not transport.is_closed:
                connection.data_received(chunk)
        connection.connection_lost(None)
        return transport.is_closed

    is_closed = asyncio.run(play())
    return taken, is_closed


@settings(max_examples=60)
@given(pieces, st.booleans(), st.randoms(use_true_random=False))
def test_any_bytes_give_messages_or_a_close(said: list[bytes], welcomes: bool, chance: random.Random) -> None:
    """Fed whole, in pieces of any size, and byte by byte, with the same outcome."""
    stream = b"".join(said)
    outcomes: list[tuple[list[Message], bool]] = []
    cuts: list[Callable[[], int]] = [lambda: len(stream) or 1, lambda: 1, lambda: chance.randrange(1, 9)]
    for size_of in cuts:
        chunks, rest = [], stream
        while rest:
            size = size_of()
            chunks.append(rest[:size])
            rest = rest[size:]
        outcomes.append(feed(chunks, welcomes=welcomes))
    taken, is_closed = outcomes[0]
    if ESCAPE in stream:
        # A chunk with a broken escape gives nothing, also of what is whole in it.
        assert all(other[: len(taken)] == taken and closed == is_closed for other, closed in outcomes)
    else:
        assert outcomes[0] == outcomes[1] == outcomes[2]
    assert all(
        message.route in (Route.API_TO_DAEMON, Route.SCRIPT_TO_DAEMON, Route.DEVICE_TO_DAEMON) for message in taken
    )
    if stream and not stream.startswith(END):
        assert (taken, is_closed) == ([], True)
    if not welcomes:
        assert all(not isinstance(message, SayText) for message in taken)
