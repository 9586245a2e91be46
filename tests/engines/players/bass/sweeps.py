"""Random sweeps over lines and bands: each step of a bass line alone, and the whole engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, Final

import msgspec

from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.bass.arc import BarPlan, choose_lines, plan_bars
from musearoo.engines.players.bass.changes import busier, simpler
from musearoo.engines.players.bass.engine import BassParams, generate, instrument_of, refine, register_of
from musearoo.engines.players.bass.fingering import find_bass_faults, make_playable
from musearoo.engines.players.bass.manner import MANNERS, chords_in_manner, style_in_manner
from musearoo.engines.players.bass.other_parts import BandCues, find_band_cues, grid_position, push_changes
from musearoo.engines.players.bass.performance import play_in_time, write_notes
from musearoo.engines.players.bass.rhythm import BassOnset, write_rhythm
from musearoo.engines.players.bass.roots import Register, lead_roots, pedal_root, walk_by_inversions, wander
from musearoo.engines.players.bass.tones import choose_pitches
from musearoo.engines.players.bass.walking import chord_scale, lead_in, walk
from musearoo.engines.players.params import Change
from musearoo.engines.styles.bass import Approach, BassFill, BassLine, BassStyle
from musearoo.engines.styles.bass_instruments import INSTRUMENTS
from musearoo.engines.styles.rows import OnsetRow, ToneRow, ToneRun
from musearoo.engines.styles.schema import Style
from tests.engines import drawn_borders as drawn
from tests.engines.players.test_properties import any_of
from tests.snapshots import Outcome

SHARES: Final = (0.0, 0.3, 0.5, 1.0)
ONSETS: Final = (
    "X... x... X... x...",
    "x.x. x.5. 3.x. x.3.",
    "X x x x",
    "X.5x .x.x X..x .5.x|x . o.x .",
    "x.x x.x x.g x.x",
)
TONES: Final = (
    "R 5 8 R",
    "R w w a",
    "R.8. 7.5. u.d. 2.a.",
    "R.3. .4.6 R..n .a.n|R . n.5 .",
    "R.w a.R R.w w.a",
    "n 8 . n",
)
FILLS: Final = ("R358", "a", "R.5. 8.7. 5.a.", "R... w.w. w.a. R.R. n.n.")
ROLES: Final = ("drums", "harmony", "melody")


def outcomes() -> Iterator[Outcome]:
    for name, draw, cases in (
        ("arc", _arc, 300),
        ("band", _band, 160),
        ("manner", _manner, 100),
        ("rhythm", _rhythm, 120),
        ("in time", _in_time, 100),
        ("written", _written, 100),
        ("roots", _roots, 200),
        ("tones", _tones, 140),
        ("walking", _walking, 160),
        ("walks", _walks, 160),
        ("fingers", _fingers, 400),
        ("changed", _changed, 80),
        ("take", _take, 60),
        ("refined", _refined, 24),
    ):
        yield from drawn.sweep(name, draw, lines=2, cases=cases)


def any_params(chance: Random, bars: int, **options: Any) -> BassParams:
    return BassParams(
        style=any_player(chance),
        bars=bars,
        complexity=any_of(chance, drawn.AMOUNTS),
        density=any_of(chance, drawn.AMOUNTS),
        swing=any_of(chance, (None, None, 1.0, 1.6, 2.0)),
        humanise=any_of(chance, (0.0, 0.3, 0.5, 1.0)),
        section=drawn.any_section(chance),
        **options,
    )


def any_player(chance: Random) -> Style:
    """A style with a bass player who was changed in many ways."""
    style = drawn.any_style(chance)
    bass = style.bass
    if drawn.maybe(chance, 0.7):
        instrument = any_of(chance, tuple(INSTRUMENTS))
        low, high = any_of(chance, (("E1", "G3"), ("A1", "D3"), ("E1", "E2"), ("B0", "A1")))
        bass = BassStyle(
            instrument=instrument,
            low=low,
            high=high,
            home=any_of(chance, ("", "A1", "D2")),
            lines=tuple(any_line(chance, number, instrument == "synth bass") for number in range(4)),
            fills=tuple(
                BassFill(name=f"fill {number}", weight=number + 1, complexity=_range(chance), tones=ToneRun(tones))
                for number, tones in enumerate(drawn.some(chance, FILLS, 0.7))
            ),
            approach=any_approach(chance),
        )
    bass = msgspec.structs.replace(
        bass,
        fill_likelihood=any_of(chance, SHARES),
        rests=any_of(chance, SHARES),
        inversions=any_of(chance, SHARES),
        wander=any_of(chance, (0.0, 0.0, 3.0, 12.0)),
    )
    return msgspec.structs.replace(style, bass=bass)


def any_approach(chance: Random) -> Approach:
    chromatic, scale, fifth, guide = (any_of(chance, (0.0, 0.0, 1.0, 2.0)) for _ in range(4))
    return Approach(likelihood=any_of(chance, SHARES), chromatic=chromatic, scale=scale, fifth=fifth, guide=guide)


def _range(chance: Random) -> tuple[float, float]:
    return any_of(chance, ((0.0, 1.0), (0.0, 0.5), (0.5, 1.0), (0.3, 0.7), (0.75, 1.0), (0.0, 0.2)))


def any_line(chance: Random, number: int, glides: bool) -> BassLine:
    return BassLine(
        name=f"line {number}",
        weight=number + 1,
        complexity=_range(chance),
        energy=_range(chance),
        sections=any_of(chance, ((), (), ("verse", "intro"), ("chorus",))) if number else (),
        onsets=OnsetRow(any_of(chance, ONSETS)),
        tones=ToneRow(any_of(chance, TONES)),
        lock=any_of(chance, (0.0, 0.0, 0.5, 1.0)),
        downbeat=drawn.maybe(chance, 0.7),
        gate=any_of(chance, (0.3, 0.9, 1.0)),
        longest=any_of(chance, (0.5, 4.0, 4.5, 16.0)),
        ghosts=OnsetRow(any_of(chance, (". . . .", ".g.g .g.5 .3.. ..g.", "g . g5 5"))),
        pedal=drawn.maybe(chance, 0.2),
        slap=drawn.maybe(chance, 0.3),
        glide=any_of(chance, SHARES) if glides else 0.0,
    )


def any_spans(chance: Random, length: float) -> tuple[ChordSpan, ...]:
    """Chords of any quality without gaps, some over other basses, changing on beats or beside them."""
    changes = {0.0} | {drawn.any_place(chance, length) for _ in range(drawn.whole(chance, 0, 7))}
    starts = sorted(change for change in changes if change < length)
    spans = []
    for start, end in zip(starts, [*starts[1:], length], strict=True):
        root = drawn.whole(chance, 0, 11)
        bass = None if drawn.maybe(chance, 0.8) else (root + any_of(chance, (3, 4, 7, 10))) % 12
        spans.append(ChordSpan(start, end, Chord(root, _quality(chance), bass)))
    return tuple(spans)


def _quality(chance: Random) -> str:
    return "maj" if drawn.maybe(chance, 0.3) else any_of(chance, QUALITIES).harte


def _key(chance: Random) -> Key | None:
    name = any_of(chance, drawn.KEYS)
    return None if name is None else Key.parse(name)


def any_register(chance: Random) -> Register:
    low = any_of(chance, (28, 23, 33, 40))
    return Register(low, low + any_of(chance, (8, 12, 19, 24, 30)), low + any_of(chance, (0, 5, 7, 12)))


def any_band(chance: Random, bars: int, length: float) -> BandCues:
    places = sorted({drawn.any_place(chance, length) for _ in range(10)})
    kicks = tuple(place for place in places if drawn.maybe(chance, 0.6))
    return BandCues(
        kicks=kicks,
        played={place: place + any_of(chance, (0.0, 0.02, -0.01)) for place in places if drawn.maybe(chance, 0.5)},
        kickless=frozenset(bar for bar in range(bars) if drawn.maybe(chance, 0.2)),
        room=tuple(any_of(chance, (-0.2, 0.0, 0.2)) for _ in range(bars)),
        talking=frozenset(bar for bar in range(bars) if drawn.maybe(chance, 0.2)),
        struck=frozenset(place for place in places if drawn.maybe(chance, 0.4)),
        accents=frozenset(place for place in places if drawn.maybe(chance, 0.3)),
        ceiling=127,
    )


def any_pulses(chance: Random, length: float) -> list[BassOnset]:
    lines = [any_line(chance, number, glides=True) for number in range(2)]
    line = any_of(chance, lines)
    places = sorted({drawn.any_place(chance, length) for _ in range(drawn.whole(chance, 1, 24))})
    return [
        BassOnset(
            place,
            any_of(chance, ("", "R", "R", "w", "w", "w", "a", "n", *"2345678du")),
            drawn.whole(chance, 0, 3),
            line if drawn.maybe(chance, 0.8) else any_of(chance, lines),
            any_of(chance, (0.0, 10.0, -24.0)),
            drawn.maybe(chance, 0.1),
            drawn.maybe(chance, 0.1),
        )
        for place in places
    ]


def _arc(chance: Random, seed: int) -> object:
    bars = any_of(chance, (1, 2, 4, 8, 9, 17))
    params = any_params(chance, bars)
    lines = choose_lines(params, seed)
    plans = plan_bars(params, lines, any_band(chance, bars, 4.0 * bars), seed)
    return [line.name for line in lines], plans


def _band(chance: Random, seed: int) -> object:
    params = any_params(chance, drawn.whole(chance, 1, 5))
    context = drawn.any_context(chance, params.bars, ("drums", "drums", "harmony", "melody"))
    length = params.bars * context.meter.value.bar_beats
    swing = Swing(any_of(chance, (1.0, 1.0, 1.5, 2.0)))
    spans = any_spans(chance, length)
    beats = [drawn.any_place(chance, 8.0) + 0.01 * drawn.whole(chance, -9, 9) for _ in range(12)]
    return (
        find_band_cues(params, context, swing, length, seed, drawn.maybe(chance, 0.5)),
        [(span.start, span.end) for span in push_changes(spans, context, swing, length)],
        [grid_position(max(0.0, beat)) for beat in beats],
    )


def _manner(chance: Random, _seed: int) -> object:
    style, manner = any_player(chance), any_of(chance, ("", *MANNERS))
    played = style_in_manner(style, manner).bass
    spans = chords_in_manner(any_spans(chance, 8.0), _key(chance), manner)
    lines = [(line.name, line.tones.text, line.pedal, line.sections) for line in played.lines]
    return lines, len(played.fills), played.rests, [(span.start, span.end, str(span.chord)) for span in spans]


def _rhythm(chance: Random, seed: int) -> object:
    params = any_params(chance, any_of(chance, (1, 2, 4, 5, 9)))
    meter = drawn.any_context(chance, 1).meter.value
    length = params.bars * meter.bar_beats
    lines = [any_of(chance, params.style.bass.lines) for _ in range(params.bars)]
    plans = [
        BarPlan(
            any_of(chance, drawn.AMOUNTS),
            any_of(chance, (0.0, 0.0, 12.0, -8.0)),
            drawn.maybe(chance, 0.15),
            drawn.maybe(chance, 0.2),
            any_of(chance, (1.0, 1.0, 0.25, 0.5)),
            drawn.maybe(chance, 0.15),
        )
        for _ in range(params.bars)
    ]
    changes = sorted({0.0, *(drawn.any_place(chance, length) for _ in range(6))})
    tied = frozenset(change for change in changes if drawn.maybe(chance, 0.2))
    band = any_band(chance, params.bars, length)
    pulses = write_rhythm(lines, plans, params, meter, band, changes, tied, seed)
    return [(*pulse[:3], pulse.line.name, *pulse[4:]) for pulse in pulses]


def _in_time(chance: Random, seed: int) -> object:
    params = any_params(chance, drawn.whole(chance, 1, 4))
    context = drawn.any_context(chance, params.bars)
    context = replace(context, groove=drawn.any_groove(chance))
    length = params.bars * context.meter.value.bar_beats
    swing = Swing(any_of(chance, (1.0, 1.5, 2.0)))
    band = any_band(chance, params.bars, length)
    pulses = any_pulses(chance, length)
    if drawn.maybe(chance, 0.5):
        pulses = sorted([*pulses, *(pulse._replace(at=pulse.at + 0.04) for pulse in pulses)], key=lambda each: each.at)
    return play_in_time(pulses, params, context, swing, band, length, seed)


def _written(chance: Random, seed: int) -> object:
    params, length = any_params(chance, 2), 8.0
    pulses = any_pulses(chance, length)
    pitches = [any_of(chance, (28, 31, 36, 36, 40, 43)) for _ in pulses]
    times = sorted(min(pulse.at + any_of(chance, (0.0, 0.01, -0.01)), length - 1.0 / 16.0) for pulse in pulses)
    times = [max(0.0, time) for time in times]
    return drawn.notes_of(write_notes(pulses, pitches, times, any_spans(chance, length), params, length, seed))


def _roots(chance: Random, seed: int) -> object:
    length = any_of(chance, (4.0, 12.0, 18.0, 64.0))
    spans, register = any_spans(chance, length), any_register(chance)
    if drawn.maybe(chance, 0.4):
        # By steps and thirds, as songs go: here basses can walk.
        degrees, root = (2, 9, 4, 5, 7, 0), drawn.whole(chance, 0, 11)
        spans = tuple(replace(span, chord=Chord((root + any_of(chance, degrees)) % 12)) for span in spans)
    homes = wander(spans, register, any_of(chance, (0.0, 2.0, 12.0)), seed)
    inverted = walk_by_inversions(spans, any_of(chance, SHARES), seed)
    return (
        [root.pitch for root in lead_roots(inverted, register, homes)],
        homes,
        [str(span.chord) for span in inverted],
        pedal_root(spans, _key(chance), register).pitch,
    )


def _tones(chance: Random, _seed: int) -> object:
    length, register, key = 8.0, any_register(chance), _key(chance)
    spans = any_spans(chance, length)
    roots = lead_roots(spans, register)
    if drawn.maybe(chance, 0.3):
        roots = (*roots, roots[0]._replace(start=length, end=length + 4.0))
    pulses, approach = any_pulses(chance, length), any_approach(chance)
    complexity = any_of(chance, drawn.AMOUNTS)
    return choose_pitches(pulses, roots, pedal_root(spans, key, register), register, key, approach, complexity, chance)


def _walking(chance: Random, _seed: int) -> object:
    """Walks over some bars of few chords, each beginning on the root or wherever it comes to stand."""
    register, key, length = any_register(chance), _key(chance), 16.0
    starts = sorted({0.0, *(4.0 * drawn.whole(chance, 0, 3) for _ in range(2))})
    spans = [
        ChordSpan(start, end, Chord(drawn.whole(chance, 0, 11), _quality(chance)))
        for start, end in zip(starts, [*starts[1:], length], strict=True)
    ]
    line = any_line(chance, 0, glides=False)
    tones = any_of(chance, ("Rwwa", "Rwww", "Rw5w", "wwwa", "Rwwd"))
    ghost = drawn.whole(chance, 1, 40)
    pulses = [
        BassOnset(float(beat), tones[beat % 4], 0 if beat == ghost else 2, msgspec.structs.replace(line, pedal=False))
        for beat in range(16)
    ]
    roots, approach = lead_roots(spans, register), any_approach(chance)
    return choose_pitches(pulses, roots, pedal_root(spans, key, register), register, key, approach, 0.5, chance)


def _walks(chance: Random, _seed: int) -> object:
    register, key = any_register(chance), _key(chance)
    leaving, coming = (Chord(drawn.whole(chance, 0, 11), _quality(chance)) for _ in range(2))
    start, goal = (drawn.whole(chance, register.low, register.high) for _ in range(2))
    strong = [drawn.maybe(chance, 0.5) for _ in range(drawn.whole(chance, 0, 6))]
    return (
        sorted(chord_scale(leaving, key)),
        walk(start, goal, strong, leaving, register, key, chance),
        [lead_in(start, goal, leaving, coming, register, key, any_approach(chance), chance) for _ in range(4)],
    )


def _fingers(chance: Random, _seed: int) -> object:
    instrument, bpm = any_of(chance, tuple(INSTRUMENTS.values())), any_of(chance, drawn.TEMPI)
    low, high = any_of(chance, ((instrument.low, instrument.high), (instrument.low + 3, instrument.low + 20)))
    seconds, notes = 0.0, []
    for _ in range(drawn.whole(chance, 1, 12)):
        reach = any_of(chance, (7, 12, 30))
        pitch = instrument.low + drawn.whole(chance, -1, reach) + any_of(chance, (0, 0, 10))
        duration = any_of(chance, (0.05, 0.5, 1.0))
        notes.append(Note(seconds * bpm / 60.0, pitch, duration, any_of(chance, (40.0, 90.0, 90.0, 100.0))))
        seconds += any_of(chance, (0.03, 0.04, 0.05, 0.066, 0.065, 0.085, 0.1, 0.15, 0.4, 1.0))
    faults = [(fault.beat, len(fault.problem)) for fault in find_bass_faults(notes, bpm, instrument)]
    return faults, drawn.notes_of(make_playable(notes, bpm, instrument, low, high))


def _changed(chance: Random, _seed: int) -> object:
    pitches = (28, 33, 36, 40, 43)
    clip = drawn.any_clip(chance, 8.0, pitches, count=any_of(chance, (0, 1, 2, 12)), line=True)
    other = drawn.any_clip(chance, any_of(chance, (8.0, 12.0)), pitches, count=20, line=True)
    changes = [
        drawn.any_place(chance, 8.0) + any_of(chance, (0.0, 0.2, -0.1)) for _ in range(drawn.whole(chance, 0, 5))
    ]
    if drawn.maybe(chance, 0.2):
        changes = [note.start for note in clip.notes]
    instrument = any_of(chance, tuple(INSTRUMENTS.values()))
    merged = busier(clip, other, any_of(chance, drawn.TEMPI), instrument, Register(28, 52, 35))
    return drawn.notes_of(simpler(clip, changes).notes), drawn.notes_of(merged.notes)


def _take(chance: Random, seed: int) -> object:
    options = {"octave": any_of(chance, (0, 0, -1, 1, 3, -2)), "manner": any_of(chance, ("", "", *MANNERS))}
    if seed % 10 == 0:
        options |= any_of(
            chance, ({"octave": 4}, {"octave": -3}, {"octave": True}, {"octave": 1.0}, {"manner": "slow"})
        )
    params = any_params(chance, 0 if seed % 20 == 1 else drawn.whole(chance, 1, 5), **options)
    context = drawn.any_context(chance, params.bars, ROLES)
    clip = generate(params, context, seed)
    return (
        *(clip.name, clip.length, drawn.notes_of(clip.notes)),
        *(register_of(params), instrument_of(params)),
    )


def _refined(chance: Random, seed: int) -> object:
    params, context = any_params(chance, 2), drawn.any_context(chance, 2)
    clip = drawn.any_clip(
        chance, any_of(chance, (4.0, 8.0)), (28, 33, 36, 40), count=any_of(chance, (1, 8, 14)), line=True
    )
    return [drawn.notes_of(refine(clip, change, params, context, seed).notes) for change in Change]
