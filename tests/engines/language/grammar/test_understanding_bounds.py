"""Parsing sentences with a small table, at the limits of what it allows."""

from __future__ import annotations

from musearoo.engines.language.grammar.understanding import LONGEST, Understander
from musearoo.engines.language.requests.commands import Intent, Slots
from tests.engines.language.grammar.small_table import small_table
from tests.engines.presets_on_disk import STYLES

SMALL = Understander(small_table(), {"funk": STYLES["funk"]})


def test_sixty_words_are_a_sentence_and_one_more_are_none() -> None:
    for fillers, intent in ((LONGEST - 3, Intent.MUTE), (LONGEST - 2, Intent.NONE)):
        assert SMALL.understand(f"{'please ' * fillers}mute the bass").intent is intent, fillers


def test_so_much_is_trusted_as_is_explained() -> None:
    # Each unexplained word counts for 2.2 explained ones with a meaning; a negation counts for three.
    for text, confidence in (
        ("play a bass", 1.0),
        ("please play a bass", 1.0),
        ("play a purple bass", 0.45),
        ("play a bass in D minor over there", 0.45),
        ("never do mix", 0.0),
        ("do mix now purple", 0.0),
        ("do not mix", 0.0),
        ("", 0.0),
        ("purple", 0.0),
    ):
        assert abs(SMALL.understand(text).confidence - confidence) < 0.002, text


def test_what_an_intent_needs_is_said_somewhere() -> None:
    for text, intent in (
        ("give me a bass", Intent.PLAY),
        ("let me purple hear a bass", Intent.PLAY),
        ("begin", Intent.PLAY),
        ("start", Intent.NONE),
        ("play it", Intent.NONE),
        ("play it bass", Intent.PLAY),
    ):
        assert SMALL.understand(text).intent is intent, text


def test_a_phrase_fills_the_slot_that_it_is_referred_to_for_or_none() -> None:
    for text, slots in (
        ("mute the bass", Slots(parts=("bass",))),
        ("mute dark bass", Slots(parts=("bass",))),
        ("turn the bass off", Slots(parts=("bass",))),
        ("turn off the bass on track three", Slots(parts=("bass",), track=3)),
        ("play bass bass line", Slots(parts=("bass",))),
        ("play bass and drums 4 bars", Slots(parts=("bass", "drums"), bars=4)),
        ("play funkadelic", Slots()),
        ("play a bass in a funkadelic style", Slots(parts=("bass",), style="funk")),
        ("play a bass slightly busy", Slots(parts=("bass",), changes=("a bit busier",))),
        ("play a bass busy far", Slots(parts=("bass",), changes=("much busier",))),
        ("play a bass again and again", Slots(parts=("bass",), takes=4)),
        ("imagine four bars of warm rain in D minor", Slots(prompt="warm rain", bars=4, key="D minor")),
        ("imagine warm rain in D minor tonight", Slots(prompt="warm rain in d minor tonight")),
    ):
        assert SMALL.understand(text).slots == slots, text


def test_names_of_tracks_are_understood_where_they_are_known() -> None:
    assert SMALL.understand("mute Lead-Guitar", ["Lead Guitar"]).slots == Slots(target="lead guitar")
    assert SMALL.understand("mute leadguitar", ["Lead Guitar"]).slots == Slots(target="lead guitar")
    assert SMALL.understand("mute lead guitar").intent is Intent.NONE
