"""Learn a bass player: onsets, chord tones, note lengths, and how often the bass locks to the kick."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import fsum
from typing import Final

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.pitch import pitch_name
from musearoo.engines.players.learning.bass_notation import LEADS_WITHIN, Tone, analyze_bass
from musearoo.engines.players.learning.patterns import (
    CERTAIN,
    Cell,
    find_patterns,
    is_silent,
    rates_of,
    row_of,
    suit_complexity,
    unit_bars,
    write_marks,
    write_row,
)
from musearoo.engines.players.learning.raster import STEPS, quantize_notes, written_bars
from musearoo.engines.players.learning.register import OCTAVE, ODD_NOTES
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.velocity_levels import learn_levels, mark_of, quantile, scatter
from musearoo.engines.styles.bass_instruments import INSTRUMENTS

LEAST_BARS: Final = 4
MOST_LINES: Final = 5
UNSURE_TONE: Final = 0.4
"""The share of notes below which no tone dominates a step, so that it is a walking step."""
WALKS_IN: Final = 0.4
"""The share of notes above which a step approaches the next chord."""


def learn_bass(songs: Sequence[SourceSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """Return the bass section of a style; None if there is too little bass. Gaps are filled from `base`.

    All songs are in one meter.
    """
    analyzed = [(song, analyze_bass(song)) for song in songs if song.notes("bass")]
    if sum(len({tone.placed.bar for tone in tones}) for _, tones in analyzed) < LEAST_BARS:
        return None
    sounding = [tone for _, tones in analyzed for tone in tones if not tone.dead]
    velocities = [tone.placed.note.velocity for tone in sounding]
    places: dict[tuple[int, int], list[float]] = defaultdict(list)
    for number, (_, tones) in enumerate(analyzed):
        for tone in tones:
            places[number, tone.placed.step].append(tone.placed.note.velocity)
    dead = [tone.placed.note.velocity for _, tones in analyzed for tone in tones if tone.dead]
    levels = learn_levels(velocities, dead, scatter(places.values()))
    known: dict[str, object] = {
        **_learn_register([tone.placed.note.pitch for tone in sounding], base.get("instrument", "bass guitar")),
        "levels": levels,
        "approach": _learn_approach(analyzed, base.get("approach")),
    }
    lines = _learn_lines(analyzed, levels, songs[0].meter)
    if lines:
        known["lines"] = lines
    return {**base, **known}


def _learn_register(pitches: Sequence[int], instrument: object) -> dict[str, object]:
    """Return the register of most notes, at least an octave, on the base's instrument or another that has it.

    Empty if no instrument has it.
    """
    ordered = sorted(map(float, pitches))
    low, high = int(quantile(ordered, ODD_NOTES)), int(quantile(ordered, 1.0 - ODD_NOTES))
    for name, own in sorted(INSTRUMENTS.items(), key=lambda pair: pair[0] != instrument):
        if own.low <= low and high <= own.high:
            top = max(high, low + OCTAVE)
            low, top = (low, top) if top <= own.high else (own.high - OCTAVE, own.high)
            return {"instrument": name, "low": pitch_name(low), "high": pitch_name(top)}
    return {}


def _learn_lines(
    analyzed: Sequence[tuple[SourceSong, Sequence[Tone]]], levels: Mapping[str, float], meter: Meter
) -> list[dict[str, object]]:
    units: dict[int, list[list[tuple[Cell, Tone]]]] = {1: [], 2: []}
    for song, tones in analyzed:
        bars: list[list[Tone]] = [[] for _ in range(written_bars(song))]
        for tone in tones:
            bars[tone.placed.bar].append(tone)
        length = unit_bars([frozenset(("on", tone.placed.step) for tone in bar) for bar in bars])
        for first in range(0, len(bars) - length + 1, length):
            units[length].append(
                [
                    (("dead" if tone.dead else "on", tone.placed.step + STEPS * later), tone)
                    for later in range(length)
                    for tone in bars[first + later]
                ]
            )
    onsets = {
        length: [frozenset(cell for cell, tone in unit if not tone.dead) for unit in own]
        for length, own in units.items()
    }
    patterns = find_patterns(onsets, MOST_LINES)
    lock = _learn_lock(analyzed)
    lines, notes = [], []
    for number, (members, length, weight) in enumerate(patterns):
        own = [units[length][member] for member in members]
        line = {"name": f"line {number + 1}", "weight": weight}
        lines.append(line | _write_line(own, length, levels, meter) | lock)
        notes.append(sum(len(unit) for unit in own) / (length * len(members)))
    return [line | suits for line, suits in zip(lines, suit_complexity(notes), strict=True)]


def _write_line(
    units: Sequence[Sequence[tuple[Cell, Tone]]], length: int, levels: Mapping[str, float], meter: Meter
) -> dict[str, object]:
    everyone = tuple(range(len(units)))
    rates = rates_of([frozenset(cell for cell, _ in unit) for unit in units], everyone)
    by_step: dict[int, list[Tone]] = defaultdict(list)
    for unit in units:
        for (_, step), tone in unit:
            if not tone.dead:
                by_step[step].append(tone)
    onsets = row_of(rates, "on")
    # The bass has no mark for soft notes: the softest ones are dead notes.
    marks = {
        step: mark_of(fsum(tone.placed.note.velocity for tone in tones) / len(tones), levels).replace("o", "x")
        for step, tones in by_step.items()
    }
    letters = {step: _letter(tones) for step, tones in by_step.items() if onsets[step] >= 1.0 - CERTAIN}
    line: dict[str, object] = {
        "onsets": write_row(onsets, length, meter, marks),
        "tones": write_marks(letters, length, meter),
    }
    dead = row_of(rates, "dead")
    ghosts = write_row(dead, length, meter, dict.fromkeys(dead, "g"))
    if not is_silent(ghosts):
        line["ghosts"] = ghosts
    shares, durations = [], []
    for unit in units:
        ordered = [tone.placed for _, tone in unit]
        for one, following in pairwise(ordered):
            gap = following.note.start - one.note.start
            if gap > 0.05:
                shares.append(min(1.0, one.note.duration / gap))
        durations += [one.note.duration for one in ordered]
    if shares:
        line["gate"] = round(max(0.05, quantile(sorted(shares), 0.5)), 2)
    line["longest"] = round(min(16.0, max(0.25, quantile(sorted(durations), 0.95))), 2)
    return line


def _letter(tones: Sequence[Tone]) -> str:
    """Return a step's letter: an approach or anticipation if it mostly is one, a walk if the tones vary."""
    leads = Counter(tone.leads for tone in tones if tone.leads)
    changing = sum(leads.values())
    if changing > WALKS_IN * len(tones):
        return max(sorted(leads), key=lambda letter: leads[letter])
    letters = Counter(tone.letter for tone in tones)
    best = max(sorted(letters), key=lambda letter: letters[letter])
    return best if letters[best] >= UNSURE_TONE * len(tones) else "w"


def _learn_lock(analyzed: Sequence[tuple[SourceSong, Sequence[Tone]]]) -> dict[str, object]:
    """Return how much likelier the bass plays with a kick than without; empty without kicks."""
    met = missed = on = off = 0
    for song, tones in analyzed:
        kicks = {(one.bar, one.step) for one in quantize_notes(song, song.notes("drums")) if one.note.pitch in (35, 36)}
        struck = {(tone.placed.bar, tone.placed.step) for tone in tones}
        steps = STEPS * len({bar for bar, _ in struck})
        both = len(kicks & struck)
        if kicks:
            met, missed = met + both, missed + len(kicks) - both
            on, off = on + len(struck) - both, off + max(0, steps - len(kicks) - len(struck) + both)
    if met + missed == 0:
        return {}
    baseline = on / (on + off) if on + off else 0.0
    return {"lock": round(max(0.0, met / (met + missed) - baseline), 2)}


def _learn_approach(analyzed: Sequence[tuple[SourceSong, Sequence[Tone]]], base: object) -> dict[str, object]:
    """Return how often the last note before a new chord is a step from its root."""
    own = dict(base) if isinstance(base, Mapping) else {}
    changes = led = 0
    for song, tones in analyzed:
        for before, span in zip(song.chords, song.chords[1:], strict=False):
            if before.chord.bass_or_root == span.chord.bass_or_root:
                continue
            last = [tone for tone in tones if span.start - LEADS_WITHIN - 1e-6 <= tone.placed.at < span.start - 1e-6]
            changes += 1
            led += bool(last) and last[-1].leads == "a"
    if changes >= LEAST_BARS:
        own["likelihood"] = round(led / changes, 2)
    return own
