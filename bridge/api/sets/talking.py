"""RooAroo in a set without Live: from a sentence to the request that does it, and what is remembered of both. Pure.

A session's memory is data that goes along with its set; times in it are Unix seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

import msgspec

from musearoo.bridge.api.types import requests as asked
from musearoo.bridge.copilot.view import view_of
from musearoo.bridge.core.events.effects import LongRequest, Request
from musearoo.bridge.core.talk_actions import LEVEL_DB, USUAL_LOOP_BARS, USUAL_SECONDS, action_of
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.engines.language.copilot.respond import respond
from musearoo.engines.language.grammar.understanding import Understander
from musearoo.engines.language.requests.actions import USUAL_BARS, SetAction
from musearoo.engines.language.requests.commands import BAND, Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask
from musearoo.engines.language.state.memory import Memory, SetMemory, note_done, note_failed, note_undone
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences
from musearoo.engines.language.state.view import SetView
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.styles.schema import Style

Recall = Callable[[Passage], Analysis | None]

NOTHING: Final = SetMemory()
"""The memory of a new set."""

_BY_DEVICE: Final = "That is done by the device in Live: press it there."

_SWITCHES: Final = frozenset((Intent.MUTE, Intent.UNMUTE, Intent.SOLO, Intent.UNSOLO))


@dataclass(frozen=True, slots=True)
class Recollection:
    """What RooAroo remembers of one session, and the tastes of the user who asks."""

    memory: SetMemory = NOTHING
    tastes: Preferences = NO_PREFERENCES

    def whole(self, session: str) -> Memory:
        """Return it as RooAroo's memory of one set."""
        return Memory(preferences=self.tastes, sets={session: self.memory})

    @classmethod
    def of(cls, memory: Memory, session: str) -> Recollection:
        """Return what a memory has of one set."""
        return cls(memory.of(session), memory.preferences)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sentence comes to: a request to perform, or only an answer. `asks`: RooAroo waits for an answer."""

    recollection: Recollection
    sentence: str
    request: asked.AnyRequest | None = None
    asks: bool = False
    is_lost: bool = False
    """Nothing in the sentence was understood."""


def understand(
    mirror: SetMirror,
    session: str,
    text: str,
    recollection: Recollection,
    understander: Understander,
    styles: Mapping[str, Style],
    now: float,
    recall: Recall,
) -> Understood:
    """Return what a sentence asks of a set."""
    names = tuple(track.name for track in mirror.tracks.values())
    command = understander.understand(text, names)
    answered = respond(recollection.whole(session), _view(mirror, session, recall), command, now, styles)
    after = Recollection.of(answered.memory, session)
    match answered.reply:
        case Act(action, sentence):
            request = request_of(action)
            if request is None:
                return Understood(after, _BY_DEVICE)
            return Understood(after, sentence, request)
        case Ask(sentence):
            return Understood(after, sentence, asks=True)
        case Answer(sentence, is_lost):
            return Understood(after, sentence, is_lost=is_lost)


def remember_done(
    mirror: SetMirror,
    session: str,
    message: Request | LongRequest,
    recollection: Recollection,
    *,
    request_id: str,
    name: str,
    place: tuple[int, int],
    now: float,
) -> Recollection:
    """Return the memory after a request was done. `place`: track and scene, counted from 1, 0 if unknown."""
    action = action_of(message, mirror)
    if action is None:
        return recollection
    track, scene = place
    memory = note_done(
        recollection.whole(session),
        session,
        action,
        request=request_id,
        name=name,
        track=track,
        scene=scene,
        now=now,
    )
    return Recollection.of(memory, session)


def remember_failed(
    mirror: SetMirror, session: str, message: Request | LongRequest, recollection: Recollection
) -> Recollection:
    """Return the memory after a request failed."""
    action = action_of(message, mirror)
    if action is None:
        return recollection
    return Recollection.of(note_failed(recollection.whole(session), session, action), session)


def remember_undone(session: str, recollection: Recollection, request_id: str, now: float) -> Recollection:
    """Return the memory after a request was undone: its takes were not liked."""
    return Recollection.of(note_undone(recollection.whole(session), session, request_id, now), session)


def _view(mirror: SetMirror, session: str, recall: Recall) -> SetView:
    return replace(view_of(mirror, recall=recall), set=session)


def request_of(action: SetAction) -> asked.AnyRequest | None:
    """Return the request that performs an action; None for what only a device in Live can do."""
    if action.each:
        each = tuple(request_of(one) for one in action.each)
        return asked.RefineSeveral(clips=tuple(one for one in each if isinstance(one, asked.Refine)))
    match action.intent:
        case Intent.PLAY if not action.to_played:
            return _play(action)
        case Intent.CHANGE:
            return asked.Refine(
                changes=action.changes,
                style=action.style,
                first_bar=action.first_bar,
                last_bar=action.last_bar,
                takes=action.takes,
                track=action.track or None,
                scene=action.scene or None,
                replace=action.replace,
            )
        case Intent.SONG:
            where = cast(Literal["scenes", "timeline"], action.where or "scenes")
            return asked.Song(
                style=action.style,
                key=action.key,
                complexity=action.complexity,
                seconds=float(action.seconds or USUAL_SECONDS),
                where=where,
            )
        case Intent.MIX:
            return asked.Mix(style=action.style)
        case Intent.ANALYSE:
            return asked.Analyze(deep=action.deep, track=action.track or None, scene=action.scene or None)
        case Intent.SPLIT:
            stems = cast(Literal[4, 6], action.stems)
            return asked.Split(stems=stems, track=action.track or None, scene=action.scene or None)
        case Intent.IMAGINE:
            return asked.Imagine(
                prompt=action.prompt,
                bars=action.bars or USUAL_LOOP_BARS,
                takes=action.takes,
                key=action.key,
                style=action.style,
                track=action.track or None,
                scene=action.scene or None,
                replace=action.replace,
            )
        case Intent.UNDO:
            return asked.Undo()
        case Intent.LEVEL:
            db = LEVEL_DB[action.degree] if action.up else -LEVEL_DB[action.degree]
            return asked.Act(intent="level", tracks=action.tracks, db=db)
        case Intent.TEMPO:
            return asked.Act(intent="tempo", bpm=action.bpm)
        case Intent.KEY:
            return asked.Act(intent="key", key=action.key)
        case Intent.DELETE:
            what = cast(Literal["clip", "track", "scene"], action.what)
            tracks = action.tracks or ((action.track,) if action.track else ())
            return asked.Act(intent="delete", what=what, tracks=tracks, scene=action.scene or None)
        case intent if intent in _SWITCHES:
            switch = cast(Literal["mute", "unmute", "solo", "unsolo"], str(intent))
            return asked.Act(intent=switch, tracks=action.tracks)
    return None


def _play(action: SetAction) -> asked.Generate | asked.Band:
    options: dict[str, asked.Option] = {}
    for part in action.options.split(";"):
        name, sign, value = (word.strip() for word in part.partition("="))
        if sign:
            options[name] = value
    if action.manner:
        options["manner"] = action.manner
    shared = asked.Band(
        style=action.style,
        bars=action.bars or USUAL_BARS,
        bpm=action.bpm or None,
        key=action.key,
        chords=action.chords,
        complexity=action.complexity,
        density=action.density,
        humanise=action.humanise,
        swing=action.swing or None,
        takes=action.takes,
        changes=action.changes,
        options=options,
        scene=action.scene or None,
        replace=action.replace,
    )
    if BAND in action.parts:
        return shared
    if len(action.parts) > 1:
        return msgspec.structs.replace(shared, engines=action.parts)
    fields = {name: getattr(shared, name) for name in shared.__struct_fields__ if name != "engines"}
    return asked.Generate(**fields, engine=action.parts[0], track=action.track or None)
