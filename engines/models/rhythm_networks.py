"""madmom's networks of rhythm: where beats, downbeats and onsets may be.

Böck, Krebs and Widmer, "Joint beat and downbeat tracking with recurrent neural networks" (2016); Böck, Arzt, Krebs and
Schedl, "Online real-time onset detection with recurrent neural networks" (2012), in its bidirectional form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engines.models.madmom_networks import read_network
from engines.models.madmom_package import MadmomPackage
from engines.models.recurrent import RecurrentEnsemble, join_networks
from engines.models.spectrograms import Bands, Excerpt, add_rises, compress, filter_spectra

FloatArray = npt.NDArray[np.float32]

RHYTHM_HOP: Final = 441
"""Samples from frame to frame: 100 frames a second."""

_BEAT_BANDS: Final = (Bands(1024, 3, 30, 17_000), Bands(2048, 6, 30, 17_000), Bands(4096, 12, 30, 17_000))
_BEAT_OVERLAP: Final = 0.5
_ONSET_BANDS: Final = (Bands(1024, 6, 30, 17_000), Bands(2048, 6, 30, 17_000), Bands(4096, 6, 30, 17_000))
_ONSET_OVERLAP: Final = 0.25
_ONSET_GAIN: Final = 5.0


@dataclass(frozen=True, eq=False)
class RhythmNetworks:
    """Eight networks for beats and downbeats, and eight for onsets."""

    beats: RecurrentEnsemble
    onsets: RecurrentEnsemble

    def listen(self, excerpt: Excerpt, start: int, stop: int) -> tuple[FloatArray, FloatArray]:
        """What is heard in frames `start` to `stop`: (frames, 2) other beats and downbeats, (frames,) onsets; 0..1.

        The excerpt must reach 2048 samples beyond both ends.
        """
        for_beats, for_onsets = [], []
        for beat_bands, onset_bands in zip(_BEAT_BANDS, _ONSET_BANDS, strict=True):
            beats, onsets = filter_spectra(excerpt, start, stop, RHYTHM_HOP, beat_bands, onset_bands)
            for_beats.append(add_rises(compress(beats), beat_bands.window, RHYTHM_HOP, _BEAT_OVERLAP))
            for_onsets.append(add_rises(compress(onsets, _ONSET_GAIN), onset_bands.window, RHYTHM_HOP, _ONSET_OVERLAP))
        # The first of the three classes is that there is no beat.
        return self.beats.listen(np.hstack(for_beats))[:, 1:], self.onsets.listen(np.hstack(for_onsets))[:, 0]


def read_rhythm_networks(package: MadmomPackage) -> RhythmNetworks:
    """The networks of rhythm in an installed madmom; raises EngineError where they are not as expected."""
    return RhythmNetworks(
        beats=join_networks([read_network(path) for path in package.list_networks("downbeats/2016/*_blstm_[1-8].pkl")]),
        onsets=join_networks([read_network(path) for path in package.list_networks("onsets/2013/*_brnn_[1-8].pkl")]),
    )
