"""Compose a melody unit by unit: each motif is stated freely once, and developed from that statement afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.foundation.chance import pick
from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.music.timing import beats_per_second
from musearoo.engines.players.melody.inflection import slide_in
from musearoo.engines.players.melody.motif import (
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
from musearoo.engines.players.melody.pitch_search import NoteConstraint, find_pitches
from musearoo.engines.players.melody.planning import PlannedUnit, plan_units, tension_at
from musearoo.engines.players.melody.rhythm import Beat, anticipate, audition, divide, pick_up, replace_end, thin
from musearoo.engines.players.melody.setting import Ladder, Setting, Tone
from musearoo.engines.styles.melody import Contour
from musearoo.engines.styles.rows import NORMAL

LIFT: Final[dict[SectionKind, float]] = {
    "verse": -2.0, "pre_chorus": 0.0, "chorus": 2.0, "bridge": 1.0, "drop": 2.5, "solo": 2.0, "build": 1.0,
    "breakdown": -1.0, "intro": -1.0, "outro": -1.5,
}  # fmt: skip
"""The semitones by which a kind of section is above the middle of the register."""
THINNED: Final[frozenset[SectionKind]] = frozenset({"intro", "breakdown", "outro"})
"""The sections in which every other unit is silent."""
FRESH_PULL: Final = 0.18
"""The cost per semitone of leaving a contour, which is only a preference."""
SHAPE_PULL: Final = 0.5
"""The cost per semitone of leaving the shape of a known motif, which listeners expect."""
CLOSE_PULL: Final = 0.3
"""The cost per semitone of missing the pitch of a phrase's close."""
MAX_RANDOM_COST: Final = 2.6
"""The largest random cost of a tone while a motif is first stated."""
TEMPO_LIMIT: Final = 11.0
"""The most notes per second."""
ROOM: Final = 0.45
"""The beats that a note needs before another unit's first notes begin."""


@dataclass(frozen=True, slots=True)
class MotifStatement:
    """A motif with its first statement's position: the step of the ladder of its first note."""

    motif: Motif
    anchor: int


def compose(setting: Setting, theme: MotifStatement | None = None) -> tuple[Tone, ...]:
    """Return the sorted, monophonic tones of a whole take; a given theme becomes motif a."""
    params, bar, length = setting.params, setting.meter.bar_beats, setting.length
    ladder = Ladder(setting.key)
    statements = {} if theme is None else {"a": theme}
    tones: list[Tone] = []
    for unit in _units(setting):
        start = unit.bar * bar
        before = statements.get(unit.letter)
        developed = None if before is None else develop(before.motif, unit, setting)
        beats = _come_in(_rhythm(unit, developed, setting), start, tones)
        constraints = _constraints(beats, unit, before, developed, ladder, setting)
        pitches = find_pitches(
            tuple(constraints),
            setting.manner(unit.bar, unit.bars),
            tuple(tone.pitch for tone in tones[-2:]),
            params.effort,
        )
        if before is None:
            statements[unit.letter] = state(beats, pitches, ladder, unit.bars * bar)
        likely = setting.style.chromatic * min(1.0, 2.0 * params.complexity)
        if likely:
            pitches = slide_in(pitches, beats, constraints, likely, setting.chance("slide", unit.letter))
        _cut_last(tones, start + beats[0].at)
        for beat, pitch in zip(beats, pitches, strict=True):
            until = min(length, start + beat.at + beat.length)
            tones.append(setting.let_go(Tone(start + beat.at, until - start - beat.at, pitch, beat.strength)))
    return tuple(tones)


def state(beats: Sequence[Beat], pitches: Sequence[int], ladder: Ladder, length: float) -> MotifStatement:
    """Return the motif of some notes, and its position."""
    anchor = ladder.step_of(pitches[0])
    notes = tuple(
        MotifNote(beat.at, beat.length, ladder.step_of(pitch) - anchor, beat.strength)
        for beat, pitch in zip(beats, pitches, strict=True)
    )
    return MotifStatement(Motif(notes, length), anchor)


def develop(motif: Motif, unit: PlannedUnit, setting: Setting) -> Motif:
    """Return the motif as a unit develops it."""
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
    # Returning phrases are ornamented, more often at higher complexity; so are later sections of the kind.
    again = unit.period + setting.params.section.number
    likely = setting.style.ornament * setting.params.complexity * (0.5 if again else 0.0)
    if "o" in unit.operations:
        likely = max(likely, 1.2 * setting.params.complexity)
    if likely > 0.0:
        chance = setting.chance("ornament", unit.letter, unit.bar, setting.params.section.number)
        motif = ornament(motif, [index for index in range(len(motif.notes)) if chance.random() < likely])
    return motif


def height_at(at: float, setting: Setting) -> float:
    """Return the pitch on which a phrase centres: the register's home, moved by section, energy and tension."""
    section = setting.params.section
    # In whole steps, so that a little more energy does not change the tune.
    lift = LIFT.get(section.kind, 0.0) + 2.0 * round(2.0 * (section.energy - 0.5))
    return setting.register.home + lift + 0.2 * setting.style.span * tension_at(at / setting.length, section)


def shape_at(contour: Contour, place: float) -> float:
    """Return the height of a contour, -1..1, at a position 0..1.

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


def _units(setting: Setting) -> tuple[PlannedUnit, ...]:
    params = setting.params
    units = plan_units(setting.style, params.section, params.bars, setting.meter, setting.seed)
    if params.section.kind in THINNED:
        return tuple(unit for index, unit in enumerate(units) if index % 2 == 0 or _is_ending(unit, setting))
    return units


def _rhythm(unit: PlannedUnit, developed: Motif | None, setting: Setting) -> tuple[Beat, ...]:
    """Return the notes of a unit before they have pitches."""
    params, meter, style = setting.params, setting.meter, setting.style
    bar, span = meter.bar_beats, unit.bars * meter.bar_beats
    if developed is None:
        chance = setting.chance("rhythm", unit.letter)
        beats = audition(style.figures, params, setting.density, meter, unit.bars, chance, setting.band.fit)
        beats = divide(beats, setting.density, setting.chance("density", unit.letter))
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
        closing = audition(style.closes, params, setting.density, meter, 1, chance, setting.band.fit)
        beats = replace_end(beats, closing, span - bar)
    return thin(beats, beats_per_second(setting.bpm) / TEMPO_LIMIT)


def _is_ending(unit: PlannedUnit, setting: Setting) -> bool:
    """Return whether a unit contains the song's last bar."""
    return setting.params.section.ends_song and unit.bar + unit.bars == setting.params.bars


def _come_in(beats: Sequence[Beat], start: float, tones: Sequence[Tone]) -> tuple[Beat, ...]:
    """Return the notes of a unit; pickups are kept as far as the previous unit leaves room.

    A first note without room for its pickup starts on time.
    """
    free = tones[-1].at + ROOM if tones else 0.0
    early = sum(beat.at < -1e-9 and start + beat.at < free for beat in beats)
    kept = tuple(beats[early:])
    if early:
        last = beats[early - 1]
        if last.at + last.length > ROOM:
            kept = (Beat(0.0, last.at + last.length, last.strength), *kept)
    return kept or (Beat(0.0, beats[-1].length, beats[-1].strength),)


def _cut_last(tones: list[Tone], until: float) -> None:
    """End the last tone where the next unit begins."""
    if tones and tones[-1].at + tones[-1].length > until:
        tones[-1] = tones[-1]._replace(length=until - tones[-1].at)


def _constraints(
    beats: Sequence[Beat],
    unit: PlannedUnit,
    before: MotifStatement | None,
    developed: Motif | None,
    ladder: Ladder,
    setting: Setting,
) -> list[NoteConstraint]:
    """Return the constraints on a unit's notes: a contour for a new motif, the motif's own shape for a known one."""
    style = setting.style
    start, span = unit.bar * setting.meter.bar_beats, unit.bars * setting.meter.bar_beats
    height = height_at(start + span / 2.0, setting)
    chance = setting.chance("tones", unit.letter)
    contour = pick(chance, tuple(style.contours), tuple(style.contours.values()))
    steps = {} if developed is None else {round(note.at, 4): note.step for note in developed.notes}
    close = "." if _is_ending(unit, setting) else unit.close
    constraints: list[NoteConstraint] = []
    last_target, last_end = height, start - 1.0
    for index, beat in enumerate(beats):
        at, direction = start + beat.at, None
        random_costs: tuple[float, ...] = ()
        step = steps.get(round(beat.at, 4))
        if before is None:
            target = height + style.span / 2.0 * shape_at(contour, min(1.0, max(0.0, beat.at / span)))
            pull, random_costs = FRESH_PULL, tuple([MAX_RANDOM_COST * chance.random() for _ in range(12)])
        elif step is not None:
            target, pull = float(ladder.pitch_of(before.anchor + step)), SHAPE_PULL
            if constraints:
                direction = (target > last_target) - (target < last_target)
        else:
            target, pull = last_target - 1.0, FRESH_PULL / 2.0
        if close and beat.at >= span - setting.meter.bar_beats - 1e-9:
            # A close descends, a full one further than a half one, from the phrase's own last target.
            target, pull = min(last_target, height - style.span * (0.3 if close == "." else 0.1)), CLOSE_PULL
            direction = None
        constraints.append(
            setting.constrain(
                at,
                beat.length,
                target,
                pull,
                random_costs=random_costs,
                close=close if index == len(beats) - 1 else "",
                direction=direction,
                breath=at - last_end >= ROOM,
            )
        )
        last_target, last_end = target, at + beat.length
    return constraints
