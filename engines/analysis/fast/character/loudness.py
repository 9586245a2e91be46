"""Fast loudness by ITU-R BS.1770-4 and loudness range by EBU Tech 3342: K-weighting by spectra, power by samples.

The exact method filters every sample. Here the samples give each step's exact power, and a spectrum of the step gives
the share that K-weighting keeps. The tests compare it with the exact method: the difference is at most 0.1 LU for tones
and noise, 0.2 for drums, and 0.4 for sound below 50 Hz alone, which the spectrogram hardly resolves.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import CENTRES_HZ, HALVED_FROM_HZ, HIGHEST_HZ, filter_bank
from musearoo.engines.analysis.fast.character.steps import STEPS_PER_SECOND, BandSteps, ChannelSteps, DoubleArray
from musearoo.engines.music.knowledge.analysis import Loudness

OFFSET: Final = -0.691
"""LKFS of a mean square of 1 (BS.1770-4, formula 2)."""
ABSOLUTE_GATE: Final = -70.0
RELATIVE_GATE: Final = -10.0
RANGE_GATE: Final = -20.0
GATING_STEPS: Final = 4
"""400 ms in steps of a tenth of a second, as the 75 % overlap requires."""
SHORT_TERM_STEPS: Final = 30
RANGE_SHARES: Final = (0.10, 0.95)

LIKELY_AIR_HZ: Final = 18_500.0
"""The mean frequency of the power above the spectrogram's last band."""
TONES: Final = 150
LOWEST_TONE, HIGHEST_TONE = 40.0, 1000.0
"""The band weights are fitted to tones in this range, evenly spaced in octaves; above it they are exact."""
PULL: Final = 0.002
"""How strongly a weight is drawn to the K-weighting at its band's middle, where tones leave it open."""
SIDE_WINDOW_SECONDS: Final = 1024 / 44_100
SIDE_MATTERS: Final = 0.003
"""Below this share of the power, the side uses the middle's weight: the error is below 0.01 LU."""

OVERSAMPLING: Final = 4
PEAK_REACH: Final = 12
"""Samples on either side that the interpolation uses (BS.1770-4 annex 2 uses 6)."""
PEAK_SHARE: Final = 0.8
"""Only samples above this share of the peak are interpolated: a wave rises to 3 dB above its samples, in music to 2
dB.
"""
MOST_PEAKS: Final = 128
"""The maximum number of samples per channel to interpolate around: the highest ones."""


def describe_loudness(sound: Sound, weighted: DoubleArray) -> Loudness:
    """Return the loudness of a sound from its K-weighted steps."""
    peak_db = 20.0 * float(np.log10(max(measure_true_peak(sound), 1e-10)))
    return Loudness(measure_integrated(weighted), peak_db, measure_range(weighted))


def weigh_steps(sound: Sound, bands: BandSteps, channels: ChannelSteps) -> DoubleArray:
    """Return the K-weighted mean square of each whole step, summed over channels: float64 (steps,)."""
    count = channels.total.size
    if not count:
        return np.zeros(0)
    gains = _middle_gains(sound, bands)[:count]
    gains = np.pad(gains, (0, count - gains.size), mode="edge")
    if channels.shared is None:
        return np.asarray(channels.total * gains)
    # Half the sum and half the difference of the channels.
    middle = np.maximum(channels.total + 2.0 * channels.shared, 0.0) / 4.0
    side = np.maximum(channels.total - 2.0 * channels.shared, 0.0) / 4.0
    # Where the channels cancel each other out, the spectrogram contains only one of them.
    if middle.sum() < 0.01 * side.sum() or side.sum() < SIDE_MATTERS * middle.sum():
        return np.asarray(channels.total * gains)
    return np.asarray(2.0 * (middle * gains + side * _side_gains(sound, count)))


def measure_integrated(weighted: DoubleArray) -> float | None:
    """Return the integrated loudness in LUFS from K-weighted mean squares in tenths of a second, gated twice; None
    under 0.4 s and for silence."""
    blocks = _slide(weighted, GATING_STEPS)
    loud = blocks[blocks > _power(ABSOLUTE_GATE)]
    if not loud.size:
        return None
    loud = loud[loud > loud.mean() * 10.0 ** (RELATIVE_GATE / 10.0)]
    return _loudness(float(loud.mean()))


def measure_range(weighted: DoubleArray) -> float | None:
    """Return the loudness range in LU (EBU Tech 3342); None under 3 s and for silence."""
    blocks = _slide(weighted, SHORT_TERM_STEPS)
    loud = blocks[blocks > _power(ABSOLUTE_GATE)]
    if not loud.size:
        return None
    loud = loud[loud > loud.mean() * 10.0 ** (RANGE_GATE / 10.0)]
    low, high = np.interp(np.array(RANGE_SHARES) * (loud.size - 1), np.arange(loud.size), np.sort(loud))
    return 10.0 * float(np.log10(high / low))


def measure_true_peak(sound: Sound) -> float:
    """Return the true peak, four times oversampled near the highest samples (BS.1770-4 annex 2)."""
    highest = [max(float(channel.max()), -float(channel.min())) for channel in sound.samples]
    peak = max(highest)
    for channel, high in zip(sound.samples, highest, strict=True):
        level = PEAK_SHARE * peak
        if high < level or high == 0.0:
            continue
        places = np.concatenate([np.flatnonzero(channel > level), np.flatnonzero(channel < -level)])
        if places.size > MOST_PEAKS:
            places = places[np.argpartition(np.abs(channel[places]), -MOST_PEAKS)[-MOST_PEAKS:]]
        places = places[(places >= PEAK_REACH) & (places < channel.size - PEAK_REACH)]
        if places.size:
            around = places[:, np.newaxis] + np.arange(-PEAK_REACH, PEAK_REACH + 1)
            peak = max(peak, float(np.abs(channel[around] @ _interpolators()).max()))
    return peak


@lru_cache(maxsize=1)
def _interpolators() -> FloatArray:
    """Return windowed sincs that interpolate 1/4 and 1/2 before and after a sample: float32 (taps, positions)."""
    taps = np.arange(-PEAK_REACH, PEAK_REACH + 1)[:, np.newaxis]
    places = np.array([-2, -1, 1, 2])[np.newaxis] / OVERSAMPLING
    window = np.kaiser(2 * PEAK_REACH + 1, 6.0)[:, np.newaxis]
    sincs = np.sinc(taps - places) * window
    return np.asarray(sincs / sincs.sum(axis=0), dtype=np.float32)


def _middle_gains(sound: Sound, bands: BandSteps) -> DoubleArray:
    """Return the K-weighting gain of each step's power, from the bands of the mono spectrogram: float64 (steps,)."""
    weights, air_weight = _band_weights(sound.rate)
    powers = bands.powers.astype(np.float64)
    plain, weighted = powers.sum(axis=1), powers @ weights
    if sound.rate > 2.1 * HIGHEST_HZ:
        air = _air_share(sound, bands) * plain.sum()
        top = powers[:, bands.hertz > HIGHEST_HZ / 2].sum(axis=1)
        if top.sum() > 0.0:
            share = top * (air / top.sum())
            plain, weighted = plain + share, weighted + air_weight * share
    return np.asarray(np.divide(weighted, plain, out=np.ones_like(plain), where=plain > 1e-12))


def _air_share(sound: Sound, bands: BandSteps) -> float:
    """Return the power above the last band relative to the power in the bands.

    It follows from the correlation of neighbouring samples, which is the sum of the band powers, each times the cosine
    of its frequency, and of the air's power, whose cosine is negative.
    """
    mono = sound.mono
    if mono.size < 2:
        return 0.0
    square, neighbour = float(np.dot(mono, mono)), float(np.dot(mono[:-1], mono[1:]))
    powers = bands.powers.sum(axis=0, dtype=np.float64)
    cosines = np.cos(2.0 * np.pi * bands.hertz / sound.rate)
    air_cosine = np.cos(2.0 * np.pi * min(LIKELY_AIR_HZ, 0.42 * sound.rate) / sound.rate)
    plain, turned = float(powers.sum()), float(powers @ cosines)
    if square <= 0.0 or turned - air_cosine * plain <= 0.0:
        return 0.0
    scale = (neighbour - air_cosine * square) / (turned - air_cosine * plain)
    return max(0.0, square / scale - plain) / plain if scale > 0.0 else 0.0


def _side_gains(sound: Sound, count: int) -> DoubleArray:
    """Return the K-weighting gain of the side's power in each step, from a window in every second step: float64
    (steps,)."""
    size = round(SIDE_WINDOW_SECONDS * sound.rate)
    step = sound.rate // STEPS_PER_SECOND
    starts = np.arange(0, count, 2) * step + (step - size) // 2
    left, right = (np.lib.stride_tricks.sliding_window_view(channel, size)[starts] for channel in sound.samples)
    windows = left - right
    windows *= _hann(size)
    spectra = fft.rfft(windows, axis=1, overwrite_x=True)
    powers = spectra.real**2 + spectra.imag**2
    weights = _bin_weights(size, sound.rate)
    plain = powers.sum(axis=1, dtype=np.float64)
    weighted = (powers @ weights).astype(np.float64)
    gains = np.divide(weighted, plain, out=np.ones_like(plain), where=plain > 1e-12)
    return np.repeat(gains, 2)[:count]


@lru_cache(maxsize=8)
def _hann(size: int) -> FloatArray:
    return np.hanning(size).astype(np.float32)


@lru_cache(maxsize=8)
def _bin_weights(size: int, rate: int) -> FloatArray:
    """Return the K-weighting of the bins of a transform of `size` samples."""
    return k_weights(np.fft.rfftfreq(size, 1.0 / rate), rate).astype(np.float32)


@lru_cache(maxsize=16)
def _band_weights(rate: int) -> tuple[DoubleArray, float]:
    """Return the K-weighting of each of the spectrogram's bands, and that of the air above.

    The weights are correct for tones. In the bass, where the window spreads a tone over several bands, they are the
    least squares fit to all tones, regularised towards each band's own weight.
    """
    low_rate = rate
    while low_rate >= HALVED_FROM_HZ:
        low_rate //= 2
    bank = filter_bank(low_rate)
    own = k_weights(np.minimum(np.array(CENTRES_HZ[1:-1]), 0.49 * rate), rate)
    tones = np.geomspace(LOWEST_TONE, min(HIGHEST_TONE, 0.4 * rate), TONES)
    times = np.arange(bank.window.size) / low_rate
    powers = np.zeros((TONES, bank.transform // 2 + 1))
    for phase in (0.0, 0.5 * np.pi):  # any phase is equally likely, and these two represent all
        waves = np.cos(2.0 * np.pi * tones[:, np.newaxis] * times + phase) * bank.window
        powers += np.abs(np.fft.rfft(waves, bank.transform)) ** 2
    spread = np.zeros((TONES, own.size))
    for band, start, weights in bank.blocks:
        spread[:, band : band + weights.shape[1]] = powers[:, start : start + weights.shape[0]] @ weights
    spread /= spread.sum(axis=1, keepdims=True)
    missing = k_weights(tones, rate) - spread @ own
    change = np.linalg.solve(spread.T @ spread + PULL * np.eye(own.size), spread.T @ missing)
    return np.maximum(own + change, 0.0), float(k_weights(min(LIKELY_AIR_HZ, 0.42 * rate), rate))


def k_weights(hertz: npt.ArrayLike, rate: int) -> DoubleArray:
    """Return the power gain of K-weighting: the two filters of BS.1770-4, by their analogue prototypes for any rate.

    The prototypes' frequencies and gains are those that give the standard's own coefficients at 48 kHz (De Man,
    "Evaluation of implementations of the EBU R128 loudness measurement", 2018).
    """
    turn = np.exp(-2j * np.pi * np.asarray(hertz, dtype=np.float64) / rate)
    gain: DoubleArray = np.ones(turn.shape)
    for numerator, denominator in k_filters(rate):
        gain *= np.abs(np.polyval(numerator[::-1], turn) / np.polyval(denominator[::-1], turn)) ** 2
    return gain


@lru_cache(maxsize=16)
def k_filters(rate: int) -> tuple[tuple[DoubleArray, DoubleArray], tuple[DoubleArray, DoubleArray]]:
    """Return numerator and denominator of the high shelf and of the high pass, three coefficients each."""
    tangent = np.tan(np.pi * min(1681.974450955533, 0.45 * rate) / rate)
    high, quality = 10.0 ** (3.999843853973347 / 20.0), 0.7071752369554196
    band = high**0.4996667741545416
    norm = 1.0 + tangent / quality + tangent**2
    shelf = (
        np.array(
            [
                high + band * tangent / quality + tangent**2,
                2.0 * (tangent**2 - high),
                high - band * tangent / quality + tangent**2,
            ]
        )
        / norm,
        np.array([1.0, 2.0 * (tangent**2 - 1.0) / norm, (1.0 - tangent / quality + tangent**2) / norm]),
    )
    tangent, quality = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1.0 + tangent / quality + tangent**2
    high_pass = (
        np.array([1.0, -2.0, 1.0]),
        np.array([1.0, 2.0 * (tangent**2 - 1.0) / norm, (1.0 - tangent / quality + tangent**2) / norm]),
    )
    return shelf, high_pass


def _slide(values: DoubleArray, width: int) -> DoubleArray:
    """Return the moving average over `width` neighbours."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(np.maximum(sums[width:] - sums[:-width], 0.0) / width)


def _loudness(mean_square: float) -> float:
    return OFFSET + 10.0 * float(np.log10(mean_square))


def _power(lufs: float) -> float:
    """Return the mean square of a loudness; the inverse of `_loudness`."""
    return float(10.0 ** ((lufs - OFFSET) / 10.0))
