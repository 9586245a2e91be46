"""Requests to a session that are answered at once: music, edited notes, the mix, sentences, actions, undo, redo."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Request, Response

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.documents.examples import LATER
from musearoo.bridge.api.problems.errors import TakesLongerError
from musearoo.bridge.api.routes.shared import (
    JSON,
    MSGPACK,
    Asker,
    Services,
    answer,
    at_version,
    gives,
    read_request,
    takes,
    wants_msgpack,
)
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types import requests as asked
from musearoo.bridge.api.types.answers import Outcome

router: Final = APIRouter(prefix="/sessions/{session}", tags=["music"])

EngineName = Annotated[str, Path(max_length=64, description="engine or role, such as drummaroo or bass")]
_DONE: Final = gives(Outcome, "What it has led to")
BECOMES_A_JOB: Final = gives(
    Outcome, "It takes longer: `job` and `Location` say where to look after it", 202, example=LATER
)


@router.post(
    "/generate/{engine}",
    openapi_extra=takes(asked.Generate, {"style": "funk", "bars": 8, "key": "A minor", "seed": 7}, required=False),
    responses=_DONE,
)
async def generate(session: str, engine: EngineName, request: Request, services: Services, who: Asker) -> Response:
    """One engine plays a new clip, to what is in the scene."""
    body = await read_request(request, asked.Generate)
    return await _perform(session, msgspec.structs.replace(body, engine=engine), request, services, who)


@router.post("/band", openapi_extra=takes(asked.Band, {"style": "house"}, required=False), responses=_DONE)
async def play_band(session: str, request: Request, services: Services, who: Asker) -> Response:
    """The band plays the parts that the scene lacks."""
    return await _perform(session, await read_request(request, asked.Band), request, services, who)


@router.post(
    "/song", openapi_extra=takes(asked.Song, {"style": "bossa nova", "seconds": 90}, required=False), responses=_DONE
)
async def write_song(session: str, request: Request, services: Services, who: Asker) -> Response:
    """The band plays a whole song, as scenes or on the timeline."""
    return await _perform(session, await read_request(request, asked.Song), request, services, who)


@router.post("/refine", openapi_extra=takes(asked.Refine, {"changes": ["busier"]}, required=False), responses=_DONE)
async def refine(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Another take of a clip, or the clip changed."""
    return await _perform(session, await read_request(request, asked.Refine), request, services, who)


@router.post(
    "/edit",
    openapi_extra=takes(asked.Edit, {"clip": 12, "notes": [[0.0, 36, 0.25, 112], [1.0, 38, 0.25, 104]]}),
    responses=_DONE,
)
async def edit(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Notes that were edited by hand, as a new take of their clip."""
    return await _perform(session, await read_request(request, asked.Edit), request, services, who)


@router.post("/mix", openapi_extra=takes(asked.Mix, {"style": "house"}, required=False), responses=_DONE)
async def mix(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Levels and pans that fit the style."""
    return await _perform(session, await read_request(request, asked.Mix), request, services, who)


@router.post(
    "/say",
    openapi_extra=takes(asked.Say, {"text": "a sparse reggae bass, four bars"}),
    responses={**_DONE, **BECOMES_A_JOB},
)
async def say(session: str, request: Request, services: Services, who: Asker) -> Response:
    """A sentence, understood and done as a spoken one. With `asks`, the next sentence may answer."""
    return await _perform(session, await read_request(request, asked.Say), request, services, who)


@router.post("/actions", openapi_extra=takes(asked.Act, {"intent": "tempo", "bpm": 96}), responses=_DONE)
async def act(session: str, request: Request, services: Services, who: Asker) -> Response:
    """One action of the catalogue: mute, solo, level, tempo, key, delete; and in Live launch, stop, play."""
    return await _perform(session, await read_request(request, asked.Act), request, services, who)


@router.post("/undo", openapi_extra=takes(asked.Undo, {}, required=False), responses=_DONE)
async def undo(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Take back the last change that MuseAroo made."""
    return await _perform(session, await read_request(request, asked.Undo), request, services, who)


@router.post("/redo", openapi_extra=takes(asked.Redo, {}, required=False), responses=_DONE)
async def redo(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Do again what was taken back last."""
    return await _perform(session, await read_request(request, asked.Redo), request, services, who)


async def _perform(
    session: str, asked_for: asked.AnyRequest, request: Request, services: ApiServices, who: Who
) -> Response:
    opened = await services.hub.open(session, who, "editor")
    request_id, packed = request.state.request_id, wants_msgpack(request)
    try:
        async with at_version(request, opened):
            body = await opened.perform(asked_for, request_id, who, "msgpack" if packed else "json")
    except TakesLongerError as longer:
        outcome = await services.answer_later(longer, session, request_id, who)
        headers = {} if outcome.job is None else {"location": f"/api/v3/jobs/{outcome.job.id}"}
        return answer(request, outcome, 202, headers)
    return Response(body, 200, {"etag": f'"{opened.version}"'}, MSGPACK if packed else JSON)
