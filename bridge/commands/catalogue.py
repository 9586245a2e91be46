"""`musearoo engines` and `musearoo styles`: list the engines and styles."""

import argparse
import json

from rich.table import Table

from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.presets_folder import read_styles


def declare_engines(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `engines`."""
    add_json(parser)
    parser.set_defaults(run=run_engines)


def declare_styles(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `styles`."""
    add_json(parser)
    parser.set_defaults(run=run_styles)


def run_engines(options: argparse.Namespace) -> int:
    """Print the engines."""
    rows: list[dict[str, object]] = [
        {"name": engine.name, "title": engine.title, "part": engine.part, "summary": engine.summary}
        for engine in read_engines()
    ]
    show_rows(rows, options.json)
    if not options.json:
        Terminal().print("ArrangementRoo plans whole songs for them (musearoo song), MixAroo mixes what plays in Live.")
    return 0


def run_styles(options: argparse.Namespace) -> int:
    """Print the styles."""
    rows: list[dict[str, object]] = [
        {
            "name": style.name,
            "aliases": list(style.aliases),
            "tempo": [style.tempo.low, style.tempo.usual, style.tempo.high],
            "forms": [form.name for form in style.form.forms],
            "summary": style.summary,
        }
        for style in read_styles(home_folder() / "styles").values()
    ]
    show_rows(rows, options.json)
    return 0


def show_rows(rows: list[dict[str, object]], as_json: bool) -> None:
    """Print rows of a table, or as JSON."""
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    table = Table(*rows[0].keys(), box=None, header_style="bold")
    for row in rows:
        table.add_row(*(escape(_plain(value)) for value in row.values()))
    Terminal().print(table)


def _plain(value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    return ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in value)
