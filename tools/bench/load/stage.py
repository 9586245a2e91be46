"""A stage for a load: a server whose store has as many users as are needed, and the process of their clients."""

from __future__ import annotations

import multiprocessing
import secrets
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection

from musearoo.bridge.api.access.accounts import make_token, make_user
from musearoo.bridge.api.sets.packets import open_set, pack
from musearoo.bridge.api.sets.performing import StoredSet, new_set, perform_request
from musearoo.bridge.api.types.requests import Band
from musearoo.bridge.core.composing import Players
from musearoo.bridge.process.child_process import plain_start
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.store.database import Database, open_database
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id
from musearoo.bridge.store.records import Session
from musearoo.bridge.store.sessions import add_session
from musearoo.bridge.store.tables import takes
from musearoo.engines.errors import EngineError
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.tools.bench.api.requests import BARS, STYLE
from musearoo.tools.bench.api.serving import ServeProcess
from musearoo.tools.bench.load.arrivals import draw_connects, draw_people, draw_rate
from musearoo.tools.bench.load.client import run_client
from musearoo.tools.bench.load.messages import DONE, Command, Connect, Connected, Person, Ran, RunClosed, RunOpen
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.processes import Usage

CLIENTS_LOG: Final = "clients.log"
FIRST_SECONDS: Final = 0.3
UNLIMITED: Final = 1000.0
"""Times what a user may ask: so much that a few users can stand for many."""
CONNECTS_PER_SECOND: Final = 150.0
REPLIES_WITHIN: Final = 600.0
FILES_PER_CONNECTION: Final = 2
SHED: Final = (429, 503)


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, and what the processes used meanwhile: shares of a core by name, and memory at its end."""

    ran: Ran
    cores: dict[str, float]
    usage: dict[str, Usage]
    seconds: float

    @property
    def rate(self) -> float:
        """Takes a second."""
        return len(self.ran.milliseconds) / self.ran.seconds

    @property
    def shed(self) -> int:
        """Requests that were answered by 429 or 503."""
        return sum(self.ran.statuses.get(status, 0) for status in SHED)

    @property
    def errors(self) -> int:
        """Requests with any other problem, or without an answer."""
        others = sum(count for status, count in self.ran.statuses.items() if status not in (DONE, *SHED))
        return others + self.ran.lost

    def latency(self, percent: float) -> float:
        """Return a percentile of the takes' milliseconds; infinite without a take."""
        return percentile(self.ran.milliseconds, percent) if self.ran.milliseconds else float("inf")

    def busy(self, role: str) -> float:
        """Return the cores that the processes of a name have used in all: "server", "composer" or "clients"."""
        return sum(share for name, share in self.cores.items() if name.startswith(role))


class Stage:
    """A server with as many users in its store, none connected yet. Leaving the context ends all.

    `rate` multiplies what the server lets each user ask.
    """

    def __init__(self, people: int, composers: int, rate: float = UNLIMITED) -> None:
        allow_files(FILES_PER_CONNECTION * people + 200)
        self._stack = ExitStack()
        self._arguments = ("--composers", str(composers), "--rate", str(rate))
        self._connected = 0
        self._runs = 0
        self.home = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="musearoo-load-")))
        self._address = f"sqlite:///{self.home / 'load.db'}"
        self.people = populate(self._address, people)
        self.server: ServeProcess
        self._pipe: Any = None

    def __enter__(self) -> Self:
        try:
            self.server = self._stack.enter_context(
                ServeProcess(self.home, "--database", self._address, *self._arguments)
            )
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            client = context.Process(target=run_client, args=(theirs, self.home / CLIENTS_LOG), daemon=True)
            with plain_start():
                client.start()
            theirs.close()
            self._stack.callback(client.join)
            self._stack.callback(client.kill)
            self._stack.callback(self._pipe.close)
            # The composer starts with the first who comes: hundreds at once would find it not there yet.
            self.connect(1)
            self.run_closed(1, FIRST_SECONDS)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def connect(self, people: int, per_second: float = CONNECTS_PER_SECOND) -> Connected:
        """Connect people until so many are. Raises EngineError when some are not welcomed."""
        new = self.people[self._connected : people]
        times = draw_connects(len(new), per_second, seed=self._connected)
        connected: Connected = self._tell(Connect(self.server.port, new, times))
        if connected.connections < people:
            why = ", ".join(f"{count} × {status}" for status, count in connected.refused.items()) or "no answer"
            raise EngineError(f"Of {people} connections only {connected.connections} were welcomed ({why}).")
        self._connected = people
        return connected

    def run_people(self, people: int, pause: float, seconds: float) -> Measured:
        """Let people ask at their own pace, whatever the server does."""
        return self._measure(RunOpen(draw_people(people, pause, seconds, seed=self._next_seed()), seconds))

    def run_rate(self, rate: float, seconds: float) -> Measured:
        """Let all who are connected ask so many times a second in all, whatever the server does."""
        return self._measure(RunOpen(draw_rate(rate, self._connected, seconds, seed=self._next_seed()), seconds))

    def run_closed(self, people: int, seconds: float) -> Measured:
        """Let people ask without a pause, each as soon as the last answer is there."""
        return self._measure(RunClosed(people, seconds))

    def count_stored(self, requests: Iterable[str]) -> int:
        """Return how many of these requests have a take in the store."""
        wanted = set(requests)

        def work(connection: Connection) -> int:
            found = connection.execute(takes.select().with_only_columns(takes.c.request_id).distinct())
            return len(wanted & {row[0] for row in found})

        database = open_database(self._address, make=False)
        try:
            return database.read_now(work)
        finally:
            database.close()

    def _next_seed(self) -> int:
        self._runs += 1
        return self._runs

    def _measure(self, command: RunOpen | RunClosed) -> Measured:
        before, began = self.server.usage(), time.perf_counter()
        ran: Ran = self._tell(command)
        after, seconds = self.server.usage(), time.perf_counter() - began
        cores = {
            name: (used.cpu_seconds - (before[name].cpu_seconds if name in before else 0.0)) / seconds
            for name, used in after.items()
        }
        return Measured(ran, {**cores, "clients": ran.cpu_seconds / seconds}, after, seconds)

    def _tell(self, command: Command) -> Any:
        try:
            self._pipe.send(command)
            if not self._pipe.poll(REPLIES_WITHIN):
                raise EngineError(f"The clients did not answer within {REPLIES_WITHIN:g} s.")
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            log = self.home / CLIENTS_LOG
            said = log.read_text(encoding="utf-8", errors="replace").strip() if log.exists() else ""
            raise EngineError(f"The process of the clients has ended by itself: {said[-600:]}") from error


def populate(address: str, people: int) -> tuple[Person, ...]:
    """Add users to a new store, each with a token and a session in which the band plays; returns them."""
    document = make_document()
    made: list[Person] = []

    def work(connection: Connection) -> None:
        now = time.time()
        for number in range(people):
            user = make_user(connection, name=f"user-{number}", email=None, password_hash=None, now=now)
            _, secret = make_token(connection, user=user.id, name="load", scopes=("make",), days=None, now=now)
            id = new_id(now, secrets.token_bytes(RANDOM_BYTES))
            add_session(
                connection,
                Session(id=id, owner=user.id, name="Untitled", kind="own", made=now, changed=now),
                document,
            )
            made.append(Person(id, secret))

    database: Database = open_database(address, make=True)
    try:
        database.run_now(work)
    finally:
        database.close()
    return tuple(made)


def make_document() -> bytes:
    """Return a set in which the band plays: each further part is composed to all of it, as in somebody's work."""
    players = Players(ENGINES, read_styles(), play_with_patience)
    mirror, next_id = open_set(pack(new_set("Untitled")), ())
    written = perform_request(
        StoredSet(mirror, 0, next_id), Band(style=STYLE, bars=BARS, seed=1, scene=1), "band", "load", players
    )
    return pack(written.performed.mirror.messages())


def allow_files(files: int) -> None:
    """Let this process and its children open so many files. Raises EngineError where the system forbids it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= files:
        return
    if hard != resource.RLIM_INFINITY and hard < files:
        raise EngineError(f"So many connections need {files} open files, and this system allows {hard}: ulimit -n.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
