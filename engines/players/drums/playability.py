"""Playability: find and remove what two hands and two feet cannot play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Final

from musearoo.engines.music.drum_kit import BY_PITCH, FOOT, HAND, KIT, PLACES
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import seconds_per_beat

LIMBS: Final = {HAND: 2, FOOT: 2}

DOUBLE_SECONDS: Final = {HAND: 0.040, FOOT: 0.085}
"""The least time between two hits of one limb on one drum, as a double: a bouncing stick, a sliding foot."""
SINGLE_SECONDS: Final = {HAND: 0.100, FOOT: 0.125}
"""The least time after such a double: how fast one limb can play single hits."""
FOOT_MOVING_SECONDS: Final = 0.120
REACH_SECONDS: Final = 0.060
REACH_SECONDS_PER_SPAN: Final = 0.006
"""The time a hand needs to reach another drum: a base time, plus one per hand span (about 10 cm) of distance."""
TOGETHER_SECONDS: Final = 0.001
"""Hits closer than this count as simultaneous."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An unplayable note: its index, its time in seconds, and the indices of the notes that occupy the limbs."""

    index: int
    seconds: float
    busy: tuple[int, ...]


def find_faults(notes: Sequence[Note], bpm: float) -> tuple[Fault, ...]:
    """Return the notes, of sorted notes, that two hands and two feet cannot play at a tempo.

    A limb already on the same drum is used first, then the one that has rested longest. So rolls come out as hands play
    them, in doubles where singles are too fast.

    >>> roll = [Note(n / 24, 38, 0.03, 90) for n in range(8)]
    >>> len(find_faults(roll, 60.0)), len(find_faults(roll, 240.0)) > 0
    (0, True)
    """
    faults = []
    beat_seconds = seconds_per_beat(bpm)
    limbs = {limb: [_RESTED] * count for limb, count in LIMBS.items()}
    for index, note in enumerate(notes):
        seconds, pitch = note.start * beat_seconds, note.pitch
        limb = _LIMB_OF.get(pitch, HAND)
        states = limbs[limb]
        best, best_rank = -1, -1.0
        for number, (last_seconds, last_pitch, last_rest, _) in enumerate(states):
            rank = rest = seconds - last_seconds
            if last_pitch == pitch:
                needed = DOUBLE_SECONDS if last_rest >= SINGLE_SECONDS[limb] - TOGETHER_SECONDS else SINGLE_SECONDS
                fits = rest >= needed[limb] - TOGETHER_SECONDS
                rank += _SAME_DRUM
            else:
                fits = rest >= _moving_seconds(last_pitch, pitch)
            if fits and rank > best_rank:
                best, best_rank = number, rank
        if best < 0:
            faults.append(Fault(index, seconds, tuple(state[3] for state in states)))
        else:
            states[best] = (seconds, pitch, seconds - states[best][0], index)
    return tuple(faults)


def make_playable(notes: Sequence[Note], bpm: float, crash_at: float | None = None) -> tuple[Note, ...]:
    """Return the notes without the unplayable ones; the least important note of each conflict is dropped first.

    With `crash_at`, in beats and after all notes, a hand must be free to play a crash there, at the next section's
    start.
    """
    kept = tuple(notes)
    if crash_at is not None:
        kept += (Note(crash_at, KIT["crash"].pitch, 1.0, 127.0),)
    while faults := find_faults(kept, bpm):
        gone: set[int] = set()
        for fault in faults:
            tangle = [index for index in (fault.index, *fault.busy) if index >= 0 and kept[index].start != crash_at]
            if gone.isdisjoint(tangle):
                gone.add(min(tangle, key=lambda index: _importance(kept[index])))
        kept = tuple(note for index, note in enumerate(kept) if index not in gone)
        if gone == {fault.index for fault in faults}:
            break  # no limb plays these, so removing them does not affect the others
    return kept if crash_at is None else kept[:-1]


_LIMB_OF: Final = {pitch: voice.limb for pitch, voice in BY_PITCH.items()}
_SAME_DRUM: Final = 1e7
"""The seconds by which a limb on the same drum is preferred to one that has rested."""
_RESTED: Final = (-1e6, -1, 1e6, -1)
"""A limb before its first hit: the time, pitch, rest and index of its last hit."""


def _importance(note: Note) -> tuple[int, float, float]:
    """Return how important a note is: by voice, then velocity; earlier notes count more."""
    voice = BY_PITCH.get(note.pitch)
    return (voice.importance if voice else 1), note.velocity, -note.start


@lru_cache(maxsize=1024)
def _moving_seconds(before: int, after: int) -> float:
    """Return how long a limb takes from one drum to another; unknown drums are in front of the drummer."""
    if _LIMB_OF.get(after, HAND) == FOOT:
        return FOOT_MOVING_SECONDS - TOGETHER_SECONDS
    (x, y), (u, v) = (PLACES.get(pitch, (0.0, 2.0)) for pitch in (before, after))
    return REACH_SECONDS + REACH_SECONDS_PER_SPAN * sqrt((x - u) ** 2 + (y - v) ** 2) - TOGETHER_SECONDS
