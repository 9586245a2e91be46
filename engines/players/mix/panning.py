"""Panning: low end in the centre, other tracks in pairs, similar tracks apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from math import fsum
from typing import Final

from musearoo.engines.players.mix.eq_bands import overlap
from musearoo.engines.players.mix.tracks import MixTrack
from musearoo.engines.styles.mix import MixStyle

CENTRED: Final = 0.02
"""The pan below which a track counts as centred by default."""
WIDE: Final = 0.6
"""The stereo width from which a sound needs no pan."""
LOW_PITCH: Final = 40
"""Tracks that reach below a guitar (E2) stay in the centre, where both speakers carry the low end."""
MOST_TRIED: Final = 10
"""The most tracks for which every distribution is tried; others alternate left and right."""


def plan_pans(tracks: Sequence[MixTrack], style: MixStyle, loudness: Mapping[int, float]) -> dict[int, float]:
    """Return the pan of each track by id; `loudness` is in LUFS after the new faders.

    Pans that the user set stay, and the others balance them. A single track stays in the centre, and so does the first
    melody track, the lead vocal.
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
        # Prefer panned tracks to centred ones.
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
    """Return all assignments of sides (-1, 0, 1) to tracks. Unless `is_open`, the first never goes right, because the
    mirror image is equivalent."""
    if count > MOST_TRIED:
        return [tuple(-1 if place % 2 == 0 else 1 for place in range(count))]
    steps = (-1, 1) if count > 6 else (-1, 1, 0)
    return [sides for sides in product(steps, repeat=count) if is_open or sides[0] <= 0]


def _lean(pans: Mapping[int, float], loudness: Mapping[int, float]) -> float:
    """Return how far the mix leans to one side, 0..1, by loudness."""
    weights = {track: 10.0 ** (level / 20.0) for track, level in loudness.items()}
    whole = fsum(weights.values())
    return abs(fsum(weight * pans[track] for track, weight in weights.items())) / whole if whole else 0.0


def _crowding(alike: Sequence[tuple[int, int, float]], pans: Mapping[int, float]) -> float:
    """Return how closely similar tracks, given as pairs with their overlap, are panned together."""
    return fsum(overlap * (1.0 - min(1.0, abs(pans[one] - pans[other]))) for one, other, overlap in alike)
