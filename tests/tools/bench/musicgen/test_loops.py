"""The takes with a known truth and what is measured of loops: the measures see what they are to see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.neural.analysis_weights import read_learned
from musearoo.tools.bench.musicgen.loops import describe_loops, judge_stretching, judge_take, measure_seam
from musearoo.tools.bench.musicgen.takes import (
    HELD_OUT_SEED,
    LEAST_ASKED,
    LOOP_BEATS,
    MOST_ASKED,
    RATE,
    RECORDED,
    TAKES,
    draw_takes,
    make_take,
    read_recorded,
)
from musearoo.tools.workshop.training.bar_starts import (
    SEEDS,
    Lesson,
    count_right,
    count_right_unheard,
    fit_weights,
    read_lesson,
)
from tests.engines.audio.loops.sounds import even_beats, play_groove


def test_there_are_twenty_takes_off_by_up_to_eight_per_cent() -> None:
    assert len(TAKES) == 20
    assert {round(spec.off, 2) for spec in TAKES} >= {0.92, 1.08}
    assert all(0.92 <= spec.off <= 1.08 for spec in (*TAKES, *RECORDED))
    assert {spec.feel for spec in TAKES} == {0.5, 1.0, 2.0}


def test_takes_are_drawn_alike_from_the_same_seed_and_within_bounds() -> None:
    styles = read_styles()
    drawn = draw_takes(HELD_OUT_SEED, styles)
    assert drawn == draw_takes(HELD_OUT_SEED, styles)
    assert len(drawn) >= 50
    assert not {spec.seed for spec in drawn} & {spec.seed for seed in SEEDS for spec in draw_takes(seed, styles)}
    assert all(0.92 <= spec.off <= 1.08 for spec in drawn)
    assert all(LEAST_ASKED <= spec.bpm <= MOST_ASKED for spec in drawn if spec.feel != 1.0)
    assert {spec.feel for spec in drawn} == {0.5, 1.0, 2.0}


def test_weights_are_learned_that_tell_right_places_from_others() -> None:
    chance = np.random.default_rng(1)
    is_right = np.arange(16) == 5
    # Only the second column speaks for a place.
    lessons = [
        Lesson(
            f"style {k % 5}", np.stack((chance.normal(size=16), chance.normal(size=16) + 4.0 * is_right), 1), is_right
        )
        for k in range(40)
    ]
    weights = fit_weights(lessons)
    assert weights[1] > 5.0 * abs(weights[0])
    assert count_right(lessons, weights) >= 36
    assert count_right_unheard(lessons) >= 36


def test_a_lesson_has_the_true_downbeats() -> None:
    take = make_take(TAKES[8], read_styles())
    lesson = read_lesson(take, read_learned({}).ear)
    assert lesson is not None
    assert lesson.is_right.sum() == 1
    assert lesson.features.shape[0] == lesson.is_right.size


def test_a_take_has_its_strokes_on_its_true_beats() -> None:
    take = make_take(replace(TAKES[8], mono=True), read_styles())
    assert take.samples.shape[0] == 1
    inner = take.beats[(take.beats > 0.05) & (take.beats < take.samples.shape[1] / RATE - 0.1)]
    edges = np.diff(np.abs(take.samples[0]))
    near = [np.abs(edges[round((beat - 0.002) * RATE) : round((beat + 0.004) * RATE)]).max() for beat in inner]
    far = [np.abs(edges[round((beat + 0.08) * RATE) : round((beat + 0.086) * RATE)]).max() for beat in inner]
    assert np.median(near) > 2.0 * np.median(far)
    # Four on the floor that hurries by 4 % over 48 beats.
    steps = np.diff(take.beats)
    assert steps[0] / steps[-1] == pytest.approx(1.0 + 0.04 * inner.size / 48, abs=0.02)


def test_one_take_is_judged_by_its_truth() -> None:
    take = make_take(TAKES[2], read_styles())
    verdict = judge_take(take, read_learned({}).ear)
    assert verdict.samples_off == 0
    assert verdict.has_tempo
    assert verdict.start == "on the one"
    assert verdict.seam_db < 0.0
    rows = list(describe_loops([verdict], "1 take"))
    assert all(row.met is not False for row in rows)
    # The truth moved by a third of a beat is another truth.
    moved = replace(take, beats=take.beats + 0.2, downbeats=take.downbeats + 0.2)
    assert not judge_take(moved, read_learned({}).ear).is_on_beat


def test_stretching_meets_its_targets() -> None:
    assert all(row.met for row in judge_stretching())


def test_a_click_at_the_seam_is_seen() -> None:
    groove = play_groove(even_beats(120.0, 0.25, 2.0), 2.0)
    assert measure_seam(groove, RATE) < -20.0
    clicked = groove.copy()
    clicked[:, -1] += 0.8
    assert measure_seam(clicked, RATE) > -10.0


def test_recorded_loops_are_varied_where_they_lie(tmp_path: Path) -> None:
    spec = RECORDED[0]
    seconds = LOOP_BEATS[spec.name] * 60.0 / spec.bpm
    loop = play_groove(even_beats(spec.bpm, 0.0, seconds - 0.01), seconds)
    soundfile.write(tmp_path / f"{spec.name}.flac", loop.T, RATE)
    (take,) = read_recorded(tmp_path)
    assert take.spec is spec
    assert np.diff(take.beats) == pytest.approx(60.0 / (spec.bpm * spec.off))
    first = round(take.beats[0] * RATE)
    assert (
        np.abs(take.samples[:, first : first + 400]).max()
        > 4.0 * np.abs(take.samples[:, first - 400 : first - 40]).max()
    )
