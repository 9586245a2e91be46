"""Chord colours: the sevenths, ninths and sixths that a style adds to plain chords."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import fsum
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.chord import BY_HARTE
from musearoo.engines.music.numeral import Numeral
from musearoo.engines.music.scale import Key
from musearoo.engines.players.chords.numeral_slots import Slot, Slots
from musearoo.engines.styles.harmony import HarmonyStyle


def colour(slots: Slots, harmony: HarmonyStyle, key: Key, complexity: float, chance: Random) -> Slots:
    """Return the slots with plain chords coloured as the style does; equal chords get equal colours.

    A colour adds no tone from outside the key unless the chord is outside it already.
    """
    share = scaled_chance(min(0.99, harmony.colour), complexity) if harmony.colour < 1.0 else 1.0
    chosen: dict[Numeral, Numeral] = {}
    coloured: list[Slot] = []
    for slot in slots:
        own = slot.numeral
        if own not in chosen:
            chosen[own] = _coloured(own, harmony.colours, key, share, chance)
        # The resolution of a suspension stays plain, so that it still resolves.
        falls = bool(coloured) and coloured[-1].numeral.step == own.step and "sus" in coloured[-1].numeral.quality
        coloured.append(slot if falls else slot._replace(numeral=chosen[own]))
    return tuple(coloured)


def _coloured(
    numeral: Numeral, colours: Mapping[str, Mapping[str, float]], key: Key, share: float, chance: Random
) -> Numeral:
    quality = numeral.quality
    if quality == "maj" and numeral.step in _DOMINANTS:
        quality = "dom" if numeral.step == 7 else "7"  # a major chord on these steps acts as a dominant
    choices = colours.get(quality, {})
    if quality == "7" and not choices:
        choices = {name: weight for name, weight in colours.get("dom", {}).items() if "sus" not in name}
    draws = chance.random(), chance.random()  # draw both always, so that one chord's colour does not affect the others
    if not choices or draws[0] >= share:
        return numeral
    own = _scale_round(numeral, key)
    fits = [name for name in choices if _tones(name, numeral.step) <= own] if own else []
    # A third in the bass would clash with the fourth of a suspension.
    bass = (numeral.step + numeral.bass) % 12
    fits = [name for name in fits if bass in _tones(name, numeral.step)]
    if not fits:
        return numeral
    mark = draws[1] * fsum(choices[name] for name in fits)
    for name in fits:
        mark -= choices[name]
        if mark < 0.0:
            return numeral._replace(quality=name)
    return numeral._replace(quality=fits[-1])


_DOMINANTS: Final = frozenset((2, 4, 7, 9, 11))


def _scale_round(numeral: Numeral, key: Key) -> frozenset[int]:
    """Return the tones, in semitones above the tonic, from which a chord's colours may come."""
    own = frozenset(key.intervals)
    tones = frozenset(numeral.pitch_classes)
    if tones <= own:
        return own
    if key.scale == "Minor" and tones <= own | {11}:
        return own | {11}
    # For a chromatic chord: a dominant takes the key that it resolves to, any other the major key of which it is IV.
    goal = (numeral.step + 5) % 12 if numeral.quality == "7" or 4 in BY_HARTE[numeral.quality].intervals else None
    root = goal if numeral.quality == "7" and goal is not None else (numeral.step - 5) % 12
    return frozenset((root + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11)) | tones


@lru_cache(maxsize=1024)
def _tones(quality: str, step: int) -> frozenset[int]:
    return frozenset((step + interval) % 12 for interval in BY_HARTE[quality].intervals)
