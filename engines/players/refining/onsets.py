"""The strikes of a part: notes that begin together, as a chord or as limbs of a drummer, and where they are meant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from musearoo.engines.music.note import Note

TOGETHER: Final = 1.0 / 24.0
"""Beats within which notes are struck as one: a strummed or a rolled chord is wider than a hand's scatter."""


class Strike(NamedTuple):
    """Notes that begin together; `start` is the first one's."""

    start: float
    notes: tuple[Note, ...]


def find_strikes(notes: Iterable[Note]) -> list[Strike]:
    """The strikes of notes in order.

    >>> notes = (Note(0.0, 60, 1, 90), Note(0.01, 64, 1, 90), Note(1, 65, 1, 90))
    >>> [len(strike.notes) for strike in find_strikes(notes)]
    [2, 1]
    """
    strikes: list[list[Note]] = []
    for note in notes:
        if strikes and note.start - strikes[-1][0].start < TOGETHER:
            strikes[-1].append(note)
        else:
            strikes.append([note])
    return [Strike(members[0].start, tuple(members)) for members in strikes]


def strike_before(strikes: Sequence[Strike], beat: float) -> Strike:
    """The last strike that begins at a beat or before it; the first of all where none does."""
    return strikes[max(0, bisect_right(strikes, beat + TOGETHER, key=_start) - 1)]


def _start(strike: Strike) -> float:
    return strike.start
