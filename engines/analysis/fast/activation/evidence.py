"""What a first stage of listening says, frame by frame, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.analysis.fast.activation.sound import FloatArray

FRAMES_PER_SECOND: Final = 100.0
"""Frame `k` of everything rhythmic is centred on second `k / 100`, at any sample rate."""

CHORD_FRAMES_PER_SECOND: Final = 10.0


@dataclass(frozen=True, eq=False)
class BeatEvidence:
    """How likely each frame holds a beat, a downbeat, an onset: float32 (frames,), 0..1, 100 frames a second."""

    beat: FloatArray
    downbeat: FloatArray
    onset: FloatArray


@dataclass(frozen=True, eq=False)
class DrumEvidence:
    """How likely each frame holds a stroke: float32 (frames, 5), in the order of `DRUM_KINDS`, 0..1."""

    onsets: FloatArray


@dataclass(frozen=True, eq=False)
class HarmonyEvidence:
    """What networks of the deep pass say of harmony.

    `keys`: float32 (24,), the major keys from C upwards, then the minor keys; adds up to 1.
    `chords`: float32 (frames, 25), 10 frames a second: major triads from C, minor triads, none; rows add up to 1.
    """

    keys: FloatArray
    chords: FloatArray
