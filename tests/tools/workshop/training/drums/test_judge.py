"""What the judge of drums goes by is what was played, and by how many."""

from random import Random

import pytest

from musearoo.tools.bench.engines.drums.window import make_window
from musearoo.tools.workshop.training.drums.judge import PRESET_OF, Example, learn
from tests.engines.presets_on_disk import STYLES


def example(style: str, number: int) -> Example:
    """Eight bars: a backbeat in rock, a snare on three in reggae, and as many hats as chance has it."""
    chance = Random(f"{style} {number}")
    strokes = [(float(beat), 36, 100.0) for beat in range(0, 32, 2)]
    strokes += [(float(beat), 38, 110.0) for beat in (range(1, 32, 2) if style == "rock" else range(2, 32, 4))]
    strokes += [(step / 2.0, 42, 50.0 + 40.0 * chance.random()) for step in range(64) if chance.random() < 0.9]
    return Example(make_window(strokes), style, f"{style} {number // 2}", f"drummer {number % 3}")


def test_what_was_played_is_learned(capsys: pytest.CaptureFixture[str]) -> None:
    human = learn([example(style, number) for style in ("reggae", "rock") for number in range(12)])
    assert human.classifier.classes == ("reggae", "rock")
    assert human.recognised == {"reggae": 1.0, "rock": 1.0}
    assert (human.sources["rock"].performances, human.sources["rock"].drummers) == (6, 3)
    assert human.sources["rock"].are_enough
    assert human.quartiles["rock"]["backbeats_per_bar"] == (2.0, 2.0)
    low, high = human.quartiles["rock"]["cymbals_per_bar"]
    assert 6.0 < low < high < 8.0
    assert "12 windows  right 1.00" in capsys.readouterr().out


def test_the_styles_are_ours() -> None:
    assert set(PRESET_OF.values()) <= set(STYLES)
