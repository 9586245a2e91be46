"""What comes of requests in Live, as clients and the store have it."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec

from musearoo import __version__
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.sessions.takes import hash_notes
from musearoo.bridge.api.sets.editing import as_edited
from musearoo.bridge.api.sets.notes import note_rows
from musearoo.bridge.api.types.answers import Take
from musearoo.bridge.api.types.requests import AnyRequest, Edit, RefineSeveral
from musearoo.bridge.links.api_client import WrittenTake
from musearoo.bridge.links.watched_lives import WatchedLive
from musearoo.bridge.protocol import ApiTake, Heard
from musearoo.bridge.store import records

_ENGINES: Final = {
    "drums": "drummaroo",
    "bass": "bassaroo",
    "harmony": "harmonyroo",
    "melody": "melodyroo",
    "atmosphere": "atmosroo",
}

Report = Callable[[float, str], None]
"""Told how far a request is: the fraction from 0 to 1, and a sentence."""


class Asked:
    """A request of this server that is under way in the daemon, and its takes so far."""

    def __init__(self, request: AnyRequest, request_id: str, who: Who, report: Report | None = None) -> None:
        self.request = request
        self.request_id = request_id
        self.who = who
        self.report = report
        self.takes: tuple[Take, ...] = ()
        self.parent: dict[str, Any] = {}
        """Of edited notes: what they keep of their parent."""
        self.storing: asyncio.Task[None] | None = None
        """Stores the takes; the answer waits for it."""

    @property
    def do(self) -> str:
        """The request's kind."""
        return str(type(self.request).__struct_config__.tag)


def takes_of(written: WrittenTake, live: WatchedLive, session: str, asked: Asked | None) -> tuple[Take, ...]:
    """Return what was written as takes. Numbers go on after those that the request has made before."""
    song, told = live.mirror.song, written.take
    first = len(asked.takes) + 1 if asked is not None else 1
    request_id = asked.request_id if asked is not None else told.request
    context_hash = hashlib.blake2b(told.context, digest_size=16).hexdigest() if told.context else ""
    signature = f"{song.numerator}/{song.denominator}" if song else "4/4"
    takes = tuple(
        Take(
            id=f"{request_id}.{number}",
            session=session,
            request=request_id,
            number=number,
            engine=_ENGINES.get(part.role, "") if told.style else told.kind,
            part=part.role,
            name=part.name,
            style=told.style,
            bpm=song.tempo if song else 120.0,
            key=live.key,
            time_signature=signature,
            length_beats=part.length,
            seed=max(0, told.seed),
            engine_version=__version__,
            context_hash=context_hash,
            milliseconds=round(told.milliseconds, 3),
            made=time.time(),
            clip=part.clip,
            track=part.track + 1,
            scene=part.scene + 1,
            params=_params_of(told, asked, part.track + 1),
            notes=note_rows(part.notes),
        )
        for number, part in enumerate(written.parts, first)
    )
    if asked is None or not isinstance(asked.request, Edit):
        return takes
    return tuple(as_edited(take, asked.request, asked.parent) for take in takes)


def _params_of(told: ApiTake, asked: Asked | None, track: int) -> dict[str, Any]:
    """Return the request that made a take, of several changes that of its track; and who played lean, if anybody."""
    lean = {"lean": told.lean.split(",")} if told.lean else {}
    if asked is None:
        return {"do": told.kind, **lean}
    each = asked.request.clips if isinstance(asked.request, RefineSeveral) else ()
    return {**msgspec.to_builtins(next((one for one in each if one.track == track), asked.request)), **lean}


def record_of(take: Take, user: str) -> records.Take:
    notes = msgspec.msgpack.encode(take.notes)
    return records.Take(
        id=take.id,
        session=take.session,
        request_id=take.request,
        user=user,
        made=take.made,
        engine=take.engine,
        part=take.part,
        engine_version=take.engine_version,
        style=take.style,
        params=take.params,
        seed=take.seed,
        context_hash=take.context_hash,
        notes_hash=hash_notes(take.notes),
        bpm=take.bpm,
        key=take.key,
        time_signature=take.time_signature,
        length_beats=take.length_beats,
        name=take.name,
        milliseconds=take.milliseconds,
        parent=take.parent,
        place={"clip": take.clip, "track": take.track, "scene": take.scene},
        notes=notes,
    )


def findings_of(heard: Heard) -> dict[str, Any]:
    """Return what an analysis found, as far as the daemon tells a device."""
    return {
        "pass": ("fast", "deep", "notes")[heard.depth],
        "tempo": heard.tempo,
        "time_signature": f"{heard.numerator}/{heard.denominator}" if heard.numerator else "",
        "key": heard.key,
        "confidence": {
            "tempo": heard.tempo_confidence,
            "time_signature": heard.meter_confidence,
            "key": heard.key_confidence,
        },
    }
