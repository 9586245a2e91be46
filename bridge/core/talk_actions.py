"""Between deeds of the copilot and the orders that buttons give: each way. Pure.

A deed counts tracks and scenes from 1, with 0 for what is selected; an order counts from 0, with -1 for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from musearoo.bridge.core.effects import LongOrder, Order
from musearoo.bridge.core.midi_events import MidiOrder
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    Analyze,
    Audition,
    Generate,
    Imagine,
    Keep,
    Listen,
    Mix,
    PlayJam,
    Refine,
    Refusal,
    Split,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.types import WireError
from musearoo.bridge.requests.adjust_data import Action, Adjust, ChangeSeveral
from musearoo.bridge.requests.band import BAND, is_band
from musearoo.bridge.requests.generate import RequestError
from musearoo.engines.errors import ParamError
from musearoo.engines.language.requests.actions import USUAL_BARS, SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.players.band.catalogue import ENGINES, find_engine

USUAL_LOOP_BARS: Final = 4
"""Of what is imagined, where nobody says how long."""
USUAL_SECONDS: Final = 120
"""Of a song, where nobody says how long."""
DRAWN: Final = -1
"""The seed of a take that nobody has heard yet."""

LEVEL_DB: Final[Mapping[str, float]] = {"": 3.0, "a bit": 1.5, "much": 6.0}
"""How far a fader goes by degree: about as much as is plainly heard, half of it, and twice."""

_ACTIONS: Final[Mapping[Intent, Action]] = {
    Intent.MUTE: Action.MUTE,
    Intent.UNMUTE: Action.UNMUTE,
    Intent.SOLO: Action.SOLO,
    Intent.UNSOLO: Action.UNSOLO,
}
_INTENTS: Final = {action: intent for intent, action in _ACTIONS.items()}
_DELETIONS: Final = {"clip": Action.DELETE_CLIP, "track": Action.DELETE_TRACK, "scene": Action.DELETE_SCENE}
_DELETED: Final = {action: what for what, action in _DELETIONS.items()}
_DEGREES: Final = {db: degree for degree, db in LEVEL_DB.items()}
LAST_PHRASE: Final = -1
"""Bars to keep of what was played, where nobody says how many."""
AS_FELT: Final = 1.0
"""How far what was played is moved to the beat: wholly, with the player's feel kept, as the device does by itself."""
_TIMELINE: Final = "timeline"
_MANNER: Final = "manner="


def order_of(deed: SetAction, session: int, press: int, mirror: SetMirror) -> Order | LongOrder | Undo | MidiOrder:
    """The order that does a deed, as a press of the session's device under that number.

    Raises RequestError for numbers that no order can have, and ValueError for an intent that is none of ours to do.
    """
    order = _order_of(deed, session, press, mirror)
    if isinstance(order, ChangeSeveral):
        for one in deed.each:
            order_of(one, session, press, mirror)
    elif not isinstance(order, Adjust):
        for name, spec in order.specs:
            try:
                spec.check(name.replace("_", " "), getattr(order, name))
            except WireError as error:
                raise RequestError(Refusal.BAD_PARAMETER, f"{str(error).capitalize()}: say it otherwise.") from error
    return order


def _order_of(deed: SetAction, session: int, press: int, mirror: SetMirror) -> Order | LongOrder | Undo | MidiOrder:
    track, scene = deed.track - 1, deed.scene - 1
    match deed.intent:
        case Intent.PLAY:
            return _generate(deed, session, press, mirror)
        case Intent.CHANGE if deed.each:
            changes = tuple(_refine(one, session, press) for one in deed.each)
            return ChangeSeveral(session=session, press=press, changes=changes)
        case Intent.CHANGE:
            return _refine(deed, session, press)
        case Intent.SONG:
            seconds = float(deed.seconds or USUAL_SECONDS)
            return WriteSong(
                *(
                    session,
                    press,
                    deed.style,
                    "",
                    seconds,
                    DRAWN,
                    deed.complexity,
                    deed.key,
                    int(deed.where == _TIMELINE),
                )
            )
        case Intent.MIX:
            return Mix(session, press, deed.style, "", 1)
        case Intent.UNDO:
            return Undo(session, press)
        case Intent.ANALYSE:
            return Analyze(
                session=session,
                press=press,
                track=track,
                scene=scene,
                deep=int(deed.deep),
                tempo=0,
                meter=0,
                scale=0,
                warp=0,
                locators=0,
                name=0,
            )
        case Intent.SPLIT:
            return Split(session, press, track, scene, "", deed.stems, 0)
        case Intent.IMAGINE:
            return Imagine(
                session=session,
                press=press,
                prompt=deed.prompt,
                bars=deed.bars or USUAL_LOOP_BARS,
                takes=deed.takes,
                seed=DRAWN,
                backend="",
                model="",
                key=deed.key,
                style=deed.style,
                follow=1,
                use=0,
                source_track=-1,
                source_scene=-1,
                track=track,
                scene=_row(deed, mirror),
                replace=int(deed.replace),
            )
        case Intent.HEAR:
            return Audition(session, press, int(deed.on), track, scene)
        case Intent.KEEP:
            return Keep(session, press, 0, AS_FELT, -1, -1, 0)
        case Intent.CAPTURE:
            where = (track, _row(deed, mirror), int(deed.replace))
            return Keep(session, press, deed.bars or LAST_PHRASE, AS_FELT, *where)
        case Intent.JAM:
            who = find_engine(deed.parts[0]).name if deed.parts else ""
            bars = max(1, deed.bars)
            return PlayJam(session, press, int(deed.on), bars, who, deed.style, deed.complexity, DRAWN)
        case _:
            return _adjust(deed, session, press)


def _refine(deed: SetAction, session: int, press: int) -> Refine:
    return Refine(
        session=session,
        press=press,
        changes=", ".join(deed.changes),
        style=deed.style,
        first_bar=deed.first_bar,
        last_bar=deed.last_bar,
        vary_bars=0,
        take=0,
        seed=DRAWN,
        track=deed.track - 1,
        scene=deed.scene - 1,
        replace=int(deed.replace),
        takes=deed.takes,
        hear=int(deed.hear),
    )


def _generate(deed: SetAction, session: int, press: int, mirror: SetMirror) -> Generate:
    manner = f"{_MANNER}{deed.manner}" if deed.manner else ""
    return Generate(
        session=session,
        press=press,
        engine=BAND if BAND in deed.parts else ",".join(find_engine(part).name for part in deed.parts),
        style=deed.style,
        bars=deed.bars or USUAL_BARS,
        seed=DRAWN,
        complexity=deed.complexity,
        density=deed.density,
        humanise=deed.humanise,
        swing=deed.swing,
        key=deed.key,
        options="; ".join(filter(None, (manner, deed.options))),
        track=deed.track - 1,
        scene=_row(deed, mirror),
        replace=int(deed.replace),
        chords=deed.chords,
        changes=", ".join(deed.changes),
        takes=deed.takes,
        bpm=deed.bpm,
        hear=int(deed.hear),
        to_played=deed.to_played,
    )


def _adjust(deed: SetAction, session: int, press: int) -> Adjust:
    tracks = tuple(number - 1 for number in deed.tracks)
    match deed.intent:
        case Intent.MUTE | Intent.UNMUTE | Intent.SOLO | Intent.UNSOLO:
            return Adjust(session=session, press=press, action=_ACTIONS[deed.intent], tracks=tracks)
        case Intent.LEVEL:
            db = LEVEL_DB[deed.degree] if deed.up else -LEVEL_DB[deed.degree]
            return Adjust(session=session, press=press, action=Action.LEVEL, tracks=tracks, db=db)
        case Intent.TEMPO:
            return Adjust(session=session, press=press, action=Action.TEMPO, bpm=deed.bpm)
        case Intent.KEY:
            return Adjust(session=session, press=press, action=Action.KEY, key=deed.key)
        case Intent.DELETE:
            which = tracks or ((deed.track - 1,) if deed.track else ())
            action = _DELETIONS[deed.what]
            return Adjust(session=session, press=press, action=action, tracks=which, scene=deed.scene - 1)
    raise ValueError(f"{deed.intent} is not done by an order")


def _row(deed: SetAction, mirror: SetMirror) -> int:
    """The index of the scene that a deed goes into; beyond the last there is a new one."""
    return NEW_SCENE_INDEX if deed.scene > len(mirror.scenes) else deed.scene - 1


def deed_of(order: Order | LongOrder | Undo, mirror: SetMirror) -> SetAction | None:
    """The deed that an order does, whoever gave it; None for Undo, which is remembered by what it takes back."""
    match order:
        case Generate():
            return _played(order, mirror)
        case Refine():
            return SetAction(
                intent=Intent.CHANGE,
                parts=_parts_of_clip(order, mirror),
                style=order.style,
                changes=_words(order.changes),
                takes=order.takes,
                track=order.track + 1,
                scene=order.scene + 1,
                replace=bool(order.replace),
                first_bar=order.first_bar,
                last_bar=order.last_bar,
                hear=bool(order.hear),
            )
        case ChangeSeveral():
            each = (deed_of(one, mirror) for one in order.changes)
            return SetAction(intent=Intent.CHANGE, each=tuple(deed for deed in each if deed is not None))
        case WriteSong():
            return SetAction(
                intent=Intent.SONG,
                style=order.style,
                key=order.key,
                complexity=order.complexity,
                seconds=round(order.seconds),
                where=_TIMELINE if order.where else "scenes",
            )
        case Mix():
            return SetAction(intent=Intent.MIX, style=order.style)
        case Analyze():
            return SetAction(intent=Intent.ANALYSE, track=order.track + 1, scene=order.scene + 1, deep=bool(order.deep))
        case Split():
            return SetAction(intent=Intent.SPLIT, track=order.track + 1, scene=order.scene + 1, stems=order.stems)
        case Imagine():
            return SetAction(
                intent=Intent.IMAGINE,
                style=order.style,
                bars=order.bars,
                key=order.key,
                takes=order.takes,
                track=order.track + 1,
                scene=_scene_number(order.scene, mirror),
                replace=bool(order.replace),
                prompt=order.prompt,
            )
        case Listen():
            return SetAction(intent=Intent.LISTEN, bars=order.bars, go_on=bool(order.use))
        case Adjust():
            return _adjusted(order)
        case Undo():
            return None


def _played(order: Generate, mirror: SetMirror) -> SetAction:
    options = [word for part in order.options.split(";") if (word := part.strip())]
    manners = [word.removeprefix(_MANNER) for word in options if word.startswith(_MANNER)]
    return SetAction(
        intent=Intent.PLAY,
        parts=_parts_of(order.engine),
        style=order.style,
        bars=order.bars,
        key=order.key,
        chords=order.chords,
        bpm=order.bpm,
        complexity=order.complexity,
        density=order.density,
        humanise=order.humanise,
        swing=order.swing,
        options="; ".join(word for word in options if not word.startswith(_MANNER)),
        manner=manners[-1] if manners else "",
        changes=_words(order.changes),
        takes=order.takes,
        track=order.track + 1,
        scene=_scene_number(order.scene, mirror),
        replace=bool(order.replace),
        hear=bool(order.hear),
        to_played=order.to_played,
    )


def _adjusted(order: Adjust) -> SetAction:
    numbers = tuple(index + 1 for index in order.tracks)
    if order.action in _INTENTS:
        return SetAction(intent=_INTENTS[order.action], tracks=numbers)
    if order.action in _DELETED:
        deed = SetAction(intent=Intent.DELETE, what=_DELETED[order.action], scene=order.scene + 1)
        return replace(deed, tracks=numbers) if len(numbers) > 1 else replace(deed, track=sum(numbers))
    if order.action is Action.LEVEL:
        degree = _DEGREES.get(abs(order.db), "")
        return SetAction(intent=Intent.LEVEL, tracks=numbers, up=order.db > 0.0, degree=degree)
    if order.action is Action.TEMPO:
        return SetAction(intent=Intent.TEMPO, bpm=order.bpm)
    return SetAction(intent=Intent.KEY, key=order.key)


def _parts_of(engine: str) -> tuple[str, ...]:
    """The parts that a press asks for, by the engines' names; none where it names an engine that there is not."""
    if is_band(engine) and "," not in engine:
        return (BAND,)
    try:
        return tuple(find_engine(name).part for name in engine.split(","))
    except ParamError:
        return ()


def _parts_of_clip(order: Refine, mirror: SetMirror) -> tuple[str, ...]:
    """The part of the clip that is changed, where its track bears a player's name."""
    shown = mirror.clips.get(mirror.selection.clip)
    track = mirror.track_at(order.track) if order.track >= 0 else mirror.tracks.get(shown.track) if shown else None
    return tuple(engine.part for engine in ENGINES if track is not None and engine.title == track.name)


def _scene_number(index: int, mirror: SetMirror) -> int:
    return len(mirror.scenes) + 1 if index == NEW_SCENE_INDEX else index + 1


def _words(changes: str) -> tuple[str, ...]:
    return tuple(word for part in changes.split(",") if (word := part.strip()))
