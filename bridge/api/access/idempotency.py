"""Idempotency keys: a POST with the header `Idempotency-Key` is done once, however often it is sent.

Around all routes, so that each has it, by HTTP and by WebSocket. A repeat gets the same status and body, marked by
`Idempotent-Replayed: true`; also after a restart of the server. An answer of 5xx, 408 or 429 is not kept: nothing was
done, and the repeat is done anew. The body of an upload is not read for it: it counts by its declared length and, where
the client sends one, by its `Content-Digest` or `Repr-Digest` (RFC 9530).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import msgspec

from musearoo.bridge.api.access.guard import App, Receive, Scope, Send, is_upload, send_problem
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, ConflictError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import ConflictError as StoreConflictError
from musearoo.bridge.store.errors import StoreError
from musearoo.bridge.store.idempotency import claim_key, keep_answer, release_key
from musearoo.bridge.store.records import Answer

SECRET_ANSWERS: Final = frozenset({"/api/v3/tokens", "/api/v3/login"})
"""Paths whose answers are never kept: the store has no token, only its hash."""
SECRET_BODIES: Final = frozenset({"/api/v3/users", "/api/v3/login"})
"""Paths whose bodies count by their length alone: a fast hash of a password would be an easy way to guess it."""
UNDONE: Final = (408, 429)
"""Statuses below 500 after which nothing was done: the body did not come, or too many requests did."""
LONGEST_KEY: Final = 128
LARGEST_KEPT: Final = 8 * 1024 * 1024
"""Bytes of an answer that is kept."""
KEPT_HEADERS: Final = (b"content-type", b"etag", b"location", b"upload-offset", b"tus-resumable")
REPLAYED: Final = (b"idempotent-replayed", b"true")


class _KeptAnswer(msgspec.Struct, array_like=True):
    """What stands in the store: the headers that say something, and the body."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


class Idempotency:
    """Wraps the application. Who asks stands in the request's state."""

    def __init__(self, app: App, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._app = app
        self._database = database
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or repeat the answer to the first of its kind."""
        key = _header(scope, b"idempotency-key") if scope["type"] == "http" and scope["method"] == "POST" else ""
        who: Who | None = scope.get("state", {}).get("who")
        if not key or who is None:
            await self._app(scope, receive, send)
            return
        try:
            body = None if is_upload(scope) else await _read(receive)
            known = await self._claim(who, key, _digest(scope, body))
        except (ApiError, StoreError) as error:
            await send_problem(send, problem_of(error), scope)
            return
        except _HungUpError:
            return
        if known is not None:
            await _replay(send, known)
            return
        recorder = _Recorder()
        try:
            await self._app(scope, receive if body is None else _again(body, receive), recorder.send)
        finally:
            await self._settle(who, key, recorder, is_secret=scope["path"] in SECRET_ANSWERS)
        # After it is kept: an answer that somebody has seen is there after a crash, too.
        for message in recorder.messages:
            await send(message)

    async def _claim(self, who: Who, key: str, digest: str) -> Answer | None:
        """Return the first request's answer, None where this is the first. Raises ApiError and StoreError."""
        if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
            sentence = f"Idempotency-Key must be up to {LONGEST_KEY} visible ASCII characters, such as a UUID."
            raise ApiError(400, "bad_header", sentence, "Idempotency-Key")
        claim = partial(claim_key, user=who.user, key=key, digest=digest, now=self._clock())
        try:
            known = await self._database.run(claim)
        except StoreConflictError as error:
            raise ApiError(422, "key_reused", str(error), "Idempotency-Key") from error
        if known is not None and known.status is None:
            sentence = "The first request with this idempotency key is under way: ask again in a moment."
            raise ApiError(409, "under_way", sentence, retry_after=1.0)
        return known

    async def _settle(self, who: Who, key: str, recorder: _Recorder, *, is_secret: bool) -> None:
        """Keep the answer, or give the key up where nothing was done."""
        try:
            if recorder.is_whole and recorder.status < 500 and recorder.status not in UNDONE:
                status, kept = recorder.kept(is_secret=is_secret)
                packed = msgspec.msgpack.encode(kept)
                await self._database.run(partial(keep_answer, user=who.user, key=key, status=status, body=packed))
            else:
                await self._database.run(partial(release_key, user=who.user, key=key))
        except StoreError as error:
            LOG.error("The answer to an idempotency key cannot be kept: %s", error)


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
        problem = ConflictError(sentence).problem()
        headers = [(b"content-type", b"application/problem+json")]
        return problem.status, _KeptAnswer(headers, msgspec.json.encode(problem))


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
