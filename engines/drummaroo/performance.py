"""The processors that decide how and when it is struck: loudness by limb, swing, push and drag, and the human hand."""

from __future__ import annotations

from typing import Final

from engines.chance import bell
from engines.drummaroo.composition import Hits
from engines.drummaroo.kit import KIT
from engines.drummaroo.take import Hit, Take
from engines.music.drum_map import KIND_OF_PITCH
from engines.music.groove_template import groove_offset
from engines.rows import ACCENT, GHOST, NORMAL, SOFT
from engines.styles.preset import Levels

_NO_LEVELS: Final = Levels()
_DRIFT_BEATS: Final = 8.0
"""How far apart the points are between which the drummer's time wanders evenly: about two bars."""


def set_dynamics(hits: Hits, take: Take) -> Hits:
    """Loudness by limb and strength, scattered by the hand, and rising through a fill so that it leads somewhere."""
    by_voice = {voice: take.style.drums.levels.get(kind.group, _NO_LEVELS) for voice, kind in KIT.items()}
    levels = {voice: _loudness(own) for voice, own in by_voice.items()}
    spreads = {voice: own.spread * 2.0 * take.humanise for voice, own in by_voice.items()}
    fills = [(bar.fill_start, bar.end) for bar in take.bars if bar.fill is not None]
    chance = take.stream("dynamics")
    shaped = []
    for at, voice, strength, _, time in hits:
        velocity = levels[voice][strength] + spreads[voice] * bell(chance)
        while fills and at >= fills[0][1]:
            fills.pop(0)
        if fills and at >= fills[0][0]:
            start, end = fills[0]
            velocity *= 0.82 + 0.28 * (at - start) / (end - start)
        shaped.append(Hit(at, voice, strength, float(min(127, max(1, round(velocity)))), time))
    return shaped


def swing_time(hits: Hits, take: Take) -> Hits:
    """The off-beats late by the take's swing."""
    warp = take.swing.warp
    return [Hit(at, voice, strength, velocity, warp(at)) for at, voice, strength, velocity, _ in hits]


def push_and_drag(hits: Hits, take: Take) -> Hits:
    """Each limb ahead of or behind the beat, as the style's drummers place it; and the whole kit wandering slowly.

    The wandering ends where it began, so that the clip loops without a jump.
    """
    pushes = _pushes(take)
    count = max(1, round(take.length / _DRIFT_BEATS))
    chance = take.stream("drift")
    reach = take.beats(2.0 * take.humanise * take.style.feel.drift)
    points = [reach * bell(chance) for _ in range(count)]
    points.append(points[0])
    span = take.length / count
    placed = []
    for at, voice, strength, velocity, time in hits:
        index, part = divmod(at / span, 1.0)
        before, after = points[int(index)], points[int(index) + 1]
        placed.append(Hit(at, voice, strength, velocity, time + pushes[voice] + before + (after - before) * part))
    return placed


def scatter_time(hits: Hits, take: Take) -> Hits:
    """Single strokes off by what a hand misses, ghost notes by more; what is struck together stays nearly together."""
    jitter = take.beats(2.0 * take.humanise * take.style.feel.jitter)
    if jitter == 0.0:
        return hits
    chance = take.stream("jitter")
    scattered = []
    last_at, shared = -1.0, 0.0
    for at, voice, strength, velocity, time in hits:
        if at != last_at:
            last_at, shared = at, jitter * bell(chance)
        own = jitter * bell(chance) * (0.6 if strength == GHOST else 0.35)
        scattered.append(Hit(at, voice, strength, velocity, time + 0.9 * shared + own))
    return scattered


def follow_groove(hits: Hits, take: Take) -> Hits:
    """Each stroke where the groove that is heard plays that drum there, in place of the style's own swing and feel.

    Drift and scatter stay, and so do strokes where the groove plays nothing.
    """
    if take.followed is None:
        return hits
    groove, amount = take.followed
    warp, pushes = take.swing.warp, _pushes(take)
    kinds = {voice: KIND_OF_PITCH.get(kind.pitch) for voice, kind in KIT.items()}
    followed = []
    for at, voice, strength, velocity, time in hits:
        offset = groove_offset(groove, at, take.meter, kinds[voice])
        if offset is not None:
            time += amount * (at + offset - warp(at) - pushes[voice])
        followed.append(Hit(at, voice, strength, velocity, time))
    return followed


def keep_order(hits: Hits, take: Take) -> Hits:
    """All played times inside the clip, and no two strokes of a voice swapped or on top of each other."""
    least = 1.0 / 96.0
    latest = take.length - least
    last: dict[str, float] = {}
    ordered = []
    for at, voice, strength, velocity, time in hits:
        earliest = last.get(voice, -least) + least
        played = max(0.0, earliest, time)
        if played > latest:
            played = latest
            if played < earliest:
                continue
        last[voice] = played
        ordered.append(Hit(at, voice, strength, velocity, played))
    return ordered


def _pushes(take: Take) -> dict[str, float]:
    """How late the style's drummers play each voice, in beats."""
    feel, amount = take.style.feel, 2.0 * take.humanise
    return {
        voice: take.beats(amount * {"kick": feel.kick, "snare": feel.snare}.get(kind.group, feel.cymbals))
        for voice, kind in KIT.items()
    }


def _loudness(levels: Levels) -> dict[int, float]:
    return {GHOST: levels.ghost, SOFT: levels.soft, NORMAL: levels.normal, ACCENT: levels.accent}
