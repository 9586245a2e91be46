"""`musearoo top`: what the daemon and the server do just now, and how fast."""

from __future__ import annotations

import argparse
import contextlib
import json
import time
from collections import deque
from pathlib import Path
from typing import Final

from rich.live import Live as LiveDisplay

from musearoo.bridge.commands.shared.arguments import add_json, number_in
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.commands.top.fetching import fetch_text, read_token_file
from musearoo.bridge.commands.top.figures import report
from musearoo.bridge.commands.top.view import draw
from musearoo.bridge.metrics.reading import read_text
from musearoo.bridge.metrics.spans import Scrape, Span
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.engines.errors import UserFacingError

URL: Final = "http://127.0.0.1:24640/metrics"
"""Where `musearoo serve` listens unless it is told otherwise."""

WINDOW: Final = 60.0
"""Seconds that the figures on the screen look back."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--url", metavar="URL", help="where the metrics are (of the server on this machine)")
    parser.add_argument(
        "--token-file", type=Path, dest="metrics_token", metavar="FILE", help="the token that admits (this machine's)"
    )
    parser.add_argument("--every", type=number_in(0.2, 60.0), default=2.0, metavar="S", help="seconds between (2)")
    parser.add_argument("--once", action="store_true", help="one look at all since the start, and no more")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the figures, once or until Ctrl-C."""
    folder = ConfigFolder(home_folder())
    token = read_token_file(options.metrics_token or folder.token_file)
    running = folder.read_server()
    options.url = options.url or (f"{running.url}/metrics" if running else URL)
    first = _look(options.url, token)
    if options.json:
        print(json.dumps({"url": options.url, **report(Span(None, first))}, indent=2))
        return 0
    console = Terminal()
    if options.once or not console.is_terminal:
        console.print(draw(report(Span(None, first)), console.width))
        return 0
    # Ctrl-C is how it ends.
    with contextlib.suppress(KeyboardInterrupt):
        _watch(console, options.url, token, options.every, first)
    return 0


def _watch(console: Terminal, url: str, token: str, every: float, first: Scrape) -> None:
    """Show the figures of the last minute until Ctrl-C."""
    looks = deque([first])
    with LiveDisplay(
        draw(report(Span(None, first)), console.width), console=console, screen=True, auto_refresh=False
    ) as display:
        while True:
            time.sleep(every)
            fault = ""
            try:
                looks.append(_look(url, token))
            except UserFacingError as error:
                # It may be restarting: the last figures stay.
                fault = str(error)
            while looks[-1].at - looks[0].at > WINDOW:
                looks.popleft()
            before = looks[0] if len(looks) > 1 else None
            display.update(draw(report(Span(before, looks[-1])), console.width, fault), refresh=True)


def _look(url: str, token: str) -> Scrape:
    """Read the metrics once. Raises CommandError, and TextError if it is no metrics that came."""
    text = fetch_text(url, token)
    return Scrape(read_text(text), time.monotonic())
