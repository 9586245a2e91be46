"""The line through a clock's observations: it says how far off it may be, and is so far off."""

from random import Random
from statistics import fmean

import pytest

from musearoo.bridge.midi.clock.line_fit import Observation, Tempo, best_fit, fits
from tests.each_case import each_case

STEP = 1.0 / 24.0
JITTER = 0.002
UNKNOWN = Tempo(0.5, 10.0)


def _seen(chance: Random, count: int, bend: float = 0.0) -> list[Observation]:
    """Ticks at 120 BPM, each off by the jitter; with a bend, a tempo that changes all the time."""
    beats = [(number + 1 - count) * STEP for number in range(count)]
    return [Observation(50.0 + 0.5 * beat + bend * beat * beat + chance.gauss(0.0, JITTER), beat) for beat in beats]


@each_case("count", [8, 32, 64])
@each_case("is_bent", [False, True])
def test_a_fit_is_off_by_as_much_as_it_says(count: int, is_bent: bool) -> None:
    chance = Random(count)
    errors, tempo_errors, said = list[float](), list[float](), None
    for _ in range(400):
        points = _seen(chance, count, 0.02 if is_bent else 0.0)
        said = list(fits(points, 0.5, JITTER, UNKNOWN))[-1]
        if said.is_bent != is_bent:
            continue
        errors.append((said.time - 50.0) ** 2)
        tempo_errors.append((said.period - 0.5) ** 2)
    if is_bent and count < 64:
        assert not errors, "so few observations show no bend"
        return
    assert said is not None
    assert fmean(errors) == pytest.approx(said.time_variance, rel=0.25)
    assert fmean(tempo_errors) == pytest.approx(said.period_variance, rel=0.25)


def test_a_tempo_that_is_known_counts_for_more_than_eight_ticks() -> None:
    chance = Random(3)
    runs = [_seen(chance, 8) for _ in range(100)]
    known, unknown = (
        fmean(abs(best_fit(points, 0.5, JITTER, tempo).period - 0.5) for points in runs)
        for tempo in (Tempo(0.5, 0.0005), UNKNOWN)
    )
    assert known < 0.0005 < unknown


def test_the_period_that_sums_are_kept_by_says_nothing_of_the_fit() -> None:
    points = _seen(Random(4), 100, 0.01)
    one, other = (list(fits(points, period, JITTER, Tempo(0.51, 0.01))) for period in (0.5, 0.52))
    assert len(one) == len(other)
    for first, second in zip(one, other, strict=True):
        assert first.time == pytest.approx(second.time, abs=1e-6)
        assert first.period == pytest.approx(second.period, abs=1e-6)
        assert first.is_bent == second.is_bent
