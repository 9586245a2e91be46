"""Invariants for any sentence in any set: RooAroo never fails, and destroys nothing without consent."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from musearoo.engines.language.copilot.respond import ACT, REQUESTS, respond
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import (
    CHANGES,
    DEGREES,
    MANNERS,
    PARTS,
    TO_PLAYED,
    Command,
    Intent,
    Slots,
)
from musearoo.engines.language.requests.replies import Act, Ask
from musearoo.engines.language.state.memory import Memory
from musearoo.engines.language.state.view import AuditionedTake, ClipView, PlayAlongView, SetView, TrackView
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.swing import MAX_RATIO
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.refining.modifiers import parse_modifiers
from tests.each_case import each_case
from tests.engines.language.studio import Studio
from tests.engines.presets_on_disk import STYLES

NAMES = ("Drums", "Sub Bass", "Keys", "Vox", "BassaRoo", "", "1-MIDI", "Drums")
TEXTS = ("", "bass", "band", "clip", "track", "drums", "keys", "no such thing", "BassaRoo", "“odd” \x00")
LOSSES: tuple[tuple[Intent, dict[str, Any]], ...] = (
    (Intent.DELETE, {"track": 1}),
    (Intent.DELETE, {"what": "track", "track": 2}),
    (Intent.DELETE, {"what": "scene", "scene": "this"}),
    (Intent.PLAY, {"parts": ("bass",), "replace": True}),
    (Intent.PLAY, {"parts": ("drums",), "track": 1, "replace": True}),
    (Intent.CHANGE, {"changes": ("darker",), "target": "clip", "replace": True}),
    (Intent.CHANGE, {"changes": ("darker",), "track": 1, "replace": True}),
)
"""Destructive intents; they are drawn more often."""


def some_view(chance: Random) -> SetView:
    """Return any set, also an impossible one: selected things may not exist."""
    tracks = tuple(
        TrackView(
            number=number,
            name=(name := chance.choice(NAMES)),
            kind=chance.choice(("midi", "midi", "audio", "group")),
            part=chance.choice(("", *PARTS)),
            clips=frozenset(chance.sample(range(1, 7), chance.randrange(4))),
            muted=chance.random() < 0.3,
            soloed=chance.random() < 0.2,
            is_own=name == "BassaRoo",
        )
        for number in range(1, chance.randrange(1, 7))
    )
    shown = ClipView(track=chance.randrange(8), scene=chance.randrange(7), is_audio=chance.random() < 0.5)
    return SetView(
        set=chance.choice(("", "one", "one", "one")),
        tempo=chance.choice((20.0, 120.0, 999.0)),
        key=chance.choice(("", "D dorian")),
        key_confidence=chance.random(),
        chords=chance.choice(("", "Dm7 G7")),
        style=chance.choice(("", "funk", "gone")),
        style_confidence=chance.random(),
        tracks=tracks,
        scenes=chance.randrange(7),
        scene=chance.randrange(8),
        track=chance.randrange(8),
        shown=shown if chance.random() < 0.6 else None,
        along=some_along(chance),
        measure=lambda track, scene: (track * 7 + scene) % 10 / 10 if track % 2 else None,
    )


def some_along(chance: Random) -> PlayAlongView | None:
    """Return any state of playing along."""
    wishes = tuple(chance.choice(("darker", "busier")) for _ in range(chance.choice((0, 1, 20))))
    actions = (
        None,
        SetAction(intent=Intent.PLAY, parts=("bass",), style="funk", bars=8, track=chance.randrange(4), hear=True),
        SetAction(
            intent=Intent.CHANGE, parts=("drums",), changes=wishes, track=chance.randrange(9), scene=1, hear=True
        ),
    )
    audition = AuditionedTake(name="Take", action=chance.choice(actions), at=chance.choice((0.0, 1e9)))
    along = PlayAlongView(
        problem=chance.choice(("", "", "", "There is no MIDI.")),
        has_input=chance.random() < 0.8,
        played=chance.randrange(3),
        audition=chance.choice((None, audition)),
        is_making=chance.random() < 0.2,
        jams=chance.random() < 0.3,
        jam_bars=chance.randrange(1, 17),
        under_way=chance.randrange(2),
        is_passing=chance.random() < 0.1,
        written=chance.choice(("", "r1", "gone")),
        written_name="Played",
    )
    return chance.choice((None, along))


def some_command(chance: Random) -> Command:
    """Return any intent with any slots, valid or not."""
    changes = [f"{chance.choice(DEGREES)} {change}".strip() for change in chance.sample(CHANGES, 2)]
    choices: dict[str, tuple[Any, ...]] = {
        "parts": (("bass",), ("drums", "bass"), ("band",), ("zither",), ("bass", "band")),
        "target": TEXTS,
        "targets": (("bass", "drums"), ("track 1", "track 2"), ("track 1", "nobody"), ("band", "track 99999")),
        "style": ("funk", "bossa nova", "zydeco"),
        "bars": (1, 8, 33, 64),
        "seconds": (1, 15, 180, 600),
        "key": ("D minor", "H dur", "F# dorian"),
        "chords": ("Dm7 G7", "Xm", "|", "N.C.", "Am " * 80),
        "numerals": ("2 5 1", "ii7 V7 Imaj7", "I Xm", "9"),
        "bpm": (0.5, 20.0, 120.0, 998.9),
        "takes": (1, 4, 8),
        "changes": (tuple(changes), (changes[0],), ("purple", "straight")),
        "than": ("drums", "bass", "nobody"),
        "manner": (*MANNERS, "crawling"),
        "like": ("last",),
        "first_bar": (1, 9, 9999),
        "last_bar": (1, 5, 9999),
        "track": (1, 2, 5, 9999),
        "scene": ("this", "next", "new", "1", "2", "99", "0", "x", "9" * 30),
        "where": ("scenes", "timeline", "nowhere"),
        "replace": (True,),
        "stems": (1, 4, 5, 6),
        "deep": (True,),
        "on": (True, False),
        "go_on": (True,),
        "hear": (True,),
        "to_played": (*TO_PLAYED, "backwards"),
        "prompt": ("warm dub chords", "x" * 2000),
        "up": (True, False),
        "degree": (*DEGREES, "hugely"),
        "what": ("clip", "track", "scene", "styles", "engines", "mix", "world"),
    }
    named = chance.sample(sorted(choices), chance.choice((0, 1, 1, 2, 3, 5)))
    given = {name: chance.choice(choices[name]) for name in named}
    confidence = chance.choice((1.0, 1.0, 1.0, 0.4, 0.1))
    # Yes and no are drawn more often: they confirm destruction.
    intent = chance.choice((*Intent, *[Intent.YES] * 12, *[Intent.ANSWER] * 4, *[Intent.DELETE] * 4))
    if intent is Intent.DELETE or chance.random() < 0.1:
        intent, given = chance.choice(LOSSES)
    return Command(text=intent.value, intent=intent, slots=Slots(**given), confidence=confidence)


def destroys(action: SetAction, studio: Studio) -> bool:
    """Return whether an action removes anything not made by MuseAroo, by an independent implementation."""
    if action.intent is Intent.DELETE:
        return True
    if not action.replace:
        return False
    made = {(m.track, m.scene) for m in studio.memory.of(studio.view.set).made if m.action.makes_clips}
    for track in studio.view.tracks:
        written = track.number == action.track or (not action.track and track.name == "BassaRoo")
        if written and action.scene in track.clips and track.name != "BassaRoo":
            return (track.number, action.scene) not in made
    return False


def hold_to_bounds(action: SetAction, view: SetView) -> None:
    """Fail if an action cannot be turned into a request."""
    for one in action.each:
        assert one.intent is Intent.CHANGE
        assert (one.each, one.replace, one.hear) == ((), False, False)
        hold_to_bounds(one, view)
    assert len(action.each) != 1
    assert action.intent in {*REQUESTS, Intent.KEEP}
    assert action.intent not in (Intent.AGAIN, Intent.BACK)
    assert set(action.parts) <= set(PARTS) or action.parts == ("band",)
    assert 0 <= action.bars <= 64
    assert 1 <= action.takes <= 8
    assert all(0.0 <= amount <= 1.0 for amount in (action.complexity, action.density, action.humanise))
    assert action.swing == 0.0 or 1.0 <= action.swing <= MAX_RATIO
    assert action.bpm == 0.0 or MIN_BPM <= action.bpm <= MAX_BPM
    assert not action.style or action.style in STYLES
    assert 0 <= action.scene <= 9999
    assert len(action.chords.encode()) <= 160
    assert len(", ".join(action.changes).encode()) <= 160
    assert parse_modifiers(", ".join(action.changes)) is not None
    assert action.stems in (4, 6)
    if view.set:
        numbers = {track.number for track in view.tracks} | {0}
        assert action.track in numbers
        assert set(action.tracks) <= numbers - {0}
        if action.intent in (Intent.MUTE, Intent.UNMUTE, Intent.SOLO, Intent.UNSOLO, Intent.LEVEL):
            assert action.tracks


def converse(seed: int, turns: int) -> None:
    """Run a conversation of random sentences, in a set that changes meanwhile."""
    chance = Random(seed)
    studio = Studio(some_view(chance))
    for _ in range(turns):
        if chance.random() < 0.15:
            studio.view = some_view(chance)
        asked = studio.memory.of(studio.view.set).open_question(studio.now + 5.0)
        command = some_command(chance)
        slots = {name: getattr(command.slots, name) for name in command.slots.__struct_fields__}
        reply = studio.ask(command.intent, confidence=command.confidence, text=command.text, **slots)
        assert reply.sentence
        assert len(reply.sentence.encode()) <= 600 or len(command.slots.prompt) > 300
        if not isinstance(reply, Act):
            continue
        hold_to_bounds(reply.action, studio.view)
        if destroys(reply.action, studio):
            assert command.intent is Intent.YES
            assert command.confidence >= ACT
            assert asked is not None
            assert asked.destroys
        if reply.action.intent is Intent.UNDO or chance.random() < 0.7:
            studio.do(reply.action)
        elif chance.random() < 0.5:
            studio.fail()


@each_case("seed", range(12))
def test_nothing_fails_and_nothing_is_destroyed_unasked(seed: int) -> None:
    converse(seed, 120)


@pytest.mark.long
def test_nothing_fails_and_nothing_is_destroyed_unasked_for_long() -> None:
    for seed in range(1000, 1500):
        converse(seed, 300)


def test_every_intent_is_answered_in_an_empty_set_and_without_one() -> None:
    for view in (SetView(), SetView(set="one")):
        for intent in Intent:
            command = Command(text=intent.value, intent=intent, slots=Slots())
            assert respond(Memory(), view, command, 1.0, STYLES).reply.sentence


def test_without_a_set_targets_are_taken_literally() -> None:
    command = Command(text="mute the bass", intent=Intent.MUTE, slots=Slots(target="bass"))
    reply = respond(Memory(), SetView(), command, 1.0, STYLES).reply
    assert isinstance(reply, Act)
    assert reply.sentence == "Muting the bass."
    command = Command(text="what next", intent=Intent.SUGGEST)
    assert respond(Memory(), SetView(), command, 1.0, STYLES).reply.sentence.startswith("I see no set from here")
    command = Command(text="delete track three", intent=Intent.DELETE, slots=Slots(what="track", track=3))
    assert isinstance(respond(Memory(), SetView(), command, 1.0, STYLES).reply, Ask)


def test_the_own_tracks_of_this_test_are_those_of_the_engines() -> None:
    assert "BassaRoo" in {engine.title for engine in ENGINES}
