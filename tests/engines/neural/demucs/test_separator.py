"""Streaming separation compared with `demucs.api`, on sounds of all kinds."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.optional import require

torch = require("torch", "demucs")

from musearoo.bridge.jobs.contract import JobCancelled
from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.samples import Samples
from musearoo.engines.errors import EngineError
from musearoo.engines.music.stems import FOUR_STEMS, SIX_STEMS
from musearoo.engines.neural.demucs.loading import load_demucs
from musearoo.engines.neural.demucs.precision import LARGEST_ERROR_DB, measure_error_db
from musearoo.engines.neural.demucs.separator import DemucsSeparator, estimate_bytes
from musearoo.tools.bench.stems.demucs_split import load_peer, measure_apart_db, run_stock
from tests.engines.neural.demucs.sounds import make_noise

SEGMENT = 44_100
"""Of the tiny models."""


def take_apart(separator: DemucsSeparator, samples: FloatArray) -> FloatArray:
    """Return (stems, channels, frames); checks each block's shape, and that progress never decreases."""
    reports: list[float] = []
    blocks = list(separator.separate(Samples(samples), lambda done, _text: reports.append(done)))
    assert all(tuple(block) == separator.stems for block in blocks)
    assert reports == sorted(reports)
    assert reports[-1] == pytest.approx(1.0)
    stems = np.concatenate([np.stack(list(block.values())) for block in blocks], axis=2)
    assert stems.dtype == np.float32
    assert stems.shape[1:] == samples.shape
    return stems


def exact(folder: Path, name: str = "htdemucs", **options: Any) -> DemucsSeparator:
    return DemucsSeparator(load_demucs(folder, name, "cpu"), may_halve=False, **options)


@pytest.mark.parametrize(
    ("name", "frames"),
    [
        pytest.param("htdemucs", 10, id="ten samples"),
        pytest.param("htdemucs", SEGMENT, id="a whole segment"),
        pytest.param("htdemucs", SEGMENT + 1, id="one sample more"),
        pytest.param("htdemucs", SEGMENT + 33_079, id="three segments, the last of four samples"),
        pytest.param("htdemucs_ft", SEGMENT // 4, id="a bag of four"),
        pytest.param("htdemucs_6s", SEGMENT // 2, id="six stems"),
    ],
)
def test_it_matches_demucs(tiny: Path, name: str, frames: int) -> None:
    samples = make_noise(frames)
    stock = run_stock(load_peer(tiny, name), Samples(samples, SEGMENT), shifts=0, split=frames > SEGMENT).stems
    ours = take_apart(exact(tiny, name), samples)
    np.testing.assert_allclose(ours, stock, atol=3e-5)
    assert measure_apart_db(ours, stock) < 0.001
    # Where half precision is allowed for this sound, it still matches Demucs. Processors round it differently, and with
    # random weights one second says less about the rest than with music.
    as_used = take_apart(DemucsSeparator(load_demucs(tiny, name, "cpu")), samples)
    assert measure_error_db(stock, as_used).max() < LARGEST_ERROR_DB + 8.0


def test_batching_does_not_change_the_result(tiny: Path) -> None:
    samples = make_noise(2 * SEGMENT)
    np.testing.assert_allclose(take_apart(exact(tiny, at_once=3), samples), take_apart(exact(tiny), samples), atol=1e-5)


def test_shifted_passes_are_averaged(tiny: Path) -> None:
    samples = make_noise(20_000)
    plain, shifted = take_apart(exact(tiny), samples), take_apart(exact(tiny, shifts=2), samples)
    np.testing.assert_array_equal(shifted, take_apart(exact(tiny, shifts=2), samples))
    assert 0.0 < np.abs(plain - shifted).max() < 0.5


def test_one_channel_gives_the_mean_of_both(tiny: Path) -> None:
    samples = make_noise(20_000)[:1]
    stereo = take_apart(exact(tiny), np.repeat(samples, 2, axis=0))
    np.testing.assert_allclose(take_apart(exact(tiny), samples)[:, 0], stereo.mean(axis=1), atol=1e-6)


def test_the_stems_are_in_our_order(tiny: Path) -> None:
    assert exact(tiny).stems == FOUR_STEMS
    assert exact(tiny, "htdemucs_6s").stems == SIX_STEMS


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_silence_and_a_constant_stay_what_they_are(tiny: Path, value: float) -> None:
    samples = np.full((2, SEGMENT + 5), value, dtype=np.float32)
    np.testing.assert_allclose(take_apart(exact(tiny), samples), value)
    assert take_apart(exact(tiny), samples[:, :1]).shape == (4, 2, 1)


def test_a_clipped_sound_gives_numbers(tiny: Path) -> None:
    assert np.all(np.isfinite(take_apart(exact(tiny), np.clip(50.0 * make_noise(30_000), -1.0, 1.0))))


def test_a_sound_of_another_rate_is_refused(tiny: Path) -> None:
    with pytest.raises(EngineError, match="takes sounds of 44100 Hz: convert from 48000 Hz first"):
        next(iter(exact(tiny).separate(Samples(make_noise(10), rate=48_000), lambda _done, _text: None)))


def test_a_cancel_within_a_segment_ends_it(tiny: Path) -> None:
    reports = 0

    def report(done: float, _text: str) -> None:
        nonlocal reports
        reports += 1
        if done > 0.3:
            raise JobCancelled

    threads = torch.get_num_threads()
    with pytest.raises(JobCancelled):
        list(exact(tiny).separate(Samples(make_noise(SEGMENT)), report))
    assert reports > 10
    assert torch.get_num_threads() == threads


def test_half_precision_is_rejected_where_it_is_audible(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_demucs(tiny, "htdemucs", "cpu")
    model._half = torch.bfloat16
    judge = "musearoo.engines.neural.demucs.separator.is_close_enough"
    monkeypatch.setattr(judge, lambda _full, _half: False)
    samples = make_noise(9_000)
    np.testing.assert_array_equal(take_apart(DemucsSeparator(model), samples), take_apart(exact(tiny), samples))
    monkeypatch.setattr(judge, lambda _full, _half: True)
    assert np.abs(take_apart(DemucsSeparator(model), samples) - take_apart(exact(tiny), samples)).max() > 1e-6


def test_less_at_once_needs_less() -> None:
    assert estimate_bytes(0) == estimate_bytes(1) < estimate_bytes(4)
