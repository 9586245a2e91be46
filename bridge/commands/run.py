"""`musearoo run`: the daemon, until Ctrl-C, with a status line in the terminal."""

import argparse
import asyncio
import contextlib
import time

from rich.live import Live as LiveDisplay
from rich.text import Text

from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.core.effects import Report
from musearoo.bridge.daemon import Daemon
from musearoo.bridge.protocol import LiveState
from musearoo.bridge.running import run_daemon
from musearoo.bridge.settings.config_files import ConfigFolder, Endpoint, home_folder
from musearoo.bridge.text.escaping import escape_line

REFRESH = 0.5
"""Seconds between two updates of the status line."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--quiet", action="store_true", help="no status line, only warnings")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the daemon; returns 0 after a clean stop."""
    folder = ConfigFolder(home_folder())
    folder.claim()
    try:
        # KeyboardInterrupt arrives only if the loop has no signal handlers (Windows).
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run_with_status(folder, options.quiet))
    finally:
        folder.release()
    return 0


async def _run_with_status(folder: ConfigFolder, quiet: bool) -> None:
    console = Terminal(stderr=True)
    with LiveDisplay(console=console, refresh_per_second=4, transient=True) as display:
        keeping: list[asyncio.Task[None]] = []

        def on_ready(daemon: Daemon, endpoint: Endpoint) -> None:
            daemon.on_report = lambda report: _print(console, report, quiet)
            if not quiet:
                console.print(
                    f"MuseAroo is ready: Live on port {endpoint.script_port}, devices on port {endpoint.device_port}. "
                    f"The log is {folder.log_file}. Ctrl-C stops.",
                    markup=False,
                    soft_wrap=True,
                )
                keeping.append(asyncio.ensure_future(_keep_status(display, daemon)))

        await run_daemon(folder, on_ready)
        for task in keeping:
            task.cancel()


def _print(console: Terminal, report: Report, quiet: bool) -> None:
    # Without a terminal, the output is a log, such as a service's, which must not quote the user.
    sentence = report.sentence if console.is_terminal or report.logged is None else report.logged
    if sentence and (report.warning or not quiet):
        line = f"{time.strftime('%H:%M:%S')} {escape_line(sentence)}"
        # Names of tracks and clips may have brackets, which are not markup.
        console.print(line, style="yellow" if report.warning else "", markup=False, soft_wrap=True)


async def _keep_status(display: LiveDisplay, daemon: Daemon) -> None:
    while True:
        display.update(_status(daemon))
        await asyncio.sleep(REFRESH)


def _status(daemon: Daemon) -> Text:
    state, now = daemon.state, time.monotonic()
    lives = [f"Live {live.hello.live_version} {_STATE_WORDS[live.state(now)]}" for live in state.lives.values()]
    parts = [
        ", ".join(lives) or "waiting for Live",
        f"{len(state.sessions)} devices",
        f"{len(state.presses)} under way",
    ]
    return Text(" · ".join(parts), style="dim")


_STATE_WORDS = {LiveState.AWAY: "is telling its set", LiveState.READY: "ready", LiveState.BUSY: "busy"}
