"""The panels of Grafana's dashboard, row by row: titles, units and what each asks Prometheus."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

INTERVAL: Final = "$__rate_interval"
"""Grafana's own: at least four scrapes."""

DAEMON: Final = "musearoo_daemon_"
API: Final = "musearoo_api_"

PROMPT: Final = 'engine!~"analyze|split|imagine|listen|say"'
"""Requests that are answered in milliseconds; the others take as long as their sound or their sentence does."""


class Query(NamedTuple):
    """A line of a panel. The legend names labels in double braces."""

    expression: str
    legend: str


class Panel(NamedTuple):
    """A panel; `unit` is Grafana's name of it, `width` of its 24 columns."""

    title: str
    unit: str
    queries: tuple[Query, ...]
    note: str = ""
    kind: Literal["timeseries", "stat"] = "timeseries"
    width: int = 8


def rate(family: str, by: str = "", where: str = "") -> str:
    """Return the expression of a counter's increase a second."""
    grouped = f"sum by ({by}) " if by else "sum"
    return f"{grouped}(rate({family}{f'{{{where}}}' if where else ''}[{INTERVAL}]))"


def quantile(share: float, family: str, by: str = "", where: str = "") -> str:
    """Return the expression of a histogram's quantile."""
    return f"histogram_quantile({share}, {rate(f'{family}_bucket', f'le, {by}' if by else 'le', where)})"


def mean(family: str, by: str) -> str:
    """Return the expression of a histogram's mean."""
    return f"{rate(f'{family}_sum', by)} / {rate(f'{family}_count', by)}"


def take_means(measure: str) -> tuple[Query, ...]:
    """Return the queries of a measure of takes: those that Live has got, by part, and those of sets without Live."""
    return (
        Query(mean(f"{DAEMON}take_{measure}", "part"), "{{part}}"),
        Query(mean(f"musearoo_take_{measure}", "engine"), "without Live: {{engine}}"),
    )


def quantiles(family: str, where: str = "") -> tuple[Query, ...]:
    """Return the queries of a histogram's median and tails."""
    return tuple(Query(quantile(share, family, where=where), f"p{share * 100:.0f}") for share in (0.5, 0.95, 0.99))


LOOKUPS: Final = "musearoo_daemon_analysis_lookups_total"
FORESEEN: Final = "musearoo_daemon_predictions_total"
HIT: Final = 'result="hit"'
ASKED: Final = 'result=~"hit|miss"'
MADE: Final = 'result=~"hit|wasted"'
FAULT: Final = 'code="engine_failed"'

ROWS: Final[tuple[tuple[str, tuple[Panel, ...]], ...]] = (
    (
        "Presses",
        (
            Panel(
                "From press to clip",
                "s",
                quantiles(f"{DAEMON}press_seconds", f'leg="total", {PROMPT}'),
                "What engines compose. 150 ms is the promise; the alert is there.",
            ),
            Panel(
                "By leg, p95",
                "s",
                (Query(quantile(0.95, f"{DAEMON}press_seconds", "leg", PROMPT), "{{leg}}"),),
                "composed is ours, live is Live's: it works at its next tick.",
            ),
            Panel(
                "By engine, p95",
                "s",
                (Query(quantile(0.95, f"{DAEMON}press_seconds", "engine", 'leg="total"'), "{{engine}}"),),
            ),
            Panel(
                "Requests a minute",
                "cpm",
                (Query(f"{rate(f'{DAEMON}presses_total', 'engine')} * 60 > 0", "{{engine}}"),),
            ),
            Panel(
                "Not done a minute, by reason",
                "cpm",
                (Query(f"{rate(f'{DAEMON}refusals_total', 'code')} * 60 > 0", "{{code}}"),),
            ),
            Panel(
                "How they end",
                "cpm",
                (Query(f"{rate(f'{DAEMON}presses_total', 'outcome')} * 60", "{{outcome}}"),),
            ),
            Panel(
                "Engines that keep up with simpler takes",
                "short",
                (Query(f"sum by (player) ({DAEMON}engine_lean)", "{{player}}"),),
                "While event loop, engines or Live are late; by itself they play full takes again.",
                width=12,
            ),
            Panel(
                "Requests with simpler takes, a minute",
                "cpm",
                (Query(f"{rate(f'{DAEMON}lean_takes_total')} * 60", "simpler"),),
                width=12,
            ),
        ),
    ),
    (
        "Live and devices",
        (
            Panel("Lives", "short", (Query(f"sum by (state) ({DAEMON}live_connections)", "{{state}}"),), width=6),
            Panel(
                "Live's longest gaps",
                "s",
                (
                    Query(quantile(0.99, f"{DAEMON}live_gap_seconds"), "p99 of a quarter second"),
                    Query(f"max({DAEMON}live_silence_seconds)", "silent for"),
                ),
                "How long Live's main thread kept the script waiting. It ticks every 10 ms.",
                width=6,
            ),
            Panel(
                "Connections lost an hour",
                "short",
                (Query(f"sum(increase({DAEMON}live_lost_total[1h]))", "lost"),),
                width=6,
            ),
            Panel(
                "Devices and strangers",
                "short",
                (
                    Query(f"sum by (kind) ({DAEMON}sessions)", "sessions: {{kind}}"),
                    Query(f"sum({DAEMON}presses_under_way)", "under way"),
                    Query(f"{rate(f'{DAEMON}strange_packets_total')} * 60", "strange packets a minute"),
                ),
                width=6,
            ),
        ),
    ),
    (
        "Music",
        (
            Panel("Notes a part", "short", take_means("notes"), width=6),
            Panel(
                "Share of notes in key",
                "percentunit",
                take_means("in_key_ratio"),
                "Passing notes and blue notes are out of key, so 1 is not the aim; a fall is a sign.",
                width=6,
            ),
            Panel(
                "Onsets a beat",
                "short",
                take_means("onsets_per_beat"),
                width=6,
            ),
            Panel(
                "Share of notes off the grid of sixteenths",
                "percentunit",
                take_means("off_grid_ratio"),
                "Triplets and swing are off it; the feel of a player is not.",
                width=6,
            ),
        ),
    ),
    (
        "Work",
        (
            Panel(
                "Queues",
                "short",
                (
                    Query(f"sum by (queue) ({DAEMON}queue_length)", "daemon: {{queue}}"),
                    Query("sum(musearoo_composers_waiting)", "server: composers"),
                ),
                width=12,
            ),
            Panel(
                "Faults of ours a minute",
                "cpm",
                (
                    Query(f"{rate(f'{DAEMON}effects_failed_total')} * 60", "effects that failed"),
                    Query(f"{rate(f'{DAEMON}refusals_total', where=FAULT)} * 60", "engines that failed"),
                    Query(f"{rate(f'{DAEMON}takes_unmeasured_total')} * 60", "takes not measured"),
                ),
                width=12,
            ),
        ),
    ),
    (
        "Made ahead, and kept",
        (
            Panel(
                "Takes that were ready",
                "percentunit",
                (Query(f"{rate(FORESEEN, where=HIT)} / {rate(FORESEEN, where=ASKED)}", "hits"),),
                "Of what engines play: composed before it was asked for.",
                width=6,
            ),
            Panel(
                "Takes made ahead for one that was used",
                "short",
                (Query(f"{rate(FORESEEN, where=MADE)} / {rate(FORESEEN, where=HIT)}", "takes"),),
                width=6,
            ),
            Panel(
                "Work on takes ahead, share of a core",
                "percentunit",
                (Query(rate(f"{DAEMON}prediction_work_seconds_total"), "work"),),
                "At most predict_share of the settings.",
                width=6,
            ),
            Panel(
                "Age of the takes that were ready",
                "s",
                (Query(f"{rate(f'{DAEMON}prediction_age_seconds_total')} / {rate(FORESEEN, where=HIT)}", "mean"),),
                width=6,
            ),
            Panel(
                "Analyses found in the cache",
                "percentunit",
                (Query(f"{rate(LOOKUPS, where=HIT)} / {rate(LOOKUPS)}", "hits"),),
                width=6,
            ),
            Panel(
                "Entries of the caches",
                "short",
                (Query(f"sum by (cache) ({DAEMON}cache_entries)", "{{cache}}"),),
                width=6,
            ),
            Panel(
                "Size of the caches",
                "bytes",
                (Query(f"sum by (cache) ({DAEMON}cache_bytes)", "{{cache}}"),),
                width=6,
            ),
            Panel(
                "Entries removed a minute",
                "cpm",
                (Query(f"{rate(f'{DAEMON}cache_evictions_total', 'cache')} * 60", "{{cache}}"),),
                "For want of room, or as they were not used for long.",
                width=6,
            ),
        ),
    ),
    (
        "Server",
        (
            Panel(
                "Requests a second, by route",
                "reqps",
                (Query(f"{rate(f'{API}requests_total', 'route, method')}", "{{method}} {{route}}"),),
                width=12,
            ),
            Panel(
                "Time by route, p95",
                "s",
                (Query(quantile(0.95, f"{API}request_seconds", "route"), "{{route}}"),),
                width=12,
            ),
            Panel(
                "Errors and turned away",
                "reqps",
                (
                    Query(rate(f"{API}requests_total", "status", 'status=~"4xx|5xx"'), "{{status}}"),
                    Query(rate(f"{API}shed_total", "code"), "turned away: {{code}}"),
                    Query(rate(f"{API}faults_total", "code"), "a fault of ours: {{code}}"),
                ),
            ),
            Panel(
                "WebSockets",
                "short",
                (
                    Query(f"sum({API}websockets)", "open"),
                    Query(f"sum({API}requests_under_way)", "requests under way"),
                    Query(f"sum(increase({API}slow_clients_total[1h]))", "dropped as too slow, an hour"),
                ),
            ),
            Panel(
                "Frames a second",
                "short",
                (Query(rate(f"{API}frames_total", "direction"), "{{direction}}"),),
            ),
            Panel("Sessions", "short", (Query("sum(musearoo_sessions_open)", "open"),), width=6),
            Panel(
                "Takes a minute",
                "cpm",
                (Query(f"{rate('musearoo_takes_total', 'engine')} * 60", "{{engine}}"),),
                width=6,
            ),
            Panel(
                "Time of an engine, p95",
                "s",
                (Query(quantile(0.95, "musearoo_compose_seconds", "engine"), "{{engine}}"),),
                width=6,
            ),
            Panel(
                "Composers busy",
                "percentunit",
                (Query("sum(musearoo_composers_busy) / sum(musearoo_composers)", "of all"),),
                width=6,
            ),
            Panel(
                "Jobs",
                "short",
                (
                    Query("sum by (kind, state) (musearoo_jobs) > 0", "{{kind}} {{state}}"),
                    Query(f"{rate('musearoo_jobs_ended_total', 'state')} * 60", "{{state}} a minute"),
                ),
            ),
            Panel(
                "The store's time, p95",
                "s",
                (Query(quantile(0.95, "musearoo_store_seconds", "operation"), "{{operation}}"),),
            ),
            Panel(
                "The store's errors, and uploads",
                "short",
                (
                    Query(rate("musearoo_store_errors_total", "operation"), "errors a second: {{operation}}"),
                    Query(f"{rate(f'{API}upload_bytes_total')} / 1e6", "MB a second"),
                ),
            ),
        ),
    ),
    (
        "Processes",
        (
            Panel(
                "Processor, of one core",
                "percentunit",
                (
                    Query(rate(f"{DAEMON}process_cpu_seconds_total"), "daemon"),
                    Query(rate(f"{API}process_cpu_seconds_total"), "server"),
                ),
                width=6,
            ),
            Panel(
                "Memory",
                "bytes",
                (
                    Query(f"sum({DAEMON}process_resident_memory_bytes)", "daemon"),
                    Query(f"sum({API}process_resident_memory_bytes)", "server"),
                ),
                width=6,
            ),
            Panel(
                "Open files",
                "short",
                (Query(f"sum({DAEMON}process_open_fds)", "daemon"), Query(f"sum({API}process_open_fds)", "server")),
                width=6,
            ),
            Panel(
                "Up for",
                "s",
                (
                    Query(f"time() - min({DAEMON}process_start_time_seconds)", "daemon"),
                    Query(f"time() - min({API}process_start_time_seconds)", "server"),
                ),
                kind="stat",
                width=3,
            ),
            Panel(
                "Version",
                "short",
                (
                    Query(f"sum by (version) ({DAEMON}build_info)", "daemon {{version}}"),
                    Query(f"sum by (version) ({API}build_info)", "server {{version}}"),
                    Query(f"min({API}daemon_connected)", "connected"),
                ),
                kind="stat",
                width=3,
            ),
        ),
    ),
)
