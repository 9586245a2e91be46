"""The base types of all preset sections: the bounds of their numbers, and their error messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.music.pitch import parse_pitch

Weight = Annotated[float, Meta(gt=0, le=100)]
Share = Annotated[float, Meta(ge=0, le=1)]
Velocity = Annotated[float, Meta(ge=1, le=127)]
Milliseconds = Annotated[float, Meta(ge=-60, le=60)]
Bpm = Annotated[float, Meta(ge=20, le=999)]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Range = tuple[Share, Share]

Fail = Callable[[str, str], None]
"""Raises PresetError for a field (a dotted path) and its problem."""


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of all preset structures: immutable, and unknown fields are an error."""


class Levels(Preset, frozen=True, kw_only=True):
    """The velocities of one voice by strength of stroke, and their random variation (standard deviation)."""

    ghost: Velocity = 32
    soft: Velocity = 60
    normal: Velocity = 88
    accent: Velocity = 112
    spread: Annotated[float, Meta(ge=0, le=30)] = 6


class WithRange(Preset, frozen=True, kw_only=True):
    """A player with a range: `low` and `high` are note names, C4 being middle C."""

    low: str
    high: str

    @property
    def low_pitch(self) -> int:
        """The lowest pitch as a MIDI number."""
        return parse_pitch(self.low)

    @property
    def high_pitch(self) -> int:
        """The highest pitch as a MIDI number."""
        return parse_pitch(self.high)


class LowAndHigh(Protocol):
    """A structure with a lowest and a highest note name."""

    @property
    def low(self) -> str:
        """The lowest note."""

    @property
    def high(self) -> str:
        """The highest note."""


def check_range(section: str, player: LowAndHigh, fail: Fail) -> None:
    """Report invalid note names and ranges narrower than an octave."""
    pitches = {}
    for field in ("low", "high"):
        try:
            pitches[field] = parse_pitch(getattr(player, field))
        except ParamError as error:
            fail(f"{section}.{field}", str(error))
    if pitches["high"] - pitches["low"] < 12:
        fail(f"{section}.high", f"expected at least an octave above low ({player.low}), got {player.high}")


class ForComplexity(Protocol):
    """A choice that suits a range of complexity."""

    @property
    def complexity(self) -> Range:
        """The complexity range, low to high, in which it is chosen."""


def check_complexity(field: str, items: Sequence[ForComplexity], fail: Fail) -> None:
    """Report complexity ranges with low above high."""
    for index, item in enumerate(items):
        if item.complexity[0] > item.complexity[1]:
            fail(f"{field}[{index}].complexity", f"expected low <= high, got {list(item.complexity)}")
