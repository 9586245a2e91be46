"""The trigram model: probabilities sum to one, seen words precede unseen ones, and recognisers can read its format."""

import math
from itertools import product

import pytest

from musearoo.engines.language.grammar.word_model import END, START, learn_words
from tests.each_case import each_case

SAID = [
    (("mute", "the", "bass"), 5.0),
    (("mute", "the", "drums"), 2.0),
    (("play", "the", "bass"), 1.0),
    (("undo",), 4.0),
]
MODEL = learn_words(SAID)
HISTORIES = [(), (START,), ("the",), ("undo",), ("never",), (START, "mute"), ("mute", "the"), ("bass", "bass")]


@each_case("history", HISTORIES)
def test_whatever_was_said_something_follows(history: tuple[str, ...]) -> None:
    total = sum(MODEL.chance(word, history) for word in (*MODEL.words, END))
    assert total == pytest.approx(1.0)
    assert all(MODEL.chance(word, history) > 0.0 for word in (*MODEL.words, END))


def test_what_was_said_more_is_likelier_and_what_was_not_stays_possible() -> None:
    after = ("mute", "the")
    assert MODEL.chance("bass", after) > MODEL.chance("drums", after) > MODEL.chance("undo", after) > 0.0
    assert MODEL.chance("umbrella", after) == 0.0
    assert MODEL.words == ("bass", "drums", "mute", "play", "the", "undo")


def test_nothing_said_is_a_model_all_the_same() -> None:
    assert learn_words([]).words == ()
    assert learn_words([]).chance(END, (START,)) == 1.0


def test_recognisers_read_the_same_chances() -> None:
    """Read back by the rules of the format: unlisted words back off to the shorter history, times its weight."""
    listed: dict[tuple[str, ...], float] = {}
    weights: dict[tuple[str, ...], float] = {}
    order = 0
    for line in MODEL.write_arpa().splitlines():
        if line.endswith("-grams:"):
            order = int(line[1])
        elif order and line and not line.startswith("\\"):
            first, *rest = line.split()
            words = tuple(rest[:order])
            listed[words] = float(first)
            weights[words] = float(rest[order]) if len(rest) > order else 0.0

    def logarithm(words: tuple[str, ...]) -> float:
        if words in listed:
            return listed[words]
        return weights.get(words[:-1], 0.0) + logarithm(words[1:])

    for history, word in product(HISTORIES, (*MODEL.words, END)):
        assert logarithm((*history, word)) == pytest.approx(math.log10(MODEL.chance(word, history)), abs=1e-4)
