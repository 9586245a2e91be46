"""What every process tells of itself: processor time, memory, open files, its start, and its version."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Sequence

from musearoo import __version__
from musearoo.bridge.metrics.registry import Family, Label, Registry

BUILD = {"version": (__version__,), "python": (platform.python_version(),)}
"""The values of the labels of `build_info`, for the registry."""


def process_families(prefix: str) -> tuple[Family, ...]:
    """Return the rows of a process whose families' names begin with `prefix`: one text may have those of several."""
    return (
        Family(f"{prefix}process_cpu_seconds_total", "counter", "Processor time of this process, user and system."),
        Family(f"{prefix}process_resident_memory_bytes", "gauge", "Memory of this process that is in RAM."),
        Family(f"{prefix}process_open_fds", "gauge", "Open files, sockets and pipes of this process."),
        Family(f"{prefix}process_start_time_seconds", "gauge", "When this process began to count, in Unix time."),
        Family(
            f"{prefix}build_info", "gauge", "Always 1; the labels say what runs.", (Label("version"), Label("python"))
        ),
    )


def read_process(registry: Registry, prefix: str) -> None:
    """Let a registry read the families of `process_families` from this process."""
    start = time.time()
    registry.read(f"{prefix}process_cpu_seconds_total", time.process_time)
    registry.read(f"{prefix}process_resident_memory_bytes", resident_bytes)
    registry.read(f"{prefix}process_open_fds", count_open_files)
    registry.read(f"{prefix}process_start_time_seconds", lambda: start)
    registry.read(f"{prefix}build_info", lambda: 1.0, *_build())


def _build() -> Sequence[str]:
    return [values[0] for values in BUILD.values()]


def resident_bytes() -> float | None:
    """Return the memory of this process that is in RAM; None where neither the system nor psutil tells."""
    with contextlib.suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        return float(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    try:
        # Comes with the models' packages; imported by the first reading, never at the daemon's start.
        import psutil
    except ImportError:
        return None
    return float(psutil.Process().memory_info().rss)


def count_open_files() -> float | None:
    """Return the number of open file descriptors; None on Windows, which has none."""
    with contextlib.suppress(OSError):
        # Linux and macOS; one of them is the folder's own.
        return float(len(os.listdir("/dev/fd")) - 1)
    return None
