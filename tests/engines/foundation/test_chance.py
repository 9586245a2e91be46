"""Chance from a seed: the very same draws everywhere, as likely as weights and amounts say."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.foundation.chance import bell, bells, derive_seed, pick, scaled_chance, stream


def test_seeds_are_the_same_everywhere_and_labels_do_not_run_together() -> None:
    assert derive_seed(1, "kick", 3) == 5177414644090321782
    assert derive_seed(7) == 16667848380713045890
    assert stream(7, "x").random() == 0.9841037684121962
    told = {derive_seed(seed, *labels) for seed in (1, 11) for labels in ((), ("a",), ("ab",), ("a", "b"), (1, "a"))}
    assert len(told) == 10
    assert all(0 <= seed < 2**64 for seed in told)


def test_each_choice_is_picked_as_often_as_its_weight_says() -> None:
    chance = stream(3, "pick")
    picked = [pick(chance, "abc", (1.0, 0.0, 3.0)) for _ in range(4000)]
    assert picked.count("b") == 0
    assert picked.count("c") / 4000.0 == pytest.approx(0.75, abs=0.03)
    # What rounding leaves over falls to the last one.
    assert pick(stream(1), "ab", (0.0, 0.0)) == "b"


class Drawn(Random):
    """Chance that always draws the same."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value

    def random(self) -> float:
        return self.value


def test_a_draw_on_the_border_belongs_to_the_later_choice() -> None:
    assert pick(Drawn(0.5), "ab", (1.0, 1.0)) == "b"
    assert pick(Drawn(0.49), "ab", (1.0, 1.0)) == "a"
    assert pick(Drawn(0.0), "ab", (1.0, 1.0)) == "a"


def test_a_bell_has_its_middle_at_0_and_ends_at_3() -> None:
    assert (bell(Drawn(0.0)), bell(Drawn(0.5)), bell(Drawn(1.0))) == (-3.0, 0.0, 3.0)
    assert bells(Drawn(0.75), 2) == [1.5, 1.5]
    assert bells(stream(1), 0) == []
    drawn = bells(stream(5), 3000)
    one = stream(5)
    assert drawn == [bell(one) for _ in range(3000)]
    mean = sum(drawn) / 3000.0
    assert mean == pytest.approx(0.0, abs=0.06)
    assert sum((each - mean) ** 2 for each in drawn) / 3000.0 == pytest.approx(1.0, abs=0.06)


def test_likelihoods_are_scaled_from_certain_alone_to_doubtful_too() -> None:
    cases = [
        (0.4, 0.0, 0.0), (0.4, 0.25, 0.2), (0.4, 0.5, 0.4), (0.4, 0.75, 0.52), (0.4, 1.0, 0.64),
        (1.0, 0.0, 1.0), (1.0, 1.0, 1.0), (1.5, 0.2, 1.0), (0.0, 1.0, 0.0), (0.9, 1.0, 0.99),
    ]  # fmt: skip
    for likelihood, amount, scaled in cases:
        assert scaled_chance(likelihood, amount) == pytest.approx(scaled), (likelihood, amount)
