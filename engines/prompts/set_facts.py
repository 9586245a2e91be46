"""The set's constraints on generated music: they take precedence over the prompt."""

from __future__ import annotations

from dataclasses import dataclass

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.players.params import MAX_BARS


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFacts:
    """What is known of the set; None, "" and () where unknown.

    `style` is the name of a style, `chords` start with the clip, `playing` are the parts ("drums") or instruments
    ("slap bass") that already play.
    """

    bpm: float | None = None
    meter: Meter | None = None
    key: Key | None = None
    style: str = ""
    chords: tuple[ChordSpan, ...] = ()
    playing: tuple[str, ...] = ()
    bars: int | None = None

    def __post_init__(self) -> None:
        if self.bpm is not None:
            require_between("bpm", self.bpm, MIN_BPM, MAX_BPM)
        if self.bars is not None and not 1 <= self.bars <= MAX_BARS:
            raise ParamError("bars", f"1 to {MAX_BARS}", self.bars)
