"""Benchmark results: rows for JSON, and a table per part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `ours` and, if any, `peer`: a peer's, human or control value.

    `met` is whether the row's target is reached, None without one; `note` describes the peer and the target.
    """

    part: str
    name: str
    unit: str
    ours: float | None
    peer: float | None = None
    met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return ours over the peer's; None for decibels, which are ratios themselves."""
        if self.ours is None or not self.peer or self.unit.startswith("dB"):
            return None
        return round(self.ours / self.peer, 3)


@dataclass(frozen=True, slots=True)
class Results:
    """All rows, and notes: what could not be measured and why, and which files were written."""

    rows: Sequence[Row] = ()
    notes: Sequence[str] = field(default=())


def make_report(results: Results) -> dict[str, Any]:
    """Return the output of `--json`."""
    rows = [
        {
            "name": f"{row.part}: {row.name}",
            "unit": row.unit,
            "ours": _rounded(row.ours),
            "peer": _rounded(row.peer),
            "ratio": row.ratio,
            "met": row.met,
            "note": row.note,
        }
        for row in results.rows
    ]
    return {"rows": rows, "notes": list(results.notes)}


def show_report(results: Results, console: Console) -> None:
    """Print a table per part, and at its end the missed targets."""
    for part, group in groupby(results.rows, key=lambda row: row.part):
        table = Table("", "unit", "ours", "peer", "", title=part, title_justify="left")
        for row in group:
            mark = "" if row.met is None else "met" if row.met else "[bold]missed[/]"
            table.add_row(row.name, row.unit, _shown(row.ours), _shown(row.peer), " ".join((mark, row.note)).strip())
        console.print(table)
    missed = [f"{row.part}: {row.name}" for row in results.rows if row.met is False]
    targets = sum(row.met is not None for row in results.rows)
    console.print(
        f"{targets - len(missed)} of {targets} targets met." + "".join(f"\nMissed: {name}" for name in missed)
    )
    for sentence in results.notes:
        console.print(sentence)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
