"""Takes and sets as files: MIDI, piano roll, sound. Sound is rendered once and kept; players may seek in it."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.routes.shared import Asker, Services
from musearoo.bridge.api.sessions.takes import as_data, find_visible_take
from musearoo.bridge.renders.ranges import UNSATISFIABLE, answer_range

router: Final = APIRouter(tags=["files"])

CHUNK: Final = 256 * 1024
"""Bytes of a file that are read at once."""
_FOREVER: Final = "private, max-age=31536000, immutable"
"""A take never changes."""

AudioFormat = Annotated[Literal["wav", "flac", "mp3", "opus"], Query(description="wav, flac, mp3 or opus")]
Ending = Annotated[Literal["tail", "loop"], Query(description="tail: it rings out; loop: exactly its bars")]


def _file(*media: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media}
    return {200: {"description": "The file", "content": content}}


@router.get("/takes/{take}/midi", responses=_file("audio/midi"))
async def read_take_midi(take: str, request: Request, services: Services, who: Asker) -> Response:
    """A take as a MIDI file; drums are on channel 10."""
    record, _ = await find_visible_take(services.database, take, who)
    data = await services.pool.call("midi", {"takes": [as_data(record)]})
    return _kept(request, data, "audio/midi", f"{record.notes_hash}-midi", f"{record.name}.mid")


@router.get("/takes/{take}/piano-roll.png", responses=_file("image/png"))
async def read_take_piano_roll(
    take: str,
    request: Request,
    services: Services,
    who: Asker,
    width: Annotated[int, Query(ge=200, le=4000)] = 1200,
    theme: Literal["light", "dark"] = "light",
    scale: Annotated[int, Query(ge=1, le=2)] = 1,
) -> Response:
    """A take as a picture: its piano roll."""
    record, _ = await find_visible_take(services.database, take, who)
    arguments = {"take": as_data(record), "width": width, "theme": theme, "scale": scale}
    data = await services.pool.call("piano_roll", arguments)
    return _kept(request, data, "image/png", f"{record.notes_hash}-{width}-{theme}-{scale}", "")


@router.get("/takes/{take}/audio", responses=_file("audio/mpeg", "audio/flac", "audio/wav", "audio/ogg"))
async def read_take_audio(
    take: str, request: Request, services: Services, who: Asker, format: AudioFormat = "mp3", ending: Ending = "tail"
) -> Response:
    """A take as sound, played by MuseAroo's own synthesiser with the style's instruments."""
    record, _ = await find_visible_take(services.database, take, who)
    made = await services.workshop.call("render", {"takes": [as_data(record)], "format": format, "ending": ending})
    return await send_file(request, Path(made["path"]), made["media_type"], made["etag"], f"{record.name}.{format}")


@router.get("/sessions/{session}/midi", responses=_file("audio/midi"))
async def read_set_midi(session: str, services: Services, who: Asker) -> Response:
    """A session's set as a MIDI file: its Arrangement, or its scenes one after the other."""
    opened = await services.hub.open(session, who)
    viewed = await opened.view("midi")
    return Response(viewed.body, 200, {"content-disposition": disposition(f"{opened.record.name}.mid")}, "audio/midi")


def _kept(request: Request, data: bytes, media_type: str, etag: str, name: str) -> Response:
    headers = {"etag": f'"{etag}"', "cache-control": _FOREVER}
    if name:
        headers["content-disposition"] = disposition(name)
    if f'"{etag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, 200, headers, media_type)


async def send_file(request: Request, path: Path, media_type: str, etag: str, name: str) -> Response:
    """Answer with a file or a range of it."""
    headers = {"etag": f'"{etag}"', "cache-control": _FOREVER, "content-disposition": disposition(name)}
    if f'"{etag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range")
    if request.headers.get("if-range", f'"{etag}"') != f'"{etag}"':
        wanted = None
    size = (await asyncio.to_thread(path.stat)).st_size
    found = answer_range(wanted, size)
    if found.status == UNSATISFIABLE:
        raise ApiError(416, "bad_range", f"The file has {size} bytes: ask for some of these.", headers=found.headers)
    return StreamingResponse(
        _read(path, found.first, found.length), found.status, {**headers, **found.headers}, media_type
    )


async def _read(path: Path, first: int, length: int) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        file.seek(first)
        while length > 0:
            data = await asyncio.to_thread(file.read, min(CHUNK, length))
            if not data:
                return
            length -= len(data)
            yield data


def disposition(name: str) -> str:
    """Return the header that names a file, in ASCII and for those who understand it in full (RFC 6266).

    >>> disposition("Käse groove.mid")
    'attachment; filename="Kase groove.mid"; filename*=UTF-8\\'\\'K%C3%A4se%20groove.mid'
    """
    from urllib.parse import quote

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^ !#-,.\-0-9A-Z_a-z]", "_", plain) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
