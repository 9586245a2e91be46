"""Composes a melody: unit by unit, each motif's first statement found freely, all later ones from what it was."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from random import Random
from typing import Final, NamedTuple

from engines.chance import pick, stream
from engines.melodyroo.habits import INTERVALS
from engines.melodyroo.hearing import Register
from engines.melodyroo.motif import (
    Motif,
    MotifNote,
    augment,
    diminish,
    fragment,
    invert,
    ornament,
    retrograde,
    sequence,
    simplify,
)
from engines.melodyroo.palette import palette_of
from engines.melodyroo.planning import CLIMAX, MATERIAL, PlannedUnit, plan_units, tension_at
from engines.melodyroo.rhythm import Beat, Fit, anticipate, audition, pick_up, replace_end, thin
from engines.melodyroo.singing import Manner, Want, sing
from engines.music.chord import Chord
from engines.music.meter import Meter
from engines.music.progression import ChordSpan, chord_at
from engines.music.scale import Key
from engines.music.song_section import SectionKind
from engines.params import EngineParams
from engines.rows import NORMAL
from engines.styles.melody import Contour, MelodyStyle

LIFT: Final[dict[SectionKind, float]] = {
    "verse": -2.0, "pre_chorus": 0.0, "chorus": 2.0, "bridge": 1.0, "drop": 2.5, "solo": 2.0, "build": 1.0,
    "breakdown": -1.0, "intro": -1.0, "outro": -1.5,
}  # fmt: skip
"""Semitones that a kind of section lies above the middle of the register."""
BUSTLE: Final[dict[SectionKind, float]] = {
    "solo": 0.3, "build": 0.1, "intro": -0.15, "breakdown": -0.25, "outro": -0.15, "bridge": -0.1,
}  # fmt: skip
"""How much denser than the style has it a kind of section is."""
THINNED: Final[frozenset[SectionKind]] = frozenset({"intro", "breakdown", "outro"})
"""Sections in which every other unit is silent."""
FRESH_PULL: Final = 0.18
"""The cost of a semitone away from a contour, which is a wish."""
SHAPE_PULL: Final = 0.5
"""The cost of a semitone away from a motif that was heard before, which is a promise."""
WHIM: Final = 2.6
"""The most that chance adds to the cost of a tone while a motif is found."""
TEMPO_LIMIT: Final = 11.0
"""Notes a second that a melodist plays at most."""


class Tone(NamedTuple):
    """A note of the melody: straight place and length in beats, pitch, how hard it is struck, and its unit's place."""

    at: float
    length: float
    pitch: int
    strength: int
    unit: int


class Ladder:
    """The pitches of a key, counted in steps."""

    def __init__(self, key: Key) -> None:
        tones = frozenset(key.pitch_classes)
        self._pitches = [pitch for pitch in range(-12, 140) if pitch % 12 in tones]

    def step_of(self, pitch: float) -> int:
        """The step nearest to a pitch, the lower of two as near."""
        index = bisect_left(self._pitches, pitch)
        if index == 0:
            return 0
        below, above = self._pitches[index - 1], self._pitches[min(index, len(self._pitches) - 1)]
        return index - 1 if pitch - below <= above - pitch else index

    def pitch_of(self, step: int) -> int:
        """The pitch of a step, the nearest there is."""
        return self._pitches[min(max(0, step), len(self._pitches) - 1)]


@dataclass(frozen=True, slots=True)
class Statement:
    """A motif as it was first heard, and the step of the ladder on which its first note stood."""

    motif: Motif
    anchor: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What a melody is composed to: one take's parameters, meter, key, chords, register, and the ear for a rhythm."""

    params: EngineParams
    meter: Meter
    bpm: float
    key: Key
    spans: tuple[ChordSpan, ...]
    register: Register
    fit: Fit
    seed: int

    @property
    def style(self) -> MelodyStyle:
        """The style's melodist."""
        return self.params.style.melody

    def chance(self, *labels: str | int) -> Random:
        """A stream of chance that is the same wherever the song plays this kind of section."""
        return stream(self.seed, "melody", MATERIAL[self.params.section.kind], *labels)

    @property
    def density(self) -> float:
        """How finely time is divided, 0..1, in this kind of section."""
        return min(1.0, max(0.0, self.params.density + BUSTLE.get(self.params.section.kind, 0.0)))


def compose(setting: Setting) -> tuple[Tone, ...]:
    """The tones of a whole take in order, one at a time."""
    params, meter = setting.params, setting.meter
    bar, length = meter.bar_beats, params.bars * meter.bar_beats
    ladder = Ladder(setting.key)
    statements: dict[str, Statement] = {}
    tones: list[Tone] = []
    units = plan_units(setting.style, params.section, params.bars, meter, setting.seed)
    if params.section.kind in THINNED and len(units) > 1:
        units = tuple(unit for index, unit in enumerate(units) if index % 2 == 0 or _is_ending(unit, setting))
    for index, unit in enumerate(units):
        start = unit.bar * bar
        before = statements.get(unit.letter)
        developed = None if before is None else develop(before.motif, unit, setting)
        beats = _rhythm(unit, developed, setting)
        beats = _fit_behind(beats, tones, start, index == 0)
        wants = _wants(beats, unit, before, developed, ladder, setting)
        manner = _manner(unit, setting)
        pitches = sing(wants, manner, tuple(tone.pitch for tone in tones[-2:]))
        if before is None:
            statements[unit.letter] = _state(beats, pitches, ladder, unit.bars * bar)
        _cut_last(tones, start + beats[0].at if beats else start)
        for beat, pitch in zip(beats, pitches, strict=True):
            until = min(length, start + beat.at + beat.length)
            tones.append(Tone(start + beat.at, until - start - beat.at, pitch, beat.strength, index))
    return tuple(tones)


def develop(motif: Motif, unit: PlannedUnit, setting: Setting) -> Motif:
    """What a unit makes of its motif."""
    shift = unit.operations.count("+") - unit.operations.count("-")
    motif = sequence(motif, shift) if shift else motif
    for sign in unit.operations:
        if sign == "i":
            motif = invert(motif)
        elif sign == "r":
            motif = retrograde(motif)
        elif sign == "f":
            motif = fragment(motif)
        elif sign == "w":
            motif = augment(motif)
        elif sign == "n" and setting.params.complexity > 0.3:
            motif = diminish(motif)
        elif sign == "s":
            motif = simplify(motif)
    # A phrase that comes back comes back decorated, the oftener the more complex; a later section of the kind too.
    again = unit.period + setting.params.section.number
    likely = setting.style.ornament * setting.params.complexity * (0.5 if again else 0.0)
    if "o" in unit.operations:
        likely = max(likely, 1.2 * setting.params.complexity)
    if likely > 0.0:
        chance = setting.chance("ornament", unit.letter, unit.bar, setting.params.section.number)
        motif = ornament(motif, [index for index in range(len(motif.notes)) if chance.random() < likely])
    return motif


def _rhythm(unit: PlannedUnit, developed: Motif | None, setting: Setting) -> tuple[Beat, ...]:
    """The notes of a unit before they have pitches."""
    params, meter, style = setting.params, setting.meter, setting.style
    bar, span = meter.bar_beats, unit.bars * meter.bar_beats
    if developed is None:
        chance = setting.chance("rhythm", unit.letter)
        beats = audition(style.figures, params, setting.density, meter, unit.bars, chance, setting.fit)
        beats = anticipate(beats, meter, min(1.0, 2.0 * style.syncopation * params.complexity), chance)
        if chance.random() < style.pickup * min(1.0, 2.0 * params.complexity):
            beats = pick_up(beats, 1.0 / 3.0 if meter.is_compound else 0.5, chance)
    else:
        beats = tuple(
            Beat(note.at, min(note.length, span - note.at), note.strength)
            for note in developed.notes
            if note.at < span - 1e-9
        )
    if _is_ending(unit, setting):
        beats = replace_end(beats, (Beat(0.0, bar, NORMAL),), span - bar)
    elif unit.close:
        chance = setting.chance("close", unit.letter, unit.close)
        closing = audition(style.closes, params, setting.density, meter, 1, chance, setting.fit)
        beats = replace_end(beats, closing, span - bar)
    return thin(beats, setting.bpm / 60.0 / TEMPO_LIMIT)


def _is_ending(unit: PlannedUnit, setting: Setting) -> bool:
    """Whether a unit holds the last bar of the song."""
    return setting.params.section.ends_song and unit.bar + unit.bars == setting.params.bars


def _fit_behind(beats: Sequence[Beat], tones: Sequence[Tone], start: float, is_first: bool) -> tuple[Beat, ...]:
    """The notes of a unit less those before its start for which the unit before leaves no room."""
    free = start if is_first else tones[-1].at + 0.45 if tones else 0.0
    return tuple(beat for beat in beats if beat.at >= -1e-9 or start + beat.at >= free)


def _cut_last(tones: list[Tone], until: float) -> None:
    """Ends the last tone where the next unit begins."""
    if tones and tones[-1].at + tones[-1].length > until:
        tones[-1] = tones[-1]._replace(length=until - tones[-1].at)


def _wants(
    beats: Sequence[Beat],
    unit: PlannedUnit,
    before: Statement | None,
    developed: Motif | None,
    ladder: Ladder,
    setting: Setting,
) -> list[Want]:
    start = unit.bar * setting.meter.bar_beats
    span = unit.bars * setting.meter.bar_beats
    place = (start + span / 2.0) / (setting.params.bars * setting.meter.bar_beats)
    section = setting.params.section
    height = setting.register.home + LIFT.get(section.kind, 0.0) + 4.0 * (section.energy - 0.5)
    height += 0.2 * setting.style.span * tension_at(place, section)
    chance = setting.chance("tones", unit.letter)
    contour = pick(chance, tuple(setting.style.contours), tuple(setting.style.contours.values()))
    steps = {} if developed is None else {round(note.at, 4): note.step for note in developed.notes}
    wants: list[Want] = []
    last_target, last_end = height, start - 1.0
    for index, beat in enumerate(beats):
        at = start + beat.at
        chord, weight = _place(at, beat.length, setting)
        palette = palette_of(chord, setting.key, setting.style.colour)
        step = steps.get(round(beat.at, 4))
        direction = None
        if before is not None and step is not None:
            target = float(ladder.pitch_of(before.anchor + step))
            pull = SHAPE_PULL
            if wants:
                direction = (target > last_target) - (target < last_target)
        elif before is not None:
            target, pull = last_target - 1.0, FRESH_PULL / 2.0
        else:
            target = height + setting.style.span / 2.0 * shape_at(contour, min(1.0, max(0.0, beat.at / span)))
            pull = FRESH_PULL
        ease = weight * (1.3 - 0.6 * setting.style.dissonance)
        unrest = tuple(weak + ease * (strong - weak) for strong, weak in zip(palette.strong, palette.weak, strict=True))
        if before is None:
            unrest = tuple(cost + WHIM * chance.random() for cost in unrest)
        goals: tuple[int, ...] = ()
        if index == len(beats) - 1 and (unit.close or _is_ending(unit, setting)):
            goals = close_goals(chord, setting.key, "." if _is_ending(unit, setting) else unit.close)
        breath = at - last_end >= 0.45
        wants.append(Want(target, pull, unrest, palette.in_chord, goals, direction, breath))
        last_target, last_end = target, at + beat.length
    return wants


def close_goals(chord: Chord | None, key: Key, close: str) -> tuple[int, ...]:
    """The pitch classes on which a phrase may end: the tonic for a full close, the second, fifth or seventh degree for
    a half one; a chord that has none of them gives its own tones.

    >>> close_goals(Chord.parse("C"), Key.parse("C"), "."), close_goals(Chord.parse("G"), Key.parse("C"), ",")
    ((0,), (2, 7, 11))
    """
    tones = key.pitch_classes if chord is None else chord.pitch_classes
    if close == ".":
        return (key.tonic,) if key.tonic in tones else tuple(tones[:3])
    open_tones = tuple(sorted((key.tonic + degree) % 12 for degree in (2, 7, 10, 11)))
    held = tuple(tone for tone in open_tones if tone in tones)
    return held or tuple(tone for tone in tones if tone != key.tonic) or tuple(tones)


def shape_at(contour: Contour, place: float) -> float:
    """The height of a contour, -1..1, at a place 0..1.

    >>> shape_at("arch", 0.5), shape_at("fall", 1.0), shape_at("level", 0.3)
    (1.0, -1.0, 0.0)
    """
    if contour in ("arch", "valley"):
        arch = 8.0 * place * (1.0 - place) - 1.0
        return arch if contour == "arch" else -arch
    if contour == "rise":
        return 2.0 * place - 1.0
    if contour == "fall":
        return 1.0 - 2.0 * place
    if contour == "wave":
        return 1.0 - 4.0 * abs((2.0 * place) % 1.0 - 0.5)
    return 0.0


def _place(at: float, length: float, setting: Setting) -> tuple[Chord | None, float]:
    """The chord that a note belongs to, and how strong its place is, 0..1: a note that comes early and sounds over the
    beat counts as that beat, and a long note as a strong one.
    """
    pulse = setting.meter.pulses[0]
    off_beat = abs(at / pulse - round(at / pulse)) > 0.02
    heard_at = at
    if off_beat:
        following = pulse * (floor(at / pulse) + 1)
        if at + length >= following + 0.45 and following - at <= 0.51:
            heard_at = following
    bar = setting.meter.bar_beats
    inside = heard_at % bar
    if inside < 0.02 or bar - inside < 0.02:
        weight = 1.0
    elif abs(heard_at / pulse - round(heard_at / pulse)) > 0.02:
        weight = 0.25
    else:
        weight = 0.85 if round(inside / pulse) % 2 == 0 else 0.55
    if length >= 1.4:
        weight = max(weight, 0.95)
    end = setting.params.bars * bar
    return chord_at(setting.spans, heard_at % end + 1e-6), weight


def _manner(unit: PlannedUnit, setting: Setting) -> Manner:
    style, register = setting.style, setting.register
    length = float(setting.params.bars)
    has_top = unit.bar <= CLIMAX * length <= unit.bar + unit.bars
    stretch = 1.5 - style.leaps
    intervals = tuple(
        (cost + (1.2 - 1.6 * style.repeats) if size == 0 else cost * stretch if size > 2 else cost)
        for size, cost in enumerate(INTERVALS)
    )
    return Manner(
        intervals=intervals,
        third_time=2.0 * (1.0 - style.repeats),
        unresolved=1.6 - 0.8 * style.dissonance,
        low=register.low,
        high=register.high if has_top else max(register.low + 7, register.high - 2),
    )


def _state(beats: Sequence[Beat], pitches: Sequence[int], ladder: Ladder, length: float) -> Statement:
    anchor = ladder.step_of(pitches[0]) if pitches else 0
    notes = tuple(
        MotifNote(beat.at, beat.length, ladder.step_of(pitch) - anchor, beat.strength)
        for beat, pitch in zip(beats, pitches, strict=True)
    )
    return Statement(Motif(notes, length), anchor)
