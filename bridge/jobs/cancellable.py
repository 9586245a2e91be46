"""Cancellable requests to a worker. Requests run concurrently; each resolves exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, Final, Generic, ParamSpec, TypeVar

from musearoo.bridge.audio.drafts import Draft
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.jobs.contract import Fault, Job, JobBackend, JobCancelled, JobError, JobHandle, JobResult, Priority
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.errors import EngineError, ParamError, PresetError

CANCELLED: Final = "Cancelled: it was not wanted any more."

Show = Callable[[float, str], None]

Made = TypeVar("Made")
Given = ParamSpec("Given")
Result = TypeVar("Result")


class CancellableRequest:
    """One cancellable request. `show` is called with its progress."""

    def __init__(self, priority: Priority, show: Show) -> None:
        self.priority = priority
        self.show = show
        self.is_active = True
        self.stop: Callable[[], None] = lambda: None
        """Cancel the job that the request waits for now."""

    def cancel(self) -> None:
        """Cancel the request."""
        if self.is_active:
            self.is_active = False
            self.stop()

    def require(self) -> None:
        """Raise JobCancelled if the request was cancelled."""
        if not self.is_active:
            raise JobCancelled

    def show_job(self, handle: JobHandle) -> None:
        """Show the progress of a job, unless the request was cancelled."""
        if self.is_active:
            self.show(handle.progress.fraction, handle.progress.text)


class CancellableRequests(Generic[Made]):
    """Run cancellable requests. For the event loop's thread only, which also gets the results.

    `worker` returns the job backend, and is first called for the first job. `name` names the threads for file
    operations: reading, copying and moving.
    """

    def __init__(self, worker: Callable[[], JobBackend], name: str) -> None:
        self.worker = worker
        self.is_closed = False
        # Several threads, because one large file takes seconds and must not delay other requests.
        self._clerks = ThreadPoolExecutor(2, thread_name_prefix=name)
        self._requests: dict[CancellableRequest, asyncio.Task[None]] = {}

    def start(
        self,
        request: CancellableRequest,
        work: Coroutine[Any, Any, Made],
        done: Callable[[Made | str], None],
        fault: str,
    ) -> Callable[[], None]:
        """Start a request; returns a function that cancels it.

        `done` is called once, with the result or a sentence why there is none: CANCELLED after a cancel, `fault` after
        a bug, whose traceback is logged.
        """
        self._requests[request] = asyncio.get_running_loop().create_task(self._answer(request, work, done, fault))
        return request.cancel

    def close(self) -> None:
        """Cancel all requests. The worker's owner closes it."""
        self.is_closed = True
        for request in tuple(self._requests):
            request.cancel()
        self._clerks.shutdown(wait=True, cancel_futures=True)

    def reporter(self, request: CancellableRequest) -> Show:
        """Return a function that shows progress from any thread; it raises JobCancelled after a cancel."""
        loop = asyncio.get_running_loop()

        def report(fraction: float, text: str) -> None:
            request.require()
            loop.call_soon_threadsafe(request.show, fraction, text)

        return report

    async def perform(
        self, request: CancellableRequest, job: Job, on_progress: Callable[[JobHandle], None]
    ) -> JobResult:
        """Run a job that ends with its request, and return its result; raises its JobError."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def end(_handle: JobHandle) -> None:
            if not ended.done():
                ended.set_result(None)

        handle = self.worker().submit(job, on_progress, end)
        request.stop = handle.cancel
        await ended
        if handle.result is None:
            raise handle.error or JobError(f"The job {job.kind} ended without a result.", Fault.OURS)
        return handle.result

    async def drop(self, draft: Draft) -> None:
        """Remove a draft, without blocking the event loop while that runs."""
        if self.is_closed:
            draft.remove()
        else:
            await self.run_in_thread(draft.remove)

    async def run_in_thread(
        self, function: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        """Run a function that reads or writes disks in a thread, and return its result."""
        # With this task's context, in which the log finds the request.
        work = partial(copy_context().run, function, *given, **named)
        return await asyncio.get_running_loop().run_in_executor(self._clerks, work)

    async def _answer(
        self,
        request: CancellableRequest,
        work: Coroutine[Any, Any, Made],
        done: Callable[[Made | str], None],
        fault: str,
    ) -> None:
        answer: Made | str = CANCELLED
        try:
            answer = await work
        except JobCancelled:
            pass
        except JobError as error:
            answer = CANCELLED if error.fault is Fault.CANCELLED else str(error)
        except (AudioFileError, EngineError, ParamError, PresetError) as error:
            answer = str(error)
        except Exception:
            LOG.exception("%s", fault)
            answer = fault
        finally:
            del self._requests[request]
        done(answer)
