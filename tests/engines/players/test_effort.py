"""Lean takes: reproducible as full ones are, made with less, and within the bounds that full ones are held to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord, find_engine, lean_engine
from musearoo.engines.players.band.scene import play_scene
from musearoo.engines.players.drums import pipeline
from musearoo.engines.players.drums.plan import plan_take
from musearoo.engines.players.drums.take import Hits, Take
from musearoo.engines.players.harmony.voicings import voicings_of
from musearoo.engines.players.melody import pitch_search, rhythm
from musearoo.engines.players.params import Change, Effort, EngineParams
from musearoo.tools.bench.engines.drums.judging import judge_drums
from musearoo.tools.bench.engines.excerpts import known_progressions
from musearoo.tools.bench.engines.faults import judge_faults
from musearoo.tools.bench.engines.ranges import judge_ranges
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

FEW = {name: STYLES[name] for name in ("pop", "ballad", "funk", "jazz swing", "house")}
LEAN = Effort.LEAN


def play(engine: EngineRecord, style: str, effort: Effort, seed: int = 3) -> object:
    context = known_progressions()[seed].context
    return engine.generate(engine.params(style=STYLES[style], effort=effort), context, seed)


@each_case("style", FEW)
@each_case("engine", ENGINES)
def test_the_same_seed_and_effort_give_the_same_notes(engine: EngineRecord, style: str) -> None:
    take = play(engine, style, LEAN)
    context = known_progressions()[3].context
    made = lean_engine(engine)
    assert take == play(engine, style, LEAN)
    assert take == made.generate(made.params(style=STYLES[style]), context, 3)
    assert play(engine, style, Effort.FULL) == engine.generate(engine.params(style=STYLES[style]), context, 3)


def test_a_lean_engine_is_another_one_and_always_the_same() -> None:
    drums = find_engine("drums")
    assert lean_engine(drums) is lean_engine(drums)
    assert lean_engine(drums) != drums
    assert replace(lean_engine(drums), generate=drums.generate, refine=drums.refine) == drums


def test_a_lean_engine_refines_lean() -> None:
    melody = find_engine("melody")
    context = known_progressions()[0].context
    params = melody.params(style=STYLES["pop"])
    clip = melody.generate(params, context, 1)
    (again,) = {
        lean_engine(melody).refine(clip, Change.AGAIN, params, context, 2).notes,
        melody.refine(clip, Change.AGAIN, replace(params, effort=LEAN), context, 2).notes,
    }
    assert again != melody.refine(clip, Change.AGAIN, params, context, 2).notes


def test_lean_takes_are_made_with_less(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = Counter[tuple[str, Effort]]()
    effort = Effort.FULL

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def count(*given: object) -> Any:
            compared[name, effort] += 1
            return function(*given)

        return count

    monkeypatch.setattr(pitch_search, "_step_cost", counting("steps", pitch_search._step_cost))
    monkeypatch.setattr(rhythm, "write_figure", counting("figures", rhythm.write_figure))
    for effort in Effort:
        pitch_search.find_pitches.cache_clear()
        play(find_engine("melody"), "pop", effort)
    assert 0 < compared["steps", LEAN] < 0.6 * compared["steps", Effort.FULL]
    assert compared["figures", Effort.FULL] == 3 * compared["figures", LEAN]


def test_a_lean_drummer_does_without_some_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    drummer = find_engine("drums")
    take = plan_take(drummer.params(style=STYLES["funk"], effort=LEAN), MusicalContext.plain(), 1)
    called: list[str] = []

    def processor(hits: Hits, _take: Take) -> Hits:
        called.append("processor")
        return hits

    monkeypatch.setattr(pipeline, "_SPARED", (processor,))
    pipeline.run((processor,), take)
    assert called == []
    pipeline.run((processor,), replace(take, effort=Effort.FULL))
    assert called == ["processor"]


@each_case("kind", ["close", "open", "drop2", "rootless", "satb"])
def test_lean_chords_compare_the_first_of_the_voicings(kind: str) -> None:
    for chord in {span.chord for excerpt in known_progressions()[:8] for span in excerpt.chords}:
        full = voicings_of(chord, kind, 48, 76, frozenset(range(12)))
        assert voicings_of(chord, kind, 48, 76, frozenset(range(12)), LEAN) == full[:5]


def test_a_band_is_lean_as_a_whole() -> None:
    params = EngineParams(style=STYLES["pop"], effort=LEAN)
    takes = play_scene(params, MusicalContext.plain(), 5).takes
    assert [take.clip for take in takes] == [
        take.clip
        for take in play_scene(
            EngineParams(style=STYLES["pop"]),
            MusicalContext.plain(),
            5,
            engines=[lean_engine(each) for each in ENGINES],
        ).takes
    ]
    assert takes != play_scene(EngineParams(style=STYLES["pop"]), MusicalContext.plain(), 5).takes


def test_lean_parts_are_within_the_bounds_of_full_ones() -> None:
    ranges = {row.name: row.met for row in judge_ranges(STYLES, range(5), LEAN)}
    for part in ("bass", "melody"):
        assert ranges[f"{part}: measures within the quartiles"], part
        assert ranges[f"{part}: beside notes at random"], part
    drums = {row.name: row.ours for row in judge_drums(STYLES, 6, 0, LEAN)}
    assert drums["all: measures that are human"] >= 0.7
    assert drums["all: named by ears for people"] >= 0.65


def test_lean_bands_are_played_by_hands_and_have_few_faults() -> None:
    rows = {row.name: row for row in judge_faults(FEW, range(3), LEAN)}
    assert {row.ours for name, row in rows.items() if "hands" in name} == {0.0}
    assert rows["harmonic, all kinds"].met


def test_an_effort_is_one_of_two() -> None:
    with pytest.raises(ParamError, match="effort must be an Effort, FULL or LEAN"):
        EngineParams(style=STYLES["pop"], effort="lean")  # type: ignore[arg-type]
