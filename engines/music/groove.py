"""Groove as it was measured: swing, and how early or late and how loud each drum is at each position of the bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Found


@dataclass(frozen=True, slots=True)
class Feel:
    """How one drum, or all that sounds, lies against an even grid.

    `positions` are places in the bar in beats, in order; `offsets` (beats, positive is late), `velocities` (1..127) and
    `counts` belong to them one by one. Swing is inside the offsets: on an even grid of sixteenths, or of triplets.
    """

    positions: tuple[float, ...]
    offsets: tuple[float, ...]
    velocities: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Groove:
    """Swing and microtiming."""

    swing: Found[float | None] = UNKNOWN
    """Long to short of the off-beat eighths: 1 straight, 2 triplets."""
    microtiming_rms_ms: float | None = None
    """How far onsets lie, root mean square, from the grid that swings as found."""
    bar_beats: float = 4.0
    whole: Feel | None = None
    drums: Mapping[DrumKind, Feel] | None = None
    confidence: float = 0.0
