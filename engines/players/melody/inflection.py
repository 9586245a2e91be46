"""Notes bent on their way: the semitone below or above a tone that is reached, as jazz and blues players take it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from musearoo.engines.players.melody.rhythm import Beat
from musearoo.engines.players.melody.singing import Want

LONGEST: Final = 0.6
"""Beats of the longest note that may be bent: what is held is heard as it is."""


def slide_in(
    pitches: Sequence[int], beats: Sequence[Beat], wants: Sequence[Want], likely: float, chance: Random
) -> tuple[int, ...]:
    """The pitches with some short notes before a tone of the chord taken a semitone from it, on the side they were.

    A note that was a third or less away becomes the semitone; two such notes from both sides are an enclosure.
    """
    bent = list(pitches)
    for index, beat in enumerate(beats):
        draw = chance.random()  # one for each note, so that a motif is bent alike wherever it comes back
        if draw >= likely or index + 1 >= len(beats) or beat.length > LONGEST:
            continue
        goal, following = pitches[index + 1], wants[index + 1]
        way = pitches[index] - goal
        # From above as the scale has it, unless that is a whole tone; from below a semitone always leads.
        if following.in_chord[goal % 12] and 0 < abs(way) <= 4 and not wants[index].goals:
            bent[index] = goal - 1 if way < 0 or draw < 0.6 * likely else goal + 1
    return tuple(bent)
