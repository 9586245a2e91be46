"""Chords for a melody that is there: the likeliest way through the chords of its key, half bar by half bar.

A hidden Markov model as in Ian Simon, Dan Morris and Sumit Basu, "MySong: automatic accompaniment generation for vocal
melodies" (2008): chords follow each other as in the corpora that the style leans on, and each makes its melody notes
more or less likely. Here the weight of a note is its length and its place in the bar, and ends ask for cadences.
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
"""How much a beat of melody says against one succession of chords."""
FIRST_BEAT: Final = 1.5
"""How much more a note says that begins with the bar."""
STAYS_IN_BAR, MOVES_IN_BAR = 0.5, 0.5
STAYS_OVER_BAR, MOVES_OVER_BAR = 0.15, 0.85
"""How likely a chord stays, or another comes, inside a bar and over a bar line: they last a bar or half of one, and
seldom two. With these, melodies of POP909 get about as many chords as they have.
"""
RARE: Final = 0.012
"""Chords that come less often than this after any other are left out: the search must be quick."""
CLASH: Final = -0.9
"""What a beat of melody a semitone above a chord tone says; strange notes are only a little unwelcome."""
BASS_ROOT, BASS_TONE, BASS_OTHER = 2.5, 0.5, -2.5
"""What the bass's first note in a place says for a chord of which it is the root, another tone, or none."""
ON_BEAT: Final = 0.13
"""Beats before a place within which a note already belongs to it."""
_FIT: Final = {"root": 0.55, "third": 0.6, "fifth": 0.45, "other": 0.3, "scale": -0.35, "outside": -0.8}


class _States(NamedTuple):
    """Chords to choose from, what their tones say of each pitch class above the tonic, and their successions."""

    numerals: tuple[Numeral, ...]
    fits: tuple[tuple[float, ...], ...]
    follows: tuple[tuple[float, ...], ...]


def harmonise(
    melody: Clip, key: Key | None, style: Style, meter: Meter | None = None, bass: Clip | None = None
) -> tuple[ChordSpan, ...]:
    """The chords that suit a melody best in a style, from beat 0 to the end of the clip's last bar.

    A bass line of the same length says which roots it has in mind, also beside a melody without notes. Without a key it
    is found from the notes, and where they are too few it is the style's usual one. The same whatever the seed.
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
    """The edges of the places for chords in beats, one more than places, and which of them open a bar."""
    halves = share_bar(meter, 2) if len(meter.pulses) > 3 or meter.pulses == (1.5, 1.5) else (meter.bar_beats,)
    edges, opens = [0.0], []
    for bar in range(bars):
        for number, length in enumerate(halves):
            end = (bar + 1) * meter.bar_beats if number + 1 == len(halves) else edges[-1] + length
            edges.append(end)
            opens.append(number == 0)
    return edges, opens


def _weights_of_notes(melody: Clip, edges: list[float], opens: list[bool], tonic: int) -> list[list[tuple[int, float]]]:
    """For each place the pitch classes above the tonic that sound in it, each with its weight."""
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
    """The pitch class above the tonic on which the bass begins a place, or that it holds there."""
    at = bisect_right(bass.notes, start + 0.5 * (end - start) - 0.1, key=_start) - 1
    first = bisect_left(bass.notes, start - ON_BEAT, key=_start)
    note = bass.notes[first] if first <= at else bass.notes[at] if at >= 0 and bass.notes[at].end > start else None
    return None if note is None else (note.pitch - tonic) % 12


def _start(note: Note) -> float:
    return note.start


def _likeliest(
    states: _States, weights: list[list[tuple[int, float]]], roots: Sequence[int | None], opens: list[bool]
) -> list[int]:
    """Viterbi's way through the places: the numbers of the chords."""
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
    # A melody ends at home, or on the way there where it goes round.
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
    """A logarithm to six places: the C libraries of two machines may differ in the last one, and so decide a tie."""
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
    """What each pitch class above the tonic says for a chord."""
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
