"""What a page draws and follows: clips with what is in them, waveforms, and Live's transport."""

from __future__ import annotations

import time
from pathlib import Path as FilePath
from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, NotFoundError, RefusedError
from musearoo.bridge.api.routes.jobs import find_visible_file, media_type_of
from musearoo.bridge.api.routes.shared import Asker, Services, answer, gives
from musearoo.bridge.api.sessions.clips import read_clip, read_path
from musearoo.bridge.api.sessions.live import LiveSession
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.sessions.takes import SOUNDS, as_data, find_visible_take
from musearoo.bridge.api.sets.views import view_transport
from musearoo.bridge.api.types.clips import ClipDetail, Peaks, TransportView
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.store import records
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.jobs import read_job

router: Final = APIRouter()

ClipId = Annotated[int, Path(ge=1, le=2**31 - 1, description="id of the clip in the set")]
_PEAKS: Final = gives(Peaks, "The waveform")


class Stretch(NamedTuple):
    """What of a sound is drawn, in how many columns."""

    columns: int
    start: float
    end: float | None


def stretch_of(
    columns: Annotated[int, Query(ge=16, le=4000, description="how many columns")] = 800,
    start: Annotated[float, Query(ge=0, le=1e6, description="second of the sound at which the first begins")] = 0.0,
    end: Annotated[
        float | None, Query(gt=0, le=1e6, description="second at which the last ends; none for the sound's end")
    ] = None,
) -> Stretch:
    """Return the stretch that a request asks for. Raises ApiError for one that ends before it begins."""
    if end is not None and end <= start:
        raise ApiError(422, "bad_parameter", f"end: {end:g} is not after the start, {start:g}.", "end")
    return Stretch(columns, start, end)


Drawn = Annotated[Stretch, Depends(stretch_of)]


@router.get("/sessions/{session}/clips/{clip}", tags=["sessions"], responses=gives(ClipDetail, "The clip"))
async def read_clip_detail(session: str, clip: ClipId, request: Request, services: Services, who: Asker) -> Response:
    """See what is in a clip, MuseAroo's or the user's: its notes or its file, its chords, and the take that it is."""
    opened = await services.hub.open(session, who)
    return answer(request, await read_clip(opened, clip, services.pool, services.database))


@router.get("/sessions/{session}/clips/{clip}/peaks", tags=["files"], responses=_PEAKS)
async def read_clip_peaks(
    session: str, clip: ClipId, request: Request, services: Services, who: Asker, drawn: Drawn
) -> Response:
    """The waveform of an audio clip's whole file; its warp markers say which beats fall where."""
    opened = await services.hub.open(session, who)
    path = await read_path(opened, clip)
    return answer(request, await _draw(services, path, drawn, is_own=not isinstance(opened, LiveSession)))


@router.get("/takes/{take}/peaks", tags=["files"], responses=_PEAKS)
async def read_take_peaks(take: str, request: Request, services: Services, who: Asker, drawn: Drawn) -> Response:
    """The waveform of a take: as its WAV file sounds, or of a sound itself."""
    record, _ = await find_visible_take(services.database, take, who)
    if record.params.get("do") in SOUNDS:
        return answer(request, await _draw_sound(services, record, who, drawn))
    made = await services.workshop.call("render", {"takes": [as_data(record)], "format": "wav", "ending": "tail"})
    return answer(request, await _draw(services, made["path"], drawn))


@router.get("/files/{file}/peaks", tags=["files"], responses=_PEAKS)
async def read_file_peaks(file: str, request: Request, services: Services, who: Asker, drawn: Drawn) -> Response:
    """The waveform of a file that a job has made, or that you have uploaded."""
    record = await find_visible_file(services, file, who)
    return answer(request, await _draw(services, record.path, drawn))


@router.get(
    "/sessions/{session}/transport", tags=["sessions"], responses=gives(TransportView, "The transport, and what plays")
)
async def read_transport(session: str, request: Request, services: Services, who: Asker) -> Response:
    """See where Live's song is, and which clips play. The event `transport` tells of every change."""
    opened = await services.hub.open(session, who)
    if not isinstance(opened, LiveSession):
        raise RefusedError(Refusal.UNSUPPORTED, "Nothing plays in a set of its own: Live has a transport.")
    found = view_transport(opened.require_live(), time.time())
    if found is None:
        raise RefusedError(Refusal.LIVE_BUSY, "Live has not told yet where it is: ask again in a moment.")
    return answer(request, found)


async def _draw_sound(services: ApiServices, take: records.Take, who: Who, drawn: Stretch) -> Peaks:
    """Return the waveform of a take that is a sound: of the file that its job has made, else of its clip's."""

    def work(connection: Connection) -> dict[str, Any]:
        try:
            return read_job(connection, take.request_id).result or {}
        except MissingError:
            return {}

    made = (await services.database.read(work)).get("files", [])
    # A job makes a sound for each take of its request, in their order, and files that say how.
    files = [file for file in made if media_type_of(file["name"]).startswith("audio/")]
    place = int(take.id.rpartition(".")[2]) - 1
    if place < len(files):
        file = await find_visible_file(services, files[place]["id"], who)
        return await _draw(services, file.path, drawn)
    if take.place is None:
        raise NotFoundError("The sound of that take is not there any more.")
    opened = await services.hub.open(take.session, who)
    path = await read_path(opened, take.place["clip"])
    return await _draw(services, path, drawn, is_own=not isinstance(opened, LiveSession))


async def _draw(services: ApiServices, path: str | FilePath, drawn: Stretch, *, is_own: bool = True) -> Peaks:
    """Return the waveform of a file. `is_own`: it is the server's own, and no file of Live's set."""
    arguments = {"path": str(path), **drawn._asdict(), "is_own": is_own}
    found = await services.workshop.call("peaks", arguments)
    return Peaks(columns=drawn.columns, **found)
