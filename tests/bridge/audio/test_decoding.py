"""Taking a signal to a lower rate in blocks."""

import numpy as np

from musearoo.bridge.audio.decoding import BLOCK_FRAMES, Decimator
from musearoo.engines.analysis.fast.activation.sound import FloatArray


def test_decimation_does_not_depend_on_the_blocks_and_keeps_what_lies_above_out() -> None:
    signal = np.random.default_rng(3).standard_normal(3 * BLOCK_FRAMES + 77).astype(np.float32)

    def decimate(size: int) -> FloatArray:
        decimator = Decimator(2)
        blocks = [decimator.push(signal[start : start + size]) for start in range(0, signal.size, size)]
        return np.concatenate([*blocks, decimator.finish()])

    whole = decimate(signal.size)
    assert whole.size == -(-signal.size // 2)
    np.testing.assert_allclose(decimate(99_991), whole, atol=1e-4)

    high = np.cos(2 * np.pi * 0.3 * np.arange(BLOCK_FRAMES)).astype(np.float32)
    decimator = Decimator(2)
    left = np.concatenate([decimator.push(high), decimator.finish()])
    assert np.abs(left[200:-200]).max() < 2e-4
