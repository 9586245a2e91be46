"""Each stage by itself, on evidence that leaves no doubt."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.rhythm import RhythmCues, RhythmHints, find_sounding
from musearoo.engines.analysis.fast.rhythm.bars import fit_bars, place_downbeats
from musearoo.engines.analysis.fast.rhythm.beats import Beats, track_beats
from musearoo.engines.analysis.fast.rhythm.hypothesis_scores import agrees_with, score_features
from musearoo.engines.analysis.fast.rhythm.loop_length import fit_loops
from musearoo.engines.analysis.fast.rhythm.meter_hypotheses import FEATURES, KINDS, SHIFTS, form_meter_hypotheses
from musearoo.engines.analysis.fast.rhythm.signals import CHANNELS, Signals, stack_signals
from musearoo.engines.analysis.fast.rhythm.tables import read_table, write_table
from musearoo.engines.analysis.fast.rhythm.tatums import PARTS, Tatum, fit_period, measure_jitter, track_tatum
from musearoo.engines.analysis.fast.rhythm.tempo import measure_curve
from musearoo.engines.analysis.fast.rhythm.tempo_candidates import comb, measure_resemblance, propose_tempo_candidates
from musearoo.engines.errors import EngineError, ParamError
from tests.each_case import each_case
from tests.engines.analysis.fast.rhythm.songs import ROCK, even_beats, paint, perform


def rock(bpm: float, duration: float, start: float = 0.0) -> Signals:
    evidence, cues = perform(ROCK, 4, even_beats(bpm, duration, start), duration)
    return stack_signals(evidence, duration, cues)


def test_signals_scale_what_is_known_and_leave_the_rest_at_zero() -> None:
    evidence, cues = perform(ROCK, 4, even_beats(120.0, 4.0), 4.0)
    signals = stack_signals(evidence, 4.0, cues)
    assert signals.rows.shape == (len(CHANNELS), 400)
    assert signals.row("beat").max() == pytest.approx(1.0)
    assert signals.row("snare").max() == pytest.approx(1.0)
    assert not signals.row("bass").any()
    assert (signals.near >= signals.rows).all()


def test_noise_in_a_channel_is_not_scaled_up() -> None:
    evidence, _ = perform(ROCK, 4, even_beats(120.0, 4.0), 4.0)
    whisper = np.random.default_rng(0).uniform(0.0, 0.01, 400).astype(np.float32)
    assert stack_signals(evidence, 4.0, RhythmCues(bass=whisper)).row("bass").max() <= 0.11


@each_case("bpm", [61.0, 97.3, 133.0, 211.0])
def test_the_period_is_among_the_candidates(bpm: float) -> None:
    resemblance = measure_resemblance(rock(bpm, 12.0, 0.2))
    periods = propose_tempo_candidates(resemblance, 4)
    assert periods.size <= 4
    assert np.abs(np.log(periods * bpm / 6000.0)).min() < 0.01


def test_no_period_is_proposed_where_nothing_repeats() -> None:
    assert propose_tempo_candidates(np.zeros(5, dtype=np.float32), 4).size == 0
    assert comb(np.zeros(300, dtype=np.float32), np.asarray([50.0], dtype=np.float32)).tolist() == [0.0]


def test_beats_keep_time_through_a_break() -> None:
    beats = even_beats(120.0, 10.0, 0.25)
    heard = [t for t in beats if not 4.0 < t < 6.5]
    found = track_beats(paint(heard, 1000), 50.0) / 100.0
    assert found == pytest.approx(beats, abs=0.03)


def test_beats_lie_between_frames() -> None:
    evidence = paint([0.5, 1.0, 1.5, 2.0], 230)
    evidence[1:] = 0.5 * evidence[1:] + 0.5 * evidence[:-1]
    assert track_beats(evidence, 50.0)[1:5] == pytest.approx([50.5, 100.5, 150.5, 200.5], abs=0.1)


def test_the_period_is_fitted_past_a_beat_that_strays_and_one_that_is_missing() -> None:
    beats = np.delete(np.arange(20) * 47.3, 7)
    beats[3] += 9.0
    assert fit_period(beats, 47.0) == pytest.approx(47.3, rel=1e-3)


def test_jitter_is_loose_time_and_no_drift() -> None:
    loose = 50.0 * np.arange(2000) + np.random.default_rng(2).normal(0.0, 2.0, 2000)
    assert measure_jitter(loose) == pytest.approx(2.0, rel=0.1)
    assert measure_jitter(np.cumsum(np.linspace(50.0, 60.0, 50))) < 0.2


def test_irregular_bars_are_followed() -> None:
    downbeats = [0, 4, 8, 12, 14, 18, 22, 26]
    odds = np.full(30, -4.0, dtype=np.float32)
    odds[downbeats] = 4.0
    assert place_downbeats(odds, 4, 0, 1.0) == tuple(downbeats)


def test_bars_are_found_by_their_downbeats() -> None:
    odds = np.full((1, 24), -2.0, dtype=np.float32)
    odds[0, 1::3] = 2.0
    nothing = np.zeros_like(odds)
    fit = fit_bars(odds, nothing, np.zeros((1, 5), dtype=np.float32), np.zeros((1, 5), dtype=np.int64))
    assert fit.contrast[0].argmax() == 1
    assert fit.first[0, 1] == 1


def _even_pulse(period: float, duration: float, start: float = 0.0) -> Tatum:
    beats = np.arange(start, duration - 0.05, period)
    return Tatum(beats, period, 0.0, 1.0, np.zeros((len(CHANNELS), beats.size, PARTS), dtype=np.float32), {})


def test_a_loop_fits_whole_bars_from_its_start() -> None:
    signals = rock(120.0, 8.0)
    fit = fit_loops(_even_pulse(0.5, 8.0), np.asarray([0, 6]), np.asarray([3, 4]), signals, None)
    assert fit.bars[0].tolist() == [5, 4]
    assert fit.whole_bars[0, 1] * fit.starts_on_beat[0, 1] == pytest.approx(1.0)
    assert fit.whole_bars[0, 0] < 0.01
    assert fit.starts_on_beat[1, 1] < 0.01


def test_silence_after_a_loop_is_left_out() -> None:
    evidence, cues = perform(ROCK, 4, even_beats(120.0, 4.0), 4.7)
    signals = stack_signals(evidence, 4.7, RhythmCues(drums=cues.drums, sounding=(0.0, 4.0)))
    fit = fit_loops(_even_pulse(0.5, 4.0), np.asarray([0]), np.asarray([4]), signals, None)
    assert fit.bars.tolist() == [[2]]
    assert fit.length.tolist() == [[4.0]]


def test_whoever_knows_that_a_clip_is_no_loop_is_believed() -> None:
    fit = fit_loops(_even_pulse(0.5, 8.0), np.asarray([0]), np.asarray([4]), rock(120.0, 8.0), False)
    assert not fit.whole_bars.any()
    assert not fit.starts_on_beat.any()


def test_counts_have_a_feature_for_each_name() -> None:
    signals = rock(100.0, 8.0)
    resemblance = measure_resemblance(signals)
    hypotheses = form_meter_hypotheses(signals, track_tatum(signals, 60.0, 0.5), resemblance, None)
    assert hypotheses.features.shape == (len(SHIFTS), len(KINDS), len(FEATURES))
    assert np.isfinite(hypotheses.features).all()
    assert hypotheses.features[0, 0, FEATURES.index("jitter")] < 0.1
    assert hypotheses.features[0, 0, FEATURES.index("snare_on")] == pytest.approx(0.5, abs=0.1)
    assert hypotheses.features[0, 2, FEATURES.index("is_five")] == 1.0
    assert score_features(hypotheses.features).shape == (len(SHIFTS), len(KINDS))


def test_a_steady_tempo_has_one_point_and_a_change_has_many() -> None:
    even: Beats = 0.5 * np.arange(40, dtype=np.float64)
    assert len(measure_curve(even, 120.0)) == 1
    faster: Beats = np.cumsum(np.asarray([0.5] * 24 + [0.4] * 24))
    curve = measure_curve(faster, 133.0)
    assert curve[0].bpm == pytest.approx(120.0)
    assert curve[-1].bpm == pytest.approx(150.0)


def test_the_set_agrees_by_quarters() -> None:
    agreed = [str(kind.meter(240.0)) for kind, agrees in zip(KINDS, agrees_with(240.0, 120.0), strict=True) if agrees]
    assert agreed == ["5/8", "7/8"]


def test_hints_are_checked() -> None:
    with pytest.raises(ParamError, match=r"hints\.bpm must be 20 to 999 BPM, but was 5"):
        RhythmHints(bpm=5.0)


def test_where_sound_begins_and_ends() -> None:
    sound = Sound.of(np.concatenate((np.zeros(1000), np.tile([0.5, -0.5], 1000), np.zeros(500))), 1000 * 10)
    assert find_sounding(sound) == pytest.approx((0.1, 0.3))
    assert find_sounding(Sound.of(np.zeros(100), 44_100)) == (0.0, 0.0)


def test_tables_are_read_as_written() -> None:
    table = {"bias": (-1.5,), "kick": (0.25, 1e-05, 3000.0)}
    assert read_table(write_table(table)) == table


@each_case("text", ["kick 0.5 x", "kick"])
def test_a_damaged_table_says_so(text: str) -> None:
    with pytest.raises(EngineError, match="'kick'"):
        read_table(text)
