from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tests.optional import require

require("torch")

from musearoo.engines.analysis.fast.rhythm.hypothesis_scores import score_features
from musearoo.tools.workshop.training.rhythm.examples import (
    Example,
    Truth,
    crop,
    cut_loop,
    drift,
    load_example,
    save_example,
)
from musearoo.tools.workshop.training.rhythm.learning import balance, compare, consider
from musearoo.tools.workshop.training.rhythm.model import Choice, fit_odds, fit_ranking, fit_temperature
from musearoo.tools.workshop.training.rhythm.noises import make_noises
from tests.engines.analysis.fast.rhythm.songs import ROCK, even_beats, perform


def rock(kind: str = "drums") -> Example:
    beats = np.asarray(even_beats(100.0, 20.0, 0.2))
    evidence, cues = perform(ROCK, 4, beats.tolist(), 20.0)
    ramp = np.linspace(0.0, 1.0, 2000, dtype=np.float32)
    cues = type(cues)(drums=cues.drums, bass=ramp, harmony=np.zeros(2000, dtype=np.float32), sounding=(0.2, 20.0))
    return Example(kind, Truth(100.0, beats, beats[::4], "4/4"), evidence, cues, 20.0)


def test_a_crop_keeps_its_truth_in_place() -> None:
    part = crop(rock(), 5.0, 12.0)
    assert part.truth is not None
    assert part.duration == 7.0
    assert part.evidence.beat.shape == (700,)
    assert part.evidence.beat[np.rint(part.truth.beats * 100).astype(int)].min() > 0.5
    assert part.truth.downbeats[0] == pytest.approx(0.0)
    assert part.cues.bass is not None
    assert part.cues.bass.shape == (700,)


def test_beats_drift_with_their_evidence() -> None:
    bent = drift(rock(), np.random.default_rng(3))
    assert bent.truth is not None
    assert bent.evidence.beat[np.rint(bent.truth.beats * 100).astype(int)].min() > 0.4
    steps = np.diff(bent.truth.beats)
    assert steps.max() / steps.min() > 1.02


def test_a_loop_is_whole_bars_from_a_downbeat() -> None:
    loop = cut_loop(rock(), np.random.default_rng(2))
    assert loop is not None
    assert loop.truth is not None
    assert loop.kind == "loops"
    assert loop.duration / 2.4 == pytest.approx(round(loop.duration / 2.4), abs=0.01)
    assert loop.truth.downbeats[0] == pytest.approx(0.0)
    assert loop.truth.downbeats.size == round(loop.duration / 2.4)


def test_no_loop_is_cut_where_there_is_no_beat() -> None:
    assert cut_loop(replace(rock(), truth=None), np.random.default_rng(2)) is None


def test_examples_are_kept_whole(tmp_path: Path) -> None:
    example = rock()
    save_example(tmp_path / "kept.npz", example)
    again = load_example(tmp_path / "kept.npz", "drums", example.truth)
    assert (again.evidence.onset == example.evidence.onset).all()
    assert again.cues.drums is not None
    assert again.cues.bass is not None
    assert again.cues.bass[-1] == 1.0
    assert again.cues.sounding == (0.2, 20.0)
    assert again.duration == 20.0


def test_the_right_count_is_marked() -> None:
    (considered,) = consider([(rock(), 1.0)])
    right = considered.right_tempo & considered.right_place & considered.right_meter
    assert right.any()
    scores = score_features(considered.features)
    assert right[np.unravel_index(int(scores.argmax()), scores.shape)]
    assert not np.any(compare(considered.hypotheses, None))


def test_kinds_count_alike() -> None:
    balanced = balance([(rock("pop"), 1.0), (rock("drums"), 1.0), (rock("drums"), 1.0)])
    assert [weight for _, weight in balanced] == pytest.approx([1.5, 0.75, 0.75])


def test_a_ranking_learns_what_is_right() -> None:
    chance = np.random.default_rng(0)
    choices = []
    for _ in range(80):
        features = chance.normal(size=(12, 3)).astype(np.float32)
        right = np.zeros(12, dtype=bool)
        right[features[:, 1].argmax()] = True
        choices.append(Choice(features, right, 1.0))
    ranking = fit_ranking(choices[:60], seed=0, steps=150)
    hits = [choice.right[ranking.score(choice.features).argmax()] for choice in choices[60:]]
    assert np.mean(hits) > 0.9
    assert 0.7 <= fit_temperature(choices[60:], ranking) < 3.0


def test_odds_find_the_bias_and_the_sign() -> None:
    features = np.random.default_rng(1).normal(size=(400, 2)).astype(np.float32)
    weights, bias = fit_odds(features, features[:, 0] > 0.5, np.ones(400, dtype=np.float32), 1e-3)
    assert weights[0] > 1.0
    assert abs(weights[1]) < 0.5
    assert bias < 0.0


def test_noises_are_the_same_each_time() -> None:
    first, again = list(islice(make_noises(7, seed=5), 2)), list(islice(make_noises(7, seed=5), 2))
    assert all((a.samples == b.samples).all() for a, b in zip(first, again, strict=True))
    assert not any(sound.is_silent for sound in first)
