"""Training scenes: pieces of the training split with random kits, instruments and augmentation.

No two scenes sound alike, so that the network learns drums and beats, not two soundfonts: each drum may come from
another kit or from an oscillator, be tuned, shortened and layered; then come equaliser, room, saturation and noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from musearoo.tools.bench.corpora.piece import KIND_OF_PITCH, Piece, Stroke, Tone
from musearoo.tools.workshop.training.activations.samples import DRUM_VELOCITIES, KITS, PITCHES, PROGRAMS, RATE

FloatArray = npt.NDArray[np.float32]
Chance = np.random.Generator

BASS_PROGRAMS: Final = tuple(program for program in PROGRAMS if 32 <= program <= 39)
ROLAND: Final = {22: 42, 26: 46, 58: 43}
"""Pitches of electronic kits, and General MIDI's for the same drum."""


class Library:
    """The notes of one or more soundfonts, loaded on first use."""

    def __init__(self, files: list[Path]) -> None:
        self._fonts = [np.load(file) for file in files]
        self._names = [set(font.files) for font in self._fonts]
        self._read: dict[tuple[int, str], FloatArray] = {}

    def __len__(self) -> int:
        return len(self._fonts)

    def find(self, font: int, name: str) -> FloatArray | None:
        """Return a note's samples, -1..1, or None if the soundfont lacks it."""
        if name not in self._names[font]:
            return None
        key = font, name
        if key not in self._read:
            self._read[key] = self._fonts[font][name].astype(np.float32) / 32768.0
        return self._read[key]


@dataclass(frozen=True, slots=True)
class DrumVoice:
    """One drum of a scene: its source and its modifications."""

    font: int
    kit: int
    tuning: float
    """Factor of speed."""
    decay_seconds: float | None
    gain: float
    synthetic: FloatArray | None
    delay_samples: int


def mix(piece: Piece, library: Library, chance: Chance) -> FloatArray:
    """Return the sound of a piece, float32 (frames,) at 44.1 kHz, with random instruments and augmentation."""
    frames = int(piece.duration * RATE)
    drums = play_drums(piece.strokes, frames, library, chance)
    tones = play_tones(piece, frames, library, chance)
    drums_power, tones_power = float(drums @ drums), float(tones @ tones)
    if drums_power > 0.0 and tones_power > 0.0:
        # From dominant drums to hardly audible ones.
        tones *= np.sqrt(drums_power / tones_power) * 10.0 ** (chance.uniform(-12.0, 9.0) / 20.0)
    return colour(drums + tones, chance)


def play_drums(strokes: tuple[Stroke, ...], frames: int, library: Library, chance: Chance) -> FloatArray:
    """Return all strokes, each drum with a constant voice."""
    sound = np.zeros(frames, dtype=np.float32)
    voices: dict[int, list[DrumVoice]] = {}
    made: dict[tuple[int, int, int], FloatArray | None] = {}
    home = int(chance.integers(len(library))), int(chance.choice(KITS))
    mixed = chance.random() < 0.4
    curve = chance.uniform(1.2, 2.2)
    for stroke in strokes:
        pitch = ROLAND.get(stroke.pitch, stroke.pitch)
        if pitch not in voices:
            voices[pitch] = choose_voices(pitch, home, mixed, library, chance)
        layer = int(np.argmin([abs(stroke.velocity - one) for one in DRUM_VELOCITIES]))
        for number, voice in enumerate(voices[pitch]):
            key = pitch, layer, number
            if key not in made:
                made[key] = bend(voice, pitch, DRUM_VELOCITIES[layer], library)
            samples = made[key]
            if samples is not None:
                # The layer has its own loudness; between layers, and for oscillators, the curve makes up for it.
                own = 127 if voice.synthetic is not None else DRUM_VELOCITIES[layer]
                gain = voice.gain * (stroke.velocity / own) ** curve
                add(sound, samples, round(stroke.time * RATE) + voice.delay_samples, gain)
    return sound


def choose_voices(pitch: int, home: tuple[int, int], mixed: bool, library: Library, chance: Chance) -> list[DrumVoice]:
    """Return one voice for a drum, or two layered ones."""
    voices: list[DrumVoice] = []
    for _ in range(2 if chance.random() < 0.15 else 1):
        font, kit = home
        if mixed:
            font, kit = int(chance.integers(len(library))), int(chance.choice(KITS))
        kind = KIND_OF_PITCH.get(pitch)
        synthetic = synthesise(kind, pitch, chance) if kind and chance.random() < 0.25 else None
        bent = chance.random() < 0.7
        voices.append(
            DrumVoice(
                font,
                kit,
                float(2.0 ** (chance.normal(0.0, 2.5) / 12.0)) if bent else 1.0,
                float(10.0 ** chance.uniform(-1.5, 0.3)) if bent and chance.random() < 0.5 else None,
                float(10.0 ** (chance.normal(0.0, 4.0) / 20.0)) * (0.35 if synthetic is not None else 1.0),
                synthetic,
                int(chance.integers(0, 40)) if len(voices) else 0,
            )
        )
    return voices


def bend(voice: DrumVoice, pitch: int, velocity: int, library: Library) -> FloatArray | None:
    """Return the samples of a drum with its voice's modifications."""
    samples = voice.synthetic
    if samples is None:
        samples = library.find(voice.font, f"k{voice.kit}_{pitch}_{velocity}")
    if samples is None:
        return None
    if voice.tuning != 1.0:
        samples = change_speed(samples, voice.tuning)
    if voice.decay_seconds is not None:
        samples = samples * np.exp(-np.arange(samples.size) / (voice.decay_seconds * RATE)).astype(np.float32)
    return samples


def synthesise(kind: str, pitch: int, chance: Chance) -> FloatArray:
    """Return a drum of oscillators and noise, as in drum machines, with a peak near 1."""
    seconds = {"kick": 0.5, "snare": 0.35, "hat": 0.5, "tom": 0.6, "cymbal": 2.0}[kind]
    time = np.arange(int(seconds * RATE)) / RATE
    noise = chance.standard_normal(time.size)
    if kind == "kick":
        base, sweep, speed = chance.uniform(38.0, 75.0), chance.uniform(20.0, 300.0), chance.uniform(15.0, 120.0)
        phase = 2.0 * np.pi * (base * time + sweep / speed * (1.0 - np.exp(-speed * time)))
        body = np.sin(phase + chance.uniform(0.0, 1.5)) * np.exp(-time / chance.uniform(0.04, 0.25))
        sound = body + chance.uniform(0.0, 0.4) * noise * np.exp(-time / chance.uniform(0.001, 0.006))
    elif kind == "tom":
        base = (80.0 + 14.0 * (pitch - 41)) * chance.uniform(0.8, 1.3)
        phase = 2.0 * np.pi * (base * time + base * 0.02 * (1.0 - np.exp(-25.0 * time)))
        sound = np.sin(phase) * np.exp(-time / chance.uniform(0.08, 0.3))
        sound += chance.uniform(0.0, 0.25) * noise * np.exp(-time / chance.uniform(0.003, 0.02))
    elif kind == "snare":
        base = chance.uniform(150.0, 260.0)
        tone = np.sin(2.0 * np.pi * base * time) + 0.6 * np.sin(2.0 * np.pi * base * 1.6 * time)
        rattle = shape_noise(noise, chance.uniform(600.0, 2500.0), chance.uniform(7000.0, 15000.0))
        sound = chance.uniform(0.0, 0.8) * tone * np.exp(-time / chance.uniform(0.02, 0.1))
        sound += rattle * np.exp(-time / chance.uniform(0.03, 0.15))
        if chance.random() < 0.2:
            # A clap: three short bursts before the tail; its time is that of the first.
            for burst in (0.009, 0.018):
                sound += np.roll(rattle * np.exp(-time / 0.004), int(burst * RATE))
    else:
        fizz = shape_noise(noise, chance.uniform(3000.0, 7500.0), 16_000.0)
        ring = sum(
            np.sign(np.sin(2.0 * np.pi * chance.uniform(300.0, 900.0) * ratio * time))
            for ratio in (1.0, 1.47, 2.1, 3.3)
        )
        fizz = fizz + chance.uniform(0.0, 0.4) * shape_noise(np.asarray(ring), 5000.0, 16_000.0)
        if kind == "hat":
            decay = chance.uniform(0.1, 0.35) if pitch == 46 else chance.uniform(0.012, 0.06)
        else:
            decay = chance.uniform(0.4, 1.2)
        sound = 0.5 * fizz * np.exp(-time / decay)
    return (sound / max(float(np.abs(sound).max()), 1e-6)).astype(np.float32)


def shape_noise(noise: npt.NDArray[np.float64], low: float, high: float) -> npt.NDArray[np.float64]:
    """Return noise within a band, of unit power."""
    spectrum = fft.rfft(noise)
    hertz = np.arange(spectrum.size) * (RATE / noise.size)
    spectrum *= 1.0 / (1.0 + (low / np.maximum(hertz, 1.0)) ** 4) / (1.0 + (hertz / high) ** 4)
    shaped: npt.NDArray[np.float64] = fft.irfft(spectrum, noise.size)
    return shaped / max(float(shaped.std()), 1e-9)


def play_tones(piece: Piece, frames: int, library: Library, chance: Chance) -> FloatArray:
    """Return all notes of the pitched parts, each part with a constant instrument."""
    sound = np.zeros(frames, dtype=np.float32)
    given = {part.name: part for part in piece.parts}
    chosen: dict[str, tuple[int, int, float]] = {}
    made: dict[tuple[str, int], FloatArray | None] = {}
    for tone in piece.tones:
        if tone.part not in chosen:
            program = given[tone.part].program if tone.part in given else 0
            if chance.random() < 0.6 or program not in PROGRAMS:
                program = int(chance.choice(BASS_PROGRAMS if 32 <= program <= 39 else PROGRAMS))
            level = given[tone.part].level if tone.part in given else 0.8
            chosen[tone.part] = int(chance.integers(len(library))), program, level * 10.0 ** (chance.normal(0, 3) / 20)
        font, program, level = chosen[tone.part]
        key = tone.part, tone.pitch
        if key not in made:
            made[key] = find_pitch(font, program, tone.pitch, library)
        samples = made[key]
        if samples is not None:
            add(sound, release(samples, tone), round(tone.start * RATE), level * (tone.velocity / 96.0) ** 1.6)
    return sound


def find_pitch(font: int, program: int, pitch: int, library: Library) -> FloatArray | None:
    """Return an instrument's note at a pitch, from the nearest rendered one."""
    nearest = min(PITCHES, key=lambda one: abs(one - pitch))
    samples = library.find(font, f"p{program}_{nearest}")
    return None if samples is None else change_speed(samples, 2.0 ** ((pitch - nearest) / 12.0))


def release(samples: FloatArray, tone: Tone) -> FloatArray:
    """Return a note released at its end, within 40 ms."""
    held, tail = int(max(tone.end - tone.start, 0.03) * RATE), int(0.04 * RATE)
    if samples.size <= held:
        return samples
    result = samples[: held + tail].copy()
    result[held:] *= np.linspace(1.0, 0.0, result.size - held, dtype=np.float32)
    return result


def change_speed(samples: FloatArray, factor: float) -> FloatArray:
    """Return samples played `factor` times as fast."""
    if factor == 1.0 or samples.size < 2:
        return samples
    places = np.arange(int((samples.size - 1) / factor)) * factor
    result: FloatArray = np.interp(places, np.arange(samples.size), samples).astype(np.float32)
    return result


def add(sound: FloatArray, samples: FloatArray, start: int, gain: float) -> None:
    """Add samples to a sound, in place, clipped to its range."""
    first = max(-start, 0)
    last = min(samples.size, sound.size - start)
    if last > first:
        sound[start + first : start + last] += np.float32(gain) * samples[first:last]


def colour(sound: FloatArray, chance: Chance) -> FloatArray:
    """Return a sound through a random selection of equaliser, room, saturation and noise."""
    peak = float(np.abs(sound).max())
    if peak <= 0.0:
        return sound
    sound = sound / np.float32(peak)
    size = int(fft.next_fast_len(sound.size + RATE, real=True))
    spectrum = fft.rfft(sound, size)
    hertz = np.maximum(np.arange(spectrum.size) * (RATE / size), 1.0)
    if chance.random() < 0.7:
        octaves = np.log2(hertz)
        gains = np.zeros_like(octaves)
        for _ in range(int(chance.integers(1, 5))):
            middle, width = chance.uniform(5.0, 14.0), chance.uniform(0.4, 2.5)
            gains += chance.normal(0.0, 6.0) * np.exp(-0.5 * ((octaves - middle) / width) ** 2)
        spectrum = spectrum * (10.0 ** (gains / 20.0)).astype(np.float32)
    if chance.random() < 0.15:
        spectrum = spectrum / (1.0 + (hertz / chance.uniform(3000.0, 12000.0)) ** 4).astype(np.float32)
    if chance.random() < 0.6:
        spectrum = spectrum * fft.rfft(make_room(chance), size)
    sound = fft.irfft(spectrum, size)[: sound.size].astype(np.float32)
    sound /= max(float(np.abs(sound).max()), 1e-6)
    if chance.random() < 0.4:
        drive = np.float32(chance.uniform(1.0, 6.0))
        sound = np.tanh(drive * sound) / np.tanh(drive)
    if chance.random() < 0.3:
        level = 10.0 ** (chance.uniform(-75.0, -40.0) / 20.0)
        sound = sound + np.float32(level) * chance.standard_normal(sound.size, dtype=np.float32)
    return sound


def make_room(chance: Chance) -> FloatArray:
    """Return an impulse response: the direct sound and a tail of decaying noise."""
    decay = 10.0 ** chance.uniform(-1.5, 0.1)
    time = np.arange(int(min(decay * 3.0, 1.0) * RATE)) / RATE
    tail = chance.standard_normal(time.size) * np.exp(-2.3 * time / decay)
    tail *= 10.0 ** (chance.uniform(-28.0, -8.0) / 20.0) / np.sqrt(float(tail @ tail))
    tail[: int(chance.uniform(0.0, 0.02) * RATE)] = 0.0
    tail[0] = 1.0
    room: FloatArray = tail.astype(np.float32)
    return room
