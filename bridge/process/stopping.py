"""How a process is asked to stop: Ctrl-C, SIGTERM, or the end of its terminal."""

from __future__ import annotations

import asyncio
import signal
import sys

from musearoo.bridge.settings.logs import LOG


def listen_for_stop() -> asyncio.Event:
    """Return an event that is set when this process is asked to stop: Ctrl-C, SIGTERM, or its terminal is closed."""
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
    return stop
