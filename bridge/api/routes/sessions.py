"""Sessions: make, list, see, rename, close, resume; and their sets."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from musearoo.bridge.api.routes.shared import (
    JSON,
    MSGPACK,
    After,
    Asker,
    Limit,
    Services,
    answer,
    answer_kept,
    gives,
    read_body,
    room_for,
    takes,
    wants_msgpack,
)
from musearoo.bridge.api.types.answers import SetChanges
from musearoo.bridge.api.types.sessions import ChangedSession, NewSession, SessionList, SessionState

router: Final = APIRouter(prefix="/sessions", tags=["sessions"])

_EXAMPLE: Final = {"name": "Night drive", "bpm": 104, "key": "A minor"}


@router.post(
    "",
    status_code=201,
    openapi_extra=takes(NewSession, _EXAMPLE, required=False),
    responses=gives(SessionState, "The session", 201),
)
async def create_session(request: Request, services: Services, who: Asker) -> Response:
    """Make a session."""
    new = await read_body(request, NewSession)
    state = await services.hub.create(new, who, room_for(services, who))
    return answer(request, state, 201, {"location": f"/api/v3/sessions/{state.id}"})


@router.get("", responses=gives(SessionList, "A page of sessions, newest first"))
async def list_sessions(
    request: Request, services: Services, who: Asker, limit: Limit = 50, after: After = None
) -> Response:
    """List your sessions and those that are shared with you."""
    items = await services.hub.list(who, limit, after)
    return answer(request, SessionList(items=items, next=items[-1].id if len(items) == limit else None))


@router.get("/{session}", responses=gives(SessionState, "The session"))
async def read_session(session: str, request: Request, services: Services, who: Asker) -> Response:
    """See a session's state."""
    return answer(request, await services.hub.state(session, who))


@router.patch(
    "/{session}",
    openapi_extra=takes(ChangedSession, {"name": "Night drive 2"}),
    responses=gives(SessionState, "The session"),
)
async def change_session(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Rename a session."""
    changed = await read_body(request, ChangedSession)
    return answer(request, await services.hub.rename(session, changed.name, who))


@router.delete("/{session}", status_code=204, responses={204: {"description": "It has gone"}})
async def delete_session(session: str, services: Services, who: Asker) -> Response:
    """Delete a session of yours, with its set, its takes, its jobs and its files."""
    await services.remove_session(session, who)
    return Response(status_code=204)


@router.post("/{session}/close", responses=gives(SessionState, "The closed session"))
async def close_session(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Close a session. Its set and its takes stay, and it can be resumed."""
    return answer(request, await services.hub.close_session(session, who))


@router.post("/{session}/resume", responses=gives(SessionState, "The session, open again"))
async def resume_session(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Open a closed session again."""
    return answer(request, await services.hub.resume(session, who, room_for(services, who)))


@router.get("/{session}/set", responses=gives(SetChanges, "The whole set"))
async def read_set(session: str, request: Request, services: Services, who: Asker) -> Response:
    """See a session's set: tracks, scenes and clips. Its ETag is the set's version."""
    opened = await services.hub.open(session, who)
    packed = wants_msgpack(request)
    viewed = await opened.view("msgpack" if packed else "json")
    headers = {"cache-control": "private, no-cache", "vary": "Accept"}
    return answer_kept(request, viewed.body, MSGPACK if packed else JSON, headers, str(viewed.version))
