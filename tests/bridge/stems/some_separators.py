"""A separator that tries what surrounds separators: each stem is a share of the mix, so all of it can be foretold."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from musearoo.bridge.stems.separators import SEPARATORS, SeparatorKind
from musearoo.engines.audio.separation.contract import Block, Report, Source
from musearoo.engines.music.stems import FOUR_STEMS, StemName

SHARES: dict[StemName, float] = {"drums": 0.5, "bass": 0.25, "vocals": 0.15, "other": 0.1}
"""They add up to 1, so the stems add up to the mix."""


class ShareSeparator:
    """Gives each stem its share of the mix, times `gain`; `on_block` is called after each block of the source."""

    def __init__(
        self, rate: int | None = None, gain: float = 1.0, on_block: Callable[[int], object] = lambda _number: None
    ) -> None:
        self.stems = FOUR_STEMS
        self.rate = rate
        self._gain = gain
        self._on_block = on_block

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        done = 0
        for number, samples in enumerate(source.blocks()):
            report(done / source.frames, "separating")
            yield {stem: samples * np.float32(share * self._gain) for stem, share in SHARES.items()}
            done += samples.shape[1]
            self._on_block(number)


def put_in_place_of_dsp(monkeypatch: pytest.MonkeyPatch, separator: ShareSeparator) -> None:
    """Has jobs of the kind `split` in this process use a separator for the backend dsp."""
    monkeypatch.setitem(SEPARATORS, "dsp", SeparatorKind(lambda _params: separator, lambda _params: 0, lambda: None))
