"""What all sections of a preset share: their base type, the bounds of their numbers, how a fault is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

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
    """What all parts of a preset share: they cannot change, and an unknown field is an error."""


class Levels(Preset, frozen=True, kw_only=True):
    """Velocities of one voice by how it is struck, and how much they vary by nature (standard deviation)."""

    ghost: Velocity = 32
    soft: Velocity = 60
    normal: Velocity = 88
    accent: Velocity = 112
    spread: Annotated[float, Meta(ge=0, le=30)] = 6


class ForComplexity(Protocol):
    """A choice that suits a range of complexity, low to high."""

    @property
    def complexity(self) -> Range:
        """From which complexity to which it is chosen."""


def check_complexity(field: str, items: Sequence[ForComplexity], fail: Fail) -> None:
    """Fails where the range of a choice is upside down."""
    for index, item in enumerate(items):
        if item.complexity[0] > item.complexity[1]:
            fail(f"{field}[{index}].complexity", f"expected low <= high, got {list(item.complexity)}")
