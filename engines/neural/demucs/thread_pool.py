"""A thread pool for the parts of a network's work.

torch's own threads split every single product evenly and busy-wait for each other. Next to a real-time program such as
Live, two such threads are slower than one. Here each thread takes the next part as soon as it is free, and torch
computes a part within one thread.
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
    """A pool of threads, used as a context manager; with 0 threads the caller does everything.

    `on_share` is called in the calling thread after each batch of shared work, a few dozen times a segment.
    Exceptions it raises end the work.
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
        """Run the work on each piece and wait for all; re-raises the first failed piece's exception.

        Do not call it from within a piece: threads that wait for each other would deadlock.
        """
        started = [self.start(partial(work, piece)) for piece in pieces]
        wait(started)
        for future in started:
            future.result()
        if self._on_share:
            self._on_share()

    def start(self, work: Callable[[], Found]) -> Future[Found]:
        """Start work in the background; without threads, do it now."""
        if self._pool:
            return self._pool.submit(_infer, work)
        done: Future[Found] = Future()
        done.set_result(_infer(work))
        return done


def _infer(work: Callable[[], Found]) -> Found:
    # Inference mode is set per thread.
    with torch.inference_mode():
        return work()
