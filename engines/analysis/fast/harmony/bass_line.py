"""The bass line of an isolated bass stem, which gives chords their bass notes.

Pitch detection uses the difference function of A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator
for speech and music" (2002). It is valid for one voice at a time, so for a bass but not for a mix. Its window is an
eighth of that of the harmonic spectrum, so that it separates the notes of a walking bass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.harmony.decimation import decimate
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.knowledge.analysis import DetectedChord

FRAMES_PER_SECOND: Final = 40.0
WINDOW_SECONDS: Final = 0.09
"""Two and a half periods of the lowest note."""
LOWEST_HZ: Final = 27.5
"""A0, below the lowest string of a five-string bass."""
HIGHEST_HZ: Final = 330.0
"""E4: solos go higher, bass notes under chords do not."""
WORKING_RATE: Final = 2_800
"""The target sample rate in Hz; the actual one is the sound's rate divided by an integer.

The lower half of the band suffices.
"""
FRAMES_AT_ONCE: Final = 512

GOOD_DIP: Final = 0.15
"""A period counts when its difference is at most this, or at most `NEAR_BEST` above the minimum."""
NEAR_BEST: Final = 0.05
CLEAR: Final = 0.5
"""Less periodic frames are percussive strokes or noise, not notes."""

EDGE_SECONDS: Final = 0.03
"""Excluded on either side of a chord change, because either player may be early."""
SETTLED_BEATS: Final = 2.0
"""The decay time in beats: what the bass plays later in a chord counts 1/e, because by then it may be walking."""
FLOOR: Final = 0.05
"""The share assumed for notes that are not played, so that passing notes and wrong octaves are not conclusive."""
OTHER_BASS_COST: Final = 2.0
"""The cost of a bass other than the root, as the logarithm of a share: nine tenths of the played time have to be on it.

A lower cost would change the bass of root-position chords under a walking bass.
"""
KNOWN_BASS_GAIN: Final = 0.7
"""The gain for the bass note that the mix analysis found: the bass stem alone seldom overrules a root."""
LEAST_SOUND: Final = 0.02
"""The minimum time of clear notes at full level under a chord, in seconds, for a decision."""


@dataclass(frozen=True, eq=False)
class BassLine:
    """A bass line at `FRAMES_PER_SECOND`: `pitches` float32 (frames,), fractional MIDI pitches in 440 Hz tuning, and
    `weights` float32 (frames,), 0..1: how loud and clear each frame is."""

    pitches: FloatArray
    weights: FloatArray


def follow_bass(stem: Sound) -> BassLine:
    """Track the pitch of an isolated bass. Takes memory for `FRAMES_AT_ONCE` frames at a time, plus its samples."""
    factor = max(1, round(stem.rate / WORKING_RATE))
    samples, rate = decimate(stem.mono, factor), stem.rate / factor
    frames = int(stem.duration * FRAMES_PER_SECOND) + 1
    width, longest = round(WINDOW_SECONDS * rate), int(rate / LOWEST_HZ) + 2
    # Each frame is centred on its time; the frame after the end is needed for the lag of a period.
    padded = np.pad(samples, (width // 2, width + longest))
    rows = np.lib.stride_tricks.sliding_window_view(padded, width + longest)
    starts = np.minimum(np.round(np.arange(frames) * rate / FRAMES_PER_SECOND).astype(np.int64), len(rows) - 1)
    periods = np.empty(frames, dtype=np.float32)
    clear = np.empty(frames, dtype=np.float32)
    levels = np.empty(frames, dtype=np.float32)
    for first in range(0, frames, FRAMES_AT_ONCE):
        some = slice(first, first + FRAMES_AT_ONCE)
        differences, levels[some] = _differ(rows[starts[some]].astype(np.float64), width)
        periods[some], clear[some] = _find_periods(differences, int(rate / HIGHEST_HZ))
    pitches = 69.0 + 12.0 * np.log2(rate / periods / 440.0)
    loud = levels / max(float(levels.max()), 1e-9)
    weights = loud * np.maximum(clear - CLEAR, 0.0) / (1.0 - CLEAR)
    return BassLine(pitches.astype(np.float32), weights.astype(np.float32))


def _differ(rows: npt.NDArray[np.float64], width: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """YIN's normalised difference function of windows (frames, width + lags) at each lag, and the windows' levels.

    Plain equivalent of its sums: `((row[:width] - row[lag : lag + width]) ** 2).sum()`.
    """
    lags = rows.shape[1] - width
    size = fft.next_fast_len(rows.shape[1] + width, real=True)
    spectra = fft.rfft(rows[:, :width], size, axis=1).conj() * fft.rfft(rows, size, axis=1)
    products = fft.irfft(spectra, size, axis=1)[:, :lags]
    sums = np.cumsum(np.pad(rows**2, ((0, 0), (1, 0))), axis=1)
    powers = sums[:, width : width + lags] - sums[:, :lags]
    differences = np.maximum(powers[:, :1] + powers - 2.0 * products, 0.0)
    means = np.cumsum(differences[:, 1:], axis=1) / np.arange(1, lags)
    normalised = np.ones_like(differences)
    normalised[:, 1:] = differences[:, 1:] / np.maximum(means, 1e-12)
    return normalised, np.sqrt(np.maximum(powers[:, 0], 0.0) / width)


def _find_periods(
    differences: npt.NDArray[np.float64], shortest: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the interpolated period of each row in samples, and how periodic it is, 0..1."""
    differences[:, :shortest] = 1.0
    inner = differences[:, 1:-1]
    is_dip = (inner < differences[:, :-2]) & (inner <= differences[:, 2:])
    deep = np.maximum(GOOD_DIP, differences.min(axis=1) + NEAR_BEST)
    good = is_dip & (inner < deep[:, np.newaxis])
    # The first dip that is deep enough: later ones are at multiples of the period.
    lags = np.where(good.any(axis=1), good.argmax(axis=1), inner.argmin(axis=1)) + 1
    before, there, after = (differences[np.arange(lags.size), lags + shift] for shift in (-1, 0, 1))
    shifts = np.clip(0.5 * (before - after) / np.maximum(before - 2.0 * there + after, 1e-9), -0.5, 0.5)
    return lags + shifts, np.clip(1.0 - there, 0.0, 1.0)


def name_basses(
    chords: Sequence[DetectedChord], line: BassLine, beat_seconds: float, tuning_cents: float
) -> tuple[DetectedChord, ...]:
    """Return the chords, each over the chord tone that the bass plays; chords without a bass note stay as they are."""
    classes = np.round(line.pitches - tuning_cents / 100.0).astype(np.int64) % 12
    times = np.arange(classes.size) / FRAMES_PER_SECOND
    named = []
    for span in chords:
        first, last = np.searchsorted(times, (span.start + EDGE_SECONDS, span.end - EDGE_SECONDS))
        fading = np.exp((span.start - times[first:last]) / (SETTLED_BEATS * beat_seconds))
        sounding = np.bincount(classes[first:last], weights=line.weights[first:last] * fading, minlength=12)
        if span.chord is not None and sounding.sum() >= LEAST_SOUND * FRAMES_PER_SECOND:
            span = replace(span, chord=_over(span.chord, sounding / sounding.sum()))
        named.append(span)
    return tuple(named)


def _over(chord: Chord, shares: npt.NDArray[np.float64]) -> Chord:
    """Return the chord over its likeliest bass note, by the pitch class shares (12,) of the bass."""

    def score(note: int) -> float:
        log_share = float(np.log(shares[note] + FLOOR))
        return log_share - OTHER_BASS_COST * (note != chord.root) + KNOWN_BASS_GAIN * (note == chord.bass_or_root)

    bass = max(chord.pitch_classes, key=score)
    return Chord(chord.root, chord.quality, None if bass == chord.root else bass)
