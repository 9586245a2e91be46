"""Learning preferences from what is kept and undone: when they apply, and how they are reported and erased."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.errors import PresetError
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.preferences import (
    NO_PREFERENCES,
    TRAITS,
    USUAL_VALUES,
    Preferences,
    all_preferred,
    describe_part,
    forget,
    format_preferences,
    learn,
    parse_preferences,
    prefer,
)
from tests.each_case import each_case
from tests.engines.language.studio import Studio, action_of, question_of, words_of


def bass(**traits: object) -> SetAction:
    """Return a bass action with some traits."""
    return SetAction(intent=Intent.PLAY, parts=("bass",), **traits)  # type: ignore[arg-type]


def after(*takes: tuple[SetAction, bool]) -> Preferences:
    """Return what is learnt from takes that were kept or not, in order."""
    preferences = NO_PREFERENCES
    for action, liked in takes:
        preferences = learn(preferences, action, liked=liked)
    return preferences


SPARSE, USUAL = bass(density=0.3), bass()


def test_three_that_were_kept_alike_are_a_preference_and_two_are_none() -> None:
    assert prefer(after((SPARSE, True), (SPARSE, True)), "bass", "density") is None
    found = prefer(after((SPARSE, True), (SPARSE, True), (SPARSE, True)), "bass", "density")
    assert found is not None
    assert found.value == "0.3"
    assert 0.7 < found.likely < 0.9


def test_what_was_undone_counts_against_a_value_and_its_neighbours() -> None:
    takes = [(SPARSE, True), (USUAL, False), (SPARSE, True), (USUAL, False)]
    found = prefer(after(*takes), "bass", "density")
    assert found is not None
    assert found.value == "0.3"
    # With a kept take of the default as well, the same takes prove nothing.
    assert prefer(after(*[(action, True) for action, _ in takes]), "bass", "density") is None


def test_what_was_only_undone_says_nothing_of_what_is_liked() -> None:
    preferences = after(*[(USUAL, False)] * 10)
    assert all_preferred(preferences) == ()


def test_who_keeps_the_usual_prefers_nothing() -> None:
    assert all_preferred(after(*[(USUAL, True)] * 10)) == ()


def test_amounts_near_each_other_speak_for_one_another() -> None:
    kept = [(bass(complexity=complexity), True) for complexity in (0.2, 0.3, 0.25, 0.3)]
    found = prefer(after(*kept), "bass", "complexity")
    assert found is not None
    assert found.value in ("0.2", "0.3")


def test_taste_moves_on() -> None:
    busy = bass(complexity=0.8)
    simple = bass(complexity=0.2)
    early = after(*[(busy, True)] * 6)
    assert [found.value for found in all_preferred(early)] == ["0.8"]
    late = early
    for _ in range(12):
        late = learn(learn(late, simple, liked=True), busy, liked=False)
    assert [found.value for found in all_preferred(late)] == ["0.2"]


@each_case(
    "traits, trait, value, described",
    [
        ({"complexity": 0.7}, "complexity", "0.7", "busier"),
        ({"complexity": 0.6}, "complexity", "0.6", "a bit busier"),
        ({"density": 0.2}, "density", "0.2", "sparser"),
        ({"swing": 1.52}, "swing", "1.5", "swing 1.5:1"),
        ({"swing": 1.0}, "swing", "1", "straight"),
        ({"bars": 4}, "bars", "4", "4 bars"),
        ({"changes": ("lower", "darker")}, "register", "lower", "lower"),
        ({"style": "funk"}, "style", "funk", "funk"),
    ],
)
def test_every_trait_is_learnt_and_reported(traits: dict[str, object], trait: str, value: str, described: str) -> None:
    preferences = after(*[(bass(**traits), True)] * 5)
    found = {preferred.trait: preferred.value for preferred in all_preferred(preferences, "bass")}
    # One step from the default is only a preference if the default was undone.
    if value == "0.6":
        preferences = after(*[(bass(**traits), True), (USUAL, False)] * 5)
        found = {preferred.trait: preferred.value for preferred in all_preferred(preferences, "bass")}
    assert found == {trait: value}
    assert described in describe_part(preferences, "bass")


def test_parts_are_learnt_apart_and_forgotten_apart() -> None:
    drums = SetAction(intent=Intent.PLAY, parts=("drums",), complexity=0.9)
    preferences = after(*[(SPARSE, True)] * 3, *[(drums, True)] * 3)
    assert [(found.part, found.trait) for found in all_preferred(preferences)] == [
        ("drums", "complexity"),
        ("bass", "density"),
    ]
    assert set(forget(preferences, "drums").parts) == {"bass"}
    assert forget(preferences) == NO_PREFERENCES


def test_what_is_not_played_by_a_part_is_not_learnt() -> None:
    for intent in (Intent.MIX, Intent.SONG, Intent.IMAGINE, Intent.MUTE):
        assert learn(NO_PREFERENCES, SetAction(intent=intent, parts=("bass",)), liked=True) == NO_PREFERENCES


def test_it_is_the_same_after_it_was_written_and_read() -> None:
    chance = Random(1)
    preferences = NO_PREFERENCES
    for _ in range(300):
        action = bass(
            complexity=round(chance.random(), 3),
            density=round(chance.random(), 3),
            swing=chance.choice((0.0, 1.0, 1.3, 2.5)),
            bars=chance.choice((0, 4, 8, 64)),
            style=chance.choice(("", "funk", "dub")),
            changes=chance.choice(((), ("lower",))),
        )
        preferences = learn(preferences, action, liked=chance.random() < 0.5)
    text = format_preferences(preferences)
    assert parse_preferences(text, "it") == preferences
    # Only values that still count are kept, whatever is tried.
    assert len(text) < 20_000
    assert (preferences.parts["bass"].kept + preferences.parts["bass"].undone) == 300
    assert set(USUAL_VALUES) == set(TRAITS)


def test_what_no_trait_can_be_is_not_read() -> None:
    with pytest.raises(PresetError, match=r"it: parts\.bass\.traits\.density: '2' is no value of it"):
        parse_preferences('{"parts": {"bass": {"traits": {"density": {"2": {}}}}}}', "it")


def test_preferences_fill_what_the_sentence_leaves_open_and_are_reported() -> None:
    studio = Studio()
    for _ in range(3):
        studio.say(Intent.PLAY, parts=("bass",), bars=4, changes=("sparser",))
        words_of(studio.say(Intent.KEEP))
    reply = studio.say(Intent.PLAY, parts=("bass",))
    action = action_of(reply)
    assert (action.bars, action.density) == (4, 0.3)
    assert reply.sentence == "Bass, 4 bars; sparser and 4 bars, as you usually keep it."
    reply = studio.say(Intent.PLAY, parts=("bass",), bars=8, changes=("denser",))
    action = action_of(reply)
    assert (action.bars, action.density) == (8, 0.7)
    assert "usually" not in reply.sentence
    assert action_of(studio.say(Intent.PLAY, parts=("drums",))).density == 0.5


def test_a_preferred_style_gives_way_to_the_one_that_plays() -> None:
    studio = Studio()
    for _ in range(3):
        studio.say(Intent.PLAY, parts=("bass",), style="dub")
        studio.say(Intent.KEEP)
    assert action_of(studio.say(Intent.PLAY, parts=("bass",))).style == "dub"
    studio.view = type(studio.view)(set="one", scenes=1, scene=1, style="funk", style_confidence=0.9)
    assert action_of(studio.say(Intent.PLAY, parts=("bass",))).style == ""


def test_undo_is_learnt_and_keep_only_once() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",))
    words_of(studio.say(Intent.KEEP))
    assert "kept already" in words_of(studio.say(Intent.KEEP))
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.UNDO)
    known = studio.memory.preferences.parts["bass"]
    assert (known.kept, known.undone) == (1, 1)


def test_forgetting_asks_first() -> None:
    studio = Studio()
    assert "nothing to forget" in words_of(studio.say(Intent.FORGET))
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.KEEP)
    assert "Bass: as usual (kept once, never undone)." in words_of(studio.say(Intent.PREFERENCES))
    assert question_of(studio.say(Intent.FORGET)) == "Forget all I learnt of what you like? Yes or no?"
    studio.say(Intent.NO)
    assert studio.memory.preferences != NO_PREFERENCES
    studio.say(Intent.FORGET)
    assert words_of(studio.say(Intent.YES)) == "Forgotten."
    assert studio.memory.preferences == NO_PREFERENCES


def test_nothing_to_keep_is_reported() -> None:
    assert "Nothing of mine" in words_of(Studio().say(Intent.KEEP))
