"""The copilot's actions and the requests that buttons send: one table, read both ways. Pure.

An action counts tracks and scenes from 1, and 0 is the selected one; a request counts from 0, and -1 is the selected
one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from musearoo.bridge.core.events.effects import LongRequest, Request
from musearoo.bridge.core.events.midi import MidiRequest
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    Analyze,
    ApiEdit,
    Audition,
    Generate,
    Imagine,
    Keep,
    Listen,
    Mix,
    PlayAmbience,
    PlayJam,
    Refine,
    Refusal,
    Split,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.types import WireError
from musearoo.bridge.requests.adjust_data import WHAT_PLAYS, Action, Adjust, ChangeSeveral
from musearoo.bridge.requests.band import BAND, is_band
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.errors import ParamError
from musearoo.engines.language.requests.actions import USUAL_BARS, SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.players.band.catalogue import ENGINES, find_engine

USUAL_LOOP_BARS: Final = 4
"""Length of an imagined loop when the sentence gives none."""
USUAL_SECONDS: Final = 120
"""Length of a song when the sentence gives none."""
DRAWN: Final = -1
"""The seed of a new take: drawn at random."""
LAST_PHRASE: Final = -1
"""Bars to keep of what was played when the sentence gives no number."""
AS_IT_IS: Final = -1
"""What a sentence does not say of endless music."""
AS_FELT: Final = 1.0
"""How strongly captured notes are quantised: fully, with the player's feel kept, as the device does by default."""

LEVEL_DB: Final[Mapping[str, float]] = {"": 3.0, "a bit": 1.5, "much": 6.0}
"""Fader steps in dB by degree: a clearly audible step, half of it, and twice."""

_TIMELINE: Final = "timeline"
_MANNER: Final = "manner="

Convert = Callable[[Any, SetMirror], Any]


# --- the table -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A value that an action and a request share: its two names, and its conversion each way."""

    action: str
    request: str
    to_request: Convert = lambda value, _: value
    to_action: Convert = lambda value, _: value


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of request: its class, the fields that it shares with an action, and what is fixed for a sentence."""

    kind: type[Any]
    fields: tuple[Field, ...]
    fixed: Mapping[str, object]


def _same(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, name) for name in names)


def _flags(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, name, lambda value, _: int(value), lambda value, _: bool(value)) for name in names)


def _default(name: str, default: int) -> Field:
    return Field(name, name, lambda value, _: value or default)


def _scene_index(number: int, mirror: SetMirror) -> int:
    """The index of the scene that a clip goes into; beyond the last there is a new one."""
    return NEW_SCENE_INDEX if number > len(mirror.scenes) else number - 1


def _scene_number(index: int, mirror: SetMirror) -> int:
    return len(mirror.scenes) + 1 if index == NEW_SCENE_INDEX else index + 1


def _engines_of(parts: tuple[str, ...], _: SetMirror) -> str:
    return BAND if BAND in parts else ",".join(find_engine(part).name for part in parts)


def _parts_of(engines: str, _: SetMirror) -> tuple[str, ...]:
    """The parts that a request's engines play; none if one of the engines is unknown."""
    if is_band(engines) and "," not in engines:
        return (BAND,)
    try:
        return tuple(find_engine(name).part for name in engines.split(","))
    except ParamError:
        return ()


def _split_words(changes: str, _: SetMirror) -> tuple[str, ...]:
    return tuple(word for part in changes.split(",") if (word := part.strip()))


_TRACK: Final = Field("track", "track", lambda number, _: number - 1, lambda index, _: index + 1)
_SCENE: Final = Field("scene", "scene", lambda number, _: number - 1, lambda index, _: index + 1)
_NEW_SCENE: Final = Field("scene", "scene", _scene_index, _scene_number)
_CHANGES: Final = Field("changes", "changes", lambda words, _: ", ".join(words), _split_words)
_PARTS: Final = Field("parts", "engine", _engines_of, _parts_of)
_SECONDS: Final = Field(
    "seconds", "seconds", lambda seconds, _: float(seconds or USUAL_SECONDS), lambda seconds, _: round(seconds)
)
_WHERE: Final = Field(
    action="where",
    request="where",
    to_request=lambda where, _: int(where == _TIMELINE),
    to_action=lambda where, _: _TIMELINE if where else "scenes",
)

_TABLE: Final[Mapping[Intent, Row]] = {
    Intent.PLAY: Row(
        Generate,
        (
            _PARTS,
            _default("bars", USUAL_BARS),
            _CHANGES,
            _TRACK,
            _NEW_SCENE,
            *_flags("replace", "hear"),
            *_same("style", "complexity", "density", "humanise", "swing", "key", "options", "chords", "takes", "bpm"),
            *_same("to_played"),
        ),
        {"seed": DRAWN},
    ),
    Intent.CHANGE: Row(
        Refine,
        (
            _CHANGES,
            _TRACK,
            _SCENE,
            *_flags("replace", "hear"),
            *_same("style", "first_bar", "last_bar", "takes"),
        ),
        {"vary_bars": 0, "take": 0, "seed": DRAWN},
    ),
    Intent.SONG: Row(WriteSong, (*_same("style", "complexity", "key"), _SECONDS, _WHERE), {"form": "", "seed": DRAWN}),
    Intent.MIX: Row(Mix, _same("style"), {"pinned": "", "write": 1}),
    Intent.ANALYSE: Row(
        Analyze,
        (_TRACK, _SCENE, *_flags("deep")),
        dict.fromkeys(("tempo", "meter", "scale", "warp", "locators", "name"), 0),
    ),
    Intent.SPLIT: Row(Split, (_TRACK, _SCENE, *_same("stems")), {"backend": "", "mute": 0}),
    Intent.IMAGINE: Row(
        Imagine,
        (
            _default("bars", USUAL_LOOP_BARS),
            _TRACK,
            _NEW_SCENE,
            *_flags("replace"),
            *_same("prompt", "takes", "key", "style"),
        ),
        {"seed": DRAWN, "backend": "", "model": "", "follow": 1, "use": 0, "source_track": -1, "source_scene": -1},
    ),
    Intent.UNDO: Row(Undo, (), {}),
    Intent.HEAR: Row(Audition, (*_flags("on"), _TRACK, _SCENE), {}),
    Intent.KEEP: Row(Keep, (), {"bars": 0, "strength": AS_FELT, "track": -1, "scene": -1, "replace": 0}),
    Intent.CAPTURE: Row(
        Keep, (_default("bars", LAST_PHRASE), _TRACK, _NEW_SCENE, *_flags("replace")), {"strength": AS_FELT}
    ),
    Intent.AMBIENCE: Row(
        PlayAmbience,
        (
            *_flags("on"),
            *_same("preset", "key", "mood", "bpm"),
            Field("follow", "follow", lambda follow, _: AS_IT_IS if follow is None else int(follow)),
        ),
        {"out": "", **dict.fromkeys(("density", "brightness", "motion", "space"), float(AS_IT_IS)), "seed": DRAWN},
    ),
    Intent.JAM: Row(
        PlayJam,
        (
            *_flags("on"),
            *_same("style", "complexity"),
            Field("bars", "bars", lambda bars, _: max(1, bars)),
            Field("parts", "who", lambda parts, _: find_engine(parts[0]).name if parts else ""),
        ),
        {"seed": DRAWN},
    ),
}

_LISTENED: Final = (*_same("bars"), Field("go_on", "use", to_action=lambda use, _: bool(use)))
"""Only a device sends Listen: what it shares with an action is read one way."""

_REMEMBERED: Final[Mapping[type[Any], tuple[Intent, tuple[Field, ...]]]] = {
    **{
        row.kind: (intent, row.fields)
        for intent, row in _TABLE.items()
        if row.kind in (Generate, Refine, WriteSong, Mix, Analyze, Split, Imagine)
    },
    Listen: (Intent.LISTEN, _LISTENED),
}
"""The requests that the copilot remembers as actions."""


# --- actions to requests ---------------------------------------------------------------------------------------------


def request_of(
    action: SetAction, session: int, press: int, mirror: SetMirror
) -> Request | LongRequest | Undo | MidiRequest | PlayAmbience:
    """The request that performs an action, as a press of the session's device under that number.

    Raises RequestError for numbers out of the request's range, and ValueError for an intent that no request performs.
    """
    if action.each:
        changes = tuple(request_of(one, session, press, mirror) for one in action.each)
        refined = tuple(change for change in changes if isinstance(change, Refine))
        return ChangeSeveral(session=session, press=press, changes=refined)
    row = _TABLE.get(action.intent)
    if row is None:
        return _adjust(action, session, press)
    values = {field.request: field.to_request(getattr(action, field.action), mirror) for field in row.fields}
    if action.intent is Intent.PLAY and action.manner:
        values["options"] = "; ".join(filter(None, (f"{_MANNER}{action.manner}", action.options)))
    request: Request | LongRequest | Undo | MidiRequest | PlayAmbience
    request = row.kind(session=session, press=press, **row.fixed, **values)
    for name, spec in row.kind.specs:
        try:
            spec.check(name.replace("_", " "), getattr(request, name))
        except WireError as error:
            raise RequestError(Refusal.BAD_PARAMETER, f"{str(error).capitalize()}: say it otherwise.") from error
    return request


# --- requests to actions ---------------------------------------------------------------------------------------------


def action_of(request: Request | LongRequest | Undo, mirror: SetMirror) -> SetAction | None:
    """The action that a request performs; None for what cannot be said, and for Undo: that is a NoteUndone."""
    match request:
        case Undo() | ApiEdit():
            return None
        case Adjust(action=action) if action in WHAT_PLAYS:
            return None
        case Adjust():
            return _adjusted(request)
        case ChangeSeveral():
            each = (action_of(one, mirror) for one in request.changes)
            return SetAction(intent=Intent.CHANGE, each=tuple(action for action in each if action is not None))
    intent, fields = _REMEMBERED[type(request)]
    values = {field.action: field.to_action(getattr(request, field.request), mirror) for field in fields}
    if isinstance(request, Generate):
        values |= _parse_options(request.options)
    if isinstance(request, Refine):
        values["parts"] = _parts_of_clip(request, mirror)
    return SetAction(intent=intent, **values)


def _parse_options(text: str) -> dict[str, str]:
    """A request's options without the manner, and the manner."""
    options = [word for part in text.split(";") if (word := part.strip())]
    manners = [word.removeprefix(_MANNER) for word in options if word.startswith(_MANNER)]
    rest = "; ".join(word for word in options if not word.startswith(_MANNER))
    return {"options": rest, "manner": manners[-1] if manners else ""}


def _parts_of_clip(request: Refine, mirror: SetMirror) -> tuple[str, ...]:
    """The part of the clip that changes, if its track has an engine's name."""
    shown = mirror.clips.get(mirror.selection.clip)
    selected = mirror.tracks.get(shown.track) if shown else None
    track = mirror.track_at(request.track) if request.track >= 0 else selected
    return tuple(engine.part for engine in ENGINES if track is not None and engine.title == track.name)


# --- adjustments, which no button makes ------------------------------------------------------------------------------

_SWITCHES: Final[Mapping[Intent, Action]] = {
    Intent.MUTE: Action.MUTE,
    Intent.UNMUTE: Action.UNMUTE,
    Intent.SOLO: Action.SOLO,
    Intent.UNSOLO: Action.UNSOLO,
}
_DELETIONS: Final = {"clip": Action.DELETE_CLIP, "track": Action.DELETE_TRACK, "scene": Action.DELETE_SCENE}
_INTENTS: Final = {action: intent for intent, action in _SWITCHES.items()}
_DELETED: Final = {action: what for what, action in _DELETIONS.items()}
_DEGREES: Final = {db: degree for degree, db in LEVEL_DB.items()}


def _adjust(action: SetAction, session: int, press: int) -> Adjust:
    tracks = tuple(number - 1 for number in action.tracks)
    match action.intent:
        case Intent.MUTE | Intent.UNMUTE | Intent.SOLO | Intent.UNSOLO:
            return Adjust(session=session, press=press, action=_SWITCHES[action.intent], tracks=tracks)
        case Intent.LEVEL:
            db = LEVEL_DB[action.degree] if action.up else -LEVEL_DB[action.degree]
            return Adjust(session=session, press=press, action=Action.LEVEL, tracks=tracks, db=db)
        case Intent.TEMPO:
            return Adjust(session=session, press=press, action=Action.TEMPO, bpm=action.bpm)
        case Intent.KEY:
            return Adjust(session=session, press=press, action=Action.KEY, key=action.key)
        case Intent.DELETE:
            which = tracks or ((action.track - 1,) if action.track else ())
            kind = _DELETIONS[action.what]
            return Adjust(session=session, press=press, action=kind, tracks=which, scene=action.scene - 1)
    raise ValueError(f"{action.intent} is not performed by a request")


def _adjusted(adjust: Adjust) -> SetAction:
    numbers = tuple(index + 1 for index in adjust.tracks)
    if adjust.action in _INTENTS:
        return SetAction(intent=_INTENTS[adjust.action], tracks=numbers)
    if adjust.action in _DELETED:
        action = SetAction(intent=Intent.DELETE, what=_DELETED[adjust.action], scene=adjust.scene + 1)
        return replace(action, tracks=numbers) if len(numbers) > 1 else replace(action, track=sum(numbers))
    if adjust.action is Action.LEVEL:
        degree = _DEGREES.get(abs(adjust.db), "")
        return SetAction(intent=Intent.LEVEL, tracks=numbers, up=adjust.db > 0.0, degree=degree)
    if adjust.action is Action.TEMPO:
        return SetAction(intent=Intent.TEMPO, bpm=adjust.bpm)
    return SetAction(intent=Intent.KEY, key=adjust.key)
