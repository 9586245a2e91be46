"""The activation network's training data: spectrograms, and their events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import soundfile

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.tools.bench.corpora.piece import KIND_OF_PITCH, Piece
from musearoo.tools.bench.corpora.splits import Split
from musearoo.tools.workshop.corpora.sets import KINDS
from musearoo.tools.workshop.training.activations.bands import add_band
from musearoo.tools.workshop.training.activations.mixing import Chance, Library, mix
from musearoo.tools.workshop.training.activations.samples import RATE

FloatArray = npt.NDArray[np.float32]
Seconds = npt.NDArray[np.float64]

OUTPUTS = ("beat", "downbeat", "onset", *DRUM_KINDS)


@dataclass(frozen=True, eq=False)
class Scene:
    """A spectrogram, float16 (frames, bands), and the times in seconds of each output's events; None if unknown."""

    name: str
    bands: npt.NDArray[np.float16]
    events: tuple[Seconds | None, ...]
    """One entry for each of `OUTPUTS`."""


def make_scenes(corpora: Path, split: Split, library: Library, seed: int) -> Iterator[Scene]:
    """Yield scenes endlessly, from pieces of a split."""
    chance = np.random.default_rng(seed)
    kinds = [kind(corpora, split, Random(seed + number)) for number, kind in enumerate(KINDS.values())]
    while True:
        piece = next(kinds[int(chance.integers(len(kinds)))])
        yield make_scene(piece, library, chance)


def make_scene(piece: Piece, library: Library, chance: Chance) -> Scene:
    """Return a scene of a piece: unchanged, or with a band, or with some drums swapped."""
    if chance.random() < 0.35:
        piece = swap_drums(piece, chance)
    if not piece.tones and chance.random() < 0.5:
        piece = add_band(piece, chance)
    sound = mix(piece, library, chance)
    return Scene(piece.name, spectrogram_of(sound, RATE), events_of(piece))


def swap_drums(piece: Piece, chance: Chance) -> Piece:
    """Return the piece with one or two drums played on others: a drum should be detected, not guessed from its part.

    Toms and cymbals are chosen more often, because they are rare.
    """
    present = sorted({stroke.pitch for stroke in piece.strokes})
    if not present:
        return piece
    others = sorted(KIND_OF_PITCH)
    likelihoods = np.array([{"tom": 3.0, "cymbal": 2.0}.get(KIND_OF_PITCH[pitch], 1.0) for pitch in others])
    likelihoods /= likelihoods.sum()
    swapped = {
        int(pitch): int(chance.choice(others, p=likelihoods))
        for pitch in chance.choice(present, min(len(present), int(chance.integers(1, 3))), replace=False)
    }
    strokes = tuple(replace(stroke, pitch=swapped.get(stroke.pitch, stroke.pitch)) for stroke in piece.strokes)
    return replace(piece, strokes=strokes)


def spectrogram_of(samples: FloatArray, rate: int) -> npt.NDArray[np.float16]:
    """Return the network's input, as stored."""
    return compute_spectrogram(Sound.of(samples, rate)).bands.astype(np.float16)


def events_of(piece: Piece) -> tuple[Seconds | None, ...]:
    """Return the times in seconds of each output's events."""
    drums = [
        [stroke.time for stroke in piece.strokes if KIND_OF_PITCH.get(stroke.pitch) == kind] for kind in DRUM_KINDS
    ]
    onsets = [stroke.time for stroke in piece.strokes] + [tone.start for tone in piece.tones]
    return tuple(np.array(times, dtype=np.float64) for times in (piece.beats, piece.downbeats, onsets, *drums))


def read_scene(file: Path) -> Scene:
    """Return the scene of a set's excerpt: a sound file with its ground truth."""
    truth = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    strokes, others = truth["drums"], truth.get("percussion") or []
    drums = [[time for time, name, _ in strokes if name == kind] for kind in DRUM_KINDS]
    onsets = [row[0] for row in (*strokes, *others, *(truth["notes"] or []))]
    events = tuple(np.array(times, dtype=np.float64) for times in (truth["beats"], truth["downbeats"], onsets, *drums))
    return Scene(file.stem, spectrogram_of(samples.T, rate), events)
