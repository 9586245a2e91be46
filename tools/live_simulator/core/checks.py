"""Bounds checks for properties: an out-of-range value raises an error that names the bounds."""

from __future__ import annotations

import math
from typing import Any, Callable


def in_range(low: float, high: float, name: str) -> Callable[[Any, Any], Any]:
    """Return a check that accepts values from `low` to `high` and raises an error with the bounds otherwise."""

    def check(_: Any, value: Any) -> Any:
        if math.isnan(value) or not low <= value <= high:
            raise RuntimeError(f"{name} must be in range {low:g}..{high:g}, not {value!r}")
        return value

    return check
