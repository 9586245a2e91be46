"""The figures as tables for the terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from musearoo.bridge.commands.shared.terminal import escape

PROMISE_MS: Final = 150.0
"""What a press may take: more is yellow."""

TWO_COLUMNS: Final = 124
"""Width of a terminal from which the tables stand side by side."""

NONE: Final = "–"

Figures = Mapping[str, Any]


def draw(figures: Figures, width: int, fault: str = "") -> RenderableType:
    """Return the whole screen of `width` columns. `fault` says why the figures are old, or is ""."""
    api = figures["api"]
    music = [_presses(figures), _parts(figures), *([_routes(api)] if api else [])]
    state = [_legs(figures), _live(figures), *([_state(api)] if api else []), _processes(figures)]
    head = Padding(_head(figures, fault), (0, 0, 1, 0))
    if width < TWO_COLUMNS:
        return Group(head, *_stack(music), *_stack(state))
    columns = Table.grid(padding=(0, 4, 0, 0))
    columns.add_row(Group(*_stack(music)), Group(*_stack(state)))
    return Group(head, columns)


def _stack(tables: Sequence[Table]) -> Iterator[RenderableType]:
    """Yield the tables that have rows, with a line between."""
    yield from (Padding(table, (0, 0, 1, 0), expand=False) for table in tables if table.row_count)


def _head(figures: Figures, fault: str) -> Text:
    version = next((each["version"] for each in (figures["daemon"], figures["server"]) if each), "")
    seconds = figures["seconds"]
    devices = "1 device" if figures["devices"] == 1 else f"{figures['devices']} devices"
    since = f"the last {_span(seconds)}" if seconds else "since the start"
    head = Text.assemble(
        (f"MuseAroo {version}", "bold"), f"   {devices} · {figures['under_way']} under way · ", (since, "dim")
    )
    if fault:
        head.append(f"\n{fault}", "yellow")
    elif figures["api"] and not figures["api"]["daemon_connected"]:
        head.append("\nThe server does not reach the daemon.", "yellow")
    return head


def _table(title: str, *columns: str) -> Table:
    """Return a table whose first column is text, with the title above it, and the others numbers."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", border_style="dim")
    table.add_column(Text(title, "bold cyan"), no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _presses(figures: Figures) -> Table:
    table = _table("Requests", "done", "failed", "cancelled", "p50 ms", "p95", "p99")
    for row in figures["presses"]:
        failed = Text(str(row["failed"]), "red" if row["failed"] else "dim")
        ends = (_whole(row["done"]), failed, _whole(row["cancelled"]))
        table.add_row(escape(row["engine"]), *ends, *_quantiles(row["total_ms"]))
    for code, count in figures["refusals"].items():
        table.add_row(Text(f"  {code.replace('_', ' ')}", "dim"), "", Text(str(count), "dim"))
    return table


def _legs(figures: Figures) -> Table:
    table = _table("Time by leg", "p50 ms", "p95", "p99")
    for leg, took in figures["legs_ms"].items():
        table.add_row(escape(leg), *_quantiles(took))
    return table


def _live(figures: Figures) -> Table:
    live = figures["live"]
    table = _table("Live and queues", "")
    table.add_row("Lives", ", ".join(f"{count} {state}" for state, count in live["lives"].items() if count) or "none")
    table.add_row("silent for", _unit(live["silence_s"], "s"))
    table.add_row("its gaps, p99", _unit(live["gap_ms"]["p99"], "ms"))
    table.add_row("connections lost", _whole(live["lost"]))
    for queue, length in figures["queues"].items():
        table.add_row(f"{escape(queue)} waiting", _whole(length))
    cache = figures["cache"]
    asked = cache["hit"] + cache["miss"]
    table.add_row("analyses in cache", f"{cache['hit'] / asked:.0%} of {asked}" if asked else NONE)
    return table


def _parts(figures: Figures) -> Table:
    table = _table("Takes", "made", "notes", "in key", "onsets a beat", "off the grid")
    for row in figures["parts"]:
        table.add_row(
            escape(row["part"]),
            _whole(row["takes"]),
            _number(row["notes"], "{:.0f}"),
            _number(row["in_key_ratio"], "{:.0%}"),
            _number(row["onsets_per_beat"], "{:.2f}"),
            _number(row["off_grid_ratio"], "{:.0%}"),
        )
    return table


def _routes(api: Figures) -> Table:
    table = _table("Server", "requests", "4xx", "5xx", "p50 ms", "p95", "p99")
    for row in api["routes"]:
        failed = (_whole(row["statuses"].get(status, 0)) for status in ("4xx", "5xx"))
        table.add_row(escape(row["route"]), _whole(row["requests"]), *failed, *_quantiles(row["ms"]))
    return table


def _state(api: Figures) -> Table:
    table = _table("Sessions and jobs", "")
    composers = api["composers"]
    for name, value in (
        ("sessions", _whole(api["sessions"])),
        ("WebSockets", _whole(api["websockets"])),
        ("frames in, out", _pair(api["frames"], "in", "out")),
        ("takes", _whole(sum(api["takes"].values()))),
        ("composers busy", f"{composers['busy']} of {composers['all']}"),
        ("composers waited for", _whole(composers["waiting"])),
        ("jobs running, waiting", _pair(api["jobs"], "running", "waiting")),
        ("jobs done, failed", _pair(api["jobs_ended"], "done", "failed")),
        ("turned away", _whole(sum(api["shed"].values()))),
        ("faults", _whole(sum(api["faults"].values()))),
        ("store: errors", _whole(sum(api["store_errors"].values()))),
    ):
        table.add_row(name, value)
    for operation, took in api["store_ms"].items():
        table.add_row(f"store: {escape(operation)}, p95", _unit(took["p95"], "ms"))
    return table


def _processes(figures: Figures) -> Table:
    table = _table("Processes", "cpu", "memory", "files", "up for")
    for name in ("daemon", "server"):
        if (process := figures[name]) is not None:
            memory = process["memory_bytes"]
            table.add_row(
                name,
                _number(process["cpu"], "{:.1%}"),
                NONE if memory is None else f"{memory / 1e6:.0f} MB",
                _number(process["open_files"], "{:.0f}"),
                _span(max(0.0, time.time() - process["started"])),
            )
    return table


def _quantiles(took: Mapping[str, float | None]) -> Sequence[Text]:
    return [
        Text(_number(value, "{:.1f}"), "yellow" if value is not None and value > PROMISE_MS else "")
        for value in took.values()
    ]


def _number(value: float | None, form: str) -> str:
    return NONE if value is None else form.format(value)


def _unit(value: float | None, unit: str) -> str:
    return NONE if value is None else f"{value:.1f} {unit}"


def _whole(value: int) -> str:
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _pair(counts: Mapping[str, int], one: str, other: str) -> str:
    return f"{_whole(counts.get(one, 0))}, {_whole(counts.get(other, 0))}"


def _span(seconds: float) -> str:
    """Return a time in its two largest units.

    >>> [_span(seconds) for seconds in (8.0, 75.0, 7_260.0, 200_000.0)]
    ['8 s', '1 min 15 s', '2 h 1 min', '2 d 7 h']
    """
    whole = round(seconds)
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    shown = [f"{whole // size % (10**9 if unit == 'd' else _OVER[unit])} {unit}" for unit, size in units]
    first = next((place for place, (_, size) in enumerate(units) if whole >= size), len(units) - 1)
    return " ".join(each for each in shown[first : first + 2] if not each.startswith("0 ") or whole == 0)


_OVER: Final = {"h": 24, "min": 60, "s": 60}
