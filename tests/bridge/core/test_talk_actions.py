"""Deeds become the requests that buttons give, and requests become actions: one table, read both ways."""

from dataclasses import replace
from typing import Any

import pytest

from musearoo.bridge.core.events.effects import LongRequest, Request
from musearoo.bridge.core.talk_actions import action_of, request_of
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
    Selection,
    Split,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.types import Message, Route
from musearoo.bridge.requests.adjust_data import Action, Adjust, ChangeSeveral
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from tests.bridge.live_set.test_mirror import a_clip, a_track
from tests.bridge.requests.test_generate import VERSE, a_set
from tests.each_case import each_case

PLAIN = Generate(7, 3, "bassaroo", "", 8, -1, 0.5, 0.5, 0.5, 0.0, "", "", -1, -1, 0)

SAME: list[tuple[SetAction, Request | LongRequest]] = [
    (SetAction(intent=Intent.PLAY, parts=("bass",), bars=8), PLAIN),
    (
        SetAction(
            intent=Intent.PLAY,
            parts=("bass",),
            style="funk",
            bars=4,
            key="D minor",
            chords="Dm7 G7",
            bpm=96.0,
            complexity=0.75,
            density=0.25,
            humanise=0.0,
            swing=1.5,
            options="octave=1",
            manner="walking",
            changes=("softer", "softer", "keep rhythm"),
            takes=4,
            track=3,
            scene=2,
            replace=True,
        ),
        replace(
            PLAIN,
            style="funk",
            bars=4,
            key="D minor",
            chords="Dm7 G7",
            bpm=96.0,
            complexity=0.75,
            density=0.25,
            humanise=0.0,
            swing=1.5,
            options="manner=walking; octave=1",
            changes="softer, softer, keep rhythm",
            takes=4,
            track=2,
            scene=1,
            replace=1,
        ),
    ),
    (SetAction(intent=Intent.PLAY, parts=("bass",), bars=8, hear=True), replace(PLAIN, hear=1)),
    (SetAction(intent=Intent.PLAY, parts=("bass",), bars=8, to_played="thirds"), replace(PLAIN, to_played="thirds")),
    (
        SetAction(intent=Intent.CHANGE, changes=("busier",), track=3, scene=2, hear=True),
        Refine(7, 3, "busier", "", 0, 0, 0, 0, -1, 2, 1, 0, 1, 1),
    ),
    (SetAction(intent=Intent.PLAY, parts=("band",), bars=8), replace(PLAIN, engine="band")),
    (
        SetAction(intent=Intent.PLAY, parts=("drums", "harmony", "atmosphere"), bars=8),
        replace(PLAIN, engine="drummaroo,harmonyroo,atmosroo"),
    ),
    (SetAction(intent=Intent.PLAY, parts=("melody",), bars=8, scene=3), replace(PLAIN, engine="melodyroo", scene=9999)),
    (
        SetAction(intent=Intent.CHANGE, changes=("busier", "darker"), style="rock", first_bar=5, last_bar=8, takes=3),
        Refine(7, 3, "busier, darker", "rock", 5, 8, 0, 0, -1, -1, -1, 0, 3),
    ),
    (
        SetAction(intent=Intent.CHANGE, changes=("again",), track=3, scene=2, replace=True),
        Refine(7, 3, "again", "", 0, 0, 0, 0, -1, 2, 1, 1),
    ),
    (
        SetAction(intent=Intent.SONG, style="house", seconds=90, key="C# minor", complexity=0.75, where="timeline"),
        WriteSong(7, 3, "house", "", 90.0, -1, 0.75, "C# minor", 1),
    ),
    (SetAction(intent=Intent.SONG, seconds=45, where="scenes"), WriteSong(7, 3, "", "", 45.0, -1, 0.5, "", 0)),
    (SetAction(intent=Intent.MIX, style="rock"), Mix(7, 3, "rock", "", 1)),
    (SetAction(intent=Intent.ANALYSE, deep=True), Analyze(7, 3, -1, -1, 1, 0, 0, 0, 0, 0, 0)),
    (SetAction(intent=Intent.SPLIT, track=2, scene=1, stems=6), Split(7, 3, 1, 0, "", 6, 0)),
    (
        SetAction(intent=Intent.IMAGINE, prompt="a warm pad", bars=4, takes=2, key="F major", scene=3),
        Imagine(
            session=7,
            press=3,
            prompt="a warm pad",
            bars=4,
            takes=2,
            seed=-1,
            backend="",
            model="",
            key="F major",
            style="",
            follow=1,
            use=0,
            source_track=-1,
            source_scene=-1,
            track=-1,
            scene=NEW_SCENE_INDEX,
            replace=0,
        ),
    ),
    (SetAction(intent=Intent.MUTE, tracks=(1, 3)), Adjust(session=7, press=3, action=Action.MUTE, tracks=(0, 2))),
    (SetAction(intent=Intent.UNMUTE, tracks=(2,)), Adjust(session=7, press=3, action=Action.UNMUTE, tracks=(1,))),
    (SetAction(intent=Intent.SOLO), Adjust(session=7, press=3, action=Action.SOLO)),
    (SetAction(intent=Intent.UNSOLO, tracks=(1,)), Adjust(session=7, press=3, action=Action.UNSOLO, tracks=(0,))),
    (
        SetAction(intent=Intent.LEVEL, tracks=(1,), up=True, degree="much"),
        Adjust(session=7, press=3, action=Action.LEVEL, tracks=(0,), db=6.0),
    ),
    (
        SetAction(intent=Intent.LEVEL, tracks=(1,), degree="a bit"),
        Adjust(session=7, press=3, action=Action.LEVEL, tracks=(0,), db=-1.5),
    ),
    (
        SetAction(intent=Intent.LEVEL, tracks=(1,)),
        Adjust(session=7, press=3, action=Action.LEVEL, tracks=(0,), db=-3.0),
    ),
    (SetAction(intent=Intent.TEMPO, bpm=95.5), Adjust(session=7, press=3, action=Action.TEMPO, bpm=95.5)),
    (SetAction(intent=Intent.KEY, key="D dorian"), Adjust(session=7, press=3, action=Action.KEY, key="D dorian")),
    (SetAction(intent=Intent.DELETE, what="clip"), Adjust(session=7, press=3, action=Action.DELETE_CLIP)),
    (
        SetAction(intent=Intent.DELETE, what="clip", track=2, scene=1),
        Adjust(session=7, press=3, action=Action.DELETE_CLIP, tracks=(1,), scene=0),
    ),
    (
        SetAction(intent=Intent.DELETE, what="track", track=2),
        Adjust(session=7, press=3, action=Action.DELETE_TRACK, tracks=(1,)),
    ),
    (
        SetAction(intent=Intent.DELETE, what="clip", tracks=(2, 3), scene=1),
        Adjust(session=7, press=3, action=Action.DELETE_CLIP, tracks=(1, 2), scene=0),
    ),
    (
        SetAction(intent=Intent.DELETE, what="track", tracks=(1, 3)),
        Adjust(session=7, press=3, action=Action.DELETE_TRACK, tracks=(0, 2)),
    ),
    (
        SetAction(intent=Intent.DELETE, what="scene", scene=2),
        Adjust(session=7, press=3, action=Action.DELETE_SCENE, scene=1),
    ),
]


@each_case("action, request", SAME)
def test_a_deed_is_an_order_and_the_order_is_that_deed(action: SetAction, request: Request | LongRequest) -> None:
    assert request_of(action, 7, 3, a_set()) == request
    assert action_of(request, a_set()) == action


@each_case("request", [request for _, request in SAME if isinstance(request, Message)])
def test_orders_are_such_as_a_device_could_send(request: Message) -> None:
    assert decode(encode(request), Route.DEVICE_TO_DAEMON) == [request]


ALONG: list[tuple[SetAction, Message]] = [
    (SetAction(intent=Intent.HEAR, on=True, track=3, scene=2), Audition(7, 3, 1, 2, 1)),
    (SetAction(intent=Intent.HEAR), Audition(7, 3, 0, -1, -1)),
    (SetAction(intent=Intent.KEEP, parts=("bass",)), Keep(7, 3, 0, 1.0, -1, -1, 0)),
    (SetAction(intent=Intent.CAPTURE), Keep(7, 3, -1, 1.0, -1, -1, 0)),
    (
        SetAction(intent=Intent.CAPTURE, bars=4, track=2, scene=3, replace=True),
        Keep(7, 3, 4, 1.0, 1, NEW_SCENE_INDEX, 1),
    ),
    (
        SetAction(intent=Intent.JAM, on=True, bars=2, parts=("melody",), style="funk", complexity=0.75),
        PlayJam(7, 3, 1, 2, "melodyroo", "funk", 0.75, -1),
    ),
    (SetAction(intent=Intent.JAM), PlayJam(7, 3, 0, 1, "", "", 0.5, -1)),
]


@each_case("action, request", ALONG)
def test_to_play_along_is_what_the_buttons_send(action: SetAction, request: Message) -> None:
    assert request_of(action, 7, 3, a_set()) == request
    assert decode(encode(request), Route.DEVICE_TO_DAEMON) == [request]


def test_what_is_left_open_is_as_usual() -> None:
    mirror = a_set()
    play, imagine, song = (
        request_of(SetAction(intent=intent, parts=("drums",)), 7, 3, mirror)
        for intent in (Intent.PLAY, Intent.IMAGINE, Intent.SONG)
    )
    assert isinstance(play, Generate)
    assert isinstance(imagine, Imagine)
    assert isinstance(song, WriteSong)
    assert (play.bars, imagine.bars, song.seconds) == (8, 4, 120.0)
    assert request_of(SetAction(intent=Intent.UNDO), 7, 3, mirror) == Undo(7, 3)


@each_case(
    "action, sentence",
    [
        (SetAction(intent=Intent.PLAY, parts=("bass",), bars=65), r"Bars must be in 1\.\.64, not 65"),
        (SetAction(intent=Intent.PLAY, parts=("bass",), takes=9), r"Takes must be in 1\.\.8"),
        (SetAction(intent=Intent.IMAGINE, bars=33), r"Bars must be in 1\.\.32"),
        (SetAction(intent=Intent.IMAGINE, prompt="a" * 601), "Prompt must be text of at most 600 bytes"),
        (SetAction(intent=Intent.SONG, seconds=5), r"Seconds must be in 15\.\.600"),
        (SetAction(intent=Intent.CHANGE, changes=("busier",), last_bar=10_000), "Last bar must be in"),
        (SetAction(intent=Intent.SPLIT, stems=5), "Stems must be one of 4, 6"),
    ],
)
def test_numbers_that_no_order_can_have_are_told(action: SetAction, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence) as refusal:
        request_of(action, 7, 3, a_set())
    assert refusal.value.code is Refusal.BAD_PARAMETER
    assert refusal.value.sentence.endswith("say it otherwise.")


@each_case("intent", [Intent.LISTEN, Intent.AUTO_SPLIT, Intent.TEST, Intent.CANCEL])
def test_what_only_the_device_or_the_conductor_does_is_no_order(intent: Intent) -> None:
    with pytest.raises(ValueError, match="not performed by a request"):
        request_of(SetAction(intent=intent), 7, 3, a_set())


# --- what buttons give -----------------------------------------------------------------------------------------------


def test_undo_is_no_deed_and_listening_is_one() -> None:
    assert action_of(Undo(7, 3), a_set()) is None
    listen = Listen(7, 3, "ring.wav", 4, 0, -1, 0, 4, 4, 1, "", 4)
    assert action_of(listen, a_set()) == SetAction(intent=Intent.LISTEN, bars=4, go_on=True)


@each_case(
    "engine, parts",
    [
        ("drums, bass", ("drums", "bass")),
        ("Band", ("band",)),
        ("melody", ("melody",)),
        ("kazoo", ()),
        ("drums, kazoo", ()),
    ],
)
def test_engines_are_known_by_what_they_play(engine: str, parts: tuple[str, ...]) -> None:
    action = action_of(replace(PLAIN, engine=engine), a_set())
    assert action is not None
    assert action.parts == parts


def changed_parts(mirror: SetMirror, **request: Any) -> tuple[str, ...]:
    action = action_of(replace(Refine(7, 3, "again", "", 0, 0, 0, 0, -1, -1, -1, 0), **request), mirror)
    assert action is not None
    return action.parts


def test_of_a_clip_that_is_changed_the_part_is_known_by_its_track() -> None:
    mirror = a_set(a_track(30, 3, name="BassaRoo"), a_clip(31, 30, VERSE), Selection(30, VERSE, 31))
    assert changed_parts(mirror) == ("bass",)
    assert changed_parts(mirror, track=3, scene=1) == ("bass",)
    assert changed_parts(mirror, track=0, scene=1) == ()
    assert changed_parts(mirror, track=99, scene=1) == ()
    assert changed_parts(a_set()) == ()


def test_an_odd_level_is_still_one() -> None:
    request = Adjust(session=7, press=3, action=Action.LEVEL, tracks=(0,), db=4.0)
    assert action_of(request, a_set()) == SetAction(intent=Intent.LEVEL, tracks=(1,), up=True)


def test_several_clips_are_changed_by_one_request() -> None:
    each = tuple(SetAction(intent=Intent.CHANGE, changes=("busier",), track=track, scene=2) for track in (1, 3))
    request = request_of(SetAction(intent=Intent.CHANGE, each=each), 7, 3, a_set())
    assert isinstance(request, ChangeSeveral)
    assert [(one.changes, one.track, one.scene) for one in request.changes] == [("busier", 0, 1), ("busier", 2, 1)]
    assert action_of(request, a_set()) == SetAction(intent=Intent.CHANGE, each=each)
    many = replace(each[0], changes=("busier",) * 40)
    with pytest.raises(RequestError, match="Changes must be"):
        request_of(SetAction(intent=Intent.CHANGE, each=(each[0], many)), 7, 3, a_set())
