"""Run madmom's trained networks: the same activations as madmom's own, many times as fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence, HarmonyEvidence
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.neural.madmom.excerpts import count_samples, take_excerpt
from musearoo.engines.neural.madmom.harmony_networks import (
    HARMONY_HOP,
    HARMONY_MARGIN,
    HarmonyNetworks,
    HarmonySpectra,
    compute_spectra,
    read_harmony_networks,
)
from musearoo.engines.neural.madmom.package import require_madmom
from musearoo.engines.neural.madmom.rhythm_networks import RHYTHM_HOP, RhythmNetworks, read_rhythm_networks
from musearoo.engines.neural.madmom.spectrograms import count_frames
from musearoo.engines.neural.model_cache import CACHE

Report = Callable[[float, str], None]
"""Called with the fraction done, 0 to 1, and the current stage; may raise to cancel."""

STRETCH: Final = 30_000
"""Frames of rhythm (five minutes) processed at once, in 200 MB: up to that length the result is exactly madmom's."""

CONTEXT: Final = 2_000
"""Frames (20 s) by which chunks of longer sounds overlap on each side.

The recurrent state fades slowly: even with 30 s the activations differ slightly from those of the whole sound, but
they are as confident, as if the chunk were analysed on its own.
"""

NETWORK_BYTES: Final = 12_000_000
"""Memory of the networks."""

_RHYTHM_SHARE: Final = 0.7
"""Share of the progress for rhythm."""


@dataclass(frozen=True, eq=False)
class DeepEvidence:
    """The networks' activations for a sound."""

    beats: BeatEvidence
    harmony: HarmonyEvidence


def read_networks() -> tuple[RhythmNetworks, HarmonyNetworks]:
    """Return madmom's networks, cached; raises EngineError if madmom or its networks are not installed."""

    def read() -> tuple[RhythmNetworks, HarmonyNetworks]:
        package = require_madmom()
        return read_rhythm_networks(package), read_harmony_networks(package)

    return CACHE.take("madmom's networks", read, NETWORK_BYTES)


def run_networks(sound: Sound, report: Report) -> DeepEvidence:
    """Run madmom's networks on a sound of any rate and length; calls `report` after each stage.

    `beats.beat` is the probability of any beat, downbeats included: the sum of madmom's two columns.
    """
    rhythm, harmony = read_networks()
    samples = count_samples(sound)
    frames = count_frames(samples, RHYTHM_HOP)
    beats = np.empty((frames, 2), dtype=np.float32)
    onsets = np.empty(frames, dtype=np.float32)
    spectra: list[HarmonySpectra] = []
    for first in range(0, frames, STRETCH):
        last = min(first + STRETCH, frames)
        start, stop = max(0, first - CONTEXT), min(last + CONTEXT, frames)
        excerpt = take_excerpt(sound, start * RHYTHM_HOP - HARMONY_MARGIN, stop * RHYTHM_HOP + HARMONY_MARGIN)
        some_beats, some_onsets = rhythm.run(excerpt, start, stop)
        beats[first:last] = some_beats[first - start : last - start]
        onsets[first:last] = some_onsets[first - start : last - start]
        # A chunk is a whole number of harmony frames.
        edges = (count_frames(frame * RHYTHM_HOP, HARMONY_HOP) for frame in (first, last))
        spectra.append(compute_spectra(excerpt, *edges))
        report(_RHYTHM_SHARE * last / frames, "listening for beats")
    joined = HarmonySpectra(np.vstack([each.chord for each in spectra]), np.vstack([each.key for each in spectra]))
    keys = harmony.find_key(joined)
    report(0.75, "listening for chords")
    chords = harmony.find_chords(joined)
    report(1.0, "listened")
    return DeepEvidence(
        BeatEvidence(beat=beats.sum(axis=1), downbeat=np.ascontiguousarray(beats[:, 1]), onset=onsets),
        HarmonyEvidence(keys=keys, chords=chords),
    )
