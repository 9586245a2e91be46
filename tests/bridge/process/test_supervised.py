"""A process under supervision: what it sends arrives, and its end, its silence and a fault of ours are handled."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import pytest

from musearoo.bridge.process.supervised import SupervisedProcess, Supervisor

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
needs_sockets = pytest.mark.skipif(sys.platform == "win32", reason="a pipe of Windows is no socket")

SOON = 20.0


def echo(connection: Connection[Any, Any], heartbeat: Any, greeting: str) -> None:
    """In the process: send back what comes, until "leave" or the end of the pipe."""
    connection.send(greeting)
    message = None
    while message != "leave":
        heartbeat.value += 1
        if not connection.poll(0.05):
            continue
        try:
            message = connection.recv()
        except EOFError:
            with contextlib.suppress(BrokenPipeError):
                connection.send("goodbye")
            return
        connection.send(message)


class Echo(Supervisor[SupervisedProcess]):
    """Starts the process with each order where there is none."""

    def __init__(self, deliver: Callable[[Any], None]) -> None:
        super().__init__("echo", deliver, None, look_every=0.1, close_within=SOON)

    def perform(self, order: Any) -> None:
        if order == "fail":
            raise ValueError("a fault of ours")
        if self.child is None:
            child = SupervisedProcess("echo", echo, ("hello",), 0.5, 0.1, self.report, lambda: self.ended(child))
            self.child = child
        self.child.send(order)

    def lost(self, child: SupervisedProcess, is_hung: bool) -> None:
        self.report("hung" if is_hung else child.describe_end(SOON))
        self.end_child()

    def failed(self, error: Exception) -> None:
        self.report(f"failed: {error}")

    def end_child(self) -> None:
        child, self.child = self.child, None
        if child is not None:
            child.end(0.5, "leave")


@needs_signals
def test_a_process_is_started_again_after_its_end_and_its_silence() -> None:
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    echoed = Echo(told.put)
    assert (echoed.pid, echoed.has_begun) == (None, False)
    for number, news in ((signal.SIGKILL, "ended with signal 9"), (signal.SIGSTOP, "hung")):
        echoed.post(news)
        assert [told.get(timeout=SOON) for _ in range(2)] == ["hello", news]
        assert echoed.pid is not None
        os.kill(echoed.pid, number)
        assert told.get(timeout=SOON) == news
        until = time.monotonic() + SOON
        while echoed.pid is not None and time.monotonic() < until:
            time.sleep(0.01)
    echoed.post("fail")
    assert told.get(timeout=SOON) == "failed: a fault of ours"
    echoed.post("again")
    assert [told.get(timeout=SOON) for _ in range(2)] == ["hello", "again"]
    echoed.close()
    echoed.close()
    echoed.post("late")
    assert (echoed.pid, told.empty()) == (None, True)


@needs_sockets
def test_the_pipe_ends_for_the_process_before_its_reader_ends() -> None:
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    process = SupervisedProcess("echo", echo, ("hello",), on_message=told.put, on_end=lambda: told.put("end"))
    assert told.get(timeout=SOON) == "hello"
    process.end(SOON)
    # Another thread's pipe may have the number of one that is closed under its reader.
    assert [told.get(timeout=SOON) for _ in range(2)] == ["goodbye", "end"]
    assert process.connection.closed


def test_a_process_without_a_reader_ends_with_its_pipe() -> None:
    process = SupervisedProcess("echo", echo, ("hello",))
    assert process.connection.recv() == "hello"
    process.send("back")
    assert process.connection.recv() == "back"
    process.connection.close()
    process.send("lost")
    assert process.describe_end(SOON) == "ended with status 0"
    process.end(0.0)
