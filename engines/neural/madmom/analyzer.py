"""The deep analysis pass: madmom's networks in addition to our own, followed by the same decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.network import listen
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.analyzer import Learned, decide
from musearoo.engines.analysis.fast.harmony.spectrum import compute_harmonic_spectrum
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.neural.madmom.evidence import DeepEvidence, Report, run_networks

CANDIDATES: Final = 12
"""Tempo candidates: the deep pass has time for unlikely ones."""

NETWORK_SHARE: Final = 0.9
"""Share of the progress for the networks."""

FIXED_BYTES: Final = 400_000_000
"""Memory for two minutes of sound within the networks."""
BYTES_A_SAMPLE: Final = 16
"""Per sample of the sound: the samples without DC, their mono mix, and a temporary sum."""
BYTES_A_SECOND: Final = 150_000
"""Per second: spectra, activations, and results."""


def analyze_deeply(
    sound: Sound, learned: Learned, report: Report, is_loop: bool | None = None, hints: Hints | None = None
) -> Analysis:
    """Run the deep pass on a sound, like the fast `analyze` of `analysis.fast`; calls `report` with its progress."""
    own = listen(compute_spectrogram(sound), learned.ear)
    networks = run_networks(sound, lambda fraction, text: report(NETWORK_SHARE * fraction, text))
    activations = join_evidence(own, networks)
    spectrum = compute_harmonic_spectrum(sound)
    report(0.95, "deciding")
    return decide(
        depth="deep",
        sound=sound,
        activations=activations,
        spectrum=spectrum,
        learned=learned,
        networks=networks.harmony,
        candidates=CANDIDATES,
        is_loop=is_loop,
        hints=hints,
    )


def join_evidence(own: Activations, networks: DeepEvidence) -> Activations:
    """Return our network's activations, with beats averaged over both networks."""
    frames = min(own.beats.beat.size, networks.beats.beat.size)

    def mean(name: str) -> FloatArray:
        ours, theirs = (getattr(evidence, name)[:frames] for evidence in (own.beats, networks.beats))
        return np.asarray(0.5 * (ours + theirs), dtype=np.float32)

    beats = BeatEvidence(mean("beat"), mean("downbeat"), mean("onset"))
    drums = DrumEvidence(own.drums.onsets[:frames])
    return replace(own, beats=beats, drums=drums)


def estimate_bytes(samples: int, rate: int) -> int:
    """Return the memory of the deep pass in bytes, without the sound itself."""
    return FIXED_BYTES + BYTES_A_SAMPLE * samples + BYTES_A_SECOND * samples // rate


def warm_up(learned: Learned) -> None:
    """Run once on a short sound, so that the first real analysis is fast."""
    time = np.arange(2 * 44_100) / 44_100
    clicks = np.exp(-40.0 * (time % 0.5)) * np.sin(2.0 * np.pi * 220.0 * time)
    analyze_deeply(Sound.of(clicks, 44_100), learned, lambda _fraction, _text: None)
