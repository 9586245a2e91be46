"""Motifs and their development: pure functions from motif to motif.

The developments are those of the textbooks, after Schoenberg, "Fundamentals of Musical Composition" (1967).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from musearoo.engines.styles.rows import NORMAL, SOFT


class MotifNote(NamedTuple):
    """A note of a motif: position and length in beats, scale step relative to the first note, and strength (see
    `engines.styles.rows`)."""

    at: float
    length: float
    step: int
    strength: int


@dataclass(frozen=True, slots=True)
class Motif:
    """Sorted notes over `length` beats; a first note before 0 is a pickup."""

    notes: tuple[MotifNote, ...]
    length: float


def sequence(motif: Motif, steps: int) -> Motif:
    """Transpose the motif by scale steps.

    >>> [note.step for note in sequence(SCALE_UP, 2).notes]
    [2, 3, 4]
    """
    return _with_steps(motif, [note.step + steps for note in motif.notes])


def invert(motif: Motif) -> Motif:
    """Invert the motif around its first note.

    >>> [note.step for note in invert(SCALE_UP).notes]
    [0, -1, -2]
    """
    first = motif.notes[0].step if motif.notes else 0
    return _with_steps(motif, [2 * first - note.step for note in motif.notes])


def retrograde(motif: Motif) -> Motif:
    """Reverse the motif's pitches in its own rhythm, since a reversed rhythm is hardly recognised.

    >>> [note.step for note in retrograde(SCALE_UP).notes]
    [2, 1, 0]
    """
    return _with_steps(motif, [note.step for note in reversed(motif.notes)])


def augment(motif: Motif) -> Motif:
    """Augment the motif: twice the note lengths, as far as they fit.

    >>> [(note.at, note.length) for note in augment(SCALE_UP).notes]
    [(0.0, 2.0), (2.0, 2.0)]
    """
    return replace(motif, notes=tuple(_scaled(motif.notes, 2.0, motif.length)))


def diminish(motif: Motif) -> Motif:
    """Diminish the motif: half the note lengths, played twice.

    >>> [(note.at, note.step) for note in diminish(SCALE_UP).notes]
    [(0.0, 0), (0.5, 1), (1.0, 2), (2.0, 0), (2.5, 1), (3.0, 2)]
    """
    half = motif.length / 2.0
    once = _scaled(motif.notes, 0.5, half)
    return replace(motif, notes=(*once, *(note._replace(at=note.at + half) for note in once if note.at >= 0.0)))


def fragment(motif: Motif, lift: int = 1) -> Motif:
    """Repeat the motif's first half, the second time `lift` steps higher.

    >>> [(note.at, note.step) for note in fragment(SCALE_UP).notes]
    [(0.0, 0), (1.0, 1), (2.0, 1), (3.0, 2)]
    """
    half = motif.length / 2.0
    head = [note._replace(length=min(note.length, half - note.at)) for note in motif.notes if note.at < half - 1e-9]
    again = [note._replace(at=note.at + half, step=note.step + lift) for note in head if note.at >= 0.0]
    return replace(motif, notes=(*head, *again)) if head else motif


def ornament(motif: Motif, at: Sequence[int], shortest: float = 0.5) -> Motif:
    """Add a passing note after those notes, given by index, that are long enough.

    Between notes a third or more apart it is a step towards the next note, otherwise the upper neighbour.

    >>> [(note.at, note.step) for note in ornament(SCALE_UP, [1]).notes]
    [(0.0, 0), (1.0, 1), (1.5, 2), (2.0, 2)]
    """
    notes: list[MotifNote] = []
    for index, note in enumerate(motif.notes):
        following = motif.notes[index + 1] if index + 1 < len(motif.notes) else None
        if index not in at or following is None or note.length < 2.0 * shortest - 1e-9:
            notes.append(note)
            continue
        half = note.length / 2.0 if note.length <= 1.0 else note.length - shortest
        step = note.step + (-1 if following.step <= note.step - 2 else 1)
        notes.append(note._replace(length=half))
        notes.append(MotifNote(note.at + half, note.length - half, step, SOFT))
    return replace(motif, notes=tuple(notes))


def simplify(motif: Motif) -> Motif:
    """Drop the motif's soft notes and every other note off the beat.

    >>> len(simplify(ornament(SCALE_UP, [1])).notes)
    3
    """
    kept: list[MotifNote] = []
    for index, note in enumerate(motif.notes):
        off_beat = abs(note.at - round(note.at)) > 0.05
        if index == 0 or not (off_beat and (note.strength < NORMAL or index % 2 == 1)):
            kept.append(note)
        else:
            before = kept[-1]
            kept[-1] = before._replace(length=max(before.length, note.at + note.length - before.at))
    return replace(motif, notes=tuple(kept))


def _with_steps(motif: Motif, steps: Sequence[int]) -> Motif:
    pairs = zip(motif.notes, steps, strict=True)
    return replace(motif, notes=tuple(note._replace(step=step) for note, step in pairs))


def _scaled(notes: Sequence[MotifNote], factor: float, until: float) -> list[MotifNote]:
    return [
        note._replace(at=note.at * factor, length=min(note.length * factor, until - note.at * factor))
        for note in notes
        if note.at * factor < until - 1e-9
    ]


SCALE_UP = Motif(tuple(MotifNote(float(step), 1.0, step, NORMAL) for step in range(3)), 4.0)
"""Three notes up the scale, for the examples."""
