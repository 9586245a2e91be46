"""Learn a drummer's timekeepers: what the right hand and the left foot play through the bar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Final

from musearoo.engines.music.meter import Meter
from musearoo.engines.players.learning.drum_notation import Bar, keeper_of
from musearoo.engines.players.learning.patterns import (
    LEAST_SHARE,
    Members,
    group_units,
    is_silent,
    rates_of,
    row_of,
    weight_of,
    write_row,
)
from musearoo.engines.players.learning.velocity_levels import marks_of

MOST_TIMEKEEPERS: Final = 6
FEW_STROKES: Final = 5.5
MANY_STROKES: Final = 11.0
"""The strokes per bar below which a timekeeper suits sparse playing, and above which it suits dense playing."""


def learn_timekeepers(
    bars: Sequence[Bar], levels: Mapping[str, Mapping[str, float]], meter: Meter
) -> list[dict[str, object]]:
    """Return the timekeepers of the bars, commonest first; empty if nothing keeps time."""
    by_voices: dict[tuple[str, ...], list[Bar]] = defaultdict(list)
    for bar in bars:
        voices = keeper_of(bar)
        if voices:
            by_voices[voices].append(bar)
    found: list[tuple[tuple[str, ...], Members]] = []
    for voices, own in by_voices.items():
        struck = [frozenset((voice, step) for voice, step in _joined(bar, voices)) for bar in own]
        found += [(voices, members) for members in group_units(struck, MOST_TIMEKEEPERS)]
    found.sort(key=lambda one: -len(one[1]))
    kept = [one for one in found if len(one[1]) >= max(2, LEAST_SHARE * len(found[0][1]))][:MOST_TIMEKEEPERS]
    whole = sum(len(members) for _, members in kept)
    return [
        {
            "name": f"time {number + 1}",
            "weight": weight_of(len(members), whole),
            **_write(by_voices[voices], members, voices, levels, meter),
        }
        for number, (voices, members) in enumerate(kept)
    ]


def _joined(bar: Bar, voices: Sequence[str]) -> set[tuple[str, int]]:
    """Return a bar's strokes on any of the voices, all as the first: an open hat is one stroke of the hi-hat."""
    return {(voices[0], step) for voice, step in bar if voice in voices}


def _write(
    bars: Sequence[Bar],
    members: Members,
    voices: Sequence[str],
    levels: Mapping[str, Mapping[str, float]],
    meter: Meter,
) -> dict[str, object]:
    rates = rates_of(bars, members)
    hits, opens = row_of(rates, *voices), {}
    voice = voices[0]
    if voice == "closed_hat":
        if row_of(rates, "closed_hat"):
            opens = {step: rate / hits[step] for step, rate in row_of(rates, "open_hat").items()}
        else:
            voice = "open_hat"
    timekeeper: dict[str, object] = {}
    strokes = fsum(hits.values())
    if strokes < FEW_STROKES:
        timekeeper["density"] = [0, 0.6]
    elif strokes > MANY_STROKES:
        timekeeper["density"] = [0.3, 1]
    timekeeper["voice"] = voice
    timekeeper["hits"] = write_row(hits, 1, meter, marks_of(bars, members, voices, levels))
    rows = {"opens": write_row(opens, 1, meter), "pedal": write_row(row_of(rates, "pedal_hat"), 1, meter)}
    return timekeeper | {name: row for name, row in rows.items() if not is_silent(row)}
