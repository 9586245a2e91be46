"""A real `musearoo serve` in a process of its own, and clients of it: by HTTP, and by bytes on a socket."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import httpx2 as httpx
import psutil

from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.bridge.store.address import DATABASE_VARIABLE

STARTS_WITHIN: Final = 30.0
ENDS_WITHIN: Final = 20.0
ROOT: Final = Path(__file__).parents[3]
JSON: Final = {"content-type": "application/json"}

_IMPATIENT: Final = """
import sys
from musearoo.bridge.api.access import guard, heads
from musearoo.bridge.api.composers import pool
from musearoo.bridge.api import server
from musearoo.bridge.api.websocket import connection, stalls
stalls.READ_WITHIN = server.PING_EVERY = 0.5
guard.BODY_WITHIN = heads.HEAD_WITHIN = 0.4
pool.LONGEST_WORK = 2.0
connection.CHECKED_EVERY = 0.2
from musearoo.bridge.cli import main
sys.exit(main(sys.argv[1:]))
"""


_WRONG_CLOCK: Final = """
import sys, time
from pathlib import Path
right = time.time
time.time = lambda: right() + float(Path({path!r}).read_text() or 0)
from musearoo.bridge.cli import main
sys.exit(main(sys.argv[1:]))
"""


class RunningServer:
    """A server's process.

    `impatient`: slow requests, and composers that hang, are given up after a moment, and tokens are looked at often.
    `clock` is a file with the seconds by which its clock is wrong.
    """

    def __init__(
        self,
        home: Path,
        *options: str,
        impatient: bool = False,
        database: str = "",
        clock: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        self.log = home.parent / f"{home.name}.log"
        program = ["-c", _IMPATIENT] if impatient else ["-m", "musearoo"]
        if clock is not None:
            program = ["-c", _WRONG_CLOCK.format(path=str(clock))]
        words = [sys.executable, *program, "serve", "--port", "0", *options]
        if database:
            words += ["--database", database]
        variables = {**os.environ, HOME_VARIABLE: str(home), **(environment or {})}
        variables.pop(DATABASE_VARIABLE, None)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words, stdout=subprocess.PIPE, stderr=log, env=variables, cwd=ROOT, start_new_session=True
            )
        try:
            self.port = self._read_port()
        except BaseException:
            self.kill()
            raise
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = (home / "token").read_text().strip()

    def _read_port(self) -> int:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], STARTS_WITHIN)
        line = self.process.stdout.readline().decode() if ready else ""
        found = re.search(r"://[^ ]*:(\d+)/docs", line)
        assert found is not None, f"the server did not start: {line} {self.log.read_text()}"
        return int(found[1])

    def client(self, token: str | None = None, **options: Any) -> httpx.Client:
        """A client with a token, the file's own unless another is given; "" for none."""
        token = self.token if token is None else token
        headers = {"authorization": f"Bearer {token}"} if token else {}
        options.setdefault("timeout", 30.0)
        return httpx.Client(base_url=f"{self.url}/api/v3", headers=headers, **options)

    def send(self, data: bytes | list[bytes], wait: float = 5.0, pause: float = 0.0) -> bytes:
        """Send bytes as they are, and return what comes until the end, or until nothing comes any more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            with contextlib.suppress(OSError):
                for piece in [data] if isinstance(data, bytes) else data:
                    connection.sendall(piece)
                    time.sleep(pause)
            came = b""
            with contextlib.suppress(OSError):
                while piece := connection.recv(65_536):
                    came += piece
            return came

    def ask(self, head: str, body: bytes = b"", wait: float = 5.0) -> Answer:
        """Send one request by its lines; the connection is closed after the answer."""
        lines = [*head.strip("\n").split("\n"), "connection: close"]
        return Answer.of(self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body, wait))

    @property
    def composers(self) -> list[int]:
        """The process ids of its composers. The resource tracker of multiprocessing is a child, too."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child.pid for child in children if any("spawn_main" in word for word in child.cmdline())]

    @property
    def log_text(self) -> str:
        """All that it has logged, and said on stderr."""
        own = self.home / "serve.log"
        return self.log.read_text() + (own.read_text() if own.exists() else "")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit status."""
        self.process.send_signal(number)
        try:
            return self.process.wait(ENDS_WITHIN)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it at once, as by kill -9. Its children end by themselves."""
        self.process.kill()
        self.process.wait(ENDS_WITHIN)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came over the socket. `status` is 0 where the connection was closed without one."""

    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, data: bytes) -> Answer:
        """Take an answer apart."""
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) < 2:
            return cls(0, {}, b"")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        return cls(int(words[1]), headers, body)

    @property
    def problem(self) -> dict[str, Any]:
        """The problem that it is."""
        assert self.headers["content-type"] == "application/problem+json", self
        found: dict[str, Any] = json.loads(self.body)
        return found


@contextlib.contextmanager
def people(server: RunningServer, *names: str) -> Iterator[dict[str, httpx.Client]]:
    """Add users, and give a client for each, by name; `local` is the owner of the machine."""
    from functools import partial

    from musearoo.bridge.api.access.accounts import make_token, make_user
    from musearoo.bridge.store.database import open_database

    clients = {"local": server.client()}
    database = open_database(f"sqlite:///{server.home / 'musearoo.db'}", make=False)
    try:
        now = time.time()
        for name in names:
            user = database.run_now(partial(make_user, name=name, email=None, password_hash=None, now=now))
            made = partial(make_token, user=user.id, name="test", scopes=("make",), days=None, now=now)
            _, secret = database.run_now(made)
            clients[name] = server.client(secret)
        yield clients
    finally:
        database.close()
        for client in clients.values():
            client.close()
