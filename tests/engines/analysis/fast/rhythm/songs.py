"""Evidence as a network would give it, made from a pattern: bumps where strokes are, with noise and loose timing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND, BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm import RhythmCues
from musearoo.engines.music.drum_map import DRUM_KINDS

BUMP = np.array([0.15, 0.6, 1.0, 0.6, 0.15], dtype=np.float32)

# Strokes by their beat in the bar.
ROCK = {"kick": (0.0, 2.0, 2.5), "snare": (1.0, 3.0), "hat": tuple(k / 2 for k in range(8))}
WALTZ = {"kick": (0.0,), "snare": (1.0, 2.0), "hat": (0.0, 1.0, 2.0)}
FIVE = {"kick": (0.0, 3.0), "snare": (2.0, 4.0), "hat": tuple(k / 2 for k in range(10))}
SIX_EIGHT = {"kick": (0.0,), "snare": (1.0,), "hat": tuple(k / 3 for k in range(6))}
SWING = {"kick": (0.0, 2.0), "snare": (1.0, 3.0), "hat": (0.0, 2 / 3, 1.0, 5 / 3, 2.0, 8 / 3, 3.0, 11 / 3)}


def paint(times: Sequence[float], frames: int, height: float = 1.0) -> FloatArray:
    """Bumps of evidence at seconds: float32 (frames,)."""
    row = np.zeros(frames + 4, dtype=np.float32)
    for time in times:
        frame = round(time * FRAMES_PER_SECOND)
        if 0 <= frame < frames:
            row[frame : frame + 5] = np.maximum(row[frame : frame + 5], height * BUMP)
    return row[2 : frames + 2]


def perform(
    pattern: Mapping[str, Sequence[float]],
    bar_beats: int,
    beats: Sequence[float],
    duration: float,
    seed: int = 0,
    first: int = 0,
) -> tuple[BeatEvidence, RhythmCues]:
    """Evidence and cues of a pattern played over given beats (seconds), the first of which is beat `first` of a bar."""
    chance = np.random.default_rng(seed)
    frames = round(duration * FRAMES_PER_SECOND)
    places = np.arange(len(beats))

    def strokes(positions: Sequence[float]) -> list[float]:
        counted = [k + p % 1.0 for k in range(len(beats)) for p in positions if (k + first) % bar_beats == int(p)]
        played = np.interp(counted, places, beats)
        return [float(t + chance.normal(0.0, 0.006)) for t in played]

    drums = {name: paint(strokes(pattern.get(name, ())), frames, 0.9) for name in DRUM_KINDS}
    onset = np.maximum.reduce(list(drums.values()))
    beat = np.maximum(paint(beats, frames, 0.7), 0.25 * onset)
    downbeat = paint([t for k, t in enumerate(beats) if (k + first) % bar_beats == 0], frames, 0.4)
    noise = chance.uniform(0.0, 0.04, size=(2, frames)).astype(np.float32)
    evidence = BeatEvidence(np.minimum(beat + noise[0], 1.0), np.minimum(downbeat + noise[1], 1.0), onset)
    return evidence, RhythmCues(drums=DrumEvidence(np.stack([drums[name] for name in DRUM_KINDS], axis=1)))


def even_beats(bpm: float, duration: float, start: float = 0.0) -> list[float]:
    """Beats at a steady tempo."""
    return list(np.arange(start, duration - 1e-6, 60.0 / bpm))
