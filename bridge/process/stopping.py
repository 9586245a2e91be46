"""How a process is asked to stop: Ctrl-C, SIGTERM, the end of its terminal, or of the daemon that started it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import Final

from musearoo.bridge.settings.logs import LOG

COMPANION_VARIABLE: Final = "MUSEAROO_COMPANION"
"""The environment variable of a process whose standard input is a pipe of the daemon's, and which ends with it."""


def listen_for_stop() -> asyncio.Event:
    """Return an event that is set when this process is asked to stop: Ctrl-C, SIGTERM, or its terminal is closed.

    For a companion it is also set when the daemon has gone.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = [signal.SIGINT, signal.SIGTERM]
    # A closed terminal sends SIGHUP; under nohup, which ignores it, the daemon lives on.
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    for number in numbers:
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            # Windows' loop has no signal handlers: Ctrl-C reaches the caller as KeyboardInterrupt there.
            LOG.debug("Signal %d is left to Python's own handling.", number)
    # Taken out, so that what this process starts is no companion.
    if os.environ.pop(COMPANION_VARIABLE, ""):
        threading.Thread(target=_wait_for_the_end, args=(loop, stop), name="companion", daemon=True).start()
    return stop


def _wait_for_the_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set `stop` at the end of standard input."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    with contextlib.suppress(RuntimeError):  # The loop is closed: this process ends anyway.
        loop.call_soon_threadsafe(stop.set)
