"""Examples to learn harmony from: audio files with their truth, as spectra, steps and numbered chords."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from musearoo.engines.analysis.fast.activation.evidence import CHORD_FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.harmony.network import NOTE_PITCHES
from musearoo.engines.analysis.fast.harmony.spectrum import LOWEST_PITCH, HarmonicSpectrum, compute_harmonic_spectrum
from musearoo.engines.analysis.fast.harmony.steps import Steps, divide_time
from musearoo.engines.analysis.fast.harmony.vocabulary import NONE, RECOGNIZED_QUALITIES, SIMPLER, chord_number
from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Rhythm
from musearoo.engines.music.scale import Key

UNUSED: Final = -1
"""The label of a step whose chord is unknown, or changes within it."""
LEAST_COVER: Final = 0.7


@dataclass(frozen=True, eq=False)
class Example:
    """One clip: its spectrum and what is true. `chords` are (start, end, number, bass), in seconds."""

    name: str
    spectrum: HarmonicSpectrum
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    chords: tuple[tuple[float, float, int, int], ...]
    key: Key | None
    notes: npt.NDArray[np.float32] | None
    """(frames, 72): whether each note sounds."""


def load_examples(folders: Sequence[Path], cache: Path) -> list[Example]:
    """The examples of all audio files in `folders` that have their truth beside them; spectra are kept in `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    examples = []
    for folder in folders:
        for path in sorted(folder.rglob("*.flac")):
            if not path.with_suffix(".json").exists():
                continue
            examples.append(read_example(path, cache / f"{'-'.join(path.parts[-4:])}.npz"))
    return examples


def read_example(path: Path, kept: Path) -> Example:
    """The example of one audio file, whose spectrum is kept in another."""
    truth = json.loads(path.with_suffix(".json").read_text())
    spectrum = _load_spectrum(path, kept)
    chords = [(float(start), float(end), *_labels(label)) for start, end, label in truth.get("chords") or ()]
    if truth.get("chords") is None and "drums" in path.parts:
        chords = [(0.0, spectrum.duration, NONE, UNUSED)]
    return Example(
        name="/".join(path.parts[-3:]),
        spectrum=spectrum,
        beats=tuple(truth.get("beats") or ()),
        downbeats=tuple(truth.get("downbeats") or ()),
        chords=tuple(chords),
        key=Key.parse(truth["key"]) if truth.get("key") else None,
        notes=_note_roll(truth.get("notes"), spectrum.frames),
    )


def _load_spectrum(path: Path, kept: Path) -> HarmonicSpectrum:
    if kept.exists():
        with np.load(kept, allow_pickle=False) as arrays:
            return HarmonicSpectrum(arrays["salience"], arrays["levels"], *arrays["numbers"].tolist())
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    found = compute_harmonic_spectrum(Sound.of(samples.T, rate))
    numbers = [found.tuning_cents, found.tuning_confidence, found.duration]
    np.savez(kept, allow_pickle=False, salience=found.salience, levels=found.levels, numbers=numbers)
    return found


def silent_kinds(random: Random, count: int) -> list[Example]:
    """Clips of noise, voices, drones and clicks, in which no chord sounds."""
    examples = []
    generator = np.random.default_rng(random.randrange(1 << 30))
    for index in range(count):
        rate, seconds = 22_050, 12.0
        time = np.arange(int(rate * seconds)) / rate
        kind = index % 5
        if kind == 0:
            samples = generator.normal(size=time.size)
        elif kind == 1:
            samples = np.cumsum(generator.normal(size=time.size))
            samples -= np.convolve(samples, np.ones(500) / 500, mode="same")
        elif kind == 2:
            # A voice: a glottal pulse whose pitch wanders, in syllables.
            pitch = 120.0 * 2.0 ** (np.interp(time, np.arange(0, 13, 0.25), generator.normal(size=52) * 0.25))
            phase = 2.0 * np.pi * np.cumsum(pitch) / rate
            envelope = np.interp(time, np.arange(0, 13, 0.12), generator.uniform(0.0, 1.0, 109))
            samples = sum(np.sin(order * phase) / order for order in range(1, 20)) * envelope
            samples = samples + generator.normal(size=time.size) * 0.05
        elif kind == 3:
            # A drone: one pitch class, soft or buzzing, in one octave or two.
            frequency = 440.0 * 2.0 ** (generator.uniform(-44.0, 0.0) / 12.0)
            brightness = generator.choice((0.0, 0.3, 0.6, 0.9))
            octave = generator.choice((0.0, 1.0))
            samples = sum(
                brightness ** (order - 1) * np.sin(2.0 * np.pi * order * frequency * time) for order in range(1, 16)
            )
            samples = samples + octave * np.sin(4.0 * np.pi * frequency * time)
            samples = samples + generator.normal(size=time.size) * generator.choice((0.0, 0.01, 0.1))
        else:
            samples = np.zeros(time.size)
            samples[generator.integers(0, time.size, 30)] = 1.0
            samples = np.convolve(samples, np.exp(-np.arange(400) / 60.0), mode="same")
            samples += generator.normal(size=time.size) * 1e-3
        spectrum = compute_harmonic_spectrum(Sound.of(samples / np.abs(samples).max() * 0.5, rate))
        examples.append(Example(f"none/{index}", spectrum, (), (), ((0.0, seconds, NONE, UNUSED),), None, None))
    return examples


def draw_steps(example: Example, random: Random) -> Steps:
    """The steps of an example by its own beats, now and then wrong in the ways in which found beats are."""
    beats, downbeats = list(example.beats), set(example.downbeats)
    if len(beats) > 4 and random.random() < 0.4:
        half = (beats[1] - beats[0]) / 2.0
        kind = random.random()
        if kind < 0.25:
            beats = [beat + half for beat in beats]
            downbeats = set()
        elif kind < 0.4:
            beats, downbeats = beats[random.randrange(2) :: 2], set()
        elif kind < 0.6:
            beats, downbeats = [], set()
        else:
            beats = [beat + random.gauss(0.0, 0.03) for beat in beats]
            downbeats = set()
    rhythm = Rhythm(Estimate(None, 0.0, "guess"), tuple(beats), tuple(sorted(downbeats)))
    return divide_time(rhythm, example.spectrum.duration)


def true_steps(example: Example) -> Steps:
    """The steps of an example by its own beats."""
    return divide_time(
        Rhythm(Estimate(None, 0.0, "guess"), example.beats, example.downbeats), example.spectrum.duration
    )


def label_steps(example: Example, steps: Steps) -> npt.NDArray[np.int64]:
    """(steps, 2): the number of the chord and the bass's pitch class of each step, or UNUSED."""
    labels = np.full((steps.count, 2), UNUSED)
    for index in range(steps.count):
        start, end = steps.edges[index], steps.edges[index + 1]
        for first, last, number, bass in example.chords:
            if min(last, end) - max(first, start) >= LEAST_COVER * (end - start):
                labels[index] = number, bass
    return labels


def _labels(label: str) -> tuple[int, int]:
    if label in ("N", "X", ""):
        return (NONE if label == "N" else UNUSED), UNUSED
    try:
        chord = Chord.parse(label)
    except ParamError:
        return UNUSED, UNUSED
    return label_of(chord), chord.bass_or_root


def label_of(chord: Chord) -> int:
    """The number of a chord, or UNUSED for one that is not of the qualities heard."""
    known = SIMPLER.get(chord.quality, chord.quality) in RECOGNIZED_QUALITIES
    return chord_number(chord) if known else UNUSED


def _note_roll(notes: Iterable[tuple[float, float, int, int, str]] | None, frames: int) -> FloatArray | None:
    if not notes:
        return None
    roll = np.zeros((frames, NOTE_PITCHES), dtype=np.float32)
    for start, end, pitch, _, part in notes:
        place = int(pitch) - LOWEST_PITCH
        if part != "drums" and 0 <= place < NOTE_PITCHES:
            first = max(0, round(start * CHORD_FRAMES_PER_SECOND))
            roll[first : max(first + 1, round(end * CHORD_FRAMES_PER_SECOND)), place] = 1.0
    return roll
