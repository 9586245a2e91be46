"""Endless music for tests: the shipped presets, and phrases of a stream."""

from __future__ import annotations

from functools import cache

from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.bridge.settings.presets_folder import read_shipped_style
from musearoo.engines.ambient.composing import StreamState, begin, next_phrase
from musearoo.engines.ambient.phrase import Phrase
from musearoo.engines.ambient.preset import AmbientPreset
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.styles.schema import Style


@cache
def presets() -> dict[str, AmbientPreset]:
    """The shipped presets by name."""
    return read_ambient_presets()


@cache
def style() -> Style:
    """The style that lends its feel."""
    return read_shipped_style("ambient")


def phrases(
    steering: Steering, count: int, seed: int = 7, context: MusicalContext | None = None
) -> tuple[list[StreamState], list[Phrase]]:
    """The states before and after each phrase of a stream, and its phrases."""
    states, made = [begin(seed)], []
    for _ in range(count):
        state, phrase = next_phrase(states[-1], steering, presets()[steering.preset], style(), context)
        states.append(state)
        made.append(phrase)
    return states, made
