"""Activations and cues as one stack of signals on a common scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND, BeatEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.cues import RhythmCues
from musearoo.engines.errors import ParamError
from musearoo.engines.music.drum_map import DRUM_KINDS

CHANNELS: Final = ("beat", "downbeat", "onset", "bass", "harmony", *DRUM_KINDS)
"""The rows of `Signals.rows`, in order."""

ROW: Final = {name: row for row, name in enumerate(CHANNELS)}

FLOOR: Final = 0.1
"""A channel whose peak is below this is treated as empty: scaling would amplify its noise."""

REACH: Final = 4
"""Frames by which an onset may miss a grid point and still belong to it: 40 ms, for flams and loose timing."""


@dataclass(frozen=True, eq=False)
class Signals:
    """All signals of a clip, frame by frame.

    `rows`: float32 (channels, frames), 0..1, each scaled by its own strongest frames; all zero where it is unknown.
    `near`: the maximum of `rows` within `REACH`. `strength`: the confidence of the beat evidence, 0..1, before scaling.
    """

    rows: FloatArray
    near: FloatArray
    strength: float
    duration: float
    sounding: tuple[float, float]

    @property
    def frames(self) -> int:
        """Number of frames."""
        return int(self.rows.shape[1])

    def row(self, name: str) -> FloatArray:
        """Return one channel by name: float32 (frames,)."""
        row: FloatArray = self.rows[ROW[name]]
        return row


def stack_signals(evidence: BeatEvidence, duration: float, cues: RhythmCues) -> Signals:
    """Stack the signals of a clip; raises ParamError where lengths differ by more than a few frames."""
    frames = evidence.beat.shape[0]
    if abs(frames - duration * FRAMES_PER_SECOND) > 0.1 * FRAMES_PER_SECOND:
        raise ParamError("duration", f"about the {frames / FRAMES_PER_SECOND:g} s of the evidence", duration)
    rows = np.zeros((len(CHANNELS), frames), dtype=np.float32)
    # Some networks separate beats and downbeats, others report every downbeat also as a beat: here it is one.
    known = {
        "beat": np.maximum(evidence.beat, evidence.downbeat),
        "downbeat": evidence.downbeat,
        "onset": evidence.onset,
        "bass": cues.bass,
        "harmony": cues.harmony,
    }
    if cues.drums is not None:
        known.update(zip(DRUM_KINDS, cues.drums.onsets.T, strict=True))
    for name, signal in known.items():
        if signal is not None:
            length = min(frames, signal.shape[0])
            rows[ROW[name], :length] = signal[:length]
    top = np.partition(rows, -_few(frames), axis=1)[:, -_few(frames)] if frames else np.zeros(len(CHANNELS))
    strength = float(top[ROW["beat"]])
    rows = np.minimum(rows / np.maximum(top, FLOOR)[:, np.newaxis], 1.0)
    near = maximum_filter1d(rows, 2 * REACH + 1, axis=1, mode="constant")
    return Signals(rows, near, strength, duration, cues.sounding or (0.0, duration))


def _few(frames: int) -> int:
    """Return the rank of the frame, from the strongest down, by which a channel is scaled: about one beat a second."""
    return max(1, min(frames, round(frames / FRAMES_PER_SECOND)))
