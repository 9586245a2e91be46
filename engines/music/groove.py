"""Measured groove: swing, and each drum's timing offset and velocity at each position of the bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Estimate


@dataclass(frozen=True, slots=True)
class GrooveProfile:
    """The timing and velocity profile of one drum, or of all onsets together, against a straight grid.

    `positions` are sorted positions in the bar in beats. `offsets` (beats, positive is late), `velocities` (1..127) and
    `counts` have one value per position. The offsets include swing: the grid is straight sixteenths or triplets.
    """

    positions: tuple[float, ...]
    offsets: tuple[float, ...]
    velocities: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Groove:
    """Swing and microtiming."""

    swing: Estimate[float | None] = UNKNOWN
    """The swing ratio of the eighths: 1 is straight, 2 is triplet swing."""
    microtiming_rms_ms: float | None = None
    """The root mean square distance of the onsets from the swung grid."""
    bar_beats: float = 4.0
    whole: GrooveProfile | None = None
    drums: Mapping[DrumKind, GrooveProfile] | None = None
    confidence: float = 0.0
