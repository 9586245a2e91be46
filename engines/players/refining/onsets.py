"""The strikes of a part: notes that begin together, as a chord or as limbs of a drummer, and where they are meant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from musearoo.engines.music.note import Note

TOGETHER: Final = 1.0 / 24.0
"""Beats within which notes are struck as one: a strummed or a rolled chord is wider than a hand's scatter."""


class OnsetGroup(NamedTuple):
    """Notes that begin together; `start` is the first one's."""

    start: float
    notes: tuple[Note, ...]


def group_onsets(notes: Iterable[Note]) -> list[OnsetGroup]:
    """The strikes of notes in order.

    >>> notes = (Note(0.0, 60, 1, 90), Note(0.01, 64, 1, 90), Note(1, 65, 1, 90))
    >>> [len(group.notes) for group in group_onsets(notes)]
    [2, 1]
    """
    groups: list[list[Note]] = []
    for note in notes:
        if groups and note.start - groups[-1][0].start < TOGETHER:
            groups[-1].append(note)
        else:
            groups.append([note])
    return [OnsetGroup(members[0].start, tuple(members)) for members in groups]


def group_before(groups: Sequence[OnsetGroup], beat: float) -> OnsetGroup:
    """The last strike that begins at a beat or before it; the first of all where none does."""
    return groups[max(0, bisect_right(groups, beat + TOGETHER, key=_start) - 1)]


def _start(group: OnsetGroup) -> float:
    return group.start
