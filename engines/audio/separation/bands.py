"""The frequency bands on which masks are estimated: single bins where partials are, wider bands above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.stft import Grid

WIDTHS: Final = ((3_000.0, 1), (6_000.0, 2), (12_000.0, 4), (20_000.0, 8), (np.inf, 64))
"""Width of the bands in bins, below a frequency in Hz."""


@dataclass(frozen=True, eq=False)
class Bands:
    """`edges` are the first bins of the bands, int (bands,), and `centres` their middle frequencies, Hz (bands,)."""

    edges: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int64]
    centres: FloatArray

    @classmethod
    def of(cls, grid: Grid) -> Bands:
        """Return the bands of a grid."""
        edges, place = [], 0
        while place < grid.bins:
            edges.append(place)
            place += next(width for below, width in WIDTHS if place * grid.hertz < below)
        first = np.array(edges)
        widths = np.diff(first, append=grid.bins)
        return cls(first, widths, ((first + 0.5 * (widths - 1)) * grid.hertz).astype(np.float32))

    @property
    def count(self) -> int:
        """Number of bands."""
        return int(self.edges.size)

    def sum(self, cells: FloatArray) -> FloatArray:
        """Sum cells (…, bins) per band: float32 (…, bands)."""
        return np.asarray(np.add.reduceat(cells, self.edges, axis=-1), dtype=np.float32)

    def spread(self, values: FloatArray) -> FloatArray:
        """Spread values of bands (…, bands) over their bins: float32 (…, bins)."""
        return np.repeat(values, self.widths, axis=-1)
