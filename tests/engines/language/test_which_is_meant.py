"""Resolving references: the track, clip or scene meant by number, name, part, selection, or "it"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask, Question
from musearoo.engines.language.state.view import ClipView, SetView, TrackView
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, track

DRUMS, BASS, KEYS, VOX = BAND.tracks
Place = tuple[int, int] | None


def question(studio: Studio) -> Question:
    """Return the last question."""
    found = studio.memory.of(studio.view.set).question
    assert found is not None
    return found


def analyzed(studio: Studio, **slots: Any) -> Place:
    """Return track and scene of the clip that is analysed, or None."""
    reply = studio.ask(Intent.ANALYSE, **slots)
    return (reply.action.track, reply.action.scene) if isinstance(reply, Act) else None


def changed(studio: Studio, **slots: Any) -> Place:
    """Return track and scene of the clip that is changed, or None."""
    reply = studio.ask(Intent.CHANGE, changes=("darker",), **slots)
    return (reply.action.track, reply.action.scene) if isinstance(reply, Act) else None


def switched(studio: Studio, **slots: Any) -> tuple[int, ...] | None:
    """Return the tracks that are switched, or None."""
    reply = studio.ask(Intent.SOLO, **slots)
    return reply.action.tracks if isinstance(reply, Act) else None


def of(*tracks: TrackView, **facts: Any) -> Studio:
    """Return a set of four scenes with these tracks; the first scene is selected."""
    return Studio(replace(EMPTY, tracks=tracks, **facts))


def test_a_clip_on_a_track_is_the_one_in_this_scene_else_the_newest_else_the_nearest() -> None:
    four = track(1, "Low", "bass", 2, 4)
    for scene, place in ((2, (1, 2)), (4, (1, 4)), (1, (1, 2)), (3, (1, 2))):
        assert changed(of(four, scene=scene), track=1) == place, scene
    assert changed(of(track(1, "Low", "bass", 1, 4), scene=3), track=1) == (1, 4)
    studio = of(four, scene=1)
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), track=1, scene=4, replace=True))
    assert changed(studio, track=1) == (1, 4)
    studio.view = replace(studio.view, tracks=(replace(four, clips=frozenset({2, 3})),))
    assert changed(studio, track=1) == (1, 2)
    assert changed(of(four), track=1, scene="4") == (1, 4)
    assert isinstance(of(four).ask(Intent.CHANGE, changes=("darker",), track=1, scene="3"), Answer)
    assert isinstance(of(track(1, "Low", "bass")).ask(Intent.CHANGE, changes=("darker",), track=1), Answer)


def test_this_clip_is_the_one_in_detail_view_else_the_one_that_is_selected() -> None:
    shown = ClipView(track=3, scene=1, name="Verse")
    assert changed(Studio(BAND), target="clip") == (3, 1)
    assert changed(Studio(BAND)) == (3, 1)
    assert changed(Studio(replace(BAND, shown=None))) == (2, 1)
    assert changed(Studio(replace(BAND, shown=None)), target="clip") == (2, 1)
    for view in (replace(BAND, shown=None, track=0), replace(BAND, shown=None, scene=3)):
        assert isinstance(Studio(view).ask(Intent.CHANGE, changes=("darker",)), Ask)
    for gone in (replace(shown, scene=2), replace(shown, track=9)):
        assert changed(Studio(replace(BAND, shown=gone)), target="clip") == (0, 0)
    audio = replace(shown, track=0, scene=0, is_audio=True)
    assert isinstance(Studio(replace(BAND, shown=audio)).ask(Intent.CHANGE, changes=("darker",), target="clip"), Answer)
    assert analyzed(Studio(replace(BAND, shown=audio))) == (0, 0)


def test_what_sounds_is_looked_for_in_detail_view_unless_something_is_named() -> None:
    studio = Studio(BAND)
    studio.say(Intent.PLAY, parts=("drums",))
    for slots, place in (
        ({}, (3, 1)),
        ({"target": "bass"}, (2, 1)),
        ({"parts": ("bass",)}, (2, 1)),
        ({"track": 1}, (1, 1)),
        ({"scene": "2"}, (1, 2)),
    ):
        assert analyzed(studio, **slots) == place, slots
    studio.view = replace(studio.view, shown=None)
    assert analyzed(studio) == (5, 1)


def test_this_track_is_the_one_that_is_selected_and_of_this_clip_its_own() -> None:
    assert switched(Studio(BAND), target="track") == (2,)
    assert switched(Studio(BAND), target="clip") == (3,)
    assert switched(Studio(replace(BAND, shown=None)), target="clip") == (2,)
    assert changed(Studio(BAND), target="track") == (2, 1)
    none = replace(BAND, track=0, shown=None)
    for target in ("track", "clip"):
        studio = Studio(none)
        assert switched(studio, target=target) is None
        assert question(studio).slot == "target"
    assert changed(Studio(none), target="track") is None
    assert switched(Studio(replace(BAND, track=9)), target="track") is None


def test_a_number_that_no_track_has_is_asked_about_with_how_many_there_are() -> None:
    for tracks, spoken in (((DRUMS, BASS), ["2"]), ((DRUMS,), ["1"]), ((), ["0"])):
        studio = of(*tracks)
        assert switched(studio, track=7) is None
        assert question(studio).slot == "track"
        assert re.findall(r"\d+", studio.reply.sentence) == spoken
    assert of(DRUMS).ask(Intent.SOLO, track=7).sentence != of().ask(Intent.SOLO, track=7).sentence


def test_a_name_is_meant_in_full_first_then_as_a_part_then_by_some_words() -> None:
    named = track(5, "bass", "melody", 1)
    for tracks, target, number in (
        ((BASS, named), "bass", 5),
        ((BASS,), "bass", 2),
        ((BASS,), "sub bass", 2),
        ((BASS,), "SUB", 2),
        ((BASS,), "bass sub", 2),
        ((track(1, "Lead-Guitar"), BASS), "guitar", 1),
        ((track(1, "lead_guitar"), BASS), "guitar lead", 1),
        ((track(1, "Bass"), BASS), "bass", 1),
        ((BASS,), "guitar", None),
        ((BASS,), "sub guitar", None),
        ((BASS,), "su", None),
    ):
        assert switched(of(*tracks), target=target) == (None if number is None else (number,)), target


def test_of_tracks_alike_the_one_is_meant_that_was_played_last_or_has_a_clip_here() -> None:
    low, deep = track(1, "Low", "bass", 1), track(2, "Deep", "bass", 2)
    studio = of(low, deep)
    assert switched(studio, target="bass") is None
    assert (question(studio).slot, switched(studio, track=2)) == ("track", (2,))
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), track=2, scene=2, replace=True))
    assert switched(studio, target="bass") == (2,)
    assert changed(of(low, deep), target="bass") == (1, 1)
    assert changed(of(low, deep, scene=2), target="bass") == (2, 2)
    assert changed(of(low, deep), target="bass", scene="2") == (2, 2)
    assert changed(of(low, deep, scene=3), target="bass") is None
    assert changed(of(low, replace(deep, clips=frozenset())), target="bass", scene="1") == (1, 1)
    assert isinstance(of(low, replace(deep, clips=frozenset())).ask(Intent.ANALYSE, target="bass", scene="3"), Answer)


def test_what_nobody_plays_is_offered_where_it_was_to_be_changed_and_told_elsewhere() -> None:
    for intent in (Intent.CHANGE, Intent.AGAIN):
        studio = of(DRUMS)
        assert isinstance(studio.ask(intent, target="bass", changes=("darker",), style="funk"), Ask)
        action = action_of(studio.ask(Intent.YES))
        assert (action.intent, action.parts, action.style, action.changes) == (
            Intent.PLAY,
            ("bass",),
            "funk",
            ("darker",),
        )
    for intent in (Intent.MUTE, Intent.LEVEL, Intent.SPLIT, Intent.DELETE, Intent.ANALYSE):
        assert isinstance(of(DRUMS).ask(intent, target="bass", up=True), Answer), intent
    spoken = {part: of(track(1, "X")).ask(Intent.MUTE, target=part).sentence for part in ("drums", "bass")}
    assert spoken["drums"].replace("drums", "bass") != spoken["bass"]


def test_a_name_that_no_track_has_is_asked_about_with_four_names() -> None:
    studio = of(*(track(number, f"N{number}") for number in range(1, 6)))
    assert switched(studio, target="nobody") is None
    assert (question(studio).slot, re.findall(r"N\d", studio.reply.sentence)) == ("target", ["N1", "N2", "N3", "N4"])
    more = studio.reply.sentence
    four = of(*studio.view.tracks[:4])
    assert len(four.ask(Intent.SOLO, target="nobody").sentence) < len(more)
    assert switched(studio, target="n2") == (2,)
    assert isinstance(of().ask(Intent.SOLO, target="nobody"), Answer)


def test_the_band_is_every_track_that_plays_a_part() -> None:
    assert switched(of(DRUMS, track(2, "Thing"), KEYS), target="band") == (1, 3)
    assert switched(of(DRUMS, KEYS), parts=("drums", "harmony")) == (1, 3)
    assert isinstance(of(track(2, "Thing")).ask(Intent.SOLO, target="band"), Answer)
    studio = Studio(BAND)
    assert changed(studio, target="band") is None
    assert question(studio).slot == "target"


def test_it_in_a_scene_is_on_the_track_that_was_made_last() -> None:
    studio = Studio(BAND)
    assert changed(studio, scene="2") == (1, 2)
    assert isinstance(studio.ask(Intent.CHANGE, changes=("darker",), scene="3"), Answer)
    assert isinstance(studio.ask(Intent.CHANGE, changes=("darker",), scene="1"), Ask)
    studio.do(SetAction(intent=Intent.PLAY, parts=("harmony",), track=3, scene=1, replace=True))
    assert changed(studio, scene="1") == (3, 1)


def test_it_after_several_parts_is_asked_for_unless_one_is_named() -> None:
    tracks = (track(1, "Kit", "drums", 1), track(2, "Low", "bass", 1), track(3, "BassaRoo", "bass", 1, own=True))
    studio = of(*tracks)
    studio.do(SetAction(intent=Intent.PLAY, parts=("drums", "bass"), scene=1, track=1, replace=True))
    assert changed(studio) is None
    assert question(studio).slot == "target"
    assert changed(studio, target="bass") == (3, 1)
    assert changed(studio, target="drums") == (1, 1)
    band = of(*tracks)
    band.do(SetAction(intent=Intent.PLAY, parts=("band",), scene=1, track=1, replace=True))
    assert changed(band) is None
    assert changed(band, target="drums") == (1, 1)


def test_it_after_a_switch_is_the_clip_of_that_track_else_what_was_made() -> None:
    empty = track(5, "Empty")
    studio = of(DRUMS, BASS, empty, shown=None)
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), track=2, scene=1, replace=True))
    for tracks, place in (((1,), (1, 1)), ((5,), (2, 1)), ((2,), (2, 1))):
        studio.do(SetAction(intent=Intent.SOLO, tracks=tracks))
        assert changed(studio) == place, tracks
    studio.do(SetAction(intent=Intent.SOLO, tracks=(1, 2)))
    assert changed(studio) is None
    assert switched(studio) is None
    studio.do(SetAction(intent=Intent.UNSOLO, tracks=(1, 2)))
    assert switched(studio) == (1, 2)
    nothing = of(empty, track=0)
    nothing.do(SetAction(intent=Intent.SOLO, tracks=(5,)))
    assert changed(nothing) is None


def test_scenes_are_meant_by_word_and_by_number() -> None:
    view = replace(EMPTY, scenes=3, scene=3)
    for spoken, scene in (("", 3), ("this", 3), ("next", 4), ("new", 4), ("1", 1), ("3", 3)):
        assert action_of(Studio(view).ask(Intent.PLAY, parts=("bass",), scene=spoken)).scene == scene, spoken
    assert action_of(Studio(replace(view, scene=1)).ask(Intent.PLAY, parts=("bass",), scene="next")).scene == 2
    studio = Studio(view)
    for spoken in ("4", "99"):
        assert isinstance(studio.ask(Intent.PLAY, parts=("bass",), scene=spoken), Ask)
        assert (question(studio).slot, question(studio).command.slots.scene) == ("scene", "new")
        assert action_of(studio.ask(Intent.YES)).scene == 4
    for spoken in ("0", "x", "999999"):
        assert isinstance(studio.ask(Intent.PLAY, parts=("bass",), scene=spoken), Ask)
        assert question(studio).command.slots.scene == spoken
    for spoken in ("next", "new", "4"):
        assert isinstance(studio.ask(Intent.DELETE, scene=spoken), Ask)
        assert not question(studio).destroys, spoken
    unseen = Studio(SetView())
    for spoken, scene in (("7", 7), ("99999", 9999), ("123456", 0), ("next", 0), ("", 0)):
        assert action_of(unseen.ask(Intent.PLAY, parts=("bass",), scene=spoken)).scene == scene, spoken


def test_notes_go_on_midi_tracks_alone() -> None:
    group = replace(DRUMS, kind="group")
    sentences = set()
    for one in (VOX, replace(group, number=4)):
        reply = of(one).ask(Intent.PLAY, parts=("bass",), track=4)
        assert isinstance(reply, Answer)
        sentences.add(reply.sentence.replace(one.name, ""))
    assert len(sentences) == 2
    assert action_of(of(DRUMS).ask(Intent.PLAY, parts=("bass",), track=1)).track == 1
    assert isinstance(of(DRUMS).ask(Intent.PLAY, parts=("bass",), track=2), Ask)
    assert action_of(Studio(SetView()).ask(Intent.PLAY, parts=("bass",), track=2)).track == 2


def test_without_a_set_references_are_taken_literally() -> None:
    unseen = Studio(SetView())
    action = action_of(unseen.ask(Intent.CHANGE, changes=("darker",), track=3, scene="2", target="bass"))
    assert (action.track, action.scene, action.parts) == (3, 2, ("bass",))
    assert action_of(unseen.ask(Intent.CHANGE, changes=("darker",), target="vox")).parts == ()
    assert action_of(unseen.ask(Intent.SOLO)).tracks == (0,)
    names = {unseen.ask(Intent.CHANGE, changes=("darker",), target=target).sentence for target in ("", "clip", "track")}
    assert len(names) == 1
