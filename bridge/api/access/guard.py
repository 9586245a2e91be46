"""The first that every request meets: hosts, origins, bodies, tokens, rates; and the headers of every answer.

Plain ASGI, around the whole application, so that no route can be reached past it.
"""

from __future__ import annotations

import asyncio
import math
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from musearoo.bridge.api.access.admission import Admission
from musearoo.bridge.api.access.origins import JSON, MSGPACK, Doors, check_content, media_type
from musearoo.bridge.api.access.rates import Rates
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.settings.logs import LOG, about_request
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Observe = Callable[[str, str, int, float], None]
"""Called with each answered request: route template, method, status, seconds."""

PREFIX: Final = "/api/v3"
PROBLEM: Final = "application/problem+json"
LARGEST_BODY: Final = 256 * 1024
"""Bytes of a body that is no upload."""
OPEN_PATHS: Final = frozenset({"/healthz", "/readyz", "/docs", "/api/v3/openapi.json"})
PAGE: Final = "/"
PAGE_FILES: Final = "/page/"
"""What needs no token: it tells nothing about the user."""

SIGN_IN_PATHS: Final = frozenset({"/api/v3/login", "/api/v3/links/open"})
"""Where a token is got: by a password, or by the code of a one-time link."""

FILE_PATH: Final = re.compile(r"/api/v3/sessions/[^/]+/(?:analyze|listen)")
UPLOAD_PIECE: Final = re.compile(r"/api/v3/uploads/[^/]+")
"""Paths whose bodies may be files."""
BODY_WITHIN = 15.0
"""Seconds in which a body must come, and each piece of an upload."""
SLOWEST_UPLOAD: Final = 1_000.0
"""Bytes a second of an upload, in the mean."""
MOST_HEADERS: Final = 100
TOKEN_NAMES: Final = frozenset({"token", "access_token", "api_key", "apikey", "authorization"})
"""Parameters of an address that look like a token: addresses stand in logs, histories and the Referer."""
SINGLE: Final = frozenset(
    {
        "authorization",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "if-match",
        "origin",
        "range",
        "sec-fetch-site",
        "transfer-encoding",
    }
)
"""Headers that decide something: where one comes twice, another program may have read the other one."""

HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
EXPOSED: Final = (
    b"access-control-expose-headers",
    b"etag, retry-after, x-request-id, location, link, content-range, content-disposition, idempotent-replayed, "
    b"tus-resumable, upload-length, upload-offset",
)
"""What pages of an allowed origin may read of an answer; browsers look for it there, not in the preflight's."""
IS_HEAD: Final = "musearoo.is_head"
"""Stands in the scope of a request whose answer needs no body."""
_NO_SCRIPTS: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class Guard:
    """Wraps the application. `upload_limit` is the most bytes of an uploaded file.

    `on_problem` is called with the code of each problem that a request ends with.
    """

    def __init__(
        self,
        app: App,
        doors: Doors,
        admission: Admission,
        rates: Rates,
        upload_limit: int,
        observe: Observe,
        on_problem: Callable[[str], None],
    ) -> None:
        self._app = app
        self.doors = doors
        """May be replaced while it serves: the local network comes and goes."""
        self._admission = admission
        self._rates = rates
        self._upload_limit = upload_limit
        self._observe = observe
        self._on_problem = on_problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        match scope["type"]:
            case "http":
                request_id = new_id(time.time(), secrets.token_bytes(RANDOM_BYTES))
                with about_request(request_id):
                    await self._http(scope, receive, send, request_id)
            case "websocket":
                await self._websocket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        began, status, is_answered = time.perf_counter(), 500, False
        state = scope.setdefault("state", {})
        inner = scope
        if scope["method"] == "HEAD" and not UPLOAD_PIECE.fullmatch(scope["path"]):
            # Answered as GET; uvicorn leaves the body out.
            inner = {**scope, "method": "GET", IS_HEAD: True}
        body = _Body(receive)
        origin: str | None = None

        async def answer(message: MutableMapping[str, Any]) -> None:
            nonlocal status, is_answered
            if message["type"] == "http.response.start":
                status, is_answered = message["status"], True
                given = message.get("headers", ())
                extra = [*HEADERS, (b"x-request-id", request_id.encode())]
                if not any(name == b"content-security-policy" for name, _ in given):
                    extra.append(_NO_SCRIPTS)
                if not any(name == b"cache-control" for name, _ in given):
                    extra.append((b"cache-control", b"no-store"))
                if origin is not None and origin.lower() in self.doors.origins:
                    extra += [(b"access-control-allow-origin", origin.encode()), (b"vary", b"Origin"), EXPOSED]
                if (since := _deprecated_since(inner)) is not None:
                    extra.append((b"deprecation", f"@{since}".encode()))
                if body.is_unread:
                    # The rest of it is not waited for.
                    extra.append((b"connection", b"close"))
                message = {**message, "headers": [*given, *extra]}
            await send(message)

        try:
            headers = _headers_of(scope)
            body.is_unread = has_body = (
                headers.get("content-length", "0").strip("0") != "" or "transfer-encoding" in headers
            )
            origin = headers.get("origin")
            if headers.get("transfer-encoding", "chunked").strip().lower() != "chunked":
                raise ApiError(400, "bad_header", "The body may be sent in chunks, but not packed: send it as it is.")
            self.doors.check(headers.get("host", ""), origin, headers.get("sec-fetch-site"))
            if scope["method"] == "OPTIONS" and origin is not None:
                await _answer_preflight(answer)
                return
            _refuse_token_in_address(scope)
            check_content(
                scope["method"], headers.get("content-type", ""), headers.get("content-encoding", ""), has_body
            )
            who = await self._admit(scope, headers)
            state.update(who=who, request_id=request_id)
            is_file = is_upload(scope)
            body.limit(headers.get("content-length", ""), self._upload_limit if is_file else LARGEST_BODY, is_file)
            await self._app(inner, body.receive, answer)
        except ApiError as error:
            await send_problem(answer, error, scope)
        except asyncio.CancelledError:
            # uvicorn stops, and has waited long enough.
            status = 503
            if not is_answered:
                sentence = "The server stops: send it again in a moment."
                await send_problem(answer, ApiError(503, "stopping", sentence, retry_after=1), scope)
        except Exception:
            if body.is_gone:
                # Whoever asked has hung up in the middle of the body: a status of nginx' for the metrics.
                status = 499
                return
            LOG.exception("Request %s failed by a fault of ours: %s", request_id, scope["method"])
            if not is_answered:
                sentence = f"That failed by a fault of ours: the log says where, at {request_id}."
                await send_problem(answer, ApiError(500, "fault", sentence), scope)
        finally:
            self._observe(_template_of(inner), scope["method"], status, time.perf_counter() - began)
            if "problem" in state:
                self._on_problem(state["problem"])

    async def _admit(self, scope: Scope, headers: dict[str, str]) -> Who | None:
        """Return who asks; None where nobody needs to be known. Raises ApiError."""
        client = (scope.get("client") or ("?", 0))[0]
        path = scope["path"]
        if path == PAGE or path.startswith(PAGE_FILES):
            self._rates.check_page(client)
            return None
        if path in OPEN_PATHS or path in SIGN_IN_PATHS:
            # Not from one bucket: who looks at the health must not keep others out.
            self._rates.check_client(f"{client} {path in SIGN_IN_PATHS}")
            return None
        who = await self._admission.admit(_bearer(headers))
        if isinstance(who, ApiError):
            self._rates.count_failure(client)
            raise who
        if not who.is_local:
            self._rates.check_user(who.user)
        return who

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = _headers_of(scope)
            self.doors.check(headers.get("host", ""), headers.get("origin"))
            _refuse_token_in_address(scope)
        except ApiError as error:
            await receive()
            LOG.info("A WebSocket was refused: %s", error.sentence)
            # Before it is accepted, a close is answered as 403.
            await send({"type": "websocket.close", "code": 1008, "reason": error.code})
            return
        scope.setdefault("state", {}).update(token=_bearer(headers))
        await self._app(scope, receive, send)


def _template_of(scope: Scope) -> str:
    """Return the path of a request's route, with the names of its parameters; "other" without one."""
    path: str = getattr(scope.get("route"), "path", "")
    if not path:
        return "other"
    # FastAPI gives the route of an included router without the prefix.
    is_below = scope["path"].startswith(f"{PREFIX}/") and not path.startswith(f"{PREFIX}/")
    return PREFIX + path if is_below else path


def _deprecated_since(scope: Scope) -> int | None:
    """Return since when a request's route is deprecated, in Unix time (RFC 9745); None where it is not."""
    route: Any = scope.get("route")
    if not getattr(route, "deprecated", None):
        return None
    day = date.fromisoformat(route.openapi_extra["x-deprecated-since"])
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers by name in lower case. Raises ApiError where one that decides comes twice."""
    if len(scope["headers"]) > MOST_HEADERS:
        raise ApiError(431, "head_too_large", f"A request may have {MOST_HEADERS} headers at most: send fewer.")
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in headers and key in SINGLE:
            raise ApiError(400, "bad_header", f"The header {key} comes twice: send it once.")
        headers.setdefault(key, value.decode("latin-1"))
    return headers


def _bearer(headers: dict[str, str]) -> str:
    """Return the token of the header, "" without one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _refuse_token_in_address(scope: Scope) -> None:
    """Raise ApiError for a token in the address, even next to one in the header."""
    query = scope.get("query_string", b"").decode("latin-1")
    try:
        names = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_HEADERS)}
    except ValueError as error:
        raise ApiError(400, "bad_request", "The address has too many parameters: send fewer.") from error
    if names & TOKEN_NAMES:
        sentence = "A token never stands in an address, which logs keep: send it as “Authorization: Bearer …”."
        raise ApiError(400, "token_in_address", sentence)


def is_upload(scope: Scope) -> bool:
    """Whether a request's body is a file, which goes to the disk as it comes: all others are small."""
    if scope["method"] == "PATCH":
        return UPLOAD_PIECE.fullmatch(scope["path"]) is not None
    given = next((value for name, value in scope["headers"] if name.lower() == b"content-type"), b"")
    is_file = media_type(given.decode("latin-1")) not in (JSON, MSGPACK, "")
    return scope["method"] == "POST" and is_file and FILE_PATH.fullmatch(scope["path"]) is not None


class _Body:
    """The body of a request, as far as it has come. `is_gone`: the client hung up before its end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._seen = 0
        self._limit = 0
        self._is_upload = False
        self._began = time.monotonic()
        self.is_unread = False
        self.is_gone = False

    def limit(self, declared: str, limit: int, is_upload: bool) -> None:
        """Set how many bytes it may have. Raises ApiError where it says itself that it has more."""
        self._limit, self._is_upload = limit, is_upload
        if declared.isdecimal() and (len(declared) > len(str(limit)) + 20 or int(declared) > limit):
            raise self._too_large()

    async def receive(self) -> MutableMapping[str, Any]:
        """Return what comes next. Raises ApiError for a body that is too long or too slow."""
        if not self.is_unread:
            return await self._receive()
        now = time.monotonic()
        left = BODY_WITHIN if self._is_upload else self._began + BODY_WITHIN - now
        if now - self._began > 2 * BODY_WITHIN and self._seen < SLOWEST_UPLOAD * (now - self._began):
            left = 0.0
        try:
            async with asyncio.timeout(max(0.0, left)):
                message = await self._receive()
        except TimeoutError:
            sentence = f"The body must come within {BODY_WITHIN:g} s, or steadily: send it again."
            raise ApiError(408, "too_slow", sentence) from None
        self._seen += len(message.get("body", b""))
        self.is_gone = message["type"] == "http.disconnect"
        self.is_unread = bool(message.get("more_body", False)) and not self.is_gone
        if self._seen > self._limit:
            self.is_unread = True
            raise self._too_large()
        return message

    def _too_large(self) -> ApiError:
        return ApiError(413, "too_large", f"The body may have {self._limit:,} bytes at most: send less.")


async def send_problem(send: Send, error: ApiError, scope: Scope) -> None:
    """Answer a request with a problem, and note its code for the metrics."""
    body = msgspec.json.encode(error.problem(scope["path"]))
    scope.setdefault("state", {})["problem"] = error.code
    headers = {"content-type": PROBLEM, "content-length": str(len(body)), **error.headers}
    if error.retry_after is not None:
        headers["retry-after"] = str(max(1, math.ceil(error.retry_after)))
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    packed = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": packed})
    await send({"type": "http.response.body", "body": body})


async def _answer_preflight(send: Send) -> None:
    """Answer a browser that asks what an allowed origin may do."""
    headers = [
        (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
        (
            b"access-control-allow-headers",
            b"authorization, content-digest, content-type, idempotency-key, if-match, if-none-match, range, "
            b"tus-resumable, upload-length, upload-metadata, upload-offset",
        ),
        (b"access-control-max-age", b"600"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
