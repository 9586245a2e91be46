"""Jobs: split, imagine and render a set, analyse deeply; see them, wait for them, cancel them; and their files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.jobs.board import LONGEST_WAIT
from musearoo.bridge.api.jobs.on_sets import render_set
from musearoo.bridge.api.problems.errors import NotFoundError
from musearoo.bridge.api.routes.files import gives_file, send_file
from musearoo.bridge.api.routes.shared import (
    After,
    Asker,
    Limit,
    Services,
    answer,
    at_version,
    gives,
    read_body,
    read_request,
    takes,
    version_of,
)
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types.answers import JobState
from musearoo.bridge.api.types.jobs import JobList, Render
from musearoo.bridge.api.types.requests import Imagine, Split
from musearoo.bridge.store import records
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.files import read_file
from musearoo.bridge.store.sessions import find_role
from musearoo.bridge.store.takes import list_takes

router: Final = APIRouter(tags=["jobs"])

MEDIA_TYPES: Final = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg; codecs=opus",
    ".ogg": "audio/ogg",
    ".mid": "audio/midi",
    ".json": "application/json",
}
_JOB: Final = gives(JobState, "The job: `Location` says where to look after it", 202)


@router.post(
    "/sessions/{session}/split",
    status_code=202,
    openapi_extra=takes(Split, {"stems": 4, "track": 1, "scene": 1}, required=False),
    responses=_JOB,
)
async def split(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Separate an audio clip of the set into stems on new tracks."""
    return accepted(request, await _begin(session, await read_request(request, Split), request, services, who))


@router.post(
    "/sessions/{session}/imagine",
    status_code=202,
    openapi_extra=takes(Imagine, {"prompt": "warm dub bass", "bars": 4, "backend": "sketch"}, required=False),
    responses=_JOB,
)
async def imagine(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Make an audio loop from a prompt, on a track of the set."""
    return accepted(request, await _begin(session, await read_request(request, Imagine), request, services, who))


@router.post(
    "/sessions/{session}/render",
    status_code=202,
    openapi_extra=takes(Render, {"format": "mp3"}, required=False),
    responses=_JOB,
)
async def render(session: str, request: Request, services: Services, who: Asker) -> Response:
    """Render the whole set into a sound file; the job's result names it."""
    asked = await read_body(request, Render)
    opened = await services.open_own(session, who)
    async with at_version(request, opened):
        await opened.require_version(version_of(request))
    style = asked.style or await newest_style(services, session)
    job = render_set(opened.id, asked, style, services.reopen(session, who), version_of(request))
    return accepted(request, await services.jobs.begin(job, who))


async def _begin(session: str, asked: Split | Imagine, request: Request, services: ApiServices, who: Who) -> JobState:
    async with at_version(request, await services.hub.open(session, who, "editor")):
        return await services.begin_job(session, asked, who)


@router.get("/jobs", responses=gives(JobList, "A page of jobs, newest first"))
async def list_jobs(
    request: Request,
    services: Services,
    who: Asker,
    session: str | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """List your jobs."""
    items = await services.jobs.page(who, session, limit, after)
    return answer(request, JobList(items=items, next=items[-1].id if len(items) == limit else None))


@router.get("/jobs/{job}", responses=gives(JobState, "The job"))
async def read_job(
    job: str,
    request: Request,
    services: Services,
    who: Asker,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, description="seconds to wait for its end before answering")
    ] = 0.0,
) -> Response:
    """See a job: state, phase, progress, place in the queue, and its result or fault."""
    return answer(request, await services.jobs.read(job, who, wait))


@router.post("/jobs/{job}/cancel", responses=gives(JobState, "The job"))
async def cancel_job(job: str, request: Request, services: Services, who: Asker) -> Response:
    """Cancel a job: nothing of it stays. One that has ended already is answered as it is."""
    return answer(request, await services.jobs.cancel(job, who))


@router.get("/files/{file}", responses=gives_file("*/*"))
async def read_made_file(file: str, request: Request, services: Services, who: Asker) -> Response:
    """A file that a job has made, or that you have uploaded; ranges are answered."""
    record = await find_visible_file(services, file, who)
    return await send_file(request, Path(record.path), media_type_of(record.name), record.sha256[:32], record.name)


async def find_visible_file(services: ApiServices, file: str, who: Who) -> records.File:
    """Return a file of the user's, or of a session that is shared with the user. Raises NotFoundError."""
    who.require("read")

    def work(connection: Connection) -> records.File | None:
        try:
            record = read_file(connection, file)
        except MissingError:
            return None
        shared = record.session is not None and find_role(connection, record.session, who.user) is not None
        return record if shared or (record.session is None and record.user == who.user) else None

    found = await services.database.read(work)
    if found is None or not Path(found.path).exists():
        raise NotFoundError("There is no such file, or its session is not shared with you.")
    return found


def media_type_of(name: str) -> str:
    """Return the media type of a file by its name."""
    return MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def accepted(request: Request, job: JobState, headers: dict[str, str] | None = None) -> Response:
    """Answer that a job has begun."""
    return answer(request, job, 202, {"location": f"/api/v3/jobs/{job.id}", **(headers or {})})


async def newest_style(services: ApiServices, session: str) -> str:
    """Return the style of a session's newest take, "" without one."""

    def work(connection: Connection) -> Any:
        return list_takes(connection, session, limit=1)

    found: tuple[records.Take, ...] = await services.database.read(work)
    return found[0].style if found else ""
