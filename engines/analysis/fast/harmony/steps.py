"""The time steps of chord recognition: beats where they are known, halved where they are slow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.evidence import CHORD_FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.music.knowledge.analysis import Rhythm

LONGEST_STEP: Final = 0.62
"""Seconds: beats slower than 97 BPM are halved, because chords also change on their halves."""
SHORTEST_STEP: Final = 0.22
"""Seconds: beats faster than 270 BPM count as eighths, and two make a step."""
STEP_WITHOUT_BEATS: Final = 0.5
LEAST_BEATS: Final = 3
CHUNK_STEPS: Final = 64
"""Steps per block: about half a minute, so that long clips need no more memory."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Step edges in seconds, float64 (steps + 1,), and the metrical strength of each step's start.

    `strengths` int64 (steps,): 2 on a downbeat, 1 on a beat, 0 between beats.
    """

    edges: npt.NDArray[np.float64]
    strengths: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        """The number of steps."""
        return int(self.strengths.size)

    @property
    def lengths(self) -> npt.NDArray[np.float64]:
        """The duration of each step in seconds."""
        return np.diff(self.edges)


def divide_time(rhythm: Rhythm, duration: float) -> Steps:
    """Return the steps of a clip of `duration` seconds, from 0 to its end."""
    beats = np.array([beat for beat in rhythm.beats if 0.0 <= beat < duration])
    if beats.size < LEAST_BEATS:
        count = max(1, round(duration / STEP_WITHOUT_BEATS))
        return Steps(np.linspace(0.0, duration, count + 1), np.ones(count, dtype=np.int64))
    period = float(np.median(np.diff(beats)))
    is_downbeat = np.isin(beats, np.asarray(rhythm.downbeats))
    # The beat period is extrapolated before the first beat and after the last.
    before = beats[0] - period * np.arange(int(beats[0] / period), 0, -1)
    after = beats[-1] + period * np.arange(1, int((duration - beats[-1]) / period) + 1)
    places = np.concatenate([before, beats, after])
    strengths = np.ones(places.size, dtype=np.int64)
    strengths[before.size : before.size + beats.size] += is_downbeat
    if period < SHORTEST_STEP:
        first = int(np.argmax(strengths == 2)) % 2 if is_downbeat.any() else 0
        places, strengths = places[first::2], strengths[first::2]
    parts = max(1, int(np.ceil(period / LONGEST_STEP)))
    if parts > 1:
        ends = np.append(places[1:], places[-1] + period)
        places = (places[:, np.newaxis] + (ends - places)[:, np.newaxis] * np.arange(parts) / parts).ravel()
        strengths = np.pad(strengths[:, np.newaxis], ((0, 0), (0, parts - 1))).ravel()
    within = (places > SHORTEST_STEP / 2.0) & (places < duration - SHORTEST_STEP / 2.0)
    on_start = places[~within & (places < duration / 2.0)]
    first_strength = int(strengths[places == on_start[-1]][0]) if on_start.size else 0
    edges = np.concatenate([[0.0], places[within], [duration]])
    return Steps(edges, np.concatenate([[first_strength], strengths[within]]))


def pool_frames(rows: FloatArray, edges: npt.NDArray[np.float64]) -> FloatArray:
    """Return the mean of `rows` (frames, values) in each of the steps between `edges`: float32 (steps, values)."""
    pooled = np.empty((edges.size - 1, rows.shape[1]), dtype=np.float32)
    for start in range(0, edges.size - 1, CHUNK_STEPS):
        some = edges[start : start + CHUNK_STEPS + 1]
        first, last = frames_of(some, rows.shape[0])
        pooled[start : start + CHUNK_STEPS] = pooling_matrix(some, first, last - first) @ rows[first:last]
    return pooled


def frames_of(edges: npt.NDArray[np.float64], frames: int) -> tuple[int, int]:
    """Return the first of the `frames` that overlap the steps between `edges`, and the one after the last; at least
    one.
    """
    last = min(frames, int(edges[-1] * CHORD_FRAMES_PER_SECOND) + 3)
    return min(max(0, int(edges[0] * CHORD_FRAMES_PER_SECOND) - 1), last - 1), last


def pooling_matrix(edges: npt.NDArray[np.float64], first_frame: int, frames: int) -> FloatArray:
    """Return the weight of each frame in each step between `edges`: float32 (steps, frames), rows add up to 1.

    Frame k represents the tenth of a second around k / 10; frames outside the `frames` from `first_frame` on are
    omitted.
    """
    starts = (np.arange(first_frame, first_frame + frames) - 0.5) / CHORD_FRAMES_PER_SECOND
    overlap = np.minimum(edges[1:, np.newaxis], starts + 1.0 / CHORD_FRAMES_PER_SECOND)
    overlap -= np.maximum(edges[:-1, np.newaxis], starts)
    np.maximum(overlap, 1e-9, out=overlap)
    shares: FloatArray = (overlap / overlap.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
