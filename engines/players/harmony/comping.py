"""Comping: when the hands play, by the style's rows, the chord changes, and the room that others leave."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import pick, scaled_chance, stream
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.harmony.other_parts import OtherParts
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.harmony import Comping
from musearoo.engines.styles.row_fitting import BarStep, fit_row
from musearoo.engines.styles.rows import Row, likelihood
from musearoo.engines.styles.section_choices import meant_for

AHEAD: Final = 0.55
"""The beats before a change within which an onset may anticipate the coming chord."""
FORGOTTEN: Final = 1.5
"""The length in beats from which a chord without any onset is played anyway, in styles that do not follow every
change."""
HUMAN_JITTER: Final = 12.0
"""The jitter in milliseconds from which a style's players count as human."""
PHRASE_BARS: Final = 4
"""The bars after which random additions repeat."""
WANDERS: Final = 4.0
"""How much likelier a broken chord takes a neighbouring tone than it leaves one out."""
_ANSWERS: Final = (0.0, 0.7, 0.4, 1.0)
"""The likelihood, at full complexity, that each bar of a phrase is played in another way than the first."""
_EXTRA_TONES: Final = "2345"
"""The tones added to a broken chord: inner ones, which sound like a turn of the figure."""
PLAIN: Final = 0.2
"""The complexity below which soft onsets and scratches are left out."""


class ChordOnset(NamedTuple):
    """One onset of a hand: its straight position in beats, its mark as in `ChordRow`, the index of its chord, and
    whether it is the lower hand's."""

    at: float
    mark: str
    chord: int
    low: bool = False


def choose_comping(params: EngineParams, wanted: str, seed: int) -> Comping:
    """Choose a way of comping for complexity and energy by weight; or return the one wanted."""
    every = params.style.harmony.comping
    if wanted:
        named = [each for each in every if each.name.lower() == wanted.lower()]
        if not named:
            raise ParamError("comping", f"one of {', '.join(each.name for each in every)}", wanted)
        return named[0]
    fitting = _fitting(params)
    return pick(stream(seed, "harmony", "comping"), fitting, [each.weight for each in fitting])


def write_onsets(
    comping: Comping,
    params: EngineParams,
    meter: Meter,
    spans: Sequence[ChordSpan],
    others: OtherParts,
    swing: Swing,
    seed: int,
) -> list[ChordOnset]:
    """Return the sorted onsets of a take: the rows bar by bar, plus every chord change that they would miss."""
    starts = [span.start for span in spans]
    onsets: dict[tuple[float, bool], ChordOnset] = {}
    ahead, breathing = stream(seed, "harmony", "ahead"), stream(seed, "harmony", "breath")
    # Machines do not vary; the style's jitter measures how human its players are.
    human = min(1.0, params.style.feel.jitter / HUMAN_JITTER) * min(1.0, 2.0 * params.humanise)
    other = _find_answer(comping, params, seed)
    last = params.bars - 1 if params.section.ends_song else params.bars
    for bar in range(last):
        start = bar * meter.bar_beats
        answers = breathing.random() < human * params.complexity * _ANSWERS[bar % PHRASE_BARS]
        played = other if answers else comping
        steps = [(step.at, step.mark, False) for step in _placed(played.hand, params, meter, bar)]
        steps += [(step.at, step.mark, True) for step in _placed(played.low, params, meter, bar)]
        steps += [(at, mark, False) for at, mark in _extras(comping, params, meter, bar, others, swing, seed)]
        for at, written, low in steps:
            place = start + at
            is_light = written not in "CLFO" and at % 1.0 != 0.0
            mark = _vary_mark(written, breathing.random(), human * comping.breathes) if is_light else written
            if not mark or (place, low) in onsets or (params.complexity < PLAIN and mark in "sg"):
                continue
            chord = max(0, bisect_right(starts, place + 1e-9) - 1)
            if not low and chord + 1 < len(starts) and starts[chord + 1] - place < AHEAD:
                chord += ahead.random() < comping.anticipates
            onsets[place, low] = ChordOnset(place, mark, chord, low)
    _play_changes(onsets, comping, spans, last * meter.bar_beats)
    if params.section.ends_song:
        end = last * meter.bar_beats
        final = max(0, bisect_right(starts, end + 1e-9) - 1)
        onsets[end, False] = ChordOnset(end, "C", final)
        if not comping.low.is_empty:
            onsets[end, True] = ChordOnset(end, "L", final, low=True)
    return [onsets[key] for key in sorted(onsets)]


def _fitting(params: EngineParams) -> list[Comping]:
    every = meant_for(params.style.harmony.comping, params.section.kind)
    energy = min(1.0, max(0.0, params.section.energy + 0.4 * (params.density - 0.5)))
    fitting = [each for each in every if each.plays[0] <= energy <= each.plays[1]] or every
    return [each for each in fitting if each.complexity[0] <= params.complexity <= each.complexity[1]] or fitting


def _find_answer(comping: Comping, params: EngineParams, seed: int) -> Comping:
    """Return another comping that may replace this one for a bar; this one if the style has none."""
    alike = [
        each
        for each in _fitting(params)
        if each != comping
        and each.rings == comping.rings
        and each.follows == comping.follows
        and each.low.is_empty == comping.low.is_empty
        and (each.voicing == "guitar") == (comping.voicing == "guitar")
    ]
    chance = stream(seed, "harmony", "answer")
    return pick(chance, alike, [each.weight for each in alike]) if alike else comping


def _vary_mark(mark: str, draw: float, breath: float) -> str:
    """Return a light onset's mark as played: left out (""), a neighbouring tone, or as written."""
    if draw < breath:
        return ""
    if not mark.isdigit() or draw >= (1.0 + WANDERS) * breath:
        return mark
    up = mark == "1" or (mark != "9" and draw >= (1.0 + 0.5 * WANDERS) * breath)
    return str(int(mark) + (1 if up else -1))


def _play_changes(
    onsets: dict[tuple[float, bool], ChordOnset], comping: Comping, spans: Sequence[ChordSpan], end: float
) -> None:
    """Add an onset at each chord change that would otherwise be missed."""
    first: dict[int, float] = {}
    for onset in onsets.values():
        if not onset.low:
            first[onset.chord] = min(onset.at, first.get(onset.chord, onset.at))
    mark = "1" if _is_broken(comping) else "c"
    for number, span in enumerate(spans):
        if span.start >= end - 1e-9:
            break
        is_unplayed = first.get(number, span.end) > span.start + 1e-9
        if is_unplayed and (comping.follows or (number not in first and span.end - span.start >= FORGOTTEN)):
            onsets[span.start, False] = ChordOnset(span.start, mark, number)


def _extras(
    comping: Comping, params: EngineParams, meter: Meter, bar: int, others: OtherParts, swing: Swing, seed: int
) -> list[tuple[float, str]]:
    """Return random additions to a bar, the same in every phrase: chords to chords, tones to broken chords.

    They are likelier together with the drums, and never over a busy melody.
    """
    steps = _placed(comping.extra, params, meter, bar)
    if not steps:
        return []
    chance: Random = stream(seed, "harmony", "extra", bar % PHRASE_BARS)
    amount = 0.5 * (params.complexity + 0.5 * (params.density + params.section.energy))
    start, added, is_broken = bar * meter.bar_beats, list[tuple[float, str]](), _is_broken(comping)
    for step in steps:
        likely = scaled_chance(likelihood(step.mark), amount)
        at = start + step.at
        if others.drum_onsets:
            likely *= 1.4 if others.has_drum_onset_at(swing.warp(at)) else 0.7
        if chance.random() < likely and others.has_room(at - 0.5, at + 0.5):
            added.append((step.at, _EXTRA_TONES[int(chance.random() * len(_EXTRA_TONES))] if is_broken else "c"))
    return added


def _is_broken(comping: Comping) -> bool:
    """Return whether the hand plays single tones of the chord."""
    return any(step.mark.isdigit() for beat in comping.hand.beats for step in beat)


def _placed(row: Row, params: EngineParams, meter: Meter, bar: int) -> tuple[BarStep, ...]:
    return fit_row(row, meter, bar, params.style.written_beats(meter))
