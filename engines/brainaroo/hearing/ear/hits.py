"""Drum hits: which drum was struck, exactly when, and how hard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.ear.heard import Heard
from engines.brainaroo.hearing.ear.peaks import FrameNumbers, find_peaks, place_peaks, sharpen
from engines.brainaroo.hearing.ear.spectrogram import CENTRES_HZ, RANGE
from engines.brainaroo.hearing.sound import FloatArray
from engines.music.analysis import DRUM_KINDS, DrumKind, Hit


@dataclass(frozen=True, slots=True)
class Drum:
    """How one kind of drum is found: where its power lies, and from what evidence on it counts."""

    low_hz: float
    high_hz: float
    threshold: float
    reach_frames: int


DRUMS: Final[dict[DrumKind, Drum]] = {
    "kick": Drum(30.0, 130.0, 0.40, 4),
    "snare": Drum(150.0, 6_000.0, 0.40, 3),
    "hat": Drum(5_000.0, 16_000.0, 0.40, 3),
    "tom": Drum(70.0, 400.0, 0.40, 4),
    "cymbal": Drum(2_500.0, 16_000.0, 0.40, 4),
}

LOUD_VELOCITY: Final = 110.0
"""What a drum's loud strokes in a clip are taken for: nothing in a sound tells how hard the hardest was."""


def find_hits(heard: Heard) -> tuple[Hit, ...]:
    """The drum hits of a sound in order of time."""
    peaks = [
        find_peaks(heard.drums.strokes[:, column], drum.threshold, drum.reach_frames)
        for column, drum in enumerate(DRUMS.values())
    ]
    if not any(frames.size for frames in peaks):
        return ()
    attacks = heard.spectrogram.attacks
    low, high = sharpen(np.abs(attacks.low)), sharpen(attacks.high)
    hits: list[Hit] = []
    for column, (kind, frames) in enumerate(zip(DRUM_KINDS, peaks, strict=True)):
        if not frames.size:
            continue
        drum = DRUMS[kind]
        times = place_peaks(frames, low if drum.high_hz < 500.0 else high, attacks.step_seconds)
        velocities = rate_velocities(heard, frames, drum)
        evidence = heard.drums.strokes[frames, column]
        hits.extend(
            Hit(time, kind, velocity, confidence)
            for time, velocity, confidence in zip(times.tolist(), velocities.tolist(), evidence.tolist(), strict=True)
        )
    return tuple(sorted(hits, key=lambda hit: (hit.time, DRUM_KINDS.index(hit.kind))))


def rate_velocities(heard: Heard, frames: FrameNumbers, drum: Drum) -> FloatArray:
    """Velocities 1..127 from the power in a drum's bands: amplitude is velocity squared, as in General MIDI."""
    centres = np.array(CENTRES_HZ[1:-1])
    columns = np.flatnonzero((centres >= drum.low_hz) & (centres <= drum.high_hz))
    bands = heard.spectrogram.bands[:, columns[0] : columns[-1] + 1]
    last = bands.shape[0] - 1
    near = np.stack([bands[np.clip(frames + offset, 0, last)] for offset in (0, 1, 2)])
    powers = np.expm1(near * np.log(RANGE)).sum(axis=2).max(axis=0)
    loud = max(float(np.quantile(powers, 0.9)), 1e-9)
    result: FloatArray = np.clip(LOUD_VELOCITY * (powers / loud) ** 0.25, 1.0, 127.0).astype(np.float32)
    return result
