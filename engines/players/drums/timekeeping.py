"""Timekeeping: right hand and left foot, opening and closing hats, polymeters and polyrhythms."""

from __future__ import annotations

from itertools import pairwise

from msgspec.structs import replace

from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.drum_kit import HATS, KIT
from musearoo.engines.players.drums.playing import play_row, play_steps
from musearoo.engines.players.drums.take import CLOSE, SECTION_BARS, Bar, Hit, Hits, Take
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL, likelihood, strength


def keep_time(hits: Hits, take: Take) -> Hits:
    """Play hat or ride through each bar, and the pedal hat with the left foot."""
    added = list(hits)
    for bar in take.bars:
        timekeeper = bar.timekeeper
        if timekeeper.cycle is None:
            label = "time " + timekeeper.name
            strokes = play_row(take, bar, label, timekeeper.voice, timekeeper.hits, take.density)
            added += _filled_thirds(strokes, take, bar)
        added += play_row(take, bar, "pedal", "pedal_hat", timekeeper.pedal, take.density)
    return added


def turn_in_cycles(hits: Hits, take: Take) -> Hits:
    """Polymeter: repeat a timekeeping row in its own length against the bar.

    It restarts with every section of eight bars.
    """
    added: Hits = []
    for first in take.bars[::SECTION_BARS]:
        cycle = first.timekeeper.cycle
        if cycle is None:
            continue
        last = take.bars[min(len(take.bars), first.index + SECTION_BARS) - 1]
        row = first.timekeeper.hits
        steps = [(beat + step.at, step.mark) for beat, steps in enumerate(row.beats) for step in steps]
        chance = take.stream("cycle", first.index)
        start = first.start
        while start < last.end - CLOSE:
            for place, mark in steps:
                inside = place < cycle - CLOSE and start + place < last.end - CLOSE
                if inside and chance.random() < scaled_chance(likelihood(mark), take.density):
                    added.append(Hit(start + place, first.timekeeper.voice, strength(mark)))
            start += cycle
    return hits + added


def cross_the_beat(hits: Hits, take: Take) -> Hits:
    """Polyrhythm: for two bars the right hand plays in threes against the fours and resolves with the phrase.

    Kick and snare stay, so that the tension is clear.
    """
    crossing = [bar for bar in take.bars if bar.crossing is not None]
    if not crossing:
        return hits
    indices = {bar.index for bar in crossing}
    crossed = [hit for hit in hits if not _is_time(hit, take, indices)]
    for bar in crossing:
        if bar.crossing and bar.index - 1 not in indices:
            every, voice = bar.crossing.every, bar.crossing.voice or bar.timekeeper.voice
            end = take.bars[min(bar.index + 1, len(take.bars) - 1)].end
            count = int((end - bar.start - CLOSE) / every) + 1
            crossed += (Hit(bar.start + n * every, voice, NORMAL if n % 2 else ACCENT) for n in range(count))
    return crossed


def make_linear(hits: Hits, take: Take) -> Hits:
    """Make a groove linear: no two limbs at once. The hat gives way."""
    if not take.groove.linear:
        return hits
    taken = {round(hit.at * 96) for hit in hits if KIT[hit.voice].group in ("kick", "snare")}
    return [hit for hit in hits if hit.voice != take.bar_of(hit).timekeeper.voice or round(hit.at * 96) not in taken]


def open_hats(hits: Hits, take: Take) -> Hits:
    """Open some closed hats where the style does; the last one of a phrase is the likeliest.

    An open hat is played louder than the closed one that it replaces.
    """
    opened: set[int] = set()
    for bar in take.bars:
        row = bar.timekeeper.opens
        if bar.timekeeper.voice != "closed_hat" or row.is_empty:
            continue
        eager = min(1.0, take.complexity + (0.3 if bar.leads else 0.0))
        opened.update(round((bar.start + at) * 96) for at, _, _ in play_steps(take, bar, "opens", row, eager))
    if not opened:
        return hits
    return [
        replace(hit, voice="open_hat", strength=min(ACCENT, hit.strength + 1))
        if hit.voice == "closed_hat" and round(hit.at * 96) in opened
        else hit
        for hit in hits
    ]


def close_hats(hits: Hits, take: Take) -> Hits:
    """Choke open hats: if no hit closes one within a beat, the left foot closes it on the next pulse."""
    on_hats = sorted(hit.at for hit in hits if hit.voice in HATS)
    following = dict(pairwise(on_hats))
    left_open = [
        hit.at for hit in hits if hit.voice == "open_hat" and following.get(hit.at, take.length) > hit.at + 1.0 + CLOSE
    ]
    pulses = take.pulses
    closing = (next((pulse for pulse in pulses if pulse > at + CLOSE), take.length) for at in left_open)
    return hits + [Hit(pulse, "pedal_hat", GHOST) for pulse in closing if pulse < take.length]


def _is_time(hit: Hit, take: Take, bars: set[int]) -> bool:
    bar = take.bar_of(hit)
    return bar.index in bars and hit.voice == bar.timekeeper.voice


def _filled_thirds(strokes: Hits, take: Take, bar: Bar) -> Hits:
    """Return the strokes with all three parts of each pulse filled in compound meters, so that they do not shuffle."""
    if not take.meter.is_compound or len(strokes) <= len(take.meter.pulses):
        return strokes
    third = take.meter.pulses[0] / 3.0
    taken = {round((hit.at - bar.start) / third) for hit in strokes}
    count = len(take.meter.pulses) * 3
    return strokes + [
        replace(strokes[0], at=bar.start + part * third, strength=NORMAL) for part in range(count) if part not in taken
    ]
