"""The report of `musearoo bench analysis`: rows for JSON, and tables to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from musearoo.tools.bench.analysis.answers import Answer
from musearoo.tools.bench.analysis.listeners import OURS, PEER_OF
from musearoo.tools.bench.analysis.measures import COLUMNS, Column, mean, measure
from musearoo.tools.bench.analysis.timing import Timing
from musearoo.tools.bench.analysis.truths import Excerpt

ALL = "all"


@dataclass(frozen=True, slots=True)
class Results:
    """The answers and times of each analyzer for each excerpt."""

    excerpts: Sequence[Excerpt]
    answers: Mapping[str, Sequence[Answer]]
    timings: Sequence[Timing]
    source: str
    """A description of the excerpts' source."""

    def value(self, column: Column, listener: str, kind: str) -> float | None:
        """Return a column's value for an analyzer, over the excerpts of a kind, or over `ALL`."""
        pairs = zip(self.excerpts, self.answers[listener], strict=True)
        return mean(measure(column, listener, e, a) for e, a in pairs if kind in (ALL, e.kind))

    @property
    def kinds(self) -> list[str]:
        """The kinds of the excerpts, and `ALL`."""
        return [*dict.fromkeys(excerpt.kind for excerpt in self.excerpts), ALL]


def make_report(results: Results) -> dict[str, Any]:
    """Return the output of `musearoo bench analysis --json`: rows comparing each of our analyzers with its peer.

    `ratio` is how many times better ours is: for times and errors the peer's value over ours, else ours over the
    peer's.
    """
    rows = [
        _row(f"{ours}: {column.name}, {kind}", column.unit, values[ours], values.get(PEER_OF[ours]), column)
        for column in COLUMNS
        for kind in results.kinds
        for values in [_values(results, column, kind)]
        for ours in OURS
        if ours in values and values[ours] is not None
    ]
    by_clip = {(timing.listener, timing.clip_seconds): timing for timing in results.timings}
    for (listener, seconds), timing in by_clip.items():
        if listener not in OURS:
            continue
        peer = by_clip.get((PEER_OF[listener], seconds))
        for field in ("p50", "p95", "cpu_p50", "cpu_p95", "peak_mb"):
            unit = "MB" if field == "peak_mb" else "ms"
            ours, other = getattr(timing, field), getattr(peer, field, None)
            if ours is not None:
                rows.append(_row(f"{listener}: {field}, {seconds} s", unit, ours, other, None))
    return {
        "rows": rows,
        "source": results.source,
        "excerpts": [
            {
                "name": excerpt.path.stem,
                "kind": excerpt.kind,
                "values": {
                    column.name: {
                        listener: None if tally is None or not tally.weight else round(tally.gain / tally.weight, 3)
                        for listener, answers in results.answers.items()
                        for tally in [measure(column, listener, excerpt, answers[number])]
                    }
                    for column in COLUMNS
                },
            }
            for number, excerpt in enumerate(results.excerpts)
        ],
        "times": [asdict(timing) for timing in results.timings],
    }


def show_report(results: Results, console: Console) -> None:
    """Print a table per kind of music, with a column per analyzer, and a table of times."""
    for kind in results.kinds:
        count = sum(kind in (ALL, excerpt.kind) for excerpt in results.excerpts)
        table = Table("", *results.answers, title=f"{kind}: {count} excerpts", title_justify="left")
        for column in COLUMNS:
            values = _values(results, column, kind)
            if any(value is not None for value in values.values()):
                table.add_row(column.name, *(_shown(values[name], column, values) for name in results.answers))
        console.print(table)
    if results.timings:
        table = Table(
            "", "clip", "p50", "p95", "processor p50", "p95", "memory", title="Times, ms", title_justify="left"
        )
        for timing in results.timings:
            times = (timing.p50, timing.p95, timing.cpu_p50, timing.cpu_p95)
            table.add_row(
                timing.listener,
                f"{timing.clip_seconds} s",
                *(f"{value:.1f}" for value in times),
                "" if timing.peak_mb is None else f"{timing.peak_mb:.0f} MB",
            )
        console.print(table)
    console.print(results.source)


def _values(results: Results, column: Column, kind: str) -> dict[str, float | None]:
    return {listener: results.value(column, listener, kind) for listener in results.answers}


def _shown(value: float | None, column: Column, values: Mapping[str, float | None]) -> str:
    if value is None:
        return ""
    known = [other for other in values.values() if other is not None]
    best = max(known) if column.higher_is_better else min(known)
    return f"[bold]{value:.2f}[/]" if value == best and len(known) > 1 else f"{value:.2f}"


def _row(name: str, unit: str, ours: float | None, peer: float | None, column: Column | None) -> dict[str, Any]:
    higher_is_better = column is not None and column.higher_is_better
    above, below = (ours, peer) if higher_is_better else (peer, ours)
    ratio = None if above is None or not below else round(above / below, 3)
    return {"name": name, "unit": unit, "ours": _rounded(ours), "peer": _rounded(peer), "ratio": ratio}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
