"""Sounds in memory as a source: all of them, in order."""

import numpy as np
import pytest

from engines.separation.samples import Samples


@pytest.mark.parametrize("block", [1, 7, 65_536])
def test_a_sound_is_given_whole_and_in_order(block: int) -> None:
    samples = np.arange(40, dtype=np.float32).reshape(2, 20)
    sound = Samples(samples, 8_000, block)
    assert (sound.channels, sound.frames) == (2, 20)
    np.testing.assert_array_equal(np.concatenate(list(sound.blocks()), axis=1), samples)
