"""Finding bar lines by chords, onsets and changes, whichever beat comes first."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.audio.loops.bars import STEPS, WEIGHTS, describe_bars, rate_bars
from musearoo.engines.audio.loops.beat_tracking import TrackedBeats, track
from musearoo.engines.audio.loops.features import AnalyzedTake, analyze_take
from musearoo.engines.audio.sound_model import FloatArray
from tests.each_case import each_case
from tests.engines.audio.loops.sounds import RATE, Seconds, even_beats, play_groove, read_activation_weights


def _hear(sound: FloatArray, bpm: float, beats_per_bar: float) -> tuple[AnalyzedTake, TrackedBeats]:
    analyzed = analyze_take(Sound.of(sound, RATE), read_activation_weights())
    tracked = track(analyzed, bpm, beats_per_bar)
    assert tracked is not None
    return analyzed, tracked


def _likeliest(odds: Seconds, tracked: TrackedBeats, after: float) -> float:
    """Return the first time after `after` at which a bar begins."""
    steps = int(odds.argmax()) + odds.size * np.arange(-1.0, 9.0)
    moments = tracked.seconds_at(steps * tracked.quarters / STEPS)
    return float(moments[moments > after][0])


@each_case("downbeat", range(4))
def test_bars_begin_where_the_root_changes(downbeat: int) -> None:
    beats = even_beats(109.0, 0.2, 14.0)
    analyzed, tracked = _hear(play_groove(beats, 14.0, downbeat), 112.0, 4.0)
    odds = rate_bars(analyzed, tracked)
    begins = beats[downbeat + 4]
    assert _likeliest(odds, tracked, begins - 0.05) == pytest.approx(begins, abs=0.02)


@each_case("beats_per_bar", [3, 4, 5])
def test_each_sixteenth_of_a_bar_has_a_chance_and_they_add_up_to_one(beats_per_bar: int) -> None:
    groove = play_groove(even_beats(120.0, 0.0, 8.0), 8.0, 0, beats_per_bar)
    odds = rate_bars(*_hear(groove, 120.0, beats_per_bar))
    assert odds.size == STEPS * beats_per_bar
    assert np.exp(odds).sum() == pytest.approx(1.0)


def test_where_all_beats_are_alike_no_bar_is_sure() -> None:
    beats = even_beats(120.0, 0.1, 10.0)
    # Bars of one beat: the same kick, hat and root on each.
    analyzed, tracked = _hear(play_groove(beats, 10.0, 0, 1), 120.0, 4.0)
    assert np.exp(rate_bars(analyzed, tracked).max()) < 0.6


def test_no_bar_begins_between_four_on_the_floor_kicks() -> None:
    analyzed, tracked = _hear(play_groove(even_beats(120.0, 0.1, 8.0), 8.0, 0, 1), 120.0, 4.0)
    assert tracked.has_kick
    between = np.arange(4 * STEPS) % STEPS != 0
    assert np.exp(rate_bars(analyzed, tracked))[between].sum() < 0.01


def test_what_speaks_for_a_place_is_finite_and_beside_the_mean() -> None:
    sound = play_groove(even_beats(120.0, 0.1, 4.3), 4.3)
    analyzed, tracked = _hear(sound, 120.0, 4.0)
    described = describe_bars(analyzed, tracked)
    assert described.shape == (4 * STEPS, len(WEIGHTS))
    assert np.isfinite(described).all()
    assert np.abs(described.mean(axis=0)).max() < 1e-9
