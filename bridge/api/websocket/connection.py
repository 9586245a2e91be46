"""One WebSocket: hello, requests, events. Requests run concurrently; what leaves goes through one bounded queue."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, ClosedError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.api.sessions.audience import Encoded, Listener
from musearoo.bridge.api.sessions.hub import OpenSession
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types.events import Joined
from musearoo.bridge.api.types.frames import Hello, Welcome
from musearoo.bridge.api.websocket.answering import Answering
from musearoo.bridge.api.websocket.codec import Codec
from musearoo.bridge.api.websocket.stalls import STALLED
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.errors import StoreError

HELLO_WITHIN: Final = 2.0
"""Seconds in which the first frame must come, with the token unless the header had it."""
CHECKED_EVERY: Final = 30.0
"""Seconds after which the token of a connection is looked at again: so long one that was revoked may listen."""
SLOW, POLICY, GONE = 1013, 1008, 1006
"""Codes of a close."""


class Connection:
    """A client's connection to one session."""

    def __init__(self, socket: WebSocket, services: ApiServices, session: str) -> None:
        self._socket = socket
        self._services = services
        self._session_id = session
        self._codec: Codec
        self._token = socket.scope["state"].get("token", "")
        self._session: OpenSession
        self._listener: Listener
        self._answering: Answering

    async def run(self) -> None:
        """Serve the connection until it ends."""
        codec = Codec.of(self._socket.scope.get("subprotocols", []))
        if codec is None:
            await self._socket.close(POLICY, "no subprotocol musearoo.v1")
            return
        self._codec = codec
        await self._socket.accept(subprotocol=codec.protocol)
        self._services.metrics.websockets.add(1)
        try:
            await self._greet_and_serve()
        finally:
            self._services.metrics.websockets.add(-1)
            if self._socket.scope["state"].get(STALLED):
                self._services.metrics.slow_clients.add()

    async def _greet_and_serve(self) -> None:
        codec = self._codec
        try:
            await self._greet()
        except (ApiError, StoreError) as error:
            problem = problem_of(error)
            with contextlib.suppress(Exception):
                await self._send(codec.encode("problem", 0, problem.problem()))
            await self._close(SLOW if problem.status == 503 else POLICY, problem.code)
            return
        except (WebSocketDisconnect, TimeoutError):
            await self._close(POLICY, "no hello within two seconds")
            return
        try:
            await self._serve()
        finally:
            self._session.audience.leave(self._listener)
            self._tell_people()
            self._answering.close()

    async def _greet(self) -> None:
        """Read the hello, and answer it with the set."""
        async with asyncio.timeout(HELLO_WITHIN):
            frame = self._codec.decode(await self._receive())
        if frame.type != "hello":
            raise ApiError(401, "unauthorized", "The first frame must be hello, with a token.")
        hello: Hello = self._codec.read(frame, Hello)
        self._token = hello.token or self._token
        try:
            who = await self._admit()
        except ApiError:
            self._services.rates.count_failure(self._socket.client.host if self._socket.client else "?")
            raise
        session = await self._services.hub.open(self._session_id, who)
        state = await self._services.hub.state(self._session_id, who)
        self._session = session
        # From here on nothing is missed: events that come before the snapshot is sent wait in the queue.
        self._listener = session.audience.join(who.name, who.user, hello.events)
        self._answering = Answering(
            self._services, self._socket.app, session.id, self._admit, self._codec, self._listener
        )
        try:
            changes = await session.changes_since(hello.since)
            welcome = Welcome(
                session=session.id,
                user=who.name,
                role=state.role or "listener",
                version=changes.version,
                people=session.audience.names,
                changes=changes,
                feed=() if hello.since is None else await session.feed_since(hello.since, changes.version),
            )
            await self._send(self._codec.encode("welcome", frame.id, welcome))
        except BaseException:
            session.audience.leave(self._listener)
            raise
        self._tell_people()

    async def _admit(self) -> Who:
        """Return who the connection's token stands for now. Raises ApiError where it is not valid any more."""
        who = await self._services.admission.admit(self._token)
        if isinstance(who, ApiError):
            raise who
        return who

    def _tell_people(self) -> None:
        names = self._session.audience.names
        self._session.audience.tell(Encoded.of(Joined(names=names), about="people"))

    async def _serve(self) -> None:
        tasks = {asyncio.create_task(work()) for work in (self._read, self._write, self._check)}
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        for task in done:
            error = task.exception()
            if error is not None and not isinstance(error, WebSocketDisconnect):
                LOG.error("A WebSocket failed by a fault of ours", exc_info=error)

    async def _check(self) -> None:
        """Wait until the token or the membership has ended, also by another server, and end the connection then."""
        while True:
            await asyncio.sleep(CHECKED_EVERY)
            try:
                state = await self._services.hub.state(self._session_id, await self._admit())
                if state.closed is not None:
                    raise ClosedError
            except StoreError:
                continue
            except ApiError as error:
                await self._close(POLICY, error.code)
                return

    async def _write(self) -> None:
        """Send what waits in the queue; ends the connection of a client that is too slow."""
        listener = self._listener
        while True:
            events = await listener.get()
            for event in events:
                await self._send(event.body if event.is_frame else self._codec.wrap_msgpack("event", 0, event.body))
            if listener.is_lost:
                self._services.metrics.slow_clients.add()
                await self._close(SLOW, "too slow: connect again, and say since which version")
                return
            if any(event.is_last for event in events):
                await self._close(1000, "the session was closed")
                return

    async def _read(self) -> None:
        while True:
            data = await self._receive()
            self._services.metrics.frames_in.add()
            try:
                frame = self._codec.decode(data)
            except ApiError as error:
                self._answering.refuse(0, error)
            else:
                self._answering.take(frame)

    async def _receive(self) -> bytes | str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        data: bytes | str | None = message.get("bytes")
        return data if data is not None else str(message.get("text", ""))

    async def _send(self, frame: bytes) -> None:
        self._services.metrics.frames_out.add()
        try:
            if self._codec.is_text:
                await self._socket.send_text(frame.decode())
            else:
                await self._socket.send_bytes(frame)
        except RuntimeError as error:
            # uvicorn has closed it meanwhile: for a ping without an answer, or as the server stops.
            raise WebSocketDisconnect(GONE) from error

    async def _close(self, code: int, reason: str) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            with contextlib.suppress(Exception):
                await self._socket.close(code, reason)
