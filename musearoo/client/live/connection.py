"""The live connection for asyncio: it connects again by itself, and goes on where it was."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import ssl
from collections import deque
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final, Self

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException
from websockets.typing import Subprotocol

from musearoo.bridge.api.types.answers import Outcome, SetChanges
from musearoo.bridge.api.types.events import AnyEvent, SessionClosed, SetChanged
from musearoo.bridge.api.types.frames import MSGPACK_PROTOCOL, EventName, RestAnswer, Turn, Welcome
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.client.addresses import Address
from musearoo.client.errors import ClientError
from musearoo.client.exchange import segment
from musearoo.client.faults import lost, unreachable, untrusted
from musearoo.client.live.frames import Done, Failed, Frames, Happened
from musearoo.client.retries import PASSING

LOG: Final = logging.getLogger(__name__)

LONGEST_PAUSE: Final = 20.0
"""Seconds between two tries to connect, at most."""
GREETED_WITHIN: Final = 10.0
"""Seconds in which the server must answer the hello."""
LARGEST_FRAME: Final = 64 * 1024 * 1024
MOST_WAITING: Final = 10_000
"""Events that wait to be read; then the oldest are dropped, for a program may read none."""
FINAL: Final = frozenset({"unauthorized", "missing_scope", "missing_role", "not_found", "closed", "wrong_host"})
"""Refusals that another try does not change."""


class AsyncLive:
    """A live connection to one session. `async for event in live` yields its events; `do` sends a request.

    When the connection is lost, requests under way fail with `connection_lost`, and it connects again, first at once,
    then after growing pauses with jitter. What has changed meanwhile comes as one SetChanged. Where another server of
    the same database made changes, the next one here is followed by a SetChanged with the whole set. `welcome` is the
    last greeting, `missed` counts events that were dropped because nobody read them. Raises ClientError.
    """

    welcome: Welcome

    def __init__(
        self,
        address: Address,
        token: str,
        session: str,
        *,
        since: int | None,
        events: tuple[EventName, ...] | None,
        trust: ssl.SSLContext | None,
    ) -> None:
        self._url = f"{address.live_url}/ws/{segment(session)}"
        self._session, self._address, self._trust = session, address, trust
        self._catching_up: asyncio.Task[None] | None = None
        self._frames = Frames(token, since, events)
        self._socket: ClientConnection | None = None
        self._serving: asyncio.Task[None] | None = None
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._events: deque[AnyEvent] = deque()
        self._news = asyncio.Event()
        self._end: ClientError | None = None
        self._is_over = False
        self.missed = 0

    async def __aenter__(self) -> Self:
        await self._connect()
        self._serving = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the connection."""
        self._is_over = True
        for task in (self._serving, self._catching_up):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if self._socket is not None:
            await self._socket.close()
        self._fail_all(ClientError("The live connection was closed: open another.", code="closed"))
        self._news.set()

    @property
    def version(self) -> int | None:
        """The version of the set that is known."""
        return self._frames.version

    def do(self, request: AnyRequest) -> asyncio.Future[Outcome]:
        """Send a request. The future gives its Outcome, or raises ClientError; requests run next to each other."""
        return self._ask(*self._frames.do(request))

    def turn(self, take: str, *, final: bool = False, **params: Any) -> asyncio.Future[Outcome]:
        """Play a take again with other values of its parameters; until `final` nothing is written into the set."""
        return self._ask(*self._frames.turn(Turn(take=take, params=params, final=final)))

    def subscribe(self, events: tuple[EventName, ...] | None) -> asyncio.Future[None]:
        """Choose the kinds of events from here on, None for all; the future tells when that is so."""
        return self._ask(*self._frames.subscribe(events))

    def __aiter__(self) -> AsyncIterator[AnyEvent]:
        return self

    async def __anext__(self) -> AnyEvent:
        """Return the next event. Ends when the connection was closed; raises ClientError when it cannot be mended."""
        while not self._events:
            if self._end is not None:
                raise self._end
            if self._is_over:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()

    # --- the connection ----------------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        """Connect and greet. Raises ClientError."""
        try:
            socket = await connect(
                self._url,
                subprotocols=[Subprotocol(MSGPACK_PROTOCOL)],
                compression=None,
                max_size=LARGEST_FRAME,
                ssl=self._trust,
                proxy=None if self._address.is_local else True,
            )
        except ssl.SSLError as error:
            raise untrusted(self._address.url, error) from error
        except InvalidHandshake as error:
            raise _refused(self._address.url, error) from error
        except (OSError, TimeoutError, WebSocketException) as error:
            raise unreachable(self._address.url) from error
        try:
            self.welcome = await self._greet(socket)
        except BaseException:
            await socket.close()
            raise
        # Only now: a request that went out before a greeting that fails would wait for ever.
        self._socket = socket

    async def _greet(self, socket: ClientConnection) -> Welcome:
        """Say hello, and return the answer. Raises ClientError."""
        try:
            async with asyncio.timeout(GREETED_WITHIN):
                await socket.send(self._frames.hello())
                received = self._frames.read(await socket.recv())
        except (TimeoutError, ConnectionClosed) as error:
            raise lost(self._address.url) from error
        if isinstance(received, Failed):
            raise received.error
        if not isinstance(received, Welcome):
            raise ClientError("The server did not answer the hello: compare its version.", code="bad_answer")
        return received

    async def _serve(self) -> None:
        """Read frames until the end, and connect again when the connection is lost."""
        try:
            while not self._is_over:
                await self._read()
                if not self._is_over:
                    self._fail_all(lost(self._address.url))
                    await self._connect_again()
        except ClientError as error:
            self._end = error
            self._fail_all(error)
        finally:
            self._is_over = True
            self._fail_all(ClientError("The live connection has ended: open another.", code="closed"))
            self._news.set()

    async def _read(self) -> None:
        """Read frames until the connection ends."""
        socket = self._socket
        if socket is None:
            return
        with contextlib.suppress(ConnectionClosed):
            async for data in socket:
                match self._frames.read(data):
                    case Done(id=id, value=value):
                        if (future := self._asked.pop(id, None)) is not None and not future.done():
                            future.set_result(value)
                    case Failed(id=id, error=error):
                        if (future := self._asked.pop(id, None)) is not None and not future.done():
                            future.set_exception(error)
                    case Happened(event=event, has_gap=has_gap):
                        self._put(event)
                        if has_gap and self._catching_up is None:
                            self._catching_up = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        """Put the whole set after changes that were not told, such as those by another server of the same database."""
        try:
            answer: RestAnswer = await self._ask(*self._frames.read_set(self._session))
            if answer.status == 200:
                self._put(SetChanged(changes=msgspec.convert(answer.body, SetChanges)))
        except (ClientError, msgspec.ValidationError) as error:
            # The next change has a gap, too, or the next greeting tells all.
            LOG.info("The changes that were missed cannot be had: %s", error)
        finally:
            self._catching_up = None

    async def _connect_again(self) -> None:
        """Connect until it works, with growing pauses. Raises ClientError for what another try does not change."""
        pause = 0.0
        while True:
            # Many clients lose a server at once: they must not all come back at once.
            await asyncio.sleep(pause * (0.5 + random.random()))
            known = self._frames.version
            try:
                await self._connect()
            except ClientError as error:
                if error.code in FINAL:
                    raise
                pause = max(min(LONGEST_PAUSE, max(0.1, pause * 2)), 2.0 * (error.retry_after or 0.0))
                continue
            if self.welcome.version != known:
                self._put(SetChanged(changes=self.welcome.changes))
            return

    def _put(self, event: AnyEvent) -> None:
        if len(self._events) >= MOST_WAITING:
            self._events.popleft()
            self.missed += 1
        self._events.append(event)
        self._is_over = self._is_over or isinstance(event, SessionClosed)
        self._news.set()

    # --- requests ----------------------------------------------------------------------------------------------------

    def _ask(self, id: int, frame: bytes) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._is_over or self._socket is None:
            ended = ClientError("The live connection has ended: open another.", code="closed")
            future.set_exception(self._end or ended)
            return future
        self._asked[id] = future
        self._send_soon(id, frame)
        future.add_done_callback(partial(self._on_done, id))
        return future

    def _on_done(self, id: int, future: asyncio.Future[Any]) -> None:
        """Tell the server of a request that is wanted no more."""
        if future.cancelled() and self._asked.pop(id, None) is not None and not self._is_over:
            self._send_soon(id, self._frames.cancel(id))

    def _send_soon(self, id: int, frame: bytes) -> None:
        sending = asyncio.ensure_future(self._send(id, frame))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    async def _send(self, id: int, frame: bytes) -> None:
        try:
            if self._socket is not None:
                await self._socket.send(frame)
        except ConnectionClosed:
            if (future := self._asked.pop(id, None)) is not None and not future.done():
                future.set_exception(lost(self._address.url))

    def _fail_all(self, error: ClientError) -> None:
        asked, self._asked = self._asked, {}
        for future in asked.values():
            if not future.done():
                future.set_exception(error)


def _refused(url: str, error: InvalidHandshake) -> ClientError:
    """Return the error for a WebSocket that was not accepted."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", 0)
    if status in PASSING:
        after = response.headers.get("retry-after", "") if response is not None else ""
        return ClientError(
            f"{url} is busy or starts again (status {status}): try again in a moment.",
            code="overloaded",
            status=status,
            retry_after=float(after) if after.isdecimal() else None,
        )
    if status == 403:
        return ClientError(
            f"{url} does not answer under that name: allow it there with --host.", code="wrong_host", status=status
        )
    return ClientError(
        f"{url} opens no WebSocket (status {status}): a proxy before it must pass on Upgrade and Connection.",
        code="bad_answer",
        status=status,
    )
