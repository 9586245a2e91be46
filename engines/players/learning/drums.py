"""Learn a drummer: grooves, timekeepers, fills, and velocities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Final

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.learning.drum_notation import GHOST, Bar, DrumAnalysis, analyze_drums, keeper_of
from musearoo.engines.players.learning.fills import write_fills
from musearoo.engines.players.learning.patterns import (
    Pattern,
    Unit,
    find_patterns,
    is_silent,
    rates_of,
    row_of,
    suit_complexity,
    unit_bars,
    write_row,
)
from musearoo.engines.players.learning.raster import STEPS
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.timekeepers import learn_timekeepers
from musearoo.engines.players.learning.velocity_levels import learn_levels, marks_of, scatter
from musearoo.engines.styles.drums import SILENT

LEAST_BARS: Final = 4
"""The least bars of drums to learn from."""
LEAST_EVENTS: Final = 4
"""The least onsets to learn a level from, and the least phrase ends to learn habits from."""
MOST_GROOVES: Final = 8
PHRASE_BARS: Final = 4
CORE: Final = ("kick", "snare", "cross_stick", "clap")
"""The voices that distinguish grooves."""
LAYERS: Final = (
    "shaker", "tambourine", "cowbell", "claves", "conga_high", "conga_low", "high_tom", "mid_tom", "low_tom",
)  # fmt: skip
LAYERED: Final = 0.4
"""The onsets per bar from which a voice belongs to a groove."""


def learn_drums(songs: Sequence[SourceSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """Return the drums section of a style from songs in one meter; None if there are too few drums.

    Gaps are filled from the section `base`.
    """
    tracks = [analyze_drums(song) for song in songs if song.notes("drums")]
    played = [bar for track in tracks for bar in track.in_groove if bar]
    if len(played) < LEAST_BARS:
        return None
    meter = songs[0].meter
    levels = _learn_levels(tracks)
    known: dict[str, object] = {"levels": _joined(base.get("levels"), levels)}
    fills = [fill for track in tracks for fill in track.fills.values()]
    choices = {
        "grooves": _learn_grooves(tracks, levels, meter),
        "timekeepers": learn_timekeepers(played, levels, meter),
        "fills": write_fills(fills),
    }
    known |= {field: learned for field, learned in choices.items() if learned}
    phrases = sum(len(track.bars) // PHRASE_BARS for track in tracks)
    if phrases >= LEAST_EVENTS:
        known["fill_likelihood"] = round(min(1.0, len(fills) / phrases), 2)
    after = [track.bars[number + 1] for track in tracks for number in track.fills if number + 1 < len(track.bars)]
    if len(after) >= LEAST_EVENTS:
        known["crash_likelihood"] = round(sum(("crash", 0) in bar for bar in after) / len(after), 2)
    return {**base, **known}


def _joined(base: object, levels: Mapping[str, object]) -> dict[str, object]:
    return {**(base if isinstance(base, Mapping) else {}), **levels}


def _learn_levels(tracks: Sequence[DrumAnalysis]) -> dict[str, dict[str, float]]:
    """Return the levels of each voice group with enough onsets."""
    velocities: dict[str, list[float]] = defaultdict(list)
    ghosts: list[float] = []
    places: dict[tuple[int, str, int], list[float]] = defaultdict(list)
    for number, track in enumerate(tracks):
        for bar in track.in_groove:
            for (voice, step), velocity in bar.items():
                if voice == GHOST:
                    ghosts.append(velocity)
                else:
                    velocities[KIT[voice].group].append(velocity)
                    places[number, voice, step].append(velocity)
        for fill in track.fills.values():
            for voice, velocity in fill.strokes:
                if KIT[voice].group in ("toms", "crash"):
                    velocities[KIT[voice].group].append(velocity)
    spreads: dict[str, list[list[float]]] = defaultdict(list)
    for (_, voice, _), own in places.items():
        spreads[KIT[voice].group].append(own)
    return {
        group: learn_levels(own, ghosts if group == "snare" else (), scatter(spreads[group]))
        for group, own in sorted(velocities.items())
        if len(own) >= LEAST_EVENTS
    }


def _learn_grooves(
    tracks: Sequence[DrumAnalysis], levels: Mapping[str, Mapping[str, float]], meter: Meter
) -> list[dict[str, object]]:
    """Return the grooves of feet and left hand, the commonest first."""
    units: dict[int, list[Bar]] = {1: [], 2: []}
    for track in tracks:
        bars = [_without_time(bar) for bar in track.in_groove]
        cores = [_core_of(bar) for bar in bars]
        length = unit_bars(cores)
        units[length] += [
            _join(bars[first : first + length])
            for first in range(0, len(bars) - length + 1, length)
            if all(cores[first : first + length])
        ]
    patterns = find_patterns({bars: [_core_of(unit) for unit in own] for bars, own in units.items()}, MOST_GROOVES)
    strokes = [
        sum(len(units[bars][member]) for member in members) / (bars * len(members)) for members, bars, _ in patterns
    ]
    return [
        {
            "name": f"groove {number + 1}",
            "weight": pattern.weight,
            **suits,
            **_write_groove(units[pattern.bars], pattern, levels, meter),
        }
        for number, (pattern, suits) in enumerate(zip(patterns, suit_complexity(strokes), strict=True))
    ]


def _core_of(bar: Bar) -> Unit:
    return frozenset(cell for cell in bar if cell[0] in CORE)


def _without_time(bar: Bar) -> Bar:
    keeper = keeper_of(bar)
    return {cell: velocity for cell, velocity in bar.items() if cell[0] not in keeper}


def _join(bars: Sequence[Bar]) -> Bar:
    """Join bars into one unit with continuous step numbers."""
    return {
        (voice, step + STEPS * number): velocity
        for number, bar in enumerate(bars)
        for (voice, step), velocity in bar.items()
    }


def _write_groove(
    units: Sequence[Bar], pattern: Pattern, levels: Mapping[str, Mapping[str, float]], meter: Meter
) -> dict[str, object]:
    """Return the rows of a groove, without onsets that are too rare."""
    members, length = pattern.members, pattern.bars
    rates = rates_of(units, members)
    rows: dict[str, str] = {}
    for voice in (*CORE, GHOST, *LAYERS):
        row = row_of(rates, voice)
        if fsum(row.values()) >= LAYERED * length:
            marks = dict.fromkeys(row, "g") if voice == GHOST else marks_of(units, members, (voice,), levels)
            text = write_row(row, length, meter, marks)
            if not is_silent(text):
                rows[voice] = text
    groove: dict[str, object] = {"kick": SILENT.text, **{voice: rows[voice] for voice in CORE if voice in rows}}
    if GHOST in rows:
        groove["ghosts"] = rows[GHOST]
    layers = [{"voice": voice, "hits": rows[voice]} for voice in LAYERS if voice in rows]
    return {**groove, "layers": layers} if layers else groove
