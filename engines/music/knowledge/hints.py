"""What is known before listening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.music.estimate import Found
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

_NO_TEMPO: Final = Found(120.0, 0.0, "guess")
_NO_METER: Final = Found(Meter(), 0.0, "guess")


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before listening: from Live's set, or from the user. None and () mean: find it in the clips."""

    tempo: Found[float] = _NO_TEMPO
    meter: Found[Meter] = _NO_METER
    key: Found[Key | None] | None = None
    chords: tuple[ChordSpan, ...] = ()
    swing: Found[float] | None = None
