"""What helps to decide rhythm besides beat evidence: drums, bass, harmony, where sound is, and what the set says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import DrumEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.errors import require_between
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM

LEVEL_STEP: Final = 0.01
"""Seconds over which the level is taken."""

AUDIBLE: Final = 10.0 ** (-50.0 / 20.0)
"""What lies 50 dB below the loudest 10 ms is the tail of a reverb or a noise floor, no music."""


@dataclass(frozen=True, eq=False)
class RhythmCues:
    """Cues besides the beat evidence, at its 100 frames a second; None for what is not known."""

    drums: DrumEvidence | None = None
    bass: FloatArray | None = None
    """How likely a bass note begins: float32 (frames,), 0 and up."""
    harmony: FloatArray | None = None
    """How much harmony changes: float32 (frames,), 0 and up."""
    sounding: tuple[float, float] | None = None
    """Seconds from which and to which something sounds; the whole clip where it is not known."""


@dataclass(frozen=True, slots=True)
class RhythmHints:
    """What the surroundings say. It chooses among what the sound supports and never overrides the sound."""

    bpm: float | None = None
    """The set's tempo as Live shows it: quarters a minute."""
    is_loop: bool | None = None
    """Whether the clip repeats seamlessly: None where nobody knows."""

    def __post_init__(self) -> None:
        if self.bpm is not None:
            require_between("hints.bpm", self.bpm, MIN_BPM, MAX_BPM, "BPM")


def find_sounding(sound: Sound) -> tuple[float, float]:
    """The seconds from which and to which a sound can be heard; (0, 0) of silence.

    >>> find_sounding(Sound.of([0.0] * 500 + [0.5, -0.5] * 250, 1000 * 10))
    (0.05, 0.1)
    """
    if sound.is_silent:
        return 0.0, 0.0
    step = max(1, round(LEVEL_STEP * sound.rate))
    mono = np.abs(sound.mono)
    levels = np.maximum.reduceat(mono, np.arange(0, mono.size, step))
    audible = np.flatnonzero(levels > AUDIBLE * levels.max())
    return float(audible[0] * step / sound.rate), float(min((audible[-1] + 1) * step / sound.rate, sound.duration))
