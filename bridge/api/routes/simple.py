"""The polling form that simple clients know: ask for music in words, poll, fetch the sound.

Each task is a session of its own, played by the band, and a job; both can be gone on with by the rest of the API.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Query, Request, Response

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.jobs.on_sets import render
from musearoo.bridge.api.jobs.work import NewJob, RunningJob
from musearoo.bridge.api.problems.errors import ApiError, NotFoundError
from musearoo.bridge.api.routes.files import gives_file, send_file
from musearoo.bridge.api.routes.jobs import find_visible_file, media_type_of
from musearoo.bridge.api.routes.shared import Asker, Services, answer, gives, read_body, room_for, takes
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types.answers import JobState, JobStateName
from musearoo.bridge.api.types.jobs import Render, SimpleRequest, SimpleStatus
from musearoo.bridge.api.types.requests import LARGEST_SEED, Band, Song
from musearoo.bridge.api.types.sessions import NewSession
from musearoo.bridge.store.errors import StoreError

router: Final = APIRouter(prefix="/api/ai", tags=["simple"])

KIND: Final = "generate"
STATUS: Final[dict[JobStateName, Literal["processing", "completed", "failed", "cancelled"]]] = {
    "waiting": "processing",
    "running": "processing",
    "done": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
_EXAMPLE: Final = {"prompt": "a warm evening groove", "genre": "jazz", "bpm": 120, "mood": "calm"}


@router.post(
    "/generate",
    status_code=202,
    openapi_extra=takes(SimpleRequest, _EXAMPLE),
    responses=gives(SimpleStatus, "The task: poll its status", 202),
)
async def generate(request: Request, services: Services, who: Asker) -> Response:
    """Have the band play a piece by words, tempo and mood."""
    asked = await read_body(request, SimpleRequest)
    seed = asked.seed if asked.seed is not None else secrets.randbelow(LARGEST_SEED)
    plan: dict[str, Any] = await services.pool.call(
        "interpret",
        {
            "prompt": asked.prompt,
            "genre": asked.genre,
            "mood": asked.mood,
            "bpm": asked.bpm,
            "key": asked.key,
            "seconds": asked.duration_seconds,
            "seed": seed,
        },
    )
    name = " ".join(asked.prompt.split())[:80] or f"{plan['style']} at {plan['bpm']:g}"
    made = await services.hub.create(
        NewSession(name=name, bpm=plan["bpm"], key=plan["key"]), who, room_for(services, who)
    )

    async def work(job: RunningJob) -> dict[str, Any]:
        opened = await services.open_own(made.id, who)
        await opened.perform(_music(plan, seed), job.id, who, "msgpack")
        ending: Literal["tail", "loop"] = "tail" if plan["bars"] is None else "loop"
        wanted = Render(format=asked.format, ending=ending)
        return await render(job, wanted, plan["style"], services.reopen(made.id, who), midi=True)

    async def undo() -> None:
        await services.remove_session(made.id, who)

    described = {**msgspec.to_builtins(asked), "plan": plan}
    try:
        job = await services.jobs.begin(NewJob(KIND, "light", made.id, described, work, undo), who)
    except (ApiError, StoreError):
        await undo()
        raise
    return answer(request, _status(job), 202, {"location": f"/api/ai/status/{job.id}"})


@router.get("/status/{task}", responses=gives(SimpleStatus, "The task"))
async def read_status(task: str, request: Request, services: Services, who: Asker) -> Response:
    """How far a task is."""
    return answer(request, _status(await _find(services, task, who)))


@router.get("/result/{task}", responses=gives_file("audio/*"))
async def read_result(
    task: str,
    request: Request,
    services: Services,
    who: Asker,
    kind: Annotated[Literal["audio", "midi"], Query(description="the sound, or its notes")] = "audio",
) -> Response:
    """A completed task's sound, or its MIDI file; ranges are answered."""
    job = await _find(services, task, who)
    if job.result is None:
        raise ApiError(409, "not_ready", "The task has no result yet: poll its status.", retry_after=1.0)
    wanted = {"audio": "render", "midi": "midi"}[kind]
    file = next(each for each in job.result["files"] if each["kind"] == wanted)
    record = await find_visible_file(services, file["id"], who)
    response = await send_file(request, Path(record.path), media_type_of(record.name), record.sha256[:32], record.name)
    if kind == "audio":
        response.headers["link"] = f'</api/ai/result/{task}?kind=midi>; rel="alternate"; type="audio/midi"'
    return response


async def _find(services: ApiServices, task: str, who: Who) -> JobState:
    job: JobState = await services.jobs.read(task, who)
    if job.kind != KIND:
        raise NotFoundError("There is no such task.")
    return job


def _music(plan: dict[str, Any], seed: int) -> Song | Band:
    """Return the request that plays a plan: a song, or a loop for what is shorter than a song can be."""
    if plan["bars"] is None:
        return Song(
            style=plan["style"],
            seconds=plan["seconds"],
            key=plan["key"],
            complexity=plan["complexity"],
            seed=seed,
            where="timeline",
        )
    return Band(
        style=plan["style"],
        bars=plan["bars"],
        key=plan["key"],
        complexity=plan["complexity"],
        density=plan["density"],
        seed=seed,
    )


def _status(job: JobState) -> SimpleStatus:
    plan = job.request.get("plan", {})
    is_done = job.state == "done" and job.result is not None
    seconds = job.result["facts"]["music_seconds"] if is_done and job.result else plan.get("seconds", 0.0)
    return SimpleStatus(
        task_id=job.id,
        status=STATUS[job.state],
        progress=100 if is_done else min(99, int(100 * job.fraction)),
        result_url=f"/api/ai/result/{job.id}" if is_done else "",
        midi_url=f"/api/ai/result/{job.id}?kind=midi" if is_done else "",
        session=job.request.get("session", ""),
        style=plan.get("style", ""),
        bpm=plan.get("bpm", 0.0),
        key=plan.get("key", ""),
        duration_seconds=round(seconds, 3),
        note=plan.get("note", ""),
        error=job.fault.detail if job.fault is not None else "",
    )
