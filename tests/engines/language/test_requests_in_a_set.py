"""Requests about existing clips, tracks and scenes: which are meant, what is refused, and what is compared."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask, Question
from musearoo.engines.language.state.view import AuditionedTake, ClipView, PlayAlongView, SetView
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, track

DRUMS, BASS, KEYS, VOX = BAND.tracks
ONE = replace(EMPTY, scenes=1, tracks=(DRUMS,), track=1)


def question(studio: Studio) -> Question:
    """Return the last question."""
    found = studio.memory.of(studio.view.set).question
    assert found is not None
    return found


def numbers(studio: Studio) -> list[str]:
    """Return the numbers in the last reply."""
    return re.findall(r"\d+", studio.reply.sentence)


def levels(studio: Studio, **given: float | None) -> Studio:
    """Return the studio with clips of given complexity, by track number."""
    at = {int(name[1:]): level for name, level in given.items()}
    studio.view = replace(studio.view, measure=lambda number, _scene: at.get(number))
    return studio


def test_busier_than_another_takes_as_many_steps_as_are_missing() -> None:
    # "Busier" is 0.2 above: once for up to 0.275, the middle between 0.2 and 0.35, and twice beyond.
    for bass, drums, degree, changes in (
        (0.5, 0.5, "", ("busier",)),
        (0.5, 0.57, "", ("busier",)),
        (0.5, 0.58, "", ("busier", "busier")),
        (0.5, 0.5, "a bit ", ("busier",)),
        (0.5, 0.65, "a bit ", ("busier",)),
        (0.5, 0.66, "a bit ", ("busier", "busier")),
        (0.5, 0.5, "much ", ("busier", "busier")),
        (0.5, 0.31, "", ("busier",)),
        (None, 0.9, "", ("busier",)),
        (1.3, 1.4, "", None),
        (-0.2, -0.3, "", ("busier", "busier")),
    ):
        studio = levels(Studio(BAND), t1=drums, t2=bass)
        studio.ask(Intent.CHANGE, target="bass", changes=(f"{degree}busier",), than="drums")
        found = studio.reply.action.changes if isinstance(studio.reply, Act) else None
        assert found == changes, (bass, drums, degree)


def test_simpler_than_another_goes_the_other_way() -> None:
    for bass, changes in ((0.57, ("simpler",)), (0.58, ("simpler", "simpler")), (0.3, None)):
        studio = levels(Studio(BAND), t1=0.5, t2=bass)
        studio.ask(Intent.CHANGE, target="bass", changes=("simpler",), than="drums")
        assert (studio.reply.action.changes if isinstance(studio.reply, Act) else None) == changes, bass
    # Then the question is whether to make it simpler anyway.
    assert action_of(studio.ask(Intent.YES)).changes == ("simpler",)


def test_what_has_no_measure_is_not_compared_and_what_is_not_known_is_asked_about() -> None:
    studio = levels(Studio(BAND), t1=0.5, t2=0.5)
    both = action_of(studio.ask(Intent.CHANGE, target="bass", changes=("darker", "busier"), than="drums"))
    assert both.changes == ("darker", "busier")
    assert isinstance(studio.ask(Intent.CHANGE, target="bass", changes=("busier",), than="atmosphere"), Ask)
    assert action_of(studio.ask(Intent.YES)).changes == ("busier",)
    dark = action_of(studio.ask(Intent.CHANGE, target="bass", changes=("darker",), than="atmosphere"))
    assert dark.changes == ("darker",)
    unseen = Studio(SetView())
    assert action_of(unseen.ask(Intent.CHANGE, target="bass", changes=("busier",), than="drums")).changes == ("busier",)


def test_what_was_made_is_compared_by_what_it_was_made_with() -> None:
    studio = levels(Studio(BAND), t1=0.0, t2=0.0)
    studio.do(
        SetAction(intent=Intent.PLAY, parts=("drums",), complexity=0.9, density=0.1, track=1, scene=1, replace=True)
    )
    studio.do(
        SetAction(intent=Intent.PLAY, parts=("bass",), complexity=0.5, density=0.5, track=2, scene=1, replace=True)
    )
    for change, changes in (("busier", ("busier", "busier")), ("sparser", ("simpler", "simpler")), ("denser", None)):
        studio.ask(Intent.CHANGE, target="bass", changes=(change,), than="drums")
        assert (studio.reply.action.changes if isinstance(studio.reply, Act) else None) == changes, change


def test_the_clip_that_is_compared_with_is_the_one_in_this_scene_on_the_first_track() -> None:
    asked = []

    def measure(number: int, scene: int) -> float | None:
        asked.append((number, scene))
        return None

    loops = (
        track(1, "A", "drums", 2, 3),
        track(2, "B", "drums", 1),
        track(3, "C", "drums"),
        track(4, "Low", "bass", 1),
    )
    studio = Studio(replace(EMPTY, tracks=loops, measure=measure))
    studio.ask(Intent.CHANGE, track=4, changes=("busier",), than="drums")
    assert asked[:2] == [(2, 1), (1, 2)]
    assert {number for number, _ in asked} <= {1, 2, 4}


def test_bars_of_a_clip_are_sorted() -> None:
    for slots, bars, expected in (
        ({"first_bar": 3, "last_bar": 5}, (3, 5), ["1", "3", "5"]),
        ({"first_bar": 5, "last_bar": 3}, (3, 5), ["1", "3", "5"]),
        ({"first_bar": 4, "last_bar": 4}, (4, 4), ["1", "4"]),
        ({"last_bar": 4}, (0, 4), ["1", "1", "4"]),
        ({"first_bar": 4}, (4, 0), ["1", "4"]),
        ({"first_bar": 4, "takes": 3}, (4, 0), ["1", "4", "3"]),
        ({}, (0, 0), ["1"]),
        ({"takes": 2}, (0, 0), ["1", "2"]),
    ):
        studio = Studio(BAND)
        action = action_of(studio.ask(Intent.CHANGE, target="bass", changes=("darker",), **slots))  # type: ignore[arg-type]
        assert ((action.first_bar, action.last_bar), numbers(studio)) == (bars, expected), slots
        assert action.takes == slots.get("takes", 1)


def test_a_clip_is_changed_from_what_it_was_made_with() -> None:
    studio = Studio(BAND)
    studio.do(
        SetAction(
            intent=Intent.PLAY, parts=("bass",), style="jazz swing", bars=4, key="D minor", bpm=90.0, takes=3, track=2
        )
    )
    made = studio.memory.of("one").made[-1]
    action = action_of(studio.ask(Intent.CHANGE, changes=("busier", "straight")))
    assert (action.bars, action.key, action.complexity, action.swing) == (4, "D minor", 0.7, 1.0)
    assert (action.style, action.bpm, action.takes, action.track, action.scene) == ("", 0.0, 1, 2, made.scene)
    # The style's own swing is reduced in steps of 0.3.
    assert action.changes[0] == "busier"
    assert len(action.changes) > 2
    as_funk = action_of(studio.ask(Intent.CHANGE, style="funk"))
    assert (as_funk.style, as_funk.changes) == ("funk", ())
    for slots in ({}, {"changes": ("purple",)}):
        assert isinstance(studio.ask(Intent.CHANGE, **slots), Ask)  # type: ignore[arg-type]
        assert question(studio).slot == "changes"


def test_stems_are_four_or_six() -> None:
    for stems, offered in ((0, 4), (4, 4), (6, 6)):
        assert action_of(Studio(BAND).ask(Intent.SPLIT, target="melody", stems=stems)).stems == offered
    for stems, offered in ((1, 4), (3, 4), (5, 4)):
        studio = Studio(BAND)
        assert isinstance(studio.ask(Intent.SPLIT, target="melody", stems=stems), Ask)
        assert (question(studio).slot, action_of(studio.ask(Intent.YES)).stems) == ("stems", offered), stems
    assert isinstance(Studio(BAND).ask(Intent.SPLIT, target="bass"), Answer)
    assert action_of(Studio(SetView()).ask(Intent.SPLIT, target="bass")).stems == 4


def test_live_keeps_one_track_and_one_scene() -> None:
    assert isinstance(Studio(ONE).ask(Intent.DELETE, what="track", track=1), Answer)
    assert isinstance(Studio(ONE).ask(Intent.DELETE, what="scene"), Answer)
    two = replace(ONE, scenes=2, tracks=(DRUMS, BASS))
    for slots in ({"what": "track", "track": 1}, {"what": "scene"}, {"scene": "2"}):
        assert isinstance(Studio(two).ask(Intent.DELETE, **slots), Ask), slots
    assert isinstance(Studio(two).ask(Intent.DELETE, targets=("track 1", "track 2")), Answer)
    assert isinstance(Studio(BAND).ask(Intent.DELETE, targets=("track 1", "track 2")), Ask)
    for what in ("track", "scene"):
        assert isinstance(Studio(SetView()).ask(Intent.DELETE, what=what), Ask)


def deleted(studio: Studio, **slots: Any) -> SetAction | None:
    """Return the action of a confirmed deletion; None if there was no question."""
    if not isinstance(studio.ask(Intent.DELETE, **slots), Ask) or not question(studio).destroys:
        return None
    return action_of(studio.ask(Intent.YES))


def test_a_clip_is_deleted_unless_something_else_is_stated() -> None:
    for slots, action in (
        ({"target": "bass"}, {"what": "clip", "track": 2, "scene": 1}),
        ({"track": 1, "scene": "2"}, {"what": "clip", "track": 1, "scene": 2}),
        ({"scene": "2"}, {"what": "scene", "scene": 2}),
        ({"what": "scene"}, {"what": "scene", "scene": 1}),
        ({"what": "track"}, {"what": "track", "track": 2}),
        ({"what": "track", "target": "harmony"}, {"what": "track", "track": 3}),
        ({"what": "track", "target": "band"}, None),
        ({"what": "mix"}, None),
        ({"targets": ("track 1", "track 2")}, {"what": "track", "tracks": (1, 2)}),
        ({"targets": ("track 1", "bass")}, {"what": "clip", "tracks": (1, 2), "scene": 1}),
        ({"targets": ("bass", "track 2")}, {"what": "clip", "track": 2, "scene": 1}),
        ({"targets": ("track 1", "track 2"), "scene": "1"}, {"what": "clip", "tracks": (1, 2), "scene": 1}),
        ({"targets": ("bass", "drums"), "what": "track"}, {"what": "track", "tracks": (2, 1)}),
    ):
        found = deleted(Studio(BAND), **slots)
        assert found == (None if action is None else SetAction(intent=Intent.DELETE, **action)), slots


def test_the_number_of_clips_deleted_with_a_track_or_scene_is_reported() -> None:
    for slots, expected in (
        ({"what": "track", "track": 1}, ["1", "2"]),
        ({"what": "track", "track": 2}, ["2", "1"]),
        ({"scene": "1"}, ["1", "4"]),
        ({"scene": "2"}, ["2", "1"]),
        ({"scene": "4"}, ["4", "0"]),
        ({"targets": ("track 1", "track 3")}, ["1", "3", "3"]),
        ({"target": "bass"}, ["1"]),
    ):
        studio = Studio(BAND)
        studio.ask(Intent.DELETE, **slots)
        assert numbers(studio) == expected, slots


def test_clips_in_different_scenes_are_not_deleted_together() -> None:
    studio = Studio(replace(BAND, tracks=(replace(DRUMS, clips=frozenset({2})), BASS, KEYS, VOX)))
    assert isinstance(studio.ask(Intent.DELETE, targets=("drums", "bass")), Answer)


def test_what_is_switched_is_what_is_not_so_yet() -> None:
    tracks = (replace(DRUMS, muted=True), replace(BASS, soloed=True), KEYS, VOX)
    studio = Studio(replace(BAND, tracks=tracks))
    for intent, slots, numbers_of in (
        (Intent.MUTE, {"target": "band"}, (2, 3, 4)),
        (Intent.UNMUTE, {"target": "band"}, (1,)),
        (Intent.UNMUTE, {}, (1,)),
        (Intent.UNSOLO, {}, (2,)),
        (Intent.SOLO, {"target": "band"}, (1, 3, 4)),
        (Intent.SOLO, {"track": 3}, (3,)),
        (Intent.MUTE, {"track": 1}, None),
        (Intent.UNMUTE, {"track": 2}, None),
        (Intent.SOLO, {"track": 2}, None),
        (Intent.UNSOLO, {"track": 1}, None),
    ):
        reply = studio.ask(intent, **slots)
        assert (reply.action.tracks if isinstance(reply, Act) else None) == numbers_of, (intent, slots)
    plain = Studio(BAND)
    assert isinstance(plain.ask(Intent.UNMUTE), Ask)
    assert isinstance(plain.ask(Intent.UNSOLO), Ask)
    assert action_of(Studio(SetView()).ask(Intent.MUTE, track=7)).tracks == (7,)


def test_faders_and_tempo_go_by_degrees() -> None:
    studio = Studio(BAND)
    assert action_of(studio.ask(Intent.LEVEL, target="bass", up=False, degree="hugely")).degree == ""
    action = action_of(studio.ask(Intent.LEVEL, targets=("bass", "drums"), up=True, degree="much"))
    assert (action.tracks, action.up, action.degree) == ((2, 1), True, "much")
    assert isinstance(studio.ask(Intent.LEVEL, target="bass"), Ask)
    assert action_of(studio.ask(Intent.YES)).up
    for slots, bpm in (
        ({"up": True}, 126.0),
        ({"up": False}, 114.0),
        ({"up": True, "degree": "a bit"}, 122.0),
        ({"up": False, "degree": "much"}, 108.0),
        ({"bpm": 92.5}, 92.5),
        ({"bpm": 92.5, "up": True}, 92.5),
    ):
        assert action_of(studio.ask(Intent.TEMPO, **slots)).bpm == bpm, slots
    assert isinstance(studio.ask(Intent.TEMPO, bpm=120.0), Answer)
    assert isinstance(Studio(SetView()).ask(Intent.TEMPO, bpm=120.0), Act)
    assert isinstance(studio.ask(Intent.TEMPO), Ask)
    for tempo, up, bound in ((999.0, True, 999.0), (20.0, False, 20.0)):
        studio.view = replace(BAND, tempo=tempo)
        assert isinstance(studio.ask(Intent.TEMPO, up=up), Ask)
        assert question(studio).command.slots.bpm == bound
    assert action_of(studio.ask(Intent.TEMPO, bpm=20.5)).bpm == 20.5


def test_a_clip_in_the_arrangement_is_changed_for_good_after_a_yes() -> None:
    shown = ClipView(track=3, scene=0, name="Song")
    studio = Studio(replace(BAND, shown=shown))
    assert action_of(studio.ask(Intent.CHANGE, target="clip", changes=("darker",))).track == 0
    assert isinstance(studio.ask(Intent.CHANGE, target="clip", changes=("darker",), replace=True), Ask)
    assert question(studio).destroys
    action = action_of(studio.ask(Intent.YES))
    assert (action.track, action.scene, action.parts, action.replace) == (0, 0, ("harmony",), True)


def test_what_is_heard_is_not_changed_with_others() -> None:
    audition = AuditionedTake(name="x", action=SetAction(intent=Intent.PLAY, parts=("bass",), hear=True))
    studio = Studio(replace(BAND, along=PlayAlongView(audition=audition)))
    assert isinstance(studio.ask(Intent.CHANGE, targets=("bass", "drums"), changes=("darker",)), Answer)
