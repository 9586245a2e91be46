"""What engines share when they change a take: its length, another one, and notes that find room between its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from typing import Final, TypeVar

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.params import MAX_BARS, EngineParams

Params = TypeVar("Params", bound=EngineParams)
Played = TypeVar("Played")

_NOTES: Final = attrgetter("notes")

ATTEMPTS: Final = 8
"""Seeds tried for another take: a plain style with few choices may give the same notes twice."""
ROOM: Final = 0.2
"""Beats that an added note keeps from those that are there."""


def fit_to_clip(params: Params, clip: Clip, context: MusicalContext) -> Params:
    """The parameters for a take as long as the clip, in whole bars."""
    return replace(params, bars=min(MAX_BARS, max(1, round(clip.length / context.meter.value.bar_beats))))


def raise_amounts(params: Params, complexity: float, density: float) -> Params:
    """The parameters with more complexity and density, as far as there is more."""
    return replace(
        params, complexity=min(1.0, params.complexity + complexity), density=min(1.0, params.density + density)
    )


def another_take(clip: Clip, play: Callable[[int], Clip], seed: int) -> Clip:
    """A take with other notes than the clip's, if a few seeds give one; `play` makes a take from a seed."""
    for attempt in range(ATTEMPTS):
        other = play(derive_seed(seed, "again", attempt))
        if other.notes != clip.notes:
            break
    return other


def fill_between(clip: Clip, busier: Clip) -> list[Note]:
    """The notes of a line with those of a busier one between them, each ending where the next begins."""
    starts = [note.start for note in clip.notes]
    added = [
        note
        for note in busier.notes
        if note.start < clip.length and all(abs(note.start - start) > ROOM for start in starts)
    ]
    notes = sorted((*clip.notes, *added), key=lambda note: note.start)
    joined = []
    for index, note in enumerate(notes):
        until = notes[index + 1].start if index + 1 < len(notes) else clip.length
        joined.append(replace(note, duration=min(note.duration, until - note.start)))
    return joined


def different_takes(
    play: Callable[[int, int], Played], seed: int, count: int, sound: Callable[[Played], object] = _NOTES
) -> list[Played]:
    """So many takes, no two of which sound alike: fewer where a few seeds each give no other.

    `play` makes a take from a seed and the number of the attempt at it, from 0; `sound` is what two must not share.
    The first take is that of `seed`.
    """
    takes = [play(seed, 0)]
    for number in range(1, count):
        for attempt in range(ATTEMPTS):
            take = play(derive_seed(seed, "take", number, attempt), attempt)
            if all(sound(take) != sound(other) for other in takes):
                takes.append(take)
                break
    return takes
