"""The output of the activation network."""

from __future__ import annotations

from dataclasses import dataclass

from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.spectrogram import Spectrogram


@dataclass(frozen=True, eq=False)
class Activations:
    """Frame-wise activations of one sound, and the spectrogram they were computed from."""

    spectrogram: Spectrogram
    beats: BeatEvidence
    drums: DrumEvidence
