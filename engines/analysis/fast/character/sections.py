"""The form of a clip: section boundaries, and which sections are alike.

Bars are described by timbre and harmony, then partitioned into sections that are homogeneous and of usual length.
Dynamic programming over a bounded number of blocks finds the best partition (the principle of Levy and Sandler,
"Structural segmentation of musical audio by constrained clustering", 2008, in one pass).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.character.steps import STEPS_PER_SECOND, BandSteps, DoubleArray
from musearoo.engines.music.knowledge.analysis import Rhythm, Section

SHORTEST_FORM: Final = 12.0
"""Seconds: a shorter clip is one section."""
MOST_BLOCKS: Final = 512
"""Longer pieces are divided into blocks of several bars, so that time and memory stay bounded."""
BLOCK_SECONDS: Final = 2.0
"""The block length in seconds where no bars are known: a bar at 120 BPM."""

LEAST_BLOCK: Final = 0.7
"""Bars."""

TIMBRE_GROUPS: Final = 16
TIMBRE, REGISTER, HARMONY = 1.0, 0.6, 0.3
"""The weights of the features.

These and PENALTY were chosen on excerpts of POP909 (MIT) with its phrases as sections. Harmony has a low weight because
it changes as much within a section as between sections.
"""
LEAST_TIMBRE: Final = 1.0
"""A nat (4 dB) in one of the sixteen groups, or a quarter of it in each."""
LEAST_REGISTER: Final = 1.0
"""Salience in one octave that comes or goes: a voice in unison."""
LEAST_CHROMA: Final = 0.15
"""Of chroma vectors of length 1."""

LONGEST_SECTION: Final = 40
"""Blocks: 32 bars of a long verse and a little more."""
PENALTY: Final = 0.95
"""The cost of a new section relative to the variance it explains, in units of a block's mean difference from the
whole.
"""
LENGTH_COSTS: Final = {1: 2.5, 2: 1.0, 3: 1.2, 4: 0.15, 5: 0.9, 6: 0.6, 7: 0.8, 8: 0.0, 12: 0.3, 16: 0.1}
"""The costs of section lengths in bars: four, eight and sixteen are usual. Other lengths cost OTHER_LENGTH."""
OTHER_LENGTH: Final = 0.6
CUT_COST: Final = 0.5
"""The cost of a section of one block that may be cut off by the clip's ends; divided by the number of blocks."""
SAME: Final = 0.35
"""Sections whose blocks differ by less than this share of the mean difference of all blocks get the same label."""

LABELS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def find_sections(
    bands: BandSteps, rhythm: Rhythm, duration: float, salience: FloatArray | None = None
) -> tuple[Section, ...]:
    """Return the sections from 0 to `duration`, in order and without gaps.

    `salience` is a HarmonicSpectrum's: float32 (frames, pitches), ten a second, pitch 0 a C.
    """
    whole = (Section(0.0, duration, "A", 0.3 if duration < SHORTEST_FORM else 0.5),)
    if duration < SHORTEST_FORM or not bands.powers.any():
        return whole
    edges = place_blocks(rhythm, duration)
    if len(edges) < 5:
        return whole
    features = describe_blocks(bands, edges, salience)
    bounds = part_blocks(features)
    labels = label_sections(features, bounds)
    sections = []
    for (first, last), label in zip(pairwise(bounds), labels, strict=True):
        confidence = _clearness(features, bounds, first, last)
        sections.append(Section(float(edges[first]), float(edges[last]), label, confidence))
    return tuple(sections)


def place_blocks(rhythm: Rhythm, duration: float) -> DoubleArray:
    """Return the block edges in seconds, from 0 to `duration`: bar lines where they are known."""
    downbeats = np.array(rhythm.downbeats)
    if downbeats.size > 3:
        # The time before the first bar or after the last is a separate block only if it is nearly a bar long.
        least = LEAST_BLOCK * float(np.median(np.diff(downbeats)))
        inner = downbeats[(downbeats > least) & (downbeats < duration - least)]
    else:
        inner = np.arange(BLOCK_SECONDS, duration - BLOCK_SECONDS / 2, BLOCK_SECONDS)
    every = -(-(inner.size + 1) // MOST_BLOCKS)
    return np.concatenate([[0.0], inner[:: max(1, every)], [duration]])


def describe_blocks(bands: BandSteps, edges: DoubleArray, salience: FloatArray | None) -> DoubleArray:
    """Return timbre and, if given, register and harmony of each block: float64 (blocks, features), zero mean.

    Scaled so that the blocks' mean squared distance from zero is 1, or less where they hardly differ.
    """
    groups = np.array_split(np.arange(bands.hertz.size), TIMBRE_GROUPS)
    loud = np.stack([bands.powers[:, group].sum(axis=1) for group in groups], axis=1).astype(np.float64)
    timbre = _block_means(np.log(loud + 1e-4 * max(float(loud.mean()), 1e-12)), edges)
    parts = [(TIMBRE, _balance(timbre, LEAST_TIMBRE))]
    if salience is not None and salience.size:
        octaves = salience[:, : salience.shape[1] // 12 * 12].reshape(salience.shape[0], -1, 12).astype(np.float64)
        parts.append((REGISTER, _balance(_block_means(octaves.sum(axis=2), edges), LEAST_REGISTER)))
        chroma = _block_means(octaves.sum(axis=1), edges)
        norms = np.linalg.norm(chroma, axis=1, keepdims=True)
        chroma = np.divide(chroma, norms, out=np.zeros_like(chroma), where=norms > 1e-9)
        parts.append((HARMONY, _balance(chroma, LEAST_CHROMA)))
    scale = sum(weight**2 for weight, _ in parts) ** -0.5
    return np.concatenate([scale * weight * values for weight, values in parts], axis=1)


def part_blocks(features: DoubleArray) -> list[int]:
    """Return the block numbers at which sections begin, 0 first, and the number of blocks last."""
    count = features.shape[0]
    sums = np.concatenate([np.zeros((1, features.shape[1])), np.cumsum(features, axis=0)])
    squares = np.concatenate([[0.0], np.cumsum(np.einsum("bf,bf->b", features, features))])
    lengths = np.arange(1, LONGEST_SECTION + 1)
    priors = PENALTY * (1.0 + np.array([LENGTH_COSTS.get(int(length), OTHER_LENGTH) for length in lengths]))
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    before = np.zeros(count + 1, dtype=np.intp)
    for end in range(1, count + 1):
        starts = np.arange(max(0, end - LONGEST_SECTION), end)
        size = end - starts
        spread = squares[end] - squares[starts] - ((sums[end] - sums[starts]) ** 2).sum(axis=1) / size
        costs = best[starts] + spread + priors[size - 1]
        if end == count or not starts[0]:
            # The first and the last section may be cut off by the clip's ends, so their length has no meaning.
            cut = (starts == 0) | (end == count)
            costs = np.where(cut, best[starts] + spread + PENALTY * (1.0 + CUT_COST / size), costs)
        choice = int(costs.argmin())
        best[end], before[end] = costs[choice], starts[choice]
    bounds = [count]
    while bounds[-1] > 0:
        bounds.append(int(before[bounds[-1]]))
    return bounds[::-1]


def label_sections(features: DoubleArray, bounds: list[int]) -> list[str]:
    """Return a letter for each section; similar sections share one."""
    means = [features[first:last].mean(axis=0) for first, last in pairwise(bounds)]
    heads: list[DoubleArray] = []
    labels: list[str] = []
    for mean in means:
        distances = [float(((mean - head) ** 2).sum()) for head in heads]
        nearest = int(np.argmin(distances)) if distances else -1
        if nearest < 0 or (distances[nearest] > SAME and len(heads) < len(LABELS)):
            heads.append(mean)
            nearest = len(heads) - 1
        labels.append(LABELS[nearest])
    return labels


def _clearness(features: DoubleArray, bounds: list[int], first: int, last: int) -> float:
    """Return the confidence of a section, 0.2..0.9: its distance to its neighbours relative to its own spread."""
    mean = features[first:last].mean(axis=0)
    inside = float(((features[first:last] - mean) ** 2).sum(axis=1).mean())
    place = bounds.index(first)
    beside = [bounds[place - 1 : place + 1]] if place else []
    beside += [bounds[place + 1 : place + 3]] if place + 2 < len(bounds) else []
    if not beside:
        return 0.5
    steps = [float(((features[a:b].mean(axis=0) - mean) ** 2).sum()) for a, b in beside]
    step = sum(steps) / len(steps)
    return 0.2 + 0.7 * step / (step + inside + 0.1)


def _block_means(values: DoubleArray, edges: DoubleArray) -> DoubleArray:
    """Return the mean of values (steps, features), ten steps a second, in each block."""
    steps = values.shape[0]
    places = np.minimum(np.round(edges * STEPS_PER_SECOND).astype(np.intp), steps)
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    firsts = np.minimum(places[:-1], steps - 1)
    lasts = np.maximum(places[1:], firsts + 1)
    return np.asarray((sums[lasts] - sums[firsts]) / (lasts - firsts)[:, np.newaxis])


def _balance(values: DoubleArray, least: float) -> DoubleArray:
    """Return the values without their mean, scaled to a mean squared length of 1, or less where they hardly differ.

    `least` is the root mean square length of differences too small to separate sections.
    """
    centred = values - values.mean(axis=0)
    return np.asarray(centred / np.sqrt((centred**2).sum(axis=1).mean() + least**2))
