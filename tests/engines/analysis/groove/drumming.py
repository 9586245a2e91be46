"""Made-up drumming whose swing and feel are known."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from musearoo.engines.analysis.groove import GrooveOnset
from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.swing import Swing

EIGHTHS: Mapping[DrumKind, tuple[float, ...]] = {
    "kick": (0.0, 2.0, 2.5),
    "snare": (1.0, 3.0),
    "hat": (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5),
}
SIXTEENTHS: Mapping[DrumKind, tuple[float, ...]] = {
    "kick": (0.0, 0.75, 2.5),
    "snare": (1.0, 1.75, 3.0),
    "hat": tuple(step / 4.0 for step in range(16)),
}


def play(
    pattern: Mapping[DrumKind, tuple[float, ...]],
    bars: int = 8,
    bpm: float = 120.0,
    swing: float = 1.0,
    jitter_ms: float = 0.0,
    late_ms: Mapping[DrumKind, float] | None = None,
    seed: int = 1,
) -> list[GrooveOnset]:
    """Strokes of a 4/4 pattern in straight beats, swung, each drum late by its milliseconds, scattered by chance."""
    warp, chance = Swing(swing), Random(seed)
    return [
        GrooveOnset(
            warp.warp(bar * 4.0 + at) * 60.0 / bpm
            + ((late_ms or {}).get(kind, 0.0) + chance.gauss(0.0, jitter_ms)) / 1000.0,
            kind,
            100.0 if kind == "snare" else 80.0,
        )
        for bar in range(bars)
        for kind, places in pattern.items()
        for at in places
    ]


def beats_of(bars: int = 8, bpm: float = 120.0) -> list[float]:
    """The seconds of all beats of so many bars of 4/4."""
    return [beat * 60.0 / bpm for beat in range(4 * bars)]
