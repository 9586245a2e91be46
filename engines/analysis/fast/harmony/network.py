"""A small network that estimates the chord and its bass at each step, without knowledge of key or note names: all roots
share the same weights, applied to the spectrum transposed to that root.

Three layers: for each semitone, its harmonics and neighbours (weights shared by all semitones and frames); for each
root, the intervals above it in five registers (shared by all roots); and the steps before and after. Trained by
`tools/workshop/training/harmony/learning.py`.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.harmony.spectrum import PITCHES, HarmonicSpectrum
from musearoo.engines.analysis.fast.harmony.steps import CHUNK_STEPS, Steps, frames_of, pooling_matrix
from musearoo.engines.analysis.fast.harmony.vocabulary import CHORD_COUNT, QUALITY_COUNT
from musearoo.engines.errors import EngineError

HARMONIC_OFFSETS: Final = (-24, -19, -12, -1, 0, 1, 12, 19, 24, 28, 31, 34, 36)
"""Semitones of the partials of a note, of the notes that it could be a partial of, and of its neighbours."""
NOTE_PITCHES: Final = 72
"""C1 to B6: the range of instruments that play chords."""
REGISTER_CENTRES: Final = (6, 18, 30, 42, 54)
"""F#1 to F#5: overlapping registers, an octave wide, so that no border splits a chord."""
CONTEXT_STEPS: Final = 2
"""The number of steps before and after that are input to each step."""


@dataclass(frozen=True, eq=False)
class Weights:
    """The trained weights, all float32. C channels per semitone, H hidden units per root, G with context."""

    note: FloatArray
    """(offsets, C)"""
    note_bias: FloatArray
    root: FloatArray
    """(C * registers * 12, H)"""
    root_bias: FloatArray
    context: FloatArray
    """(5 * H, G): two steps before, this one, two after"""
    context_bias: FloatArray
    quality: FloatArray
    """(G, qualities)"""
    quality_bias: FloatArray
    bass: FloatArray
    """(G, 1)"""
    none: FloatArray
    """(G, 1)"""
    none_bias: FloatArray
    key: FloatArray
    """(features, 2): major and minor, relative to the tonic"""
    key_bias: FloatArray
    chords_in_key: FloatArray
    """(2, 12 * qualities + 1): the log likelihood ratio of a chord in a major or minor key on C to all music"""
    reliability: FloatArray
    """(2, 2): slope and offset that calibrate the probabilities of chords, and of keys"""


def read_weights(data: bytes) -> Weights:
    """Return the weights in the bytes of `weights.npz`. Raises EngineError when they are not those of harmony."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            weights = Weights(**{field.name: arrays[field.name].astype(np.float32) for field in fields(Weights)})
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise EngineError(f"The weights for harmony cannot be read ({error}): reinstall MuseAroo.") from error
    rows = weights.note.shape[1] * len(REGISTER_CENTRES) * 12
    shapes = (weights.note.shape[0], weights.root.shape[0], weights.quality.shape[1], weights.chords_in_key.shape)
    if shapes != (len(HARMONIC_OFFSETS), rows, QUALITY_COUNT, (2, CHORD_COUNT)):
        raise EngineError("The weights for harmony belong to another version of MuseAroo: reinstall it.")
    return weights


@dataclass(frozen=True, eq=False)
class StepScores:
    """The network's output for each step, as log likelihoods.

    `chords` float32 (steps, 193), by the numbers of `vocabulary`; `basses` float32 (steps, 12), by pitch class;
    `classes` float32 (steps, 3, 12): the strength of each pitch class in the low, middle and high register.
    """

    chords: FloatArray
    basses: FloatArray
    classes: FloatArray


def score_steps(spectrum: HarmonicSpectrum, steps: Steps, weights: Weights) -> StepScores:
    """Return each step's log likelihoods of chords and basses.

    Needs memory for 64 steps at a time, besides the result.
    """
    folded = np.concatenate(
        [
            _fold(spectrum, steps.edges[first : first + CHUNK_STEPS + 1], weights)
            for first in range(0, steps.count, CHUNK_STEPS)
        ]
    )
    hidden = np.concatenate(
        [_hear_roots(folded[first : first + CHUNK_STEPS], weights) for first in range(0, steps.count, CHUNK_STEPS)]
    )
    padded = np.pad(hidden, ((CONTEXT_STEPS, CONTEXT_STEPS), (0, 0), (0, 0)))
    around = np.concatenate([padded[shift : shift + steps.count] for shift in range(2 * CONTEXT_STEPS + 1)], axis=2)
    decided = np.maximum(around @ weights.context + weights.context_bias, 0.0)
    qualities = decided @ weights.quality + weights.quality_bias
    none = decided.mean(axis=1) @ weights.none + weights.none_bias
    chords = np.concatenate([qualities.reshape(steps.count, 12 * QUALITY_COUNT), none], axis=1)
    basses = (decided @ weights.bass)[:, :, 0]
    return StepScores(_log_softmax(chords), _log_softmax(basses), _class_profile(folded))


def _fold(spectrum: HarmonicSpectrum, edges: npt.NDArray[np.float64], weights: Weights) -> FloatArray:
    """Return the activation in each step, by channel, register and pitch class: float32 (steps, C * registers, 12)."""
    first, last = frames_of(edges, spectrum.frames)
    lowest, highest = -min(HARMONIC_OFFSETS), NOTE_PITCHES + max(HARMONIC_OFFSETS) - PITCHES
    padded = np.pad(spectrum.salience[first:last], ((0, 0), (lowest, max(0, highest))))
    stacked = padded[:, _stack_places()]
    notes = np.maximum(stacked @ weights.note + weights.note_bias, 0.0)
    channels = notes.shape[2]
    pooled = pooling_matrix(edges, first, last - first) @ notes.reshape(last - first, NOTE_PITCHES * channels)
    by_pitch = pooled.reshape(-1, NOTE_PITCHES, channels).transpose(0, 2, 1)
    result: FloatArray = (by_pitch @ register_matrix()).reshape(by_pitch.shape[0], -1, 12)
    return result


def _hear_roots(folded: FloatArray, weights: Weights) -> FloatArray:
    """Return each step transposed to each root: float32 (steps, 12, H)."""
    seen = folded[:, :, rotations()].transpose(0, 2, 1, 3)
    result: FloatArray = np.maximum(
        seen.reshape(folded.shape[0], 12, -1) @ weights.root + weights.root_bias, np.float32(0.0)
    )
    return result


def _class_profile(folded: FloatArray) -> FloatArray:
    """Return the first channel, which was trained to be the notes, in three registers: float32 (steps, 3, 12)."""
    registers = len(REGISTER_CENTRES)
    notes = folded[:, :registers]
    low, middle, high = notes[:, :2].sum(axis=1), notes[:, 2:3].sum(axis=1), notes[:, 3:].sum(axis=1)
    result: FloatArray = np.stack([low, middle, high], axis=1)
    return result


@lru_cache(maxsize=1)
def _stack_places() -> npt.NDArray[np.int64]:
    """Return the indices in the padded spectrum of each note's partials: (notes, offsets)."""
    places: npt.NDArray[np.int64] = np.arange(NOTE_PITCHES)[:, np.newaxis] + np.array(HARMONIC_OFFSETS)
    return places - min(HARMONIC_OFFSETS)


@lru_cache(maxsize=1)
def rotations() -> npt.NDArray[np.int64]:
    """Return (12, 12): row r has the pitch classes from r upwards."""
    places: npt.NDArray[np.int64] = (np.arange(12)[:, np.newaxis] + np.arange(12)) % 12
    return places


@lru_cache(maxsize=1)
def register_matrix() -> FloatArray:
    """Return the weight of each note in each register and pitch class: float32 (notes, registers * 12)."""
    notes = np.arange(NOTE_PITCHES)
    centres = np.array(REGISTER_CENTRES)
    inside = np.clip(notes[:, np.newaxis], centres[0], centres[-1])
    shares = np.maximum(1.0 - np.abs(inside - centres) / 12.0, 0.0)
    classes = (notes % 12)[:, np.newaxis] == np.arange(12)
    matrix: FloatArray = (shares[:, :, np.newaxis] * classes[:, np.newaxis, :]).astype(np.float32)
    return matrix.reshape(NOTE_PITCHES, -1)


def _log_softmax(scores: FloatArray) -> FloatArray:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result
