"""The parameters that every engine shares."""

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
"""The confidence from which the set's swing or groove overrides the style's."""


class Change(StrEnum):
    """What `refine` can do with a take."""

    AGAIN = "again"
    SIMPLER = "simpler"
    BUSIER = "busier"


class Effort(StrEnum):
    """How much an engine may spend on a take. A lean one is a take of its own: simpler, sooner, as reproducible."""

    FULL = "full"
    LEAN = "lean"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParams:
    """The parameters that all engines share. All amounts are 0..1; one half is the style's usual.

    `complexity` is how much happens beyond the plain pattern, `density` how finely time is divided, `swing` the ratio
    of long to short (None: from the set or the style), `humanise` the amount of timing and velocity variation (none at
    0, like human players of the style at one half). `section` is the section of a song, or a loop. A lean
    `effort` compares fewer candidates and does without rare figures.
    """

    style: Style
    bars: int = 8
    complexity: float = 0.5
    density: float = 0.5
    swing: float | None = None
    humanise: float = 0.5
    section: SongSection = LOOP
    effort: Effort = Effort.FULL

    def __post_init__(self) -> None:
        if not isinstance(self.style, Style):
            raise ParamError("style", "a Style, as parse_style gives it", self.style)
        if isinstance(self.bars, bool) or not isinstance(self.bars, int) or not 1 <= self.bars <= MAX_BARS:
            raise ParamError("bars", f"a whole number from 1 to {MAX_BARS}", self.bars)
        for field in ("complexity", "density", "humanise"):
            require_between(field, getattr(self, field), 0.0, 1.0)
        if not isinstance(self.section, SongSection):
            raise ParamError("section", "a SongSection", self.section)
        if not isinstance(self.effort, Effort):
            raise ParamError("effort", "an Effort, FULL or LEAN", self.effort)
        if self.swing is not None:
            require_between("swing", self.swing, STRAIGHT, MAX_RATIO)


def resolve_swing(params: EngineParams, context: MusicalContext) -> Swing:
    """Return the swing to play: the requested one, else the set's, else the style's.

    In compound meters eighths are not swung.
    """
    own = params.style.swing.swing
    estimate = context.swing
    if params.swing is not None:
        swing = Swing(params.swing, own.pair)
    elif estimate.confidence >= TRUSTED and estimate.source != "guess" and (own.pair == 1.0 or estimate.value > 1.1):
        # The set's swing is measured on eighths; straight eighths do not imply straight sixteenths.
        swing = Swing(min(MAX_RATIO, max(STRAIGHT, estimate.value)))
    else:
        swing = own
    return Swing() if context.meter.value.is_compound and swing.pair == 1.0 else swing


def resolve_groove(params: EngineParams, context: MusicalContext) -> tuple[Groove, float] | None:
    """Return the groove to follow and how closely (0..1); None without a groove, or if a swing was requested.

    Without humanising no groove is followed; from its usual amount on it is followed fully.
    """
    estimate = context.groove
    amount = min(1.0, 2.0 * params.humanise)
    if estimate.value is None or estimate.confidence < TRUSTED or params.swing is not None or amount == 0.0:
        return None
    return estimate.value, amount
