"""A thread pool that shares out the pieces of a network's work.

torch's own threads each take an equal part of every single product and wait for one another, spinning: beside a
program that has to keep its own time, as Live has, that makes two threads slower than one. Here each thread takes
another piece as soon as it is done with one, and torch computes a piece in the thread that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from types import TracebackType
from typing import TypeVar

import torch

Piece = TypeVar("Piece")
Found = TypeVar("Found")


class ThreadPool:
    """A pool of threads, inside `with`; with 0 the calling thread does everything.

    `on_share` is called in the calling thread whenever a piece of work has been shared out and done, some dozen times
    a segment. What it raises ends the work.
    """

    def __init__(self, threads: int, on_share: Callable[[], None] | None = None) -> None:
        self._on_share = on_share
        self._threads_before = torch.get_num_threads()
        self._pool = ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) if threads else None

    def __enter__(self) -> ThreadPool:
        if self._pool:
            torch.set_num_threads(1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            torch.set_num_threads(self._threads_before)

    def share(self, work: Callable[[Piece], object], pieces: Iterable[Piece]) -> None:
        """Run the work on each piece and return when all are done; raises what the first failed piece raised.

        Not from within a piece: a crew whose threads all wait for others would never be done.
        """
        started = [self.start(partial(work, piece)) for piece in pieces]
        wait(started)
        for future in started:
            future.result()
        if self._on_share:
            self._on_share()

    def start(self, work: Callable[[], Found]) -> Future[Found]:
        """Start a piece of work in the background; without threads, do it at once."""
        if self._pool:
            return self._pool.submit(_infer, work)
        done: Future[Found] = Future()
        done.set_result(_infer(work))
        return done


def _infer(work: Callable[[], Found]) -> Found:
    # Which mode a thread is in is its own.
    with torch.inference_mode():
        return work()
