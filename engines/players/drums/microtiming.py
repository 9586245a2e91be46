"""When it is struck: swing, push and drag, what the style's drummers do, and what no hand can help."""

from __future__ import annotations

from math import sqrt
from typing import Final

from musearoo.engines.foundation.chance import bells
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.groove_template import groove_offset
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.drums.feel import sixteenths_in_bar, timing_feel
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take, with_times
from musearoo.engines.styles.rows import GHOST

_DRIFT_BEATS: Final = 8.0
"""How far apart the points are between which the drummer's time wanders evenly: about two bars."""
STRAY: Final = {"kick": 0.62, "snare": 0.62, "crash": 0.62, "toms": 1.25}
"""How far each group strays against hats and rides.

Recorded drummers scatter their feet most; but what a producer lays everything else on is the kick and the backbeat, so
ours are tighter than people's, and the hats are not."""
GHOST_STRAY: Final = 1.25
SHARED: Final = 0.9
OWN: Final = 0.35
"""Of the scatter, what all limbs that strike together share, and what each has for itself."""
LASTING: Final = 0.3
"""How much of one stroke's error the next one keeps: the lag of human hats and rides, once drift is taken out."""


def swing_time(hits: Hits, take: Take) -> Hits:
    """The off-beats late by the take's swing; grace strokes before their place and bounces after it.

    Triplets of a swung beat stay triplets: they are what swing comes from.
    """
    swing, millisecond = take.swing, take.beats(1.0)
    if swing.is_straight:
        return with_times(hits, [hit.at - hit.early_ms * millisecond for hit in hits])
    return with_times(hits, [swung_position(hit.at, swing) - hit.early_ms * millisecond for hit in hits])


def swung_position(at: float, swing: Swing) -> float:
    """Where a straight place comes to lie, in beats; a third or a sixth of a beat stays where it is.

    >>> [swung_position(at, Swing(2.0)) == at for at in (0.0, 1.0 / 3.0, 0.5, 5.0 / 6.0, 0.75)]
    [True, True, False, True, False]
    """
    sixths = at * 6.0
    nearest = round(sixths)
    return at if nearest % 3 and abs(sixths - nearest) < CLOSE else swing.warp(at)


def push_and_drag(hits: Hits, take: Take) -> Hits:
    """Each limb ahead of or behind the beat, as the style's drummers place it."""
    feel, amount = take.style.feel, 2.0 * take.humanise
    pushes = {
        voice: take.beats(amount * {"kick": feel.kick, "snare": feel.snare}.get(kind.group, feel.cymbals))
        for voice, kind in KIT.items()
    }
    return with_times(hits, [hit.time + pushes[hit.voice] for hit in hits])


def apply_timing_feel(hits: Hits, take: Take) -> Hits:
    """Each place of the bar early or late as drummers of the style play that limb there: the e and the a hang back."""
    table = timing_feel(take.style.drums.players)
    if table is None:
        return hits
    beats = take.beats(2.0 * take.humanise)
    times = []
    for place, (_, voice, strength, _, time, ornament, _) in zip(sixteenths_in_bar(hits, take), hits, strict=True):
        if place is not None:
            time += beats * table[voice, strength == GHOST and not ornament][place]
        times.append(time)
    return with_times(hits, times)


def follow_groove(hits: Hits, take: Take) -> Hits:
    """Each stroke where the groove that is heard plays that drum there, in place of the style's own swing and feel.

    Strokes stay as they are where the groove plays nothing.
    """
    if take.followed is None:
        return hits
    groove, amount = take.followed
    kinds = {voice: KIND_OF_PITCH.get(kind.pitch) for voice, kind in KIT.items()}
    millisecond = take.beats(1.0)
    followed = []
    for hit in hits:
        offset = groove_offset(groove, hit.at, take.meter, kinds[hit.voice])
        if offset is not None:
            target = hit.at + offset - hit.early_ms * millisecond
            hit = hit._replace(time=hit.time + amount * (target - hit.time))
        followed.append(hit)
    return followed


def wander(hits: Hits, take: Take) -> Hits:
    """The whole kit wandering slowly about the beat, kick and snare less.

    The wandering ends where it began, so that the clip loops without a jump.
    """
    reach = take.beats(2.0 * take.humanise * take.style.feel.drift)
    count = max(1, round(take.length / _DRIFT_BEATS))
    points = [reach * draw for draw in bells(take.stream("drift"), count)]
    points.append(points[0])
    span = take.length / count
    stray = _strays()
    times = []
    for hit in hits:
        index, part = divmod(hit.at / span, 1.0)
        before, after = points[int(index)], points[int(index) + 1]
        times.append(hit.time + stray[hit.voice] * (before + (after - before) * part))
    return with_times(hits, times)


def scatter(hits: Hits, take: Take) -> Hits:
    """Single strokes off by what a hand misses, ghost notes by more; what is struck together stays nearly together.

    A hand that was late is a little late the next time too.
    """
    jitter = take.beats(2.0 * take.humanise * take.style.feel.jitter)
    chance = take.stream("jitter")
    together, alone = bells(chance, len(hits)), bells(chance, len(hits))
    stray = _strays()
    fresh = jitter * sqrt(1.0 - LASTING * LASTING)
    times = []
    last_at, shared = -1.0, 0.0
    for (at, voice, strength, _, time, ornament, _), joint, single in zip(hits, together, alone, strict=True):
        if at != last_at:
            last_at, shared = at, LASTING * shared + fresh * joint
        reach = GHOST_STRAY if strength == GHOST and not ornament else stray[voice]
        own = 0.0 if ornament == "grace" else OWN * jitter * single
        times.append(time + reach * (SHARED * shared + own))
    return with_times(hits, times)


def keep_order(hits: Hits, take: Take) -> Hits:
    """All played times inside the clip, and no two strokes of a voice swapped or on top of each other."""
    least = 1.0 / 96.0
    latest = take.length - least
    last: dict[str, float] = {}
    ordered = []
    for hit in hits:
        earliest = last.get(hit.voice, -least) + least
        played = max(0.0, earliest, hit.time)
        if played > latest:
            played = latest
            if played < earliest:
                continue
        last[hit.voice] = played
        if played != hit.time:
            hit = Hit(hit.at, hit.voice, hit.strength, hit.velocity, played, hit.ornament, hit.early_ms)
        ordered.append(hit)
    return ordered


def _strays() -> dict[str, float]:
    return {voice: STRAY.get(kind.group, 1.0) for voice, kind in KIT.items()}
