"""Supervised child processes: a thread starts the process, watches its heartbeat, replaces it and ends it.

Nothing here blocks the event loop, and no failure of a port, a driver or a decoder reaches the daemon.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from musearoo.bridge.process.watchdog import STARTS_WITHIN, Watchdog

if TYPE_CHECKING:
    import asyncio


class SupervisedProcess:
    """A spawned process with a pipe and a heartbeat. It starts at once; raises OSError if it cannot.

    The process runs `run(connection, heartbeat, *arguments)` and increments `heartbeat.value`. With `on_message`, a
    reader thread calls it with each message, and `on_end` at the end. Without, the owner reads `connection`.
    """

    def __init__(
        self,
        name: str,
        run: Callable[..., None],
        arguments: tuple[Any, ...],
        hung_after: float = math.inf,
        look_every: float = math.inf,
        on_message: Callable[[Any], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> None:
        # Imported here to keep the daemon's start fast.
        import multiprocessing

        from musearoo.bridge.process.child_process import plain_start

        context = multiprocessing.get_context("spawn")
        heartbeat: Any = context.RawValue("Q", 0)
        self._hung_after = hung_after
        self._watchdog = Watchdog(lambda: heartbeat.value, look_every)
        self._on_message, self._on_end = on_message, on_end
        self._reader = threading.Thread(target=self._read, name=f"{name}'s reader", daemon=True)
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=run, args=(theirs, heartbeat, *arguments), name=f"musearoo {name}", daemon=True
        )
        try:
            with plain_start():
                self.process.start()
        except OSError:
            self.connection.close()
            raise
        finally:
            # Unless this copy is closed, the end of the process does not close the pipe.
            theirs.close()
        # Kept, because any thread may ask for it while another one closes the process.
        self.pid = self.process.pid
        if on_message is not None:
            self._reader.start()

    def send(self, message: Any) -> None:
        """Send a message; one that cannot be sent is lost with the process, whose end the reader finds."""
        with contextlib.suppress(OSError):
            self.connection.send(message)

    def is_hung(self) -> bool:
        """Whether the heartbeat has stopped for too long. Call this every `look_every` seconds."""
        seconds = self._watchdog.look()
        return seconds > (self._hung_after if self._watchdog.seen else STARTS_WITHIN)

    def describe_end(self, seconds: float) -> str:
        """Return how the process ended, such as "ended with signal 9"; waits up to `seconds` for its end."""
        from musearoo.bridge.process.child_process import describe_end

        return describe_end(self.process, seconds)

    def end(self, seconds: float, farewell: Any = None) -> None:
        """Ask the process to end, by `farewell` or by the end of the pipe, and kill it after that many seconds."""
        if farewell is not None:
            self.send(farewell)
        elif self._reader.is_alive():
            self._hang_up()
        else:
            self.connection.close()
        self.process.join(seconds)
        self.kill()
        if self._reader.is_alive():
            # The process's last messages are handled before its end is.
            self._reader.join(seconds)
        if not self._reader.is_alive():
            self.connection.close()

    def kill(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.join()
        self.process.close()

    def _hang_up(self) -> None:
        """End the pipe for the process, while the reader still reads what it has sent.

        To close it here would be wrong: its number may be another file's before the reader, or its own close, uses it.
        """
        if sys.platform == "win32":
            self.connection.close()
            return
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self.connection.fileno())) as same:
            same.shutdown(socket.SHUT_WR)

    def _read(self) -> None:
        while self._on_message is not None:
            try:
                message = self.connection.recv()
            except (EOFError, OSError):
                break
            self._on_message(message)
        if self._on_end is not None:
            self._on_end()


Child = TypeVar("Child", bound=SupervisedProcess)


@dataclass(frozen=True, slots=True)
class _Close:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    child: SupervisedProcess


class Supervisor(ABC, Generic[Child]):
    """Keep a process running, in a thread that starts with the first command.

    Any thread may call `post`, `report` and `ended`; call `close` last. The abstract methods run in the supervisor's
    thread. `deliver` runs in the event loop's thread or, without a loop, in the caller's; never after `close`.
    """

    def __init__(
        self,
        name: str,
        deliver: Callable[[Any], None],
        loop: asyncio.AbstractEventLoop | None,
        look_every: float,
        close_within: float,
    ) -> None:
        self.child: Child | None = None
        self._deliver = deliver
        self._loop = loop
        self._look_every = look_every
        self._close_within = close_within
        self._commands: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._supervise, name=name, daemon=True)
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process id, None without a process."""
        child = self.child
        return None if child is None else child.pid

    @property
    def has_begun(self) -> bool:
        """Whether a command was posted."""
        return self._thread.ident is not None

    def post(self, command: object) -> None:
        """Queue a command for `perform`."""
        if not self._is_closed:
            if not self.has_begun:
                self._thread.start()
            self._commands.put(command)

    def close(self) -> None:
        """End the process; nothing is performed or delivered afterwards."""
        if not self._is_closed:
            self._is_closed = True
            if self.has_begun:
                self._commands.put(_Close())
                self._thread.join(self._close_within)

    def report(self, message: object) -> None:
        """Deliver a message."""
        if self._loop is None:
            self._pass_on(message)
            return
        with contextlib.suppress(RuntimeError):
            # The loop ended before this was closed: nobody is left to receive messages.
            self._loop.call_soon_threadsafe(self._pass_on, message)

    def ended(self, child: SupervisedProcess) -> None:
        """Queue a call of `lost`, unless that process has been replaced by then."""
        self._commands.put(_Ended(child))

    def _pass_on(self, message: object) -> None:
        if not self._is_closed:
            self._deliver(message)

    def _supervise(self) -> None:
        while True:
            try:
                command = self._commands.get(timeout=None if self.is_idle else self._look_every)
            except queue.Empty:
                command = None
            try:
                match command:
                    case _Close():
                        self.end_child()
                        return
                    case None:
                        self.look()
                    case _Ended(child):
                        if self.child is not None and child is self.child:
                            self.lost(self.child, is_hung=False)
                    case _:
                        self.perform(command)
            except Exception as error:
                # The outermost handler: a bug must not end the thread that restarts the process.
                self.failed(error)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to look after."""
        return self.child is None

    def look(self) -> None:
        """Check the process; called after `look_every` seconds without a command."""
        if self.child is not None and self.child.is_hung():
            self.lost(self.child, is_hung=True)

    @abstractmethod
    def perform(self, command: Any) -> None:
        """Perform a posted command."""

    @abstractmethod
    def lost(self, child: Child, is_hung: bool) -> None:
        """Handle a process that has ended by itself, or hangs."""

    @abstractmethod
    def failed(self, error: Exception) -> None:
        """Handle an error that another of these methods raised: a bug."""

    @abstractmethod
    def end_child(self) -> object:
        """End the process, if there is one."""
