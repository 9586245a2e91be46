"""Learns a bass player: where notes begin, which tone of the chord each is, how long it rings, whom it meets."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from engines.bassaroo.instruments import INSTRUMENTS, InstrumentName
from engines.learning.heard_song import HeardSong
from engines.learning.patterns import (
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
from engines.learning.raster import STEPS, Placed, place_notes, written_bars
from engines.learning.touch import learn_levels, mark_of, quantile, scatter
from engines.music.chord import Chord
from engines.music.meter import Meter
from engines.music.pitch import pitch_name
from engines.music.progression import ChordSpan

LEAST_BARS: Final = 4
MOST_LINES: Final = 5
DEAD: Final = 0.6
DEAD_BEATS: Final = 0.2
"""A note softer than this share of the usual, and shorter than this, is a dead one."""
LEADS_WITHIN: Final = 1.0
"""Beats before a new chord in which a note may lead to it."""
UNSURE_TONE: Final = 0.4
"""A step on which no tone has this share of the notes walks."""
NEAR: Final = 0.13
"""Beats by which bass and kick may miss each other and still be together."""
DEGREES: Final = {1: "2", 2: "2", 3: "3", 4: "3", 5: "4", 6: "5", 7: "5", 8: "6", 9: "6", 10: "7", 11: "7"}
BELOW: Final = {"5": "d", "7": "u"}
"""The letters of degrees that are played below the root."""


class _Tone(NamedTuple):
    """A note of the line: where it is written, its letter, and the note."""

    placed: Placed
    letter: str
    dead: bool
    leads: str


def learn_bass(songs: Sequence[HeardSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """The bass section of a style; None where songs hold too little bass. What they do not tell is taken from `base`.

    All songs are in one meter.
    """
    heard = [(song, _read(song)) for song in songs if song.notes("bass")]
    if sum(len({tone.placed.bar for tone in tones}) for _, tones in heard) < LEAST_BARS:
        return None
    sounding = [tone for _, tones in heard for tone in tones if not tone.dead]
    velocities = [tone.placed.note.velocity for tone in sounding]
    places: dict[tuple[int, int], list[float]] = defaultdict(list)
    for number, (_, tones) in enumerate(heard):
        for tone in tones:
            places[number, tone.placed.step].append(tone.placed.note.velocity)
    dead = [tone.placed.note.velocity for _, tones in heard for tone in tones if tone.dead]
    levels = learn_levels(velocities, dead, scatter(places.values()))
    known: dict[str, object] = {
        **_learn_register([tone.placed.note.pitch for tone in sounding], str(base.get("instrument", "bass guitar"))),
        "levels": levels,
        "approach": _learn_approach(heard, base.get("approach")),
    }
    lines = _learn_lines(heard, levels, songs[0].meter)
    if lines:
        known["lines"] = lines
    return {**base, **known}


def _learn_register(pitches: Sequence[int], instrument: str) -> dict[str, object]:
    """The register of most notes, an octave at least, and an instrument that has it."""
    ordered = sorted(float(pitch) for pitch in pitches)
    low, high = int(quantile(ordered, 0.02)), int(quantile(ordered, 0.98))
    names: list[InstrumentName] = ["bass guitar", "five-string bass", "synth bass"]
    for name in (instrument, *names):
        own = INSTRUMENTS[name]  # type: ignore[index]
        if own.low <= low and high <= own.high:
            high = max(high, low + 12)
            low, high = (low, high) if high <= own.high else (own.high - 12, own.high)
            return {"instrument": name, "low": pitch_name(low), "high": pitch_name(high)}
    return {}


def _learn_lines(
    heard: Sequence[tuple[HeardSong, Sequence[_Tone]]], levels: Mapping[str, float], meter: Meter
) -> list[dict[str, object]]:
    units: dict[int, list[list[tuple[Cell, _Tone]]]] = {1: [], 2: []}
    for song, tones in heard:
        bars: list[list[_Tone]] = [[] for _ in range(written_bars(song))]
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
    kicks = _kicks(heard)
    lines, notes = [], []
    for number, (members, length, weight) in enumerate(patterns):
        own = [units[length][member] for member in members]
        line = {"name": f"line {number + 1}", "weight": weight}
        lines.append(line | _write_line(own, length, levels, meter) | kicks)
        notes.append(sum(len(unit) for unit in own) / (length * len(members)))
    return [line | suits for line, suits in zip(lines, suit_complexity(notes), strict=True)]


def _write_line(
    units: Sequence[Sequence[tuple[Cell, _Tone]]], length: int, levels: Mapping[str, float], meter: Meter
) -> dict[str, object]:
    everyone = tuple(range(len(units)))
    rates = rates_of([frozenset(cell for cell, _ in unit) for unit in units], everyone)
    by_step: dict[int, list[_Tone]] = defaultdict(list)
    for unit in units:
        for (_, step), tone in unit:
            if not tone.dead:
                by_step[step].append(tone)
    onsets = row_of(rates, "on")
    # The bass has no soft mark of its own: what is softest is dead.
    marks = {
        step: mark_of(sum(tone.placed.note.velocity for tone in tones) / len(tones), levels).replace("o", "x")
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


def _letter(tones: Sequence[_Tone]) -> str:
    """The tone of a step: a lead-in or an anticipation where it mostly is one, a walk where it is a different one."""
    leads = Counter(tone.leads for tone in tones if tone.leads)
    changing = sum(bool(tone.leads) for tone in tones)
    if changing > 0.4 * len(tones):
        return max(sorted(leads), key=lambda letter: leads[letter])
    letters = Counter(tone.letter for tone in tones)
    best = max(sorted(letters), key=lambda letter: letters[letter])
    return best if letters[best] >= UNSURE_TONE * len(tones) else "w"


def _kicks(heard: Sequence[tuple[HeardSong, Sequence[_Tone]]]) -> dict[str, object]:
    """How much surer the bass plays where there is a kick than elsewhere; nothing where no kick is heard."""
    met = missed = on = off = 0
    for song, tones in heard:
        kicks = {(one.bar, one.step) for one in place_notes(song, song.notes("drums")) if one.note.pitch in (35, 36)}
        struck = {(tone.placed.bar, tone.placed.step) for tone in tones}
        steps = STEPS * len({bar for bar, _ in struck})
        both = len(kicks & struck)
        if kicks:
            met, missed = met + both, missed + len(kicks) - both
            on, off = on + len(struck) - both, off + max(0, steps - len(kicks) - len(struck) + both)
    if met + missed == 0:
        return {}
    beside = on / (on + off) if on + off else 0.0
    return {"lock": round(max(0.0, met / (met + missed) - beside), 2)}


def _learn_approach(heard: Sequence[tuple[HeardSong, Sequence[_Tone]]], base: object) -> dict[str, object]:
    """How often the last note before a new chord is a step from its root."""
    own = dict(base) if isinstance(base, Mapping) else {}
    changes = led = 0
    for song, tones in heard:
        for before, span in zip(song.chords, song.chords[1:], strict=False):
            if before.chord.bass_or_root == span.chord.bass_or_root:
                continue
            last = [tone for tone in tones if span.start - LEADS_WITHIN - 1e-6 <= tone.placed.at < span.start - 1e-6]
            changes += 1
            led += bool(last) and last[-1].leads == "a"
    if changes >= LEAST_BARS:
        own["likelihood"] = round(led / changes, 2)
    return own


def _read(song: HeardSong) -> list[_Tone]:
    """The bass of a song in letters over its chords."""
    placed = sorted(place_notes(song, song.notes("bass")), key=lambda one: (one.at, one.note.pitch))
    if not placed:
        return []
    usual = quantile(sorted(one.note.velocity for one in placed), 0.5)
    starts = [span.start for span in song.chords]
    lowest: dict[int, int] = {}
    for one in placed:
        index = _chord_at(starts, one.at)
        if index >= 0 and one.note.pitch % 12 == song.chords[index].chord.bass_or_root:
            lowest[index] = min(one.note.pitch, lowest.get(index, 127))
    tones = []
    for one in placed:
        dead = one.note.velocity < DEAD * usual and one.note.duration < DEAD_BEATS
        index = _chord_at(starts, one.at)
        if index < 0:
            tones.append(_Tone(one, "R", dead, ""))
            continue
        chord = song.chords[index].chord
        root = lowest.get(index, _root_near(chord, one.note.pitch))
        following = song.chords[index + 1] if index + 1 < len(song.chords) else None
        tones.append(_Tone(one, _degree(one.note.pitch - root), dead, _leads(one, chord, following)))
    return tones


def _chord_at(starts: Sequence[float], at: float) -> int:
    return bisect_right(starts, at + 1e-3) - 1


def _root_near(chord: Chord, pitch: int) -> int:
    """The chord's root within a sixth of a pitch, below it if that can be."""
    away = (pitch - chord.bass_or_root) % 12
    return pitch - away if away <= 9 else pitch + 12 - away


def _degree(semitones: int) -> str:
    """The letter of a tone so many semitones above the root.

    >>> [_degree(semitones) for semitones in (0, 12, 7, -5, 10, -2, 3)]
    ['R', '8', '5', 'd', '7', 'u', '3']
    """
    if semitones % 12 == 0:
        return "8" if semitones >= 12 else "R"
    letter = DEGREES[semitones % 12]
    return BELOW.get(letter, letter) if semitones < 0 else letter


def _leads(one: Placed, chord: Chord, following: ChordSpan | None) -> str:
    """Whether a note anticipates the next chord's root, or leads to it by a step; "" where it does neither."""
    if following is None or following.start - one.at > LEADS_WITHIN + 1e-6:
        return ""
    goal, pitch_class = following.chord.bass_or_root, one.note.pitch % 12
    if goal == chord.bass_or_root:
        return ""
    if pitch_class == goal and following.start - one.at <= LEADS_WITHIN / 2.0 + 1e-6:
        return "n"
    return "a" if min((pitch_class - goal) % 12, (goal - pitch_class) % 12) in (1, 2) else ""
