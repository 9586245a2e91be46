"""Takes and sets as files: MIDI, piano roll, sound. Sound is rendered once and kept; players may seek in it."""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from musearoo.bridge.api.access.guard import IS_HEAD
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.routes.shared import Asker, Services, has_etag
from musearoo.bridge.api.sessions.takes import as_data, find_visible_take
from musearoo.bridge.renders.ranges import UNSATISFIABLE, RangeAnswer, answer_range

router: Final = APIRouter(tags=["files"])

CHUNK: Final = 256 * 1024
"""Bytes of a file that are read at once."""
_FOREVER: Final = "private, max-age=31536000, immutable"
"""A take never changes."""

AudioFormat = Annotated[Literal["wav", "flac", "mp3", "opus"], Query(description="wav, flac, mp3 or opus")]
Ending = Annotated[Literal["tail", "loop"], Query(description="tail: it rings out; loop: exactly its bars")]


def gives_file(*media: str) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of a file of which a range may be asked for: `responses` of a route."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        200: {"description": "The file", "content": content},
        206: {"description": "The bytes that `Range` asked for; `Content-Range` says which", "content": content},
        416: {"description": "The file has no such bytes; `Content-Range` says how many it has", "content": problem},
    }


@router.get("/takes/{take}/midi", responses=gives_file("audio/midi"))
async def read_take_midi(take: str, request: Request, services: Services, who: Asker) -> Response:
    """A take as a MIDI file; drums are on channel 10."""
    record, _ = await find_visible_take(services.database, take, who)
    data = await services.pool.call("midi", {"takes": [as_data(record)]})
    headers = _headers(f"{record.notes_hash}-midi", f"{record.name}.mid")
    return _send(request, data, "audio/midi", headers)


@router.get("/takes/{take}/piano-roll.png", responses=gives_file("image/png"))
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
    return _send(request, data, "image/png", _headers(f"{record.notes_hash}-{width}-{theme}-{scale}"))


@router.get("/takes/{take}/audio", responses=gives_file("audio/mpeg", "audio/flac", "audio/wav", "audio/ogg"))
async def read_take_audio(
    take: str, request: Request, services: Services, who: Asker, format: AudioFormat = "mp3", ending: Ending = "tail"
) -> Response:
    """A take as sound, played by MuseAroo's own synthesiser with the style's instruments."""
    record, _ = await find_visible_take(services.database, take, who)
    made = await services.workshop.call("render", {"takes": [as_data(record)], "format": format, "ending": ending})
    return await send_file(request, Path(made["path"]), made["media_type"], made["etag"], f"{record.name}.{format}")


@router.get("/sessions/{session}/midi", responses=gives_file("audio/midi"))
async def read_set_midi(session: str, request: Request, services: Services, who: Asker) -> Response:
    """A session's set as a MIDI file: its Arrangement, or its scenes one after the other."""
    opened = await services.hub.open(session, who)
    viewed = await opened.view("midi")
    etag = hashlib.blake2b(viewed.body, digest_size=12).hexdigest()
    headers = {**_headers(etag, f"{opened.record.name}.mid"), "cache-control": "private, no-cache"}
    return _send(request, viewed.body, "audio/midi", headers)


def _headers(etag: str, name: str = "") -> dict[str, str]:
    headers = {"etag": f'"{etag}"', "cache-control": _FOREVER}
    return {**headers, "content-disposition": disposition(name)} if name else headers


def _send(request: Request, data: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Answer with bytes or a range of them."""
    if has_etag(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    found = _range_of(request, headers["etag"], len(data))
    part = data[found.first : found.first + found.length]
    return Response(part, found.status, {**headers, **found.headers}, media_type)


async def send_file(request: Request, path: Path, media_type: str, etag: str, name: str) -> Response:
    """Answer with a file or a range of it."""
    headers = _headers(etag, name)
    if has_etag(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    found = _range_of(request, headers["etag"], (await asyncio.to_thread(path.stat)).st_size)
    headers = {**headers, **found.headers}
    if request.scope.get(IS_HEAD):
        return Response(None, found.status, headers, media_type)
    return StreamingResponse(_read(path, found.first, found.length), found.status, headers, media_type)


def _range_of(request: Request, etag: str, size: int) -> RangeAnswer:
    """Return which bytes of a file to send. Raises ApiError where it has none of those."""
    wanted = request.headers.get("range") if request.headers.get("if-range", etag) == etag else None
    found = answer_range(wanted, size)
    if found.status == UNSATISFIABLE:
        raise ApiError(416, "bad_range", f"The file has {size} bytes: ask for some of these.", headers=found.headers)
    return found


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
