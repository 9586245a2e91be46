"""A synthetic singing voice: harmonics with moving formants, glides, vibrato, breath and consonants.

It is no real singer, but has what separates a voice from an instrument: the pitch is never constant, and the spectral
peaks follow the vowel, not the pitch. After Sundberg, "The Science of the Singing Voice" (1987); the formants are those
of Peterson and Barney, "Control methods used in a study of the vowels" (1952).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from musearoo.engines.audio.synthesis.stem import Samples, Sounding

Curve = npt.NDArray[np.float64]

FRAME: Final = 0.004
"""Seconds between control frames."""
VOWELS: Final = (
    (730.0, 1090.0, 2440.0),
    (570.0, 840.0, 2410.0),
    (530.0, 1840.0, 2480.0),
    (270.0, 2290.0, 3010.0),
    (300.0, 870.0, 2240.0),
    (660.0, 1720.0, 2410.0),
)
"""The first three formants of a man's ah, aw, eh, ee, oo and ae, Hz."""
HIGH_FORMANTS: Final = (3300.0, 4200.0)
BANDWIDTHS: Final = (80.0, 100.0, 130.0, 180.0, 250.0)
FORMANT_LEVELS: Final = (1.0, 0.6, 0.45, 0.35, 0.2)
GLIDE: Final = 0.05
"""The transition time of pitch and formants to a new note, in seconds."""
VIBRATO_AFTER: Final = 0.25
HARMONICS: Final = 48
HIGHEST_HERTZ: Final = 9_000.0


@dataclass(frozen=True, slots=True)
class Singer:
    """A singer: the lowest comfortable MIDI pitch, the formant ratio to a man's, vibrato in cents and Hz, and the share
    of breath.
    """

    lowest: int
    mouth: float
    vibrato_cents: float
    vibrato_hertz: float
    breath: float


MAN: Final = Singer(48, 1.0, 35.0, 5.2, 0.03)
WOMAN: Final = Singer(57, 1.17, 45.0, 5.8, 0.05)


def sing(notes: Sequence[Sounding], singer: Singer, seconds: float, rate: int, seed: int) -> Samples:
    """Return the notes sung as a line on changing syllables: float32 (2, samples), the same on both sides.

    The line is transposed by octaves into the singer's range; a note ends where the next begins. Deterministic for a
    seed.
    """
    count = round(seconds * rate)
    frames = int(seconds / FRAME) + 2
    line = _as_line(notes, singer, seconds)
    if not line:
        return np.zeros((2, count), dtype=np.float32)
    chance = np.random.default_rng(seed)
    mouth = _open_mouth(line, singer, frames, chance)
    times = np.arange(count) / rate / FRAME
    hertz = 440.0 * 2.0 ** ((np.interp(times, np.arange(frames), mouth.pitch) - 69.0) / 12.0)
    phase = 2.0 * pi * np.cumsum(hertz) / rate
    frame_hertz = 440.0 * 2.0 ** ((mouth.pitch - 69.0) / 12.0)
    voice = np.zeros(count)
    top = min(HIGHEST_HERTZ, 0.45 * rate)
    for number in range(1, HARMONICS + 1):
        if number * frame_hertz.min() > top:
            break
        # The glottal source falls by 12 dB an octave, and lip radiation adds 6.
        strength = mouth.loudness * _mouth_gain(number * frame_hertz, mouth.formants) / number
        strength[number * frame_hertz > top] = 0.0
        voice += np.interp(times, np.arange(frames), strength) * np.sin(number * phase + number * number)
    voice += _breathe(mouth, times, singer, chance)
    voice += _consonants(line, count, rate, chance)
    peak = np.abs(voice).max()
    return np.repeat((0.5 * voice / peak)[np.newaxis].astype(np.float32), 2, axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class _Mouth:
    """Pitch (MIDI), loudness 0..1 and formants (Hz, (5, frames)) at every frame."""

    pitch: Curve
    loudness: Curve
    formants: Curve


def _as_line(notes: Sequence[Sounding], singer: Singer, seconds: float) -> list[Sounding]:
    """Return a monophonic line, the highest of simultaneous notes, within the singer's two octaves."""
    line: list[Sounding] = []
    for note in sorted(notes, key=lambda note: (note.start, note.pitch)):
        if not 0.0 <= note.start < seconds:
            continue
        if line and note.start - line[-1].start < 0.03:
            line.pop()
        elif line and line[-1].start + line[-1].seconds > note.start:
            line[-1] = line[-1]._replace(seconds=note.start - line[-1].start)
        line.append(note)
    if not line:
        return []
    middle = sorted(note.pitch for note in line)[len(line) // 2]
    octaves = 12 * round((singer.lowest + 10 - middle) / 12)
    return [note._replace(pitch=note.pitch + octaves) for note in line]


def _open_mouth(line: Sequence[Sounding], singer: Singer, frames: int, chance: np.random.Generator) -> _Mouth:
    pitch, loudness = np.full(frames, float(line[0].pitch)), np.zeros(frames)
    formants = np.tile(np.array([*VOWELS[0], *HIGH_FORMANTS])[:, np.newaxis], frames)
    depth = np.zeros(frames)
    for note in line:
        first, last = round(note.start / FRAME), round((note.start + note.seconds) / FRAME)
        pitch[first:] = note.pitch
        loudness[first:last] = (max(note.velocity, 1.0) / 127.0) ** 1.2
        formants[:3, first:] = np.array(VOWELS[chance.integers(len(VOWELS))])[:, np.newaxis]
        held = np.arange(max(last - first, 0)) * FRAME
        depth[first:last] = np.clip((held - VIBRATO_AFTER) / 0.3, 0.0, 1.0)[: max(0, frames - first)]
    glide = np.hanning(2 * round(GLIDE / FRAME) + 1)
    glide /= glide.sum()
    pitch, loudness, depth = (_smoothed(curve, glide) for curve in (pitch, loudness, depth))
    formants = np.stack([_smoothed(row, glide) for row in formants]) * singer.mouth
    time = np.arange(frames) * FRAME
    drift = signal.lfilter([0.02], [1.0, -0.98], chance.standard_normal(frames)) * 0.25
    vibrato = np.sin(2.0 * pi * singer.vibrato_hertz * time + chance.uniform(0.0, 2.0 * pi))
    pitch = pitch + depth * singer.vibrato_cents / 100.0 * vibrato + drift
    return _Mouth(pitch, loudness * (1.0 + 0.12 * depth * vibrato), formants)


def _smoothed(curve: Curve, window: Curve) -> Curve:
    half = window.size // 2
    return np.asarray(np.convolve(np.pad(curve, half, mode="edge"), window, mode="valid"))


def _mouth_gain(hertz: Curve, formants: Curve) -> Curve:
    """Return the gain of a partial at each frame: parallel resonances."""
    gain = np.full(hertz.size, 0.01)
    for centre, width, level in zip(formants, BANDWIDTHS, FORMANT_LEVELS, strict=True):
        gain += level / np.sqrt(1.0 + ((hertz - centre) / (0.5 * width)) ** 2)
    return gain


def _breathe(mouth: _Mouth, times: Curve, singer: Singer, chance: np.random.Generator) -> Curve:
    noise = chance.standard_normal(times.size)
    noise = np.diff(noise, prepend=0.0)
    return np.asarray(singer.breath * noise * np.interp(times, np.arange(mouth.loudness.size), mouth.loudness))


def _consonants(line: Sequence[Sounding], count: int, rate: int, chance: np.random.Generator) -> Curve:
    """Return consonants for about half of the syllables: a hiss (s, sh) or a short burst (t, k)."""
    sound = np.zeros(count)
    for note in line:
        kind = chance.integers(4)
        length = round((0.09, 0.025, 0.0, 0.0)[kind] * rate)
        start = round(note.start * rate) - length // 2
        if not length or start < 0 or start + length > count:
            continue
        low = (0.11, 0.07)[kind] * min(rate, 44_100)
        noise = signal.sosfilt(
            signal.butter(2, (low, min(1.9 * low, 0.45 * rate)), "bandpass", fs=rate, output="sos"),
            chance.standard_normal(length),
        )
        sound[start : start + length] += 0.5 * (note.velocity / 127.0) * noise * np.hanning(length)
    return sound
