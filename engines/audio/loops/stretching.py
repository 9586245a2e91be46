"""Time stretching that preserves pitch and onsets: a phase vocoder that is rigid around onsets.

Each frame is analysed twice, at its position and one hop earlier; the second copy is rotated to match the previous
output frame, and the first is rotated by the same phase. No frequencies need to be estimated (Puckette, "Phase-locked
vocoder", 1995). All bins around a peak rotate together, which keeps their phase relations (Laroche and Dolson,
"Improved phase vocoder time-scale modification of audio", 1999), and so do all channels, which keeps the stereo image.
Around an onset time is not stretched, and new sound keeps its recorded phase (after Roebel, "A new approach to
transient processing in the phase vocoder", 2003); the time between onsets is stretched accordingly more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft
from scipy.ndimage import maximum_filter1d

from musearoo.engines.analysis.fast.activation.peaks import RISE_SECONDS, sharpen
from musearoo.engines.analysis.fast.activation.rises import measure_rises
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.audio.sound_model import FloatArray

Seconds = npt.NDArray[np.float64]
Spectra = npt.NDArray[np.complex64]

WINDOW_SECONDS: Final = 0.07
"""Approximate frame length: resolves partials 60 Hz apart; longer frames blur drums."""
OVERLAP: Final = 8
"""Frames overlapping at each moment: with fewer, phase rotation is audible as roughness."""
BEFORE: Final = 0.025
AFTER: Final = 0.05
"""Seconds around an onset that are not stretched: the perceived attack."""
RIGID_SHARE: Final = 0.6
"""Largest unstretched fraction of the time between onsets, so that the rest need not stretch too much."""
NEW: Final = 1.5
"""Growth of a region's power within a hop at an onset from which it counts as new and keeps its recorded phase.

With this value, loops stretched by 8 % and back are closest to the original."""
PEAK_REACH: Final = 2
"""A spectral peak exceeds this many bins on either side, as wide as the window's main lobe."""
FRAMES_AT_ONCE: Final = 256
"""Frames whose spectra are in memory at a time: some 20 MB."""
SHARP: Final = 0.8
"""Rise of the treble at an onset, as a natural logarithm: a factor of two."""
SILENT: Final = 1e-20
"""Bins with less power are not rotated."""


@dataclass(frozen=True, slots=True, eq=False)
class TimeMap:
    """A time map: two ascending rows of seconds, linear in between, and with a slope of 1 outside."""

    made: Seconds
    wanted: Seconds

    def to_wanted(self, made: Seconds) -> Seconds:
        """Map times of the original to times of the result."""
        return _follow(made, self.made, self.wanted)

    def to_made(self, wanted: Seconds) -> Seconds:
        """Map times of the result to times of the original."""
        return _follow(wanted, self.wanted, self.made)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is stretched noticeably."""
        return bool(np.ptp(self.wanted - self.made) < 1e-6)


def protect_onsets(time_map: TimeMap, onsets: Seconds) -> TimeMap:
    """Return the map made rigid around onsets (seconds in the original, ascending), which keep their times."""
    onsets = onsets[np.diff(onsets, prepend=-np.inf) > BEFORE]
    if not onsets.size:
        return time_map
    gaps = np.diff(onsets)
    room = RIGID_SHARE / (BEFORE + AFTER) * gaps
    before = BEFORE * np.minimum(1.0, np.concatenate(([1.0], room)))
    after = AFTER * np.minimum(1.0, np.concatenate((room, [1.0])))
    places = time_map.to_wanted(onsets)
    made = np.stack((onsets - before, onsets + after), axis=1).ravel()
    wanted = np.stack((places - before, places + after), axis=1).ravel()
    # Keep the map's own points outside the protected range, such as its first and last one.
    outer = (time_map.made < made[0]) | (time_map.made > made[-1])
    made = np.concatenate((made, time_map.made[outer]))
    wanted = np.concatenate((wanted, time_map.wanted[outer]))
    order = np.argsort(made, kind="stable")
    return TimeMap(made[order], np.maximum.accumulate(wanted[order]))


def stretch(samples: FloatArray, rate: int, time_map: TimeMap, onsets: Seconds, start: float, count: int) -> FloatArray:
    """Stretch: return `count` samples of the result from second `start` on: float32 (channels, count).

    `onsets`: onset times in the original, ascending. Times outside the sound give silence.
    """
    size = 2 * round(WINDOW_SECONDS * rate / 2 / OVERLAP) * OVERLAP
    hop = size // OVERLAP
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    frames = -(-count // hop) + OVERLAP
    # Frame k is centred on output sample k * hop - size / 2 + hop, so that each sample is covered by all its frames.
    centres = (np.arange(frames) - OVERLAP // 2 + 1) * hop
    places = np.rint(time_map.to_made(start + centres / rate) * rate).astype(np.int64)
    rigid = _near_onsets(places / rate, onsets, 0.5 * size / rate)
    padded = np.pad(samples, ((0, 0), (size + hop, size + hop)))
    views = np.lib.stride_tricks.sliding_window_view(padded, size, axis=1)
    last = views.shape[1] - 1
    firsts = np.clip(places - size // 2 + size + hop, hop, last)
    written = np.zeros((samples.shape[0], (frames - 1) * hop + size), dtype=np.float32)
    before: Spectra | None = None
    for begin in range(0, frames, FRAMES_AT_ONCE):
        chunk = firsts[begin : begin + FRAMES_AT_ONCE]
        here = fft.rfft(views[:, chunk] * window, axis=2)
        back = fft.rfft(views[:, chunk - hop] * window, axis=2)
        for k in range(chunk.size):
            before = here[:, k] if before is None else _turn(here[:, k], back[:, k], before, bool(rigid[begin + k]))
            here[:, k] = before
        waves = fft.irfft(here, size, axis=2) * window
        for k in range(chunk.size):
            at = (begin + k) * hop
            written[:, at : at + size] += waves[:, k]
    # Overlapping squared Hann windows sum to 3/8 of their number.
    written *= np.float32(1.0 / (0.375 * OVERLAP))
    first = size - hop
    return np.ascontiguousarray(written[:, first : first + count])


def stretch_evenly(samples: FloatArray, rate: int, frames: int) -> FloatArray:
    """Stretch a sound (channels, n) to `frames` samples, keeping pitch and onsets: (channels, frames)."""
    if samples.shape[1] == frames:
        return samples
    duration = samples.shape[1] / rate
    time_map = TimeMap(np.array([0.0, duration]), np.array([0.0, frames / rate]))
    onsets = detect_onsets(samples, rate)
    return stretch(samples, rate, protect_onsets(time_map, onsets), onsets, 0.0, frames)


def detect_onsets(samples: FloatArray, rate: int) -> Seconds:
    """Find onsets in seconds from the treble alone: faster than with the activation network."""
    curve = measure_rises(Sound.of(samples, rate))
    rises = sharpen(curve)
    reach = round(2.0 * BEFORE / curve.step_seconds)
    peaks = np.flatnonzero((rises > SHARP) & (rises >= maximum_filter1d(rises, 2 * reach + 1)))
    found: Seconds = np.maximum(peaks * curve.step_seconds - RISE_SECONDS, 0.0)
    return found


def _turn(here: Spectra, back: Spectra, before: Spectra, is_onset: bool) -> Spectra:
    """Rotate the phases of a frame (channels, bins) so that it continues the one before."""
    power = np.einsum("cb,cb->b", here.real, here.real) + np.einsum("cb,cb->b", here.imag, here.imag)
    starts = _regions(power)
    lengths = np.diff(starts, append=power.size)
    turns = np.add.reduceat((before * back.conj()).sum(axis=0), starts)
    sizes = np.abs(turns)
    turns = np.where(sizes > SILENT, turns / np.maximum(sizes, SILENT), 1.0).astype(np.complex64)
    if is_onset:
        past = np.einsum("cb,cb->b", back.real, back.real) + np.einsum("cb,cb->b", back.imag, back.imag)
        is_new = np.add.reduceat(power, starts) > NEW * np.add.reduceat(past, starts)
        turns[is_new] = 1.0
    turned: Spectra = here * np.repeat(turns, lengths)
    return turned


def _regions(power: FloatArray) -> npt.NDArray[np.intp]:
    """Return the first bins of a spectrum's regions, each around one peak."""
    inner = power[PEAK_REACH:-PEAK_REACH]
    is_peak = np.ones(inner.size, dtype=bool)
    for reach in range(1, PEAK_REACH + 1):
        is_peak &= inner > power[PEAK_REACH - reach : -PEAK_REACH - reach]
        is_peak &= inner >= power[PEAK_REACH + reach : power.size - PEAK_REACH + reach]
    peaks = np.flatnonzero(is_peak) + PEAK_REACH
    return np.concatenate((np.zeros(1, dtype=np.intp), (peaks[:-1] + peaks[1:] + 1) // 2))


def _near_onsets(places: Seconds, onsets: Seconds, reach: float) -> npt.NDArray[np.bool_]:
    """Return whether times are within `reach` of an onset."""
    if not onsets.size:
        return np.zeros(places.size, dtype=bool)
    after = np.searchsorted(onsets, places)
    nearest = np.minimum(
        np.abs(places - onsets[np.maximum(after - 1, 0)]),
        np.abs(onsets[np.minimum(after, onsets.size - 1)] - places),
    )
    return nearest < reach


def _follow(moments: Seconds, given: Seconds, found: Seconds) -> Seconds:
    """Interpolate linearly between knots, with a slope of one outside."""
    inside = np.interp(moments, given, found)
    result: Seconds = inside + np.minimum(moments - given[0], 0.0) + np.maximum(moments - given[-1], 0.0)
    return result
