"""Learn velocity levels of a preset (ghost, soft, normal, accent), and the mark of each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum, sqrt
from typing import Final

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.learning.patterns import Cell, Members
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL, SOFT

MARKS: Final = {GHOST: "g", SOFT: "o", NORMAL: "x", ACCENT: "X"}
FLAT: Final = 4.0
"""The range of velocities below which there is only one level, as in programmed music."""
LEAST_SOFT: Final = 0.5
"""The least ratio of a soft stroke to a normal one; softer strokes are unintended."""
HAND: Final = 0.8
"""The share of the velocity variation at one position that is random; the rest is intended."""


def learn_levels(velocities: Sequence[float], ghosts: Sequence[float] = (), spread: float = 0.0) -> dict[str, float]:
    """Return the levels of a voice: normal, soft and accent, and ghost if ghost notes are given.

    `velocities` must not be empty. `spread` is how much the strokes at one position vary.
    """
    ordered = sorted(velocities)
    normal, accent = quantile(ordered, 0.5), quantile(ordered, 0.85)
    soft = max(LEAST_SOFT * normal, quantile(ordered, 0.15))
    ghost = quantile(sorted(ghosts), 0.5) if ghosts else LEAST_SOFT * soft
    levels = {"ghost": ghost, "soft": soft, "normal": normal, "accent": accent}
    return {name: float(min(127, max(1, round(level)))) for name, level in levels.items()} | {
        "spread": float(min(30, round(spread)))
    }


def mark_of(velocity: float, levels: Mapping[str, float]) -> str:
    """Return the mark of a step by its mean velocity: the nearest of soft, normal and accent."""
    if levels["accent"] - levels["soft"] < FLAT:
        return MARKS[NORMAL]
    near = {SOFT: levels["soft"], NORMAL: levels["normal"], ACCENT: levels["accent"]}
    return MARKS[min(near, key=lambda strength: (abs(near[strength] - velocity), strength != NORMAL))]


def scatter(places: Iterable[Sequence[float]]) -> float:
    """Return the variation of velocities at one position, root mean square over positions with two or more."""
    squares, count = [], 0
    for velocities in places:
        if len(velocities) > 1:
            mean = fsum(velocities) / len(velocities)
            squares.append(fsum((velocity - mean) ** 2 for velocity in velocities))
            count += len(velocities) - 1
    return HAND * sqrt(fsum(squares) / count) if count else 0.0


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the quantile at a share 0..1 of ascending values, which must not be empty.

    >>> quantile([1.0, 2.0, 3.0, 9.0], 0.5)
    2.0
    """
    return ordered[min(len(ordered) - 1, int(share * (len(ordered) - 1) + 0.5 - 1e-9))]


def marks_of(
    units: Sequence[Mapping[Cell, float]],
    members: Members,
    voices: Sequence[str],
    levels: Mapping[str, Mapping[str, float]],
) -> dict[int, str]:
    """Return the mark of each step of the voices in a group of bars; `units` have velocities, `levels` are by group."""
    own = levels.get(KIT[voices[0]].group)
    if own is None:
        return {}
    struck: dict[int, list[float]] = defaultdict(list)
    for member in members:
        for (voice, step), velocity in units[member].items():
            if voice in voices:
                struck[step].append(velocity)
    return {step: mark_of(fsum(values) / len(values), own) for step, values in struck.items()}
