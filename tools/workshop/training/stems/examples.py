"""Cells of spectrograms whose true shares are known: what the networks of `engines.audio.separation` learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.audio.separation.bands import Bands
from musearoo.engines.audio.separation.context import compute_context
from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.cues import compute_cues, measure_powers
from musearoo.engines.audio.separation.mask_estimation import Network, estimate_masks
from musearoo.engines.audio.separation.stft import Grid, analyse
from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.tools.bench.stems.mixes import Mix

CELLS: Final = 22_000
"""Kept of a mix, loud ones rather than quiet ones: they are what the ear and SI-SDR hear."""
LOUD_SHARE: Final = 0.7
SECONDS: Final = 8.0
"""How long a varied mix is."""

SWAPPED: Final = 0.6
"""How often drums, bass and vocals come from another mix each."""
SPREAD_DB: Final = 3.5
SILENT: Final = 0.22
"""How often one stem or two do not play."""
MONO: Final = 0.15
SEMITONES: Final = 4.0
TILT_DB: Final = 2.5
"""By how much an octave is louder or softer than the one below, at most."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Some cells of a mix: `cues` float32 (cells, cues), `weights` (cells,) with which their sums stand for the whole,
    `mix` (cells,) the mix's power, and of each stem, (cells, 4), its power and what it shares with the mix.
    """

    cues: FloatArray
    weights: FloatArray
    mix: FloatArray
    powers: FloatArray
    shared: FloatArray


def vary(mixes: Sequence[Mix], chance: np.random.Generator) -> Mix:
    """A mix like the given ones, but its stems are of several, transposed, tilted, turned up or down, or they rest."""
    base = mixes[int(chance.integers(len(mixes)))]
    stems: dict[StemName, FloatArray] = {}
    frames = round(SECONDS * base.rate)
    loudness = {name: _level(stem) for name, stem in base.stems.items()}
    is_swapped = chance.random() < SWAPPED
    for name in FOUR_STEMS:
        one = mixes[int(chance.integers(len(mixes)))] if is_swapped and name != "other" else base
        stem = np.broadcast_to(one.stems[name], (2, one.stems[name].shape[1]))
        first = chance.integers(stem.shape[1] - frames + 1) if one is not base else 0
        stem = stem[:, first : first + frames]
        if is_swapped:
            stem = _transposed(stem, 2.0 ** (chance.uniform(-SEMITONES, SEMITONES) / 12.0))
        stem = _tilted(stem, chance.uniform(-TILT_DB, TILT_DB), base.rate)
        turned = chance.normal(0.0, SPREAD_DB) + loudness[name] - _level(stem)
        stems[name] = (stem * 10.0 ** (turned / 20.0))[:: chance.choice((-1, 1))].astype(np.float32)
    if chance.random() < SILENT:
        for name in chance.choice(FOUR_STEMS, chance.integers(1, 3), replace=False):
            stems[name] = np.zeros_like(stems[name])
    if chance.random() < MONO:
        stems = {name: stem.mean(axis=0, keepdims=True) for name, stem in stems.items()}
    return Mix(f"{base.name}, varied", stems, base.rate)


def pick_cells(mix: Mix, first: Network | None, chance: np.random.Generator) -> Cells:
    """Cells of a mix with the first network's cues, or, where that is given, with those of the second."""
    grid = Grid.at(mix.rate)
    bands = Bands.of(grid)
    spectra = [analyse(np.pad(mix.stems[name], ((0, 0), (grid.window, grid.window))), grid) for name in FOUR_STEMS]
    whole = np.sum(spectra, axis=0)
    power = bands.sum((np.abs(whole) ** 2).sum(axis=0)).ravel()
    powers = measure_powers(whole, bands)
    cues = compute_cues(powers, grid)
    if first is not None:
        cues = compute_context(powers, estimate_masks(cues, first), cues, grid, slice(None))
    likely = np.sqrt(power) / np.sqrt(power).sum()
    likely = LOUD_SHARE * likely + (1.0 - LOUD_SHARE) / likely.size
    chosen = np.minimum(np.searchsorted(np.cumsum(likely), chance.random(CELLS)), likely.size - 1)
    return Cells(
        cues.reshape(cues.shape[0], -1)[:, chosen].T.copy(),
        (1.0 / (CELLS * likely[chosen])).astype(np.float32),
        power[chosen],
        np.stack([bands.sum((np.abs(one) ** 2).sum(axis=0)).ravel()[chosen] for one in spectra], axis=1),
        np.stack([bands.sum((one * whole.conj()).real.sum(axis=0)).ravel()[chosen] for one in spectra], axis=1),
    )


def _level(stem: FloatArray) -> float:
    return float(10.0 * np.log10(np.mean(stem**2) + 1e-9))


def _transposed(stem: FloatArray, faster: float) -> FloatArray:
    """Played so many times faster, as a tape is, and begun again where it is over."""
    places = np.arange(0.0, stem.shape[1] - 1.0, faster)
    played = np.stack([np.interp(places, np.arange(stem.shape[1]), channel) for channel in stem])
    return np.tile(played, (1, 2))[:, : stem.shape[1]]


def _tilted(stem: FloatArray, db_an_octave: float, rate: int) -> FloatArray:
    spectrum = np.fft.rfft(stem)
    octaves = np.log2(np.clip(np.fft.rfftfreq(stem.shape[1], 1.0 / rate), 60.0, 12_000.0) / 700.0)
    return np.asarray(np.fft.irfft(spectrum * 10.0 ** (db_an_octave * octaves / 20.0), stem.shape[1]))
