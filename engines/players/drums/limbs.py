"""Two hands: drop what they cannot reach at once, and play the weaker hand softer."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.drum_kit import HAND, KIT
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take

HANDS: Final = 2
ALTERNATES_BELOW: Final = 0.2
"""The time between hits in seconds below which a drummer alternates hands."""
LEFT_HAND: Final = 0.93
"""The loudness of the weaker hand relative to the stronger one."""


def free_the_hands(hits: Hits, take: Take) -> Hits:
    """Limit each position to two hands and one hit per voice, keeping the most important; return sorted hits.

    A pedal hat never coincides with an open hat.
    """
    freed: Hits = []
    last_at, seen, hands, end = -1.0, set[str](), 0, take.length - CLOSE
    for hit in sorted(hits, key=_by_place_and_importance):
        if hit.at - last_at > CLOSE:
            last_at, hands = hit.at, 0
            seen.clear()
        is_hand = KIT[hit.voice].limb == HAND
        if hit.voice in seen or (is_hand and hands == HANDS) or hit.at >= end:
            continue
        if hit.voice == "pedal_hat" and "open_hat" in seen:
            continue
        seen.add(hit.voice)
        hands += is_hand
        freed.append(hit)
    return freed


def weaken_the_left_hand(hits: Hits, velocities: list[float], take: Take) -> list[float]:
    """Play every second of fast alternating hits a little softer, as the left hand does."""
    if take.humanise == 0.0:
        return velocities
    gap = take.beats(1000.0 * ALTERNATES_BELOW)
    softened = list(velocities)
    last_at, left = -8.0, False
    for index, hit in enumerate(hits):
        at = hit.at
        if at > last_at + CLOSE and KIT[hit.voice].limb == HAND:
            left = not left if at - last_at < gap else False
            last_at = at
            if left:
                softened[index] *= LEFT_HAND
    return softened


def _by_place_and_importance(hit: Hit) -> tuple[float, int, int]:
    return hit.at, -KIT[hit.voice].importance, -hit.strength
