"""Turn taking: answers to questions, confirmations, and slots without a verb."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.copilot.respond import ACT, ASK, HINT_EVERY
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask, Question
from musearoo.engines.language.state.memory import Memory, Offers
from musearoo.engines.language.state.preferences import NO_PREFERENCES, learn
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView, SetView
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, track

FUNK = SetAction(intent=Intent.PLAY, parts=("bass",), style="funk", bars=4, hear=True)
QUIET = PlayAlongView(played=8)
NOTHING: dict[str, Any] = {}
"""No slots."""


def question(studio: Studio) -> Question | None:
    """Return the open question, or None."""
    return studio.memory.of(studio.view.set).question


def asked(studio: Studio) -> Question:
    """Return the open question."""
    found = question(studio)
    assert found is not None
    return found


def deleting() -> Studio:
    """Return a studio with an open question whether to delete a clip."""
    studio = Studio(BAND)
    studio.ask(Intent.DELETE, target="bass")
    assert asked(studio).destroys
    return studio


def test_what_is_hardly_understood_is_asked_and_less_is_not_understood() -> None:
    for confidence, kind in ((ACT, Act), (0.49, Ask), (ASK, Ask), (0.24, Answer)):
        studio = Studio(BAND)
        assert isinstance(studio.ask(Intent.MUTE, target="bass", confidence=confidence), kind), confidence
        if kind is Ask:
            assert action_of(studio.ask(Intent.YES)).tracks == (2,)
    studio = Studio()
    studio.ask(Intent.PLAY, confidence=0.4)
    assert asked(studio).slot == "parts"
    lost = Studio().ask(Intent.NONE)
    assert isinstance(lost, Answer)
    assert lost.is_lost


def test_a_question_stays_open_where_its_answer_is_not_understood() -> None:
    for intent, confidence, slots in (
        (Intent.NONE, 1.0, NOTHING),
        (Intent.YES, 0.24, NOTHING),
        (Intent.YES, 0.49, NOTHING),
        (Intent.NO, 0.49, NOTHING),
        (Intent.ANSWER, 1.0, NOTHING),
    ):
        studio = deleting()
        before = asked(studio)
        studio.now += 30.0
        assert isinstance(studio.ask(intent, confidence=confidence, **slots), Ask), (intent, confidence)
        assert replace(asked(studio), at=before.at) == before
        assert asked(studio).at == studio.now
        assert action_of(studio.ask(Intent.YES)).intent is Intent.DELETE


def test_no_and_stop_end_a_question() -> None:
    for intent in (Intent.NO, Intent.CANCEL):
        studio = deleting()
        assert isinstance(studio.ask(intent), Answer)
        assert question(studio) is None
        assert isinstance(studio.ask(Intent.YES), Answer)


def test_another_place_answers_whether_something_is_to_be_lost_and_nothing_else_does() -> None:
    studio = deleting()
    assert isinstance(studio.ask(Intent.ANSWER, target="drums"), Ask)
    assert action_of(studio.ask(Intent.YES)).track == 1
    studio = deleting()
    assert isinstance(studio.ask(Intent.ANSWER, track=3), Ask)
    assert action_of(studio.ask(Intent.YES)).track == 3
    studio = deleting()
    assert isinstance(studio.ask(Intent.ANSWER, parts=("harmony",)), Ask)
    assert action_of(studio.ask(Intent.YES)).track == 3
    studio = deleting()
    assert action_of(studio.ask(Intent.ANSWER, bars=4, parts=("bass",))).intent is Intent.PLAY


def test_a_yes_holds_for_what_was_asked_and_not_for_what_it_has_become() -> None:
    studio = deleting()
    studio.view = replace(studio.view, tracks=tuple(replace(one, number=5 - one.number) for one in BAND.tracks))
    assert isinstance(studio.ask(Intent.YES), Ask)
    assert action_of(studio.ask(Intent.YES)).track == 3


def test_a_request_drops_a_question() -> None:
    studio = deleting()
    assert isinstance(studio.ask(Intent.MUTE, target="drums"), Act)
    assert question(studio) is None


def suggested(*tracks: Any) -> Studio:
    """Return a studio with an open suggestion."""
    studio = Studio(replace(EMPTY, tracks=tracks or (track(1, "Keys", "harmony", 1),)))
    studio.ask(Intent.SUGGEST)
    assert asked(studio).suggestion
    return studio


def offers(studio: Studio) -> dict[str, tuple[int, int]]:
    """Return how often each suggestion was made and accepted."""
    known: dict[str, Offers] = dict(studio.memory.of("one").offers)
    return {name: (one.made, one.taken) for name, one in known.items()}


def test_a_suggestion_that_is_taken_up_in_any_way_counts_as_taken() -> None:
    for intent, slots, taken in (
        (Intent.YES, NOTHING, 1),
        (Intent.ANSWER, {"style": "dub"}, 1),
        (Intent.PLAY, {"parts": ("drums",)}, 1),
        (Intent.PLAY, {"parts": ("drums", "bass")}, 1),
        (Intent.PLAY, {"parts": ("bass",)}, 0),
        (Intent.MUTE, {"track": 1}, 0),
        (Intent.NO, NOTHING, 0),
        (Intent.ANSWER, {"bpm": 90.0}, 0),
        (Intent.ANSWER, {"key": "D minor"}, 0),
        (Intent.ANSWER, {"takes": 2, "target": "harmony"}, 0),
        (Intent.ANSWER, {"takes": 2, "bars": 4}, 1),
    ):
        studio = suggested()
        studio.ask(intent, **slots)
        assert offers(studio) == {"drums": (1, taken)}, (intent, slots)


def test_a_suggestion_is_answered_by_what_it_asked_for() -> None:
    studio = Studio()
    studio.ask(Intent.SUGGEST)
    action = action_of(studio.ask(Intent.ANSWER, style="dub"))
    assert (action.parts, action.style, offers(studio)) == (("drums",), "dub", {"start": (1, 1)})
    studio = Studio()
    studio.ask(Intent.SUGGEST)
    assert action_of(studio.ask(Intent.ANSWER, bpm=90.0)).intent is Intent.TEMPO
    assert isinstance(Studio(SetView()).ask(Intent.SUGGEST), Answer)


def test_a_hint_comes_after_three_actions_and_counts_as_made() -> None:
    studio = Studio(replace(EMPTY, tracks=(track(1, "Keys", "harmony", 1),)))
    for number in range(1, HINT_EVERY + 1):
        studio.do(SetAction(intent=Intent.PLAY, parts=("drums",), scene=1))
        assert (studio.memory.of("one").unhinted, question(studio) is not None) == (
            (number, False) if number < HINT_EVERY else (0, True)
        )
    assert list(offers(studio).values()) == [(1, 0)]
    assert asked(studio).at == studio.now
    assert studio.hint() == ""
    full = Studio()
    full.memory = full.memory.with_set("one", replace(full.memory.of("one"), unhinted=HINT_EVERY))
    assert full.hint()


def test_slots_alone_are_the_most_likely_request() -> None:
    orders: tuple[tuple[dict[str, Any], Intent], ...] = (
        ({"parts": ("bass",)}, Intent.PLAY),
        ({"manner": "walking"}, Intent.PLAY),
        ({"numerals": "ii7 V7", "key": "C major"}, Intent.PLAY),
        ({"chords": "Am F", "parts": ("bass",)}, Intent.PLAY),
        ({"takes": 2, "target": "harmony"}, Intent.CHANGE),
        ({"changes": ("darker",), "target": "harmony"}, Intent.CHANGE),
        ({"changes": ("darker",), "bpm": 90.0, "target": "harmony"}, Intent.CHANGE),
        ({"bpm": 90.0}, Intent.TEMPO),
        ({"bpm": 90.0, "key": "C major"}, Intent.TEMPO),
    )
    for slots, intent in orders:
        assert action_of(Studio(BAND).ask(Intent.ANSWER, **slots)).intent is intent, slots
    places: tuple[dict[str, Any], ...] = ({"target": "bass"}, {"targets": ("bass", "drums")}, {"track": 2})
    for place in (*places, {"scene": "2"}):
        reply = Studio(BAND).ask(Intent.ANSWER, **place)
        assert isinstance(reply, Answer), place
        assert not reply.is_lost, place
    lost = Studio(BAND).ask(Intent.ANSWER)
    assert isinstance(lost, Answer)
    assert lost.is_lost


def test_a_key_or_numbers_alone_are_asked_about() -> None:
    studio = Studio(BAND)
    assert isinstance(studio.ask(Intent.ANSWER, key="D minor"), Ask)
    assert action_of(studio.ask(Intent.YES)) == SetAction(intent=Intent.KEY, key="D minor")
    assert isinstance(studio.ask(Intent.ANSWER, numerals="2 5 1"), Ask)
    assert action_of(studio.ask(Intent.ANSWER, key="C major")).chords == "Dm G C"
    assert isinstance(studio.ask(Intent.ANSWER, numerals="2 5 1", key="C major"), Act)
    assert isinstance(studio.ask(Intent.ANSWER, numerals="2 5 1", parts=("bass",), key="C major"), Act)


def test_a_style_alone_is_the_last_one_in_that_style() -> None:
    for before, slots, parts in (
        ((SetAction(intent=Intent.PLAY, parts=("bass",), bars=4, scene=1),), {"style": "dub"}, ("bass",)),
        ((SetAction(intent=Intent.PLAY, parts=("bass",), bars=4, scene=1),), {"bars": 2}, ("bass",)),
        (
            (SetAction(intent=Intent.PLAY, parts=("bass",), bars=4, scene=1),),
            {"target": "drums", "bars": 2},
            ("drums",),
        ),
        ((SetAction(intent=Intent.PLAY, parts=("bass",), bars=4, scene=1),), {"parts": ("drums",)}, ("drums",)),
        ((), {"style": "dub"}, None),
        ((SetAction(intent=Intent.IMAGINE, prompt="x", scene=1),), {"style": "dub"}, None),
    ):
        studio = Studio()
        for action in before:
            studio.do(action)
        reply = studio.ask(Intent.ANSWER, **slots)
        assert (reply.action.parts if isinstance(reply, Act) else None) == parts, (before, slots)
    audition = Studio(replace(EMPTY, along=replace(QUIET, audition=AuditionedTake(name="x", action=FUNK))))
    assert action_of(audition.ask(Intent.ANSWER, bars=2)).style == "funk"
    clip = Studio(replace(EMPTY, along=replace(QUIET, audition=AuditionedTake(name="x"))))
    assert isinstance(clip.ask(Intent.ANSWER, bars=2), Ask)


def test_yes_and_no_alone_are_about_what_is_heard() -> None:
    studio = Studio(replace(BAND, along=replace(QUIET, audition=AuditionedTake(name="x", action=FUNK))))
    assert action_of(studio.ask(Intent.YES)).intent is Intent.KEEP
    dropped = action_of(studio.ask(Intent.NO))
    assert (dropped.intent, dropped.on) == (Intent.HEAR, False)
    for intent in (Intent.YES, Intent.NO):
        assert isinstance(studio.ask(intent, confidence=0.49), Answer)
        assert isinstance(Studio(BAND).ask(intent), Answer)


def test_keeping_likes_once_what_is_meant() -> None:
    studio = Studio(BAND)
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.PLAY, parts=("drums",))
    for slots, kept in ((NOTHING, [False, True]), (NOTHING, [False, True]), ({"target": "bass"}, [True, True])):
        studio.ask(Intent.KEEP, **slots)
        assert [made.kept for made in studio.memory.of("one").made] == kept, slots
    assert {part: known.kept for part, known in studio.memory.preferences.parts.items()} == {"bass": 1, "drums": 1}
    for slots in (NOTHING, {"target": "harmony"}, {"track": 1}):
        assert isinstance(Studio(BAND).ask(Intent.KEEP, **slots), Answer)
    by_track = Studio(BAND)
    by_track.say(Intent.PLAY, parts=("bass",))
    by_track.say(Intent.PLAY, parts=("drums",))
    by_track.ask(Intent.KEEP, track=5)
    assert [made.kept for made in by_track.memory.of("one").made] == [True, False]


def test_several_are_kept_each_once() -> None:
    studio = Studio(BAND)
    for part in ("bass", "drums", "melody"):
        studio.say(Intent.PLAY, parts=(part,))
    studio.ask(Intent.KEEP, target="drums")
    for targets, kept in (
        (("bass", "drums"), [True, True, False]),
        (("bass", "drums"), [True, True, False]),
        (("bass", "melody", "track 5"), [True, True, True]),
    ):
        assert isinstance(studio.ask(Intent.KEEP, targets=targets), Answer)
        assert [made.kept for made in studio.memory.of("one").made] == kept, targets
    assert {part: known.kept for part, known in studio.memory.preferences.parts.items()} == {
        "drums": 1,
        "bass": 1,
        "melody": 1,
    }


def test_forgetting_asks_and_is_of_one_part_or_of_all() -> None:
    def fond() -> Studio:
        studio = Studio()
        known = NO_PREFERENCES
        for part in ("bass", "drums"):
            known = learn(known, SetAction(intent=Intent.PLAY, parts=(part,)), liked=True)
        studio.memory = Memory(preferences=known)
        return studio

    for target, left in (("bass", ["drums"]), ("", []), ("vox", [])):
        studio = fond()
        assert isinstance(studio.ask(Intent.FORGET, target=target), Ask)
        assert asked(studio).destroys
        assert len(studio.memory.preferences.parts) == 2
        assert isinstance(studio.ask(Intent.YES), Answer)
        assert list(studio.memory.preferences.parts) == left, target
    studio = fond()
    assert isinstance(studio.ask(Intent.FORGET, target="melody"), Answer)
    assert isinstance(studio.ask(Intent.FORGET, target="band"), Answer)
    assert isinstance(Studio().ask(Intent.FORGET), Answer)


def test_going_back_means_the_take_before_from_then_on() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",), bars=4)
    studio.say(Intent.PLAY, parts=("bass",), bars=2)
    back = action_of(studio.ask(Intent.BACK))
    assert (back.intent, back.request) == (Intent.UNDO, "r2")
    assert studio.memory.of("one").focus == "r1"
    studio.do(back)
    assert action_of(studio.ask(Intent.AGAIN)).bars == 2
    assert studio.memory.of("one").focus == "r1"


def test_each_set_has_its_own_question_and_talk() -> None:
    studio = deleting()
    studio.view = replace(studio.view, set="two")
    assert isinstance(studio.ask(Intent.YES), Answer)
    studio.view = replace(studio.view, set="one")
    assert isinstance(studio.ask(Intent.YES), Act)
    assert [turn.sentence for turn in studio.memory.of("two").turns] == ["yes"]
