"""What tells the stems of a mix apart, cell by cell: steadiness, attack, place in the picture, lines, repetition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from engines.separation.bands import Bands
from engines.separation.contract import FloatArray
from engines.separation.filters import mean_along, median_along, shifted
from engines.separation.lines import Pitches, follow
from engines.separation.repetition import measure_repeating
from engines.separation.stft import Grid, Spectra

SHORT_FRAMES: Final = 9
LONG_FRAMES: Final = 31
NARROW_BANDS: Final = 13
WIDE_BANDS: Final = 41
KNOTS: Final = (45.0, 80.0, 140.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 14_000.0)
CUES: Final = 44
FLOOR: Final = 1e-8
"""Power below the segment's mean that counts as nothing."""


@dataclass(frozen=True, eq=False)
class Powers:
    """What a stretch of spectra comes to in bands, each float32 (frames, bands): the power of both sides together, how
    much of it they share (-1 opposite, 0 apart, 1 the same), and how far it leans to one of them (0..1).
    """

    total: FloatArray
    shared: FloatArray
    lean: FloatArray


def measure_powers(spectra: Spectra, bands: Bands) -> Powers:
    """The powers of spectra, complex64 (channels, frames, bins)."""
    squared = spectra.real**2 + spectra.imag**2
    total = bands.sum(squared.sum(axis=0))
    smooth = mean_along(mean_along(total, 3, 0), 3, 1) + 1e-20
    if spectra.shape[0] == 1:
        return Powers(total, np.ones_like(total), np.zeros_like(total))
    cross = bands.sum(2.0 * (spectra[0].real * spectra[1].real + spectra[0].imag * spectra[1].imag))
    side = bands.sum(squared[0] - squared[1])
    shared = mean_along(mean_along(cross, 3, 0), 3, 1) / smooth
    lean = np.abs(mean_along(mean_along(side, 3, 0), 3, 1)) / smooth
    return Powers(total, np.clip(shared, -1.0, 1.0), np.clip(lean, 0.0, 1.0))


def compute_cues(powers: Powers, grid: Grid) -> FloatArray:
    """All cues: float32 (cues, frames, bands)."""
    bands, bass_pitches, lead_pitches = tables_of(grid)
    power = np.asarray(powers.total / bands.widths, dtype=np.float32)
    power += np.float32(FLOOR * float(power.mean()) + 1e-20)
    log: FloatArray = np.log(power)
    cues = np.empty((CUES, *log.shape), dtype=np.float32)
    place = iter(range(CUES))

    def note(*found: FloatArray) -> None:
        for cue in found:
            np.clip(cue, -8.0, 8.0, out=cues[next(place)])

    steady = median_along(log, SHORT_FRAMES, 0)
    held = median_along(log, LONG_FRAMES, 0)
    across = median_along(log, NARROW_BANDS, 1)
    wide = median_along(log, WIDE_BANDS, 1)
    note(steady - log, held - log, across - log, wide - log, steady - across, held - wide)
    around = np.log(mean_along(power, 9, 1))
    note(log - around, log - shifted(log, 1), log - shifted(log, -1))
    for frames in (2, 5):
        note(around - shifted(around, frames), around - shifted(around, -frames))
    broad = np.log(mean_along(power, 61, 1))
    note(broad - shifted(broad, 2), broad - shifted(broad, -4), log - broad)
    note(log - np.log(power.mean(axis=0, keepdims=True)), log - np.log(power.mean(axis=1, keepdims=True)))
    note(powers.shared, powers.lean, mean_along(mean_along(powers.shared, 15, 0), 15, 1))
    note(np.log(measure_repeating(power, grid.frames_a_second, 8)) - log)
    # Lines.
    magnitudes = np.sqrt(np.exp(np.minimum(log, steady)))
    bass = follow(np.sqrt(magnitudes * (bands.centres < 1200.0)), bass_pitches)
    centred = np.sqrt(power) * np.clip(powers.shared, 0.0, 1.0) ** 2
    lead = follow(np.sqrt(centred * (bands.centres > 150.0) * (bands.centres < 5_000.0)), lead_pitches)
    for line, pitches in ((bass, bass_pitches), (lead, lead_pitches)):
        comb = pitches.combs[line.path]
        strength = line.strength[:, np.newaxis]
        note(comb, comb * strength, np.broadcast_to(strength, log.shape))
    # Strokes of drums in three registers.
    for low, high in ((30.0, 150.0), (150.0, 2_000.0), (2_000.0, 16_000.0)):
        chosen = (bands.centres >= low) & (bands.centres < high)
        level = np.log(power[:, chosen].mean(axis=1, keepdims=True))
        note(np.broadcast_to(level - shifted(level, 2), log.shape))
        note(np.broadcast_to(level - median_along(level, LONG_FRAMES, 0), log.shape))
    for hat in _hats(bands):
        note(np.broadcast_to(hat, log.shape))
    return cues


@lru_cache(maxsize=4)
def tables_of(grid: Grid) -> tuple[Bands, Pitches, Pitches]:
    """The bands of a grid, and the pitches that a bass and a lead may have there."""
    bands = Bands.of(grid)
    return bands, Pitches.of(bands, 32.0, 260.0, 36, 6, 1_200.0), Pitches.of(bands, 90.0, 1_000.0, 48, 10, 8_000.0)


def _hats(bands: Bands) -> FloatArray:
    """How near each band lies to each knot, float32 (knots, bands): straight in between, 1 beyond the outermost."""
    heights = np.eye(len(KNOTS))
    logs = np.log(np.maximum(bands.centres, 1.0))
    return np.stack([np.interp(logs, np.log(KNOTS), row) for row in heights]).astype(np.float32)
