"""What a request has written into Live, as clients that watch are told: its clips, and what reproduces them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from musearoo.bridge.core.events.incoming import Composed
from musearoo.bridge.core.press_life import InLive, TakingBack
from musearoo.bridge.core.presses import dropped_by
from musearoo.bridge.core.state import Press, State
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import (
    ApiEdit,
    ApiPart,
    ApiTake,
    ApiTakeUndone,
    BringBack,
    CreateArrangementAudioClip,
    CreateArrangementClip,
    CreateAudioClip,
    CreateClip,
    CreateStem,
    Generate,
    Imagine,
    Keep,
    Listen,
    Refine,
    ReplaceNotes,
    Result,
    Split,
    WriteSong,
)
from musearoo.bridge.protocol.codec import encode
from musearoo.bridge.protocol.types import Message, WireError
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.band import BAND, is_band
from musearoo.bridge.requests.composition import TakePart
from musearoo.engines.music.knowledge.context import Role

KINDS: Final[dict[type, str]] = {
    Refine: "refine",
    ChangeSeveral: "refine",
    WriteSong: "song",
    Split: "split",
    Imagine: "imagine",
    Listen: "imagine",
    Keep: "keep",
    Adjust: "adjust",
    ApiEdit: "edit",
    BringBack: "back",
}
"""Kinds of requests that write clips, besides Generate."""

Written = CreateClip | CreateArrangementClip | ReplaceNotes | CreateAudioClip | CreateArrangementAudioClip | CreateStem
"""Edits that write a clip."""


def describe_result(
    state: State, now: float, link: int, result: Result, mirror: SetMirror
) -> tuple[ApiTake | ApiPart | ApiTakeUndone, ...]:
    """Return what Live's answer to a transaction means to those who watch, as one bundle; nothing for other answers.

    `state` is that before the answer; `mirror` has what was written.
    """
    if undone := dropped_by(result.request):
        return (ApiTakeUndone(link, undone),)
    match state.press_of(result.request):
        case Press(life=TakingBack(step=step)):
            return (ApiTakeUndone(link, step.request),)
        case Press(life=InLive(made=Composed() as made)) as press:
            roles = made.parts if press.kept is None else press.kept.parts
            parts = tuple(_parts(made.messages[1:], result.ids[0::2], roles, mirror))
            return (_take(press, made, now, link, parts[0].name), *parts) if parts else ()
    return ()


def kind_of(request: object) -> str:
    """Return the kind of a request that writes clips.

    >>> kind_of(Split(1, 1, -1, -1, "", 4, 0))
    'split'
    """
    if isinstance(request, Generate):
        return BAND if is_band(request.engine) else "generate"
    return KINDS.get(type(request), "other")


def _take(press: Press, made: Composed, now: float, link: int, clip: str) -> ApiTake:
    kept = press.kept
    request, recipe = (press.request, made.recipe) if kept is None else (kept.request, kept.recipe)
    context = None if recipe is None else recipe.context
    return ApiTake(
        request=press.request_id,
        live=link,
        session=press.key[0],
        press=press.number,
        kind=kind_of(request),
        name=(made.name if kept is None else kept.name) or clip,
        milliseconds=(now - press.arrived) * 1000,
        asked=_asked(request),
        style="" if recipe is None else recipe.style,
        seed=-1 if recipe is None else recipe.seed,
        context=b"" if context is None else msgspec.msgpack.encode(context),
        lean="" if recipe is None else ",".join(recipe.lean),
    )


def _asked(request: object) -> bytes:
    """Return a request as its device sends it; nothing for one in words, which may ask for more than a device can."""
    try:
        return encode(request) if isinstance(request, Message) else b""
    except WireError:
        return b""


def _parts(
    edits: Sequence[Message], ids: Sequence[int], composed: Sequence[TakePart], mirror: SetMirror
) -> Iterator[ApiPart]:
    """Yield the clips that a transaction has written; `composed` are the parts of its first take, in their order."""
    roles: dict[tuple[type, int], Role] = {}
    takes: dict[tuple[type, int], int] = {}
    for edit, id in zip(edits, ids, strict=False):
        if not isinstance(edit, Written):
            continue
        # A column of clips is a part; notes that are replaced are a part each.
        column = (type(edit), edit.clip if isinstance(edit, ReplaceNotes) else edit.track)
        if column not in roles:
            roles[column] = composed[len(roles)].role if len(roles) < len(composed) else "unknown"
        takes[column] = takes.get(column, 0) + 1
        clip = mirror.clips.get(id)
        track = mirror.tracks.get(clip.track) if clip is not None else None
        scene = mirror.scenes.get(clip.scene) if clip is not None else None
        yield ApiPart(
            clip=id if clip is not None else 0,
            take=takes[column],
            role=roles[column],
            name=clip.name if clip is not None else getattr(edit, "name", ""),
            track=track.index if track is not None else -1,
            scene=scene.index if scene is not None else -1,
            length=clip.length if clip is not None else 0.0,
            file_path=getattr(edit, "file_path", ""),
            notes=getattr(edit, "notes", b""),
        )
