"""Learn melodies: phrase rhythms, register, interval sizes and note lengths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.learning.patterns import (
    Members,
    Unit,
    distance,
    group_units,
    rates_of,
    weight_of,
    write_marks,
)
from musearoo.engines.players.learning.raster import BEAT_STEPS, STEPS, GridNote, quantize_notes, written_bars
from musearoo.engines.players.learning.register import learn_register
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.velocity_levels import learn_levels, mark_of, quantile, scatter

LEAST_BARS: Final = 8
MOST_FIGURES: Final = 8
UNIT_BARS: Final = 2
"""Bars of a rhythmic figure: about one breath of a singer."""
REST: Final = 0.5
"""The least silence in beats that counts as a rest."""
FEW_NOTES: Final = 5
MANY_NOTES: Final = 11
"""The notes up to which a figure suits calm tunes, and from which it suits busy ones."""
USUAL_INTERVAL: Final = 2.4
USUAL_REPEATS: Final = 0.21
"""Semitones from note to note, and the share of repeated pitches: the medians of 186 POP909 melodies (MIT), which
correspond to `leaps` and `repeats` of one half."""
PHRASE_GAP: Final = 4.0
"""The greatest gap in beats between notes of one phrase."""


def learn_melody(songs: Sequence[SourceSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """Return the melody section of a style; None if there is too little melody. Gaps are filled from `base`."""
    analyzed = [(song, quantize_notes(song, _top_line(song.notes("melody")))) for song in songs if song.notes("melody")]
    if sum(len({one.bar for one in placed}) for _, placed in analyzed) < LEAST_BARS:
        return None
    notes = [one.note for _, placed in analyzed for one in placed]
    places: dict[tuple[int, int], list[float]] = defaultdict(list)
    for number, (_, placed) in enumerate(analyzed):
        for one in placed:
            places[number, one.step].append(one.note.velocity)
    levels = learn_levels([note.velocity for note in notes], (), scatter(places.values()))
    figures = _learn_figures(analyzed, levels, songs[0].meter)
    if not figures:
        return None
    known: dict[str, object] = {
        **learn_register(note.pitch for note in notes),
        **_learn_steps([placed for _, placed in analyzed]),
        "unit": UNIT_BARS,
        "figures": figures,
        "levels": levels,
    }
    return {**base, **known}


def _top_line(notes: Sequence[Note]) -> list[Note]:
    """Return the highest of each group of notes that begin together."""
    top: dict[int, Note] = {}
    for note in notes:
        at = round(note.start * 8.0)
        if at not in top or note.pitch > top[at].pitch:
            top[at] = note
    return sorted(top.values())


def _learn_steps(tunes: Sequence[Sequence[GridNote]]) -> dict[str, object]:
    """Return interval size, share of repeated pitches, and articulation (duration over time to the next note)."""
    pairs = [
        (one.note, following.note)
        for placed in tunes
        for one, following in pairwise(sorted(placed, key=lambda one: one.at))
        if 0.05 < following.at - one.at <= PHRASE_GAP
    ]
    if not pairs:
        return {}
    intervals = [abs(following.pitch - note.pitch) for note, following in pairs]
    gates = sorted(min(1.0, note.duration / (following.start - note.start)) for note, following in pairs)
    durations = sorted(note.duration for note, _ in pairs)
    return {
        "leaps": _relative(sum(intervals) / len(intervals), USUAL_INTERVAL),
        "repeats": _relative(intervals.count(0) / len(intervals), USUAL_REPEATS),
        "gate": round(max(0.05, quantile(gates, 0.6)), 2),
        "longest": round(min(64.0, max(0.25, quantile(durations, 0.97))), 2),
    }


def _relative(value: float, usual: float) -> float:
    """Return a value relative to the usual one, 0..1, one half for equal."""
    return round(min(1.0, 0.5 * value / usual), 2)


def _learn_figures(
    analyzed: Sequence[tuple[SourceSong, Sequence[GridNote]]], levels: Mapping[str, float], meter: Meter
) -> list[dict[str, object]]:
    """Return the commonest two-bar rhythms, with their rests."""
    units: list[list[GridNote]] = []
    for song, placed in analyzed:
        own: list[list[GridNote]] = [[] for _ in range(written_bars(song) // UNIT_BARS)]
        for one in placed:
            if one.bar // UNIT_BARS < len(own):
                own[one.bar // UNIT_BARS].append(one)
        units += own
    cells = [frozenset(("on", _step(one)) for one in unit) for unit in units]
    groups = group_units(cells, MOST_FIGURES)
    whole = sum(len(members) for members in groups)
    figures = []
    for members in groups:
        marks = _figure(units, cells, members, levels)
        if any(mark in "Xx" for mark in marks.values()):
            figure: dict[str, object] = {"rhythm": write_marks(marks, UNIT_BARS, meter)}
            figure["weight"] = weight_of(len(members), whole)
            notes = sum(mark != "r" for mark in marks.values())
            if notes <= FEW_NOTES:
                figure["density"] = [0, 0.7]
            elif notes >= MANY_NOTES:
                figure["density"] = [0.3, 1]
            figures.append(figure)
    return figures


def _step(one: GridNote) -> int:
    return one.step + STEPS * (one.bar % UNIT_BARS)


def _figure(
    units: Sequence[Sequence[GridNote]],
    cells: Sequence[Unit],
    members: Members,
    levels: Mapping[str, float],
) -> dict[int, str]:
    """Return the rhythm of the medoid take, the one most like the others; a mean would be a rhythm nobody played."""
    rates = rates_of(cells, members)
    typical = min(members, key=lambda member: (distance(cells[member], rates), sorted(cells[member])))
    own = {_step(one): one.note for one in units[typical]}
    marks: dict[int, str] = {}
    for step, following in pairwise([*sorted(own), UNIT_BARS * STEPS]):
        marks[step] = mark_of(own[step].velocity, levels)
        sounding = max(1, round(own[step].duration * BEAT_STEPS))
        if step + sounding + REST * BEAT_STEPS <= following:
            marks[step + sounding] = "r"
    return marks
