"""The client: every route as a method, sessions as objects."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Protocol, Self, TypeVar

from musearoo.bridge.api.types.answers import JobState
from musearoo.bridge.api.types.frames import EventName
from musearoo.bridge.api.types.jobs import UploadState
from musearoo.bridge.api.types.sessions import SessionState
from musearoo.client.addresses import LOCAL_URL
from musearoo.client.asynchronous.routes import AsyncClientRoutes, AsyncSessionRoutes
from musearoo.client.asynchronous.transport import AsyncTransport
from musearoo.client.errors import ClientError
from musearoo.client.exchange import error_of_job
from musearoo.client.live.connection import AsyncLive
from musearoo.client.retries import PASSING, PATIENT, Retries

Item = TypeVar("Item", covariant=True)

PAGE: Final = 200
"""Items of the pages that `each` reads: the most that the server gives at once."""


WAIT: Final = 20.0
"""Seconds that the server is asked to wait for the end of a job, but never longer than half the timeout."""
STEP: Final = 0.5
"""The same where somebody wants to see the progress."""
PIECE: Final = 4 * 1024 * 1024
"""Bytes of a piece of an upload."""
MOST_FAILURES: Final = 5
"""Pieces of an upload that may be lost."""
LOST: Final = ("connection_lost", "timed_out", "unreachable", "wrong_offset")
"""Failures of a piece after which the server is asked how much it has; so it is by PASSING statuses."""


class Page(Protocol[Item]):
    """An answer with a part of a list. `next` is the cursor of the part after it."""

    @property
    def items(self) -> tuple[Item, ...]:
        """The items."""

    @property
    def next(self) -> str | None:
        """The cursor, None at the end."""


class AsyncClient(AsyncClientRoutes):
    """A client of a MuseAroo server. Every method raises ClientError with a sentence that says what to do.

    Without a `token` it is MUSEAROO_TOKEN, or for the server of this machine its token file. `timeout`: the longest
    silence in seconds. What fails for a moment is tried again, as `retries` says, and is never done twice.
    `certificate`: a file in PEM, of a server that has its own. `transport`: another of httpx2's, for tests.
    """

    def __init__(
        self,
        url: str = LOCAL_URL,
        *,
        token: str | None = None,
        timeout: float = 60.0,
        retries: Retries = PATIENT,
        certificate: str | None = None,
        transport: Any = None,
    ) -> None:
        self._transport = AsyncTransport(
            url, token=token, timeout=timeout, retries=retries, certificate=certificate, transport=transport
        )

    @property
    def url(self) -> str:
        """The server's address."""
        return self._transport.address.url

    def session(self, session: str | SessionState) -> AsyncSession:
        """Return a session by its id, or by its state as `create_session` returns it. Nothing is sent yet."""
        return AsyncSession(self._transport, session if isinstance(session, str) else session.id)

    async def each(self, method: Callable[..., Awaitable[Page[Item]]], *arguments: Any) -> AsyncIterator[Item]:
        """Yield all items of a method that returns pages, such as `list_sessions`, page by page."""
        after: str | None = None
        while True:
            page = await method(*arguments, limit=PAGE, after=after)
            for item in page.items:
                yield item
            after = page.next
            if after is None:
                return

    async def wait(
        self, job: str | JobState, on_change: Callable[[JobState], None] | None = None, *, timeout: float | None = None
    ) -> JobState:
        """Wait until a job is done, and return it with its result; `on_change` is called with each answer meanwhile.

        Raises ClientError with the job's own sentence if it failed or was cancelled, and `timed_out` after `timeout`
        seconds: the job goes on then.
        """
        id = job if isinstance(job, str) else job.id
        ends = None if timeout is None else time.monotonic() + timeout
        step = min(WAIT if on_change is None else STEP, self._transport.timeout / 2)
        while True:
            left = step if ends is None else ends - time.monotonic()
            state = await self.read_job(id, wait=max(0.0, min(step, left)))
            if on_change is not None:
                on_change(state)
            if state.state == "done":
                return state
            if state.state in ("failed", "cancelled"):
                raise error_of_job(state)
            if left <= 0.0:
                sentence = f"The job is not done after {timeout:g} s: ask for {id} again, or cancel it."
                raise ClientError(sentence, code="timed_out")

    async def upload(self, file: Path | str) -> UploadState:
        """Upload a file in pieces; a piece that is lost is sent again, from where the server has it. Raises OSError.

        Its id goes into the argument `upload` of `analyze_file` and `listen` of a session.
        """
        with open(file, "rb") as source:
            size = source.seek(0, 2)
            state = await self.create_upload(size, name=Path(file).name)
            failures = 0
            while state.offset < size:
                source.seek(state.offset)
                if not (piece := source.read(PIECE)):
                    raise ClientError(f"{file} has become shorter meanwhile: upload it again.", code="bad_file")
                try:
                    await self.add_piece(state.id, data=piece, upload_offset=state.offset)
                except ClientError as error:
                    failures += 1
                    may_go_on = error.code in LOST or error.status in PASSING
                    if not may_go_on or failures > MOST_FAILURES:
                        raise
                state = await self.read_upload(state.id)
        return state

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class AsyncSession(AsyncSessionRoutes):
    """One session. Its methods are those of its routes; `live` opens the connection for events and quick requests."""

    def live(self, *, since: int | None = None, events: tuple[EventName, ...] | None = None) -> AsyncLive:
        """Return a live connection to the session, to be used by `async with`.

        `since`: the version of the set that is known already; differences to it follow, and `welcome.feed` says who
        made them. `events`: the kinds of events that come, all without it.
        """
        return AsyncLive(
            self._transport.address,
            self._transport.token,
            self.id,
            since=since,
            events=events,
            trust=self._transport.ssl,
        )
