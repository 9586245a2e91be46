"""Sounds in memory as a source: complete and in order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from musearoo.engines.audio.separation.contract import Block, Report, Source
from musearoo.engines.audio.separation.samples import Samples, separate_whole
from musearoo.engines.music.stems import StemName
from tests.each_case import each_case


@each_case("block", [1, 7, 65_536])
def test_a_sound_is_given_whole_and_in_order(block: int) -> None:
    samples = np.arange(40, dtype=np.float32).reshape(2, 20)
    sound = Samples(samples, 8_000, block)
    assert (sound.channels, sound.frames) == (2, 20)
    np.testing.assert_array_equal(np.concatenate(list(sound.blocks()), axis=1), samples)


class _Passing:
    """A separator that assigns everything to the drums, block by block."""

    stems: tuple[StemName, ...] = ("drums",)
    rate = None

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        for block in source.blocks():
            report(0.5, "")
            yield {"drums": block}


def test_blocks_are_joined_along_time() -> None:
    samples = np.arange(40, dtype=np.float32).reshape(2, 20)
    np.testing.assert_array_equal(separate_whole(_Passing(), Samples(samples, 8_000, 7))["drums"], samples)
