"""RooAroo's suggestions: based on what the set lacks, with a reason, and their effect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.copilot.suggestions import RULES
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.view import ClipView, SetView, TrackView
from tests.each_case import each_case
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, question_of, track, words_of

DRUMS, BASS, KEYS = track(1, "Drums", "drums", 1), track(2, "Bass", "bass", 1), track(3, "Keys", "harmony", 1)
LEAD, PAD = track(4, "Lead", "melody", 1), track(5, "Pad", "atmosphere", 1)
IN_D: dict[str, Any] = {"key": "D dorian", "key_confidence": 0.9, "chords": "Dm7 G7"}


def a_set(*tracks: TrackView, **facts: Any) -> SetView:
    """Return a set of one scene with these tracks."""
    return replace(EMPTY, tracks=tracks, **facts)


MIX_OF_ALL = a_set(track(1, "Loop", "", 1, audio=True), shown=ClipView(track=1, scene=1, name="Demo", is_audio=True))


@each_case(
    "view, sentence, action",
    [
        (EMPTY, "Nothing plays yet. Shall I begin with drums, and in which style?", {"parts": ("drums",)}),
        (a_set(BASS), "No drums yet beside the bass: shall I play some?", {"parts": ("drums",)}),
        (a_set(DRUMS), "No bass yet under the drums: shall I play one?", {"parts": ("bass",)}),
        (
            a_set(DRUMS, KEYS, **IN_D),
            "No bass yet; the chords are in D dorian: walking or pedal?",
            {"parts": ("bass",)},
        ),
        (
            a_set(DRUMS, BASS, key="D minor", key_confidence=0.8),
            "No chords yet beside the drums and bass: shall I play some in D minor?",
            {"parts": ("harmony",)},
        ),
        (a_set(DRUMS, BASS, KEYS), "Chords, but no melody over them: shall I play one?", {"parts": ("melody",)}),
        (
            a_set(DRUMS, BASS, KEYS, LEAD, style="funk", style_confidence=0.9),
            "4 parts, and all in one scene: shall I make a funk song of it?",
            {"intent": Intent.SONG, "style": "funk"},
        ),
        (MIX_OF_ALL, "Demo is a whole mix: shall I split it into stems?", {"intent": Intent.SPLIT, "track": 1}),
        (
            a_set(DRUMS, BASS, track(3, "Keys", "harmony", 1, audio=True)),
            "The key of Keys is not sure: shall I hear it in depth?",
            {"intent": Intent.ANALYSE, "track": 3, "deep": True},
        ),
        (
            a_set(DRUMS, BASS, KEYS, replace(LEAD, clips=frozenset({1, 2})), PAD),
            "5 tracks play, and no mix yet: shall I balance them?",
            {"intent": Intent.MIX},
        ),
    ],
)
def test_what_is_lacking_is_offered_and_a_yes_does_it(view: SetView, sentence: str, action: dict[str, object]) -> None:
    studio = Studio(view)
    assert question_of(studio.say(Intent.SUGGEST)) == sentence
    done = action_of(studio.ask(Intent.YES))
    assert {name: getattr(done, name) for name in action} == action


def test_walking_answers_the_question() -> None:
    studio = Studio(a_set(DRUMS, KEYS, **IN_D))
    studio.say(Intent.SUGGEST)
    action = action_of(studio.say(Intent.ANSWER, manner="walking"))
    assert (action.parts, action.manner) == (("bass",), "walking")


def test_an_answer_that_fits_another_part_is_a_request() -> None:
    studio = Studio(a_set(DRUMS, BASS))
    assert "No chords" in question_of(studio.say(Intent.SUGGEST))
    assert action_of(studio.ask(Intent.ANSWER, manner="walking")).parts == ("bass",)


def test_a_style_answers_what_to_begin_with() -> None:
    studio = Studio()
    studio.say(Intent.SUGGEST)
    action = action_of(studio.say(Intent.ANSWER, style="reggae"))
    assert (action.parts, action.style) == (("drums",), "reggae")


def test_what_is_muted_is_not_lacking() -> None:
    muted = [replace(one, muted=True) for one in (DRUMS, KEYS)]
    assert question_of(Studio(a_set(*muted)).say(Intent.SUGGEST)).startswith("No bass yet under the drums and chords")


def test_stems_are_not_split_again() -> None:
    stems = (track(2, "Demo · Drums", "drums", 1, audio=True), track(3, "Demo · Bass", "bass", 1, audio=True))
    studio = Studio(replace(MIX_OF_ALL, tracks=(*MIX_OF_ALL.tracks, *stems)))
    assert "split" not in studio.say(Intent.SUGGEST).sentence


def test_the_same_for_long_is_varied() -> None:
    song = replace(BAND, tracks=tuple(replace(one, clips=frozenset({1, 2})) for one in BAND.tracks), **IN_D)
    studio = Studio(song)
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), bars=8, track=2, scene=1))
    studio.do(SetAction(intent=Intent.MIX))
    studio.now += 420.0
    assert question_of(studio.say(Intent.SUGGEST)) == "The same 8 bars of bass for 7 minutes: shall I vary it?"
    assert action_of(studio.say(Intent.YES)).parts == ("bass",)


def test_where_nothing_is_lacking_nothing_is_made_up() -> None:
    song = replace(BAND, tracks=tuple(replace(one, clips=frozenset({1, 2})) for one in BAND.tracks), **IN_D)
    studio = Studio(song)
    studio.do(SetAction(intent=Intent.MIX))
    assert words_of(studio.say(Intent.SUGGEST)).startswith("Nothing is lacking")


def test_what_was_declined_comes_after_what_was_not() -> None:
    studio = Studio(a_set(KEYS))
    assert "No drums" in question_of(studio.say(Intent.SUGGEST))
    studio.say(Intent.NO)
    assert "No bass" in question_of(studio.say(Intent.SUGGEST))
    studio.say(Intent.NO)
    assert "no melody" in question_of(studio.say(Intent.SUGGEST))
    studio.say(Intent.NO)
    assert "No drums" in question_of(studio.say(Intent.SUGGEST))


def test_a_suggestion_stated_in_full_counts_as_accepted() -> None:
    studio = Studio(a_set(KEYS))
    studio.say(Intent.SUGGEST)
    studio.say(Intent.PLAY, parts=("drums",), style="funk")
    offers = studio.memory.of("one").offers
    assert (offers["drums"].made, offers["drums"].taken) == (1, 1)


def test_a_hint_comes_after_some_actions_and_may_be_answered() -> None:
    studio = Studio(a_set(KEYS, **IN_D))
    hints = []
    for _ in range(4):
        studio.do(SetAction(intent=Intent.PLAY, parts=("drums",), scene=1))
        hints.append(studio.memory.of("one").question)
    assert [hint is not None for hint in hints] == [False, False, True, True]
    assert hints[2] is not None
    assert hints[2].sentence == "No bass yet; the chords are in D dorian: walking or pedal?"
    assert action_of(studio.ask(Intent.ANSWER, manner="pedal")).manner == "pedal"


def test_a_hint_waits_while_a_question_is_open() -> None:
    studio = Studio(a_set(KEYS, **IN_D))
    for _ in range(2):
        studio.do(SetAction(intent=Intent.PLAY, parts=("drums",), scene=1))
    asked = question_of(studio.say(Intent.DELETE, target="harmony"))
    studio.do(SetAction(intent=Intent.PLAY, parts=("drums",), scene=1))
    question = studio.memory.of("one").question
    assert question is not None
    assert question.sentence == asked


def test_the_rules_are_ranked_and_named_once() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.worth for rule in RULES] == sorted((rule.worth for rule in RULES), reverse=True)
