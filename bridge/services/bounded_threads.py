"""A thread pool with a bounded queue, for the work of requests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.generate import RequestError

MOST_WAITING: Final = 1024
"""Tasks that may wait: as many as 64 devices with 16 requests each ask for.

A press that was taken back makes room for the next, but its work waits in the queue until a thread comes to it: without
a bound, presses and cancels in turn fill the memory.
"""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class BoundedThreads(ThreadPoolExecutor):
    """An executor that refuses work rather than let more than MOST_WAITING pieces of it wait."""

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Call `fn` in a thread; raises RequestError if too much is waiting."""
        if self._work_queue.qsize() >= MOST_WAITING:
            raise RequestError(Refusal.TOO_MANY, "Too much is under way: wait until some of it has ended.")
        return super().submit(fn, *args, **kwargs)
