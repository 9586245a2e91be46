"""Split files: in the worker for the daemon, in this process for the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.cache.catalogue import STEMS
from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.jobs.cancellable import CancellableRequest, CancellableRequests, Show
from musearoo.bridge.jobs.contract import Job, JobBackend, JobCancelled, JobHandle, Priority, Report
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems.cache import StemKey
from musearoo.bridge.stems.job import KIND, SplitResult
from musearoo.bridge.stems.plan import SplitFiles, SplitPlan, SplitPlanner, SplitRequest

Answer = Callable[[SplitFiles | str], None]


def split_now(request: SplitRequest, store: ModelStore, home: Path, report: Report) -> SplitFiles:
    """Split a file in this process; an exception of `report` ends it and leaves no files.

    Raises AudioFileError, ParamError, EngineError and JobError, each with one sentence.
    """
    # Imported here, because it imports NumPy, without which the daemon starts.
    from musearoo.bridge.jobs.local import perform_here

    planner = SplitPlanner(home, store, None)
    prepared = planner.prepare(request, report)
    if isinstance(prepared, SplitFiles):
        return prepared
    with prepared.draft:
        result = perform_here(Job(KIND, prepared.job.as_params()), report)
        return planner.finish(prepared, SplitResult(**result.data))


class Splitter:
    """Split files for the daemon. For the event loop's thread only, which also gets the results.

    `worker` returns the job backend, and is first called for the first request. `allowed`: the folders that sources
    must be in, None for any. `bounds`: those of the stems in `home`.
    """

    def __init__(
        self,
        home: Path,
        store: ModelStore,
        worker: Callable[[], JobBackend],
        allowed: Sequence[Path] | None,
        bounds: Bounds = STEMS.bounds,
    ) -> None:
        self._planner = SplitPlanner(home, store, allowed, bounds)
        self._requests = CancellableRequests[SplitFiles](worker, "splitter")
        self._under_way: dict[StemKey, _Work] = {}

    def split(self, request: SplitRequest, priority: Priority, show: Show, done: Answer) -> Callable[[], None]:
        """Start splitting a file; returns a function that cancels it.

        `show` gets its progress. `done` is called once, with the stems or a sentence why there are none (CANCELLED
        after a cancel). A request for a split in progress waits for that one.
        """
        cancellable = CancellableRequest(priority, show)
        fault = f"{request.path} cannot be split by a fault of ours: the log says where."
        return self._requests.start(cancellable, self._split(request, cancellable), done, fault)

    def close(self) -> None:
        """Cancel everything and remove unfinished files. The worker's owner closes it."""
        self._requests.close()
        for work in tuple(self._under_way.values()):
            work.plan.draft.remove()

    async def _split(self, request: SplitRequest, cancellable: CancellableRequest) -> SplitFiles:
        report = self._requests.reporter(cancellable)
        while True:
            cancellable.require()
            prepared = await self._requests.run_in_thread(self._planner.prepare, request, report)
            if isinstance(prepared, SplitFiles):
                cancellable.require()
                return prepared
            work = self._under_way.get(prepared.key)
            if work is None:
                return await self._make(prepared, cancellable)
            await self._requests.drop(prepared.draft)
            # In any case, the next look into the cache finds the stems, or that they are still missing.
            await self._wait_for(work, cancellable)

    async def _make(self, plan: SplitPlan, cancellable: CancellableRequest) -> SplitFiles:
        """Run the job of a plan; however it ends, the draft is removed."""
        work = self._under_way[plan.key] = _Work(plan, cancellable)
        try:
            cancellable.require()
            result = await self._requests.perform(cancellable, work.describe_job(), work.show)
            cancellable.require()
            made = await self._requests.run_in_thread(self._planner.finish, plan, SplitResult(**result.data))
            if not cancellable.is_active:
                await self._requests.run_in_thread(remove_files, made.files.values())
                raise JobCancelled
            return made
        finally:
            del self._under_way[plan.key]
            work.end()
            await self._requests.drop(plan.draft)

    async def _wait_for(self, work: _Work, cancellable: CancellableRequest) -> None:
        """Wait until the work of another request has ended, or this one was cancelled."""
        if cancellable.priority < work.priority and work.cancellable.is_active:
            work.priority = cancellable.priority
            # The same key joins the existing job, but raises its priority.
            self._requests.worker().submit(work.describe_job())
        cancellable.stop = work.follow(cancellable)
        await work.followers[cancellable]


class _Work:
    """A plan in progress for one request, and the requests that wait for the same stems."""

    def __init__(self, plan: SplitPlan, cancellable: CancellableRequest) -> None:
        self.plan = plan
        self.cancellable = cancellable
        self.priority = cancellable.priority
        self.followers: dict[CancellableRequest, asyncio.Future[None]] = {}

    def describe_job(self) -> Job:
        """Return the job, at the priority of its most urgent request."""
        return Job(KIND, self.plan.job.as_params(), priority=self.priority, key=str(self.plan.draft.folder))

    def show(self, handle: JobHandle) -> None:
        """Pass progress on to everyone who waits."""
        for cancellable in (self.cancellable, *self.followers):
            cancellable.show_job(handle)

    def follow(self, cancellable: CancellableRequest) -> Callable[[], None]:
        """Add a request that waits; returns a function that ends its waiting."""
        waiting = self.followers[cancellable] = asyncio.get_running_loop().create_future()
        return lambda: None if waiting.done() else waiting.set_result(None)

    def end(self) -> None:
        """End all waiting."""
        for waiting in self.followers.values():
            if not waiting.done():
                waiting.set_result(None)
