"""How the separator's networks learn: from cells that stand for whole mixes, to better stems, into text and back."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.mask_estimation import estimate_masks
from musearoo.engines.music.stems import FOUR_STEMS
from musearoo.tools.bench.stems.measures import measure_si_sdr
from musearoo.tools.bench.stems.mixes import Mix
from tests.engines.audio.separation.sounds import play_band
from tests.optional import require

torch = require("torch")

from musearoo.tools.workshop.training.stems import cues as stem_cues
from musearoo.tools.workshop.training.stems import examples as stem_examples

BAND = play_band(9.0, 16_000)
MIX = Mix("a band", {name: BAND[name] for name in FOUR_STEMS}, 16_000)


@pytest.fixture(scope="module")
def cells() -> stem_examples.Cells:
    return stem_examples.pick_cells(MIX, None, np.random.default_rng(1))


def rate(cells: stem_examples.Cells, shares: FloatArray) -> float:
    figures = (torch.from_numpy(some) for some in (cells.weights, cells.mix, cells.powers, cells.shared))
    return float(stem_cues.rate_shares(torch.from_numpy(shares.astype(np.float32)), *figures))


def test_a_few_cells_tell_the_worth_of_a_guess(cells: stem_examples.Cells) -> None:
    # The mix stands for each stem: what that is worth is known from the samples.
    expected = []
    for stem in MIX.stems.values():
        sdr = 10.0 * np.log10((stem**2).sum() / ((MIX.samples - stem) ** 2).sum())
        expected.append(max(-5.0, 0.8 * measure_si_sdr(stem, MIX.samples) + 0.2 * sdr))
    assert rate(cells, np.ones((cells.mix.size, 4), dtype=np.float32)) == pytest.approx(np.mean(expected), abs=0.5)


def test_true_shares_are_worth_more_than_equal_ones(cells: stem_examples.Cells) -> None:
    true = np.clip(cells.shared / (cells.mix[:, np.newaxis] + 1e-12), 0.0, 1.0)
    assert rate(cells, true) > rate(cells, np.full_like(true, 0.25)) + 10.0


def test_a_variation_is_eight_seconds_of_other_loudness() -> None:
    varied = stem_examples.vary([MIX], np.random.default_rng(3))
    assert tuple(varied.stems) == FOUR_STEMS
    assert varied.samples.shape[1] == stem_examples.SECONDS * MIX.rate
    levels = {name: float((stem**2).mean()) for name, stem in varied.stems.items()}
    assert all(levels[name] != pytest.approx(float((MIX.stems[name] ** 2).mean()), rel=0.01) for name in FOUR_STEMS)


def test_what_was_learned_is_better_than_nothing_and_survives_as_text(cells: stem_examples.Cells) -> None:
    network = stem_cues.learn([cells], epochs=25)
    shares = estimate_masks(cells.cues.T[:, np.newaxis], network)[:, 0].T
    assert rate(cells, shares) > rate(cells, np.full_like(shares, 0.25)) + 3.0
    written: dict[str, tuple[tuple[list[list[float]], list[float]], ...]] = {}
    exec(stem_cues.write_judgement(network, network), written)
    for (weights, bias), (rows, offsets) in zip(network, written["SECOND"], strict=True):
        np.testing.assert_allclose(np.array(rows), weights, rtol=6e-3, atol=1e-7)
        np.testing.assert_allclose(np.array(offsets), bias[:, 0], rtol=6e-3, atol=1e-7)
