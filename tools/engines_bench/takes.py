"""How the bench lets the engines play: alone over chords, or as a band in which each hears those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from engines.catalogue import ENGINES, EngineRecord
from engines.music.clip import Clip
from engines.music.context import MusicalContext, Part
from engines.params import EngineParams
from engines.styles.style import Style

BARS: Final = 8


def params_of(engine: EngineRecord, style: Style, **wishes: object) -> EngineParams:
    """An engine's parameters in a style, eight bars unless wished otherwise."""
    return engine.params(**{"style": style, "bars": BARS, **wishes})  # type: ignore[arg-type]


def play_alone(engine: EngineRecord, style: Style, context: MusicalContext, seed: int, **wishes: object) -> Clip:
    """A take of an engine that hears nothing but what the context says."""
    clip = engine.generate(params_of(engine, style, **wishes), context, seed)
    assert isinstance(clip, Clip)
    return clip


def play_together(
    style: Style,
    context: MusicalContext,
    seed: int,
    engines: Sequence[EngineRecord] = ENGINES,
    **wishes: object,
) -> dict[str, Clip]:
    """A take of the whole band by its parts, in the catalogue's order, each hearing the parts before it."""
    parts: dict[str, Clip] = {}
    for engine in engines:
        clip = play_alone(engine, style, context, seed, **wishes)
        parts[engine.part] = clip
        context = replace(context, parts=(*context.parts, Part(engine.part, engine.title, clip)))
    return parts
