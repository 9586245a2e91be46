"""Takes of the engines: alone over chords, or as a band in which each player gets the earlier parts."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.band.scene import Scene, play_scene
from musearoo.engines.players.params import Effort, EngineParams
from musearoo.engines.styles.schema import Style

BARS: Final = 8


def play_alone(
    engine: EngineRecord, style: Style, context: MusicalContext, seed: int, effort: Effort = Effort.FULL
) -> Clip:
    """Return eight bars of an engine that gets only the context."""
    return engine.generate(engine.params(style=style, bars=BARS, effort=effort), context, seed)


def play_together(style: Style, context: MusicalContext, seed: int, effort: Effort = Effort.FULL) -> Scene:
    """Return eight bars of all players, whether or not the style's band includes them all."""
    roles = [engine.part for engine in ENGINES]
    return play_scene(EngineParams(style=style, bars=BARS, effort=effort), context, seed, roles)


def parts_of(scene: Scene) -> dict[Role, Clip]:
    """Return the clips of a scene by part."""
    return {take.role: take.clip for take in scene.takes}
