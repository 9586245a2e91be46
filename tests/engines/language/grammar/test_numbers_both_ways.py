"""Numbers spoken and parsed back: the whole range, and their boundaries within a sentence."""

from __future__ import annotations

from musearoo.engines.language.grammar.kinds import spoken_forms
from musearoo.engines.language.grammar.numbers import (
    ORDINALS,
    read_number,
    read_ordinal,
    read_seconds,
    read_tempo,
    speak_number,
    speak_tempo,
)


def test_every_number_that_is_said_is_read_back() -> None:
    for number in range(1000):
        words = speak_number(number).split()
        assert read_number(words, 0) == (len(words), number), words
        assert read_number(["play", *words, "bars"], 1) == (len(words) + 1, number), words


def test_every_tempo_that_is_said_is_read_back_in_each_way() -> None:
    for number in range(20, 300):
        alternatives = speak_tempo(number)
        assert list(alternatives) == sorted(alternatives, key=len)
        for alternative in alternatives:
            words = alternative.split()
            assert read_tempo(words, 0) == (len(words), number), alternative
            assert read_tempo([*words, "bpm"], 0) == (len(words), number), alternative


def test_every_length_that_is_said_is_read_back() -> None:
    for seconds in range(1, 601):
        for words, value in spoken_forms("length", {"length": (seconds,)}):
            assert value == seconds
            assert read_seconds(words.split(), 0) == (len(words.split()), seconds), words


def test_ordinals_are_read_in_words_and_figures() -> None:
    for number, word in enumerate(ORDINALS):
        assert read_ordinal(["the", word], 1) == (2, number)
    for text, found in (
        ("twenty first", (2, 21)),
        ("ninety ninth", (2, 99)),
        ("twenty zeroth", None),
        ("twenty tenth", None),
        ("twenty", None),
        ("first second", (1, 1)),
        ("21st", (1, 21)),
        ("2nd", (1, 2)),
        ("1234567th", None),
        ("21", None),
        ("bass", None),
    ):
        assert read_ordinal(text.split(), 0) == found, text


def test_numbers_end_where_something_else_begins() -> None:
    for text, found in (
        ("twenty ten", (1, 20)),
        ("twenty nine", (2, 29)),
        ("twenty oh", (1, 20)),
        ("twenty zero", (1, 20)),
        ("twenty one two", (2, 21)),
        ("nineteen five", (1, 19)),
        ("hundred", (1, 100)),
        ("a hundred and", (2, 100)),
        ("a hundred and bass", (2, 100)),
        ("a hundred five", (3, 105)),
        ("two hundred and six bars", (4, 206)),
        ("ninety nine hundred and ninety nine", (6, 9999)),
        ("a twenty", None),
        ("one point five", (3, 1.5)),
        ("one point", (1, 1)),
        ("one point oh five", (4, 1.05)),
        ("one point ten", (1, 1)),
        ("one point two three bars", (4, 1.23)),
        ("two point zero", (3, 2)),
        ("a couple of", (3, 2)),
        ("a couple bars", (2, 2)),
        ("couple of bars", (2, 2)),
        ("half a dozen", (3, 6)),
        ("half a", None),
        ("a dozen", (2, 12)),
        ("a pair", (2, 2)),
        ("92.5", (1, 92.5)),
        ("64.0", (1, 64)),
        ("1234567", None),
        ("o", None),
    ):
        assert read_number(text.split(), 0) == found, text


def test_tempos_take_two_numbers_for_one_where_they_can() -> None:
    for text, found in (
        ("one ten", (2, 110)),
        ("one nine", (1, 1)),
        ("two ninety nine", (3, 299)),
        ("three twenty", (1, 3)),
        ("one oh one", (3, 101)),
        ("one o nine", (3, 109)),
        ("one oh ten", (1, 1)),
        ("one oh oh", (1, 1)),
        ("one oh", (1, 1)),
        ("one", (1, 1)),
        ("two hundred", (2, 200)),
        ("120", (1, 120)),
    ):
        assert read_tempo(text.split(), 0) == found, text


def test_lengths_of_time_are_minutes_and_seconds() -> None:
    for text, found in (
        ("2:30 please", (1, 150)),
        ("half a minute", (3, 30)),
        ("half a bar", None),
        ("an minute", (2, 60)),
        ("a minute", (2, 60)),
        ("a bass", None),
        ("a", None),
        ("90", None),
        ("90 bars", None),
        ("90 secs", (2, 90)),
        ("one and a half minutes", (5, 90)),
        ("one and a half minutes and a half", (5, 90)),
        ("one minute and a half", (5, 90)),
        ("one minute twenty", (3, 80)),
        ("one minute nine", (2, 60)),
        ("one minute ten", (3, 70)),
        ("one minute nine seconds", (4, 69)),
        ("one minute and nine seconds", (5, 69)),
        ("one minute and twenty", (2, 60)),
        ("one minute twenty bars", (2, 60)),
        ("one minute fifty nine", (4, 119)),
        ("one minute sixty", (2, 60)),
        ("one minute sixty seconds", (2, 60)),
        ("one minute and", (2, 60)),
        ("two point five minutes", (4, 150)),
    ):
        for words in (text.split(), tuple(text.split())):
            assert read_seconds(words, 0) == found, text
