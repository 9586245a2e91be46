"""The regression behind a sentence's confidence, on evidence that is made up."""

import numpy as np
import pytest

from musearoo.bridge.speech.recognition.sphinx_evidence import Evidence
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.tools.workshop.training.voice.confidence.__main__ import report
from musearoo.tools.workshop.training.voice.confidence.examples import Example, read_outside
from musearoo.tools.workshop.training.voice.confidence.fitting import cross_validate, fit
from tests.each_case import each_case

UNDO = Command(text="undo", intent=Intent.UNDO)


def make_examples(apart: float) -> list[Example]:
    """120 utterances, half of them foreign, whose sentence ratios lie so far apart on average, beside a spread of 4."""
    chance = np.random.default_rng(8)
    found = []
    for number in range(120):
        foreign = number % 2 == 1
        evidence = Evidence(float(chance.normal(-apart if foreign else 0.0, 4.0)), *map(float, chance.normal(size=6)))
        said = f"sentence {number}"
        found.append(
            Example(said, (None, 20.0, 10.0)[number % 3], None if foreign else UNDO, said, evidence, not foreign)
        )
    return found


def test_the_weights_point_where_the_right_ones_are() -> None:
    values = np.column_stack([np.repeat([0.0, 10.0], 50), np.tile([1.0, 2.0], 50)])
    weights = fit(values, values[:, 0] > 5.0)
    assert weights[0] > 0.1
    assert abs(weights[1]) < 1e-3
    assert values[60] @ weights[:2] + weights[2] == pytest.approx(-(values[10] @ weights[:2] + weights[2]), abs=1e-3)


@each_case("apart, least, most", [(30.0, 0.95, 1.0), (0.0, 0.3, 0.7)])
def test_what_cannot_be_told_apart_is_not(apart: float, least: float, most: float) -> None:
    examples = make_examples(apart)
    scores, _ = cross_validate(examples)
    right = np.array([example.is_right for example in examples])
    order = np.mean(scores[right][:, None] > scores[~right][None, :])
    assert least <= order <= most


def test_what_has_no_words_is_never_acted_upon() -> None:
    silent = Example("", None, None, "", None, False)
    scores, _ = cross_validate([*make_examples(20.0), silent])
    assert scores[-1] == -np.inf


def test_the_report_gives_weights_and_their_worth(capsys: pytest.CaptureFixture[str]) -> None:
    report(make_examples(30.0))
    said = capsys.readouterr().out
    assert "120 utterances, 60 of them foreign" in said
    assert "music 10.0: 100.0% of 20 mean what was meant" in said
    assert len(said.split("WEIGHTS: ")[1].splitlines()[0].split(", ")) == len(Evidence._fields)


def test_sentences_from_outside_are_many_and_different() -> None:
    assert len(set(read_outside())) == len(read_outside()) == 120
