"""Percentiles of measured times, and memory, for all benchmarks."""

import math
import sys
from collections.abc import Sequence
from pathlib import Path


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the smallest value that at least `percent` of all do not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50)
    2.0
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    ordered = sorted(values)
    return ordered[max(math.ceil(percent / 100 * len(ordered)), 1) - 1]


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99, rounded to a microsecond."""
    return {f"p{percent}": round(percentile(milliseconds, percent), 3) for percent in (50, 95, 99)}


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return lower quartile, median and upper quartile by nearest rank.

    >>> spread([1.0, 2.0, 3.0, 4.0])
    (1.0, 2.0, 3.0)
    """
    return percentile(values, 25), percentile(values, 50), percentile(values, 75)


def peak_megabytes() -> float | None:
    """Return the peak memory of this process in MB; None where the system does not report it."""
    # Not by getrusage, which on Linux includes the parent process's memory before exec.
    if (linux := _read_status("VmHWM")) is not None:
        return linux
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes, on macOS


def held_megabytes() -> float | None:
    """Return the current memory of this process in MB; None without /proc."""
    return _read_status("VmRSS")


def _read_status(name: str) -> float | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1000
