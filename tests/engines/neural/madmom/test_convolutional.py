"""Convolutions as matrix products compared with SciPy's."""

import numpy as np
from scipy.signal import convolve

from musearoo.engines.neural.madmom.convolutional import Convolution, Pooling
from tests.each_case import each_case


@each_case("pad", [0, 1])
@each_case("frames, bins", [(3, 3), (2, 4), (1, 1)])
def test_a_convolution_is_that_of_scipy(frames: int, bins: int, pad: int) -> None:
    rng = np.random.default_rng(frames * 10 + bins)
    signal = rng.standard_normal((9, 11, 2)).astype(np.float32)
    kernel = rng.standard_normal((frames, bins, 2, 5)).astype(np.float32)
    bias = rng.standard_normal(5).astype(np.float32)
    ours = Convolution(pad, bins, kernel.reshape(frames, bins * 2, 5), bias, "relu").apply(signal)
    padded = np.pad(signal, ((pad, pad), (pad, pad), (0, 0)))
    for feature in range(5):
        mirrored = kernel[::-1, ::-1, ::-1, feature]
        plain = convolve(padded, mirrored, mode="valid")[:, :, 0] + bias[feature]
        assert np.allclose(ours[:, :, feature], np.maximum(plain, 0.0), atol=1e-5)


def test_pooling_takes_the_maximum_and_drops_the_remainder() -> None:
    signal = np.arange(15, dtype=np.float32).reshape(3, 5, 1)
    assert Pooling(2, 2).apply(signal)[:, :, 0].tolist() == [[6.0, 8.0]]
    assert Pooling(1, 2).apply(signal)[:, :, 0].tolist() == [[1.0, 3.0], [6.0, 8.0], [11.0, 13.0]]
