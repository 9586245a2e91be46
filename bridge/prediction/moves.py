"""Moves: what a request is, seen from those before it, and the requests that a move may be now. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from musearoo.bridge.core.events.effects import LongRequest, Request
from musearoo.bridge.core.events.midi import MidiRequest
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Dials, Generate, Keep, Refine, Undo
from musearoo.bridge.requests.generate import own_track
from musearoo.engines.players.band.catalogue import EngineRecord

Move = str
"""A move in words, such as "play drummaroo", "change busier", "say change darker" or "undo"."""

PLAY: Final = "play "
CHANGE: Final = "change "
SAY: Final = "say "
AGAIN: Final = f"{CHANGE}again"
NOTHING: Final = ""
"""Stands for the move before the first one."""

BUTTONS: Final = ("again", "busier", "simpler")
"""Changes that have a button."""

LONGEST_CHANGES: Final = 160
"""Bytes of all changes of a take that is auditioned: the device drops the oldest beyond that."""

LONGEST_CHANGE: Final = 24
"""Characters of a change that counts as a move of its own, such as "more swing"; longer ones are not said twice."""

DRAWN: Final = -1
"""The seed of a request that leaves it to its press."""

AnyRequest = Request | LongRequest | Undo | MidiRequest
TakeRequest = Generate | Refine
"""A request whose take may be auditioned before it is kept."""
Clip = tuple[int, int, str]
"""Where a clip was written, as indices of track and scene, and its name."""


def move_of(request: AnyRequest, *, is_said: bool = False) -> Move:
    """Return the move that a request is; `is_said` if it came as a sentence.

    >>> move_of(Undo(1, 7)), move_of(Undo(1, 7), is_said=True)
    ('undo', 'say undo')
    """
    said = SAY if is_said else ""
    match request:
        case Generate(engine=engine):
            return f"{said}{PLAY}{engine.strip().lower()}"
        case Refine(changes=changes) if _is_plain(request):
            return f"{said}{CHANGE}{changes.strip().lower()}"
        case Refine():
            return f"{said}{CHANGE}"
        case _:
            return f"{said}{type(request).__name__.lower()}"


def _is_plain(refine: Refine) -> bool:
    """Whether a change is of a whole clip, and may be asked for again."""
    parts = (refine.style, refine.first_bar, refine.last_bar, refine.vary_bars)
    return not any(parts) and refine.takes == 1 and len(refine.changes) <= LONGEST_CHANGE


class Situation(NamedTuple):
    """What the next move may depend on: the last two moves, and who has a clip in the selected scene."""

    before: Move = NOTHING
    last: Move = NOTHING
    playing: tuple[str, ...] = ()
    """Names of engines, in their order."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a device has asked for so far, as far as its next requests depend on it."""

    next_press: int = 1
    moves: tuple[Move, Move] = (NOTHING, NOTHING)
    generate: Generate | None = None
    """The last that a button asked for: the next has the same settings, unless they are turned meanwhile."""
    by_engine: Mapping[str, Generate] = field(default_factory=dict)
    """The last of each engine: people turn back to the settings that they have for a part."""
    refine: Refine | None = None
    """The last change by a button."""
    clip: Clip | None = None
    """The last one that was written for it."""
    is_scene_followed: bool = True
    """Whether its requests go into the selected scene."""

    def after(
        self, request: AnyRequest, selected: int, *, is_said: bool = False, auditioned: TakeRequest | None = None
    ) -> Past:
        """Return the past after a request, made while the scene of the index `selected` was selected.

        `auditioned` asked for the take that sounded then and was not kept yet.
        """
        change = "" if is_said or auditioned is None else _change_between(auditioned, request)
        move = f"{CHANGE}{change}" if change else move_of(request, is_said=is_said)
        past = replace(self, next_press=request.press + 1, moves=(self.moves[1], move))
        if change:
            # It has the settings of the take that it changes, which need not be those of the dials.
            return past
        match request:
            case Generate() if not is_said:
                by_engine = {**self.by_engine, request.engine: request}
                is_followed = request.scene in (-1, selected)
                return replace(past, generate=request, by_engine=by_engine, is_scene_followed=is_followed)
            case Refine() if not is_said:
                return replace(past, refine=request)
            case Keep():
                # What is kept in Live is in its slot already, and no clip that the device has made.
                return replace(past, clip=None)
            case _:
                return past

    def after_dials(self, dials: Dials) -> Past:
        """Return the past after the dials have come to rest: what had other settings before will not have them now."""
        generate = Generate(
            session=dials.session,
            press=dials.press,
            engine="",
            style=dials.style,
            bars=dials.bars,
            seed=DRAWN,
            complexity=dials.complexity,
            density=dials.density,
            humanise=dials.humanise,
            swing=dials.swing,
            key=dials.key,
            options="",
            track=dials.track,
            scene=-1,
            replace=dials.replace,
            hear=dials.hear,
            to_played=dials.to_played,
        )
        return replace(
            self, next_press=dials.press, generate=generate, by_engine={}, refine=None, is_scene_followed=True
        )

    def situation(self, playing: tuple[str, ...]) -> Situation:
        """Return what the next move may depend on."""
        return Situation(*self.moves, playing)


def requests_of(
    move: Move, past: Past, session: int, mirror: SetMirror, auditioned: TakeRequest | None = None
) -> Iterator[TakeRequest]:
    """Yield the requests that a move may be now, the likeliest first; none where that is not known.

    They have the press number that comes next, and so the seed that their press will have. `auditioned` asked for the
    take that sounds now and is not kept yet.
    """
    if move.startswith(PLAY) and past.generate is not None:
        engine = move.removeprefix(PLAY)
        scene = selected_scene(mirror) if past.is_scene_followed else past.generate.scene
        press = replace(past.generate, session=session, press=past.next_press, engine=engine, scene=scene)
        yield press
        before = past.by_engine.get(engine, press)
        as_before = replace(before, session=session, press=past.next_press, scene=scene)
        if as_before != press:
            yield as_before
    is_said, unsaid = move.startswith(SAY), move.removeprefix(SAY)
    if unsaid.startswith(CHANGE) and (changes := unsaid.removeprefix(CHANGE)):
        if auditioned is not None and not is_said and _where_and_hear(past)[1]:
            yield replace(_changed(auditioned, changes), session=session, press=past.next_press)
            return
        track, scene = past.clip[:2] if past.clip is not None and _is_there(past.clip, mirror) else (-1, -1)
        if track >= 0 or mirror.selection.clip in mirror.clips:
            change = _change(changes, past, is_said=is_said)
            yield replace(change, session=session, press=past.next_press, track=track, scene=scene)


def _change(changes: str, past: Past, *, is_said: bool) -> Refine:
    """Return a change as devices ask for it: by a button in the same way as before, by a sentence beside the clip."""
    where, hear = (0, 0) if is_said else _where_and_hear(past)
    return Refine(
        session=0,
        press=0,
        changes=changes,
        style="",
        first_bar=0,
        last_bar=0,
        vary_bars=0,
        take=0,
        seed=DRAWN,
        track=-1,
        scene=-1,
        replace=where,
        hear=hear,
    )


def _where_and_hear(past: Past) -> tuple[int, int]:
    """Return whether the next change by a button replaces its clip, and whether it is heard first."""
    last = past.refine or past.generate
    return (0, 0) if last is None else (last.replace, last.hear)


def _changed(auditioned: TakeRequest, change: str) -> TakeRequest:
    """Return the request for a take in place of the one that is auditioned, as the device's buttons ask for it.

    Another take has the changes so far; any other change is added to them.
    """
    if change == "again" and (auditioned.changes or isinstance(auditioned, Generate)):
        return auditioned
    changes = f"{auditioned.changes}, {change}" if auditioned.changes else change
    while len(changes) > LONGEST_CHANGES:
        changes = changes.partition(", ")[2]
    return replace(auditioned, changes=changes)


def _change_between(auditioned: TakeRequest, request: AnyRequest) -> str:
    """Return the button by which a request changes the take that is auditioned, "" for another request."""
    if not isinstance(request, Generate | Refine) or not request.hear:
        return ""
    asked = replace(request, session=auditioned.session, press=auditioned.press)
    return next((change for change in BUTTONS if _changed(auditioned, change) == asked), "")


def _is_there(clip: Clip, mirror: SetMirror) -> bool:
    track, scene = mirror.track_at(clip[0]), mirror.scene_at(clip[1])
    state = mirror.clip_in_slot(track.id, scene.id) if track and scene else None
    return state is not None and state.name == clip[2]


def selected_scene(mirror: SetMirror) -> int:
    """Return the index of the selected scene, -1 where none is known."""
    scene = mirror.scenes.get(mirror.selection.scene)
    return scene.index if scene is not None else -1


def who_plays(mirror: SetMirror, engines: Collection[EngineRecord]) -> tuple[str, ...]:
    """Return the names of the engines that have a clip in the selected scene."""
    scene = mirror.selection.scene
    tracks = {engine.name: own_track(mirror, engine) for engine in engines}
    return tuple(name for name, track in tracks.items() if track and mirror.clip_in_slot(track.id, scene))
