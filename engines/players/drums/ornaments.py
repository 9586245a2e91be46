"""Snare ornaments: flams, drags and buzzes."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.drum_kit import FOOT, KIT, Ornament
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take
from musearoo.engines.styles.rows import GHOST, NORMAL

FLAM_MS: Final = 27.0
DRAG_MS: Final = (78.0, 40.0)
"""How early grace notes are played: one before a flam, two before a drag."""
FREE_SECONDS: Final = {"flam": 0.11, "drag": 0.17, "buzz": 0.11}
"""How many seconds both hands must have rested before an ornament."""
BUZZ_MS: Final = 42.0
LONGEST_BUZZ_BEATS: Final = 0.5


def choose_ornaments(hits: Hits, take: Take) -> Hits:
    """Choose snare hits to ornament where both hands are free; hits must be sorted.

    A flam widens a backbeat, a drag leads into it, a buzz fills the silence after it.
    """
    ornaments = take.style.drums.ornaments
    shares: dict[Ornament, float] = {"flam": ornaments.flams, "drag": ornaments.drags, "buzz": ornaments.buzzes}
    if take.complexity == 0.0 or not any(shares.values()):
        return hits
    likely = [(name, scaled_chance(min(0.99, share), take.complexity)) for name, share in shares.items()]
    chance = take.stream("ornaments")
    chosen = list(hits)
    for index, rested in _free_snares(hits, take):
        draw = chance.random()
        for ornament, share in likely:
            draw -= share
            if draw < 0.0:
                if rested >= FREE_SECONDS[ornament]:
                    chosen[index] = replace(hits[index], ornament=ornament)
                break
    return chosen


def play_ornaments(hits: Hits, take: Take) -> Hits:
    """Expand each ornament into its notes: grace notes before the hit, or bounces after it."""
    played: Hits = []
    for index, hit in enumerate(hits):
        if hit.ornament == "flam":
            played.append(_grace(hit, FLAM_MS))
        elif hit.ornament == "drag":
            played += (_grace(hit, early) for early in DRAG_MS)
        played.append(hit)
        if hit.ornament == "buzz":
            later = (other.at for other in hits[index + 1 :] if KIT[other.voice].limb != FOOT and other.at > hit.at)
            room = min(next(later, take.length) - hit.at, LONGEST_BUZZ_BEATS)
            bounces = int(1000.0 * take.seconds(room) / BUZZ_MS) - 1
            played += (_grace(hit, -BUZZ_MS * (number + 1)) for number in range(bounces))
    return played


def _grace(hit: Hit, early_ms: float) -> Hit:
    return Hit(hit.at, hit.voice, GHOST, ornament="grace", early_ms=early_ms)


def _free_snares(hits: Hits, take: Take) -> list[tuple[int, float]]:
    """Return the indices of loud snares without another hand, and the seconds since a hand last played."""
    free: list[tuple[int, float]] = []
    last_at, before = -8.0, -8.0
    for index, hit in enumerate(hits):
        if KIT[hit.voice].limb == FOOT:
            continue
        if hit.at > last_at + CLOSE:
            before, last_at = last_at, hit.at
            alone = True
        else:
            alone = False
            if free and hits[free[-1][0]].at > hit.at - CLOSE:
                free.pop()
        if alone and hit.voice == "snare" and hit.strength >= NORMAL and not hit.ornament:
            free.append((index, take.seconds(hit.at - before)))
    return free
