"""The pool of composers, as the server's event loop sees it: awaitable commands, queues, and replacement of the dead.

A session's commands go to the composer that has its set, unless another one is free and this one is not. A composer
gets one command at a time, so a command that its process does not survive is known, and is given to another one once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.api.composers.messages import Call, Command, Ready, Refused, Reply, Returned
from musearoo.bridge.api.composers.pipe import MessageReader, send_message
from musearoo.bridge.api.composers.process import run_composer
from musearoo.bridge.api.problems.errors import OverloadedError, RefusedError
from musearoo.bridge.process.supervised import SupervisedProcess
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.settings.logs import LOG

MOST_WAITING: Final = 256
"""Requests under way for each composer; beyond that new ones are refused."""
LONGEST_WAIT: Final = 1.0
"""Seconds that a new request may be expected to wait; beyond that it is refused, so that those under way are not."""
TRIES: Final = 2
"""Composers that a command is given to."""
LONGEST_START = 60.0
"""Seconds in which a composer must be ready; one that is not is replaced."""
LONGEST_WORK = 60.0
LONGEST_CALL = 300.0
"""Seconds that a request, or a call such as a render, may take; its composer has hung then, and is replaced."""
CLOSING: Final = 1.0
"""Seconds that a composer has to end."""
SMOOTHING: Final = 0.1
"""The weight of a new measurement in the average of what a command takes."""


@dataclass(slots=True, eq=False)
class _Waiting:
    command: Command
    answer: asyncio.Future[Reply]
    tries: int = 0


@dataclass(slots=True, eq=False)
class _Composer:
    child: SupervisedProcess | None = None
    reader: MessageReader | None = None
    is_ready: bool = False
    waiting: deque[_Waiting] = field(default_factory=deque)
    doing: _Waiting | None = None
    failures: int = 0
    begun: float = 0.0
    deadline: asyncio.TimerHandle | None = None

    def expect(self, seconds: float, on_late: Callable[[], None]) -> None:
        """Call `on_late` unless something comes in time."""
        self.relax()
        self.deadline = asyncio.get_running_loop().call_later(seconds, on_late)

    def relax(self) -> None:
        """Expect nothing any more."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    @property
    def load(self) -> int:
        return len(self.waiting) + (self.doing is not None)


class ComposerPool:
    """Processes that perform commands. They start with the first command; for the event loop's thread only."""

    def __init__(self, home: Path, count: int) -> None:
        self._home = home
        self._composers = [_Composer() for _ in range(count)]
        self._homes: dict[str, _Composer] = {}
        self._number = 0
        self._seconds = 0.01
        """A moving average of what a command takes."""
        self._is_closed = False
        self._admitted = 0

    @property
    def waiting(self) -> int:
        """How many commands wait or are performed."""
        return sum(composer.load for composer in self._composers)

    @property
    def busy(self) -> int:
        """How many composers perform a command."""
        return sum(composer.doing is not None for composer in self._composers)

    @property
    def pids(self) -> list[int]:
        """The process ids of the composers that run."""
        return [pid for each in self._composers if each.child is not None and (pid := each.child.pid) is not None]

    def next_number(self) -> int:
        """Return a number for a command."""
        self._number += 1
        return self._number

    def has_set(self, session: str) -> bool:
        """Whether a composer should have a session's set."""
        return session in self._homes

    def warm(self) -> None:
        """Start the first composer ahead of the first command."""
        self._start(self._composers[0])

    @contextlib.contextmanager
    def admitted(self) -> Iterator[None]:
        """Count a request from its arrival to its answer, also while it waits for others of its session.

        Raises OverloadedError where so many came before it that it would wait too long. What is admitted is done: none
        of its commands is refused, and no job's, which was admitted when it began.
        """
        count = len(self._composers)
        expected = self._admitted * self._seconds / count
        is_ready = any(composer.is_ready for composer in self._composers)
        if self._admitted >= MOST_WAITING * count or (is_ready and expected > LONGEST_WAIT):
            raise OverloadedError(expected)
        self._admitted += 1
        try:
            yield
        finally:
            self._admitted -= 1

    async def perform(self, command: Command, session: str = "") -> Reply:
        """Return the reply to a command. Raises RefusedError, and OverloadedError where no composer can be started."""
        composer = self._choose(session)
        if session:
            self._homes[session] = composer
        waiting = _Waiting(command, asyncio.get_running_loop().create_future())
        composer.waiting.append(waiting)
        try:
            self._start(composer)
        except OSError as error:
            LOG.error("A composer cannot be started: %s", error.strerror or type(error).__name__)
            composer.relax()
            composer.waiting.remove(waiting)
            raise OverloadedError(LONGEST_WAIT) from error
        self._advance(composer)
        reply = await waiting.answer
        if isinstance(reply, Refused):
            raise RefusedError(Refusal(reply.code), reply.sentence, reply.field)
        return reply

    async def call(self, name: str, arguments: dict[str, Any] | None = None) -> Any:
        """Return the value of a call of `calls.CALLS`, once it is admitted. Raises as `perform` does."""
        with self.admitted():
            reply = await self.perform(Call(self.next_number(), name, arguments or {}))
        if not isinstance(reply, Returned):
            raise TypeError(f"a call was answered by {type(reply).__name__}")
        return reply.value

    def forget(self, session: str) -> None:
        """Forget which composer has a session's set."""
        self._homes.pop(session, None)

    def close(self) -> None:
        """End all composers; commands that wait fail."""
        self._is_closed = True
        for composer in self._composers:
            composer.relax()
            for waiting in (*composer.waiting, *filter(None, [composer.doing])):
                _settle(waiting, Refused(0, int(Refusal.CANCELLED), "The server is being stopped."))
            composer.waiting.clear()
            composer.doing = None
            if composer.child is not None:
                self._stop_reading(composer, composer.child)
                composer.child.end(CLOSING)

    def _stop_reading(self, composer: _Composer, child: SupervisedProcess) -> None:
        if composer.reader is not None:
            asyncio.get_running_loop().remove_reader(child.connection.fileno())
            composer.reader.close()
            composer.reader = None

    def _choose(self, session: str) -> _Composer:
        """Return the composer for a session: its own, or an idle one, or the one with the shortest queue."""
        own = self._homes.get(session)
        least = min(self._composers, key=lambda composer: (composer.load, not composer.is_ready))
        return own if own is not None and own.load <= least.load + 1 else least

    def _start(self, composer: _Composer) -> None:
        if composer.child is not None or self._is_closed:
            return
        loop = asyncio.get_running_loop()
        composer.expect(LONGEST_START, lambda: self._on_late(composer))
        if sys.platform != "win32":
            child = composer.child = SupervisedProcess("composer", run_composer, (self._home,))
            reader = composer.reader = MessageReader(child.connection)
            loop.add_reader(child.connection.fileno(), self._on_readable, composer, child, reader)
            # uvloop makes what it watches non-blocking, but a command is written whole.
            os.set_blocking(child.connection.fileno(), True)
            return

        # Windows' event loop watches no pipes: a thread reads, at the cost of a switch for each reply.
        def on_message(message: Reply) -> None:
            loop.call_soon_threadsafe(self._on_reply, composer, message)

        def on_end() -> None:
            loop.call_soon_threadsafe(self._on_end, composer)

        composer.child = SupervisedProcess(
            "composer", run_composer, (self._home,), on_message=on_message, on_end=on_end
        )

    def _on_readable(self, composer: _Composer, child: SupervisedProcess, reader: MessageReader) -> None:
        """Take replies from a composer's pipe, or its end."""
        try:
            replies: list[Reply] = reader.read()
        except (EOFError, OSError):
            self._stop_reading(composer, child)
            asyncio.get_running_loop().run_in_executor(None, child.kill)
            self._on_end(composer)
        else:
            for reply in replies:
                self._on_reply(composer, reply)

    def _advance(self, composer: _Composer) -> None:
        """Give an idle composer its next command."""
        while composer.child is not None and composer.is_ready and composer.doing is None and composer.waiting:
            waiting = composer.waiting.popleft()
            if waiting.answer.done():
                # Whoever asked has gone.
                continue
            waiting.tries += 1
            composer.doing = waiting
            composer.begun = time.perf_counter()
            longest = LONGEST_CALL if isinstance(waiting.command, Call) else LONGEST_WORK
            composer.expect(longest, lambda: self._on_late(composer))
            send_message(composer.child.connection, waiting.command)

    def _on_late(self, composer: _Composer) -> None:
        """End a composer that has hung: what it was asked for fails, what waits for it is done by the next one."""
        composer.relax()
        if composer.doing is not None:
            sentence = "Composing this took too long, and was given up: ask for less, or try again."
            _settle(composer.doing, Refused(0, int(Refusal.EXPIRED), sentence))
            composer.doing = None
        # It gets nothing more.
        composer.is_ready = False
        if composer.child is not None:
            LOG.warning("A composer has hung, and is ended.")
            # Its end is noticed by what reads from it.
            asyncio.get_running_loop().run_in_executor(None, composer.child.process.kill)

    def _on_reply(self, composer: _Composer, reply: Reply) -> None:
        composer.relax()
        if isinstance(reply, Ready):
            composer.is_ready = True
            composer.failures = 0
        elif composer.doing is not None:
            waiting, composer.doing = composer.doing, None
            self._seconds += SMOOTHING * (time.perf_counter() - composer.begun - self._seconds)
            _settle(waiting, reply)
        self._advance(composer)

    def _on_end(self, composer: _Composer) -> None:
        """Replace a composer that has ended, and give its command to it once more."""
        if self._is_closed:
            return
        LOG.warning("A composer has ended by itself, and is replaced.")
        composer.relax()
        composer.child, composer.is_ready = None, False
        composer.failures += 1
        for session, home in list(self._homes.items()):
            if home is composer:
                del self._homes[session]
        if composer.doing is not None:
            waiting, composer.doing = composer.doing, None
            if waiting.tries >= TRIES:
                sentence = "Composing this ended its process twice: the log says where. Nothing was written."
                _settle(waiting, Refused(0, int(Refusal.ENGINE_FAILED), sentence))
            else:
                composer.waiting.appendleft(waiting)
        if composer.failures > TRIES:
            for waiting in composer.waiting:
                _settle(waiting, Refused(0, int(Refusal.ENGINE_FAILED), "Composers do not start: run musearoo doctor."))
            composer.waiting.clear()
            return
        if composer.waiting:
            self._start(composer)


def _settle(waiting: _Waiting, reply: Reply) -> None:
    if not waiting.answer.done():
        waiting.answer.set_result(reply)
