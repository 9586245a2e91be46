"""The pitch of each chord's bass note: the path of roots with the least movement that stays near home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.chord import BY_HARTE, Chord
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

PULL_HOME: Final = 0.6
NO_OCTAVE: Final = 2.0
"""The cost of a root without an octave above it: rising figures would fold back."""
TURN_BEATS: Final = 12.0
WIDE_LEAP: Final = 7
"""The largest interval in semitones between bass roots that is not a leap of register."""

_SHARP_NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLAT_NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
"""Note names in seed labels; they must not change."""


class Register(NamedTuple):
    """The pitch range of the bass, and the pitch around which its roots stay."""

    low: int
    high: int
    home: int


class Root(NamedTuple):
    """A chord with the pitch of its root in the bass, and its start and end."""

    start: float
    end: float
    pitch: int
    chord: Chord


def lead_roots(spans: Sequence[ChordSpan], register: Register, homes: Sequence[float] = ()) -> tuple[Root, ...]:
    """Return the pitch of each chord's root (or given bass): the path of least cost through the register.

    Each step costs its size, leaps beyond a fifth cost more; each root costs its distance from home (`homes` are per
    chord, if they move) and the lack of an octave above it. Found by the Viterbi algorithm (Andrew Viterbi, 1967).
    """
    choices = [_choices(span.chord.bass_or_root, register) for span in spans]
    homes = homes or (float(register.home),) * len(spans)
    back: list[list[int]] = []
    costs = [_stay_cost(pitch, homes[0], register) for pitch in choices[0]]
    for (before, here), home in zip(pairwise(choices), homes[1:], strict=True):
        arrivals, sources = [], []
        for pitch in here:
            ways = [cost + _leap_cost(pitch - old) for old, cost in zip(before, costs, strict=True)]
            source = min(range(len(ways)), key=ways.__getitem__)
            sources.append(source)
            arrivals.append(ways[source] + _stay_cost(pitch, home, register))
        costs = arrivals
        back.append(sources)
    place = min(range(len(costs)), key=costs.__getitem__)
    chosen = [place]
    for sources in reversed(back):
        place = sources[place]
        chosen.append(place)
    chosen.reverse()
    return tuple(
        Root(span.start, span.end, pitches[index], span.chord)
        for span, pitches, index in zip(spans, choices, chosen, strict=True)
    )


def wander(spans: Sequence[ChordSpan], register: Register, semitones: float, seed: int) -> tuple[float, ...]:
    """Return a home for each chord that wanders up and down by some semitones, turning every few bars.

    It ends where it began, so that it loops.
    """
    if semitones == 0.0:
        return ()
    turns = max(1, round(spans[-1].end / TURN_BEATS))
    chance = stream(seed, "bass", "wander")
    heights = [chance.random() - 0.25 for _ in range(turns)]
    heights.append(heights[0])
    homes = []
    for span in spans:
        place = span.start / spans[-1].end * turns
        whole = min(turns - 1, int(place))
        height = heights[whole] + (place - whole) * (heights[whole + 1] - heights[whole])
        homes.append(register.home + semitones * height)
    return tuple(homes)


def walk_by_inversions(spans: Sequence[ChordSpan], likelihood: float, seed: int) -> tuple[ChordSpan, ...]:
    """Return the chords, some inverted to the third or fifth if that makes the bass move stepwise.

    C G Am becomes C G/B Am. A repeated passage gets the same inversions; given basses and the first and last chord
    stay.
    """
    played = list(spans)
    for index in range(1, len(spans) - 1):
        before, here, after = played[index - 1].chord, spans[index].chord, spans[index + 1].chord
        turned = played[index - 1] is not spans[index - 1]  # it leads to this chord's root, which must stay
        if turned or here.bass is not None or here.root in (before.root, after.root):
            continue
        basses = [pitch for pitch in here.pitch_classes[1:3] if _passes(before.bass_or_root, pitch, after.bass_or_root)]
        if basses and not _passes(before.bass_or_root, here.root, after.bass_or_root):
            label = " ".join(map(_chance_name, (before, here, after)))
            if stream(seed, "bass", "inversion", label).random() < likelihood:
                played[index] = replace(spans[index], chord=replace(here, bass=basses[0]))
    return tuple(played)


def _chance_name(chord: Chord) -> str:
    """Return a chord's name for seed labels, independent of its spelling: another name would give another take.

    >>> [_chance_name(Chord.parse(name)) for name in ("Db7", "Abm/Eb", "Ebm/Bb", "Bb/Ab", "F/Eb", "Eb/Db", "Ab/Gb")]
    ['C#7', 'G#m/D#', 'D#m/A#', 'Bb/Ab', 'F/Eb', 'Eb/Db', 'Ab/Gb']
    """
    has_flats = chord.root in (3, 5, 8, 10) and not (chord.is_minor and chord.root in (3, 8))
    names = _FLAT_NAMES if has_flats else _SHARP_NAMES
    slash = "" if chord.bass is None else f"/{names[chord.bass]}"
    return f"{names[chord.root]}{BY_HARTE[chord.quality].symbol}{slash}"


def pedal_root(spans: Sequence[ChordSpan], key: Key | None, register: Register) -> Root:
    """Return the tonic as root of the whole take; without a key, the first chord's root."""
    tonic = spans[0].chord.root if key is None else key.tonic
    pitch = min(_choices(tonic, register), key=lambda pitch: (abs(pitch - register.home), pitch))
    return Root(0.0, spans[-1].end, pitch, Chord(tonic, "(1,5)"))


def _choices(pitch_class: int, register: Register) -> list[int]:
    """Return every pitch of a pitch class in the register; if there is none, the first above it, lowered."""
    first = register.low + (pitch_class - register.low) % 12
    return list(range(first, register.high + 1, 12)) or [max(0, first - 12)]


def _stay_cost(pitch: int, home: float, register: Register) -> float:
    return PULL_HOME * abs(pitch - home) + (NO_OCTAVE if pitch + 12 > register.high else 0.0)


def _leap_cost(semitones: int) -> float:
    size = abs(semitones)
    return size + (2.0 * (size - WIDE_LEAP) if size > WIDE_LEAP else 0.0)


def _passes(before: int, here: int, after: int) -> bool:
    """Return whether three pitch classes move stepwise in one direction."""
    rising = (here - before) % 12 in (1, 2) and (after - here) % 12 in (1, 2)
    return rising or ((before - here) % 12 in (1, 2) and (here - after) % 12 in (1, 2))
