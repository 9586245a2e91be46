"""The live connection for programs without asyncio: the same one, in an event loop of its own thread."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, Final, Self, TypeVar

from musearoo.bridge.api.types.answers import Outcome
from musearoo.bridge.api.types.events import AnyEvent
from musearoo.bridge.api.types.frames import EventName, Welcome
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.client.addresses import Address
from musearoo.client.errors import ClientError
from musearoo.client.live.connection import AsyncLive

Value = TypeVar("Value")

ENDED_WITHIN: Final = 2.0
"""Seconds that waiting requests get to end."""


class Live:
    """A live connection to one session. `for event in live` yields its events; `do` sends a request.

    It is AsyncLive, with the same rules, for threads: `do` returns at once, and its future can be waited for.
    """

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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._live = AsyncLive(address, token, session, since=since, events=events, trust=trust)

    def __enter__(self) -> Self:
        loop, started = asyncio.new_event_loop(), threading.Event()
        loop.call_soon(started.set)
        self._loop = loop
        self._thread = threading.Thread(target=loop.run_forever, name="musearoo live", daemon=True)
        self._thread.start()
        started.wait()
        try:
            self._wait(self._live.__aenter__())
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, and its thread."""
        if self._is_running:
            self._wait(self._end())
            self._stop()

    @property
    def welcome(self) -> Welcome:
        """The last greeting of the server, with the set as it was then."""
        return self._live.welcome

    @property
    def version(self) -> int | None:
        """The version of the set that is known."""
        return self._live.version

    @property
    def missed(self) -> int:
        """Events that were dropped because nobody read them."""
        return self._live.missed

    def do(self, request: AnyRequest) -> Future[Outcome]:
        """Send a request. The future gives its Outcome, or raises ClientError; requests run next to each other."""

        async def ask() -> Outcome:
            return await self._live.do(request)

        return self._begin(ask())

    def turn(self, take: str, *, final: bool = False, **params: Any) -> Future[Outcome]:
        """Play a take again with other values of its parameters; until `final` nothing is written into the set."""

        async def ask() -> Outcome:
            return await self._live.turn(take, final=final, **params)

        return self._begin(ask())

    def subscribe(self, events: tuple[EventName, ...] | None) -> Future[None]:
        """Choose the kinds of events from here on, None for all; the future tells when that is so."""

        async def ask() -> None:
            await self._live.subscribe(events)

        return self._begin(ask())

    def __iter__(self) -> Iterator[AnyEvent]:
        return self

    def __next__(self) -> AnyEvent:
        """Return the next event; ends when the connection was closed. Raises ClientError when it cannot be mended."""
        if not self._is_running:
            raise StopIteration
        try:
            return self._wait(self._live.__anext__())
        except StopAsyncIteration:
            raise StopIteration from None

    async def _end(self) -> None:
        await self._live.aclose()
        # Whoever still waits in another thread gets an answer before the loop ends.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=ENDED_WITHIN)

    def _wait(self, work: Coroutine[Any, Any, Value]) -> Value:
        return self._begin(work).result()

    def _begin(self, work: Coroutine[Any, Any, Value]) -> Future[Value]:
        if self._loop is not None and self._loop.is_running():
            return asyncio.run_coroutine_threadsafe(work, self._loop)
        work.close()
        failed: Future[Value] = Future()
        failed.set_exception(ClientError("The live connection has ended: open another.", code="closed"))
        return failed

    @property
    def _is_running(self) -> bool:
        return self._loop is not None and self._loop.is_running()

    def _stop(self) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
