"""Edge cases of playing along: what is auditioned, dropped, kept and jammed, and when it is impossible."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask, Question
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView, SetView
from tests.engines.language.studio import BAND, Studio, action_of

QUIET = PlayAlongView(played=8)
TAKE = SetAction(intent=Intent.PLAY, parts=("bass",), style="funk", bars=4, scene=1, hear=True)
CHANGE = SetAction(intent=Intent.CHANGE, parts=("bass",), changes=("darker",), track=2, scene=1, hear=True)
NOTHING: dict[str, Any] = {}
"""No slots."""


def along(audition: SetAction | AuditionedTake | None = None, **facts: Any) -> Studio:
    """Return a band's set with that state of playing along."""
    take = AuditionedTake(name="take", action=audition, at=100.0) if isinstance(audition, SetAction) else audition
    return Studio(replace(BAND, along=replace(QUIET, audition=take, **facts)))


def question(studio: Studio) -> Question:
    """Return the last question."""
    found = studio.memory.of(studio.view.set).question
    assert found is not None
    return found


def numbers(studio: Studio) -> list[str]:
    """Return the numbers in the last reply."""
    return re.findall(r"\d+", studio.reply.sentence)


def test_what_sounds_or_is_being_made_is_dropped() -> None:
    clip = AuditionedTake(name="Verse")
    for studio in (along(TAKE), along(clip), along(is_making=True), Studio(BAND)):
        assert action_of(studio.ask(Intent.HEAR, on=False)) == SetAction(intent=Intent.HEAR)
    assert isinstance(along().ask(Intent.HEAR, on=False), Answer)
    expected = {each.ask(Intent.HEAR, on=False).sentence for each in (along(TAKE), along(clip), along(is_making=True))}
    assert len(expected) == 3


def test_a_clip_is_heard_while_no_take_is() -> None:
    assert action_of(along().ask(Intent.HEAR, target="bass")) == SetAction(
        intent=Intent.HEAR, on=True, track=2, scene=1
    )
    assert action_of(along(AuditionedTake(name="Verse")).ask(Intent.HEAR, target="bass")).track == 2
    assert action_of(along(TAKE).ask(Intent.HEAR, target="drums")).track == 1
    for slots in (NOTHING, {"target": "bass"}):
        assert isinstance(along(TAKE).ask(Intent.HEAR, **slots), Answer), slots
    assert isinstance(along().ask(Intent.HEAR, target="melody"), Answer)
    for facts in ({"problem": "Off."}, {"silent": "None."}, {"is_passing": True}):
        assert isinstance(along(**facts).ask(Intent.HEAR, target="bass"), Answer), facts
        assert isinstance(along(**facts).ask(Intent.PLAY, parts=("bass",), hear=True), Ask), facts


def test_what_is_being_made_is_not_kept_yet_unless_something_else_is_named() -> None:
    studio = along(is_making=True)
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), track=2, scene=2))
    before = studio.ask(Intent.KEEP)
    assert isinstance(before, Answer)
    assert not studio.memory.of("one").made[-1].kept
    studio.ask(Intent.KEEP, target="bass")
    assert studio.memory.of("one").made[-1].kept
    other = along(is_making=True)
    other.do(SetAction(intent=Intent.PLAY, parts=("bass",), track=2, scene=1, replace=True))
    other.ask(Intent.KEEP, track=2)
    assert other.memory.of("one").made[-1].kept


def test_a_sentence_is_about_what_is_heard_unless_it_names_another_thing() -> None:
    both = replace(TAKE, parts=("bass", "drums"))
    for take, slots, is_meant in (
        (TAKE, NOTHING, True),
        (TAKE, {"target": "bass"}, True),
        (TAKE, {"target": "drums"}, False),
        (TAKE, {"targets": ("bass", "drums")}, False),
        (both, {"targets": ("bass", "drums")}, True),
        (both, {"target": "drums"}, True),
        (TAKE, {"track": 2}, False),
    ):
        studio = along(take)
        reply = studio.ask(Intent.KEEP, **slots)
        assert (isinstance(reply, Act) and reply.action.parts == take.parts) is is_meant, (take.parts, slots)


def test_a_clip_is_made_of_what_was_played() -> None:
    for slots, action, expected in (
        (NOTHING, {"scene": 1}, []),
        ({"bars": 1}, {"bars": 1, "scene": 1}, []),
        ({"bars": 2}, {"bars": 2, "scene": 1}, ["2"]),
        (
            {"bars": 4, "track": 2, "replace": True, "scene": "2"},
            {"bars": 4, "track": 2, "scene": 2, "replace": True},
            ["4"],
        ),
        ({"bars": 4, "replace": True, "scene": "new"}, {"bars": 4, "scene": 5}, ["4"]),
    ):
        studio = along()
        found = action_of(studio.ask(Intent.CAPTURE, **slots))
        assert found == SetAction(intent=Intent.CAPTURE, **action), slots  # type: ignore[arg-type]
        assert numbers(studio) == expected, slots
    one, phrase = (along().ask(Intent.CAPTURE, bars=bars).sentence for bars in (1, 0))
    assert one != phrase
    for facts in ({"played": 0}, {"problem": "Off."}, {"has_input": False}):
        assert isinstance(along(**facts).ask(Intent.CAPTURE), Answer), facts
        assert isinstance(along(**facts).ask(Intent.PLAY, parts=("bass",), to_played="answer"), Answer), facts
    for facts in ({"played": 1}, {"silent": "None."}, {"is_passing": True}):
        assert isinstance(along(**facts).ask(Intent.CAPTURE), Act), facts
    assert isinstance(along().ask(Intent.CAPTURE, track=4), Answer)
    assert isinstance(Studio(SetView()).ask(Intent.CAPTURE), Act)


def test_one_part_plays_to_what_was_played() -> None:
    for parts in (("bass", "drums"), ("band",)):
        studio = along()
        assert isinstance(studio.ask(Intent.PLAY, parts=parts, to_played="thirds"), Ask)
        assert question(studio).slot == "parts"
        assert action_of(studio.ask(Intent.ANSWER, parts=("melody",))).to_played == "thirds"


def test_a_jam_has_bars_of_its_own_then_of_the_last_turn_then_four() -> None:
    for facts, slots, bars in (
        (NOTHING, NOTHING, 4),
        ({"jam_bars": 2}, NOTHING, 4),
        ({"jam_bars": 2, "jams": True}, NOTHING, 2),
        ({"jam_bars": 0, "jams": True}, NOTHING, 4),
        ({"jam_bars": 2, "jams": True}, {"bars": 8}, 8),
    ):
        studio = along(**facts)
        action = action_of(studio.ask(Intent.JAM, on=True, **slots))
        assert (action.bars, action.on, numbers(studio)) == (bars, True, [str(bars)]), (facts, slots)
    assert action_of(Studio(BAND).ask(Intent.JAM)).bars == 4
    begun, goes_on = (along(jams=jams, jam_bars=4).ask(Intent.JAM).sentence for jams in (False, True))
    assert begun != goes_on


def test_one_answers_in_a_jam_or_all_in_turn() -> None:
    for slots, parts in (
        ({"parts": ("bass",)}, ("bass",)),
        ({"target": "bass"}, ("bass",)),
        ({"parts": ("bass", "bass")}, ("bass",)),
        ({"parts": ("band", "bass")}, ()),
        ({"target": "band"}, ()),
        (NOTHING, ()),
    ):
        assert action_of(along().ask(Intent.JAM, **slots)).parts == parts, slots
    for slots in ({"parts": ("bass", "drums")}, {"parts": ("bass", "zither")}, {"target": "vox"}):
        studio = along()
        assert isinstance(studio.ask(Intent.JAM, **slots), Ask), slots
        assert (question(studio).slot, question(studio).command.slots.parts) == ("parts", ())
        assert action_of(studio.ask(Intent.ANSWER, parts=("drums",))).parts == ("drums",)
    action = action_of(along().ask(Intent.JAM, style="funk", changes=("much busier",)))
    assert (action.style, action.complexity) == ("funk", 0.85)
    # Drums and chords are plural: they answer, whereas a bass answers.
    expected = {
        part: along().ask(Intent.JAM, parts=(part,)).sentence for part in ("drums", "harmony", "bass", "melody")
    }
    assert expected["drums"].replace("drums", "chords") == expected["harmony"]
    assert expected["bass"].replace("bass", "melody") == expected["melody"]
    assert expected["bass"].replace("bass", "drums") != expected["drums"]


def test_a_jam_needs_an_input_and_an_output() -> None:
    for facts in ({"problem": "Off."}, {"silent": "None."}, {"is_passing": True}, {"has_input": False}):
        assert isinstance(along(**facts).ask(Intent.JAM), Answer), facts
    assert isinstance(along(played=0).ask(Intent.JAM), Act)
    assert isinstance(along().ask(Intent.JAM, on=False), Answer)
    for studio in (along(jams=True), Studio(BAND)):
        assert action_of(studio.ask(Intent.JAM, on=False)) == SetAction(intent=Intent.JAM)


def test_an_audition_is_changed_by_amounts_or_by_modifiers() -> None:
    busier = action_of(along(TAKE).ask(Intent.CHANGE, changes=("busier", "darker")))
    assert busier == replace(TAKE, complexity=0.7, changes=("darker",))
    wished = action_of(along(CHANGE).ask(Intent.CHANGE, changes=("much busier", "straight")))
    assert wished == replace(CHANGE, changes=("darker", "busier", "busier", "less swing"))
    styled = action_of(along(TAKE).ask(Intent.CHANGE, style="dub"))
    assert styled == replace(TAKE, style="dub")
    swung = action_of(along(replace(TAKE, swing=1.5)).ask(Intent.CHANGE, changes=("less swing",)))
    assert swung.swing == 1.2
    many = action_of(along(replace(TAKE, takes=3, hear=False)).ask(Intent.CHANGE, changes=("darker",)))
    assert (many.takes, many.hear) == (1, True)
    assert isinstance(along(TAKE).ask(Intent.CHANGE, changes=("darker",), first_bar=1), Answer)
    assert isinstance(along(TAKE).ask(Intent.CHANGE, changes=("darker",), last_bar=2), Answer)
    for facts in ({"problem": "Off."}, {"silent": "None."}, {"is_passing": True}):
        assert isinstance(along(TAKE, **facts).ask(Intent.CHANGE, changes=("darker",)), Answer), facts
        assert isinstance(along(TAKE, **facts).ask(Intent.AGAIN), Answer), facts


def test_all_modifiers_of_a_take_fit_into_a_message() -> None:
    # "darker, " is eight characters: with the twentieth it is 158, with the next 166.
    for count, kind in ((19, Act), (20, Answer)):
        studio = along(replace(CHANGE, changes=("darker",) * count))
        assert isinstance(studio.ask(Intent.CHANGE, changes=("darker",)), kind), count
    exact = along(replace(CHANGE, changes=("darker",) * 18 + ("longer",)))
    assert isinstance(exact.ask(Intent.CHANGE, changes=("brighter",)), Act)
    over = along(replace(CHANGE, changes=("darker",) * 18 + ("longer",)))
    assert isinstance(over.ask(Intent.CHANGE, changes=("less swing",)), Answer)


def test_a_take_whose_track_has_gone_is_not_taken_further() -> None:
    gone = replace(CHANGE, track=9)
    for intent, slots in ((Intent.AGAIN, NOTHING), (Intent.CHANGE, {"changes": ("darker",)})):
        assert isinstance(along(gone).ask(intent, **slots), Answer), intent
        assert isinstance(along(CHANGE).ask(intent, **slots), Act), intent
        assert isinstance(along(replace(TAKE, track=0)).ask(intent, **slots), Act), intent


def test_undo_drops_what_is_heard_where_nothing_was_written_since() -> None:
    for at, intent in ((100.0, Intent.UNDO), (105.0, Intent.HEAR), (1e9, Intent.HEAR)):
        studio = along()
        studio.now = 105.0
        studio.do(SetAction(intent=Intent.PLAY, parts=("drums",), scene=1))
        audition = AuditionedTake(name="take", action=TAKE, at=at)
        studio.view = replace(studio.view, along=replace(QUIET, audition=audition))
        assert action_of(studio.ask(Intent.UNDO)).intent is intent, at
    assert action_of(along(TAKE).ask(Intent.UNDO)).intent is Intent.HEAR
    assert action_of(along(AuditionedTake(name="Verse")).ask(Intent.UNDO)).intent is Intent.UNDO


def test_stop_ends_what_is_under_way_then_the_jam_then_what_is_heard() -> None:
    for studio, intent in (
        (along(TAKE, jams=True, under_way=1), Intent.CANCEL),
        (along(TAKE, jams=True), Intent.JAM),
        (along(TAKE), Intent.HEAR),
        (along(), Intent.CANCEL),
        (Studio(BAND), Intent.CANCEL),
    ):
        assert action_of(studio.ask(Intent.CANCEL)).intent is intent
