"""Frame-wise activations: the output of the networks, before any decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.analysis.fast.activation.sound import FloatArray

FRAMES_PER_SECOND: Final = 100.0
"""Frame rate of rhythm activations: frame `k` is centred on second `k / 100`, at any sample rate."""

CHORD_FRAMES_PER_SECOND: Final = 10.0


@dataclass(frozen=True, eq=False)
class BeatEvidence:
    """Probabilities of a beat, a downbeat and an onset per frame: float32 (frames,), 0..1, 100 frames a second."""

    beat: FloatArray
    downbeat: FloatArray
    onset: FloatArray


@dataclass(frozen=True, eq=False)
class DrumEvidence:
    """Probabilities of a drum onset per frame: float32 (frames, 5), in the order of `DRUM_KINDS`, 0..1."""

    onsets: FloatArray


@dataclass(frozen=True, eq=False)
class HarmonyEvidence:
    """Key and chord probabilities from the networks of the deep pass.

    `keys`: float32 (24,), the major keys from C upwards, then the minor keys; adds up to 1.
    `chords`: float32 (frames, 25), 10 frames a second: major triads from C, minor triads, none; rows add up to 1.
    """

    keys: FloatArray
    chords: FloatArray
