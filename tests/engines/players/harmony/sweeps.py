"""Random sweeps over the stages of HarmonyRoo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import get_args

import msgspec

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.numeral import Numeral
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.chords.colours import colour
from musearoo.engines.players.chords.endings import close_fully, close_half, end_section, turn_round
from musearoo.engines.players.chords.harmonisation import harmonise
from musearoo.engines.players.chords.key_fitting import chords_of_scale, fit_to_key, fit_to_scale
from musearoo.engines.players.chords.numeral_slots import (
    Slot,
    Slots,
    fill_slots,
    join_equal,
    middle_of,
    replace_from,
    slots_of_bars,
)
from musearoo.engines.players.chords.phrases import write_phrase
from musearoo.engines.players.chords.progressions import (
    compose_progression,
    lead_into_key,
    transpose_progression,
    vamp_in_key,
)
from musearoo.engines.players.chords.substitutions import substitute
from musearoo.engines.players.chords.units import choose_unit, mode_of, usual_key, vamp_in_mode
from musearoo.engines.players.chords.walks import walk
from musearoo.engines.players.harmony.changes import add_between, leave_out
from musearoo.engines.players.harmony.comping import choose_comping, write_onsets
from musearoo.engines.players.harmony.engine import KINDS, HarmonyParams, generate, refine
from musearoo.engines.players.harmony.fretboard import grips_of, pitches_of
from musearoo.engines.players.harmony.other_parts import collect_other_parts, find_voicing_targets, soften
from musearoo.engines.players.harmony.performance import transposed
from musearoo.engines.players.harmony.playability import (
    ChordInstrument,
    find_chord_faults,
    in_two_hands,
    make_playable,
    on_fretboard,
)
from musearoo.engines.players.harmony.voice_leading import VoicingTarget, distance, has_parallels, lead_voices
from musearoo.engines.players.harmony.voicings import voicings_of
from musearoo.engines.players.params import Change
from musearoo.engines.styles.harmony import ChordRow, Comping, Family, HarmonyStyle, Mode, Part, Substitutions, Ways
from musearoo.engines.styles.rows import OnsetRow
from musearoo.engines.styles.schema import Style
from tests.engines import drawn_music as draw
from tests.engines.drawn_music import amount, any_of, between, sweep, whole
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome

NAMES = tuple(STYLES)
BAND: tuple[Role, ...] = ("drums", "bass", "melody")
PARTS: tuple[Part | None, ...] = (None, *get_args(Part))
MODES: tuple[Mode, ...] = get_args(Mode)
FAMILIES: tuple[Family, ...] = get_args(Family)
INSTRUMENTS: tuple[ChordInstrument, ...] = get_args(ChordInstrument)
VAMPS = ("N.C. | Am F", "C", "F#m | N.C. | B7 E", "Gsus4", "Dm7 | % | G7")
QUALITIES = (
    *("maj", "min", "maj", "min", "7", "min7", "maj7", "7(b9)", "dim", "hdim7", "aug", "sus4", "sus2", "(1,5)"),
    *("dim7", "9", "maj6", "min6", "7(b5)"),
)


def sweeps() -> Iterator[Outcome]:
    """All of them, the quickest first."""
    yield from sweep("slots", 150, 3, slots)
    yield from sweep("substitutions", 300, 6, substitutions)
    yield from sweep("colours", 400, 4, colours)
    yield from sweep("endings", 150, 3, endings)
    yield from sweep("scales", 120, 2, scales)
    yield from sweep("phrases", 160, 2, phrases)
    yield from sweep("units", 160, 4, units)
    yield from sweep("voicings", 1100, 6, voicings)
    yield from sweep("grips", 300, 2, grips)
    yield from sweep("leading", 300, 5, leading)
    yield from sweep("playability", 240, 3, playability)
    yield from sweep("listening", 200, 4, listening)
    yield from sweep("strokes", 240, 4, strokes)
    yield from sweep("changes", 80, 2, changes)
    yield from sweep("progressions", 120, 6, progressions)
    yield from sweep("harmonised", 150, 6, harmonised)
    yield from sweep("takes", 160, 16, takes)


def slots(chance: Random, _number: int) -> object:
    meter, numerals = draw.meter(chance), [_numeral(chance) for _ in range(whole(chance, 1, 4))]
    bars = [numerals[: whole(chance, 1, len(numerals))] for _ in range(whole(chance, 1, 3))]
    unit = slots_of_bars(bars, meter)
    tail, start = _slots(chance, meter), any_of(chance, (0.0, 2.0, 4.0, unit[-1].end))
    return (
        unit,
        fill_slots(unit, any_of(chance, (1.0, 4.0, 7.0, 16.0))),
        replace_from(unit, start, tail),
        [(middle_of(slot, meter), slot.length) for slot in (*unit, *tail)],
        join_equal((*unit, *unit)),
    )


def substitutions(chance: Random, number: int) -> object:
    shares = {name: any_of(chance, (0.0, 0.0, 0.5, 1.0)) for name in Substitutions.__struct_fields__}
    meter = draw.meter(chance)
    found = [
        substitute(
            _slots(chance, meter), meter, Substitutions(**shares), amount(chance), chance.random() < 0.5, _own(number)
        )
    ]
    # One rule at a time, over pairs of the commonest chords.
    for name in Substitutions.__struct_fields__:
        pair = tuple(
            Slot(4.0 * at, 4.0 * at + 4.0, Numeral(any_of(chance, (0, 0, 2, 4, 5, 5, 7, 7, 9, 11)), quality))
            for at, quality in enumerate((any_of(chance, ("maj", "min", "7", "min7")), any_of(chance, QUALITIES)))
        )
        ends = (*pair, Slot(8.0, any_of(chance, (9.0, 12.0)), Numeral(0, any_of(chance, ("maj", "min")))))
        only = Substitutions(**{each: float(each == name) for each in shares})
        found.append(substitute(ends, Meter(), only, 1.0, chance.random() < 0.5, _own(number)))
    return found


def colours(chance: Random, number: int) -> object:
    style, key, meter = _harmony(chance), draw.key(chance), draw.meter(chance)
    return colour(_slots(chance, meter), style, key, amount(chance), _own(number))


def endings(chance: Random, number: int) -> object:
    meter, style, mode = draw.meter(chance), _harmony(chance), any_of(chance, MODES)
    unit = _slots(chance, meter)
    unit = fill_slots(unit, any_of(chance, (1, 2, 4, 8, 9)) * meter.bar_beats)
    return (
        end_section(unit, style, meter, draw.section(chance), mode, amount(chance), _own(number)),
        close_fully(unit, style, meter, mode, chance.random()),
        close_half(unit, meter),
        turn_round(unit, style, meter, chance.random()),
    )


def scales(chance: Random, _number: int) -> object:
    numeral, key = _numeral(chance), draw.key(chance)
    return fit_to_key(numeral, key), fit_to_scale(numeral, key.intervals), chords_of_scale(key.intervals), mode_of(key)


def phrases(chance: Random, number: int) -> object:
    count, mode = whole(chance, 1, 17), any_of(chance, MODES)
    families: dict[Family, float] = {family: chance.random() for family in FAMILIES if chance.random() < 0.5}
    return (
        write_phrase(count, mode, chance.random() < 0.5, _own(number)),
        walk(families or {"pop": 1.0}, mode, count, _own(number)),
    )


def units(chance: Random, number: int) -> object:
    style, key, meter = _style(chance), draw.key(chance), draw.meter(chance)
    bars = any_of(chance, (1, 2, 3, 4, 8, 12, 16))
    return (
        choose_unit(style, key, meter, bars, any_of(chance, PARTS), _own(number)),
        usual_key(style),
        vamp_in_mode(style, any_of(chance, MODES), meter),
        vamp_in_key(style, key, meter),
    )


def voicings(chance: Random, number: int) -> object:
    low = whole(chance, 28, 72) if chance.random() < 0.9 else whole(chance, 90, 110)
    key = draw.key(chance)
    kind = KINDS[number % len(KINDS)]
    return voicings_of(
        draw.chord(chance), kind, low, min(127, low + whole(chance, 12, 30)), frozenset(key.pitch_classes)
    )


def grips(chance: Random, _number: int) -> object:
    found = grips_of(draw.chord(chance))
    return found, [pitches_of(grip) for grip in found]


def leading(chance: Random, _number: int) -> object:
    places = []
    for _ in range(whole(chance, 1, 5)):
        bass = (whole(chance, 36, 52), whole(chance, 36, 52)) if chance.random() < 0.6 else None
        floor, ceiling = any_of(chance, (0, 0, 52, 60)), any_of(chance, (127, 127, 67, 72))
        places.append(VoicingTarget(draw.chord(chance), floor, ceiling, bass))
    low, kind = whole(chance, 40, 60), any_of(chance, KINDS)
    key = frozenset(draw.key(chance).pitch_classes)
    led = lead_voices(
        places, kind, low, low + whole(chance, 12, 30), key, between(chance, 45.0, 75.0), chance.random() < 0.4
    )
    pairs = [
        tuple(tuple(sorted({whole(chance, 48, 75) for _ in range(whole(chance, 2, 4))})) for _ in range(2))
        for _ in range(12)
    ]
    moved = [(one, tuple(pitch + whole(chance, -2, 2) for pitch in one)) for one, _ in pairs]
    parallels = [has_parallels(one, (*(pitch + any_of(chance, (2, 2, 0, 1)) for pitch in one),)) for one, _ in pairs]
    return led, [(distance(*pair), has_parallels(*pair)) for pair in (*pairs, *moved)], parallels


def playability(chance: Random, number: int) -> object:
    bpm = any_of(chance, draw.TEMPOS)
    notes, at = [], 0.0
    for _ in range(whole(chance, 1, 8)):
        for _ in range(whole(chance, 1, 7)):
            start = at + any_of(chance, (0.0, 0.0, 0.01, 0.03))
            notes.append(Note(start, whole(chance, 36, 84), 0.5, float(whole(chance, 40, 100))))
        at += any_of(chance, (0.05, 0.1, 0.25, 1.0))
    notes.sort(key=lambda note: (note.start, note.pitch))
    instrument = INSTRUMENTS[number % len(INSTRUMENTS)]
    faults = [(fault.start, fault.problem[:8]) for fault in find_chord_faults(notes, bpm, instrument)]
    chord = tuple(sorted({whole(chance, 40, 76) for _ in range(whole(chance, 1, 8))}))
    return faults, [(n.start, n.pitch) for n in make_playable(notes, bpm, instrument)], (
        in_two_hands(chord),
        on_fretboard(chord),
        on_fretboard(chord[:3]),
        on_fretboard(chord[:2]),
        [(note.pitch, note.duration) for note in transposed(notes, any_of(chance, (0, 12, -24, 60, -60)))],
    )  # fmt: skip


def listening(chance: Random, _number: int) -> object:
    bars = whole(chance, 1, 6)
    context = draw.context(chance, bars, BAND)
    length = bars * context.meter.value.bar_beats
    others = collect_other_parts(context, length)
    times = [between(chance, 0.0, length) for _ in range(6)]
    sung = frozenset(whole(chance, 0, 11) for _ in range(whole(chance, 1, 4)))
    return (
        others,
        find_voicing_targets(draw.spans(chance, length), others, whole(chance, 40, 60)),
        [
            (others.sounding(time, time + 0.5), others.has_room(time, time + 1.0), others.has_drum_onset_at(time))
            for time in times
        ],
        [soften(draw.chord(chance), sung) for _ in range(6)],
    )


def strokes(chance: Random, number: int) -> object:
    bars = any_of(chance, (1, 2, 4, 8))
    context, params = draw.context(chance, bars, BAND), _params(chance, bars)
    meter = context.meter.value
    spans = draw.spans(chance, bars * meter.bar_beats)
    comping = choose_comping(params, "", number)
    others = collect_other_parts(context, bars * meter.bar_beats)
    swing = Swing(any_of(chance, (1.0, 2.0)))
    return comping.name, write_onsets(comping, params, meter, spans, others, swing, number)


def changes(chance: Random, _number: int) -> object:
    meter = draw.meter(chance)
    clip, busier = (draw.clip(chance, any_of(chance, ("harmony", "bass")), 16.0, meter) for _ in range(2))
    if chance.random() < 0.3:
        clip = clip.with_notes(clip.notes[: whole(chance, 0, 4)])
    starts = [note.start for note in clip.notes if chance.random() < any_of(chance, (0.2, 1.0))]
    return notes_of(leave_out(clip, starts)), notes_of(add_between(clip, busier))


def progressions(chance: Random, number: int) -> object:
    key, meter, bars = draw.key(chance), draw.meter(chance), any_of(chance, (1, 2, 4, 5, 8, 12, 16, 32))
    style = _style(chance)
    asked = None if chance.random() < 0.2 else key
    spans = compose_progression(style, asked, meter, bars, draw.section(chance), amount(chance), number)
    return (
        spans,
        transpose_progression(spans[:3], whole(chance, -5, 14)),
        lead_into_key(spans, draw.key(chance), draw.meter(chance)),
    )


def harmonised(chance: Random, _number: int) -> object:
    meter, bars = draw.meter(chance), whole(chance, 1, 4)
    length = bars * meter.bar_beats
    melody, bass = draw.clip(chance, "melody", length, meter), draw.clip(chance, "bass", length, meter)
    if chance.random() < 0.2:
        melody = melody.with_notes(())
    key = None if chance.random() < 0.3 else draw.key(chance)
    other = meter if chance.random() < 0.8 else draw.meter(chance)
    return harmonise(melody, key, STYLES[any_of(chance, NAMES)], other, bass if chance.random() < 0.5 else None)


def takes(chance: Random, number: int) -> object:
    bars = any_of(chance, (1, 2, 4, 4, 8))
    context, params = draw.context(chance, bars, BAND), _params(chance, bars)
    clip = generate(params, context, number)
    return notes_of(clip), notes_of(refine(clip, tuple(Change)[number % 3], params, context, number))


def _own(number: int) -> Random:
    return stream(number, "own")


def _numeral(chance: Random) -> Numeral:
    return Numeral(whole(chance, 0, 11), any_of(chance, QUALITIES), any_of(chance, (0, 0, 0, 0, 4, 7)))


def _slots(chance: Random, meter: Meter) -> Slots:
    """Chords of a half bar to two bars, mostly those that songs have."""
    found, at, bar = [], 0.0, meter.bar_beats
    for _ in range(whole(chance, 2, 8)):
        plain = Numeral(any_of(chance, (0, 2, 4, 5, 7, 7, 9, 10)), any_of(chance, ("maj", "min", "7", "min7", "sus4")))
        end = at + any_of(chance, (bar, bar, bar / 2.0, 2.0 * bar))
        found.append(Slot(at, end, plain if chance.random() < 0.7 else _numeral(chance)))
        at = end
    return tuple(found)


def _row(chance: Random, marks: Sequence[str]) -> str:
    return " ".join("".join(any_of(chance, marks) for _ in range(any_of(chance, (1, 2, 3, 4)))) for _ in range(4))


def _comping(chance: Random, number: int) -> Comping:
    light = any_of(chance, ("..CcsguLO", ".135246897", "..cc..sL", ".......c"))
    low, energy = any_of(chance, ("....", "...L", ".LFO", "..cL")), amount(chance)
    return Comping(
        name=f"way {number}",
        weight=1 + number,
        complexity=(0, 1) if chance.random() < 0.6 else (0.4, 1),
        plays=(min(energy, 0.5), max(energy, 0.5)),
        sections=any_of(chance, ((), (), (), ("verse", "chorus"))),
        voicing=any_of(chance, KINDS),
        hand=ChordRow("|".join(_row(chance, light) for _ in range(whole(chance, 1, 2)))),
        low=ChordRow(_row(chance, low)),
        extra=OnsetRow(_row(chance, any_of(chance, ("....", "..359x")))),
        gate=between(chance, 0.1, 1.0),
        longest=any_of(chance, (0.5, 2.0, 16.0)),
        rings=chance.random() < 0.2,
        follows=chance.random() < 0.6,
        anticipates=amount(chance),
        breathes=amount(chance),
        strum=any_of(chance, (0.0, 15.0, 60.0)),
    )


def _harmony(chance: Random) -> HarmonyStyle:
    """A style's harmony with the shares of any other, and hands that no style has."""
    own = STYLES[any_of(chance, NAMES)].harmony
    changed = msgspec.structs.replace(
        own,
        ways=Ways(loops=whole(chance, 0, 2), grammar=whole(chance, 0, 2), corpus=whole(chance, 0, 2)),
        families={family: 1.0 + chance.random() for family in FAMILIES if chance.random() < 0.5} or {"jazz": 1.0},
        chord_bars={name: chance.random() for name in ("1/2", "1", "2", "4", "8") if chance.random() < 0.6},
        substitutions=Substitutions(**{name: amount(chance) for name in Substitutions.__struct_fields__}),
        key=any_of(chance, (own.key, "")),
        colour=amount(chance),
        turnaround=amount(chance),
        half_close=amount(chance),
        one_loop=amount(chance),
        aaba=amount(chance),
        parallels=chance.random() < 0.5,
        cadences=own.cadences if chance.random() < 0.8 else (),
        turnarounds=own.turnarounds if chance.random() < 0.8 else (),
    )
    if chance.random() < 0.6:
        comping = tuple(_comping(chance, number) for number in range(whole(chance, 1, 4)))
        changed = msgspec.structs.replace(changed, comping=comping)
    return changed


def _style(chance: Random) -> Style:
    style = msgspec.structs.replace(STYLES[any_of(chance, NAMES)], harmony=_harmony(chance))
    return style if chance.random() < 0.7 else msgspec.structs.replace(style, vamp=any_of(chance, VAMPS))


def _params(chance: Random, bars: int) -> HarmonyParams:
    return HarmonyParams(
        style=_style(chance) if chance.random() < 0.7 else STYLES[any_of(chance, NAMES)],
        bars=bars,
        complexity=amount(chance),
        density=amount(chance),
        humanise=amount(chance),
        swing=any_of(chance, (None, None, 1.0, 2.0, 3.5)),
        section=draw.section(chance),
        octave=any_of(chance, (0, 0, 0, 1, -2, 2)),
        voicing=any_of(chance, (None, None, *KINDS)),
    )
