"""Whether two hands and two feet can play it, and the removal of what they cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from engines.drummaroo.kit import BY_PITCH, FOOT, HAND
from engines.music.note import Note

LIMBS: Final = {HAND: 2, FOOT: 2}

SAME_DRUM_SECONDS: Final = {HAND: 0.055, FOOT: 0.085}
"""The least time between two strokes of one limb on one drum: about the fastest double stroke and double kick."""
MOVING_SECONDS: Final = {HAND: 0.085, FOOT: 0.120}
"""The same when it has to move to another drum."""
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

    A limb already on the same drum is taken first, then the one that has rested longest.
    """
    faults = []
    limbs: dict[str, list[tuple[float, int, int]]] = {limb: [(-1e9, -1, -1)] * count for limb, count in LIMBS.items()}
    for index, (seconds, limb, pitch, _) in enumerate(strokes):
        states = limbs[limb]
        best, best_rank = -1, (False, -1e18)
        for number, (last_seconds, last_pitch, _last_index) in enumerate(states):
            same = last_pitch == pitch
            needed = SAME_DRUM_SECONDS[limb] if same else MOVING_SECONDS[limb]
            rest = seconds - last_seconds
            if rest >= needed - TOGETHER_SECONDS and (same, rest) > best_rank:
                best, best_rank = number, (same, rest)
        if best < 0:
            faults.append(Fault(index, seconds, tuple(state[2] for state in states)))
        else:
            states[best] = (seconds, pitch, index)
    return faults
