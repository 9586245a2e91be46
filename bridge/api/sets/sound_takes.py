"""Sounds that jobs have put into a set, as takes: without notes, with what made them. Pure."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from musearoo.bridge.api.sets.transactions import Performed
from musearoo.bridge.api.types.answers import Take
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.bridge.live_set.scale import key_of_set
from musearoo.bridge.protocol import CreateArrangementAudioClip, CreateAudioClip, CreateStem
from musearoo.bridge.protocol.types import Message


def takes_of_sounds(
    performed: Performed,
    edits: Sequence[Message],
    known: Sequence[Mapping[str, Any]],
    request: AnyRequest,
    request_id: str,
    session: str,
) -> tuple[Take, ...]:
    """Return the audio clips of a transaction as takes. `known` has by clip the fields that its job alone knows."""
    mirror, now = performed.mirror, time.time()
    song = mirror.song
    found = key_of_set(song) if song else None
    key = found.value if found else None
    made = zip(edits, performed.results, strict=True)
    clips = [
        id for edit, (id, _) in made if isinstance(edit, CreateAudioClip | CreateArrangementAudioClip | CreateStem)
    ]
    takes = []
    for number, (id, fields) in enumerate(zip(clips, known, strict=False), 1):
        clip = mirror.clips[id]
        takes.append(
            Take(
                **fields,
                id=f"{request_id}.{number}",
                session=session,
                request=request_id,
                number=number,
                engine=str(type(request).__struct_config__.tag),
                name=clip.name,
                style=getattr(request, "style", ""),
                bpm=song.tempo if song else 120.0,
                key=str(key) if key else "",
                time_signature=f"{clip.numerator}/{clip.denominator}",
                length_beats=clip.length,
                made=now,
                clip=id,
                track=mirror.tracks[clip.track].index + 1,
                scene=mirror.scenes[clip.scene].index + 1 if clip.scene else 0,
                params=msgspec.to_builtins(request),
            )
        )
    return tuple(takes)
