"""Takes: list, see, judge; as notes, MIDI, a picture or sound. And the history of a session's set."""

from __future__ import annotations

from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from musearoo.bridge.api.routes.shared import Asker, Limit, Services, answer, gives, read_body
from musearoo.bridge.api.routes.shared import takes as body_of
from musearoo.bridge.api.sessions.feed import describe_steps
from musearoo.bridge.api.sessions.takes import find_visible_take
from musearoo.bridge.api.types.answers import NoteRow, Take
from musearoo.bridge.api.types.takes import History, Judgement, StepState, TakeList
from musearoo.bridge.store import records
from musearoo.bridge.store.feedback import list_feedback
from musearoo.bridge.store.steps import list_steps
from musearoo.bridge.store.takes import list_takes

NOWHERE: Final = {"clip": 0, "track": 0, "scene": 0}

router: Final = APIRouter(tags=["takes"])

_NOTES: Final = msgspec.msgpack.Decoder(tuple[NoteRow, ...])


@router.get("/sessions/{session}/takes", responses=gives(TakeList, "A page of takes, newest first"))
async def list_session_takes(
    session: str, request: Request, services: Services, who: Asker, limit: Limit = 50, after: int | None = None
) -> Response:
    """List what was made in a session; the notes stand with each take alone."""
    await services.hub.state(session, who)

    def work(connection: Connection) -> tuple[tuple[records.Take, ...], dict[str, int]]:
        found = list_takes(connection, session, limit=limit, after=after)
        return found, list_feedback(connection, [take.id for take in found], who.user)

    found, liked = await services.database.read(work)
    items = tuple(take_of(record, liked.get(record.id, 0), with_notes=False) for record in found)
    return answer(request, TakeList(items=items, next=str(found[-1].number) if len(found) == limit else None))


@router.get("/takes/{take}", responses=gives(Take, "The take with its notes"))
async def read_take(take: str, request: Request, services: Services, who: Asker) -> Response:
    """See a take, with its notes."""
    record, liked = await find_visible_take(services.database, take, who)
    return answer(request, take_of(record, liked))


@router.put("/takes/{take}/feedback", openapi_extra=body_of(Judgement, {"value": 1}), responses=gives(Take, "The take"))
async def judge_take(take: str, request: Request, services: Services, who: Asker) -> Response:
    """Like (1) or dislike (-1) a take, or take that back (0)."""
    who.require("make")
    judgement = await read_body(request, Judgement)
    record, _ = await find_visible_take(services.database, take, who)
    await services.hub.judge(record, judgement.value, who)
    return answer(request, take_of(record, judgement.value, with_notes=False))


@router.get("/sessions/{session}/history", responses=gives(History, "A page of steps, newest first"))
async def read_history(
    session: str, request: Request, services: Services, who: Asker, limit: Limit = 50, after: int | None = None
) -> Response:
    """See who changed a session's set, how, and what was taken back."""
    await services.hub.state(session, who)

    def work(connection: Connection) -> tuple[StepState, ...]:
        return describe_steps(connection, session, list_steps(connection, session, limit=limit, after=after))

    items = await services.database.read(work)
    return answer(request, History(items=items, next=str(items[-1].version) if len(items) == limit else None))


def take_of(record: records.Take, liked: int, *, with_notes: bool = True) -> Take:
    """Return a stored take as clients see it."""
    return Take(
        id=record.id,
        session=record.session,
        request=record.request_id,
        number=record.number,
        engine=record.engine,
        part=record.part,
        name=record.name,
        style=record.style,
        bpm=record.bpm,
        key=record.key,
        time_signature=record.time_signature,
        length_beats=record.length_beats,
        seed=record.seed,
        engine_version=record.engine_version,
        context_hash=record.context_hash,
        milliseconds=record.milliseconds,
        made=record.made,
        **(record.place or NOWHERE),
        params=record.params,
        notes=_NOTES.decode(record.notes) if with_notes else (),
        parent=record.parent,
        liked=liked,
    )
