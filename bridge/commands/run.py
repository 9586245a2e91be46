"""`musearoo run`: the daemon, until Ctrl-C, with a status line in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from importlib import import_module

from musearoo.bridge.core.events.effects import Report
from musearoo.bridge.daemon import Daemon
from musearoo.bridge.protocol import LiveState
from musearoo.bridge.running import run_daemon
from musearoo.bridge.settings.config_files import ConfigFolder, Endpoint, home_folder
from musearoo.bridge.settings.logs import LOG

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
            asyncio.run(_run_and_show(folder, options.quiet))
    finally:
        folder.release()
    return 0


async def _run_and_show(folder: ConfigFolder, quiet: bool) -> None:
    showing: list[asyncio.Task[None]] = []

    def on_ready(daemon: Daemon, endpoint: Endpoint) -> None:
        ready = (
            f"MuseAroo is ready: Live on port {endpoint.script_port}, devices on port {endpoint.device_port}. "
            f"The log is {folder.log_file}. Ctrl-C stops."
        )
        reports: asyncio.Queue[Report] = asyncio.Queue()
        daemon.on_report = reports.put_nowait
        showing.append(asyncio.create_task(_show(daemon, "" if quiet else ready, reports)))

    await run_daemon(folder, on_ready)
    for task in showing:
        task.cancel()
    await asyncio.gather(*showing, return_exceptions=True)


async def _show(daemon: Daemon, ready: str, reports: asyncio.Queue[Report]) -> None:
    """Show that the daemon is ready, its status and its reports; only warnings if there is nothing to say of it."""
    # In a thread and only now, for rich takes longer to import than the daemon to open its ports.
    module = "musearoo.bridge.commands.shared.status_line"
    await asyncio.get_running_loop().run_in_executor(None, import_module, module)
    from musearoo.bridge.commands.shared.status_line import StatusLine
    from musearoo.bridge.commands.shared.terminal import Terminal

    try:
        with StatusLine(Terminal(stderr=True), quiet=not ready) as line:
            line.show_ready(ready)
            try:
                while True:
                    line.show_status(_describe_status(daemon))
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(REFRESH if line.is_live else None):
                            line.show_report(await reports.get())
            finally:
                while not reports.empty():
                    line.show_report(reports.get_nowait())
    except Exception:
        LOG.exception("The status can no longer be shown by a fault of ours")


def _describe_status(daemon: Daemon) -> str:
    state, now = daemon.state, time.monotonic()
    lives = [f"Live {live.hello.live_version} {_STATE_WORDS[live.state(now)]}" for live in state.lives.values()]
    parts = [
        ", ".join(lives) or "waiting for Live",
        f"{len(state.sessions)} devices",
        f"{len(state.presses)} under way",
    ]
    return " · ".join(parts)


_STATE_WORDS = {LiveState.AWAY: "is telling its set", LiveState.READY: "ready", LiveState.BUSY: "busy"}
