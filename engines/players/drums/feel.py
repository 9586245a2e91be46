"""Feel profiles: the learned tables of `engines.players.drums.feel_tables`, indexed by voice and sixteenth."""

from __future__ import annotations

from functools import lru_cache

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.feel_tables import PLAYERS
from musearoo.engines.players.drums.take import Hits, Take

Table = dict[tuple[str, bool], tuple[float, ...]]
"""Sixteen values, one for each sixteenth of a 4/4 bar, keyed by voice and whether it is a ghost note."""


@lru_cache(maxsize=32)
def timing_feel(players: str) -> Table | None:
    """Return how many milliseconds late each voice is played at each sixteenth; None for a machine.

    >>> table = timing_feel("funk")
    >>> table is not None and table["closed_hat", False][1] > 0.0
    True
    """
    return None if players == "machine" else _read(players, 0)


@lru_cache(maxsize=32)
def velocity_feel(players: str) -> Table | None:
    """Return each voice's velocity at each sixteenth, relative to its mean; None for a machine."""
    return None if players == "machine" else _read(players, 1)


def sixteenths_in_bar(hits: Hits, take: Take) -> list[int | None]:
    """Return the sixteenth of a 4/4 bar that each hit is on, 0..15; None for triplets and in compound meters.

    Longer bars start again after sixteen.
    """
    if take.meter.is_compound:
        return [None] * len(hits)
    bar_beats = take.meter.bar_beats
    places: list[int | None] = []
    for hit in hits:
        step = (hit.at % bar_beats) * 4.0
        nearest = int(step + 0.5)
        places.append(nearest % 16 if -0.02 < step - nearest < 0.02 else None)
    return places


def _read(players: str, column: int) -> Table:
    own = {limb: tuple(float(number) for number in touch[column].split()) for limb, touch in PLAYERS[players].items()}
    groups = {"kick": "kick", "snare": "snare", "cymbals": "cymbal", "percussion": "cymbal", "toms": "tom"}
    table: Table = {}
    for voice, kind in KIT.items():
        limb = own[groups.get(kind.group, "kick")]  # a crash goes with the kick under it
        table[voice, False] = limb
        table[voice, True] = own["ghost"] if voice == "snare" else limb
    return table
