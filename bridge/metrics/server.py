"""The table of the server's metrics, and its children bound to names: `musearoo serve` counts with these alone.

What concerns HTTP is named `musearoo_api_…`, what concerns music, jobs and the store `musearoo_…`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

from musearoo.bridge.metrics.process import BUILD, process_families, read_process
from musearoo.bridge.metrics.registry import Counter, Family, Label, Reading, Registry
from musearoo.bridge.metrics.takes import TakeHistograms, take_families
from musearoo.bridge.metrics.text import write_text

API: Final = "musearoo_api_"
ALL: Final = "musearoo_"

OTHER: Final = "other"
"""Stands for every value that is not in a label's list: a path that no route has, another package's engine."""

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", OTHER)
STATUSES: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")
SHED: Final = ("too_many_requests", "too_many", "busy", "overloaded", "store_busy")
"""Codes of problems by which work is turned away: a client asks too often, or there is too much to do."""
FAULTS: Final = ("fault", "engine_failed", "store", "store_damaged", "disk_full")
"""Codes of problems that are the server's or its machine's own."""
DIRECTIONS: Final = ("in", "out")
WAITING: Final = ("waiting", "running")
ENDS: Final = ("done", "failed", "cancelled")
OPERATIONS: Final = ("read", "write")

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)

ROUTE: Final = Label("route")
"""Templates such as `/api/v3/sessions/{session}`, never paths: a path has ids."""
ENGINE: Final = Label("engine")
JOB: Final = Label("kind")
OPERATION: Final = Label("operation", OPERATIONS)

FAMILIES: Final = (
    # HTTP and WebSocket.
    Family(
        f"{API}requests_total",
        "counter",
        "Requests that were answered.",
        (ROUTE, Label("method", METHODS), Label("status", STATUSES)),
        sparse=True,
    ),
    Family(
        f"{API}request_seconds",
        "histogram",
        "From a request's first byte to the last byte of its answer.",
        (ROUTE,),
        SECONDS,
        sparse=True,
    ),
    Family(f"{API}requests_under_way", "gauge", "Requests that are being answered."),
    Family(
        f"{API}shed_total",
        "counter",
        "Requests by HTTP and WebSocket that were turned away: one client asks too often, or all is busy.",
        (Label("code", SHED),),
    ),
    Family(
        f"{API}faults_total",
        "counter",
        "Requests by HTTP and WebSocket that failed by a fault of the server, its store or its disk.",
        (Label("code", FAULTS),),
    ),
    Family(f"{API}upload_bytes_total", "counter", "Bytes of uploads that arrived."),
    Family(f"{API}websockets", "gauge", "WebSocket connections that are open."),
    Family(f"{API}frames_total", "counter", "WebSocket frames.", (Label("direction", DIRECTIONS),)),
    Family(f"{API}slow_clients_total", "counter", "WebSocket clients that were dropped as they read too slowly."),
    Family(f"{API}daemon_connected", "gauge", "1 while the daemon answers, else 0."),
    # Music.
    Family(f"{ALL}sessions_open", "gauge", "Sessions that are open."),
    Family(f"{ALL}takes_total", "counter", "Takes that were made.", (ENGINE,)),
    Family(
        f"{ALL}compose_seconds", "histogram", "Time that an engine took for a take.", (ENGINE,), SECONDS, sparse=True
    ),
    *take_families(ALL, ENGINE),
    Family(f"{ALL}composers", "gauge", "Processes that compose."),
    Family(f"{ALL}composers_busy", "gauge", "Processes that compose just now."),
    Family(f"{ALL}composers_waiting", "gauge", "Requests that wait for such a process."),
    # Jobs and the store.
    Family(f"{ALL}jobs", "gauge", "Jobs that have not ended.", (JOB, Label("state", WAITING))),
    Family(f"{ALL}jobs_ended_total", "counter", "Jobs that have ended.", (JOB, Label("state", ENDS))),
    Family(f"{ALL}store_seconds", "histogram", "Time of a statement or transaction.", (OPERATION,), SECONDS),
    Family(f"{ALL}store_errors_total", "counter", "Statements and transactions that failed.", (OPERATION,)),
    *process_families(API),
)


class ServerMetrics:
    """The server's registry with its children. Any thread may count.

    `routes` are the templates of the API, `engines` the names of the engines, `jobs` the kinds of jobs. Gauges that the
    server's parts know better are read from them: `read`.
    """

    def __init__(self, routes: Sequence[str], engines: Sequence[str], jobs: Sequence[str]) -> None:
        routes, engines, jobs = (*routes, OTHER), (*engines, OTHER), (*jobs, OTHER)
        self.registry = registry = Registry(FAMILIES, {"route": routes, "engine": engines, "kind": jobs, **BUILD})
        self._requests = {
            labels: registry.counter(f"{API}requests_total", *labels) for labels in product(routes, METHODS, STATUSES)
        }
        self._seconds = {route: registry.histogram(f"{API}request_seconds", route) for route in routes}
        self.under_way = registry.gauge(f"{API}requests_under_way")
        self._problems = {code: registry.counter(f"{API}shed_total", code) for code in SHED}
        self._problems |= {code: registry.counter(f"{API}faults_total", code) for code in FAULTS}
        self.upload_bytes = registry.counter(f"{API}upload_bytes_total")
        self.websockets = registry.gauge(f"{API}websockets")
        self.frames_in, self.frames_out = (registry.counter(f"{API}frames_total", each) for each in DIRECTIONS)
        self.slow_clients = registry.counter(f"{API}slow_clients_total")
        self.daemon_connected = registry.gauge(f"{API}daemon_connected")
        self._takes = {engine: registry.counter(f"{ALL}takes_total", engine) for engine in engines}
        self._compose = {engine: registry.histogram(f"{ALL}compose_seconds", engine) for engine in engines}
        self._measures = {engine: TakeHistograms(registry, ALL, engine) for engine in engines}
        self._jobs_ended = {
            labels: registry.counter(f"{ALL}jobs_ended_total", *labels) for labels in product(jobs, ENDS)
        }
        self._store = {each: registry.histogram(f"{ALL}store_seconds", each) for each in OPERATIONS}
        self._store_errors = {each: registry.counter(f"{ALL}store_errors_total", each) for each in OPERATIONS}
        read_process(registry, API)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        route = route if route in self._seconds else OTHER
        method = method if method in METHODS else OTHER
        self._requests[route, method, f"{min(max(status // 100, 1), 5)}xx"].add()
        self._seconds[route].observe(seconds)

    def count_problem(self, code: str) -> None:
        """Count a problem that a request ends with, by HTTP or WebSocket, if it is one of SHED or FAULTS."""
        if (counter := self._problems.get(code)) is not None:
            counter.add()

    def count_take(self, engine: str, seconds: float, measures: Mapping[str, float] | None = None) -> None:
        """Count a take of an engine, how long the engine took, and its measures, by `takes.measure_take`."""
        engine = engine if engine in self._takes else OTHER
        self._takes[engine].add()
        self._compose[engine].observe(seconds)
        self._measures[engine].observe(measures or {})

    def count_job(self, kind: str, end: str) -> None:
        """Count a job that has ended: done, failed or cancelled. Raises KeyError for any other end."""
        known: Counter | None = self._jobs_ended.get((kind, end))
        (known or self._jobs_ended[OTHER, end]).add()

    def count_store(self, operation: str, seconds: float, *, failed: bool = False) -> None:
        """Count a `read` or `write` of the store. Raises KeyError for any other operation."""
        self._store[operation].observe(seconds)
        if failed:
            self._store_errors[operation].add()

    def read(self, name: str, reading: Reading, *labels: str) -> None:
        """Let one of `sessions_open`, `composers…` and `jobs` be read from a function when the metrics are."""
        self.registry.read(f"{ALL}{name}", reading, *labels)

    def text(self) -> str:
        """Return all metrics in Prometheus' text format."""
        return write_text(self.registry)
