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

from musearoo.engines.errors import EngineError

RATE: Final = 48_000
PERIOD: Final = 256
"""Frames a turn of the server, in which it hands messages on: 5.3 ms. A smaller one stamps what arrives more finely."""

PRIORITY: Final = 10
"""Of a server in real time, 1..99; what is driven by an interrupt has more."""

STARTS_WITHIN: Final = 10.0
STOPS_WITHIN: Final = 1.0
"""Seconds; it takes a tenth of one or hangs."""

SETTLES_WITHIN: Final = 0.3
"""Seconds in which it finds that clients have gone: one that is asked to end meanwhile hangs."""

_NOT_HERE: Final = "it needs Linux and jackd for MIDI ports without hardware: apt install jackd2."


class JackServer:
    """jackd with its dummy driver, under a name of its own. Programs find it by `environment`.

    It runs in real time where this user may have that. Without, on a busy machine, clients come late to their turns and
    read what is already being overwritten: 1 to 3 of 100 messages were lost or doubled. (`--sync`, which waits for
    them, lost none, but clients then took up to twenty seconds to close.) EngineError where it does not start.
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
        """Ends it without a word, as one that crashes."""
        self._process.kill()
        self._process.wait()
        self._is_killed = True

    def start_again(self) -> None:
        """A server of the same name, after it was killed; returns when it answers."""
        self._is_killed = False
        self._process = self._start(PERIOD, is_realtime=False)
        self._answers()

    def stop(self) -> None:
        """Ends it, if it has not ended, and gives its place back."""
        if self._process.poll() is None:
            time.sleep(SETTLES_WITHIN)
            self._end()
        if self._is_killed:
            # JACK keeps one of the eight places for servers on a machine for one that was killed, until another of its
            # name ends as it should.
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
    """Whether this machine has JACK and its tools."""
    return sys.platform == "linux" and bool(shutil.which("jackd") and shutil.which("jack_lsp"))


@contextmanager
def jack_server(period: int = PERIOD, is_realtime: bool = True) -> Iterator[JackServer]:
    """A server that runs, for this process and for those that it starts meanwhile."""
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
