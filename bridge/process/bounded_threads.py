"""A thread pool with a bounded queue, for the work of requests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Final, ParamSpec, TypeVar

from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError

MOST_WAITING: Final = 1024
"""Tasks that may wait: as many as 64 devices with 16 requests each ask for.

A press that was taken back makes room for the next, but its work waits in the queue until a thread comes to it: without
a bound, presses and cancels in turn fill the memory.
"""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class BoundedThreads(ThreadPoolExecutor):
    """An executor that refuses work rather than let more than MOST_WAITING pieces of it wait."""

    @property
    def waiting(self) -> int:
        """Tasks that no thread has begun."""
        return self._work_queue.qsize()

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Call `fn` in a thread, with the caller's context; raises RequestError if too much is waiting."""
        if self.waiting >= MOST_WAITING:
            raise RequestError(Refusal.TOO_MANY, "Too much is under way: wait until some of it has ended.")
        return super().submit(partial(copy_context().run, fn, *args, **kwargs))
