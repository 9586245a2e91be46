"""Requests and answers of the server as data: encode, decode, and what a failed answer means. Pure but for one draw."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec

from musearoo.bridge.api.types.answers import JobState, Problem
from musearoo.client.errors import ClientError

Kind = TypeVar("Kind")

MSGPACK: Final = "application/msgpack"
NEVER_TWICE: Final = frozenset({"/api/v3/login", "/api/v3/links/open"})
"""Paths whose requests have no user yet, and so no idempotency key."""
REPEATABLE: Final = frozenset({"GET", "PUT", "DELETE"})
"""Methods by which a request done twice is as one done once."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request: `path` from the server's root, `body` a Struct, plain data, or bytes of `content_type`."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    content_type: str = MSGPACK

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice does nothing twice: a POST has a key by which the server knows it again."""
        return self.method in REPEATABLE or (self.method == "POST" and self.path not in NEVER_TWICE)

    @property
    def content(self) -> bytes | None:
        """The body as bytes."""
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        return msgspec.msgpack.encode(self.body)

    def all_headers(self) -> dict[str, str]:
        """Return the headers; a POST gets a new idempotency key, unless it has one."""
        headers = {"accept": MSGPACK}
        if self.body is not None:
            headers["content-type"] = self.content_type
        if self.method == "POST" and self.path not in NEVER_TWICE:
            headers["idempotency-key"] = secrets.token_urlsafe(18)
        return {**headers, **self.headers}

    @property
    def parameters(self) -> dict[str, str]:
        """The query without what is left out."""
        return {name: _word(value) for name, value in self.query.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class File:
    """A file of the server's, or a part of it.

    `first` is the position of its first byte in the whole file of `size` bytes. `name` is empty where it has none.
    """

    content: bytes
    media_type: str
    name: str
    etag: str
    first: int
    size: int

    def write(self, path: Path | str) -> Path:
        """Write the bytes to a file, over one that is there, and return its path. Raises OSError."""
        path = Path(path)
        path.write_bytes(self.content)
        return path


def segment(text: str | int) -> str:
    """Return a text or a number as one segment of a path.

    >>> segment("take/1")
    'take%2F1'
    """
    return quote(str(text), safe="")


def decode(answered: Answered, kind: type[Kind] | Any) -> Kind | Any:
    """Return the body as a type. Raises ClientError where it is something else."""
    try:
        if kind is str and answered.media_type.startswith("text/"):
            return answered.body.decode()
        if answered.media_type == MSGPACK:
            return msgspec.msgpack.decode(answered.body, type=kind)
        return msgspec.json.decode(answered.body, type=kind)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ClientError(
            f"The answer cannot be read ({error}): the server may be of another version, compare /healthz.",
            code="bad_answer",
            status=answered.status,
            request_id=answered.headers.get("x-request-id", ""),
        ) from error


def file_of(answered: Answered) -> File:
    """Return an answer's body as a file."""
    headers = answered.headers
    span, _, size = headers.get("content-range", "").removeprefix("bytes ").partition("/")
    first = span.partition("-")[0]
    _, _, name = headers.get("content-disposition", "").partition('filename="')
    return File(
        content=answered.body,
        media_type=answered.media_type,
        name=name.partition('"')[0],
        etag=headers.get("etag", "").strip('"'),
        first=int(first) if first.isdecimal() else 0,
        size=int(size) if size.isdecimal() else len(answered.body),
    )


def error_of(answered: Answered, url: str) -> ClientError:
    """Return what an answer that is no success means: the server's problem, or that of a proxy before it."""
    request_id = answered.headers.get("x-request-id", "")
    header = answered.headers.get("retry-after", "")
    retry_after = float(header) if header.isdecimal() else None
    if answered.media_type in ("application/problem+json", MSGPACK):
        try:
            problem = msgspec.json.decode(answered.body, type=Problem)
        except (msgspec.MsgspecError, UnicodeError):
            pass
        else:
            return ClientError(
                problem.detail,
                code=problem.code,
                status=problem.status,
                field=problem.field,
                retry_after=problem.retry_after if problem.retry_after is not None else retry_after,
                request_id=request_id,
            )
    if answered.status >= 500:
        sentence = f"{url} failed with status {answered.status}: try again in a moment, then read the server's log."
        code = "server_failed"
    else:
        sentence = f"{url} answers with status {answered.status}, unlike a MuseAroo server: check the address."
        code = "bad_answer"
    return ClientError(sentence, code=code, status=answered.status, retry_after=retry_after, request_id=request_id)


def error_of_job(job: JobState) -> ClientError:
    """Return why a job has no result."""
    if job.fault is None:
        return ClientError("The job was cancelled: ask for it again.", code="cancelled", status=409)
    fault = job.fault
    return ClientError(fault.detail, code=fault.code, status=fault.status, field=fault.field)


def range_header(first_last: tuple[int, int | None] | None) -> dict[str, str]:
    """Return the header that asks for some bytes of a file, from the first to the last, both included.

    >>> range_header((0, 99)), range_header((100, None)), range_header(None)
    ({'range': 'bytes=0-99'}, {'range': 'bytes=100-'}, {})
    """
    if first_last is None:
        return {}
    first, last = first_last
    return {"range": f"bytes={first}-{'' if last is None else last}"}


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
