"""Numbers in words, both ways."""

from __future__ import annotations

from musearoo.engines.language.grammar.numbers import (
    read_number,
    read_ordinal,
    read_seconds,
    read_tempo,
    speak_number,
    speak_tempo,
)
from tests.each_case import each_case


def test_every_number_is_read_as_it_is_said() -> None:
    for number in range(1000):
        words = speak_number(number).split()
        assert read_number(words, 0) == (len(words), number)


def test_every_tempo_is_read_in_each_way_to_say_it() -> None:
    for bpm in range(20, 300):
        for alternative in speak_tempo(bpm):
            words = alternative.split()
            assert read_tempo(words, 0) == (len(words), bpm), alternative


@each_case(
    "words, expected",
    [
        ("a hundred and twenty eight bpm", (5, 128)),
        ("half a dozen takes", (3, 6)),
        ("a couple of takes", (3, 2)),
        ("92.5", (1, 92.5)),
        ("ninety five point five", (4, 95.5)),
        ("2:30", None),
        ("3rd", None),
        ("a bass", None),
        ("and", None),
        ("hundred and one", (3, 101)),
        ("oh", None),
    ],
)
def test_numbers_in_other_words(words: str, expected: tuple[int, float] | None) -> None:
    assert read_number(words.split(), 0) == expected


@each_case("read", [read_number, read_tempo, read_ordinal, read_seconds])
def test_nothing_begins_behind_the_last_word(read: object) -> None:
    assert callable(read)
    assert read((), 0) is None
    assert read(("two",), 1) is None


@each_case(
    "words, seconds",
    [("three minutes", 180), ("one and a half minutes", 90), ("45 seconds", 45), ("a minute", 60), ("two bars", None)],
)
def test_lengths_of_time(words: str, seconds: int | None) -> None:
    found = read_seconds(words.split(), 0)
    assert (None if found is None else found[1]) == seconds
