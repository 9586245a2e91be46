"""RooAroo's memory: the conversation, the open question and the actions, per set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from musearoo.engines.language.requests.actions import USUAL, DoneAction, SetAction
from musearoo.engines.language.requests.amounts import AMOUNT_WORDS, with_amounts
from musearoo.engines.language.requests.commands import BAND, Intent
from musearoo.engines.language.requests.replies import QUESTION_SECONDS, Question
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, learn

MOST_SETS: Final = 8
"""Sets that are remembered, as many as have undo steps."""
MOST_MADE: Final = 64
"""Actions remembered per set, as many as can be undone."""
MOST_TURNS: Final = 16
"""Turns remembered per set."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A sentence and what RooAroo answered."""

    sentence: str
    reply: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Offers:
    """How often a suggestion was made in a set, and how often it was accepted."""

    made: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class SetMemory:
    """The memory of one Live set."""

    turns: tuple[Turn, ...] = ()
    question: Question | None = None
    made: tuple[DoneAction, ...] = ()
    """What was done and still exists, newest last."""
    undone: DoneAction | None = None
    """What was undone last, until something else is done."""
    failed: SetAction | None = None
    """What could not be done, until something else is done."""
    focus: str = ""
    """The request that "it" refers to, if not the newest; until something else is done."""
    offers: Mapping[str, Offers] = field(default_factory=dict)
    """By the names of suggestions."""
    unhinted: int = 0
    """Actions since the last hint."""

    def open_question(self, now: float) -> Question | None:
        """Return the question that still waits for its answer, or None."""
        question = self.question
        return question if question is not None and 0.0 <= now - question.at <= QUESTION_SECONDS else None

    @property
    def it(self) -> DoneAction | None:
        """What "it" refers to: what was gone back to, or the newest action on a clip or a track; None without one."""
        made = (made for made in self.made if made.action.intent is not Intent.DELETE)
        touched = [made for made in made if made.action.makes_clips or made.action.tracks]
        newest = touched[-1] if touched else None
        return next((made for made in touched if self.focus and made.request == self.focus), newest)

    @property
    def clip(self) -> DoneAction | None:
        """What "it" refers to where only clips can be meant, or None."""
        if self.it is not None and self.it.action.makes_clips:
            return self.it
        return next((made for made in reversed(self.made) if made.action.makes_clips), None)

    def newest(self, part: str) -> DoneAction | None:
        """Return the newest action that made a part, alone or with others; None where there is none."""
        wanted = {part, BAND}
        there = (made for made in reversed(self.made) if made.action.makes_clips and wanted & {*made.action.parts})
        return next(there, None)

    def made_at(self, track: int, scene: int) -> DoneAction | None:
        """Return what was made here in a slot, if it still exists; else None."""
        there = (m for m in reversed(self.made) if m.action.makes_clips and (m.track, m.scene) == (track, scene))
        return next(there, None)


@dataclass(frozen=True, slots=True)
class Memory:
    """RooAroo's memory, set by set."""

    preferences: Preferences = NO_PREFERENCES
    sets: Mapping[str, SetMemory] = field(default_factory=dict)

    def of(self, name: str) -> SetMemory:
        """Return the memory of a set."""
        return self.sets.get(name, SetMemory())

    def with_set(self, name: str, remembered: SetMemory) -> Memory:
        """Return the memory with one set changed; the least recently used set may be forgotten for it."""
        others = {other: known for other, known in self.sets.items() if other != name}
        while len(others) >= MOST_SETS:
            del others[next(iter(others))]
        return replace(self, sets={**others, name: remembered})


def note_done(
    memory: Memory,
    set_name: str,
    action: SetAction,
    *,
    request: str,
    name: str,
    track: int = 0,
    scene: int = 0,
    now: float,
) -> Memory:
    """Return the memory after an action, whoever requested it. `track` and `scene` count from 1, 0 if unknown.

    An action that was auditioned first counts as liked.
    """
    known = memory.of(set_name)
    liked = action.hear
    if liked:
        action = replace(action, hear=False)
        memory = replace(memory, preferences=learn(memory.preferences, action, liked=True))
    stands = _without_deleted(known.made, action) if action.intent is Intent.DELETE else known.made
    done = tuple(
        DoneAction(action=_completed(known, one), request=request, name=name, track=one.track, scene=0, at=now)
        # Of several clips, only the position of the last is reported.
        for one in action.each[:-1]
    )
    last = _completed(known, action.each[-1] if action.each else action)
    done += (DoneAction(action=last, request=request, name=name, track=track, scene=scene, at=now, kept=liked),)
    made = (*stands, *done)[-MOST_MADE:]
    unhinted = known.unhinted + action.makes_clips
    return memory.with_set(set_name, replace(known, made=made, undone=None, failed=None, focus="", unhinted=unhinted))


def note_undone(memory: Memory, set_name: str, request: str, now: float) -> Memory:
    """Return the memory after an action was undone: it was not liked. Unknown requests change nothing."""
    known = memory.of(set_name)
    gone = [made for made in known.made if made.request == request]
    if not gone:
        return memory
    made = tuple(other for other in known.made if other.request != request)
    memory = memory.with_set(set_name, replace(known, made=made, undone=replace(gone[-1], at=now), failed=None))
    for one in gone:
        memory = replace(memory, preferences=learn(memory.preferences, one.action, liked=False))
    return memory


def note_not_kept(memory: Memory, set_name: str, requests: Collection[str]) -> Memory:
    """Return the memory after those actions could not be saved as kept: they may be kept again."""
    known = memory.of(set_name)
    made = tuple(replace(one, kept=False) if one.request in requests else one for one in known.made)
    return memory.with_set(set_name, replace(known, made=made))


def note_failed(memory: Memory, set_name: str, action: SetAction) -> Memory:
    """Return the memory after an action failed: "again" retries it."""
    return memory.with_set(set_name, replace(memory.of(set_name), failed=action))


def _completed(known: SetMemory, action: SetAction) -> SetAction:
    """Return a change completed with what is known of its clip: a button says no more than "busier"."""
    source = known.made_at(action.track, action.scene) if action.intent is Intent.CHANGE else None
    if source is None or (action.complexity, action.density, action.humanise) != (USUAL, USUAL, USUAL):
        return action
    base = source.action
    amounts = with_amounts(base, (change for change in action.changes if change in AMOUNT_WORDS))
    return replace(
        action,
        parts=action.parts or base.parts,
        bars=action.bars or base.bars,
        key=action.key or base.key,
        chords=action.chords or base.chords,
        manner=action.manner or base.manner,
        complexity=amounts.complexity,
        density=amounts.density,
        humanise=amounts.humanise,
        swing=action.swing or base.swing,
    )


def _without_deleted(made: tuple[DoneAction, ...], action: SetAction) -> tuple[DoneAction, ...]:
    """Return what still exists after a deletion, with later tracks and scenes renumbered."""
    if action.tracks:
        for track in sorted(action.tracks, reverse=True):
            made = _without_deleted(made, replace(action, tracks=(), track=track))
        return made
    left = []
    for one in made:
        if action.what == "track":
            if one.track == action.track:
                continue
            tracks = tuple(track - (track > action.track) for track in one.action.tracks if track != action.track)
            one = replace(
                one,
                action=replace(one.action, tracks=tracks),
                track=one.track - (one.track > action.track),
                track_names=(),
            )
        elif action.what == "scene":
            if one.scene == action.scene:
                continue
            one = replace(one, scene=one.scene - (one.scene > action.scene))
        elif one.action.makes_clips and (one.track, one.scene) == (action.track, action.scene):
            continue
        left.append(one)
    return tuple(left)
