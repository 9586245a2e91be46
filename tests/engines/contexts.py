"""Music that the tests of the engines play to."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.players.drums.engine import DrumParams, generate
from tests.engines.presets_on_disk import STYLES

CHORDS: Final = "Am7 | Dm7/G G7 | Cmaj7 | F#m7b5"


def context_in(meter: str, bpm: float = 120.0) -> MusicalContext:
    """The chords in A minor, in a meter."""
    return MusicalContext.plain(bpm=bpm, meter=meter, key="Am", chords=CHORDS)


def with_drums(context: MusicalContext, style: str, bars: int, seed: int) -> MusicalContext:
    """The context with our drummer in it."""
    drums = generate(DrumParams(style=STYLES[style], bars=bars), context, seed)
    return replace(context, parts=(Part("drums", "Drums", drums),))
