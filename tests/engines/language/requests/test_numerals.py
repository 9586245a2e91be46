"""Chords named by scale degree, and the key they are played in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.numerals import chords_in_key
from musearoo.engines.music.scale import Key
from tests.each_case import each_case
from tests.engines.language.studio import EMPTY, Studio, action_of, question_of, words_of


@each_case(
    "numerals, key, chords",
    [
        ("1 5 6 4", "C", "C G Am F"),
        ("2 5 1", "Eb", "Fm Bb Eb"),
        ("1 6 2 5", "B minor", "Bm G C#dim F#"),
        ("1 4 5", "D dorian", "Dm G Am"),
        ("7 3 6", "G", "F#dim Bm Em"),
        ("1 4 5", "A minor pentatonic", "Am Dm E"),
        ("1 4 5", "E major pentatonic", "E A B"),
        ("ii7 V7 Imaj7", "Ab", "Bbm7 Eb7 Abmaj7"),
        ("i bVI bVII i", "A minor", "Am F G Am"),
        ("V7/V V7 I", "F", "G7 C7 F"),
    ],
)
def test_steps_have_the_chords_of_the_key_and_numerals_their_own(numerals: str, key: str, chords: str) -> None:
    assert chords_in_key(numerals, Key.parse(key)) == chords


def test_an_invalid_numeral_is_reported() -> None:
    with pytest.raises(ParamError, match="Roman numerals"):
        chords_in_key("I Q", Key.parse("C"))


def test_without_a_part_they_are_chords_in_the_key_that_is_said() -> None:
    reply = Studio().ask(Intent.PLAY, numerals="2 5 1", key="Bb major")
    assert (action_of(reply).parts, action_of(reply).chords) == (("harmony",), "Cm F Bb")
    assert reply.sentence == "Chords, 8 bars, Bb major, over Cm F Bb."
    assert action_of(Studio().ask(Intent.ANSWER, numerals="2 5 1", key="Bb major")).chords == "Cm F Bb"


def test_the_sets_key_serves_where_none_is_said_and_else_it_is_asked_for() -> None:
    known = Studio(replace(EMPTY, key="D minor", key_confidence=1.0))
    assert action_of(known.ask(Intent.PLAY, parts=("bass",), numerals="i iv V")).chords == "Dm Gm A"
    talk = Studio()
    assert question_of(talk.ask(Intent.PLAY, parts=("bass",), numerals="1 4 5")) == "In which key shall 1-4-5 be?"
    reply = talk.ask(Intent.ANSWER, key="G major")
    assert (action_of(reply).parts, action_of(reply).chords, action_of(reply).key) == (("bass",), "G C D", "G major")


def test_the_last_ones_key_serves_for_what_is_like_it() -> None:
    talk = Studio()
    talk.say(Intent.PLAY, parts=("bass",), key="E major")
    assert action_of(talk.ask(Intent.PLAY, like="last", numerals="1 4 5")).chords == "E A B"


def test_numbers_alone_are_asked_about() -> None:
    talk = Studio(replace(EMPTY, key="C major", key_confidence=1.0))
    assert question_of(talk.ask(Intent.ANSWER, numerals="1 5 6 4")) == "Shall I play the chords 1-5-6-4?"
    assert action_of(talk.ask(Intent.YES)).chords == "C G Am F"


def test_unreadable_numerals_are_reported() -> None:
    assert words_of(Studio().ask(Intent.PLAY, numerals="I Q", key="C")).startswith("I cannot read the chords “I Q”")
