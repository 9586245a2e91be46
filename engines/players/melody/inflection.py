"""Chromatic approach notes: a chord tone reached by a semitone from below or above, as in jazz and blues."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from musearoo.engines.players.melody.pitch_search import NoteConstraint
from musearoo.engines.players.melody.rhythm import Beat

LONGEST: Final = 0.6
"""The longest note in beats that may become an approach note."""


def slide_in(
    pitches: Sequence[int], beats: Sequence[Beat], constraints: Sequence[NoteConstraint], likely: float, chance: Random
) -> tuple[int, ...]:
    """Return the pitches with some short notes before chord tones moved to a semitone from them, on the same side.

    Only notes within a third are moved; two of them from both sides are an enclosure.
    """
    bent = list(pitches)
    for index, beat in enumerate(beats):
        draw = chance.random()  # one per note, so that a motif is inflected equally wherever it returns
        if draw >= likely or index + 1 >= len(beats) or beat.length > LONGEST:
            continue
        goal, following = pitches[index + 1], constraints[index + 1]
        way = pitches[index] - goal
        # From above only if the scale has a semitone there; from below always by semitone.
        if following.in_chord[goal % 12] and 0 < abs(way) <= 4 and not constraints[index].goals:
            bent[index] = goal - 1 if way < 0 or draw < 0.6 * likely else goal + 1
    return tuple(bent)
