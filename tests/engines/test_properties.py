"""What must hold of every engine, in every style, meter, length, complexity and seed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engines.bassaroo.engine import BassParams, instrument_of, register_of
from engines.bassaroo.fingering import find_bass_faults
from engines.catalogue import ENGINES, EngineRecord
from engines.drummaroo.engine import DrumParams, generate
from engines.drummaroo.kit import BY_PITCH
from engines.drummaroo.playability import find_faults
from engines.errors import ParamError
from engines.lead_sheet import chords_to_play
from engines.music.clip import Clip
from engines.music.context import MusicalContext, Part
from engines.music.meter import Meter
from engines.params import Change, EngineParams
from tests.engines.presets_on_disk import STYLES

METERS = ("4/4", "3/4", "5/4", "6/8", "7/8", "12/8", "2/4", "5/8", "9/8", "15/16", "7/4", "3/2")
BARS = (1, 2, 3, 8)
CHORDS = "Am7 | Dm7/G G7 | Cmaj7 | F#m7b5"


def context_in(meter: str, bpm: float = 120.0) -> MusicalContext:
    return MusicalContext.plain(bpm=bpm, meter=meter, key="Am", chords=CHORDS)


def with_drums(context: MusicalContext, style: str, bars: int, seed: int) -> MusicalContext:
    drums = generate(DrumParams(style=STYLES[style], bars=bars), context, seed)
    return replace(context, parts=(Part("drums", "Drums", drums),))


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


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("meter", METERS)
def test_every_take_is_sound(engine: EngineRecord, style: str, meter: str) -> None:
    for number, bars in enumerate(BARS):
        for complexity, bpm in ((0.0, 60.0), (0.5, 120.0), (1.0, 180.0)):
            context = context_in(meter, bpm)
            params = engine.params(style=STYLES[style], bars=bars, complexity=complexity, density=complexity)
            clip = engine.generate(params, context, number)
            check_clip(clip, params, context)
            assert clip == engine.generate(params, context, number)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("style", STYLES)
def test_sixty_four_bars_are_sound(engine: EngineRecord, style: str) -> None:
    params = engine.params(style=STYLES[style], bars=64)
    context = context_in("4/4")
    check_clip(engine.generate(params, context, 5), params, context)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("style", STYLES)
def test_seeds_differ(engine: EngineRecord, style: str) -> None:
    takes = {engine.generate(engine.params(style=STYLES[style]), context_in("4/4"), seed).notes for seed in range(8)}
    assert len(takes) == 8


@pytest.mark.parametrize("style", STYLES)
def test_drums_of_different_seeds_have_different_rhythms(style: str) -> None:
    def rhythm(seed: int) -> tuple[tuple[int, int], ...]:
        clip = generate(DrumParams(style=STYLES[style], humanise=0.0, swing=1.0), context_in("4/4"), seed)
        return tuple((round(note.start * 12), note.pitch) for note in clip.notes)

    assert len({rhythm(seed) for seed in range(12)}) >= 9


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("bpm", [60.0, 120.0, 180.0, 300.0, 999.0])
def test_two_hands_and_two_feet_can_play_the_drums(style: str, bpm: float) -> None:
    for meter in ("4/4", "6/8"):
        for seed in range(4):
            params = DrumParams(style=STYLES[style], complexity=1.0, density=1.0, humanise=1.0)
            clip = generate(params, context_in(meter, bpm), seed)
            assert find_faults(clip.notes, bpm) == ()
            assert {note.pitch for note in clip.notes} <= BY_PITCH.keys()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("meter", METERS)
def test_drums_get_busier_with_complexity_and_density(style: str, meter: str) -> None:
    def notes(amount: float) -> int:
        params = [DrumParams(style=STYLES[style], complexity=amount, density=amount)]
        return sum(len(generate(each, context_in(meter), seed).notes) for each in params for seed in range(6))

    assert notes(0.0) < notes(1.0)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("meter", METERS)
def test_the_bass_can_be_played_and_keeps_its_range(style: str, meter: str) -> None:
    engine = ENGINES[1]
    for seed in range(3):
        context = with_drums(context_in(meter), style, 8, seed)
        params = BassParams(style=STYLES[style], complexity=1.0, octave=seed - 1)
        clip = engine.generate(params, context, seed)
        register = register_of(params)
        assert find_bass_faults(clip.notes, context.bpm, instrument_of(params)) == ()
        assert all(register.low <= note.pitch <= register.high for note in clip.notes)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8", "12/8"])
def test_the_bass_takes_the_root_when_the_chord_changes(style: str, meter: str) -> None:
    for seed in range(4):
        context = context_in(meter)
        params = BassParams(style=STYLES[style], bars=8, humanise=0.0, swing=1.0)
        clip = ENGINES[1].generate(params, context, seed)
        spans = chords_to_play(params, context, clip.length)
        for span in spans:
            under = [note for note in clip.notes if span.start - 1e-6 <= note.start < span.end - 1e-6]
            # A bass that lives between the beats may be silent under a short chord, one that anticipates rings into it.
            before = [note for note in clip.notes if span.start - 1.1 < note.start < span.start - 1e-6][-1:]
            if under and not (before and before[0].pitch % 12 == span.chord.bass_or_root):
                turns = span.chord.pitch_classes if STYLES[style].bass.inversions else (span.chord.bass_or_root,)
                assert under[0].pitch % 12 in turns
        assert len({note.pitch % 12 for note in clip.notes}) >= 4


@pytest.mark.parametrize("style", ["rock", "funk", "hip-hop", "trap", "disco"])
def test_the_bass_locks_to_the_kick_it_hears(style: str) -> None:
    """Measured both ways within a thirty-second, against the same bass with the drums of another bar and seed."""
    on_kick, with_bass, strangers = [], [], []
    for seed in range(12):
        context = with_drums(context_in("4/4", STYLES[style].tempo.usual), style, 8, seed)
        bass = ENGINES[1].generate(BassParams(style=STYLES[style]), context, seed + 100)
        kicks = kick_starts(context)
        on_kick.append(share_near([note.start for note in bass.notes if note.duration > 0.13], kicks))
        with_bass.append(share_near(kicks, [note.start for note in bass.notes]))
        strangers.append(share_near(kicks, [(note.start + 0.5) % bass.length for note in bass.notes]))
    assert sum(with_bass) / len(with_bass) > 0.75
    assert sum(on_kick) / len(on_kick) > 0.45
    assert sum(strangers) < sum(with_bass)


@pytest.mark.parametrize("style", STYLES)
def test_without_drums_the_bass_locks_to_the_kick_that_drummaroo_would_play(style: str) -> None:
    context = context_in("4/4")
    drums = generate(DrumParams(style=STYLES[style], humanise=0.0), context, 3)
    alone = ENGINES[1].generate(BassParams(style=STYLES[style], humanise=0.0), context, 3)
    heard = ENGINES[1].generate(
        BassParams(style=STYLES[style], humanise=0.0), replace(context, parts=(Part("drums", "d", drums),)), 3
    )
    assert [note.pitch for note in alone.notes] == [note.pitch for note in heard.notes]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("style", STYLES)
def test_refined_clips_are_sound_and_changed(engine: EngineRecord, style: str) -> None:
    context = context_in("4/4")
    params = engine.params(style=STYLES[style], bars=8, complexity=0.4)
    clip = engine.generate(params, context, 1)
    for change in Change:
        changed = engine.refine(clip, change, params, context, 1)
        check_clip(changed, params, context)
        assert changed.notes != clip.notes or change is Change.BUSIER
        assert changed == engine.refine(clip, change, params, context, 1)
        if engine.part == "drums":
            assert find_faults(changed.notes, context.bpm) == ()
    simpler = engine.refine(clip, Change.SIMPLER, params, context, 1)
    assert set(simpler.notes) < set(clip.notes)
    busier = engine.refine(clip, Change.BUSIER, params, context, 1)
    assert len(busier.notes) >= len(clip.notes)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize(
    ("field", "value", "bounds"),
    [
        ("bars", 0, "1 to 64"),
        ("bars", 65, "1 to 64"),
        ("bars", 2.5, "whole number"),
        ("complexity", 1.1, "0 to 1"),
        ("density", -0.1, "0 to 1"),
        ("humanise", float("nan"), "0 to 1"),
        ("swing", 4.0, "1 to 3.5"),
        ("style", "rock", "a Style"),
    ],
)
def test_bad_parameters_are_named_with_their_bounds(
    engine: EngineRecord, field: str, value: object, bounds: str
) -> None:
    good: dict[str, object] = {"style": STYLES["rock"]}
    with pytest.raises(ParamError, match=bounds) as error:
        engine.params(**{**good, field: value})  # type: ignore[arg-type]
    assert error.value.field == field


def kick_starts(context: MusicalContext) -> list[float]:
    return [note.start for part in context.parts for note in part.clip.notes if note.pitch == 36]


def share_near(places: list[float], others: list[float]) -> float:
    """The share of places with another within a thirty-second note."""
    return sum(any(abs(place - other) <= 0.125 for other in others) for place in places) / len(places)


def test_meters_of_the_tests_cover_every_kind_of_pulse() -> None:
    meters = [Meter.parse(meter) for meter in METERS]
    assert any(meter.is_compound for meter in meters)
    assert any(len(set(meter.pulses)) > 1 for meter in meters)
