"""A JACK server without a sound card: real MIDI ports on a machine that has no hardware."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from engines.errors import EngineError

RATE: Final = 48_000
PERIOD: Final = 256
"""Frames a turn of the server, in which it hands messages on: 5.3 ms. A smaller one stamps what arrives more finely."""

STARTS_WITHIN: Final = 10.0
STOPS_WITHIN: Final = 5.0
"""Seconds."""

_NOT_HERE: Final = "it needs Linux and jackd for MIDI ports without hardware: apt install jackd2."


class JackServer:
    """jackd with its dummy driver, under a name of its own. Programs find it by `environment`.

    Raises EngineError where it does not start.
    """

    def __init__(self, period: int = PERIOD) -> None:
        self.name = f"musearoo-{os.getpid()}-{secrets.token_hex(3)}"
        self.environment = {
            "JACK_DEFAULT_SERVER": self.name,
            "JACK_NO_AUDIO_RESERVATION": "1",
            "JACK_NO_START_SERVER": "1",
        }
        if not is_installed():
            raise EngineError(_NOT_HERE)
        options = ["--no-realtime", "-n", self.name, "-d", "dummy", "-r", str(RATE), "-p", str(period)]
        self._process = subprocess.Popen(
            ["jackd", *options],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if not self._answers():
            self.stop()
            raise EngineError("jackd does not start here, with its dummy driver: try it by hand.")

    def kill(self) -> None:
        """Ends it without a word, as one that crashes."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ends it, if it has not ended."""
        self._process.terminate()
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()

    def _answers(self) -> bool:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            if subprocess.run(["jack_lsp", "-s", self.name], capture_output=True, check=False).returncode == 0:
                return True
            time.sleep(0.05)
        return False


def is_installed() -> bool:
    """Whether this machine has JACK and its tools."""
    return sys.platform == "linux" and bool(shutil.which("jackd") and shutil.which("jack_lsp"))


@contextmanager
def jack_server(period: int = PERIOD) -> Iterator[JackServer]:
    """A server that runs, for this process and for those that it starts meanwhile."""
    server = JackServer(period)
    before = {name: os.environ.get(name) for name in server.environment}
    os.environ.update(server.environment)
    try:
        yield server
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        server.stop()
