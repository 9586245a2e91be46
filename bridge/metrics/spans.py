"""What was counted between two readings of the metrics, or since the start if there is only one."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.metrics.reading import Sample

SHARES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

Labels = tuple[tuple[str, str], ...]


class Scrape:
    """The samples of one reading, by name, and when it was made (seconds of a monotonic clock)."""

    def __init__(self, samples: Iterable[Sample], at: float) -> None:
        self.at = at
        self._values: defaultdict[str, dict[Labels, float]] = defaultdict(dict)
        for sample in samples:
            self._values[sample.name][sample.labels] = sample.value

    def series(self, name: str) -> Mapping[Labels, float]:
        """Return the numbers of a name by their labels; none if there is no such name."""
        return self._values.get(name, {})


@dataclass(frozen=True, slots=True)
class Span:
    """Two readings of the same processes. `before` is None for all that was counted since their start."""

    before: Scrape | None
    now: Scrape

    @property
    def seconds(self) -> float | None:
        """The time between the two readings."""
        return self.now.at - self.before.at if self.before is not None else None

    def gauge(self, name: str, **labels: str) -> float | None:
        """Return the sum of a gauge's present numbers with these labels, None if there are none."""
        found = [value for each, value in self.now.series(name).items() if labels.items() <= dict(each).items()]
        return sum(found) if found else None

    def count(self, name: str, **labels: str) -> float:
        """Return what a counter has counted, with these labels. One that fell began anew, with its process."""
        total = 0.0
        for each, value in self.now.series(name).items():
            if labels.items() <= dict(each).items():
                earlier = self.before.series(name).get(each, 0.0) if self.before is not None else 0.0
                total += value - earlier if value >= earlier else value
        return total

    def values(self, name: str, label: str) -> Sequence[str]:
        """Return the values that a label has, in their order."""
        return tuple(dict.fromkeys(value for each in self.now.series(name) for key, value in each if key == label))

    def mean(self, name: str, **labels: str) -> float | None:
        """Return the mean of a histogram's observations, None if there were none."""
        count = self.count(f"{name}_count", **labels)
        return self.count(f"{name}_sum", **labels) / count if count else None

    def quantile(self, share: float, name: str, **labels: str) -> float | None:
        """Return a quantile of a histogram, straight between its bounds as Prometheus has it; None without any."""
        bounds = sorted(self.values(f"{name}_bucket", "le"), key=float)
        counts = [self.count(f"{name}_bucket", le=bound, **labels) for bound in bounds]
        if not counts or not counts[-1]:
            return None
        wanted, below, low = share * counts[-1], 0.0, 0.0
        for bound, count in zip(map(float, bounds), counts, strict=True):
            if count >= wanted and count > below:
                # Nothing is known above the highest bound.
                return low if math.isinf(bound) else low + (bound - low) * (wanted - below) / (count - below)
            below, low = count, bound
        return low

    def quantiles_ms(self, name: str, **labels: str) -> dict[str, float | None]:
        """Return the median and tails of a histogram of seconds, in milliseconds."""
        found = {key: self.quantile(share, name, **labels) for key, share in SHARES.items()}
        return {key: None if value is None else round(value * 1000, 2) for key, value in found.items()}
