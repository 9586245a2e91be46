"""Whether two hands and two feet can play it, and the removal of what they cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Final, NamedTuple

from engines.drummaroo.kit import BY_PITCH, FOOT, HAND, PLACES
from engines.music.note import Note

LIMBS: Final = {HAND: 2, FOOT: 2}

DOUBLE_SECONDS: Final = {HAND: 0.040, FOOT: 0.085}
"""The least time between two strokes of one limb on one drum: a stick that bounces, a foot that slides."""
SINGLE_SECONDS: Final = {HAND: 0.100, FOOT: 0.125}
"""The same when the stroke before was such a double already: how fast a limb can go on stroke by stroke."""
FOOT_MOVING_SECONDS: Final = 0.120
REACH_SECONDS: Final = 0.060
REACH_SECONDS_PER_SPAN: Final = 0.006
"""A hand that goes to another drum needs the first, and the second for each span of a hand, about 10 cm, on the way."""
TOGETHER_SECONDS: Final = 0.001
"""Strokes closer than this are at once, whatever rounding says."""


class Stroke(NamedTuple):
    """A note as the limbs see it."""

    seconds: float
    limb: str
    pitch: int
    importance: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A note that no limb is free for: its index, where it is in seconds, and the indices of what keeps them busy."""

    index: int
    seconds: float
    busy: tuple[int, ...]


def find_faults(notes: Sequence[Note], bpm: float) -> tuple[Fault, ...]:
    """The notes, of notes in order, that two hands and two feet cannot play at a tempo; none is what we want.

    >>> roll = [Note(n / 32, 38, 0.03, 90) for n in range(8)]
    >>> len(find_faults(roll, 60.0)), len(find_faults(roll, 240.0)) > 0
    (0, True)
    """
    return tuple(_sweep(_strokes(notes, bpm)))


def make_playable(notes: Sequence[Note], bpm: float) -> tuple[Note, ...]:
    """The notes without those that cannot be played, the least important of each tangle going first."""
    strokes = _strokes(notes, bpm)
    kept = list(range(len(notes)))
    while True:
        chosen = [strokes[index] for index in kept]
        faults = _sweep(chosen)
        if not faults:
            return tuple(notes[index] for index in kept)
        gone: set[int] = set()
        for fault in faults:
            tangle = (fault.index, *fault.busy)
            if gone.isdisjoint(tangle):
                gone.add(min(tangle, key=lambda place: (chosen[place].importance, -chosen[place].seconds)))
        kept = [index for place, index in enumerate(kept) if place not in gone]


def _strokes(notes: Iterable[Note], bpm: float) -> list[Stroke]:
    strokes = []
    for note in notes:
        voice = BY_PITCH.get(note.pitch)
        limb, importance = (voice.limb, voice.importance) if voice else (HAND, 1)
        strokes.append(Stroke(note.start * 60.0 / bpm, limb, note.pitch, importance * 1000.0 + note.velocity))
    return strokes


def _sweep(strokes: Sequence[Stroke]) -> list[Fault]:
    """Goes through the strokes in time, giving each to a limb that is free; one that finds none is a fault.

    A limb already on the same drum is taken first, then the one that has rested longest. So rolls come out as hands
    play them, in doubles where singles are too fast.
    """
    faults = []
    limbs = {limb: [_State()] * count for limb, count in LIMBS.items()}
    for index, (seconds, limb, pitch, _) in enumerate(strokes):
        states = limbs[limb]
        best, best_rank, best_rest = -1, (False, -1e18), 0.0
        for number, (last_seconds, last_pitch, last_rest, _) in enumerate(states):
            rest = seconds - last_seconds
            same = last_pitch == pitch
            if same:
                needed = DOUBLE_SECONDS[limb] if last_rest >= SINGLE_SECONDS[limb] else SINGLE_SECONDS[limb]
            else:
                needed = _moving_seconds(last_pitch, pitch) if limb == HAND else FOOT_MOVING_SECONDS
            if rest >= needed - TOGETHER_SECONDS and (same, rest) > best_rank:
                best, best_rank, best_rest = number, (same, rest), rest
        if best < 0:
            faults.append(Fault(index, seconds, tuple(state.number for state in states)))
        else:
            states[best] = _State(seconds, pitch, best_rest, index)
    return faults


class _State(NamedTuple):
    """When and what a limb struck last, how long it had rested then, and which stroke it was."""

    seconds: float = -1e9
    pitch: int = -1
    rest: float = 1e9
    number: int = -1


@lru_cache(maxsize=1024)
def _moving_seconds(before: int, after: int) -> float:
    """How long a hand takes from one drum to another; what is not of the kit lies in front of the drummer."""
    (x, y), (u, v) = (PLACES.get(pitch, (0.0, 2.0)) for pitch in (before, after))
    return REACH_SECONDS + REACH_SECONDS_PER_SPAN * sqrt((x - u) ** 2 + (y - v) ** 2)
