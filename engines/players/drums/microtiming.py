"""Microtiming: swing, push and drag, the timing feel of the style's drummers, drift and jitter."""

from __future__ import annotations

from math import sqrt
from typing import Final

from musearoo.engines.foundation.chance import bells
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.groove_template import groove_offset
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.drums.feel import sixteenths_in_bar, timing_feel
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take
from musearoo.engines.styles.rows import GHOST

_DRIFT_BEATS: Final = 8.0
"""The distance in beats between the points of the slow tempo drift: about two bars."""
SCATTER: Final = {"kick": 0.62, "snare": 0.62, "crash": 0.62, "toms": 1.25}
"""The timing scatter of each voice group, relative to hats and rides.

Recorded drummers scatter their feet most. But producers align everything else to the kick and the backbeat, so these
are tighter here than in the recordings; the hats are not.
"""
GHOST_SCATTER: Final = 1.25
SHARED: Final = 0.9
OWN: Final = 0.35
"""The shares of the scatter that simultaneous limbs have in common, and that each has for itself."""
LASTING: Final = 0.3
"""The share of one hit's timing error that carries over to the next: the lag-1 autocorrelation of recorded hats and
rides, without drift."""


def swing_time(hits: Hits, _times: list[float], take: Take) -> list[float]:
    """Swing the off-beats; play grace notes before their position and buzz bounces after it.

    Triplets stay where they are.
    """
    swing, millisecond = take.swing, take.beats(1.0)
    if swing.is_straight:
        return [hit.at - hit.early_ms * millisecond for hit in hits]
    return [swung_position(hit.at, swing) - hit.early_ms * millisecond for hit in hits]


def swung_position(at: float, swing: Swing) -> float:
    """Return a straight position in beats after swing; thirds and sixths of a beat do not move.

    >>> [swung_position(at, Swing(2.0)) == at for at in (0.0, 1.0 / 3.0, 0.5, 5.0 / 6.0, 0.75)]
    [True, True, False, True, False]
    """
    sixths = at * 6.0
    nearest = round(sixths)
    return at if nearest % 3 and abs(sixths - nearest) < CLOSE else swing.warp(at)


def push_and_drag(hits: Hits, times: list[float], take: Take) -> list[float]:
    """Shift each limb ahead of or behind the beat, as the style's feel says."""
    feel, amount = take.style.feel, 2.0 * take.humanise
    kick, snare, cymbals = (take.beats(amount * early) for early in (feel.kick, feel.snare, feel.cymbals))
    pushes = {voice: {"kick": kick, "snare": snare}.get(kind.group, cymbals) for voice, kind in KIT.items()}
    return [time + pushes[hit.voice] for hit, time in zip(hits, times, strict=True)]


def apply_timing_feel(hits: Hits, times: list[float], take: Take) -> list[float]:
    """Apply the timing feel of the style's drummers: each limb early or late at each position of the bar."""
    table = timing_feel(take.style.drums.players)
    if table is None:
        return times
    beats = take.beats(2.0 * take.humanise)
    return [
        time if place is None else time + beats * table[hit.voice, hit.strength == GHOST and not hit.ornament][place]
        for place, hit, time in zip(sixteenths_in_bar(hits, take), hits, times, strict=True)
    ]


def follow_groove(hits: Hits, times: list[float], take: Take) -> list[float]:
    """Move each hit to its drum's timing in the groove that the take follows, instead of the style's swing and feel.

    Hits at positions that the groove does not contain stay where they are.
    """
    if take.followed is None:
        return times
    groove, amount = take.followed
    kinds = {voice: KIND_OF_PITCH.get(kind.pitch) for voice, kind in KIT.items()}
    millisecond = take.beats(1.0)
    followed = []
    for hit, time in zip(hits, times, strict=True):
        offset = groove_offset(groove, hit.at, take.meter, kinds[hit.voice])
        if offset is not None:
            target = hit.at + offset - hit.early_ms * millisecond
            time += amount * (target - time)
        followed.append(time)
    return followed


def wander(hits: Hits, times: list[float], take: Take) -> list[float]:
    """Add a slow tempo drift to the whole kit, less to kick and snare.

    The drift ends where it began, so that the clip loops without a jump.
    """
    reach = take.beats(2.0 * take.humanise * take.style.feel.drift)
    count = max(1, round(take.length / _DRIFT_BEATS))
    points = [reach * draw for draw in bells(take.stream("drift"), count)]
    points.append(points[0])
    span = take.length / count
    wandered = []
    for hit, time in zip(hits, times, strict=True):
        index, part = divmod(hit.at / span, 1.0)
        before, after = points[int(index)], points[int(index) + 1]
        wandered.append(time + _SCATTER_OF[hit.voice] * (before + (after - before) * part))
    return wandered


def scatter(hits: Hits, times: list[float], take: Take) -> list[float]:
    """Add timing jitter to single hits, more to ghost notes; simultaneous hits stay nearly together.

    Successive errors are correlated: a late hit is likely to be followed by another.
    """
    jitter = take.beats(2.0 * take.humanise * take.style.feel.jitter)
    chance = take.stream("jitter")
    together, alone = bells(chance, len(hits)), bells(chance, len(hits))
    fresh = jitter * sqrt(1.0 - LASTING * LASTING)
    scattered = []
    last_at, shared = -1.0, 0.0
    for hit, time, joint, single in zip(hits, times, together, alone, strict=True):
        ornament = hit.ornament
        if hit.at != last_at:
            last_at, shared = hit.at, LASTING * shared + fresh * joint
        reach = GHOST_SCATTER if hit.strength == GHOST and not ornament else _SCATTER_OF[hit.voice]
        own = 0.0 if ornament == "grace" else OWN * jitter * single
        scattered.append(time + reach * (SHARED * shared + own))
    return scattered


def keep_order(hits: Hits, take: Take) -> Hits:
    """Keep all played times inside the clip, and the hits of each voice in order and apart."""
    least = 1.0 / 96.0
    latest = take.length - least
    last: dict[str, float] = {}
    ordered = []
    for hit in hits:
        voice, time = hit.voice, hit.time
        earliest = last.get(voice, -least) + least
        played = max(0.0, earliest, time)
        if played > latest:
            played = latest
            if played < earliest:
                continue
        last[voice] = played
        if played != time:
            hit = Hit(hit.at, voice, hit.strength, hit.velocity, played, hit.ornament, hit.early_ms)
        ordered.append(hit)
    return ordered


_SCATTER_OF: Final = {voice: SCATTER.get(kind.group, 1.0) for voice, kind in KIT.items()}
