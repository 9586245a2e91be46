"""Where tracks stand between left and right: the low end in the middle, the rest in pairs, neighbours apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from math import fsum
from typing import Final

from musearoo.engines.players.mix.eq_bands import overlap
from musearoo.engines.players.mix.tracks import MixTrack
from musearoo.engines.styles.mix import MixStyle

CENTRED: Final = 0.02
"""A pan below this is where Live puts it: nobody chose it."""
WIDE: Final = 0.6
"""What is stereo to this degree by itself needs no place of its own."""
LOW_PITCH: Final = 40
"""What reaches below a guitar (E2) stays in the middle: two speakers carry it, and ears cannot place it anyway."""
MOST_TRIED: Final = 10
"""Tracks of which every distribution is tried; more are put left and right in turn."""


def plan_pans(tracks: Sequence[MixTrack], style: MixStyle, loudness: Mapping[int, float]) -> dict[int, float]:
    """The pan of each track by id; `loudness` is how loud each is (LUFS) behind its new fader.

    A place that somebody chose stays, and the others balance it. One track alone is not put aside, for then the mix
    would lean. The first track of the melody is the singer, who stands in the middle.
    """
    pans = {track.id: track.pan for track in tracks}
    movable = [track for track in tracks if _is_free(track, style, tracks)]
    chosen = [track for track in tracks if abs(track.pan) > CENTRED]
    if len(movable) + len(chosen) < 2 or not movable:
        return pans
    widths = {track.id: style.part(track.role).pan for track in movable}
    alike = [
        (track.id, other.id, overlap(track.sound, other.sound)) for track, other in combinations(movable + chosen, 2)
    ]
    best: tuple[int, ...] = ()
    least = float("inf")
    for sides in _distributions(len(movable), is_open=bool(chosen)):
        placed = pans | {track.id: side * widths[track.id] for track, side in zip(movable, sides, strict=True)}
        cost = _lean(placed, loudness) + _crowding(alike, placed) / len(movable + chosen)
        # A track left in the middle is a chance not taken.
        cost += 0.15 * sum(side == 0 for side in sides)
        if cost < least - 1e-9:
            best, least = sides, cost
    return pans | {track.id: round(side * widths[track.id], 3) for track, side in zip(movable, best, strict=True)}


def _is_free(track: MixTrack, style: MixStyle, tracks: Sequence[MixTrack]) -> bool:
    sound = track.sound
    is_low = sound is not None and sound.lowest_pitch is not None and sound.lowest_pitch < LOW_PITCH
    is_wide = sound is not None and sound.width > WIDE
    is_singer = track is next((other for other in tracks if other.role == "melody"), None)
    return (
        track.may_move("panning")
        and abs(track.pan) <= CENTRED
        and style.part(track.role).pan > 0.0
        and track.role not in ("drums", "bass")
        and not (is_low or is_wide or is_singer)
    )


def _distributions(count: int, is_open: bool) -> Sequence[tuple[int, ...]]:
    """Sides (-1, 0, 1) of so many tracks. Where nobody stands aside yet (not `is_open`) the first never goes to the
    right: the mirror image is as good.
    """
    if count > MOST_TRIED:
        return [tuple(-1 if place % 2 == 0 else 1 for place in range(count))]
    steps = (-1, 1) if count > 6 else (-1, 1, 0)
    return [sides for sides in product(steps, repeat=count) if is_open or sides[0] <= 0]


def _lean(pans: Mapping[int, float], loudness: Mapping[int, float]) -> float:
    """How far the mix leans to one side, 0..1, by loudness."""
    weights = {track: 10.0 ** (level / 20.0) for track, level in loudness.items()}
    whole = fsum(weights.values())
    return abs(fsum(weight * pans[track] for track, weight in weights.items())) / whole if whole else 0.0


def _crowding(alike: Sequence[tuple[int, int, float]], pans: Mapping[int, float]) -> float:
    """How much tracks that sound alike, given in pairs with how much they do, stand in one place."""
    return fsum(overlap * (1.0 - min(1.0, abs(pans[one] - pans[other]))) for one, other, overlap in alike)
