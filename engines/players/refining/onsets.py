"""Onset groups: notes that begin together, such as chords or several drums."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from musearoo.engines.music.note import Note

TOGETHER: Final = 1.0 / 24.0
"""The beats within which notes are one onset: wider for a strum than the scatter of a hand."""


class OnsetGroup(NamedTuple):
    """Notes that begin together; `start` is that of the first."""

    start: float
    notes: tuple[Note, ...]


def group_onsets(notes: Iterable[Note]) -> list[OnsetGroup]:
    """Group sorted notes by onset.

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
    """Return the last group at a beat or before it; the first group if there is none."""
    return groups[max(0, bisect_right(groups, beat + TOGETHER, key=_start) - 1)]


def _start(group: OnsetGroup) -> float:
    return group.start
