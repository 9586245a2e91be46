"""Seams: the end cross-fades into what preceded the start, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.audio.loops.seams import close_loop, reflect_start
from musearoo.engines.audio.sound_model import FloatArray
from tests.each_case import each_case

LEAD, FADE, GUARD = 500, 400, 100


def _noise(seed: int, count: int) -> FloatArray:
    return np.random.default_rng(seed).standard_normal((2, count)).astype(np.float32)


def test_the_end_runs_into_the_start() -> None:
    sound = _noise(1, 5_000)
    loop = close_loop(sound, LEAD, FADE, GUARD)
    assert loop.shape == (2, 4_500)
    assert np.array_equal(loop[:, : -FADE - GUARD], sound[:, LEAD : -FADE - GUARD])
    # The last moments are those before the first sample.
    assert np.allclose(loop[:, -GUARD:], sound[:, LEAD - GUARD : LEAD])


def test_a_tone_that_comes_out_at_another_phase_has_no_click() -> None:
    time = np.arange(20_000)
    sound = np.sin(0.0137 * time)[np.newaxis].astype(np.float32)
    loop = close_loop(sound, LEAD, FADE, GUARD)
    jumps = np.abs(np.diff(np.tile(loop[0], 2)))
    assert jumps.max() < 1.5 * 0.0137


@each_case("is_alike", [True, False])
def test_the_level_stays_throughout(is_alike: bool) -> None:
    sound = _noise(2, 40_000)
    lead = 8_000
    if is_alike:
        sound[:, -lead:] = sound[:, :lead]
    loop = close_loop(sound, lead, lead, 0)
    middle = loop[:, -3 * lead // 4 : -lead // 4]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(1.0, abs=0.03)


def test_no_fade_is_a_plain_cut() -> None:
    sound = _noise(3, 1_000)
    assert np.array_equal(close_loop(sound, 100, 0, 0), sound[:, 100:])


def test_a_reflection_leads_to_the_first_sample_without_a_bend() -> None:
    sound = np.cos(0.01 * np.arange(1_000) + 0.4)[np.newaxis].astype(np.float32)
    whole = np.concatenate((reflect_start(sound, 200), sound), axis=1)[0]
    assert whole.size == 1_200
    assert np.abs(np.diff(whole, 2)).max() < 2.0 * 0.01**2
    assert reflect_start(sound[:, :50], 200).shape == (1, 49)
