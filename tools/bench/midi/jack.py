"""A JACK server without a sound card: real MIDI ports on a machine without hardware."""

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

from musearoo.engines.errors import EngineError

RATE: Final = 48_000
PERIOD: Final = 256
"""Frames in a server period, in which it delivers messages: 5.3 ms. A shorter one gives finer timestamps."""

PRIORITY: Final = 10
"""The real-time priority of the server, 1..99; interrupt-driven threads have more."""

STARTS_WITHIN: Final = 10.0
STOPS_WITHIN: Final = 1.0
"""The shutdown timeout in seconds; it takes a tenth of one or hangs."""

SETTLES_WITHIN: Final = 0.3
"""The time in seconds in which it notices closed clients; a shutdown request during that time makes it hang."""

_NOT_HERE: Final = "it needs Linux and jackd for MIDI ports without hardware: apt install jackd2."


class JackServer:
    """jackd with its dummy driver, under its own name. Programs find it by `environment`.

    It runs in real time if this user has the right. Otherwise, on a busy machine, clients are late and read buffers
    that are being overwritten: 1 to 3 of 100 messages were lost or doubled. (`--sync`, which waits for them, lost none,
    but clients then took up to twenty seconds to close.) Raises EngineError when it does not start.
    """

    def __init__(self, period: int = PERIOD, is_realtime: bool = True) -> None:
        self.name = f"musearoo-{os.getpid()}-{secrets.token_hex(3)}"
        self.environment = {
            "JACK_DEFAULT_SERVER": self.name,
            "JACK_NO_AUDIO_RESERVATION": "1",
            "JACK_NO_START_SERVER": "1",
        }
        if not is_installed():
            raise EngineError(_NOT_HERE)
        self._is_killed = False
        self._process = self._start(period, is_realtime)
        if is_realtime and not self._answers():
            self.stop()
            self._process = self._start(period, is_realtime=False)
        if not self._answers():
            self.stop()
            raise EngineError("jackd does not start here, with its dummy driver: try it by hand.")

    def _start(self, period: int, is_realtime: bool) -> subprocess.Popen[bytes]:
        urgency = ["-R", f"-P{PRIORITY}"] if is_realtime else ["--no-realtime"]
        return subprocess.Popen(
            ["jackd", *urgency, "-n", self.name, "-d", "dummy", "-r", str(RATE), "-p", str(period)],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Kill the server, as in a crash."""
        self._process.kill()
        self._process.wait()
        self._is_killed = True

    def start_again(self) -> None:
        """Start a server with the same name after it was killed; return when it answers."""
        self._is_killed = False
        self._process = self._start(PERIOD, is_realtime=False)
        self._answers()

    def stop(self) -> None:
        """Stop the server, if it is running, and release its slot."""
        if self._process.poll() is None:
            time.sleep(SETTLES_WITHIN)
            self._end()
        if self._is_killed:
            # JACK reserves one of the machine's eight server slots for a killed server until another with its name ends
            # properly.
            self.start_again()
            self._end()

    def _end(self) -> None:
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
    """Return whether JACK and its tools are installed."""
    return sys.platform == "linux" and bool(shutil.which("jackd") and shutil.which("jack_lsp"))


@contextmanager
def jack_server(period: int = PERIOD, is_realtime: bool = True) -> Iterator[JackServer]:
    """Provide a running server to this process and its child processes."""
    server = JackServer(period, is_realtime)
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
