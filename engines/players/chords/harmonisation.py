"""Harmonise a melody: the most likely chord sequence in its key, one or two chords per bar.

A hidden Markov model as in Ian Simon, Dan Morris and Sumit Basu, "MySong: automatic accompaniment generation for vocal
melodies" (2008): transitions come from the style's corpora, and each chord makes its melody notes more or less likely.
Here notes are weighted by length and position in the bar, and the end prefers cadences.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import fsum, log
from typing import Final, NamedTuple

from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.foundation.best_path import trace_back
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.chord import BY_HARTE
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.numeral import Numeral, parse_numeral
from musearoo.engines.music.progression import ChordSpan, share_bar
from musearoo.engines.music.scale import Key
from musearoo.engines.players.chords.colours import colour
from musearoo.engines.players.chords.key_fitting import fit_to_key
from musearoo.engines.players.chords.numeral_slots import Slot, join_equal
from musearoo.engines.players.chords.units import mode_of, usual_key
from musearoo.engines.players.chords.walks import chain_of
from musearoo.engines.styles.harmony import Family, Mode
from musearoo.engines.styles.schema import Style

MELODY_WEIGHT: Final = 1.6
"""The weight of one beat of melody relative to one chord transition."""
FIRST_BEAT: Final = 1.5
"""The factor for a note that begins with its slot."""
STAYS_IN_BAR, MOVES_IN_BAR = 0.5, 0.5
STAYS_OVER_BAR, MOVES_OVER_BAR = 0.15, 0.85
"""The probability that a chord stays or changes within a bar and over a bar line: chords last half a bar or a bar,
seldom two. With these values, POP909 melodies get about as many chords as they really have.
"""
RARE: Final = 0.012
"""Chords with a lower mean transition probability are left out to keep the search fast."""
CLASH: Final = -0.9
"""The score of a beat of melody a semitone above a chord tone; other foreign notes cost only a little."""
BASS_ROOT, BASS_TONE, BASS_OTHER = 2.5, 0.5, -2.5
"""The score of a chord of which the bass's first note in the slot is the root, another tone, or none."""
ON_BEAT: Final = 0.13
"""Beats before a slot within which a note already belongs to it."""
_FIT: Final = {"root": 0.55, "third": 0.6, "fifth": 0.45, "other": 0.3, "scale": -0.35, "outside": -0.8}


class _States(NamedTuple):
    """The HMM's chords, their scores for each pitch class above the tonic, and their log transition probabilities."""

    numerals: tuple[Numeral, ...]
    fits: tuple[tuple[float, ...], ...]
    follows: tuple[tuple[float, ...], ...]


def harmonise(
    melody: Clip, key: Key | None, style: Style, meter: Meter | None = None, bass: Clip | None = None
) -> tuple[ChordSpan, ...]:
    """Return the chords that suit a melody best in a style, from beat 0 to the end of the clip's last bar.

    A bass line of the same length suggests roots, even if the melody has no notes. Without a key, the key is estimated
    from the notes, or is the style's default if they are too few. Deterministic.
    """
    meter = meter or melody.meter
    found = None if key is not None else find_key((*melody.notes, *(bass.notes if bass else ())))
    key = key or (found[0] if found else usual_key(style))
    bars = max(1, round(melody.length / meter.bar_beats))
    edges, opens = _places(meter, bars)
    weights = _weights_of_notes(melody, edges, opens, key.tonic)
    roots = [_bass_at(bass, edges[place], edges[place + 1], key.tonic) for place in range(len(opens))] if bass else []
    states = _states_of(tuple(sorted(style.harmony.families.items())), mode_of(key))
    path = _likeliest(states, weights, roots or [None] * len(opens), opens)
    places = zip(pairwise(edges), path, strict=True)
    slots = tuple(Slot(start, end, fit_to_key(states.numerals[number], key)) for (start, end), number in places)
    coloured = colour(join_equal(slots), style.harmony, key, 0.5, stream(0, "harmony", "colour"))
    return tuple(ChordSpan(slot.start, slot.end, slot.numeral.in_key(key.tonic)) for slot in coloured)


def _places(meter: Meter, bars: int) -> tuple[list[float], list[bool]]:
    """Return the edges of the chord slots in beats (slots + 1), and for each slot whether it opens a bar."""
    halves = share_bar(meter, 2) if len(meter.pulses) > 3 or meter.pulses == (1.5, 1.5) else (meter.bar_beats,)
    edges, opens = [0.0], []
    for bar in range(bars):
        for number, length in enumerate(halves):
            end = (bar + 1) * meter.bar_beats if number + 1 == len(halves) else edges[-1] + length
            edges.append(end)
            opens.append(number == 0)
    return edges, opens


def _weights_of_notes(melody: Clip, edges: list[float], opens: list[bool], tonic: int) -> list[list[tuple[int, float]]]:
    """Return for each slot its sounding pitch classes above the tonic, each with its weight."""
    places: list[dict[int, float]] = [{} for _ in opens]
    at = 0
    for note in melody.notes:
        while at + 1 < len(opens) and note.start >= edges[at + 1] - ON_BEAT:
            at += 1
        place, step = at, (note.pitch - tonic) % 12
        start = max(note.start, edges[place])
        while place < len(opens) and start < note.end:
            sounds = min(note.end, edges[place + 1]) - start
            if sounds > 0.0:
                strong = FIRST_BEAT if abs(start - edges[place]) < 0.2 else 1.0
                places[place][step] = places[place].get(step, 0.0) + strong * sounds
            place += 1
            start = edges[min(place, len(opens))]
    return [sorted(weights.items()) for weights in places]


def _bass_at(bass: Clip, start: float, end: float, tonic: int) -> int | None:
    """Return the pitch class above the tonic that the bass strikes first, or holds, in a slot; None if silent."""
    at = bisect_right(bass.notes, start + 0.5 * (end - start) - 0.1, key=_start) - 1
    first = bisect_left(bass.notes, start - ON_BEAT, key=_start)
    note = bass.notes[first] if first <= at else bass.notes[at] if at >= 0 and bass.notes[at].end > start else None
    return None if note is None else (note.pitch - tonic) % 12


def _start(note: Note) -> float:
    return note.start


def _likeliest(
    states: _States, weights: list[list[tuple[int, float]]], roots: Sequence[int | None], opens: list[bool]
) -> list[int]:
    """Return the chord number of each slot on the Viterbi path."""
    count = len(states.numerals)
    home = next((number for number, numeral in enumerate(states.numerals) if numeral.step == 0), 0)
    scores = [
        (0.0 if number == home else -1.2) + _emission(states, number, weights[0], roots[0]) for number in range(count)
    ]
    came_from: list[list[int]] = []
    for place in range(1, len(opens)):
        stays, moves = (_STAYS_OVER, _MOVES_OVER) if opens[place] else (_STAYS_IN, _MOVES_IN)
        best, back = [], []
        for number in range(count):
            column = states.follows[number]
            score, origin = scores[number] + stays, number
            for other in range(count):
                way = scores[other] + column[other] + moves
                if way > score:
                    score, origin = way, other
            best.append(score + _emission(states, number, weights[place], roots[place]))
            back.append(origin)
        scores = best
        came_from.append(back)
    # A melody ends on the tonic, or before it where it loops.
    ends = [score + _END.get(states.numerals[number].step, -1.5) for number, score in enumerate(scores)]
    return trace_back(max(range(count), key=ends.__getitem__), came_from)


_END: Final = {0: 0.0, 7: -0.4, 5: -0.9}


def _emission(states: _States, number: int, weights: list[tuple[int, float]], root: int | None) -> float:
    fits, numeral = states.fits[number], states.numerals[number]
    score = 0.0
    if root is not None:
        score = BASS_ROOT if root == numeral.step else BASS_TONE if root in numeral.pitch_classes else BASS_OTHER
    for step, weight in weights:
        score += MELODY_WEIGHT * weight * fits[step]
    return score


def _log(chance: float) -> float:
    """Return a logarithm rounded to six places: C libraries differ in the last bit, which could decide a tie."""
    return round(log(chance), 6)


_STAYS_IN, _MOVES_IN = _log(STAYS_IN_BAR), _log(MOVES_IN_BAR)
_STAYS_OVER, _MOVES_OVER = _log(STAYS_OVER_BAR), _log(MOVES_OVER_BAR)


@lru_cache(maxsize=64)
def _states_of(families: tuple[tuple[Family, float], ...], mode: Mode) -> _States:
    names, onward = chain_of(families, mode)
    share = [fsum(row[number] for row in onward) / len(names) for number in range(len(names))]
    kept = [number for number in range(len(names)) if share[number] >= RARE]
    numerals = tuple(parse_numeral(names[number]) for number in kept)
    scale = (0, 2, 4, 5, 7, 9, 11) if mode == "major" else (0, 2, 3, 5, 7, 8, 10)
    follows = tuple(tuple(_log(onward[other][number] + 1e-4) for other in kept) for number in kept)
    return _States(numerals, tuple(_fits(numeral, scale) for numeral in numerals), follows)


def _fits(numeral: Numeral, scale: tuple[int, ...]) -> tuple[float, ...]:
    """Return a chord's score for each of the 12 pitch classes above the tonic."""
    intervals = [interval % 12 for interval in BY_HARTE[numeral.quality].intervals]
    fits = []
    for step in range(12):
        above = (step - numeral.step) % 12
        if above == 0:
            fit = _FIT["root"]
        elif above in intervals:
            fit = _FIT["third"] if above in (3, 4) else _FIT["fifth"] if above in (6, 7, 8) else _FIT["other"]
        elif (above - 1) % 12 in intervals and above != 2:
            fit = CLASH
        else:
            fit = _FIT["scale"] if step in scale else _FIT["outside"]
        fits.append(fit)
    return tuple(fits)
