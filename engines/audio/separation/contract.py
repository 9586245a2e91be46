"""What takes a sound apart, and what it is given: streams, so that half an hour never lies in memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.stems import StemName

FloatArray = npt.NDArray[np.float32]

Report = Callable[[float, str], None]
"""Takes how much is done (0..1) and what is being done; raises what ends the work when it is not wanted any more."""

Block = Mapping[StemName, FloatArray]
"""The stems of one stretch: float32 (channels, n), all equally long, their samples as loud as in the mix."""


class Source(Protocol):
    """A sound that can be read from its start as often as is needed."""

    @property
    def rate(self) -> int:
        """Hz."""

    @property
    def channels(self) -> int:
        """1 or 2."""

    @property
    def frames(self) -> int:
        """Samples a channel: exactly as many as `blocks` gives in all."""

    def blocks(self) -> Iterator[FloatArray]:
        """The samples from the first on, float32 (channels, n) of any n above 0; finite numbers, full scale is 1."""


class Separator(Protocol):
    """Takes sounds apart. One object may be used for one sound after the other."""

    @property
    def stems(self) -> tuple[StemName, ...]:
        """What it gives, in the order of `engines.music.stems`."""

    @property
    def rate(self) -> int | None:
        """The only rate that it works at, Hz; None for any."""

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        """The stems, block after block without a gap: as many channels and, in all, exactly as many frames.

        Deterministic. It calls `report` at least once a segment and lets what that raises pass.
        """
