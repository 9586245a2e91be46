"""How the bench lets the engines play: alone over chords, or as a band in which each hears those before it."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.band.scene import Scene, play_scene
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.schema import Style

BARS: Final = 8


def play_alone(engine: EngineRecord, style: Style, context: MusicalContext, seed: int) -> Clip:
    """Eight bars of an engine that hears nothing but what the context says."""
    return engine.generate(engine.params(style=style, bars=BARS), context, seed)


def play_together(style: Style, context: MusicalContext, seed: int) -> Scene:
    """Eight bars of all players there are, whether or not the style has them all in its band."""
    roles = [engine.part for engine in ENGINES]
    return play_scene(EngineParams(style=style, bars=BARS), context, seed, roles)


def parts_of(scene: Scene) -> dict[Role, Clip]:
    """The clips of a scene by part."""
    return {take.role: take.clip for take in scene.takes}
