"""What all routes share: who asks, bodies by type, answers, pages, and what OpenAPI says of them."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncIterator, Hashable
from functools import cache, partial
from typing import Annotated, Any, Final, TypeVar, cast

import msgspec
from fastapi import Depends, Query, Request, Response

from musearoo.bridge.api.access.origins import media_type
from musearoo.bridge.api.access.quotas import require_session_room
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.decoding import decode_body
from musearoo.bridge.api.problems.errors import ApiError, ConflictError
from musearoo.bridge.api.sessions.hub import OpenSession, Requirement, require_nothing
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types.requests import AnyRequest

Body = TypeVar("Body")
Asked = TypeVar("Asked", bound=AnyRequest)

JSON: Final = "application/json"
MSGPACK: Final = "application/msgpack"
MERGE_PATCH: Final = "application/merge-patch+json"
LONGEST_VERSION: Final = 18
"""Digits of a version."""


def services_of(request: Request) -> ApiServices:
    """Return what the routes work with."""
    services: ApiServices = request.app.state.services
    return services


def who_of(request: Request) -> Who:
    """Return who asks; the guard has seen to it."""
    who: Who = request.state.who
    return who


Services = Annotated[ApiServices, Depends(services_of)]
Asker = Annotated[Who, Depends(who_of)]
Limit = Annotated[int, Query(ge=1, le=200, description="most items of a page")]
After = Annotated[str | None, Query(max_length=64, description="cursor: `next` of the page before")]


def room_for(services: ApiServices, who: Who) -> Requirement:
    """Return the bound of a user's open sessions; this machine's own has none."""
    if who.is_local:
        return require_nothing
    return partial(require_session_room, user=who.user, quotas=services.quotas)


async def read_body(request: Request, kind: type[Body]) -> Body:
    """Return the body as a type; an empty one is one without fields. Raises ApiError with the field at fault."""
    data = await request.body()
    sent_as = media_type(request.headers.get("content-type", ""))
    if data and sent_as not in (JSON, MSGPACK, MERGE_PATCH):
        raise ApiError(415, "wrong_content_type", f"The body must be {JSON} or {MSGPACK} here: say so, and send that.")
    if sent_as == MSGPACK:
        return cast(Body, decode_body(_decoders(cast(Hashable, kind))[1], data or b"\x80"))
    return cast(Body, decode_body(_decoders(cast(Hashable, kind))[0], data or b"{}"))


@cache
def _decoders(kind: Hashable) -> tuple[msgspec.json.Decoder[Any], msgspec.msgpack.Decoder[Any]]:
    return msgspec.json.Decoder(kind), msgspec.msgpack.Decoder(kind)


async def read_request(request: Request, kind: type[Asked]) -> Asked:
    """Return the body as a request of a session, with the version of If-Match. Raises ApiError."""
    asked = await read_body(request, kind)
    version = version_of(request)
    return asked if version is None else msgspec.structs.replace(asked, version=version)


def version_of(request: Request) -> int | None:
    """Return the version of the set that a client has seen, by its header If-Match; None for any."""
    if_match = request.headers.get("if-match", "*").strip()
    if if_match == "*":
        return None
    digits = if_match.removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_VERSION):
        raise ApiError(412, "bad_version", "If-Match must be the ETag of the set: its version in quotes.")
    return int(digits)


def wants_msgpack(request: Request) -> bool:
    """Whether the client asks for msgpack rather than JSON."""
    return MSGPACK in request.headers.get("accept", "")


def answer(request: Request, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return an answer in the client's encoding; to a GET with its ETag, and 304 if the client has it already."""
    kind = MSGPACK if wants_msgpack(request) else JSON
    body = msgspec.msgpack.encode(value) if kind == MSGPACK else msgspec.json.encode(value)
    if request.method != "GET":
        return Response(body, status, headers, kind)
    return answer_kept(request, body, kind, {"cache-control": "private, no-cache", "vary": "Accept", **(headers or {})})


def answer_kept(
    request: Request, body: bytes, media_type: str, headers: dict[str, str] | None = None, etag: str = ""
) -> Response:
    """Return an answer to a GET with its ETag, by its content; 304 without a body if the client has it already."""
    etag = f'"{etag or hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "no-cache", **(headers or {})}
    if has_etag(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)


@contextlib.asynccontextmanager
async def at_version(request: Request, opened: OpenSession) -> AsyncIterator[None]:
    """Answer 412 in place of 409 where it is If-Match that rules something out (RFC 9110)."""
    version = version_of(request)
    try:
        yield
    except ConflictError as error:
        if version is None or version == opened.version:
            raise
        raise ApiError(412, "conflict", error.sentence) from error


def has_etag(request: Request, etag: str) -> bool:
    """Whether the client says that it has the answer with an ETag already."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return etag in known or known == ["*"]


# --- OpenAPI ---------------------------------------------------------------------------------------------------------


def takes(kind: type, example: Any = None, required: bool = True) -> dict[str, Any]:
    """Return what OpenAPI says of a body of a type: `openapi_extra` of a route."""
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}
    if example is not None:
        content["example"] = example
    return {"requestBody": {"required": required, "content": {JSON: content}}}


def gives(
    kind: type, description: str, status: int = 200, *, several: bool = False, example: Any = None
) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of an answer of a type, or of a list of `several`: `responses` of a route.

    `example`: one in place of the type's own.
    """
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{kind.__name__}"}
    if several:
        schema = {"type": "array", "items": schema}
    content = {"schema": schema} if example is None else {"schema": schema, "example": example}
    return {status: {"description": description, "content": {JSON: content, MSGPACK: content}}}
