"""Random sweeps over takes and hits: each processor, each decision of a plan, and the whole engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any, Final

import msgspec

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.drum_kit import BY_PITCH, KIT
from musearoo.engines.music.kits.layouts import KITS, map_from_kit, map_to_kit, move_from_pads, move_to_pads
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.drums.dynamics import lead_through_fills
from musearoo.engines.players.drums.engine import DrumParams, generate, kick_onsets, refine, write_notes
from musearoo.engines.players.drums.feel import sixteenths_in_bar
from musearoo.engines.players.drums.fills import crash_on_one, set_up_fills
from musearoo.engines.players.drums.form import build_up, end_song, thin_out
from musearoo.engines.players.drums.interplay import accent_the_chords, leave_room, meet_the_bass
from musearoo.engines.players.drums.limbs import free_the_hands
from musearoo.engines.players.drums.microtiming import follow_groove, keep_order, push_and_drag, swung_position
from musearoo.engines.players.drums.other_parts import BandOnsets, find_band_onsets
from musearoo.engines.players.drums.phrasing import ends_phrase, has_crash, pick_crossing, pick_fill, pick_modulated
from musearoo.engines.players.drums.pipeline import COMPOSE, Processor, run
from musearoo.engines.players.drums.plan import pick_groove, plan_take
from musearoo.engines.players.drums.playability import find_faults, make_playable
from musearoo.engines.players.drums.skeleton import double_time, halve_time, imply_another_tempo
from musearoo.engines.players.drums.take import CLOSE, Hit, Hits, Take
from musearoo.engines.players.drums.timekeeping import cross_the_beat, make_linear, turn_in_cycles
from musearoo.engines.players.params import Change, EngineParams
from musearoo.engines.styles.drums import (
    Build,
    CrossRhythm,
    DrumStyle,
    Fill,
    Groove,
    Layer,
    Ornaments,
    TimeFeel,
    Timekeeper,
)
from musearoo.engines.styles.rows import FillRow, OnsetRow
from musearoo.engines.styles.schema import Style
from tests.engines import drawn_borders as drawn
from tests.engines.players.drums.hits import whole_pipeline
from tests.engines.players.test_properties import any_of
from tests.snapshots import Outcome

SHARES: Final = (0.0, 0.0, 0.3, 0.6, 1.0)
ROWS: Final = (
    ". . . .",
    "X... .... X.3. ..5.",
    "x.x. x.5. xox. Xgx7",
    "x.x x5x X.x .x.",
    "xx55 x.g. .... X...|X . x5 .",
)
FILLS: Final = ("s", "ssss hhml", "Sfdz .c.k", "s.s s.h m.m l.l", "kk.. SSSS ShSh mmll", "o.t. v.w.")
VOICES: Final = (*("kick", "snare", "closed_hat") * 5, "open_hat", "open_hat", "pedal_hat", *KIT)
PITCHES: Final = (*BY_PITCH, 35, 36, 38, 38, 42, 46, 40, 60, 100)
PAST_THE_END: Final = (free_the_hands, keep_order, halve_time, push_and_drag)
"""Processors that may meet a hit after the end of the take."""
FOCUS: Final[dict[Callable[..., object], Callable[[Take], object]]] = {
    meet_the_bass: lambda take: take.band.bass and take.style.drums.follows_bass,
    accent_the_chords: lambda take: take.band.chords and take.style.drums.follows_chords,
    leave_room: lambda take: take.band.melody,
    thin_out: lambda take: len(take.bars) > 3,
    halve_time: lambda take: take.time_feel == "half",
    double_time: lambda take: take.time_feel == "double",
    imply_another_tempo: lambda take: take.modulated,
    cross_the_beat: lambda take: any(bar.crossing for bar in take.bars),
    turn_in_cycles: lambda take: any(bar.timekeeper.cycle for bar in take.bars),
    make_linear: lambda take: take.groove.linear,
    follow_groove: lambda take: take.followed,
    set_up_fills: lambda take: any(bar.fill and bar.fill_start > bar.start for bar in take.bars),
    lead_through_fills: lambda take: any(bar.fill for bar in take.bars),
    crash_on_one: lambda take: any(bar.crash for bar in take.bars),
}
"""The takes in which a processor has something to do: it meets those first."""
BY_SECTION: Final[dict[Callable[..., object], tuple[SectionKind, ...]]] = {
    thin_out: ("intro", "outro", "breakdown", "verse", "intro", "outro", "breakdown", "loop"),
    build_up: ("build",),
    end_song: ("outro", "verse"),
}
"""The kinds of section in which a processor has something to do."""


def outcomes() -> Iterator[Outcome]:
    takes = [any_take(stream(seed, "sweep", "takes"), seed) for seed in range(240)]
    for step, process in whole_pipeline():
        focus = FOCUS.get(step, bool)
        chosen = sorted(takes, key=lambda take: not focus(take))[:48]
        cases = 144 if step in BY_SECTION else 48
        yield from drawn.sweep(step.__name__, _alone(step, process, chosen), lines=1, cases=cases)
    for name, draw, cases in (
        ("plan", _plan, 80),
        ("phrasing", _phrasing, 600),
        ("take", _take, 30),
        ("refined", _refined, 25),
        ("written", _written, 30),
        ("playable", _playable, 800),
        ("kits", _kits, 20),
        ("heard", _heard, 240),
        ("places", _places, 40),
    ):
        yield from drawn.sweep(name, draw, lines=2, cases=cases // 2)


def _alone(step: Callable[..., object], process: Processor, takes: Sequence[Take]) -> drawn.Draw:
    def draw(chance: Random, number: int) -> object:
        take = takes[number % len(takes)]
        if step in BY_SECTION:
            energy = any_of(chance, (*drawn.ENERGIES[:9], 0.7))
            take = replace(take, section=SongSection(any_of(chance, BY_SECTION[step]), energy, ends_song=True))
        hits = any_hits(chance, take, any_of(chance, (40, 60) if step in BY_SECTION else (0, 1, 20, 40, 60)))
        if step not in PAST_THE_END:
            hits = [hit for hit in hits if hit.at < take.length - CLOSE]
        return _hits_of(process(hits, take))

    return draw


def _hits_of(hits: Hits) -> list[tuple[object, ...]]:
    """Hits as they are kept."""
    return [msgspec.structs.astuple(hit) for hit in hits]


def any_take(chance: Random, seed: int) -> Take:
    """A plan of a drawn style, in a drawn context; complexity and density are often on a border."""
    params = any_params(chance, bars=any_of(chance, (1, 2, 3, 4, 5, 8, 9, 16)))
    context = drawn.any_context(chance, params.bars, ("bass", "harmony", "melody"))
    feel: TimeFeel | None = any_of(chance, (None, None, "normal", "half", "double"))
    take = plan_take(params, context, seed, time_feel=feel, fills=any_of(chance, (0.0, 0.5, 1.0)))
    return replace(take, complexity=any_of(chance, drawn.AMOUNTS), density=any_of(chance, drawn.AMOUNTS))


def any_params(chance: Random, bars: int, **options: Any) -> DrumParams:
    return DrumParams(
        style=any_drummer(chance),
        bars=bars,
        complexity=any_of(chance, drawn.AMOUNTS),
        density=any_of(chance, drawn.AMOUNTS),
        swing=any_of(chance, (None, None, 1.0, 1.6, 2.0)),
        humanise=any_of(chance, (0.0, 0.3, 0.5, 1.0)),
        section=drawn.any_section(chance),
        **options,
    )


def any_drummer(chance: Random) -> Style:
    """A style whose drummer was changed in many ways."""
    style = drawn.any_style(chance)
    drums = style.drums
    if drawn.maybe(chance, 0.6):
        drums = DrumStyle(
            grooves=tuple(_groove(chance, number) for number in range(3)),
            timekeepers=tuple(_timekeeper(chance, number) for number in range(4)),
            fills=tuple(_fill(chance, number) for number in range(4)),
        )
    changed = msgspec.structs.replace(
        drums,
        variation=any_of(chance, SHARES),
        fill_likelihood=any_of(chance, SHARES),
        crash_likelihood=any_of(chance, SHARES),
        players=any_of(chance, ("machine", "all", "funk", "jazz", "rock")),
        build=Build(
            voice=any_of(chance, ("snare", "clap", "crash", "closed_hat")),
            slowest=any_of(chance, (1, 2)),
            fastest=any_of(chance, (2, 4, 8)),
            kick=any_of(chance, ("through", "quarters", "out")),
            gap=any_of(chance, (0.0, 0.5, 1.0, 4.0)),
        ),
        follows_bass=any_of(chance, SHARES),
        follows_chords=any_of(chance, SHARES),
        cross_stick_below=any_of(chance, (0.0, 0.3, 0.5, 1.0)),
        crossing=any_of(chance, SHARES),
        cross_rhythms=(CrossRhythm(every=0.75), CrossRhythm(every=4.0 / 3.0, voice="cowbell", weight=2)),
        modulation=any_of(chance, SHARES),
        section_time=any_of(chance, ({}, {"breakdown": "half", "chorus": "double", "verse": "half"})),
        ending=any_of(chance, ("ring", "choke", "groove")),
    )
    ornaments = Ornaments(flams=any_of(chance, SHARES), drags=any_of(chance, SHARES), buzzes=any_of(chance, SHARES))
    return msgspec.structs.replace(style, drums=msgspec.structs.replace(changed, ornaments=ornaments))


def _range(chance: Random) -> tuple[float, float]:
    return any_of(chance, ((0.0, 1.0), (0.0, 0.5), (0.5, 1.0), (0.3, 0.7), (0.75, 1.0), (0.0, 0.2)))


def _sections(chance: Random) -> Any:
    return any_of(chance, ((), (), ("verse", "breakdown"), ("chorus",)))


def _row(chance: Random) -> OnsetRow:
    return OnsetRow(any_of(chance, ROWS))


def _groove(chance: Random, number: int) -> Groove:
    return Groove(
        name=f"groove {number}",
        weight=number + 0.5,
        complexity=_range(chance),
        energy=_range(chance),
        sections=_sections(chance),
        linear=drawn.maybe(chance, 0.3),
        kick=_row(chance),
        snare=_row(chance),
        cross_stick=_row(chance),
        clap=_row(chance),
        ghosts=_row(chance),
        layers=(Layer(voice="cowbell", hits=_row(chance)), Layer(voice="low_tom", hits=_row(chance)))[: number % 3],
    )


def _timekeeper(chance: Random, number: int) -> Timekeeper:
    return Timekeeper(
        name=f"time {number}",
        weight=number + 0.5,
        density=_range(chance),
        energy=_range(chance),
        sections=_sections(chance),
        voice=any_of(chance, ("closed_hat", "closed_hat", "ride", "crash", "shaker", "cross_stick")),
        hits=_row(chance),
        opens=_row(chance),
        pedal=_row(chance),
        cycle=any_of(chance, (None, None, None, 0.5, 3.0, 2.5)),
    )


def _fill(chance: Random, number: int) -> Fill:
    hands, left, feet = (FillRow(any_of(chance, FILLS)) for _ in range(3))
    return Fill(
        name=f"fill {number}",
        weight=number + 0.5,
        complexity=_range(chance),
        energy=_range(chance),
        hands=hands,
        left=left if drawn.maybe(chance, 0.3) else FillRow("."),
        feet=feet,
    )


def any_hits(chance: Random, take: Take, count: int) -> Hits:
    """Hits in order, on the grid and as near to a place as the drummer takes for the same; some past the end."""
    hits = []
    bar = take.meter.bar_beats
    fills = [bar.fill_start - ahead for bar in take.bars if bar.fill for ahead in (0.5, 0.5, 0.25, 0.0)]
    others = [*take.band.bass, *take.band.chords, *take.band.melody]
    seams = (take.pulses, [bar.start for bar in take.bars], fills or take.pulses, others or take.pulses, (take.length,))
    for _ in range(count):
        at = drawn.any_place(chance, take.length + 1.0, bar)
        if drawn.maybe(chance, 0.5):
            at = any_of(chance, any_of(chance, seams))
        at = max(0.0, at + any_of(chance, (0.0,) * 8 + (CLOSE, -CLOSE, 0.5 * CLOSE, 2.0 * CLOSE, 0.02, -0.03)))
        hit = Hit(
            at,
            any_of(chance, VOICES),
            drawn.whole(chance, 0, 3),
            any_of(chance, (1.0, 40.0, 80.5, 110.0, 127.0)),
            max(0.0, at + any_of(chance, (0.0, 0.0, 0.01, -0.01, 0.2))),
            any_of(chance, ("", "", "", "", "flam", "drag", "buzz", "grace")),
            any_of(chance, (0.0, 0.0, 27.0, -42.0)),
        )
        hits.append(hit)
    return sorted(hit for hit in hits if hit.at < take.length or drawn.maybe(chance, 0.1))


def _plan(chance: Random, seed: int) -> object:
    take = any_take(chance, seed)
    bars = [
        (
            *(bar.start, bar.end, bar.timekeeper.name, bar.fill and bar.fill.name, bar.fill_start, bar.crash),
            *(bar.leads, bar.crossing and bar.crossing.every),
        )
        for bar in take.bars
    ]
    asked = EngineParams(style=take.style, bars=len(take.bars), complexity=take.complexity, section=take.section)
    plain = plan_take(asked, drawn.any_context(chance, 4), seed)
    return (
        *(take.groove.name, bars, take.swing, take.band, take.time_feel, take.modulated, take.followed, take.pulses),
        *(plain.complexity, plain.density, plain.time_feel, plain.groove.name, [bar.fill_start for bar in plain.bars]),
        pick_groove(take.style.drums.grooves, take.section.energy, chance).name,
    )


def _phrasing(chance: Random, seed: int) -> object:
    drums = any_drummer(chance).drums
    section, complexity = drawn.any_section(chance), any_of(chance, drawn.AMOUNTS)
    if drawn.maybe(chance, 0.3):
        kind: SectionKind = any_of(chance, ("outro", "intro", "breakdown"))
        section = SongSection(kind, any_of(chance, (0.3, 0.4, 0.6)), number=seed % 2)
    meter = Meter.parse(any_of(chance, drawn.METERS))
    bars = any_of(chance, (1, 2, 3, 4, 5, 7, 8, 9, 12, 16))
    index = any_of(chance, (0, 3, 4, 7, 8, bars - 1, bars - 2)) % bars
    end = (index + 1) * meter.bar_beats
    near = [end - 2.0, end, end - 0.5, end - 1.0, end - 1.5, end - 0.25, end - 2.25][: drawn.whole(chance, 0, 7)]
    band = any_of(
        chance, (BandOnsets(), BandOnsets(bass=tuple(near)), BandOnsets(melody=tuple(near), bass=(0.0, *near[:3])))
    )
    place: Any = {"index": index, "bars": bars, "seed": seed}
    amount = any_of(chance, (0.0, 0.5, 0.5, 1.0))
    fill = pick_fill(drums, section, meter, band, complexity=complexity, amount=amount, **place)
    after = drawn.maybe(chance, 0.5)
    crossing = pick_crossing(drums, complexity, **place)
    return (
        fill and (fill.name, fill.hands.text),
        has_crash(drums, section, after, complexity=complexity, **place),
        has_crash(drums, section, not after, index=0, bars=bars, complexity=complexity, seed=seed),
        crossing and crossing.every,
        pick_modulated(drums, complexity, meter, bars=bars, seed=seed),
        ends_phrase(index, bars),
    )


def _take(chance: Random, seed: int) -> object:
    params = any_params(
        chance,
        bars=0 if seed % 9 == 2 else drawn.whole(chance, 1, 5),
        time_feel=any_of(chance, (None, "half", "double", "thrice")),
        fills=any_of(chance, (0.5, 1.01, -0.01) if seed % 9 == 0 else (0.0, 0.5, 1.0)),
        kit=any_of(chance, (*KITS, "bongo") if seed % 9 == 1 else tuple(KITS)),
    )
    context = drawn.any_context(chance, params.bars, ("bass", "harmony", "melody"))
    clip = generate(params, context, seed)
    return clip.name, clip.length, drawn.notes_of(clip.notes), kick_onsets(params, context, seed)


def _refined(chance: Random, seed: int) -> object:
    params = any_params(chance, bars=2, kit=any_of(chance, tuple(KITS)), fills=any_of(chance, (0.0, 1.0)))
    context = drawn.any_context(chance, 2)
    clip = drawn.any_clip(chance, any_of(chance, (4.0, 8.0, 9.0)), PITCHES, count=any_of(chance, (0, 1, 3, 12, 40)))
    return [drawn.notes_of(refine(clip, change, params, context, seed).notes) for change in Change]


def _written(chance: Random, seed: int) -> object:
    take = any_take(chance, seed)
    return drawn.notes_of(write_notes(any_hits(chance, take, 40), take)), _hits_of(run(COMPOSE, take))


def _playable(chance: Random, _seed: int) -> object:
    bpm, step = any_of(chance, drawn.TEMPI), any_of(chance, (0.04, 0.05, 0.085, 0.1, 0.12, 0.125, 0.06))
    pitches = [any_of(chance, PITCHES) for _ in range(drawn.whole(chance, 1, 4))]
    notes = []
    seconds = 0.0
    for _ in range(drawn.whole(chance, 1, 30)):
        seconds += any_of(chance, (0.0, step, step, step, 0.001, step + 0.001, step - 0.001, step - 0.002, 0.5))
        velocity = any_of(chance, (50.0, 90.0, 100.0))
        notes.append(Note(seconds * bpm / 60.0, any_of(chance, pitches), 0.1, velocity))
    end = notes[-1].start + any_of(chance, (0.01, 0.05, 1.0))
    crash = any_of(chance, (None, end))
    return find_faults(notes, bpm), drawn.notes_of(make_playable(notes, bpm, crash))


def _kits(chance: Random, _seed: int) -> object:
    notes = drawn.any_clip(chance, 8.0, PITCHES, count=40).notes
    pads = {voice: 36 + drawn.whole(chance, 0, 15) for voice in KIT if drawn.maybe(chance, 0.5)}
    mapped: list[Sequence[Note]] = [move_to_pads(notes, pads), move_from_pads(notes, pads)]
    for kit in KITS:
        mapped += map_to_kit(notes, kit), map_from_kit(notes, kit)
    return [drawn.notes_of(each) for each in mapped]


def _heard(chance: Random, _seed: int) -> object:
    bars = drawn.whole(chance, 1, 4)
    context = drawn.any_context(chance, bars, ("bass", "harmony", "melody"))
    swing = Swing(any_of(chance, (1.0, 1.0, 1.6, 2.0)), any_of(chance, (0.5, 1.0)))
    band = find_band_onsets(context, swing, bars * context.meter.value.bar_beats)
    return band, [band.onsets_between(start, start + 2.0) for start in (0.0, 0.5, 1.0, 2.0)]


def _places(chance: Random, seed: int) -> object:
    take = any_take(chance, seed)
    hits = any_hits(chance, take, 20)
    hits += [Hit(number / 4.0 + off, "snare", 2) for number in range(5) for off in (0.005, -0.005, 0.0049, -0.0051)]
    swing = Swing(any_of(chance, (1.0, 1.5, 2.0, 3.0)), any_of(chance, (0.5, 1.0)))
    return (
        sixteenths_in_bar(hits, take),
        [take.bar_of(hit).index for hit in hits],
        [swung_position(h.at, swing) for h in hits],
    )
