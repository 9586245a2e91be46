"""A companion: a program that runs beside the daemon, is started again when it ends, and is stopped with it.

It reads from a pipe that only the daemon has: where the daemon is killed, the pipe ends, and the program with it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from typing import Final

from musearoo.bridge.process.stopping import COMPANION_VARIABLE
from musearoo.bridge.settings.logs import LOG

FIRST_RETRY: Final = 1.0
LAST_RETRY: Final = 60.0
"""Seconds until a companion is started again: twice as many after each that ended soon."""
LASTED: Final = 30.0
"""Seconds after which a companion counts as having run well."""
STOPS_WITHIN: Final = 8.0
"""Seconds that a companion has for what is under way, before it is killed."""
WRONG_USAGE: Final = 2
"""The exit status with which starting again is of no use."""


class Companion:
    """Keeps one program running. For the event loop's thread only."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._name = name
        self._command = command
        self._environment = {**os.environ, **environment, COMPANION_VARIABLE: "1"}
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the program, and again whenever it ends."""
        self._keeping = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """Ask the program to end, and kill it if it does not."""
        if self._keeping is None:
            return
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOPS_WITHIN)
        except TimeoutError:
            LOG.warning("%s did not end within %.0f s and is killed.", self._name, STOPS_WITHIN)
            process.kill()
            await process.wait()

    async def _keep_running(self) -> None:
        retry = FIRST_RETRY
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.PIPE,
                    env=self._environment,
                    # Ctrl-C in a terminal is for the daemon, which then stops this in order.
                    start_new_session=os.name != "nt",
                )
            except OSError as error:
                LOG.warning("%s cannot be started: %s", self._name, error.strerror or error)
            else:
                # Not by `communicate`, which closes the pipe that the program reads from.
                said = await self._process.stderr.read() if self._process.stderr else b""
                await self._process.wait()
                last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
                LOG.warning("%s has ended (%s). %s", self._name, self._process.returncode, last)
                if self._process.returncode == WRONG_USAGE:
                    return
            if loop.time() - began > LASTED:
                retry = FIRST_RETRY
            await asyncio.sleep(retry)
            retry = min(2 * retry, LAST_RETRY)
