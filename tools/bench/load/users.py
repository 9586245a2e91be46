"""Users at a human pace: some who generate, many who are mostly idle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from musearoo.tools.bench.load.stage import Measured, Stage
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row

PAUSE: Final = 5.0
"""Seconds between two requests of somebody who is generating, on average."""
IDLE_PAUSE: Final = 60.0
"""Seconds between two requests of somebody who is mostly idle."""
PROMISE: Final = 150.0
"""Milliseconds from request to take that users are promised."""

Progress = Callable[[str, int, int], None]


def measure_users(levels: Sequence[tuple[int, float]], composers: int, progress: Progress) -> list[Row]:
    """Return the rows of each level: so many users generate for so many seconds."""
    rows: list[Row] = []
    with Stage(max(users for users, _ in levels), composers) as stage:
        for number, (users, seconds) in enumerate(levels):
            progress(f"{users} users", number, len(levels))
            stage.connect(users)
            measured = stage.run_people(users, PAUSE, seconds)
            rows += run_rows(f"{users} generating, each every {PAUSE:g} s", measured)
    return rows


def measure_idle(levels: Sequence[tuple[int, float]], composers: int, progress: Progress) -> list[Row]:
    """Return the rows of each level: so many are connected, and each asks once a minute."""
    rows: list[Row] = []
    with Stage(max(users for users, _ in levels), composers) as stage:
        few, before = 1, stage.server.usage().get("server")
        for number, (users, seconds) in enumerate(levels):
            progress(f"{users:,} connected", number, len(levels))
            connected = stage.connect(users)
            opened = stage.server.usage().get("server")
            measured = stage.run_people(users, IDLE_PAUSE, seconds)
            part = f"{users:,} connected, each asks once a minute"
            welcome = percentile(connected.milliseconds, 50), percentile(connected.milliseconds, 99)
            rows.append(Row(part, "connect to welcome, p50", "ms", welcome[0], note=f"p99 {welcome[1]:.0f} ms"))
            if before is not None and opened is not None:
                kilobytes = (opened.pss_mb - before.pss_mb) * 1000 / (users - few)
                rows.append(Row(part, "server's memory for a connection", "kB", kilobytes))
            rows += run_rows(part, measured)
    return rows


def run_rows(part: str, measured: Measured) -> Iterator[Row]:
    """Return the rows of one run."""
    takes = len(measured.ran.milliseconds)
    for percent in (50, 95, 99):
        value = measured.latency(percent)
        met = value <= PROMISE if percent == 99 else None
        note = f"within {PROMISE:g} ms; {takes} takes" if percent == 99 else ""
        yield Row(part, f"p{percent}", "ms", value, met=met, note=note)
    failed = measured.errors + measured.shed
    yield Row(part, "errors, shed and lost", "", failed, met=failed == 0, note=f"of {measured.ran.sent}")
    late = percentile(measured.ran.late, 99) if measured.ran.late else 0.0
    yield Row(part, "sent late by, p99", "ms", late, note="the clients' own; the latencies include it")
    yield from usage_rows(part, measured)


def usage_rows(part: str, measured: Measured) -> Iterator[Row]:
    """Return CPU and memory of each process of a run."""
    for name, cores in measured.cores.items():
        used = measured.usage.get(name)
        note = f"{used.rss_mb:.0f} MB, by its share {used.pss_mb:.0f} MB" if used is not None else "the bench's own"
        yield Row(part, f"CPU of {name}", "% of a core", 100 * cores, note=note)
