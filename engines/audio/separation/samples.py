"""Short sounds held in memory, as a Source for separators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from musearoo.engines.audio.separation.contract import FloatArray, Separator, Source
from musearoo.engines.music.stems import StemName


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A sound in memory, float32 (channels, frames); a `Source` that yields `block` frames at a time."""

    samples: FloatArray
    rate: int = 44_100
    block: int = 65_536

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        """Samples a channel."""
        return int(self.samples.shape[1])

    def blocks(self) -> Iterator[FloatArray]:
        """See Source."""
        for first in range(0, self.frames, self.block):
            yield self.samples[:, first : first + self.block]


def separate_whole(separator: Separator, source: Source) -> dict[StemName, FloatArray]:
    """Separate a short sound into stems, each float32 (channels, frames)."""
    blocks = list(separator.separate(source, lambda _fraction, _text: None))
    return {stem: np.concatenate([block[stem] for block in blocks], axis=1) for stem in separator.stems}
