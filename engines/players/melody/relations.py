"""Relations to an existing melody: answer, continue, counter-melody, or doubling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, fsum
from statistics import median
from typing import Final, Literal, NamedTuple, get_args

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.melody.composition import MotifStatement, compose, state
from musearoo.engines.players.melody.other_parts import Register
from musearoo.engines.players.melody.palette import OUT, palette_of
from musearoo.engines.players.melody.pitch_search import NoteConstraint, find_pitches
from musearoo.engines.players.melody.planning import unit_bars
from musearoo.engines.players.melody.rhythm import Beat
from musearoo.engines.players.melody.setting import Ladder, Setting, Tone
from musearoo.engines.styles.rows import ACCENT, NORMAL, SOFT

Relation = Literal["auto", "answer", "continue", "counter", "double", "none"]
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)

GAP: Final = 1.2
"""The beats of silence that leave room for an answer."""
BREATH: Final = 0.25
"""The beats between an answer and the other melody, before and after."""
ROOM_TO_ANSWER: Final = 0.2
"""The share of a take that must be gaps for an answer to be preferred."""
SIXTH: Final = 8.0
"""The semitones between a counter-melody and the tune: a sixth leaves both their space."""
CLASHES: Final = {0: 0.5, 1: 4.0, 2: 1.0, 5: 0.6, 6: 1.2, 7: 0.3, 10: 1.0, 11: 4.0}
"""The cost of each interval above another voice, in semitones within the octave: thirds and sixths are free."""


class Gap(NamedTuple):
    """A gap of the tune, and the phrase before it, which an answer develops."""

    start: float
    end: float
    phrase: tuple[Tone, ...]


def read_tune(clip: Clip, swing: Swing, length: float) -> tuple[Tone, ...]:
    """Return the top line of a clip, looped to a length, at straight positions."""
    notes = (clip if clip.length == length else clip.repeated(length)).notes
    tones: list[Tone] = []
    for note in notes:
        at = swing.unwarp(note.start)
        if at > length - 0.1:
            break
        tone = Tone(at, note.duration, note.pitch, ACCENT if note.velocity >= 105 else NORMAL)
        if tones and at - tones[-1].at < 0.06:  # a chord: its top note is the tune
            tones[-1] = max(tones[-1], tone, key=lambda each: each.pitch)._replace(at=tones[-1].at)
        else:
            tones.append(tone)
    ends = (*(following.at for following in tones[1:]), length)[: len(tones)]
    return tuple(
        tone._replace(length=min(tone.length, end - tone.at))
        for tone, end in zip(tones, ends, strict=True)
        if min(end, length) - tone.at > 0.05
    )


def relate(setting: Setting, tune: Sequence[Tone], relation: Relation) -> tuple[Tone, ...]:
    """Return the tones of a melody in relation to a tune; "auto" answers if the tune leaves room, else runs counter."""
    gaps = find_gaps(tune, setting)
    if relation == "auto":
        room = fsum(gap.end - gap.start for gap in gaps)
        relation = "answer" if room >= ROOM_TO_ANSWER * setting.length else "counter"
    if relation == "answer" and gaps:
        return _answer(setting, gaps, tune)
    if relation == "continue":
        return _continue(setting, tune)
    if relation == "double":
        return _double(setting, tune)
    return _counter(setting, tune)


def find_gaps(tune: Sequence[Tone], setting: Setting) -> list[Gap]:
    """Return the tune's gaps that are long enough for an answer, each with the phrase before it.

    In a loop the gap before the first note follows the last phrase.
    """
    gaps, phrase_start = [], 0
    for index, (tone, following) in enumerate(pairwise([*tune, Tone(setting.length, 0.0, 0, NORMAL)])):
        end = tone.at + tone.length
        # The second half of a long note counts as a gap too.
        start = min(end, tone.at + max(GAP, tone.length / 2.0)) if tone.length > 2.0 * GAP else end
        if following.at - start >= GAP:
            gaps.append(Gap(start + BREATH, following.at - BREATH, tuple(tune[phrase_start : index + 1])))
            phrase_start = index + 1
    if tune and tune[0].at >= GAP + BREATH:
        last = tuple(tune[phrase_start:]) or gaps[-1].phrase
        gaps.insert(0, Gap(0.0, tune[0].at - BREATH, last))
    return gaps


def _answer(setting: Setting, gaps: Sequence[Gap], tune: Sequence[Tone]) -> tuple[Tone, ...]:
    """Answer each phrase: repeat its head in the gap after it, in the tune's range, and bring it to a close."""
    setting = _in_range_of(setting, tune)
    ladder = Ladder(setting.key)
    manner = setting.manner(0, setting.params.bars)
    tones: list[Tone] = []
    for number, gap in enumerate(gaps):
        # The answer begins at the same position in the beat as the phrase.
        first = gap.phrase[0].at
        start = first + ceil(gap.start - first - 1e-6)
        if start > gap.end - 0.5:
            start = gap.start
        beats = [
            Beat(tone.at - first, tone.length, tone.strength)
            for tone in gap.phrase
            if start + tone.at - first < gap.end - 0.2
        ]
        room = gap.end - start
        beats[-1] = beats[-1]._replace(length=max(0.2, min(room - beats[-1].at, max(1.0, beats[-1].length))))
        lift = (0, -1, 1, -2)[number % 4]  # mostly a step from the call, so that it is not an echo
        constraints: list[NoteConstraint] = []
        for index, (beat, tone) in enumerate(zip(beats, gap.phrase, strict=False)):
            target = float(ladder.pitch_of(ladder.step_of(tone.pitch) + lift))
            ends = "." if number % 2 or number + 1 == len(gaps) else ","
            close = ends if index + 1 == len(beats) else ""
            constraints.append(
                setting.constrain(start + beat.at, beat.length, target, 0.4, close=close, breath=index == 0)
            )
        before = tuple(tone.pitch for tone in tones[-2:])
        pitches = find_pitches(tuple(constraints), manner, before, setting.params.effort)
        for beat, pitch in zip(beats, pitches, strict=True):
            length = min(beat.length, gap.end - start - beat.at)
            if length > 0.05:
                tones.append(Tone(start + beat.at, length, pitch, beat.strength))
    return tuple(tones)


def _continue(setting: Setting, tune: Sequence[Tone]) -> tuple[Tone, ...]:
    """Continue the tune: a melody on the tune's opening motif a step higher, in the tune's range."""
    setting = _in_range_of(setting, tune)
    theme = _theme(setting, tune)
    return compose(setting, replace(theme, anchor=theme.anchor + 1))


def _theme(setting: Setting, tune: Sequence[Tone]) -> MotifStatement:
    """Return the tune's first unit, from the bar in which it begins, as a motif."""
    bar = setting.meter.bar_beats
    start = tune[0].at // bar * bar
    span = min(setting.params.bars, unit_bars(setting.style, setting.meter)) * bar
    head = [tone for tone in tune if tone.at < start + span - 1e-6]
    beats = [Beat(tone.at - start, tone.length, tone.strength) for tone in head]
    return state(beats, [tone.pitch for tone in head], Ladder(setting.key), span)


def _counter(setting: Setting, tune: Sequence[Tone]) -> tuple[Tone, ...]:
    """Return a slower counter-melody a sixth below the tune, which moves where the tune rests, in contrary motion."""
    setting = _in_range_of(setting, tune, -SIXTH)
    places = _still_places(setting, tune)
    constraints: list[NoteConstraint] = []
    for index, at in enumerate(places):
        until = places[index + 1] if index + 1 < len(places) else setting.length
        before, now, after = _around(tune, at, until)
        direction = None
        if before is not None and after is not None and index:
            direction = (before.pitch > after.pitch) - (before.pitch < after.pitch)
        target = setting.register.home if now is None else (now.pitch - SIXTH + setting.register.home) / 2.0
        constraint = setting.constrain(at, until - at, target, 0.2, direction=direction or None)
        constraints.append(constraint if now is None else _combined(constraint, now.pitch))
    params = setting.params
    pitches = find_pitches(tuple(constraints), setting.manner(0, params.bars), effort=params.effort)
    ends = [*places[1:], setting.length]
    return tuple(
        Tone(at, (until - at) * 0.98, pitch, SOFT) for at, until, pitch in zip(places, ends, pitches, strict=True)
    )


def _still_places(setting: Setting, tune: Sequence[Tone]) -> list[float]:
    """Return the pulses on which a counter-melody moves: the first of each bar, and those without a note of the
    tune."""
    starts = [tone.at for tone in tune]
    places: list[float] = []
    for bar in range(setting.params.bars):
        at = bar * setting.meter.bar_beats
        for index, pulse in enumerate(setting.meter.pulses):
            busy = any(abs(start - at) < 0.3 for start in starts)
            if index == 0 or (not busy and at - places[-1] >= 1.0 - 1e-6):
                places.append(at)
            at += pulse
    return places


def _around(tune: Sequence[Tone], at: float, until: float) -> tuple[Tone | None, Tone | None, Tone | None]:
    """Return the tune's note before a position, the one sounding there, and the next one before the note's end."""
    earlier = [tone for tone in tune if tone.at <= at + 0.1]
    now = earlier[-1] if earlier and earlier[-1].at + earlier[-1].length > at + 0.1 else None
    later = [tone for tone in tune if at + 0.1 < tone.at <= until]
    return earlier[-2] if len(earlier) > 1 else None, now, later[0] if later else (earlier[-1] if earlier else None)


def _combined(constraint: NoteConstraint, other: int) -> NoteConstraint:
    """Return a note's constraints combined with those of another voice at pitch `other`."""
    tension = tuple([cost + CLASHES.get((other - tone) % 12, 0.0) for tone, cost in enumerate(constraint.tension)])
    return constraint._replace(tension=tension)


def _double(setting: Setting, tune: Sequence[Tone]) -> tuple[Tone, ...]:
    """Return a second voice to the tune: a third below, or the fourth or sixth if the third does not fit the chord."""
    ladder = Ladder(setting.key)
    tones: list[Tone] = []
    for tone in tune:
        step = ladder.step_of(tone.pitch)
        chord, _ = setting.place(tone.at, tone.length)
        palette = palette_of(chord, setting.key, "chords")
        choices = []
        for steps, cost in ((2, 0.0), (3, 0.7), (5, 0.6)):
            pitch = ladder.pitch_of(step - steps)
            clash = CLASHES.get((tone.pitch - pitch) % 12, 0.0)
            choices.append((min(OUT, palette.strong[pitch % 12]) + cost + clash, pitch))
        pitch = min(choices)[1]
        tones.append(tone._replace(pitch=min(127, max(0, pitch)), strength=SOFT))
    return tuple(tones)


def _in_range_of(setting: Setting, tune: Sequence[Tone], shift: float = 0.0) -> Setting:
    """Return the setting with the tune's range, transposed and a third wider."""
    pitches = [tone.pitch for tone in tune]
    high = min(127, max(12, round(max(pitches) + shift) + 2))
    low = min(high - 12, max(0, high - 24, round(min(pitches) + shift) - 2))
    home = min(high - 3.0, max(low + 3.0, median(pitches) + shift))
    return replace(setting, register=Register(low, high, home))
