"""The evidence for and against a sentence, on hypotheses small enough to compute by hand."""

import math

import pytest

from musearoo.bridge.speech.recognition.sphinx_evidence import Evidence, Span, find_confidence, weigh
from tests.each_case import each_case

SAID = (Span("", 0, 9, -100.0), Span("mute", 10, 29, -200.0), Span("bass", 30, 49, -600.0), Span("", 50, 59, -50.0))
OTHERS = (Span("", 0, 9, -100.0), Span("mute", 10, 29, -300.0), Span("base", 30, 54, -750.0), Span("", 55, 59, -25.0))


def test_every_figure() -> None:
    # Ours is -800 where the rival has -300 and 20 of 25 frames of -750, so -900, in 40 frames.
    expected = Evidence(100 / 40, 0.0, ignored=5 / 40, agreement=0.5, length=math.log(2), surplus=0.0, pace=20.0)
    assert weigh(SAID, OTHERS) == pytest.approx(expected)


def test_without_words_there_is_nothing_to_weigh() -> None:
    assert weigh((), OTHERS) is None
    assert weigh((Span("", 0, 59, -10.0),), OTHERS) is None


def test_a_rival_that_found_nothing_leaves_the_sentence_as_it_is() -> None:
    evidence = weigh(SAID, ())
    assert evidence is not None
    assert evidence.agreement == 0.0
    assert math.isfinite(find_confidence(evidence))


def test_ratios_are_bounded() -> None:
    evidence = weigh((Span("undo", 0, 9, -1e6),), (Span("you", 0, 9, 0.0),))
    assert evidence is not None
    assert (evidence.sentence_ratio, evidence.worst_ratio) == (-40.0, -60.0)


@each_case(
    "better, worse", [({"sentence_ratio": 10.0}, {"sentence_ratio": -10.0}), ({"ignored": 0.0}, {"ignored": 1.0})]
)
def test_the_better_explained_is_the_surer(better: dict[str, float], worse: dict[str, float]) -> None:
    middle = Evidence(0.0, 0.0, 0.1, 0.5, math.log(4), 0.0, 30.0)
    assert 0.0 < find_confidence(middle._replace(**worse)) < find_confidence(middle._replace(**better)) < 1.0
