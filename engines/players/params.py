"""What every engine can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.song_section import LOOP, SongSection
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT, Swing
from musearoo.engines.styles.schema import Style

MAX_BARS: Final = 64
TRUSTED: Final = 0.5
"""From this confidence on, swing or groove heard in the set counts for more than the style's own."""


class Change(StrEnum):
    """What `refine` can be asked to do with a take."""

    AGAIN = "again"
    SIMPLER = "simpler"
    BUSIER = "busier"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParams:
    """The parameters that all engines share; all amounts are 0..1 with one half as the style has it.

    `complexity` is how much happens beyond the plain pattern, `density` how finely time is divided, `swing` the ratio
    of long to short (None leaves it to the set and the style), `humanise` how far from the grid and from even loudness
    the player strays: none at 0, as people of the style do at one half. `section` is the place in a song, a loop where
    there is none.
    """

    style: Style
    bars: int = 8
    complexity: float = 0.5
    density: float = 0.5
    swing: float | None = None
    humanise: float = 0.5
    section: SongSection = LOOP

    def __post_init__(self) -> None:
        if not isinstance(self.style, Style):
            raise ParamError("style", "a Style, as parse_style gives it", self.style)
        if isinstance(self.bars, bool) or not isinstance(self.bars, int) or not 1 <= self.bars <= MAX_BARS:
            raise ParamError("bars", f"a whole number from 1 to {MAX_BARS}", self.bars)
        for field in ("complexity", "density", "humanise"):
            require_between(field, getattr(self, field), 0.0, 1.0)
        if not isinstance(self.section, SongSection):
            raise ParamError("section", "a SongSection", self.section)
        if self.swing is not None:
            require_between("swing", self.swing, STRAIGHT, MAX_RATIO)


def resolve_swing(params: EngineParams, context: MusicalContext) -> Swing:
    """The swing to play: what was asked for, else what the set is heard to have, else the style's.

    In a compound meter the pulse divides in three already, so eighths are not swung there.
    """
    own = params.style.swing.swing
    estimate = context.swing
    if params.swing is not None:
        swing = Swing(params.swing, own.pair)
    elif estimate.confidence >= TRUSTED and estimate.source != "guess" and (own.pair == 1.0 or estimate.value > 1.1):
        # What is heard is the swing of eighths; that they are straight says nothing about sixteenths.
        swing = Swing(min(MAX_RATIO, max(STRAIGHT, estimate.value)))
    else:
        swing = own
    return Swing() if context.meter.value.is_compound and swing.pair == 1.0 else swing


def resolve_groove(params: EngineParams, context: MusicalContext) -> tuple[Groove, float] | None:
    """The groove to follow and how closely (0..1), where one is heard; None when a swing was asked for by its number.

    A player who is told to stay on the grid follows nobody; from the usual humanising on, the groove is met.
    """
    estimate = context.groove
    amount = min(1.0, 2.0 * params.humanise)
    if estimate.value is None or estimate.confidence < TRUSTED or params.swing is not None or amount == 0.0:
        return None
    return estimate.value, amount
