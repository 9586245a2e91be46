"""Files that come in: analysed, placed in the set, understood as speech; in one piece, or resumably.

Resumable uploads follow tus 1.0 (https://tus.io/protocols/resumable-upload): its core, with the extensions creation and
termination, so that its clients work as they are. Plain clients may create an upload by JSON, too.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query, Request, Response

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.jobs.drafts import Draft
from musearoo.bridge.api.jobs.file_names import clean_name
from musearoo.bridge.api.jobs.on_sets import analyze_upload, work_on_set
from musearoo.bridge.api.jobs.work import NewJob
from musearoo.bridge.api.problems.decoding import explain_invalid
from musearoo.bridge.api.problems.errors import ApiError, TakesLongerError
from musearoo.bridge.api.routes.requests import BECOMES_A_JOB
from musearoo.bridge.api.routes.shared import (
    JSON,
    MSGPACK,
    Asker,
    Services,
    answer,
    at_version,
    gives,
    read_body,
    read_request,
    version_of,
)
from musearoo.bridge.api.sessions.own import OwnSession
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types.answers import Outcome
from musearoo.bridge.api.types.jobs import NewUpload, UploadState
from musearoo.bridge.api.types.requests import Analyze, Say
from musearoo.bridge.store import records

router: Final = APIRouter(tags=["uploads"])

TUS: Final = "1.0.0"
TUS_HEADERS: Final = {"tus-resumable": TUS}
PIECE_TYPE: Final = "application/offset+octet-stream"
APPLICABLE: Final = ("tempo", "meter", "scale", "warp", "name")
LONGEST_SENTENCE: Final = 300
_NAME: Final = Query(max_length=255, description="the file's name; its ending need not be right")
_UPLOAD: Final = Query(max_length=64, description="the id of an upload, in place of a body")
_BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}


def _takes_file(*json: str) -> dict[str, Any]:
    """What OpenAPI says of a body that is a file, or JSON of these types."""
    content: dict[str, Any] = {"audio/*": _BINARY, "application/octet-stream": _BINARY}
    for kind in json:
        content[JSON] = {"schema": {"$ref": f"#/components/schemas/{kind}"}}
    return {"requestBody": {"required": False, "content": content}}


@router.post(
    "/sessions/{session}/analyze",
    openapi_extra=_takes_file("Analyze"),
    responses=gives(Outcome, "What was found; `job` is the deep pass, which goes on"),
)
async def analyze(
    session: str,
    request: Request,
    services: Services,
    who: Asker,
    name: Annotated[str, _NAME] = "",
    upload: Annotated[str | None, _UPLOAD] = None,
    place: Annotated[bool, Query(description="add it to the set as a clip on a new track")] = False,
    scene: Annotated[int | None, Query(ge=1, le=1000, description="scene of the new clip, counted from 1")] = None,
    apply: Annotated[str, Query(max_length=60, description="what is set by it: warp,tempo,scale,meter,name")] = "warp",
    deep: Annotated[bool, Query(description="also analyse it deeply, as a job")] = False,
) -> Response:
    """Tempo, key, chords, sections and groove of an audio or a MIDI file, or (JSON) of a clip of the set.

    With `place` the file becomes a clip of the set, which generate and band follow.
    """
    is_file = upload is not None or not _is_plain(request)
    if not is_file:
        asked = await read_request(request, Analyze)
        opened = await services.hub.open(session, who, "editor")
        async with at_version(request, opened):
            body = await opened.perform(asked, request.state.request_id, who, "msgpack")
        outcome = msgspec.msgpack.decode(body, type=Outcome)
        if asked.deep and isinstance(opened, OwnSession) and outcome.analysis is not None:
            job = work_on_set(session, asked, services.reopen(session, who))
            outcome = await _go_deeper(services, outcome, job, who)
        return answer(request, outcome, 200, {"etag": f'"{opened.version}"', **_job_header(outcome)})
    applied = _read_apply(apply)
    own = await services.open_own(session, who)
    async with at_version(request, own):
        await own.require_version(version_of(request))
    file = await _read_file(services, request, who, name, upload)
    # The same content may have been uploaded under another name before.
    request_id, title = request.state.request_id, _stem(clean_name(name) if name else file.name)
    if place:
        async with services.uploads.kept_for(file, session):
            outcome = await own.place(file.path, title, -1 if scene is None else scene - 1, applied, request_id, who)
    else:
        found = await services.pool.call("examine", {"path": file.path, "name": title})
        outcome = Outcome(
            request=request_id,
            do="analyze",
            sentence=found["sentence"],
            milliseconds=found["analysis"]["ms"],
            analysis=found["analysis"],
        )
    outcome = msgspec.structs.replace(outcome, upload=file.id)
    if deep:
        outcome = await _go_deeper(services, outcome, analyze_upload(session, file.path, title), who)
    return answer(request, outcome, 200, {"etag": f'"{own.version}"', **_job_header(outcome)})


@router.post(
    "/sessions/{session}/listen",
    openapi_extra=_takes_file(),
    responses={**gives(Outcome, "What was said, and what it has led to"), **BECOMES_A_JOB},
)
async def listen(
    session: str,
    request: Request,
    services: Services,
    who: Asker,
    upload: Annotated[str | None, _UPLOAD] = None,
) -> Response:
    """A recorded sentence, recognised on this machine, understood and done as `say` does it."""
    opened = await services.hub.open(session, who, "editor")
    if upload is not None:
        heard = await services.ears.perform("listen", {"path": (await services.uploads.find(upload, who.user)).path})
    else:
        async with services.uploads.passing(_stream(request), who, _length_of(request)) as path:
            if not (await asyncio.to_thread(path.stat)).st_size:
                raise ApiError(422, "empty", "No sound came: send a recorded sentence as the body.")
            heard = await services.ears.perform("listen", {"path": str(path)})
    request_id = request.state.request_id
    try:
        body = await opened.perform(Say(text=heard["text"][:LONGEST_SENTENCE]), request_id, who, "msgpack")
        outcome = msgspec.msgpack.decode(body, type=Outcome)
    except TakesLongerError as longer:
        outcome = await services.answer_later(longer, session, request_id, who)
    outcome = msgspec.structs.replace(outcome, transcript=heard["text"], confidence=round(heard["confidence"], 3))
    return answer(request, outcome, 202 if outcome.job else 200, _job_header(outcome))


# --- resumable uploads -----------------------------------------------------------------------------------------------


@router.options("/uploads", include_in_schema=False)
async def describe_uploads(services: Services) -> Response:
    """What of tus there is."""
    headers = {**TUS_HEADERS, "tus-version": TUS, "tus-extension": "creation,termination"}
    return Response(status_code=204, headers={**headers, "tus-max-size": str(services.uploads.largest)})


@router.post(
    "/uploads",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": False,
            "content": {
                JSON: {
                    "schema": {"$ref": "#/components/schemas/NewUpload"},
                    "example": {"name": "loop.wav", "bytes": 1411244},
                }
            },
        }
    },
    responses=gives(UploadState, "The upload: `Location` takes its pieces", 201),
)
async def create_upload(request: Request, services: Services, who: Asker) -> Response:
    """Begin a resumable upload: by JSON, or by the headers of tus (Upload-Length, Upload-Metadata)."""
    who.require("make")
    _require_tus(request)
    length = request.headers.get("upload-length")
    new = await read_body(request, NewUpload) if length is None else _read_tus(length, request)
    draft = await services.uploads.create(who, new.name, new.bytes, new.sha256)
    headers = {**TUS_HEADERS, "location": f"/api/v3/uploads/{draft.id}", "upload-offset": "0"}
    return answer(request, _state(draft, 0), 201, headers)


@router.head("/uploads/{upload}", responses={200: {"description": "`Upload-Offset` is how many bytes are here"}})
async def look_at_upload(upload: str, services: Services, who: Asker) -> Response:
    """How much of an upload is here."""
    who.require("make")
    draft, offset = await services.uploads.look(upload, who.user)
    return Response(status_code=200, headers=_offset_headers(draft, offset))


@router.get("/uploads/{upload}", responses=gives(UploadState, "The upload"))
async def read_upload(upload: str, request: Request, services: Services, who: Asker) -> Response:
    """See an upload."""
    who.require("make")
    draft, offset = await services.uploads.look(upload, who.user)
    return answer(request, _state(draft, offset))


@router.patch(
    "/uploads/{upload}",
    status_code=204,
    openapi_extra={
        "requestBody": {"required": True, "content": {PIECE_TYPE: _BINARY}},
        "parameters": [
            {"name": "Upload-Offset", "in": "header", "required": True, "schema": {"type": "integer", "minimum": 0}}
        ],
    },
    responses={204: {"description": "It is here: `Upload-Offset` is where the next piece begins"}},
)
async def add_piece(upload: str, request: Request, services: Services, who: Asker) -> Response:
    """Send the piece of an upload that begins at `Upload-Offset`. After the last one it can be used by its id."""
    who.require("make")
    _require_tus(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() not in (
        PIECE_TYPE,
        "application/octet-stream",
    ):
        raise ApiError(415, "wrong_content_type", f"The content type of a piece must be {PIECE_TYPE}.")
    offset = request.headers.get("upload-offset", "")
    if not offset.isdecimal() or len(offset) > 15:
        raise ApiError(400, "bad_header", "Upload-Offset must say where the piece begins, in bytes.", "Upload-Offset")
    draft, there = await services.uploads.append(upload, who.user, int(offset), _stream(request))
    services.metrics.upload_bytes.add(there - int(offset))
    return Response(status_code=204, headers=_offset_headers(draft, there))


@router.delete("/uploads/{upload}", status_code=204, responses={204: {"description": "It has gone"}})
async def delete_upload(upload: str, services: Services, who: Asker) -> Response:
    """Delete an upload, finished or not. Clips that play it stay."""
    who.require("make")
    await services.uploads.drop(upload, who.user)
    return Response(status_code=204, headers=TUS_HEADERS)


# --- shared ----------------------------------------------------------------------------------------------------------


def _is_plain(request: Request) -> bool:
    """Whether a body is JSON or msgpack, or there is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in (JSON, MSGPACK, "")


async def _read_file(services: ApiServices, request: Request, who: Who, name: str, upload: str | None) -> records.File:
    """Return the file of a request: its body, or the upload that it names."""
    if upload is not None:
        return await services.uploads.find(upload, who.user)
    file = await services.uploads.receive(_stream(request), who, name, _length_of(request))
    services.metrics.upload_bytes.add(file.bytes)
    return file


def _length_of(request: Request) -> int | None:
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isdecimal() and len(declared) < 16 else None


async def _stream(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


async def _go_deeper(services: ApiServices, outcome: Outcome, job: NewJob, who: Who) -> Outcome:
    """Begin the deep pass, or say why there is none. Raises ApiError, unless the set was changed already."""
    try:
        why_not = await services.pool.call("why_not_deep")
        if not why_not:
            return msgspec.structs.replace(outcome, job=await services.jobs.begin(job, who))
    except ApiError as error:
        if outcome.version is None:
            raise
        # What was done is answered: an error would have it done again.
        why_not = error.sentence
    return msgspec.structs.replace(outcome, notices=(*outcome.notices, why_not))


def _job_header(outcome: Outcome) -> dict[str, str]:
    return {} if outcome.job is None else {"location": f"/api/v3/jobs/{outcome.job.id}"}


def _read_apply(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in APPLICABLE]
    if unknown:
        sentence = f"apply: {unknown[0]} cannot be set by an analysis: {', '.join(APPLICABLE)} can."
        raise ApiError(422, "bad_parameter", sentence, "apply")
    return names


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _state(draft: Draft, offset: int) -> UploadState:
    size = draft.bytes or 0
    return UploadState(id=draft.id, name=draft.name, bytes=size, offset=offset, complete=offset == size)


def _offset_headers(draft: Draft, offset: int) -> dict[str, str]:
    return {
        **TUS_HEADERS,
        "upload-offset": str(offset),
        "upload-length": str(draft.bytes or 0),
        "cache-control": "no-store",
    }


def _require_tus(request: Request) -> None:
    """Raise ApiError for another version of tus. Plain clients need not name one."""
    version = request.headers.get("tus-resumable", TUS)
    if version != TUS:
        raise ApiError(
            412, "wrong_version", f"This server speaks tus {TUS}, not {version}.", headers={"tus-version": TUS}
        )


def _read_tus(length: str, request: Request) -> NewUpload:
    """Return what the headers of tus ask for: `Upload-Metadata: filename <base64>,sha256 <base64>`."""
    facts: dict[str, str] = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        with_name = {"filename": "name", "name": "name", "sha256": "sha256"}.get(key)
        if with_name:
            try:
                facts[with_name] = base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                sentence = f"Upload-Metadata: {key} must be UTF-8 in base64."
                raise ApiError(400, "bad_header", sentence, "Upload-Metadata") from error
    size = int(length) if length.isdecimal() and len(length) < 16 else -1
    try:
        return msgspec.convert({"bytes": size, **facts}, NewUpload)
    except msgspec.ValidationError as error:
        raise explain_invalid(error) from error
