"""Time stretching: pitch, onsets and channel relations are preserved, and every moment is where the map puts it."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.audio.loops.stretching import TimeMap, detect_onsets, protect_onsets, stretch, stretch_evenly
from musearoo.tools.bench.musicgen.loops import make_strokes, measure_cents, measure_pre_echo
from tests.each_case import each_case
from tests.engines.audio.loops.sounds import RATE, even_beats, play_groove

NOTHING = np.zeros(0)


def _even(seconds: float, by: float) -> TimeMap:
    return TimeMap(np.array([0.0, seconds]), np.array([0.0, by * seconds]))


@each_case("by", [0.92, 1.0, 1.08, 1.4])
def test_a_tone_keeps_its_pitch_and_level(by: float) -> None:
    tone = (0.5 * np.sin(2.0 * np.pi * 220.0 * np.arange(3 * RATE) / RATE)).astype(np.float32)[np.newaxis]
    result = stretch(tone, RATE, _even(3.0, by), NOTHING, 0.0, round(3 * by * RATE))
    assert result.shape == (1, round(3 * by * RATE))
    assert abs(measure_cents(result)) < 0.1
    inside = result[0, RATE // 2 : -RATE // 2]
    assert np.sqrt(np.mean(inside**2)) == pytest.approx(0.5 / np.sqrt(2.0), rel=0.01)


def test_what_is_not_stretched_is_what_it_was() -> None:
    groove = play_groove(even_beats(120.0, 0.3, 3.0), 3.0)
    result = stretch(groove, RATE, _even(3.0, 1.0), NOTHING, 0.0, groove.shape[1])
    assert np.abs(result - groove).max() < 1e-5


@each_case("by", [0.92, 1.08])
def test_a_stroke_comes_where_the_map_has_it_as_it_was_recorded(by: float) -> None:
    strokes, places = make_strokes()
    time_map = protect_onsets(_even(4.0, by), places)
    result = stretch(strokes, RATE, time_map, places, 0.0, round(4 * by * RATE))
    for place in places:
        first, moved = round(place * RATE), round(place * by * RATE)
        stroke = strokes[0, first : first + RATE // 100]
        around = result[0, moved - 32 : moved + 32 + stroke.size]
        # Within the rounding of a position to a sample.
        likeness = np.correlate(around, stroke) / np.sqrt(stroke @ stroke)
        best = int(likeness.argmax())
        assert abs(best - 32) <= 1
        assert np.abs(around[best : best + stroke.size] - stroke).max() < 0.02 * np.abs(stroke).max()
    assert measure_pre_echo(result, places * by) < -60.0


def test_without_sparing_a_stroke_is_smeared() -> None:
    strokes, places = make_strokes()
    result = stretch(strokes, RATE, _even(4.0, 1.08), NOTHING, 0.0, round(4 * 1.08 * RATE))
    assert measure_pre_echo(result, places * 1.08) > -30.0


def test_channels_stay_what_they_were_to_one_another() -> None:
    groove = play_groove(even_beats(110.0, 0.2, 4.0), 4.0).mean(axis=0)
    stereo = np.stack([groove, -0.5 * groove])
    result = stretch_evenly(stereo, RATE, round(3.7 * RATE))
    assert result.shape == (2, round(3.7 * RATE))
    assert np.abs(result[1] + 0.5 * result[0]).max() < 1e-5


def test_a_map_leads_there_and_back() -> None:
    time_map = TimeMap(np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.5, 3.0]))
    moments = np.array([0.0, 1.0, 1.5, 3.0, 5.0])
    assert np.allclose(time_map.to_wanted(moments), [-1.0, 0.0, 0.75, 2.25, 4.0])
    assert np.allclose(time_map.to_made(time_map.to_wanted(moments)), moments)


def test_spared_attacks_stay_where_they_were_sent_and_time_never_runs_back() -> None:
    chance = np.random.default_rng(7)
    for _ in range(50):
        made = np.cumsum(chance.uniform(0.3, 0.7, 17))
        wanted = np.linspace(0.0, 8.0, 17)
        onsets = np.sort(chance.uniform(made[0] - 0.2, made[-1] + 0.2, 60))
        plain = TimeMap(made, wanted)
        spared = protect_onsets(plain, onsets)
        assert np.all(np.diff(spared.made) >= 0.0)
        assert np.all(np.diff(spared.wanted) >= 0.0)
        apart = onsets[np.diff(onsets, prepend=-1.0) > 0.05]
        assert np.allclose(spared.to_wanted(apart), plain.to_wanted(apart), atol=1e-6)


def test_attacks_are_found_within_two_milliseconds() -> None:
    strokes, places = make_strokes()
    found = detect_onsets(strokes, RATE)
    assert found.size == places.size
    assert np.abs(found - places).max() < 0.0025


def test_the_same_length_is_the_same_sound() -> None:
    groove = play_groove(even_beats(120.0, 0.0, 2.0), 2.0)
    assert stretch_evenly(groove, RATE, groove.shape[1]) is groove
