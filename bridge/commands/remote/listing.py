"""`engines` and `styles` of a server."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from musearoo.bridge.commands.catalogue import show_rows

if TYPE_CHECKING:
    from musearoo.client import Client


def engines(client: Client, options: argparse.Namespace) -> int:
    """Print the server's engines."""
    rows: list[dict[str, object]] = [
        {"name": each.name, "title": each.title, "part": each.part, "summary": each.summary}
        for each in client.list_engines()
    ]
    show_rows(rows, options.json)
    return 0


def styles(client: Client, options: argparse.Namespace) -> int:
    """Print the server's styles."""
    rows: list[dict[str, object]] = [
        {
            "name": each.name,
            "aliases": list(each.aliases),
            "tempo": [each.tempo.low, each.tempo.usual, each.tempo.high],
            "forms": list(each.forms),
            "summary": each.summary,
        }
        for each in client.list_styles()
    ]
    show_rows(rows, options.json)
    return 0
