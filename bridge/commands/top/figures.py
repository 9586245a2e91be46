"""Figures from two readings of the metrics: what was counted between them, or since the start if there is only one."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from musearoo.bridge.metrics.daemon import PREFIX
from musearoo.bridge.metrics.reading import Sample
from musearoo.bridge.metrics.server import ALL, API

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


def report(span: Span) -> dict[str, Any]:
    """Return the figures as `--json` prints them; what the metrics do not have is None or left out."""
    seconds = span.seconds
    return {
        "seconds": None if seconds is None else round(seconds, 1),
        "daemon": _process(span, PREFIX),
        "server": _process(span, API),
        "live": {
            "lives": {state: int(span.gauge(f"{PREFIX}live_connections", state=state) or 0) for state in _STATES},
            "silence_s": span.gauge(f"{PREFIX}live_silence_seconds"),
            "gap_ms": span.quantiles_ms(f"{PREFIX}live_gap_seconds"),
            "lost": int(span.count(f"{PREFIX}live_lost_total")),
        },
        "devices": int(span.gauge(f"{PREFIX}sessions", kind="device") or 0),
        "under_way": int(span.gauge(f"{PREFIX}presses_under_way") or 0),
        "presses": _presses(span),
        "legs_ms": {
            leg: span.quantiles_ms(f"{PREFIX}press_seconds", leg=leg)
            for leg in span.values(f"{PREFIX}press_seconds_count", "leg")
        },
        "refusals": _counts(span, f"{PREFIX}refusals_total", "code"),
        "queues": {
            queue: int(span.gauge(f"{PREFIX}queue_length", queue=queue) or 0)
            for queue in span.values(f"{PREFIX}queue_length", "queue")
        },
        "cache": {
            result: int(span.count(f"{PREFIX}analysis_lookups_total", result=result)) for result in ("hit", "miss")
        },
        "parts": _parts(span),
        "api": _api(span) if span.now.series(f"{API}websockets") else None,
    }


_STATES: Final = ("ready", "busy", "away")


def _process(span: Span, prefix: str) -> dict[str, Any] | None:
    """Return a process's figures, None if it has given none. `cpu` is its share of one core."""
    start = span.gauge(f"{prefix}process_start_time_seconds")
    if start is None:
        return None
    seconds = span.seconds
    used = span.count(f"{prefix}process_cpu_seconds_total")
    return {
        "version": next(iter(span.values(f"{prefix}build_info", "version")), ""),
        "started": start,
        "cpu": round(used / seconds, 4) if seconds else None,
        "memory_bytes": span.gauge(f"{prefix}process_resident_memory_bytes"),
        "open_files": span.gauge(f"{prefix}process_open_fds"),
    }


def _presses(span: Span) -> list[dict[str, Any]]:
    """Return the requests by engine, the most asked for first; engines that were not asked for are left out."""
    rows = []
    for engine in span.values(f"{PREFIX}presses_total", "engine"):
        ends = _counts(span, f"{PREFIX}presses_total", "outcome", engine=engine)
        if ends:
            took = span.quantiles_ms(f"{PREFIX}press_seconds", engine=engine, leg="total")
            rows.append({"engine": engine, **{end: ends.get(end, 0) for end in _ENDS}, "total_ms": took})
    return sorted(rows, key=lambda row: -sum(row[end] for end in _ENDS))


_ENDS: Final = ("done", "failed", "cancelled")


def _parts(span: Span) -> list[dict[str, Any]]:
    """Return the measures of takes by part."""
    return [
        {
            "part": part,
            "takes": int(span.count(f"{PREFIX}take_notes_count", part=part)),
            **{measure: span.mean(f"{PREFIX}take_{measure}", part=part) for measure in _MEASURES},
        }
        for part in span.values(f"{PREFIX}take_notes_count", "part")
        if span.count(f"{PREFIX}take_notes_count", part=part)
    ]


_MEASURES: Final = ("notes", "in_key_ratio", "onsets_per_beat", "off_grid_ratio")


def _api(span: Span) -> dict[str, Any]:
    routes = []
    for route in span.values(f"{API}requests_total", "route"):
        statuses = _counts(span, f"{API}requests_total", "status", route=route)
        if statuses:
            took = span.quantiles_ms(f"{API}request_seconds", route=route)
            routes.append({"route": route, "requests": sum(statuses.values()), "statuses": statuses, "ms": took})
    return {
        "routes": sorted(routes, key=lambda row: -row["requests"]),
        "shed": _counts(span, f"{API}shed_total", "code"),
        "faults": _counts(span, f"{API}faults_total", "code"),
        "websockets": int(span.gauge(f"{API}websockets") or 0),
        "frames": _counts(span, f"{API}frames_total", "direction"),
        "slow_clients": int(span.count(f"{API}slow_clients_total")),
        "sessions": int(span.gauge(f"{ALL}sessions_open") or 0),
        "takes": _counts(span, f"{ALL}takes_total", "engine"),
        "composers": {
            "busy": int(span.gauge(f"{ALL}composers_busy") or 0),
            "all": int(span.gauge(f"{ALL}composers") or 0),
            "waiting": int(span.gauge(f"{ALL}composers_waiting") or 0),
        },
        "jobs": {
            state: int(span.gauge(f"{ALL}jobs", state=state) or 0) for state in span.values(f"{ALL}jobs", "state")
        },
        "jobs_ended": _counts(span, f"{ALL}jobs_ended_total", "state"),
        "store_ms": {
            each: span.quantiles_ms(f"{ALL}store_seconds", operation=each)
            for each in span.values(f"{ALL}store_seconds_count", "operation")
        },
        "store_errors": _counts(span, f"{ALL}store_errors_total", "operation"),
        "daemon_connected": bool(span.gauge(f"{API}daemon_connected")),
    }


def _counts(span: Span, name: str, label: str, **labels: str) -> dict[str, int]:
    """Return what was counted by the values of a label, without those that were not."""
    found = {value: int(span.count(name, **{label: value}, **labels)) for value in span.values(name, label)}
    return {value: count for value, count in found.items() if count}
