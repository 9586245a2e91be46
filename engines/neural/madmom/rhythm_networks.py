"""madmom's rhythm networks: activations of beats, downbeats and onsets.

Böck, Krebs and Widmer, "Joint beat and downbeat tracking with recurrent neural networks" (2016); Böck, Arzt, Krebs and
Schedl, "Online real-time onset detection with recurrent neural networks" (2012), in its bidirectional form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.neural.madmom.package import MadmomPackage
from musearoo.engines.neural.madmom.recurrent import RecurrentEnsemble, join_networks
from musearoo.engines.neural.madmom.spectrograms import Bands, Excerpt, compress, filter_spectra, write_with_differences
from musearoo.engines.neural.madmom.stored_networks import read_network

FloatArray = npt.NDArray[np.float32]

RHYTHM_HOP: Final = 441
"""Samples per frame: 100 frames a second."""


@dataclass(frozen=True)
class _View:
    """Input features of one kind of network: bands of several windows, each with its positive difference over time."""

    bands: tuple[Bands, ...]
    gain: float
    overlap: float


_FOR_BEATS: Final = _View(
    (Bands(1024, 3, 30, 17_000), Bands(2048, 6, 30, 17_000), Bands(4096, 12, 30, 17_000)), gain=1.0, overlap=0.5
)
_FOR_ONSETS: Final = _View(
    (Bands(1024, 6, 30, 17_000), Bands(2048, 6, 30, 17_000), Bands(4096, 6, 30, 17_000)), gain=5.0, overlap=0.25
)


@dataclass(frozen=True, eq=False)
class RhythmNetworks:
    """Eight networks for beats and downbeats, and eight for onsets."""

    beats: RecurrentEnsemble
    onsets: RecurrentEnsemble

    def run(self, excerpt: Excerpt, start: int, stop: int) -> tuple[FloatArray, FloatArray]:
        """Return activations 0..1 of frames `start` to `stop`: (frames, 2) other beats and downbeats, (frames,) onsets.

        The excerpt must extend 2048 samples beyond both ends.
        """
        for_beats, for_onsets = _view(excerpt, start, stop, _FOR_BEATS, _FOR_ONSETS)
        onsets = self.onsets.run(for_onsets)[:, 0]
        # As long as the sound: free it before the other networks allocate their intermediate values.
        del for_onsets
        # The first of the three classes is "no beat".
        return self.beats.run(for_beats)[:, 1:], onsets


def _view(excerpt: Excerpt, start: int, stop: int, *views: _View) -> list[FloatArray]:
    """Return float32 (frames, inputs) of frames `start` to `stop` for each view; all views have the same windows."""
    seen, parts = [], []
    for view in views:
        widths = [2 * bands.matrix.shape[1] for bands in view.bands]
        seen.append(np.empty((stop - start, sum(widths)), dtype=np.float32))
        parts.append(np.split(seen[-1], np.cumsum(widths)[:-1], axis=1))
    for place, bands in enumerate(zip(*(view.bands for view in views), strict=True)):
        spectra = filter_spectra(excerpt, start, stop, RHYTHM_HOP, *bands)
        for view, magnitudes, part in zip(views, spectra, parts, strict=True):
            write_with_differences(
                compress(magnitudes, view.gain), bands[0].window, RHYTHM_HOP, view.overlap, part[place]
            )
    return seen


def read_rhythm_networks(package: MadmomPackage) -> RhythmNetworks:
    """Read the rhythm networks of an installed madmom; raises EngineError if they are not as expected."""
    return RhythmNetworks(
        beats=join_networks([read_network(path) for path in package.list_networks("downbeats/2016/*_blstm_[1-8].pkl")]),
        onsets=join_networks([read_network(path) for path in package.list_networks("onsets/2013/*_brnn_[1-8].pkl")]),
    )
