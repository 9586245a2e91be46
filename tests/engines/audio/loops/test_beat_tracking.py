"""Beat tracking: near the requested tempo, at half or double of it, with tempo changes, or without a beat."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.audio.loops.beat_tracking import TrackedBeats, smooth_beats, track
from musearoo.engines.audio.loops.features import analyze_take
from tests.each_case import each_case
from tests.engines.audio.loops.sounds import RATE, Seconds, even_beats, play_groove, play_pad, read_activation_weights


def _track(beats: Seconds, asked: float, seconds: float = 11.0, beats_per_bar: float = 4.0) -> TrackedBeats:
    groove = play_groove(beats, seconds, bar=int(beats_per_bar))
    tracked = track(analyze_take(Sound.of(groove, RATE), read_activation_weights()), asked, beats_per_bar)
    assert tracked is not None
    return tracked


def _off(moments: Seconds, truths: Seconds) -> Seconds:
    off: Seconds = np.abs(truths[:, np.newaxis] - moments).min(axis=0)
    return off


@each_case("off", [0.92, 0.97, 1.0, 1.05, 1.08])
def test_beats_are_found_within_milliseconds_though_the_tempo_is_off(off: float) -> None:
    beats = even_beats(112.0 * off, 0.35, 11.0)
    tracked = _track(beats, 112.0)
    assert tracked.perceived_bpm * tracked.quarters == pytest.approx(112.0 * off, rel=0.002)
    assert np.median(_off(tracked.tatums, beats)) < 0.004
    assert tracked.feel == "as heard"


@each_case("played, feel", [(68.0, "half"), (136.0, "as heard"), (268.0, "double")])
def test_half_and_double_time_are_distinguished_by_the_tempo(played: float, feel: str) -> None:
    tracked = _track(even_beats(played, 0.2, 11.0), 134.0)
    assert tracked.perceived_bpm * tracked.quarters == pytest.approx(134.0, rel=0.03)
    assert tracked.feel == feel


def test_a_tempo_that_bends_is_followed() -> None:
    steps = 0.5 * (1.0 + 0.03 * np.sin(np.arange(22) / 22 * 2.0 * np.pi))
    beats = 0.3 + np.concatenate(([0.0], np.cumsum(steps)))
    tracked = _track(beats[beats < 11.0], 120.0)
    assert np.percentile(_off(tracked.tatums, beats), 90) < 0.012


def test_a_tempo_far_from_the_asked_is_believed_where_it_is_clear() -> None:
    tracked = _track(even_beats(120.0, 0.4, 11.0), 150.0)
    assert tracked.perceived_bpm == pytest.approx(120.0, rel=0.01)


def test_three_four_has_bars_of_three() -> None:
    tracked = _track(even_beats(104.0, 0.2, 11.0), 108.0, beats_per_bar=3.0)
    assert round(tracked.bar * tracked.quarters) == 3


def test_what_has_no_beat_has_none() -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal((1, 8 * RATE))
    for sound in (noise, play_pad(8.0)):
        assert track(analyze_take(Sound.of(sound, RATE), read_activation_weights()), 120.0, 4.0) is None


def test_one_wrong_beat_bends_no_line() -> None:
    beats = even_beats(120.0, 0.0, 12.0)
    played = beats.copy()
    played[[0, 5, 11]] += (0.09, -0.06, 0.08)
    assert np.abs(smooth_beats(played, np.ones(played.size)) - beats).max() < 0.003


def test_beats_that_slip_to_the_off_beat_at_the_end_bend_no_line() -> None:
    beats = even_beats(160.0, 0.0, 15.0)
    slipped = beats.copy()
    slipped[-10:] += 0.5 * 60.0 / 160.0
    assert np.abs(smooth_beats(slipped, np.ones(beats.size)) - beats).max() < 0.01


def test_a_tempo_that_hurries_does_not_slip() -> None:
    beats = np.cumsum(np.linspace(0.52, 0.48, 40))
    assert np.abs(smooth_beats(beats, np.ones(40)) - beats).max() < 0.002


def test_quarters_outside_of_the_beats_go_on_at_the_tempo() -> None:
    tracked = TrackedBeats(np.arange(1.0, 5.0, 0.5), 1.0, 4.0, np.zeros(8), 1.0)
    assert np.allclose(tracked.seconds_at(np.array([-2.0, 0.0, 1.5, 9.0])), [0.0, 1.0, 1.75, 5.5])
