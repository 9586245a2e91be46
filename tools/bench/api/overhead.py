"""From request to take without Live, by REST and by WebSocket, beside the engine alone; and where the time goes.

All that is measured plays the same requests, block by block in turn, so that each meets the same load of the machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.api.alone import Alone, EngineAlone
from musearoo.tools.bench.api.inside import HubInside, Inside
from musearoo.tools.bench.api.requests import BARS, ENGINES, body_of, make_request, set_of
from musearoo.tools.bench.api.serving import RestClient, ServeProcess, SocketClient
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row

REST_WITHIN: Final = 2.0
SOCKET_WITHIN: Final = 1.0
"""Milliseconds over the engine alone, at the median."""
BLOCK: Final = 4 * len(ENGINES)
"""Requests in a row of one that is measured, before the next one's turn: each is warm, and none has another hour."""

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Times:
    """Milliseconds of each request, in the order of the requests, over all runs; `run_of` says of which run it is."""

    rest: list[float] = field(default_factory=list)
    socket: list[float] = field(default_factory=list)
    ping: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    alone: list[Alone] = field(default_factory=list)
    inside: list[Inside] = field(default_factory=list)
    run_of: list[int] = field(default_factory=list)


def measure_overhead(runs: int, requests: int, progress: Progress) -> list[Row]:
    """Return the rows of `runs` runs of as many requests each. Raises EngineError when an answer fails."""
    times = Times()
    for run in range(runs):
        with tempfile.TemporaryDirectory(prefix="musearoo-bench-") as folder:
            _measure_run(Path(folder), times, run, requests, progress)
    return overhead_rows(times) + breakdown_rows(times)


def _measure_run(home: Path, times: Times, run: int, requests: int, progress: Progress) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(ServeProcess(home / "server"))
        alone = stack.enter_context(EngineAlone(home))
        inside = stack.enter_context(HubInside(home))
        rest = stack.enter_context(RestClient(server.port, server.token))
        sessions = [rest.make_session() for _ in ENGINES]
        sockets = [stack.enter_context(SocketClient(server.port, rest.make_session(), server.token)) for _ in ENGINES]

        def ask_rest(number: int) -> tuple[float, bytes]:
            request, session = make_request(number), sessions[set_of(number)]
            path = f"/sessions/{session}/generate/{request.engine}"
            return _timed(partial(rest.ask, "POST", path, body_of(request)))

        def ask_socket(number: int) -> tuple[float, bytes]:
            body = {"do": "generate", **body_of(make_request(number))}
            return _timed(partial(sockets[set_of(number)].ask, "do", body))

        doing: dict[str, Callable[[int], Any]] = {
            "rest": ask_rest,
            "socket": ask_socket,
            "alone": lambda number: alone.play(number, make_request(number)),
            "inside": lambda number: inside.play(number, make_request(number)),
            "ping": lambda number: _timed(partial(sockets[set_of(number)].ask, "ping", None, "pong")),
            "health": lambda _number: _timed(partial(rest.ask, "GET", "/healthz", prefix="")),
        }
        for block in range(-1, requests // BLOCK):
            done: dict[str, list[Any]] = {}
            numbers = range((block + 1) * BLOCK, (block + 2) * BLOCK)
            for turn in range(len(doing)):
                name = list(doing)[(turn + block) % len(doing)]
                done[name] = [doing[name](number) for number in numbers]
            if block < 0:
                continue  # the first block of all is for warming up
            for played, by_rest, by_socket in zip(done["alone"], done["rest"], done["socket"], strict=True):
                _require_same_notes(played.notes, by_rest[1], by_socket[1])
            for name in ("rest", "socket", "ping", "health"):
                getattr(times, name).extend(milliseconds for milliseconds, _ in done[name])
            times.alone += done["alone"]
            times.inside += done["inside"]
            times.run_of += [run] * BLOCK
            progress(f"overhead, run {run + 1}", block + 1, requests // BLOCK)


def _timed(ask: Callable[[], bytes]) -> tuple[float, bytes]:
    began = time.perf_counter()
    answer = ask()
    return (time.perf_counter() - began) * 1000, answer


def _require_same_notes(notes: bytes, rest: bytes, socket: bytes) -> None:
    """Raise EngineError where somebody was measured at other work than the others."""
    wanted = [list(note) for note in msgspec.msgpack.decode(notes)]
    by_rest = msgspec.json.decode(rest)
    by_socket = msgspec.msgpack.decode(socket)[2]
    for who, outcome in (("REST", by_rest), ("the WebSocket", by_socket)):
        if [list(note) for note in outcome["takes"][0]["notes"]] != wanted:
            raise EngineError(f"{who} gave other notes than the engine alone: they cannot be compared.")


def overhead_rows(times: Times) -> list[Row]:
    """Return totals beside the engine alone, what is over it, which is bound, and over composing without a server."""
    engine = [each.engine for each in times.alone]
    composed = [each.composed for each in times.alone]
    part, rows = f"Request to take without Live, {BARS} bars", []
    for name, total in (("REST", times.rest), ("WebSocket", times.socket)):
        for percent in (50, 95, 99):
            ours, peer = percentile(total, percent), percentile(engine, percent)
            rows.append(Row(part, f"{name}, p{percent}", "ms", ours, peer, note="beside the engine's generate alone"))
    for name, total, within in (("REST", times.rest, REST_WITHIN), ("WebSocket", times.socket, SOCKET_WITHIN)):
        over = [all - alone for all, alone in zip(total, engine, strict=True)]
        for percent in (50, 95, 99):
            value = percentile(over, percent)
            met = value <= within if percent == 50 else None
            note = f"within {within:g} ms; runs: {_by_run(over, times.run_of)}" if percent == 50 else ""
            rows.append(Row(part, f"{name} over generate alone, p{percent}", "ms", value, met=met, note=note))
        over = [all - alone for all, alone in zip(total, composed, strict=True)]
        note = "the set read, notes placed on samples and the clip written without a server, too"
        rows.append(Row(part, f"{name} over composing alone, p50", "ms", percentile(over, 50), note=note))
    return rows


def breakdown_rows(times: Times) -> list[Row]:
    """Return the median of each step of an answer; a step is what two measurements differ by, request by request."""
    alone, inside = times.alone, times.inside
    steps = {
        "engine": [each.engine for each in alone],
        "composer: reading the set, placing, writing the clip": [each.composed - each.engine for each in alone],
        "composer: memory, packing, encoding": [each.answered - each.composed for each in alone],
        "pool: pipe to the composer and back": [
            here.pool - each.answered for here, each in zip(inside, alone, strict=True)
        ],
        "store: commit of step and take": [each.store for each in inside],
        "hub: rights, ids, hash": [each.total - each.pool - each.store for each in inside],
        "WebSocket, both ends": [total - here.total for total, here in zip(times.socket, inside, strict=True)],
        "REST, both ends": [total - here.total for total, here in zip(times.rest, inside, strict=True)],
        "(a ping by WebSocket, for comparison)": times.ping,
        "(GET /healthz, for comparison)": times.health,
    }
    return [Row("Where the time goes, medians", name, "ms", median(values)) for name, values in steps.items()]


def _by_run(values: Sequence[float], run_of: Sequence[int]) -> str:
    runs = sorted(set(run_of))
    medians = (median(value for value, own in zip(values, run_of, strict=True) if own == run) for run in runs)
    return ", ".join(f"{value:.2f}" for value in medians)
