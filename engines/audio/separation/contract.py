"""The interface of stem separators: streaming, so that long recordings are never in memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.stems import StemName

FloatArray = npt.NDArray[np.float32]

Report = Callable[[float, str], None]
"""Reports progress (0..1) with a label; it may raise to cancel the work."""

Block = Mapping[StemName, FloatArray]
"""The stems of one block: float32 (channels, n), all of equal length, at the level they have in the mix."""


class Source(Protocol):
    """A sound that can be read from its start repeatedly."""

    @property
    def rate(self) -> int:
        """Hz."""

    @property
    def channels(self) -> int:
        """Number of channels: 1 or 2."""

    @property
    def frames(self) -> int:
        """Samples per channel: exactly as many as `blocks` yields."""

    def blocks(self) -> Iterator[FloatArray]:
        """Yield the samples from the first on, float32 (channels, n) with any n above 0; finite, full scale is 1."""


class Separator(Protocol):
    """A stem separator. One object may be used for several sounds in sequence."""

    @property
    def stems(self) -> tuple[StemName, ...]:
        """The stems it yields, in the order of `engines.music.stems`."""

    @property
    def rate(self) -> int | None:
        """The only sample rate it supports, in Hz; None for any."""

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        """Separate: yield the stems block by block without a gap, as many channels and frames as the source.

        Deterministic. It calls `report` at least once a segment and lets its exceptions pass.
        """
