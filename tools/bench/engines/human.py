"""Human values of the measures: excerpts of POP909 (Wang et al., 2020, MIT), by `training.human_ranges`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

QUANTILES: Final = 40
"""The human values are stored as this many quantiles, lowest to highest."""


@dataclass(frozen=True, slots=True)
class HumanValues:
    """The distribution of human values of one measure: evenly spaced quantiles from minimum to maximum."""

    quantiles: tuple[float, ...]

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """Return lower quartile, median, upper quartile."""
        quarter = QUANTILES // 4
        return self.quantiles[quarter], self.quantiles[2 * quarter], self.quantiles[3 * quarter]

    def holds(self, value: float) -> bool:
        """Return whether a value is within the quartiles, up to the table's rounding."""
        low, _, high = self.quartiles
        return low - 0.001 <= value <= high + 0.001


@cache
def human_values() -> Mapping[str, Mapping[str, HumanValues]]:
    """Return human values by part and measure."""
    data = json.loads(resources.files(__package__).joinpath("human.json").read_text(encoding="utf-8"))
    return {
        part: {name: HumanValues(tuple(values)) for name, values in measures.items()}
        for part, measures in data["parts"].items()
    }
