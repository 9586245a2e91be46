"""Requests to a session that are answered at once: generate, band, song, refine, mix, say, actions, undo, redo."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Request, Response

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, ConflictError, TakesLongerError
from musearoo.bridge.api.routes.shared import (
    JSON,
    MSGPACK,
    Asker,
    Services,
    answer,
    gives,
    read_body,
    takes,
    wants_msgpack,
)
from musearoo.bridge.api.sessions.hub import make_id
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types import requests as asked
from musearoo.bridge.api.types.answers import Outcome

router: Final = APIRouter(prefix="/sessions/{session}", tags=["music"])

EngineName = Annotated[str, Path(max_length=64, description="engine or role, such as drummaroo or bass")]
LONGEST_VERSION: Final = 18
"""Digits."""
_DONE: Final = gives(Outcome, "What it has led to")


@router.post(
    "/generate/{engine}",
    openapi_extra=takes(asked.Generate, {"style": "funk", "bars": 8, "key": "A minor", "seed": 7}, required=False),
    responses=_DONE,
)
async def generate(session: str, engine: EngineName, request: Request, services: Services, who: Asker) -> Response:
    """One engine plays a new clip, to what is in the scene."""
    body = await read_body(request, asked.Generate)
    return await _perform(session, msgspec.structs.replace(body, engine=engine), request, services, who)


@router.post("/band", openapi_extra=takes(asked.Band, {"style": "house"}, required=False), responses=_DONE)
async def play_band(session: str, request: Request, services: Services, who: Asker) -> Response:
    """The band plays the parts that the scene lacks."""
    return await _perform(session, await read_body(request, asked.Band), request, services, who)


@router.post(
    "/song", openapi_extra=takes(asked.Song, {"style": "bossa nova", "seconds": 90}, required=False), responses=_DONE
)
async def write_song(session: str, request: Request, services: Services, who: Asker) -> Response:
    """The band plays a whole song, as scenes or on the timeline."""
    return await _perform(session, await read_body(request, asked.Song), request, services, who)


@router.post("/refine", openapi_extra=takes(asked.Refine, {"changes": ["busier"]}, required=False), responses=_DONE)
async def refine(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Another take of a clip, or the clip changed."""
    return await _perform(session, await read_body(request, asked.Refine), request, services, who)


@router.post("/mix", openapi_extra=takes(asked.Mix, {"style": "house"}, required=False), responses=_DONE)
async def mix(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Levels and pans that fit the style."""
    return await _perform(session, await read_body(request, asked.Mix), request, services, who)


@router.post("/say", openapi_extra=takes(asked.Say, {"text": "a sparse reggae bass, four bars"}), responses=_DONE)
async def say(session: str, request: Request, services: Services, who: Asker) -> Response:
    """A sentence, understood and done as a spoken one. With `asks`, the next sentence may answer."""
    return await _perform(session, await read_body(request, asked.Say), request, services, who)


@router.post("/actions", openapi_extra=takes(asked.Act, {"intent": "tempo", "bpm": 96}), responses=_DONE)
async def act(session: str, request: Request, services: Services, who: Asker) -> Response:
    """One action of the catalogue: mute, solo, level, tempo, key, delete."""
    return await _perform(session, await read_body(request, asked.Act), request, services, who)


@router.post("/undo", openapi_extra=takes(asked.Undo, {}, required=False), responses=_DONE)
async def undo(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Take back the last change that MuseAroo made."""
    return await _perform(session, await read_body(request, asked.Undo), request, services, who)


@router.post("/redo", openapi_extra=takes(asked.Redo, {}, required=False), responses=_DONE)
async def redo(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Do again what was taken back last."""
    return await _perform(session, await read_body(request, asked.Redo), request, services, who)


async def _perform(
    session: str, asked_for: asked.AnyRequest, request: Request, services: ApiServices, who: Who
) -> Response:
    opened = await services.hub.open(session, who, "editor")
    version = _version_of(request)
    if version is not None:
        asked_for = msgspec.structs.replace(asked_for, version=version)
    packed = wants_msgpack(request)
    try:
        body = await opened.perform(asked_for, make_id(), who, "msgpack" if packed else "json")
    except TakesLongerError as longer:
        outcome = await services.answer_later(longer, session, make_id(), who)
        headers = {} if outcome.job is None else {"location": f"/api/v3/jobs/{outcome.job.id}"}
        return answer(request, outcome, 202, headers)
    except ConflictError as error:
        if version is None or version == opened.version:
            raise
        # RFC 9110: what If-Match rules out is no conflict but a failed precondition.
        raise ApiError(412, "conflict", error.sentence) from error
    return Response(body, 200, {"etag": f'"{opened.version}"'}, MSGPACK if packed else JSON)


def _version_of(request: Request) -> int | None:
    """Return the version of the set that a client has seen, by its header If-Match; None for any."""
    if_match = request.headers.get("if-match", "*").strip()
    if if_match == "*":
        return None
    digits = if_match.removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_VERSION):
        raise ApiError(412, "bad_version", "If-Match must be the ETag of the set: its version in quotes.")
    return int(digits)
