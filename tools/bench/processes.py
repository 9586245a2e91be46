"""CPU time and memory of other processes, from /proc; where there is none, nothing is known."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_CHILD: Final = b"spawn_main"
"""In the command line of a process that Python's multiprocessing has started to work; its helpers lack it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """One process now. `rss_mb` counts shared pages whole, `pss_mb` by its share of them; both in 10^6 bytes."""

    pid: int
    cpu_seconds: float
    rss_mb: float
    pss_mb: float


def read_usage(pid: int) -> Usage | None:
    """Return what a process uses; None if it has ended, or without /proc."""
    try:
        seconds = _read_cpu_seconds(pid)
        memory = _read_kilobytes(pid)
    except (OSError, ValueError):
        return None
    return Usage(pid, seconds, memory.get("Rss", 0) * 1024 / 1e6, memory.get("Pss", 0) * 1024 / 1e6)


def working_children(pid: int) -> tuple[int, ...]:
    """Return the processes that a Python program has spawned to work for it, oldest first; none without /proc."""
    found: list[int] = []
    for children in sorted((_PROC / str(pid) / "task").glob("*/children")):
        try:
            found += [int(child) for child in children.read_text().split()]
        except OSError:
            continue
    return tuple(sorted(child for child in found if _CHILD in _read_command(child)))


def load_average() -> str:
    """Return the machine's load of the last minute, in words."""
    try:
        return f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores"
    except OSError:
        return "load average unknown"


def _read_cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process's threads: by the scheduler's nanoseconds, or by ticks, where threads ended."""
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # user and system time: fields 14 and 15 of proc(5)
    nanoseconds = 0
    for thread in (_PROC / str(pid) / "task").glob("*/schedstat"):
        nanoseconds += int(thread.read_text().split()[0])
    return max(ticks / os.sysconf("SC_CLK_TCK"), nanoseconds / 1e9)


def _read_kilobytes(pid: int) -> dict[str, int]:
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    return {name.rstrip(":"): int(value) for name, value, *_ in map(str.split, lines)}


def _read_command(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""
