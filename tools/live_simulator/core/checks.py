"""Bounds of properties: a value outside raises with the bounds in its text."""

from __future__ import annotations

import math
from typing import Any, Callable


def in_range(low: float, high: float, name: str) -> Callable[[Any, Any], Any]:
    """Return a check that lets values from `low` to `high` pass and names the bounds otherwise."""

    def check(_: Any, value: Any) -> Any:
        if math.isnan(value) or not low <= value <= high:
            raise RuntimeError(f"{name} must be in range {low:g}..{high:g}, not {value!r}")
        return value

    return check
