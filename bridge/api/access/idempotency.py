"""Idempotency keys: a POST with the header `Idempotency-Key` is done once, however often it is sent.

Around all routes, so that each has it, by HTTP and by WebSocket. A repeat gets the same status and body, marked by
`Idempotent-Replayed: true`; also after a restart of the server. An answer of 5xx, 408 or 429 is not kept: nothing was
done, and the repeat is done anew. The body of an upload is not read for it: it counts by its declared length and, where
the client sends one, by its `Content-Digest` or `Repr-Digest` (RFC 9530).

Where the server was killed before it could answer, the store knows what the request had done: a repeat is told so. If
it had done nothing, the repeat is done, at once. So are, a second time, requests that change nothing, or whose repeat
changes nothing more: closing and resuming a session, cancelling a job, beginning an upload of which no byte has come.
What was asked of Live may have been done there without a trace: that is said, and not done again.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

import msgspec

from musearoo.bridge.api.access.guard import App, Receive, Scope, Send, is_upload, send_problem
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, ConflictError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import ConflictError as StoreConflictError
from musearoo.bridge.store.errors import MissingError, StoreError
from musearoo.bridge.store.idempotency import (
    CLAIM,
    IN_LIVE,
    Claim,
    What,
    claim_key,
    keep_answer,
    release_key,
    take_over,
)
from musearoo.bridge.store.records import Answer

SECRET_ANSWERS: Final = frozenset(
    {"/api/v3/tokens", "/api/v3/login", "/api/v3/links", "/api/v3/links/open", "/api/v3/lan"}
)
"""Paths whose answers are never kept: the store has no token, only its hash."""
SECRET_BODIES: Final = frozenset({"/api/v3/users", "/api/v3/login", "/api/v3/links/open"})
"""Paths whose bodies count by their length alone: a fast hash of a password would be an easy way to guess it."""
UNDONE: Final = (408, 429)
"""Statuses below 500 after which nothing was done: the body did not come, or too many requests did."""
BY_PRODUCTS: Final[dict[str, What]] = {"/api/ai/generate": "session"}
"""What a path's requests make on the way: without the rest nothing was done yet."""
ABANDONED: Final = 600.0
"""Seconds after which a request of another server that lives counts as given up: it does nothing any more then."""
LONGEST_KEY: Final = 128
LARGEST_KEPT: Final = 8 * 1024 * 1024
"""Bytes of an answer that is kept."""
KEPT_HEADERS: Final = (b"content-type", b"etag", b"location", b"upload-offset", b"tus-resumable")
REPLAYED: Final = (b"idempotent-replayed", b"true")
PROBLEM: Final = (b"content-type", b"application/problem+json")
_SESSION_PATH: Final = re.compile(r"/api/v3/sessions/([^/]+)/.+")
_PLACES: Final = {
    "step": ("version {1} of the set of session {0}", "/api/v3/sessions/{0}/history"),
    "job": ("job {0}", "/api/v3/jobs/{0}"),
    "session": ("session {0}", "/api/v3/sessions/{0}"),
    "user": ("user {0}", "/api/v3/users"),
    "token": ("token {0}, whose secret is lost: revoke it", "/api/v3/tokens"),
}
"""What a request has done, by its kind: in words, and the path where it can be read."""


class _KeptAnswer(msgspec.Struct, array_like=True):
    """What stands in the store: the headers that say something, and the body."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


class Servers(Protocol):
    """The servers that share the database; `name` is this one."""

    name: str

    def is_alive(self, name: str) -> bool:
        """Whether the server of a name lives."""


class Idempotency:
    """Wraps the application. Who asks, and the request's id, stand in the request's state."""

    def __init__(
        self,
        app: App,
        database: Database,
        servers: Servers,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._database = database
        self._servers = servers
        self._clock = clock
        self._under_way: set[str] = set()
        """The ids of the requests with keys that this server performs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or repeat the answer to the first of its kind."""
        key = _header(scope, b"idempotency-key") if scope["type"] == "http" and scope["method"] == "POST" else ""
        who: Who | None = scope.get("state", {}).get("who")
        if not key or who is None:
            await self._app(scope, receive, send)
            return
        request_id = scope["state"]["request_id"]
        self._under_way.add(request_id)
        try:
            body = None if is_upload(scope) else await _read(receive)
            claim = Claim(who.user, key, request_id, self._servers.name, BY_PRODUCTS.get(scope["path"]))
            known = await self._claim(claim, scope, _digest(scope, body))
            if known is not None:
                await _replay(send, known)
                return
            recorder = await self._perform(claim, scope, receive if body is None else _again(body, receive))
        except (ApiError, StoreError) as error:
            await send_problem(send, problem_of(error), scope)
            return
        except _HungUpError:
            return
        finally:
            self._under_way.discard(request_id)
        # After it is kept: an answer that somebody has seen is there after a crash, too.
        for message in recorder.messages:
            await send(message)

    async def _perform(self, claim: Claim, scope: Scope, receive: Receive) -> _Recorder:
        """Have the application answer, and keep its answer."""
        recorder = _Recorder()
        token = CLAIM.set(claim)
        try:
            await self._app(scope, receive, recorder.send)
        finally:
            claim.is_open = False
            CLAIM.reset(token)
            await self._settle(claim, recorder, is_secret=scope["path"] in SECRET_ANSWERS)
        return recorder

    async def _claim(self, claim: Claim, scope: Scope, digest: str) -> Answer | None:
        """Return the first request's answer, None where this is to be performed. Raises ApiError and StoreError."""
        if len(claim.key) > LONGEST_KEY or not claim.key.isascii() or not claim.key.isprintable():
            sentence = f"Idempotency-Key must be up to {LONGEST_KEY} visible ASCII characters, such as a UUID."
            raise ApiError(400, "bad_header", sentence, "Idempotency-Key")
        now = self._clock()
        try:
            known = await self._database.run(partial(claim_key, claim=claim, digest=digest, now=now))
        except StoreConflictError as error:
            raise ApiError(422, "key_reused", str(error), "Idempotency-Key") from error
        if known is None or known.status is not None:
            return known
        if await self._is_given_up(known, now):
            path = _SESSION_PATH.fullmatch(scope["path"])
            take = partial(take_over, claim=claim, given_up=known, session=path[1] if path else "", now=now)
            try:
                known = await self._database.run(take)
            except MissingError as error:
                raise _under_way() from error
            if known is None or known.status is not None:
                return known
            if known.done is not None:
                status, kept = _tell_done(known.done)
                body = await self._keep(known, status, kept)
                return msgspec.structs.replace(known, status=status, body=body)
        raise _under_way()

    async def _is_given_up(self, known: Answer, now: float) -> bool:
        """Whether nobody performs a request any more that has no answer."""
        if known.server == self._servers.name:
            return known.request_id not in self._under_way
        if abs(now - known.made) > ABANDONED:
            return True
        return not await asyncio.to_thread(self._servers.is_alive, known.server)

    async def _settle(self, claim: Claim, recorder: _Recorder, *, is_secret: bool) -> None:
        """Keep the answer, or give the key up where nothing was done."""
        try:
            if recorder.is_whole and recorder.status < 500 and recorder.status not in UNDONE:
                await self._keep(claim, *recorder.kept(is_secret=is_secret))
                return
            release = partial(release_key, user=claim.user, key=claim.key, request_id=claim.request_id)
            if (done := await self._database.run(release)) is not None:
                await self._keep(claim, *_tell_done(done))
        except StoreError as error:
            LOG.error("The answer to an idempotency key cannot be kept: %s", error)

    async def _keep(self, of: Claim | Answer, status: int, kept: _KeptAnswer) -> bytes:
        """Keep an answer, and return it as the store has it."""
        body = msgspec.msgpack.encode(kept)
        keep = partial(keep_answer, user=of.user, key=of.key, request_id=of.request_id, status=status, body=body)
        await self._database.run(keep)
        return body


@dataclass(slots=True)
class _Recorder:
    """Holds an answer back until it is kept. Answers to POST are small, and come in one piece."""

    messages: list[MutableMapping[str, Any]] = field(default_factory=list)

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take a message of the application."""
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The answer's status, 500 without one."""
        return next((each["status"] for each in self.messages if each["type"] == "http.response.start"), 500)

    @property
    def is_whole(self) -> bool:
        """Whether the answer has an end."""
        last = self.messages[-1] if self.messages else {"type": ""}
        return last["type"] == "http.response.body" and not last.get("more_body", False)

    def kept(self, *, is_secret: bool) -> tuple[int, _KeptAnswer]:
        """Return what is kept of the answer; of one that is too large, or a secret, only that it was given."""
        body = b"".join(each.get("body", b"") for each in self.messages if each["type"] == "http.response.body")
        is_shown_once = is_secret and self.status < 400
        if len(body) <= LARGEST_KEPT and not is_shown_once:
            headers = self.messages[0]["headers"]
            return self.status, _KeptAnswer([each for each in headers if each[0].lower() in KEPT_HEADERS], body)
        sentence = "This was done, but its answer was too large to be kept: read the set, or the list of takes."
        if is_shown_once:
            sentence = "This was done, and its answer is shown once: revoke that token, and make another one."
        return _as_kept(ConflictError(sentence))


def _as_kept(error: ApiError, *headers: tuple[bytes, bytes]) -> tuple[int, _KeptAnswer]:
    """Return the status and the answer that tell of an error."""
    return error.status, _KeptAnswer([PROBLEM, *headers], msgspec.json.encode(error.problem()))


def _tell_done(done: str) -> tuple[int, _KeptAnswer]:
    """Return what is answered in place of the answer that was lost, by what the store has noted of the request."""
    if done.startswith(IN_LIVE):
        sentence = (
            "This was asked of Live when the server ended, and may be done: look into the set, then use a new key."
        )
        return _as_kept(ApiError(409, "may_be_done", sentence))
    words, place = [], ""
    for noted in done.split(","):
        what, *which = noted.split(" ")
        text, path = _PLACES[what]
        words.append(text.format(*which))
        place = path.format(*which)
    sentence = f"This was done, but the server ended before its answer: {', '.join(words)}. GET {place} shows it."
    return _as_kept(ApiError(409, "done_before", sentence), (b"location", place.encode()))


def _under_way() -> ApiError:
    sentence = "The first request with this idempotency key is under way: ask again in a moment."
    return ApiError(409, "under_way", sentence, retry_after=1.0)


async def _replay(send: Send, known: Answer) -> None:
    kept = msgspec.msgpack.decode(known.body or b"", type=_KeptAnswer)
    headers = [*kept.headers, (b"content-length", str(len(kept.body)).encode()), REPLAYED]
    await send({"type": "http.response.start", "status": known.status, "headers": headers})
    await send({"type": "http.response.body", "body": kept.body})


def _digest(scope: Scope, body: bytes | None) -> str:
    """Return what tells one request from another; an upload's body counts by its length and declared digest."""
    hasher = hashlib.sha256()
    parts = [scope["path"].encode(), scope.get("query_string", b""), _header(scope, b"content-type").encode()]
    if body is None:
        length = _header(scope, b"content-length")
        if not length:
            sentence = "An upload with an idempotency key must say its length: send Content-Length."
            raise ApiError(411, "length_required", sentence)
        parts += [length.encode(), _header(scope, b"content-digest").encode(), _header(scope, b"repr-digest").encode()]
    else:
        parts.append(str(len(body)).encode() if scope["path"] in SECRET_BODIES else body)
    for part in parts:
        hasher.update(len(part).to_bytes(8, "big") + part)
    return hasher.hexdigest()


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted), "")


class _HungUpError(Exception):
    """The client hung up before the end of its body: what it asked for is not known."""


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _HungUpError
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body which was read already, then what comes after it."""
    is_given = False

    async def receive_again() -> MutableMapping[str, Any]:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
