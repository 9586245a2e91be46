"""The average drum pattern of a 4/4 bar: which sixteenths have a kick, a snare, a cymbal."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.swing import MAX_RATIO, Swing

BEATS: Final = 4
SIXTEENTHS: Final = 16
"""A bar of the presets: four beats of four steps."""

STRAIGHT_BELOW: Final = 1.25
"""Below this ratio of long to short, onsets count as straight: sixteenths would be misplaced otherwise."""

LEAST_STROKES: Final = 3.0
"""Onsets per bar below which there is no drummer, but false detections."""

GHOST_SHARE: Final = 0.6
"""A snare below this share of the loud ones is a ghost note, an ornament that says little about the style."""
ENOUGH_SIXTEENTHS: Final = 6
"""The minimum number of off-beat sixteenths to decide whether they swing."""

Stroke = tuple[float, DrumKind, float]
"""Time, kind and velocity."""


@dataclass(frozen=True, slots=True)
class DrumPattern:
    """Onset frequency per sixteenth of the bar, 0..1, sixteen per voice, with swing removed.

    `snare` is without ghost notes. `cymbals` are hats and cymbals together, because the rhythm matters more than which
    of them plays it. `sixteenths` is the ratio of long to short of sixteenths, None where there are too few.
    """

    kick: tuple[float, ...]
    snare: tuple[float, ...]
    cymbals: tuple[float, ...]
    bars: float
    sixteenths: float | None = None


def find_pattern(
    onsets: Sequence[Stroke], beats: Sequence[float], downbeats: Sequence[float], swing: float | None
) -> DrumPattern | None:
    """Return the pattern of drum onsets over bars of four beats; None without such a bar or with hardly an onset.

    Times, beats and downbeats have the same unit, which may be any. Toms are ignored: they are for fills.
    """
    bars = _whole_bars(beats, downbeats)
    if not bars:
        return None
    feel = Swing(min(swing, MAX_RATIO) if swing is not None and swing > STRAIGHT_BELOW else 1.0)
    snares = sorted(velocity for _, kind, velocity in onsets if kind == "snare")
    ghost = GHOST_SHARE * snares[len(snares) * 9 // 10] if snares else 0.0
    starts = [beats[bar] for bar in bars]
    early = (beats[1] - beats[0]) / 8.0
    struck: set[tuple[int, str, int]] = set()
    offbeats: list[float] = []
    for time, kind, velocity in onsets:
        # An onset just before the bar line belongs to the next bar.
        number = bisect_right(starts, time + early) - 1
        place = _place(time, beats, bars[number]) if number >= 0 else None
        if place is None or kind == "tom" or (kind == "snare" and velocity < ghost):
            continue
        straight = feel.unwarp(max(place, 0.0)) * 4.0
        step = round(straight)
        if step >= SIXTEENTHS:
            continue
        struck.add((number, kind if kind in ("kick", "snare") else "cymbals", step))
        inside = straight / 2.0 % 1.0
        if 0.35 < inside < 0.78:
            offbeats.append(inside)
    if len(struck) < LEAST_STROKES * len(bars):
        return None
    counts = Counter((voice, step) for _, voice, step in struck)
    kick, snare, cymbals = (
        tuple(counts[voice, step] / len(bars) for step in range(SIXTEENTHS)) for voice in ("kick", "snare", "cymbals")
    )
    sixteenths = None
    if len(offbeats) >= ENOUGH_SIXTEENTHS:
        middle = sorted(offbeats)[len(offbeats) // 2]
        sixteenths = middle / (1.0 - middle)
    return DrumPattern(kick, snare, cymbals, float(len(bars)), sixteenths)


def _whole_bars(beats: Sequence[float], downbeats: Sequence[float]) -> list[int]:
    """Return the index of each beat that begins a complete bar of four."""
    numbers = {beat: number for number, beat in enumerate(beats)}
    found = [numbers[downbeat] for downbeat in downbeats if downbeat in numbers]
    bars = [bar for bar, following in pairwise(found) if following - bar == BEATS]
    if found and found[-1] + BEATS - 1 < len(beats):
        bars.append(found[-1])
    return bars


def _place(time: float, beats: Sequence[float], first: int) -> float | None:
    """Return the position of a time in the bar that begins at beat `first`, in beats; None where the beats have no
    length there."""
    inside = min(max(bisect_right(beats, time) - 1, 0), len(beats) - 2)
    length = beats[inside + 1] - beats[inside]
    if length <= 0.0:
        return None
    return inside - first + (time - beats[inside]) / length
