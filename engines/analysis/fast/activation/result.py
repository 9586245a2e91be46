"""What the ear hands on: beats, drums, and how loud everything was while it listened."""

from __future__ import annotations

from dataclasses import dataclass

from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.spectrogram import Spectrogram


@dataclass(frozen=True, eq=False)
class Activations:
    """The evidence of one sound, frame by frame, and the spectrogram that it was read from."""

    spectrogram: Spectrogram
    beats: BeatEvidence
    drums: DrumEvidence
