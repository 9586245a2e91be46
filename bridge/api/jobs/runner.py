"""A task runner, as the server's event loop sees it: a process that performs long tasks one after the other.

It starts with the first task, keeps models loaded between tasks, and ends when nobody needs it for a while. A task that
its process does not survive is done once more.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.api.composers.messages import Ready, Refused, Returned, SetSource
from musearoo.bridge.api.jobs.messages import DiskFull, FromRunner, Moved, SetGiven, SetNeeded, Stopped, Task
from musearoo.bridge.api.jobs.process import run_tasks
from musearoo.bridge.api.problems.errors import ApiError, OverloadedError, RefusedError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.api.types.answers import JobPhase
from musearoo.bridge.process.supervised import SupervisedProcess
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.settings.logs import LOG

STOPS_WITHIN: Final = 2.0
"""Seconds in which a cancelled task must stop by itself; then its process is ended."""
HUNG_AFTER: Final = 15.0
"""Seconds without a heartbeat after which a process counts as hung."""
SILENT_AFTER: Final = 900.0
"""Seconds without a report after which a process with a heartbeat counts as hung in a library."""
LOOK_EVERY: Final = 1.0
TRIES: Final = 2
MOST_WAITING: Final = 16
"""Tasks that wait for a runner; beyond that new ones are refused."""
WAIT_OVERLOADED: Final = 5.0
"""Seconds after which one that was refused may try again."""
CLOSING: Final = 1.0

Show = Callable[[JobPhase, float, str], None]
Fetch = Callable[[], Awaitable[SetSource]]


@dataclass(slots=True, eq=False)
class _Doing:
    task: Task
    show: Show
    fetch: Fetch | None
    drop: Callable[[Any], None]
    answer: asyncio.Future[Any]
    is_cancelled: bool = False
    tries: int = 1
    heard: float = field(default_factory=time.monotonic)


class TaskRunner:
    """Performs tasks in a process of its own. For the event loop's thread only.

    `home` is MuseAroo's folder; the process ends after `idle_after` seconds without a task.
    """

    def __init__(self, home: Path, idle_after: float) -> None:
        self._home = home
        self._idle_after = idle_after
        self._child: SupervisedProcess | None = None
        self._cancelled: Any = None
        self._doing: _Doing | None = None
        self._free = asyncio.Event()
        self._free.set()
        self._number = 0
        self._waiting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._asides: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process id, None while there is no process."""
        return None if self._child is None else self._child.pid

    async def perform(
        self,
        name: str,
        arguments: dict[str, Any],
        show: Show = lambda _phase, _fraction, _text: None,
        fetch: Fetch | None = None,
        drop: Callable[[Any], None] = lambda _: None,
    ) -> Any:
        """Return what a task comes to; cancelling the caller cancels it.

        Raises RefusedError, ApiError for a full disk, and OverloadedError where too many wait already.

        `fetch` returns the session's set whenever the task asks for it. `drop` gets a result that comes too late.
        """
        if self._waiting >= MOST_WAITING:
            raise OverloadedError(WAIT_OVERLOADED)
        self._waiting += 1
        try:
            while self._doing is not None:
                await self._free.wait()
        finally:
            self._waiting -= 1
        if self._is_closed:
            raise RefusedError(Refusal.CANCELLED, "The server is being stopped.")
        self._number += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        doing = self._doing = _Doing(Task(self._number, name, arguments), show, fetch, drop, answer)
        self._free.clear()
        self._begin(doing)
        try:
            reply = await answer
        except asyncio.CancelledError:
            self._stop(doing)
            raise
        if isinstance(reply, Refused):
            raise RefusedError(Refusal(reply.code), reply.sentence, reply.field)
        if isinstance(reply, DiskFull):
            sentence = "The server's disk is full, and nothing was written: free some space there, then ask again."
            raise ApiError(507, "disk_full", sentence)
        return reply.value

    async def settle(self) -> None:
        """Wait until a cancelled task has stopped."""
        await self._free.wait()

    def close(self) -> None:
        """End the process; a task under way fails."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()
        self._end_child()
        if self._doing is not None:
            self._settle(self._doing, Refused(0, int(Refusal.CANCELLED), "The server is being stopped."))

    # --- the process -------------------------------------------------------------------------------------------------

    def _begin(self, doing: _Doing) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._child is None:
            doing.show("loading", 0.0, "")
            try:
                self._start()
            except OSError as error:
                sentence = f"The process for long work cannot be started ({error.strerror or error}): try again later."
                self._settle(doing, Refused(0, int(Refusal.ENGINE_FAILED), sentence))
                return
        if self._child is not None:
            self._child.send(doing.task)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())

    def _start(self) -> None:
        import multiprocessing

        loop = asyncio.get_running_loop()
        self._cancelled = multiprocessing.get_context("spawn").RawValue("Q", 0)
        made: list[SupervisedProcess] = []

        def on_message(message: FromRunner) -> None:
            _call_soon(loop, partial(self._on_message, message))

        def on_end() -> None:
            _call_soon(loop, lambda: self._on_end(made[0] if made else None))

        made.append(
            SupervisedProcess(
                "task runner",
                run_tasks,
                (self._home, self._cancelled),
                hung_after=HUNG_AFTER,
                look_every=LOOK_EVERY,
                on_message=on_message,
                on_end=on_end,
            )
        )
        self._child = made[0]

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            # In a thread: waiting for a process's end takes a moment.
            asyncio.get_running_loop().run_in_executor(None, child.end, CLOSING)

    def _stop(self, doing: _Doing) -> None:
        """Cancel a task; its process is ended if that takes long."""
        doing.is_cancelled = True
        if self._doing is not doing or self._cancelled is None:
            return
        self._cancelled.value = doing.task.number
        asyncio.get_running_loop().call_later(STOPS_WITHIN, self._kill_unless_stopped, doing)

    def _kill_unless_stopped(self, doing: _Doing) -> None:
        if self._doing is doing and self._child is not None:
            LOG.warning("The task %s did not stop in time: its process is ended.", doing.task.name)
            self._child.process.kill()

    async def _look(self) -> None:
        """End a process that hangs."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            child, doing = self._child, self._doing
            if child is None or doing is None:
                continue
            if child.is_hung() or time.monotonic() - doing.heard > SILENT_AFTER:
                LOG.warning("The process of the task %s hangs and is ended.", doing.task.name)
                child.process.kill()

    # --- its messages ------------------------------------------------------------------------------------------------

    def _on_message(self, message: FromRunner) -> None:
        doing = self._doing
        if isinstance(message, Ready) or doing is None or message.number != doing.task.number:
            return
        doing.heard = time.monotonic()
        match message:
            case Moved(phase=phase, fraction=fraction, text=text):
                if not doing.is_cancelled:
                    doing.show(phase, fraction, text)
            case SetNeeded():
                task = asyncio.create_task(self._give_set(doing))
                self._asides.add(task)
                task.add_done_callback(self._asides.discard)
            case _:
                self._settle(doing, message)

    async def _give_set(self, doing: _Doing) -> None:
        given = SetGiven(None)
        if doing.fetch is not None and not doing.is_cancelled:
            try:
                given = SetGiven(await doing.fetch())
            except Exception as error:
                try:
                    problem = problem_of(error)
                except Exception:
                    LOG.exception("The set of a task cannot be read by a fault of ours")
                    problem = ApiError(500, "fault", "The set cannot be read by a fault of ours: the log says where.")
                given = SetGiven(None, Refused(doing.task.number, int(Refusal.GONE), problem.sentence, problem.field))
        if self._doing is doing and self._child is not None:
            # In a thread: it is large, and the process may have been stopped.
            await asyncio.to_thread(self._child.send, given)

    def _settle(self, doing: _Doing, reply: Returned | Refused | Stopped | DiskFull) -> None:
        self._doing = None
        self._free.set()
        if not self._is_closed:
            self._timer = asyncio.get_running_loop().call_later(self._idle_after, self._end_if_idle)
        if not doing.answer.done():
            if isinstance(reply, Stopped):
                doing.answer.cancel()
            else:
                doing.answer.set_result(reply)
        elif isinstance(reply, Returned):
            doing.drop(reply.value)

    def _end_if_idle(self) -> None:
        if self._doing is None:
            self._end_child()
            if self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def _on_end(self, child: SupervisedProcess | None) -> None:
        """Do the task of a process that has ended once more, or give it up."""
        if child is None or child is not self._child:
            return
        self._child = None
        asyncio.get_running_loop().run_in_executor(None, child.end, CLOSING)
        doing = self._doing
        if doing is None:
            return
        if doing.is_cancelled:
            self._settle(doing, Stopped(doing.task.number))
        elif doing.tries < TRIES:
            LOG.warning("The process of the task %s has ended: it is done once more.", doing.task.name)
            doing.tries += 1
            self._begin(doing)
        else:
            sentence = "This ended its process twice: memory may be short; tasks.log says more. Nothing was written."
            self._settle(doing, Refused(0, int(Refusal.ENGINE_FAILED), sentence))


def _call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    # The loop may have been closed: then nobody waits for this.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(callback)
