"""`musearoo cache list | clear`: what is kept for the next time, how much it is, and how to remove it."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

from rich.table import Table

from musearoo.bridge.cache.catalogue import CACHES, DAY, STEMS, CachePlan, bound_stems
from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command and its subcommands."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="which there are, how much they have, and their bounds")
    listing.set_defaults(run=run_list)
    clearing = actions.add_parser("clear", help="empty one, or all that can be made again")
    names = [plan.name for plan in CACHES]
    clearing.add_argument("name", nargs="?", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    clearing.add_argument("--yes", action="store_true", help=f"also {STEMS.name}, which sets of Live may play")
    clearing.set_defaults(run=run_clear)
    for action in (listing, clearing):
        add_json(action)


def run_list(options: argparse.Namespace) -> int:
    """Show what each cache has."""
    home = home_folder()
    rows = [_describe(plan, home) for plan in CACHES]
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    table = Table("cache", "entries", "size", "at most", "what", box=None, pad_edge=False)
    for row, plan in zip(rows, CACHES, strict=True):
        bounds = _show_bounds(_bounds_of(plan, home))
        table.add_row(plan.name, str(row["entries"]), _show_size(row["bytes"]), bounds, plan.what)
    console = Terminal()
    console.print(table)
    console.print(f"In {escape(str(home))}; weights of models: musearoo models list.", soft_wrap=True, highlight=False)
    return 0


def run_clear(options: argparse.Namespace) -> int:
    """Remove the entries of one cache, or of all that nothing but MuseAroo uses."""
    home = home_folder()
    plans = [plan for plan in CACHES if (plan.name == options.name if options.name else not plan.used_by_sets)]
    if not options.yes and any(plan.used_by_sets and plan.open_folder(home).measure().entries for plan in plans):
        raise CommandError(
            f"Sets of Live may play the files in {home / STEMS.folder}: save those sets with Collect All and Save, "
            "then say --yes."
        )
    rows: list[dict[str, Any]] = []
    for plan in plans:
        folder = plan.open_folder(home)
        before = folder.measure()
        folder.clear()
        after = folder.statistics()
        rows.append(
            {
                "name": plan.name,
                "removed": before.entries - after.entries,
                "bytes": before.bytes - after.bytes,
                "left": after.entries,
            }
        )
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            tell(f"{row['name']}: {row['removed']} removed, {_show_size(row['bytes'])}")
    left = [f"{row['name']} ({row['left']})" for row in rows if row["left"]]
    if left:
        tell(f"musearoo: Files could not be removed of {', '.join(left)}: close what has them open.", to_stderr=True)
    return 1 if left else 0


def _describe(plan: CachePlan, home: Path) -> dict[str, Any]:
    found, bounds = plan.open_folder(home).measure(), _bounds_of(plan, home)
    return {
        "name": plan.name,
        "what": plan.what,
        "folder": str(home / plan.folder),
        "entries": found.entries,
        "bytes": found.bytes,
        "most_bytes": _or_none(bounds.most_bytes),
        "most_entries": _or_none(bounds.most_entries),
        "most_days": _or_none(bounds.most_age / DAY),
        "used_by_sets": plan.used_by_sets,
    }


def _bounds_of(plan: CachePlan, home: Path) -> Bounds:
    if plan is not STEMS:
        return plan.bounds
    settings = ConfigFolder(home).peek_settings()
    return bound_stems(settings.stem_days, settings.stem_gigabytes)


def _or_none(bound: float) -> float | None:
    return None if bound == math.inf else bound


def _show_bounds(bounds: Bounds) -> str:
    shown = (
        (bounds.most_bytes, _show_size(bounds.most_bytes)),
        (bounds.most_entries, f"{bounds.most_entries:g} entries"),
        (bounds.most_age, f"{bounds.most_age / DAY:g} days"),
    )
    return ", ".join(text for bound, text in shown if bound < math.inf) or "-"


def _show_size(size: float) -> str:
    """Return a size in bytes in readable units.

    >>> _show_size(1_200), _show_size(84_025_500), _show_size(3_913_670_534)
    ('1.2 kB', '84.0 MB', '3.9 GB')
    """
    unit, factor = next((each for each in (("GB", 1e9), ("MB", 1e6)) if size >= each[1]), ("kB", 1e3))
    return f"{size / factor:.1f} {unit}"
