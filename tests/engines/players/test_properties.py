"""What must hold of every engine, in every style, meter, key, length, section, complexity, tempo and company.

No run can try all of that. Each engine meets each style in some cases that are drawn from all the lists at once, always
the same ones: over the styles it meets every value of every list, and nearly every pair of values. The mark `long`
tries every style with every meter and every scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Any, Final, TypeVar

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan, chord_at
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.music.song_section import LOOP, SECTION_KINDS, SongSection
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.drums.playability import find_faults
from musearoo.engines.players.params import Change, EngineParams
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.measures.playability import count_unplayable
from tests.each_case import each_case
from tests.engines.contexts import CHORDS, context_in
from tests.engines.presets_on_disk import STYLES

METERS: Final = ("4/4", "3/4", "5/4", "6/8", "7/8", "12/8", "2/4", "5/8", "9/8", "15/16", "7/4", "3/2")
BARS: Final = (1, 2, 3, 4, 5, 8, 12)
TEMPOS: Final = (20.0, 60.0, 90.0, 120.0, 180.0, 400.0, 999.0)
AMOUNTS: Final = (0.0, 0.5, 1.0)
BAD_PARAMETERS: Final = (
    ("bars", 0, "1 to 64"),
    ("bars", 65, "1 to 64"),
    ("bars", 2.5, "whole number"),
    ("complexity", 1.1, "0 to 1"),
    ("density", -0.1, "0 to 1"),
    ("humanise", float("nan"), "0 to 1"),
    ("swing", 4.0, "1 to 3.5"),
    ("style", "rock", "a Style"),
)
"""A field, a value that it cannot have, and the bounds that the error names."""
BAND: Final = tuple(engine for engine in ENGINES if engine.part != "atmosphere")
"""Whose energy is the song's; ambience has more room where the others are quiet."""
CASES: Final = 10
"""Of each engine in each style; the styles together make 300 an engine."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to ask of an engine."""

    params: EngineParams
    context: MusicalContext
    seed: int

    @property
    def can_be_gripped(self) -> bool:
        """Whether its chords leave hands the time to find them."""
        chords = self.context.chords
        return self.context.bpm <= 180.0 and all(span.end - span.start >= 0.5 for span in chords)

    def __str__(self) -> str:
        asked, context = self.params, self.context
        return (
            f"{asked.style.name}, {asked.bars} bars of {context.meter.value} in {context.key.value} at "
            f"{context.bpm:g}, complexity {asked.complexity}, {asked.section}, seed {self.seed}"
        )


Value = TypeVar("Value")


def cases(engine: EngineRecord, style: str, count: int = CASES) -> Iterator[Case]:
    """Cases of one engine in one style."""
    for number in range(count):
        chance = stream(number, engine.name, style)
        yield case(engine, style, any_of(chance, METERS), any_of(chance, tuple(SCALES)), number, chance)


def case(engine: EngineRecord, style: str, meter: str, scale: str, seed: int, chance: Random) -> Case:
    """One case; what style, meter and scale leave open is drawn."""
    signature, bars = Meter.parse(meter), any_of(chance, BARS)
    context = MusicalContext.plain(
        bpm=any_of(chance, TEMPOS),
        meter=signature,
        key=None if chance.random() < 0.1 else Key(any_of(chance, range(12)), scale),
        chords=any_of(chance, COMPANIES)(signature, bars),
    )
    if chance.random() < 0.5:
        context = replace(context, parts=odd_parts(bars * signature.bar_beats, signature))
    params = engine.params(
        style=STYLES[style],
        bars=bars,
        complexity=any_of(chance, AMOUNTS),
        density=any_of(chance, AMOUNTS),
        humanise=any_of(chance, AMOUNTS),
        swing=any_of(chance, (None, None, 1.0, 1.7, 3.5)),
        section=any_section(chance),
    )
    return Case(params, context, seed)


def any_section(chance: Random) -> SongSection:
    """A loop, or any section with any energy, now and then the last one of a song."""
    if chance.random() < 0.3:
        return LOOP
    following = any_of(chance, (None, 0.0, 0.3, 1.0))
    energy, ends = any_of(chance, range(11)) / 10.0, chance.random() < 0.2
    return SongSection(any_of(chance, SECTION_KINDS), energy, following, any_of(chance, range(3)), ends)


def any_of(chance: Random, values: Sequence[Value]) -> Value:
    """One of the values, all as likely."""
    return values[int(chance.random() * len(values))]


def usual_chords(meter: Meter, _bars: int) -> tuple[ChordSpan, ...]:
    return MusicalContext.plain(meter=meter, chords=CHORDS).chords


def no_chords(_meter: Meter, _bars: int) -> tuple[ChordSpan, ...]:
    return ()


def crowded_chords(_meter: Meter, bars: int) -> tuple[ChordSpan, ...]:
    """Every quality there is, a third of a beat each, for longer than the take or for less, after a silence."""
    qualities = QUALITIES[: 9 * bars]
    return tuple(
        ChordSpan(1.0 + number / 3.0, 1.0 + (number + 1) / 3.0, Chord(number * 7 % 12, quality.harte))
        for number, quality in enumerate(qualities)
    )


def endless_chord(_meter: Meter, _bars: int) -> tuple[ChordSpan, ...]:
    """One chord far longer than the take, over a bass that is no tone of it."""
    return (ChordSpan(0.0, 400.0, Chord(1, "min(9)", 7)),)


def rare_chords(meter: Meter, bars: int) -> tuple[ChordSpan, ...]:
    """A moment of a chord in every second bar, silence between."""
    bar = meter.bar_beats
    return tuple(ChordSpan(n * bar + bar / 3, n * bar + bar / 2, Chord(n * 5 % 12)) for n in range(1, bars + 1, 2))


COMPANIES: Final = (usual_chords, no_chords, crowded_chords, endless_chord, rare_chords)


def odd_parts(length: float, meter: Meter) -> tuple[Part, ...]:
    """Parts as users' sets have them: shorter and longer than the take, empty, all over the keys, of no known role."""
    scattered = [Note(n * 0.37 % (length / 2), 24 + n * 17 % 80, 0.3, 20.0 + n) for n in range(24)]
    block = [Note(0.0, pitch, 64.0, 127.0) for pitch in range(40, 90, 7)]
    kicks = [Note(n * 0.99, 36, 0.1, 90.0) for n in range(40)]
    clips: dict[Role, Clip] = {
        "melody": Clip.of("scattered", max(0.5, length / 2), scattered, meter),
        "harmony": Clip.of("block", 64.0, block, meter),
        "drums": Clip.of("kicks", 40.0, kicks, meter),
        "bass": Clip("nothing", 4.0, (), meter),
        "unknown": Clip.of("low", length, [Note(0.0, 0, length, 1.0)], meter),
        "atmosphere": Clip.of("high", length, [Note(0.0, 127, length, 1.0)], meter),
    }
    return tuple(Part(role, clip.name, clip) for role, clip in clips.items())


def check_clip(clip: Clip, params: EngineParams, context: MusicalContext) -> None:
    """What any part must be: notes in order within whole bars, of sound values, none cutting off another."""
    assert clip.length == pytest.approx(params.bars * context.meter.value.bar_beats)
    assert clip.meter == context.meter.value
    assert list(clip.notes) == sorted(clip.notes, key=lambda note: (note.start, note.pitch))
    assert all(note.end <= clip.length + 1e-9 for note in clip.notes)
    by_pitch: dict[int, float] = {}
    for note in clip.notes:
        assert note.start >= by_pitch.get(note.pitch, 0.0) - 1e-9, f"{note} overlaps the one before"
        by_pitch[note.pitch] = note.end


def check_case(engine: EngineRecord, case: Case) -> None:
    """That the take of a case is sound, the same again, and playable where hands are known."""
    try:
        clip = engine.generate(case.params, case.context, case.seed)
        check_clip(clip, case.params, case.context)
        assert clip == engine.generate(case.params, case.context, case.seed)
        if engine.part != "harmony" or case.can_be_gripped:
            assert not any(count_unplayable({engine.part: clip}, case.params.style, case.context.bpm).values())
    except Exception as error:
        raise AssertionError(f"{engine.name}: {case}") from error


@each_case("engine", ENGINES)
def test_every_take_is_sound(engine: EngineRecord) -> None:
    for style in STYLES:
        for each in cases(engine, style):
            check_case(engine, each)


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_every_take_in_every_meter_and_scale_is_sound(engine: EngineRecord) -> None:
    for style, meter in product(STYLES, METERS):
        for number, (scale, amount) in enumerate(product(SCALES, AMOUNTS)):
            each = case(engine, style, meter, scale, number, stream(number, engine.name, style, meter))
            check_case(engine, replace(each, params=replace(each.params, complexity=amount)))


@each_case("engine", ENGINES)
def test_sixty_four_bars_are_sound(engine: EngineRecord) -> None:
    for number, style in enumerate(STYLES.values()):
        context = context_in(METERS[number % len(METERS)], style.tempo.usual)
        params = engine.params(style=style, bars=64)
        check_clip(engine.generate(params, context, 5), params, context)


@each_case("engine", ENGINES)
def test_every_style_plays_something_in_a_loop(engine: EngineRecord) -> None:
    for style in STYLES.values():
        clip = engine.generate(engine.params(style=style), context_in("4/4", style.tempo.usual), 3)
        assert clip.notes, style.name


@each_case("engine", BAND)
def test_more_energy_gives_more_or_louder_notes(engine: EngineRecord) -> None:
    """The chorus of a song has more of a part than its intro: more notes, or louder ones."""

    def weight(style: Style, section: SongSection) -> float:
        params = engine.params(style=style, section=section)
        takes = [engine.generate(params, context_in("4/4", style.tempo.usual), seed) for seed in range(3)]
        return sum(note.velocity for clip in takes for note in clip.notes)

    for style in STYLES.values():
        assert weight(style, SongSection("intro", 0.1)) < weight(style, SongSection("chorus", 0.95)), style.name


@each_case("engine", BAND[1:])
def test_the_chords_are_followed(engine: EngineRecord) -> None:
    """More notes are tones of the chords that are there than of chords a tritone away."""
    for style in STYLES.values():
        inside, outside = 0, 0
        context = context_in("4/4", style.tempo.usual)
        for seed in range(3):
            clip = engine.generate(engine.params(style=style), context, seed)
            for note in clip.notes:
                chord = chord_at(context.chords, (note.start + 0.1) % context.chords_length)
                if chord is not None:
                    inside += note.pitch % 12 in chord.pitch_classes
                    outside += (note.pitch + 6) % 12 in chord.pitch_classes
        assert inside > 1.5 * outside, style.name


def test_the_cases_meet_every_value_of_every_list() -> None:
    for engine in ENGINES:
        every = [each for style in STYLES for each in cases(engine, style)]
        assert {str(each.context.meter.value) for each in every} == set(METERS)
        assert {each.context.key.value.scale for each in every if each.context.key.value} == set(SCALES)
        assert {each.context.bpm for each in every} == set(TEMPOS)
        assert {each.params.bars for each in every} == set(BARS)
        assert {(each.params.complexity, each.params.density) for each in every} == set(product(AMOUNTS, AMOUNTS))
        assert {each.params.section.kind for each in every} == set(SECTION_KINDS)
        assert any(each.params.section.ends_song for each in every)


@each_case("engine", ENGINES)
def test_seeds_differ(engine: EngineRecord) -> None:
    for style in STYLES.values():
        takes = {engine.generate(engine.params(style=style), context_in("4/4"), seed).notes for seed in range(8)}
        assert len(takes) == 8, style.name


@each_case("engine", ENGINES)
def test_refined_clips_are_sound_and_changed(engine: EngineRecord) -> None:
    context = context_in("4/4")
    for style in STYLES.values():
        params = engine.params(style=style, bars=8, complexity=0.4)
        clip = engine.generate(params, context, 1)
        refined = {change: engine.refine(clip, change, params, context, 1) for change in Change}
        for change, changed in refined.items():
            where = f"{style.name}, {change.name}"
            check_clip(changed, params, context)
            assert changed.notes != clip.notes or change is Change.BUSIER, where
            assert changed == engine.refine(clip, change, params, context, 1), where
            if engine.part == "drums":
                assert find_faults(changed.notes, context.bpm) == (), where
        assert set(refined[Change.SIMPLER].notes) < set(clip.notes), style.name
        assert len(refined[Change.BUSIER].notes) >= len(clip.notes), style.name


def test_bad_parameters_are_named_with_their_bounds() -> None:
    for engine, (field, value, bounds) in product(ENGINES, BAD_PARAMETERS):
        given: dict[str, Any] = {"style": STYLES["rock"], field: value}
        with pytest.raises(ParamError, match=bounds) as error:
            engine.params(**given)
        assert error.value.field == field, engine.name


def test_meters_of_the_tests_cover_every_kind_of_pulse() -> None:
    meters = [Meter.parse(meter) for meter in METERS]
    assert any(meter.is_compound for meter in meters)
    assert any(len(set(meter.pulses)) > 1 for meter in meters)
