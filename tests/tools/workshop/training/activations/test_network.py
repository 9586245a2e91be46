from pathlib import Path

import numpy as np

from musearoo.engines.analysis.fast.activation.network import read_weights, run
from musearoo.engines.analysis.fast.activation.spectrogram import BANDS
from tests.optional import require

torch = require("torch")


def test_what_was_trained_is_what_runs(tmp_path: Path) -> None:
    from musearoo.tools.workshop.training.activations.network import Ear, export

    torch.manual_seed(1)
    ear = Ear().eval()
    export(ear, tmp_path / "weights.npz")
    weights = read_weights((tmp_path / "weights.npz").read_bytes())
    bands = np.random.default_rng(0).uniform(0.0, 1.0, (300, BANDS)).astype(np.float32)

    with torch.no_grad():
        expected = torch.sigmoid(ear(torch.from_numpy(bands.T[np.newaxis].copy())))[0].T.numpy()

    # Weights are kept in float16.
    np.testing.assert_allclose(run(bands, weights), expected, atol=2e-3)


def test_targets_show_where_between_frames_an_event_lies() -> None:
    from musearoo.tools.workshop.training.activations.network import mark

    np.testing.assert_allclose(mark(np.array([0.05, 0.1025]), 0, 1.0, 14)[4:12], [0.5, 1, 0.5, 0, 0, 0.25, 1, 0.75])
    # Played twice as fast, from the second frame on.
    np.testing.assert_allclose(mark(np.array([0.06]), 2, 2.0, 6), [0, 0.5, 1, 0.5, 0, 0], atol=1e-6)
    assert not mark(None, 0, 1.0, 5).any()
