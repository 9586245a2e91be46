"""Measures of endless sound: level, clicks, silence, novelty, key and colour. Sound is float32 (2, samples)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter, sosfilt

from musearoo.engines.audio.endless.mastering import weighting

Sound = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

SHORT_TERM: Final = 3.0
"""Seconds of short-term loudness (EBU Tech 3341)."""
STEP: Final = 0.1
ORDER: Final = 32
"""Samples from which a click detector predicts the next one."""
PIECE: Final = 4096
"""Samples for which a prediction is made."""
CLICK: Final = 16.0
"""A residual that is so many times the median of its piece is a click: music stays below (tried with planted ones)."""
SHARP, NEAR = 3.8, 128
"""A click stands out of the residual of so many samples around it; that of a soft onset lasts as long as they do."""
HEARD: Final = 1e-3
"""A residual of less than -60 dB of full scale is heard by nobody."""
SILENCE_DB: Final = -60.0
FRAME: Final = 4096
"""Samples of a chroma's spectrum."""
PATCH: Final = 4.0
"""Seconds of a frame of novelty, and of both halves of its checkerboard (J. Foote, 2000)."""
OCTAVES: Final = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)


def measure_short_term(sound: Sound, rate: int) -> Floats:
    """Return the short-term loudness in LUFS each tenth of a second, from the third second on (BS.1770-4, ungated)."""
    power = np.square(sosfilt(weighting(rate), sound, axis=1)).sum(axis=0)
    step = round(STEP * rate)
    steps = power[: len(power) // step * step].reshape(-1, step).mean(axis=1)
    count = round(SHORT_TERM / STEP)
    total = np.concatenate(([0.0], np.cumsum(steps)))
    return np.asarray(10.0 * np.log10(np.maximum((total[count:] - total[:-count]) / count, 1e-12)) - 0.691)


def share_in_level(loudness: Floats, within: float = 2.0, after: float = 30.0) -> float:
    """Return the share of the time after the first seconds in which loudness is within some LU of its median."""
    kept = loudness[round(after / STEP) :]
    return float(np.mean(np.abs(kept - np.median(kept)) <= within)) if len(kept) else 1.0


def find_clicks(sound: Sound) -> list[int]:
    """Return the samples at which there is a click: where a linear prediction fails far worse than around it."""
    found: list[int] = []
    for side in sound:
        signal = side.astype(np.float64)
        for first in range(0, len(signal) - PIECE, PIECE):
            piece = signal[max(0, first - ORDER) : first + PIECE]
            if np.max(np.abs(piece)) < 1e-4:
                continue
            spectrum = np.fft.rfft(piece * np.hanning(len(piece)), 2 * len(piece))
            correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: ORDER + 1]
            correlation[0] *= 1.0 + 1e-9
            taps = solve_toeplitz(correlation[:ORDER], correlation[1 : ORDER + 1])
            residual = lfilter(np.concatenate(([1.0], -taps)), [1.0], piece)[ORDER:]
            usual = np.sqrt(np.median(np.square(residual[: len(residual) // 64 * 64]).reshape(-1, 64).mean(axis=1)))
            worst = int(np.argmax(np.abs(residual)))
            near = residual[max(0, worst - NEAR) : worst + NEAR]
            if abs(residual[worst]) > max(CLICK * float(usual), HEARD, SHARP * float(np.sqrt(np.mean(near**2)))):
                found.append(first + worst)
    return sorted(found)


def longest_silence(sound: Sound, rate: int) -> float:
    """Return the longest time in seconds below -60 dB, in steps of 10 ms."""
    step = rate // 100
    level = np.abs(sound).max(axis=0)
    quiet = level[: len(level) // step * step].reshape(-1, step).max(axis=1) < 10.0 ** (SILENCE_DB / 20.0)
    longest = run = 0
    for is_quiet in quiet:
        run = run + 1 if is_quiet else 0
        longest = max(longest, run)
    return longest / 100.0


def measure_chroma(sound: Sound, rate: int) -> Floats:
    """Return the share of each pitch class, frame by frame of about a twelfth of a second: (frames, 12)."""
    mono = sound.mean(axis=0)
    frames = np.lib.stride_tricks.sliding_window_view(mono, FRAME * 2)[::FRAME]
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(FRAME * 2), axis=1)))
    hertz = np.fft.rfftfreq(FRAME * 2, 1.0 / rate)
    used = (hertz > 100.0) & (hertz < 2000.0)
    classes = np.round(69.0 + 12.0 * np.log2(hertz[used] / 440.0)).astype(int) % 12
    chroma = np.stack([power[:, used][:, classes == each].sum(axis=1) for each in range(12)], axis=1)
    return np.asarray(chroma / np.maximum(chroma.sum(axis=1, keepdims=True), 1e-12))


def measure_novelty(sound: Sound, rate: int) -> Floats:
    """Return how much changes from four seconds to the next four, 0..1, every four seconds, by their chroma."""
    chroma = measure_chroma(sound, rate)
    count = max(1, round(PATCH * rate / FRAME))
    means = chroma[: len(chroma) // count * count].reshape(-1, count, 12).mean(axis=1)
    means = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return np.asarray(1.0 - np.sum(means[1:] * means[:-1], axis=1))


def share_in_scale(sound: Sound, rate: int, classes: Sequence[int]) -> float:
    """Return the share of the tonal energy that is on the pitch classes of a scale."""
    return float(measure_chroma(sound, rate).mean(axis=0)[list(classes)].sum())


def measure_octaves(sound: Sound, rate: int) -> Floats:
    """Return the level of eight octaves from 63 Hz to 8 kHz in dB, relative to their sum."""
    mono = sound.mean(axis=0)
    power = np.square(np.abs(np.fft.rfft(mono * np.hanning(len(mono)))))
    hertz = np.fft.rfftfreq(len(mono), 1.0 / rate)
    bands = np.array([power[(hertz >= at / 2**0.5) & (hertz < at * 2**0.5)].sum() for at in OCTAVES])
    return np.asarray(10.0 * np.log10(np.maximum(bands, 1e-12) / np.maximum(bands.sum(), 1e-9)))


def describe_sound(sound: Sound, rate: int) -> Floats:
    """Return what tells one kind of endless music from another: octaves, width, and how its level moves."""
    octaves = np.maximum(measure_octaves(sound, rate), -60.0)
    step = rate // 50
    level = np.abs(sound).max(axis=0)
    level = level[: len(level) // step * step].reshape(-1, step).max(axis=1)
    onsets = np.maximum(0.0, np.diff(np.log(level + 1e-4)))
    side = float(np.mean(np.square(sound[0] - sound[1])) / max(1e-12, float(np.mean(np.square(sound[0] + sound[1])))))
    return np.concatenate((octaves / 6.0, [8.0 * side, 60.0 * onsets.mean(), 3.0 * np.log(level + 1e-4).std()]))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many of the sounds were taken for what they are."""

    right: int
    of: int
    mistaken: tuple[tuple[str, str], ...]
    """What a sound was, and what it was taken for."""


def tell_apart(described: Mapping[str, Sequence[Floats]]) -> Verdict:
    """Take each sound for the kind whose other sounds' mean is nearest (leave one out)."""
    # How much the sounds of one kind differ: what varies within kinds tells nothing.
    scale = np.sqrt(np.mean([np.var(sounds, axis=0) for sounds in described.values()], axis=0)) + 1e-3
    right, mistaken = 0, []
    for name, sounds in described.items():
        for index, sound in enumerate(sounds):
            means = {
                other: np.mean([each for place, each in enumerate(those) if (other, place) != (name, index)], axis=0)
                for other, those in described.items()
            }
            taken = min(means, key=lambda other: float(np.linalg.norm((means[other] - sound) / scale)))
            right += taken == name
            if taken != name:
                mistaken.append((name, taken))
    return Verdict(right, sum(map(len, described.values())), tuple(mistaken))
