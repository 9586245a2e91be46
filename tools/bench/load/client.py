"""The process of the clients: many WebSockets in one event loop, and a clock that waits for no answer."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import msgspec

from musearoo.bridge.process.child_process import plain_end, settle_in
from musearoo.tools.bench.api.requests import BARS, ENGINES, STYLE
from musearoo.tools.bench.load.messages import DONE, Command, Connect, Connected, Ran, RunClosed, RunOpen
from musearoo.tools.bench.load.sockets import LoadSocket

WELCOME_WITHIN: Final = 30.0
"""Seconds in which a connection must be welcomed."""
ANSWERED_WITHIN: Final = 15.0
"""Seconds after the end of a run in which its last requests must be answered."""
SHED: Final = (429, 503)


class Done(msgspec.Struct):
    """What is read of an Outcome."""

    request: str


class Problem(msgspec.Struct):
    """What is read of a Problem."""

    status: int
    retry_after: float | None = None


_DONE: Final = msgspec.msgpack.Decoder(Done)
_PROBLEM: Final = msgspec.msgpack.Decoder(Problem)


@dataclass(slots=True)
class _Waiting:
    meant: float
    answered: asyncio.Future[None] | None


@plain_end
def run_client(connection: Connection[Any, Any], log: Path) -> None:
    """Do what arrives, until the pipe ends. What fails is in the file `log`."""
    settle_in(log)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_Clients().serve(connection))


class _Clients:
    """The people who are connected, and the run that goes on."""

    def __init__(self) -> None:
        self._sockets: list[LoadSocket] = []
        self._welcomed: dict[int, float] = {}
        self._refused: dict[int, int] = {}
        self._waiting: dict[tuple[int, int], _Waiting] = {}
        self._number = 0
        self._last = 0.0
        self._ran = Ran(0.0)

    async def serve(self, connection: Connection[Any, Any]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                command: Command = await loop.run_in_executor(None, connection.recv)
            except (EOFError, OSError):
                return
            connection.send(await self._connect(command) if isinstance(command, Connect) else await self._run(command))

    async def _connect(self, command: Connect) -> Connected:
        first, began, took = len(self._sockets), time.perf_counter(), {}
        opening: list[asyncio.Task[None]] = []
        for number, (person, at) in enumerate(zip(command.people, command.times, strict=True), first):
            await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
            on_frame = partial(self._on_frame, number)
            socket = LoadSocket(command.port, person.session, person.token, on_frame)
            self._sockets.append(socket)
            took[number] = time.perf_counter()
            opening.append(asyncio.create_task(self._open(socket, command.port)))
        if opening:
            await asyncio.wait(opening)
        until = time.perf_counter() + WELCOME_WITHIN
        while time.perf_counter() < until and not all(
            number in self._welcomed or self._sockets[number].ended.done() for number in took
        ):
            await asyncio.sleep(0.01)
        milliseconds = (1000 * (self._welcomed[n] - at) for n, at in took.items() if n in self._welcomed)
        connections = sum(socket.is_open for socket in self._sockets)
        return Connected(connections, tuple(milliseconds), dict(self._refused))

    async def _open(self, socket: LoadSocket, port: int) -> None:
        await asyncio.get_running_loop().create_connection(lambda: socket, "127.0.0.1", port)

    async def _run(self, command: RunOpen | RunClosed) -> Ran:
        cpu, began, self._ran = time.process_time(), time.perf_counter(), Ran(command.seconds)
        if isinstance(command, RunOpen):
            await self._run_open(command)
        else:
            await self._run_closed(command)
        until = time.perf_counter() + ANSWERED_WITHIN
        while self._waiting and time.perf_counter() < until:
            await asyncio.sleep(0.005)
        # The last takes may have come later than the last request.
        self._ran.seconds = max(command.seconds, self._last - began)
        self._ran.lost = len(self._waiting)
        self._waiting.clear()
        self._ran.cpu_seconds = time.process_time() - cpu
        return self._ran

    async def _run_open(self, command: RunOpen) -> None:
        began = time.perf_counter()
        for arrival in command.arrivals:
            meant = began + arrival.at
            # Also where it is late: the answers are read meanwhile.
            await asyncio.sleep(max(0.0, meant - time.perf_counter()))
            self._send(arrival.user, meant)
        await asyncio.sleep(max(0.0, began + command.seconds - time.perf_counter()))

    async def _run_closed(self, command: RunClosed) -> None:
        began = time.perf_counter()
        await asyncio.gather(*(self._ask_again(user, began + command.seconds) for user in range(command.people)))

    async def _ask_again(self, user: int, until: float) -> None:
        loop = asyncio.get_running_loop()
        while time.perf_counter() < until and self._sockets[user].is_open:
            answered: asyncio.Future[None] = loop.create_future()
            self._send(user, time.perf_counter(), answered)
            await answered

    def _send(self, user: int, meant: float, answered: asyncio.Future[None] | None = None) -> None:
        """Ask for a part by the engines in turn; each replaces its clip, so that sets stay as large as they are."""
        self._number += 1
        self._ran.sent += 1
        self._waiting[user, self._number] = _Waiting(meant, answered)
        engine = ENGINES[self._number % len(ENGINES)]
        body = {"do": "generate", "engine": engine, "style": STYLE, "bars": BARS, "seed": self._number}
        self._sockets[user].send("do", self._number, {**body, "scene": 1, "replace": True})
        self._ran.late.append(1000 * (time.perf_counter() - meant))

    def _on_frame(self, user: int, kind: str, id: int, body: msgspec.Raw, now: float) -> None:
        if kind == "welcome":
            self._welcomed[user] = now
        elif kind == "problem" and id == 0:
            status = _PROBLEM.decode(body).status
            self._refused[status] = self._refused.get(status, 0) + 1
        if kind not in ("done", "problem") or (waiting := self._waiting.pop((user, id), None)) is None:
            return
        self._last = now
        if kind == "done":
            status = DONE
            self._ran.milliseconds.append(1000 * (now - waiting.meant))
            self._ran.requests.append(_DONE.decode(body).request)
        else:
            problem = _PROBLEM.decode(body)
            status = problem.status
            self._ran.without_retry += status in SHED and problem.retry_after is None
        self._ran.statuses[status] = self._ran.statuses.get(status, 0) + 1
        if waiting.answered is not None and not waiting.answered.done():
            waiting.answered.set_result(None)


def _loop_factory() -> Any:
    if sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
