"""Unrolling the ring chronologically: wherever its seam is, and whatever older samples it contains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from musearoo.engines.audio.capture.errors import CaptureError
from musearoo.engines.audio.capture.form import COUNTER, ROUND
from musearoo.engines.audio.capture.ring import BEFORE_ITS_SAMPLE, FloatArray, unroll
from tests.each_case import each_case
from tests.engines.audio.capture.some_recordings import roll


def _tape(samples: int) -> tuple[FloatArray, FloatArray]:
    """Return audio and a phase whose values identify each sample."""
    number = np.arange(samples, dtype=np.float32)
    return np.stack([number, -number]), (number / samples).astype(np.float32)


@given(
    size=st.integers(50, 400),
    recorded=st.integers(10, 2000),
    later=st.integers(0, 900),
    speed=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0, 1.5, 2.5]),
    first_counter=st.one_of(st.integers(0, ROUND - 1), st.integers(ROUND - 2000, ROUND - 1), st.just(1)),
)
@example(size=400, recorded=500, later=300, speed=0.5, first_counter=ROUND - 520)
@example(size=65, recorded=63, later=1, speed=0.5, first_counter=1)
def test_what_was_recorded_around_the_press_comes_out_in_order_and_whole(
    size: int, recorded: int, later: int, speed: float, first_counter: int
) -> None:
    audio, phase = _tape(recorded + later)
    press = recorded - 1
    ring = roll(audio, phase, size, first_counter, press, speed)
    # Worked out by hand: which samples the file has, and which are consecutive around the press.
    places = np.arange(size)
    head = np.minimum(press + np.floor(places * speed).astype(int), recorded + later - 1)
    held = {int(sample) for sample in head - (head - places) % size if sample >= 0}
    if press not in held:
        return
    first = last = press
    while first - 1 in held:
        first -= 1
    while last + 1 in held:
        last += 1
    if first == last:
        return
    out = unroll(ring, (first_counter + press) % ROUND)
    assert out.audio[0].tolist() == list(range(first, last + 1))
    assert out.audio[1].tolist() == [-number for number in range(first, last + 1)]
    assert (out.counter, out.press) == ((first_counter + first) % ROUND, press - first)
    assert np.array_equal(out.phase, phase[first : last + 1])


def test_a_ring_whose_counter_begins_anew_comes_out_in_order_on_both_sides_of_its_seam() -> None:
    audio, phase = _tape(1000)
    first_counter = ROUND - 850
    out = unroll(roll(audio, phase, 400, first_counter, 999, 0.0), 149)
    assert out.audio[0].tolist() == list(range(600, 1000))
    assert (out.counter, out.press) == (first_counter + 600, 399)


def test_a_press_a_little_ahead_of_the_recording_is_its_end() -> None:
    audio, phase = _tape(300)
    ring = roll(audio, phase, 200, 0, 299, 0.0)
    assert unroll(ring, 299 + BEFORE_ITS_SAMPLE).press == 199
    with pytest.raises(CaptureError, match="not of this moment: press Listen again"):
        unroll(ring, 300 + BEFORE_ITS_SAMPLE)


def test_what_an_earlier_count_left_behind_is_not_taken_for_now() -> None:
    """After switching its audio off and on a device counts from 0 again, in a ring with old numbers."""
    audio, phase = _tape(1000)
    ring = roll(audio, phase, 400, 0, 999, 0.0)
    anew = np.arange(100, dtype=np.float32)
    ring[:2, 50:150], ring[2, 50:150], ring[COUNTER, 50:150] = 5.0, 0.5, 650 + anew
    out = unroll(ring, 745)
    assert np.all(out.audio == 5.0)
    assert (out.counter, out.press) == (650, 95)


def test_a_ring_that_never_ran_is_reported() -> None:
    with pytest.raises(CaptureError, match="recorded nothing: look whether Live's audio is switched on"):
        unroll(np.zeros((4, 500), np.float32), 0)


@each_case("counter", [np.nan, np.inf, -5.0, 0.5, 3e7])
def test_an_invalid_counter_is_reported_as_nothing_recorded(counter: float) -> None:
    with pytest.raises(CaptureError, match="recorded nothing"):
        unroll(np.full((4, 500), counter, np.float32), 0)


def test_a_noisy_counter_is_reported() -> None:
    noise = np.random.default_rng(1).integers(0, ROUND, (4, 5000)).astype(np.float32)
    with pytest.raises(CaptureError, match="its sample counter is broken"):
        unroll(noise, 0)


def test_a_few_broken_samples_cost_only_what_lies_before_them() -> None:
    audio, phase = _tape(1000)
    ring = roll(audio, phase, 1000, 7, 999, 0.0)
    ring[COUNTER, 400] = np.nan
    out = unroll(ring, 7 + 999)
    assert (out.counter, out.press, out.audio.shape) == (7 + 401, 598, (2, 599))
