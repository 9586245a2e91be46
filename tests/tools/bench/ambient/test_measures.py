"""The measures of endless sound, on sounds whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.audio.endless.synth import RATE
from musearoo.tools.bench.ambient.measures import (
    find_clicks,
    longest_silence,
    measure_novelty,
    measure_octaves,
    measure_short_term,
    share_in_level,
    share_in_scale,
    tell_apart,
)
from tests.engines.audio.endless.some_sound import an_ambience, play

TIME = np.arange(8 * RATE) / RATE


def tone(hertz: float, loud: float = 0.5) -> np.ndarray:
    """Eight seconds of a sine on both sides."""
    return np.tile(loud * np.sin(2.0 * np.pi * hertz * TIME), (2, 1)).astype(np.float32)


def test_loudness_is_that_of_the_standard() -> None:
    # BS.1770-4: a sine of 997 Hz at 0 dBFS on one side is -3.01 LUFS, on both 3.01 dB more.
    assert measure_short_term(tone(997.0, 1.0), RATE) == pytest.approx(0.0, abs=0.1)
    assert share_in_level(np.array([-20.0] * 400 + [-26.0] * 100), after=0.0) == 0.8


@pytest.mark.parametrize("preset", ["drift", "glass", "rain", "tape"])
def test_every_planted_click_is_found_and_no_other(preset: str) -> None:
    sound, draw = play(an_ambience(preset, has_strokes=False), 14.0), np.random.default_rng(5)
    assert find_clicks(sound) == []
    for number in range(15):
        at = int(draw.uniform(4.0, 13.0) * RATE)
        # A step where the wave crosses zero is none.
        at += int(np.argmax(np.abs(sound[0, at : at + 200])))
        before, after = sound[:, at - 2 * RATE : at], sound[:, at : at + RATE]
        lost, again = sound[:, at + 960 : at + RATE], sound[:, at - 960 : at + RATE]
        planted = (0.794 * after, lost, again)[number % 3]
        found = find_clicks(np.concatenate((before, planted), axis=1))
        assert any(abs(each - 2 * RATE) < 2000 for each in found), (number, at)


def test_silence_novelty_octaves_and_scale() -> None:
    sound = tone(440.0)
    sound[:, 2 * RATE : 5 * RATE] = 0.0
    assert longest_silence(sound, RATE) == pytest.approx(3.0, abs=0.05)
    assert float(measure_novelty(tone(440.0), RATE).max(initial=0.0)) < 0.01
    changed = np.concatenate((tone(440.0), tone(466.16)), axis=1)
    assert float(measure_novelty(changed, RATE).max()) > 0.9
    assert int(np.argmax(measure_octaves(tone(1000.0), RATE))) == 4
    assert share_in_scale(tone(440.0), RATE, (9,)) > 0.98
    assert share_in_scale(tone(440.0), RATE, (0, 2, 4)) < 0.02


def test_sounds_are_taken_for_their_own_kind() -> None:
    one, other = np.array([0.0, 1.0]), np.array([5.0, 1.0])
    verdict = tell_apart({"a": [one, one + 0.1, one - 0.1], "b": [other, other + 0.1, other - 0.1, one]})
    assert (verdict.of, verdict.mistaken) == (7, (("b", "a"),))
