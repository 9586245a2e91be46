"""What a client asks to play, as sources: notes of takes and clips, and files; only what the user may see."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import NotFoundError, RefusedError
from musearoo.bridge.api.routes.jobs import find_visible_file, media_type_of, newest_style
from musearoo.bridge.api.sessions.clips import read_clip, read_path
from musearoo.bridge.api.sessions.hub import OpenSession
from musearoo.bridge.api.sessions.live import LiveSession
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.sessions.takes import SOUNDS, find_visible_take
from musearoo.bridge.api.sound.messages import ClickSource, FileSource, NotesSource, Piece, Source
from musearoo.bridge.api.sound.wire import Part, Play
from musearoo.bridge.api.types.answers import NoteRow
from musearoo.bridge.api.types.clips import ClipDetail
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.store import records
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.jobs import read_job
from musearoo.engines.music.meter import Meter

USUAL_METER: Final = "4/4"
_NOTES: Final = msgspec.msgpack.Decoder(tuple[NoteRow, ...])


async def read_piece(play: Play, services: ApiServices, session: str, who: Who) -> Piece:
    """Return what is to be played, the metronome last where it is wanted. Raises ApiError."""
    opened = await services.hub.open(session, who)
    sources: list[Source] = [await _read_part(part, services, opened, who) for part in play.parts]
    if play.metronome:
        found = (source.time_signature for source in sources if isinstance(source, NotesSource))
        meter = play.time_signature or next(found, USUAL_METER)
        sources.append(ClickSource(time_signature=str(Meter.parse(meter))))
    return Piece(sources=tuple(sources), bpm=play.bpm, beats=play.beats)


async def _read_part(part: Part, services: ApiServices, opened: OpenSession, who: Who) -> Source:
    if part.take is not None:
        record, _ = await find_visible_take(services.database, part.take, who)
        if record.params.get("do") in SOUNDS:
            return await _read_sound(record, services, who)
        return _notes_of_take(record)
    if part.clip is not None:
        return await _read_clip(part.clip, services, opened, who)
    file = await find_visible_file(services, part.file or "", who)
    return FileSource(path=str(file.path))


async def _read_sound(take: records.Take, services: ApiServices, who: Who) -> Source:
    """Return the file of a take that is a sound: of its job's, which makes one for each take of a request in order."""

    def work(connection: Connection) -> dict[str, Any]:
        try:
            return read_job(connection, take.request_id).result or {}
        except MissingError:
            return {}

    made = (await services.database.read(work)).get("files", [])
    files = [file for file in made if media_type_of(file["name"]).startswith("audio/")]
    place = int(take.id.rpartition(".")[2]) - 1
    if place < len(files):
        file = await find_visible_file(services, files[place]["id"], who)
        return FileSource(path=str(file.path))
    if take.place is None:
        raise NotFoundError("The sound of that take is not there any more.")
    opened = await services.hub.open(take.session, who)
    return await _read_clip(take.place["clip"], services, opened, who)


async def _read_clip(clip: int, services: ApiServices, opened: OpenSession, who: Who) -> Source:
    detail = await read_clip(opened, clip, services.pool, services.database)
    if detail.kind == "audio":
        if isinstance(opened, LiveSession):
            sentence = f"“{detail.name}” is audio in Live's set: listen to it there."
            raise RefusedError(Refusal.UNSUPPORTED, sentence)
        start, end = seconds_of(detail)
        return FileSource(path=await read_path(opened, clip), start=start, end=end)
    role, style = "drums" if detail.is_drums else "", ""
    if detail.take is not None:
        record, _ = await find_visible_take(services.database, detail.take, who)
        role, style = record.part, record.style
    else:
        style = await newest_style(services, opened.id)
    return notes_of(detail, role, style)


def notes_of(clip: ClipDetail, role: str, style: str) -> NotesSource:
    """Return what plays of a MIDI clip, from beat 0: no muted notes, and none beyond its end."""
    first, last = _region(clip)
    muted = frozenset(clip.muted)
    notes = tuple(
        (start - first, pitch, min(duration, last - start), velocity)
        for place, (start, pitch, duration, velocity) in enumerate(clip.notes)
        if first <= start < last and place not in muted
    )
    return NotesSource(
        name=clip.name,
        role=role,
        style=style,
        beats=last - first,
        time_signature=clip.time_signature,
        notes=notes,
    )


def _region(clip: ClipDetail) -> tuple[float, float]:
    """Return what of a clip plays: its loop, else from marker to marker."""
    return (clip.loop_start, clip.loop_end) if clip.looping else (clip.start_marker, clip.end_marker)


def seconds_of(clip: ClipDetail) -> tuple[float, float | None]:
    """Return what of its file an audio clip plays, in seconds; warped ones play at the speed of the file."""
    first, last = _region(clip)
    if not clip.warped:
        return max(0.0, first), last if last > first else None
    if len(clip.warp) < 2:
        return 0.0, None
    return max(0.0, _second_at(clip, first)), _second_at(clip, last)


def _second_at(clip: ClipDetail, beat: float) -> float:
    """Return the second of the file at a beat of a warped clip; the outer markers' tempo goes on beyond them."""
    markers = clip.warp
    place = max(1, min(len(markers) - 1, sum(beats <= beat for _, beats in markers)))
    (second, at), (other, until) = markers[place - 1], markers[place]
    return second + (beat - at) * (other - second) / (until - at)


def _notes_of_take(take: records.Take) -> NotesSource:
    return NotesSource(
        name=take.name,
        role=take.part,
        style=take.style,
        beats=take.length_beats,
        time_signature=take.time_signature,
        notes=_NOTES.decode(take.notes),
    )
