"""Learn comping: chord rhythms, note lengths, register and velocity levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import fsum
from typing import Final

from musearoo.engines.analysis.symbolic.roles import together_share
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.learning.patterns import (
    Members,
    Unit,
    group_units,
    is_silent,
    rates_of,
    row_of,
    weight_of,
    write_row,
)
from musearoo.engines.players.learning.raster import BEAT_STEPS, GridNote, quantize_notes, written_bars
from musearoo.engines.players.learning.register import learn_register
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.velocity_levels import learn_levels, mark_of, quantile, scatter

MOST_COMPINGS: Final = 4
CHORDS: Final = 0.5
"""The share of simultaneous notes from which a part counts as chordal."""
SURE: Final = 0.6
"""The share of a pattern's bars from which an onset belongs to the pattern; rarer ones are optional."""
STRIKES: Final = {"X": "C", "x": "c", "o": "s"}
"""The letters of a ChordRow for the marks of an OnsetRow."""


def learn_comping(songs: Sequence[SourceSong], base: object) -> dict[str, object]:
    """Return the fields of a harmony section learned from chordal parts; empty if there are none.

    `base` are the base style's compings, which supply the usual voicing.
    """
    bars: list[list[GridNote]] = []
    places: dict[tuple[int, int], list[float]] = defaultdict(list)
    for number, song in enumerate(songs):
        for part in song.parts:
            if part.role == "harmony" and together_share(part.clip) >= CHORDS:
                own: list[list[GridNote]] = [[] for _ in range(written_bars(song))]
                for one in quantize_notes(song, part.clip.notes):
                    own[one.bar].append(one)
                    places[number, one.step].append(one.note.velocity)
                bars += own
    units = [frozenset(("on", one.step) for one in bar) for bar in bars]
    groups = group_units(units, MOST_COMPINGS)
    if not groups:
        return {}
    notes = [one.note for bar in bars for one in bar]
    levels = learn_levels([note.velocity for note in notes], (), scatter(places.values()))
    whole = sum(len(members) for members in groups)
    return {
        **learn_register(note.pitch for note in notes),
        "levels": levels,
        "comping": [
            {
                "name": f"hands {number + 1}",
                "weight": weight_of(len(members), whole),
                **_usual_voicing(base),
                **_write(bars, units, members, levels, songs[0].meter),
            }
            for number, members in enumerate(groups)
        ],
    }


def _usual_voicing(base: object) -> dict[str, object]:
    """Return the voicing of the comping with the highest weight."""
    ways = [one for one in base if isinstance(one, Mapping)] if isinstance(base, Sequence) else []
    best = max(ways, key=lambda one: float(one.get("weight", 1)), default={})
    return {name: best[name] for name in ("voicing", "strum") if name in best}


def _write(
    bars: Sequence[Sequence[GridNote]],
    units: Sequence[Unit],
    members: Members,
    levels: Mapping[str, float],
    meter: Meter,
) -> dict[str, object]:
    struck: dict[int, list[float]] = defaultdict(list)
    gates: list[float] = []
    durations: list[float] = []
    for member in members:
        steps = sorted({one.step for one in bars[member]})
        following = dict(pairwise(steps))
        for one in bars[member]:
            struck[one.step].append(one.note.velocity)
            durations.append(one.note.duration)
            if one.step in following:
                gates.append(min(1.0, one.note.duration * BEAT_STEPS / (following[one.step] - one.step)))
    hits = row_of(rates_of(units, members), "on")
    least = min(SURE, max(hits.values()))
    marks = {step: STRIKES[mark_of(fsum(struck[step]) / len(struck[step]), levels)] for step in hits}
    sure = {step: 1.0 for step, rate in hits.items() if rate >= least}
    comping: dict[str, object] = {"hand": write_row(sure, 1, meter, marks)}
    extra = write_row({step: rate for step, rate in hits.items() if rate < least}, 1, meter)
    if not is_silent(extra):
        comping["extra"] = extra
    if gates:
        comping["gate"] = round(max(0.05, quantile(sorted(gates), 0.5)), 2)
    comping["longest"] = round(min(64.0, max(0.25, quantile(sorted(durations), 0.95))), 2)
    return comping
