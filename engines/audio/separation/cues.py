"""Cues that separate the stems of a mix, per cell: steadiness, onset, panning, melodic lines, repetition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np

from musearoo.engines.audio.separation.bands import Bands
from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.filters import blur, mean_along, median_along, shifted
from musearoo.engines.audio.separation.melodic_lines import Pitches, follow
from musearoo.engines.audio.separation.repetition import measure_repeating
from musearoo.engines.audio.separation.stft import Grid, Spectra

SHORT_FRAMES: Final = 9
LONG_FRAMES: Final = 31
"""0.2 s and 0.7 s: a singer's partial is steady over the first, a chord's over the second."""
NARROW_BANDS: Final = 13
WIDE_BANDS: Final = 41
"""140 Hz and 440 Hz, where bands are narrow: a drum fills them, a partial does not."""
REGISTERS: Final = ((30.0, 150.0), (150.0, 2_000.0), (2_000.0, 16_000.0))
"""Hz from and to: the registers of kicks, snares and cymbals."""
KNOTS: Final = (45.0, 80.0, 140.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 14_000.0)
"""Frequencies in Hz between which the networks can interpolate freely."""
CUES: Final = 34 + len(KNOTS)
LIMIT: Final = 8.0
"""Cues are clipped to this: 35 dB in powers."""
FLOOR: Final = 1e-8
"""Floor of the power, relative to the mean of the excerpt."""
LIKENESS_BANDS: Final = 8
"""Bands that are averaged when frames are compared."""
BASS_TOP: Final = 1_200.0
LEAD_BOTTOM: Final = 150.0
LEAD_TOP: Final = 5_000.0
"""Hz; lines are tracked among partials in this range."""


@dataclass(frozen=True, eq=False)
class Powers:
    """Powers of spectra in bands, each float32 (frames, bands): of both channels together, their correlation (-1
    opposite, 0 uncorrelated, 1 identical), and how far they lean to one side (0..1).
    """

    total: FloatArray
    shared: FloatArray
    lean: FloatArray


def measure_powers(spectra: Spectra, bands: Bands) -> Powers:
    """Compute the powers of spectra, complex64 (channels, frames, bins); mono counts as fully correlated."""
    squared = spectra.real**2 + spectra.imag**2
    total = bands.sum(squared.sum(axis=0))
    if spectra.shape[0] == 1:
        return Powers(total, np.ones_like(total), np.zeros_like(total))
    smooth = blur(total, 3, 3) + np.float32(1e-20)
    cross = bands.sum(2.0 * (spectra[0].real * spectra[1].real + spectra[0].imag * spectra[1].imag))
    side = bands.sum(squared[0] - squared[1])
    shared, lean = blur(cross, 3, 3) / smooth, np.abs(blur(side, 3, 3)) / smooth
    return Powers(total, np.clip(shared, -1.0, 1.0), np.clip(lean, 0.0, 1.0))


def compute_cues(powers: Powers, grid: Grid) -> FloatArray:
    """Compute all cues of the first network: float32 (cues, frames, bands). Powers are compared as logarithms."""
    bands, _, _ = tables_of(grid)
    power = np.asarray(powers.total / bands.widths, dtype=np.float32)
    power += np.float32(FLOOR * float(power.mean()) + 1e-20)
    log: FloatArray = np.log(power)
    steady = median_along(log, SHORT_FRAMES, 0)
    found = chain(
        _steadiness(log, steady),
        _attacks(power, log),
        (powers.shared, powers.lean, blur(powers.shared, 15, 15)),
        (np.log(measure_repeating(power, grid.frames_a_second, LIKENESS_BANDS)) - log,),
        _lines(np.exp(np.minimum(log, steady)), power, powers.shared, grid),
        _strokes(power, bands),
        _places(bands),
    )
    cues = np.empty((CUES, *log.shape), dtype=np.float32)
    for place, cue in enumerate(found):
        np.clip(cue, -LIMIT, LIMIT, out=cues[place])
    return cues


@lru_cache(maxsize=4)
def tables_of(grid: Grid) -> tuple[Bands, Pitches, Pitches]:
    """Return the bands of a grid, and its pitches of bass and lead."""
    bands = Bands.of(grid)
    bass = Pitches.of(bands, low=32.0, high=260.0, steps_an_octave=36, harmonics=6, top=BASS_TOP)
    return bands, bass, Pitches.of(bands, low=90.0, high=1_000.0, steps_an_octave=48, harmonics=10, top=8_000.0)


def _steadiness(log: FloatArray, steady: FloatArray) -> Iterator[FloatArray]:
    """Yield steadiness: tones extend over time, drums over frequency.

    After Fitzgerald, "Harmonic/percussive separation using median filtering" (2010), at two sizes, because a voice
    is neither; compare Driedger, Müller and Disch, "Extending harmonic-percussive separation" (2014).
    """
    held = median_along(log, LONG_FRAMES, 0)
    across = median_along(log, NARROW_BANDS, 1)
    wide = median_along(log, WIDE_BANDS, 1)
    yield from (steady - log, held - log, across - log, wide - log, steady - across, held - wide)


def _attacks(power: FloatArray, log: FloatArray) -> Iterator[FloatArray]:
    """Yield rise and fall of the cell, its neighbours and its register, and its level relative to them and its row."""
    around, broad = (np.log(mean_along(power, size, 1)) for size in (9, 61))
    yield from (log - around, log - shifted(log, 1), log - shifted(log, -1))
    for frames in (2, 5):
        yield from (around - shifted(around, frames), around - shifted(around, -frames))
    yield from (broad - shifted(broad, 2), broad - shifted(broad, -4), log - broad)
    yield from (log - np.log(power.mean(axis=axis, keepdims=True)) for axis in (0, 1))


def _lines(still: FloatArray, power: FloatArray, shared: FloatArray, grid: Grid) -> Iterator[FloatArray]:
    """Yield the partials and the salience of the lowest line and of the most central one."""
    bands, bass, lead = tables_of(grid)
    low = np.sqrt(still) * (bands.centres < BASS_TOP)
    centred = np.sqrt(power) * np.clip(shared, 0.0, 1.0) ** 2
    centred *= (bands.centres > LEAD_BOTTOM) & (bands.centres < LEAD_TOP)
    for magnitudes, pitches in ((low, bass), (centred, lead)):
        line = follow(np.sqrt(magnitudes), pitches)
        comb, strength = pitches.combs[line.path], line.strength[:, np.newaxis]
        yield from (comb, comb * strength, strength)


def _strokes(power: FloatArray, bands: Bands) -> Iterator[FloatArray]:
    """Yield the rise of each register, and its level relative to its surroundings in time: (frames, 1)."""
    for low, high in REGISTERS:
        chosen = (bands.centres >= low) & (bands.centres < high)
        level = np.log(power[:, chosen].mean(axis=1, keepdims=True))
        yield from (level - shifted(level, 2), level - median_along(level, LONG_FRAMES, 0))


def _places(bands: Bands) -> Iterator[FloatArray]:
    """Yield the position of each band relative to each knot, (bands,): linear in between, 1 beyond the outermost."""
    logs = np.log(np.maximum(bands.centres, 1.0))
    for row in np.eye(len(KNOTS)):
        yield np.interp(logs, np.log(KNOTS), row).astype(np.float32)
