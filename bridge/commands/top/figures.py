"""Figures from two readings of the metrics: what was counted between them, or since the start if there is only one."""

from __future__ import annotations

from typing import Any, Final

from musearoo.bridge.metrics.daemon import PREFIX
from musearoo.bridge.metrics.server import ALL, API
from musearoo.bridge.metrics.spans import Span


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
