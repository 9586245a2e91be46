"""The phase lock: a source that jitters, turns, loses ticks and is held up is followed, and not believed too soon."""

from collections.abc import Callable
from random import Random

import pytest

from musearoo.bridge.midi.clock.line_fit import Observation, Tempo, best_fit
from musearoo.bridge.midi.clock.phase_lock import PhaseLock, Seen
from musearoo.bridge.midi.clock.strays import Lost, Turn, explain
from tests.each_case import each_case

STEP = 1.0 / 24.0


def _ticks(bpm_at: Callable[[float], float], beats: float) -> list[Observation]:
    """When each tick is, without jitter."""
    ticks = [Observation(100.0, 0.0)]
    while ticks[-1].beat < beats:
        time, beat = ticks[-1]
        ticks.append(Observation(time + STEP * 60.0 / bpm_at(beat + STEP / 2.0), beat + STEP))
    return ticks


def _followed(ticks: list[Observation], noise: Callable[[], float]) -> tuple[PhaseLock, list[float]]:
    """A lock that has followed them all, and its errors at each, in milliseconds."""
    lock = PhaseLock(120.0, grid=STEP)
    errors = []
    for time, beat in ticks:
        lock.observe(time + noise(), beat)
        assert lock.fit is not None
        errors.append(1000.0 * (lock.fit.time_of(beat) - time))
    return lock, errors


@each_case("bpm", [60.0, 127.3, 180.0])
def test_three_milliseconds_of_jitter_are_less_than_two_after_two_bars(bpm: float) -> None:
    for seed in range(2):
        chance = Random(seed)
        lock, errors = _followed(_ticks(lambda _: bpm, 16.0), lambda chance=chance: chance.uniform(-0.003, 0.003))  # type: ignore[misc]
        assert max(abs(error) for error in errors[192:]) < 2.0
        assert 60.0 / lock.period == pytest.approx(bpm, abs=0.2)
        assert 0.0015 < lock.jitter < 0.0021


@each_case("bpm", [96.0, 144.0, 125.0])
def test_a_tempo_that_steps_is_followed_within_a_beat(bpm: float) -> None:
    chance = Random(1)
    ticks = _ticks(lambda beat: 120.0 if beat < 8.0 else bpm, 14.0)
    lock, errors = _followed(ticks, lambda: chance.uniform(-0.0005, 0.0005))
    assert max(abs(error) for error in errors[9 * 24 :]) < 1.0
    assert lock.lost == 0.0


def test_a_ramp_is_followed_without_lagging_behind() -> None:
    chance = Random(2)
    ticks = _ticks(lambda beat: 120.0 + 30.0 * min(1.0, max(0.0, (beat - 6.0) / 8.0)), 16.0)
    _, errors = _followed(ticks, lambda: chance.uniform(-0.0005, 0.0005))
    assert max(abs(error) for error in errors[96:]) < 2.0


def test_lost_ticks_are_counted_and_the_line_goes_on() -> None:
    chance = Random(3)
    lock = PhaseLock(120.0, grid=STEP)
    sent = [tick for number, tick in enumerate(_ticks(lambda _: 120.0, 16.0)) if number not in (100, 101, 170, 250)]
    seen = [lock.observe(time + chance.uniform(-0.002, 0.002), number * STEP) for number, (time, _) in enumerate(sent)]
    assert lock.fit is not None
    assert lock.lost == pytest.approx(4 * STEP)
    assert Seen.TURNED not in seen
    assert abs(lock.fit.time_of(sent[-1].beat) - sent[-1].time) < 0.001


def test_a_sender_that_slept_disturbs_nothing() -> None:
    ticks = _ticks(lambda _: 120.0, 7.0)
    woke = ticks[125].time
    late = {number: woke - tick.time for number, tick in enumerate(ticks[:125]) if number >= 119}
    numbers = iter(range(len(ticks)))
    lock, errors = _followed(ticks, lambda: late.get(next(numbers), 0.0))
    assert max(abs(error) for error in errors[24:]) < 0.5
    assert lock.lost == 0.0
    assert lock.jitter > 0.01


def test_a_reported_tempo_changes_the_line_and_keeps_the_phase() -> None:
    lock = PhaseLock(120.0, tempo_error=0.0005)
    for number in range(20):
        lock.observe(50.0 + 0.05 * number, 0.1 * number)
    lock.set_tempo(51.0, 60.0)
    assert lock.fit is not None
    assert lock.fit.beat_at(51.0) == pytest.approx(2.0, abs=1e-6)
    assert lock.fit.beat_at(52.0) == pytest.approx(3.0, abs=1e-3)


def test_half_the_tempo_at_once_is_believed_when_it_goes_on() -> None:
    lock, errors = _followed(_ticks(lambda beat: 160.0 if beat < 6.0 else 80.0, 10.0), lambda: 0.0)
    assert max(abs(error) for error in errors[7 * 24 :]) < 1.0
    assert (lock.lost, round(60.0 / lock.period, 3)) == (0.0, 80.0)


def test_a_line_through_one_point_is_the_tempo_that_is_known() -> None:
    fit = best_fit([Observation(7.0, 3.0)], 0.5, 0.003, Tempo(0.5, 0.5))
    assert (fit.time_of(3.0), fit.time_of(5.0)) == (7.0, 8.0)


def _missing(*seconds: float) -> list[Observation]:
    return [Observation(miss, number * STEP) for number, miss in enumerate(seconds)]


def test_outliers_are_classified() -> None:
    near = [Observation(0.0, -number * STEP) for number in range(12, 0, -1)]
    step = 0.5 * STEP

    def meaning(*seconds: float, grid: float = STEP) -> Turn | Lost | None:
        return explain(near, _missing(*seconds), 0.5, 0.0005, grid)

    assert meaning(step, step, step) == Lost((1, 1, 1))
    assert meaning(step, 2 * step, 2 * step, 2 * step, 2 * step) == Lost((1, 2, 2, 2, 2))
    turned = meaning(0.004, 0.008, 0.012, 0.016)
    assert isinstance(turned, Turn)
    assert turned.period == pytest.approx(0.5 + 0.004 / STEP, rel=0.02)
    assert meaning(step, -0.004, 0.009) is None
    assert meaning(3 * step, 2 * step, step) is None
    assert isinstance(meaning(0.009, 0.009, 0.009, 0.009, 0.009, 0.009, 0.009), Turn)
