"""Cues for rhythm other than beat activations: drums, bass, harmony, silence, and hints from the Live set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import DrumEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.errors import require_between
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM

LEVEL_STEP: Final = 0.01
"""Seconds over which the level is measured."""

AUDIBLE: Final = 10.0 ** (-50.0 / 20.0)
"""Threshold 50 dB below the loudest 10 ms: quieter is reverb tail or noise floor."""


@dataclass(frozen=True, eq=False)
class RhythmCues:
    """Cues in addition to the beat activations, at 100 frames a second; None for what is unknown."""

    drums: DrumEvidence | None = None
    bass: FloatArray | None = None
    """Likelihood that a bass note begins: float32 (frames,), 0 and up."""
    harmony: FloatArray | None = None
    """Harmonic change: float32 (frames,), 0 and up."""
    sounding: tuple[float, float] | None = None
    """Start and end of the audible part in seconds; the whole clip where unknown."""


@dataclass(frozen=True, slots=True)
class RhythmHints:
    """Hints from the set. They choose among what the sound supports and never override it."""

    bpm: float | None = None
    """The set's tempo as Live shows it: quarters a minute."""
    is_loop: bool | None = None
    """Whether the clip repeats seamlessly; None when unknown."""

    def __post_init__(self) -> None:
        if self.bpm is not None:
            require_between("hints.bpm", self.bpm, MIN_BPM, MAX_BPM, "BPM")


def find_sounding(sound: Sound) -> tuple[float, float]:
    """Return the start and end of the audible part in seconds; (0, 0) for silence.

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
