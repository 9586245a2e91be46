"""Clients' requests as the messages that devices send: from numbers that count from 1 to indices. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.api.sets.editing import encode_edited
from musearoo.bridge.api.types import requests as asked
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    Analyze,
    ApiEdit,
    Generate,
    Imagine,
    Mix,
    Refine,
    Refusal,
    SayText,
    Split,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message, WireError
from musearoo.bridge.requests.adjust_data import Action, Adjust, ChangeSeveral
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.language.requests.commands import BAND

if TYPE_CHECKING:
    from musearoo.bridge.core.events.effects import LongRequest, Request

DRAWN: Final = -1
"""The seed of a new take: drawn at random."""

_BY_WHAT: Final = {
    ("delete", "clip"): Action.DELETE_CLIP,
    ("delete", "track"): Action.DELETE_TRACK,
    ("delete", "scene"): Action.DELETE_SCENE,
    ("launch", "clip"): Action.LAUNCH_CLIP,
    ("launch", "scene"): Action.LAUNCH_SCENE,
}
"""Actions on an object, by the intent and its kind."""


def message_of(request: asked.AnyRequest, session: int, press: int) -> Request | LongRequest | Undo | SayText:
    """Return the message, or for an action the adjustment, that performs a request as a press of a session.

    Raises RequestError for a value that is out of bounds, and ValueError for Redo, which devices do not have.
    """
    made = _convert(request, {"session": session, "press": press})
    if isinstance(made, Message):
        for name, spec in made.specs:
            try:
                spec.check(name.replace("_", " "), getattr(made, name))
            except WireError as error:
                raise RequestError(Refusal.BAD_PARAMETER, f"{str(error).capitalize()}.") from error
    return made


def _convert(request: asked.AnyRequest, numbers: Mapping[str, int]) -> Request | LongRequest | Undo | SayText:
    match request:
        case asked.Generate():
            return Generate(
                **_music(request, numbers),
                engine=request.engine,
                track=_index(request.track),
                scene=_into(request.scene),
            )
        case asked.Band():
            engines = ",".join(request.engines)
            # One engine by name is the band of that one: the comma makes it so.
            engine = BAND if not engines else engines if "," in engines else f"{engines},{engines}"
            return Generate(**_music(request, numbers), engine=engine, track=-1, scene=_into(request.scene))
        case asked.Song():
            return WriteSong(
                **numbers,
                style=request.style,
                form=request.form,
                seconds=request.seconds,
                seed=_seed(request.seed),
                complexity=request.complexity,
                key=request.key,
                where=int(request.where == "timeline"),
            )
        case asked.Refine():
            return Refine(
                **numbers,
                changes=", ".join(request.changes),
                style=request.style,
                first_bar=request.first_bar,
                last_bar=request.last_bar,
                vary_bars=request.vary_bars,
                take=0,
                seed=_seed(request.seed),
                track=_index(request.track),
                scene=_index(request.scene),
                replace=int(request.replace),
                takes=request.takes,
            )
        case asked.RefineSeveral():
            each = (_convert(clip, numbers) for clip in request.clips)
            return ChangeSeveral(**numbers, changes=tuple(one for one in each if isinstance(one, Refine)))
        case asked.Edit():
            # Sessions find the clip first.
            notes = encode_edited(request.notes)
            return ApiEdit(**numbers, clip=request.clip or 0, notes=notes, replace=int(request.replace))
        case asked.Mix():
            return Mix(**numbers, style=request.style, pinned=", ".join(request.pinned), write=1)
        case asked.Split():
            return Split(
                **numbers,
                track=_index(request.track),
                scene=_index(request.scene),
                backend=request.backend,
                stems=request.stems,
                mute=int(request.mute),
            )
        case asked.Imagine():
            return Imagine(
                **numbers,
                prompt=request.prompt,
                bars=request.bars,
                takes=request.takes,
                seed=_seed(request.seed),
                backend=request.backend,
                model=request.model,
                key=request.key,
                style=request.style,
                follow=int(request.follow),
                use=0,
                source_track=-1,
                source_scene=-1,
                track=_index(request.track),
                scene=_into(request.scene),
                replace=int(request.replace),
            )
        case asked.Analyze():
            written = {
                name: int(name in request.apply) for name in ("tempo", "meter", "scale", "warp", "locators", "name")
            }
            where = {"track": _index(request.track), "scene": _index(request.scene)}
            return Analyze(**numbers, **where, deep=int(request.deep), **written)
        case asked.Say():
            return SayText(**numbers, text=request.text)
        case asked.Undo():
            return Undo(**numbers)
        case asked.Act():
            return _adjust(request, numbers)
        case asked.Redo():
            raise ValueError("a device has no redo")


def _music(request: asked.Generate | asked.Band, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return what one engine and the band have in common."""
    return {
        **numbers,
        "style": request.style,
        "bars": request.bars,
        "seed": _seed(request.seed),
        "complexity": request.complexity,
        "density": request.density,
        "humanise": request.humanise,
        "swing": request.swing or 0.0,
        "key": request.key,
        "options": "; ".join(f"{name}={_option(value)}" for name, value in request.options.items()),
        "replace": int(request.replace),
        "chords": request.chords,
        "changes": ", ".join(request.changes),
        "takes": request.takes,
        "bpm": request.bpm or 0.0,
    }


def _option(value: asked.Option) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _adjust(request: asked.Act, numbers: Mapping[str, int]) -> Adjust:
    on_object = request.intent in ("delete", "launch")
    action = _BY_WHAT.get((request.intent, request.what)) if on_object else Action(request.intent.replace("_", " "))
    if action is None:
        raise RequestError(Refusal.BAD_PARAMETER, "A track cannot be launched: launch a clip or a scene.")
    for needed, value in ((Action.TEMPO, request.bpm), (Action.KEY, request.key), (Action.LEVEL, request.db)):
        if action is needed and not value:
            name = {"tempo": "bpm", "key": "key", "level": "db"}[needed.value]
            raise RequestError(Refusal.BAD_PARAMETER, f"The action {needed.value} needs a value of {name}.")
    return Adjust(
        **numbers,
        action=action,
        tracks=tuple(number - 1 for number in request.tracks),
        scene=_index(request.scene),
        db=request.db,
        bpm=request.bpm or 0.0,
        key=request.key,
    )


def _seed(seed: int | None) -> int:
    return DRAWN if seed is None else seed


def _index(number: int | None) -> int:
    """Return the index of a track or a scene that is there; -1 for what is shown or selected."""
    return -1 if number is None else number - 1


def _into(number: int | None) -> int:
    """Return the index of the scene that something goes into; -1 for the selected one."""
    return NEW_SCENE_INDEX if number == asked.NEW_SCENE else _index(number)
