"""Drum onsets: which drum, when exactly, and how loud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.peaks import (
    FrameNumbers,
    find_peaks,
    interpolate_peaks,
    locate_peaks,
    sharpen,
)
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.activation.spectrogram import CENTRES_HZ, RANGE, Spectrogram
from musearoo.engines.music.drum_map import DRUM_KINDS, DrumKind
from musearoo.engines.music.knowledge.analysis import DrumOnset


@dataclass(frozen=True, slots=True)
class Drum:
    """Detection settings for one kind of drum: its frequency range and activation threshold.

    The thresholds maximise F on the development sets: onsets buried in a band have lower activations than exposed ones.
    """

    low_hz: float
    high_hz: float
    threshold: float
    reach_frames: int
    is_sharp: bool = True
    """Whether the attack is visible in the treble. A kick's is hidden by the hi-hat played with it."""


DRUMS: Final[dict[DrumKind, Drum]] = {
    "kick": Drum(30.0, 130.0, 0.42, 4, is_sharp=False),
    "snare": Drum(150.0, 6_000.0, 0.46, 3),
    "hat": Drum(5_000.0, 16_000.0, 0.46, 3),
    "tom": Drum(70.0, 400.0, 0.45, 4),
    "cymbal": Drum(2_500.0, 16_000.0, 0.50, 4),
}

LOUD_VELOCITY: Final = 110.0
"""Velocity assigned to a drum's loud onsets in a clip: audio does not show how hard the hardest stroke was."""


def find_hits(activations: Activations) -> tuple[DrumOnset, ...]:
    """Return the drum onsets of a sound in order of time."""
    curve = activations.spectrogram.rise_curve
    rises = sharpen(curve)
    hits: list[DrumOnset] = []
    for column, (kind, drum) in enumerate(DRUMS.items()):
        evidence = activations.drums.onsets[:, column]
        frames = find_peaks(evidence, drum.threshold, drum.reach_frames)
        if not frames.size:
            continue
        times = interpolate_peaks(evidence, frames)
        if drum.is_sharp:
            times = locate_peaks(times, rises, curve.step_seconds)
        velocities = rate_velocities(activations.spectrogram, frames, drum)
        rows = zip(times.tolist(), velocities.tolist(), evidence[frames].tolist(), strict=True)
        hits.extend(DrumOnset(time, kind, velocity, confidence) for time, velocity, confidence in rows)
    return tuple(sorted(hits, key=lambda hit: (hit.time, DRUM_KINDS.index(hit.kind))))


def rate_velocities(spectrogram: Spectrogram, frames: FrameNumbers, drum: Drum) -> FloatArray:
    """Return velocities 1..127 from the power in a drum's bands: amplitude is velocity squared, as in General MIDI."""
    centres = np.array(CENTRES_HZ[1:-1])
    first, last = np.searchsorted(centres, (drum.low_hz, drum.high_hz))
    bands = spectrogram.bands[:, first:last]
    places = np.clip(frames[:, np.newaxis] + np.arange(4), 0, bands.shape[0] - 1)
    powers = np.expm1(bands[places] * np.log(RANGE)).sum(axis=2).max(axis=1)
    loud = max(float(np.quantile(powers, 0.9)), 1e-9)
    velocities: FloatArray = np.clip(LOUD_VELOCITY * (powers / loud) ** 0.25, 1.0, 127.0).astype(np.float32)
    return velocities
