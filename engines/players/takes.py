"""Functions that change a take: fit its length, make another take, fill in notes between its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from typing import Final, TypeVar

from msgspec import structs

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.params import MAX_BARS, EngineParams

Params = TypeVar("Params", bound=EngineParams)
Played = TypeVar("Played")

_NOTES: Final = attrgetter("notes")

ATTEMPTS: Final = 8
"""How many seeds are tried for another take: a plain style with few choices may give the same notes twice."""
ROOM: Final = 0.2
"""The least distance in beats of an added note from existing ones."""


def fit_to_clip(params: Params, clip: Clip, context: MusicalContext) -> Params:
    """Return the parameters for a take as long as the clip, in whole bars."""
    return replace(params, bars=min(MAX_BARS, max(1, round(clip.length / context.meter.value.bar_beats))))


def raise_amounts(params: Params, complexity: float, density: float) -> Params:
    """Return the parameters with more complexity and density, as far as possible."""
    return replace(
        params, complexity=min(1.0, params.complexity + complexity), density=min(1.0, params.density + density)
    )


def another_take(clip: Clip, play: Callable[[int], Clip], seed: int) -> Clip:
    """Return a take that differs from the clip, if a few seeds give one; `play` makes a take from a seed."""
    for attempt in range(ATTEMPTS):
        other = play(derive_seed(seed, "again", attempt))
        if other.notes != clip.notes:
            break
    return other


def fill_between(clip: Clip, busier: Clip) -> list[Note]:
    """Return a line's notes with those of a busier one between them, each ending where the next begins."""
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
        joined.append(structs.replace(note, duration=min(note.duration, until - note.start)))
    return joined


def different_takes(
    play: Callable[[int, int], Played], seed: int, count: int, sound: Callable[[Played], object] = _NOTES
) -> list[Played]:
    """Return several different takes; fewer if a few seeds each give no new one.

    `play` makes a take from a seed and the attempt's number, from 0; `sound` is what must differ between takes. The
    first take is that of `seed`.
    """
    takes = [play(seed, 0)]
    for number in range(1, count):
        for attempt in range(ATTEMPTS):
            take = play(derive_seed(seed, "take", number, attempt), attempt)
            if all(sound(take) != sound(other) for other in takes):
                takes.append(take)
                break
    return takes
