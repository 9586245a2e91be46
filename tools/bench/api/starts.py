"""The server's cold start and memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musearoo.tools.bench.api.requests import ENGINES, body_of, make_request, set_of
from musearoo.tools.bench.api.serving import RestClient, ServeProcess, SocketClient
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.processes import Usage
from musearoo.tools.bench.rows import Row

START_WITHIN: Final = 1.0
"""Seconds from the start of the process to the first answer of /healthz."""
MEMORY_WITHIN: Final = 90.0
"""MB of the server's own process, which has the sockets, the store and the sessions; composers are told beside it."""
REQUESTS: Final = 100

Progress = Callable[[str, int, int], None]


def measure_starts(starts: int, progress: Progress) -> list[Row]:
    """Return the rows of as many starts, each with a home of its own, and of memory at the last."""
    seconds: list[float] = []
    idle: dict[str, Usage] = {}
    busy: dict[str, Usage] = {}
    with tempfile.TemporaryDirectory(prefix="musearoo-bench-") as folder:
        # The first start of all makes the token and the store; the others find them, as on any day but the first.
        for number in range(-1, starts):
            with ServeProcess(Path(folder)) as server:
                if number < 0:
                    first = server.healthy_after
                else:
                    seconds.append(server.healthy_after)
                if number == starts - 1:
                    idle = server.usage()
                    _ask(server)
                    busy = server.usage()
            progress("start", number + 1, starts)
    part, half = "Cold start to the first /healthz", percentile(seconds, 50)
    note = f"within {START_WITHIN:g} s; the first of all, with a new store, {first:.2f} s"
    return [
        Row(part, "p50", "s", half, met=half <= START_WITHIN, note=note),
        Row(part, "longest", "s", max(seconds), note=f"of {starts}"),
        *memory_rows("idle", idle),
        *memory_rows(f"after {REQUESTS} requests", busy),
    ]


def memory_rows(when: str, usage: dict[str, Usage]) -> list[Row]:
    """Return the memory of each process, and of all by their shares; the server's own is bound."""
    rows = [
        Row(
            f"Memory, {when}",
            name,
            "MB",
            used.rss_mb,
            met=used.rss_mb <= MEMORY_WITHIN if name == "server" else None,
            note=(f"within {MEMORY_WITHIN:g} MB, without composers; " if name == "server" else "")
            + f"by its share {used.pss_mb:.1f} MB",
        )
        for name, used in usage.items()
    ]
    shares = sum(used.pss_mb for used in usage.values())
    return [*rows, Row(f"Memory, {when}", "all together, by their shares", "MB", shares, note=", ".join(usage))]


def _ask(server: ServeProcess) -> None:
    """Make half of the requests by REST, half by WebSocket."""
    with RestClient(server.port, server.token) as rest:
        sessions = [rest.make_session() for _ in ENGINES]
        for number in range(REQUESTS // 2):
            request = make_request(number)
            rest.ask("POST", f"/sessions/{sessions[set_of(number)]}/generate/{request.engine}", body_of(request))
        with SocketClient(server.port, sessions[0], server.token) as socket:
            for number in range(REQUESTS // 2):
                socket.ask("do", {"do": "generate", **body_of(make_request(number))})
