"""Snapshots of refined takes: every modifier, some bars, another style, a groove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.params import EngineParams
from musearoo.engines.players.refining.modifiers import Modifier, Refinement, parse_modifiers
from musearoo.engines.players.refining.variation import refine_clip
from tests.engines.players.refining.sweeps import sweeps
from tests.engines.players.refining.test_variation import CONTEXT
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome, check_snapshots

SAID = (
    *("busier", "darker, softer", "bars 3-4 again", "like reggae", "groove of track 2 60 %", "octave up; legato"),
    *("vary 4", "on the grid", "louder louder", "sideways"),
)


def outcomes() -> Iterator[Outcome]:
    yield from sweeps()
    for engine in ENGINES:
        for number, style in enumerate(("funk", "jazz swing", "ballad", "techno")):
            params = engine.params(style=STYLES[style])
            clip = engine.generate(
                engine.params(style=STYLES[style], bars=4, humanise=number / 3.0, complexity=number / 3.0),
                CONTEXT,
                number,
            )
            modifiers = tuple(Modifier)
            for modifier in modifiers:
                asked = Refinement((modifier, modifiers[(modifiers.index(modifier) + number) % len(modifiers)]))
                yield f"{engine.name}, {style}, {modifier.value}", _refined(engine, clip, asked, params)
            for name, asked in (
                ("two bars", Refinement((Modifier.AGAIN,), bars=(2, 3))),
                ("other style", Refinement(style=STYLES["reggae"])),
                ("eight bars", Refinement(vary_bars=8)),
            ):
                yield f"{engine.name}, {style}, {name}", _refined(engine, clip, asked, params)
    for said in SAID:
        try:
            yield said, parse_modifiers(said)
        except ParamError as error:
            yield said, error


def _refined(engine: EngineRecord, clip: Clip, asked: Refinement, params: EngineParams) -> object:
    try:
        return notes_of(refine_clip(engine, clip, asked, params, CONTEXT, 8))
    except ParamError as error:
        return error


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
