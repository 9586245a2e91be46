"""How hard a part is struck: the levels of a preset from velocities, and the mark of each step."""

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
"""Velocities that differ by less are one level: a machine's."""
LEAST_SOFT: Final = 0.5
"""What a soft stroke is of a usual one at the least; what is softer was not meant."""
HAND: Final = 0.8
"""Of what a place's strokes differ in loudness, how much is scatter; the rest is the player's intent."""


def learn_levels(velocities: Sequence[float], ghosts: Sequence[float] = (), spread: float = 0.0) -> dict[str, float]:
    """The levels of a voice: its middle, its soft and its loud strokes; ghost notes where they were told apart.

    `velocities` must not be empty. `spread` is what one place's strokes vary by.
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
    """The mark of a step that is struck this hard in the mean: the nearest of soft, normal and accent."""
    if levels["accent"] - levels["soft"] < FLAT:
        return MARKS[NORMAL]
    near = {SOFT: levels["soft"], NORMAL: levels["normal"], ACCENT: levels["accent"]}
    return MARKS[min(near, key=lambda strength: (abs(near[strength] - velocity), strength != NORMAL))]


def scatter(places: Iterable[Sequence[float]]) -> float:
    """How much velocities vary at one place, root mean square over the places that have two or more."""
    squares, count = [], 0
    for velocities in places:
        if len(velocities) > 1:
            mean = fsum(velocities) / len(velocities)
            squares.append(fsum((velocity - mean) ** 2 for velocity in velocities))
            count += len(velocities) - 1
    return HAND * sqrt(fsum(squares) / count) if count else 0.0


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which a share 0..1 of values in order lies; they must not be empty.

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
    """How each step of the voices is struck in a group of bars, whose cells have velocities; `levels` are by group."""
    own = levels.get(KIT[voices[0]].group)
    if own is None:
        return {}
    struck: dict[int, list[float]] = defaultdict(list)
    for member in members:
        for (voice, step), velocity in units[member].items():
            if voice in voices:
                struck[step].append(velocity)
    return {step: mark_of(fsum(values) / len(values), own) for step, values in struck.items()}
