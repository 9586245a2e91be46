"""The catalogue of all engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from musearoo.engines.errors import unknown_name
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.players.atmos.engine import AtmosParams
from musearoo.engines.players.atmos.engine import generate as generate_atmosphere
from musearoo.engines.players.atmos.engine import refine as refine_atmosphere
from musearoo.engines.players.bass.engine import BassParams
from musearoo.engines.players.bass.engine import generate as generate_bass
from musearoo.engines.players.bass.engine import refine as refine_bass
from musearoo.engines.players.drums.engine import DrumParams
from musearoo.engines.players.drums.engine import generate as generate_drums
from musearoo.engines.players.drums.engine import refine as refine_drums
from musearoo.engines.players.harmony.engine import HarmonyParams
from musearoo.engines.players.harmony.engine import generate as generate_chords
from musearoo.engines.players.harmony.engine import refine as refine_chords
from musearoo.engines.players.melody.engine import MelodyParams
from musearoo.engines.players.melody.engine import generate as generate_melody
from musearoo.engines.players.melody.engine import refine as refine_melody
from musearoo.engines.players.params import Change, Effort, EngineParams


@dataclass(frozen=True, slots=True)
class EngineRecord:
    """One engine: its name, the part it plays, how it is shown, its parameters, and its two functions.

    `generate` and `refine` take an instance of `params`; they are pure.
    """

    name: str
    part: Role
    title: str
    summary: str
    params: type[EngineParams]
    generate: Callable[[Any, MusicalContext, int], Clip]
    refine: Callable[[Clip, Change, Any, MusicalContext, int], Clip]


ENGINES: Final = (
    EngineRecord(
        name="drummaroo",
        part="drums",
        title="DrummaRoo",
        summary="A drummer: grooves, ghost notes and fills that lead into the next phrase.",
        params=DrumParams,
        generate=generate_drums,
        refine=refine_drums,
    ),
    EngineRecord(
        name="bassaroo",
        part="bass",
        title="BassaRoo",
        summary="A bass player: locked to the kick, leading from chord to chord.",
        params=BassParams,
        generate=generate_bass,
        refine=refine_bass,
    ),
    EngineRecord(
        name="harmonyroo",
        part="harmony",
        title="HarmonyRoo",
        summary="A chord player: progressions of the style, voices that lead, hands that leave room.",
        params=HarmonyParams,
        generate=generate_chords,
        refine=refine_chords,
    ),
    EngineRecord(
        name="melodyroo",
        part="melody",
        title="MelodyRoo",
        summary="A melodist: motifs that come back, phrases that breathe and close.",
        params=MelodyParams,
        generate=generate_melody,
        refine=refine_melody,
    ),
    EngineRecord(
        name="atmosroo",
        part="atmosphere",
        title="AtmosRoo",
        summary="Ambience: drones, pads, swells and rare bells that never repeat together.",
        params=AtmosParams,
        generate=generate_atmosphere,
        refine=refine_atmosphere,
    ),
)
"""In playing order: each engine gets the parts of those before it."""


def find_engine(name: str, engines: Sequence[EngineRecord] = ENGINES) -> EngineRecord:
    """Return the engine of that name, or the first that plays that part; ParamError if there is none.

    >>> find_engine("DrummaRoo").name, find_engine("bass").name
    ('drummaroo', 'bassaroo')
    """
    wanted = name.strip().lower()
    for engine in engines:
        if wanted in (engine.name, engine.part):
            return engine
    raise unknown_name("engine", name, (engine.name for engine in engines), (engine.part for engine in engines))


@lru_cache(maxsize=64)  # the same record each time: what was composed with one counts as composed with it
def lean_engine(engine: EngineRecord) -> EngineRecord:
    """Return an engine of which every take is lean, whatever its parameters say.

    >>> lean_engine(ENGINES[0]) is lean_engine(ENGINES[0]), lean_engine(ENGINES[0]) == ENGINES[0]
    (True, False)
    """

    def generate(params: EngineParams, context: MusicalContext, seed: int) -> Clip:
        return engine.generate(replace(params, effort=Effort.LEAN), context, seed)

    def refine(clip: Clip, change: Change, params: EngineParams, context: MusicalContext, seed: int) -> Clip:
        return engine.refine(clip, change, replace(params, effort=Effort.LEAN), context, seed)

    return replace(engine, generate=generate, refine=refine)
