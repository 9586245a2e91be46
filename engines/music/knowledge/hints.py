"""Hints for an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

_NO_TEMPO: Final = Estimate(120.0, 0.0, "guess")
_NO_METER: Final = Estimate(Meter(), 0.0, "guess")


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before the analysis, from Live's set or the user; None and () mean unknown."""

    tempo: Estimate[float] = _NO_TEMPO
    meter: Estimate[Meter] = _NO_METER
    key: Estimate[Key | None] | None = None
    chords: tuple[ChordSpan, ...] = ()
    swing: Estimate[float] | None = None
