"""The processors that decide what is struck: each takes the hits so far and the take, and returns the hits after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from engines.chance import scaled_chance, stream
from engines.drummaroo.kit import HAND, KIT, STROKES
from engines.drummaroo.take import Bar, Hit, Take
from engines.grid import place_tail
from engines.rows import ACCENT, GHOST, NORMAL, Row, likelihood, strength

Hits = list[Hit]

CLOSE = 1e-6
"""Beats within which two places on the grid are the same."""
HANDS = 2


def add_skeleton(hits: Hits, take: Take) -> Hits:
    """The kick, and the snare or what stands in for it: the part of a groove that one would beatbox."""
    groove = take.groove
    rows = (("kick", groove.kick), ("snare", groove.snare), ("cross_stick", groove.cross_stick), ("clap", groove.clap))
    added = list(hits)
    for voice, row in rows:
        if not row.is_empty:
            for bar in take.bars:
                added += _played(take, bar, voice, voice, row, take.complexity)
    return added


def add_ghost_notes(hits: Hits, take: Take) -> Hits:
    """Ghost notes of the left hand between the backbeats: they are felt, and give the sixteenths their flow."""
    row = take.groove.ghosts
    if row.is_empty:
        return hits
    taken = {(round(hit.at * 96), KIT[hit.voice].group) for hit in hits}
    amount = 0.5 * (take.complexity + take.density)
    ghosts = [
        hit._replace(strength=GHOST)
        for bar in take.bars
        for hit in _played(take, bar, "ghosts", "snare", row, amount)
        if (round(hit.at * 96), "snare") not in taken
    ]
    return hits + ghosts


def add_timekeeping(hits: Hits, take: Take) -> Hits:
    """Hat or ride through the bar, steady as the style has it, and the left foot on the pedal."""
    added = list(hits)
    for bar in take.bars:
        timekeeper = bar.timekeeper
        strokes = _played(take, bar, "time " + timekeeper.name, timekeeper.voice, timekeeper.hits, take.density)
        added += _filled_thirds(list(strokes), take, bar)
        if not timekeeper.pedal.is_empty:
            added += _played(take, bar, "pedal", "pedal_hat", timekeeper.pedal, take.density)
    return added


def open_hats(hits: Hits, take: Take) -> Hits:
    """Some closed hats opened, where the style breathes; at a phrase's end the last one likes to open."""
    opened: dict[int, bool] = {}
    for bar in take.bars:
        row = bar.timekeeper.opens
        if bar.timekeeper.voice != "closed_hat" or row.is_empty:
            continue
        chances = _draws(take, "opens", bar.index, row)
        eager = min(1.0, take.complexity + (0.3 if bar.leads else 0.0))
        for step, draw in zip(take.placed(row, bar.index), chances, strict=True):
            if draw < scaled_chance(likelihood(step.mark), eager):
                opened[round((bar.start + step.at) * 96)] = True
    if not opened:
        return hits
    return [
        hit._replace(voice="open_hat") if hit.voice == "closed_hat" and round(hit.at * 96) in opened else hit
        for hit in hits
    ]


def play_fills(hits: Hits, take: Take) -> Hits:
    """The end of a phrase played round the kit: from the fill's first beat on, it takes the place of the groove."""
    filled = [hit for hit in hits if hit.at < _bar_of(hit, take).fill_start - CLOSE]
    for bar in take.bars:
        if bar.fill is None:
            continue
        for row in (bar.fill.hands, bar.fill.left, bar.fill.feet):
            for at, mark in place_tail(row, take.meter)[0]:
                filled.append(Hit(bar.start + at, STROKES[mark.lower()], ACCENT if mark.isupper() else NORMAL))
    return filled


def crash_on_one(hits: Hits, take: Take) -> Hits:
    """A crash where a fill has led to, with the kick under it: without the kick it hangs in the air."""
    starts = {bar.start for bar in take.bars if bar.crash}
    kicked = {hit.at for hit in hits if hit.voice == "kick"}
    # The hand that crashes is not on the hat or the ride.
    crashed = [hit for hit in hits if hit.at not in starts or not _keeps_time(hit)]
    for start in sorted(starts):
        crashed.append(Hit(start, "crash", ACCENT))
        if start not in kicked:
            crashed.append(Hit(start, "kick", ACCENT))
    return crashed


def free_the_hands(hits: Hits, take: Take) -> Hits:
    """No more than two hands and one stroke a voice at any place, the most important ones staying."""
    freed: Hits = []
    last_at, seen, hands, end = -1.0, set[str](), 0, take.length - CLOSE
    for hit in sorted(hits, key=_by_place_and_importance):
        if hit.at - last_at > CLOSE:
            last_at, hands = hit.at, 0
            seen.clear()
        is_hand = KIT[hit.voice].limb == HAND
        if hit.voice in seen or (is_hand and hands == HANDS) or hit.at >= end:
            continue
        seen.add(hit.voice)
        hands += is_hand
        freed.append(hit)
    return freed


def _bar_of(hit: Hit, take: Take) -> Bar:
    return take.bars[int((hit.at + CLOSE) / take.meter.bar_beats)]


def _keeps_time(hit: Hit) -> bool:
    return KIT[hit.voice].group == "cymbals" and KIT[hit.voice].limb == HAND


def _by_place_and_importance(hit: Hit) -> tuple[float, int, int]:
    return hit.at, -KIT[hit.voice].importance, -hit.strength


def _played(take: Take, bar: Bar, label: str, voice: str, row: Row, amount: float) -> Iterator[Hit]:
    """The steps of a row that chance lets play in a bar.

    More are played at a higher amount and never fewer: each step compares one draw of its own with its likelihood.
    """
    draws = _draws(take, label, bar.index, row)
    for step, draw in zip(take.placed(row, bar.index), draws, strict=True):
        if draw < scaled_chance(likelihood(step.mark), amount):
            yield Hit(bar.start + step.at, voice, strength(step.mark))


def _draws(take: Take, label: str, bar: int, row: Row) -> Sequence[float]:
    """One draw a step: the same in every second bar, so that a groove repeats, but for some that vary freely."""
    steps = take.placed(row, bar)
    if all(not step.mark.isdigit() for step in steps):
        return (0.0,) * len(steps)
    fresh = take.stream(label, "bar", bar)
    varied = take.style.drums.variation * 2.0 * take.complexity
    draws = []
    for usual in _lasting_draws(take.seed, label, bar % 2, len(steps)):
        other = fresh.random()
        draws.append(other if fresh.random() < varied else usual)
    return draws


@lru_cache(maxsize=256)
def _lasting_draws(seed: int, label: str, half: int, count: int) -> tuple[float, ...]:
    """The draws that every second bar shares; kept, for seeding a stream costs more than a bar's draws."""
    chance = stream(seed, "drums", label, half)
    return tuple(chance.random() for _ in range(count))


def _filled_thirds(strokes: Hits, take: Take, bar: Bar) -> Hits:
    """In compound meters, timekeeping on all three parts of a pulse: a hat that leaves one out would shuffle."""
    if not take.meter.is_compound or len(strokes) <= len(take.meter.pulses):
        return strokes
    third = take.meter.pulses[0] / 3.0
    taken = {round((hit.at - bar.start) / third) for hit in strokes}
    count = len(take.meter.pulses) * 3
    return strokes + [
        strokes[0]._replace(at=bar.start + part * third, strength=NORMAL) for part in range(count) if part not in taken
    ]
