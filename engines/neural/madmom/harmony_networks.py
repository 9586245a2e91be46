"""madmom's harmony networks: the key of a sound, and its chord at each tenth of a second.

Korzeniowski and Widmer, "Genre-agnostic key classification with convolutional neural networks" (2018), and "A fully
convolutional deep auditory model for musical chord recognition" (2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.neural.madmom.chord_field import ChordField
from musearoo.engines.neural.madmom.convolutional import ConvolutionalStack, fold_network
from musearoo.engines.neural.madmom.package import MadmomPackage
from musearoo.engines.neural.madmom.spectrograms import Bands, Excerpt, compress, filter_spectra
from musearoo.engines.neural.madmom.stored_networks import read_model, read_network

FloatArray = npt.NDArray[np.float32]

HARMONY_HOP: Final = 4_410
"""Samples per frame: 10 frames a second. The key network uses every second one."""

HARMONY_MARGIN: Final = 4_096
"""Samples that a frame extends to each side."""

_CHORD_BANDS: Final = Bands(2 * HARMONY_MARGIN, 24, 60, 2_600)
_KEY_BANDS: Final = Bands(2 * HARMONY_MARGIN, 24, 65, 2_100)

_CHORD_STRETCH: Final = 128
"""Frames per run of the chord network: intermediate values stay below 10 MB."""

_CHORD_REACH: Final = 11
"""Receptive field of the chord network, frames to each side."""

_CHORD_JOIN: Final = 3
"""Frames of the last layer that are averaged into one."""

_KEY_STRETCH: Final = 256
_KEY_REACH: Final = 32
"""Receptive field of the key network, frames to each side: 31, rounded up to a multiple of `_KEY_JOIN`."""

_KEY_JOIN: Final = 8
"""Frames that the key network's three poolings merge into one."""

_FROM_A_TO_C: Final = -3
"""Semitones: madmom counts keys and chords from A, we count from C."""


@dataclass(frozen=True, eq=False)
class HarmonySpectra:
    """Magnitudes at 10 frames a second, in the bands of each network: float32 (frames, bands)."""

    chord: FloatArray
    key: FloatArray


def compute_spectra(excerpt: Excerpt, start: int, stop: int) -> HarmonySpectra:
    """Return the spectra of frames `start` to `stop`; the excerpt must extend `HARMONY_MARGIN` beyond both ends."""
    chord, key = filter_spectra(excerpt, start, stop, HARMONY_HOP, _CHORD_BANDS, _KEY_BANDS)
    return HarmonySpectra(compress(chord), compress(key))


@dataclass(frozen=True, eq=False)
class HarmonyNetworks:
    """The key network, the chord network, and the conditional random field that decodes chords."""

    key: ConvolutionalStack
    chord: ConvolutionalStack
    field: ChordField

    def find_key(self, spectra: HarmonySpectra) -> FloatArray:
        """Return the probability of each key: float32 (24,), major from C upwards, then minor; sums to 1."""
        bands = spectra.key[::2]
        if len(bands) < _KEY_JOIN:
            # Too short for the poolings: repeat it, as a loop repeats.
            bands = np.resize(bands, (_KEY_JOIN, bands.shape[1]))
        total = np.zeros(24, dtype=np.float64)
        count = 0
        for first in range(0, len(bands), _KEY_STRETCH):
            start = max(0, first - _KEY_REACH)
            outputs = self.key.apply(bands[start : first + _KEY_STRETCH + _KEY_REACH])
            inner = outputs[(first - start) // _KEY_JOIN :][: _KEY_STRETCH // _KEY_JOIN]
            total += inner.sum(axis=(0, 1), dtype=np.float64)
            count += inner.shape[0] * inner.shape[1]
        chances = np.exp(total / count - (total / count).max())
        return _count_from_c((chances / chances.sum()).astype(np.float32))

    def find_chord_features(self, spectra: HarmonySpectra) -> FloatArray:
        """Return the chord network's features of each frame: float32 (frames, 128)."""
        frames = len(spectra.chord)
        padded = np.pad(spectra.chord, ((_CHORD_REACH, _CHORD_REACH), (0, 0)))
        features = np.empty((frames, 128), dtype=np.float32)
        for first in range(0, frames, _CHORD_STRETCH):
            last = min(first + _CHORD_STRETCH, frames)
            outputs = self.chord.apply(padded[first : last + 2 * _CHORD_REACH]).mean(axis=1)
            features[first:last] = (
                sum(outputs[shift : shift + last - first] for shift in range(_CHORD_JOIN)) / _CHORD_JOIN
            )
        return features

    def find_chords(self, spectra: HarmonySpectra) -> FloatArray:
        """Return chord probabilities per frame: float32 (frames, 25), major from C, minor, none; rows sum to 1."""
        return _count_from_c(self.field.find_marginals(self.find_chord_features(spectra)))


def read_harmony_networks(package: MadmomPackage) -> HarmonyNetworks:
    """Read the harmony networks of an installed madmom; raises EngineError if they are not as expected."""
    (key,) = package.list_networks("key/2018/key_cnn.pkl")
    (chord,) = package.list_networks("chords/2016/chords_cnnfeat.pkl")
    (field,) = package.list_networks("chords/2016/chords_cnncrf.pkl")
    return HarmonyNetworks(
        key=fold_network(read_network(key)),
        chord=fold_network(read_network(chord)),
        field=ChordField.of(read_model(field, "ConditionalRandomField")),
    )


def _count_from_c(chances: FloatArray) -> FloatArray:
    """Reorder 12 major, 12 minor and maybe a no-chord probability to count from C instead of A."""
    parts = [np.roll(chances[..., mode : mode + 12], _FROM_A_TO_C, axis=-1) for mode in (0, 12)]
    return np.concatenate([*parts, chances[..., 24:]], axis=-1)
