"""Splits files: for the daemon, by its worker, and for the command line, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.jobs.cancellable import Show, Wish, WishDesk
from musearoo.bridge.jobs.contract import Job, JobBackend, JobCancelled, JobHandle, Priority, Report
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems.cache import StemKey
from musearoo.bridge.stems.job import KIND, SplitResult
from musearoo.bridge.stems.plan import SplitFiles, SplitPlan, SplitPlanner, SplitRequest

Answer = Callable[[SplitFiles | str], None]


def split_now(request: SplitRequest, store: ModelStore, home: Path, report: Report) -> SplitFiles:
    """The stems of a file, made in this process; whatever `report` raises ends it and leaves nothing behind.

    Raises AudioFileError, ParamError, EngineError and JobError, each with one sentence.
    """
    # Here, for it brings NumPy, which the daemon starts without.
    from musearoo.bridge.jobs.local import perform_here

    planner = SplitPlanner(home, store, None)
    prepared = planner.prepare(request, report)
    if isinstance(prepared, SplitFiles):
        return prepared
    with prepared.draft:
        result = perform_here(Job(KIND, prepared.job.as_params()), report)
        return planner.finish(prepared, SplitResult(**result.data))


class Splitter:
    """Splits files for the daemon. Only the event loop's thread asks it, and is answered there.

    `worker` gives what performs the jobs, and is first asked when there is something to split. `allowed`: the folders
    that sources must lie in, None for any.
    """

    def __init__(
        self, home: Path, store: ModelStore, worker: Callable[[], JobBackend], allowed: Sequence[Path] | None
    ) -> None:
        self._planner = SplitPlanner(home, store, allowed)
        self._desk = WishDesk[SplitFiles](worker, "splitter")
        self._under_way: dict[StemKey, _Work] = {}

    def split(self, request: SplitRequest, priority: Priority, show: Show, done: Answer) -> Callable[[], None]:
        """Has a file split; returns what cancels it.

        `show` is told how far it is, and `done` once: the stems, or one sentence why there are none (CANCELLED when it
        was cancelled). Whoever asks for what is under way already waits for that.
        """
        wish = Wish(priority, show)
        fault = f"{request.path} cannot be split by a fault of ours: the log says where."
        return self._desk.take(wish, self._split(request, wish), done, fault)

    def close(self) -> None:
        """Cancels everything and removes what is unfinished. The worker is closed by whom it belongs to."""
        self._desk.close()
        for work in tuple(self._under_way.values()):
            work.plan.draft.remove()

    async def _split(self, request: SplitRequest, wish: Wish) -> SplitFiles:
        report = self._desk.reporter(wish)
        while True:
            wish.require()
            prepared = await self._desk.have_done(self._planner.prepare, request, report)
            if isinstance(prepared, SplitFiles):
                wish.require()
                return prepared
            work = self._under_way.get(prepared.key)
            if work is None:
                return await self._make(prepared, wish)
            await self._desk.drop(prepared.draft)
            # However that ends: the next look finds the stems that were made, or that they still have to be.
            await self._wait_for(work, wish)

    async def _make(self, plan: SplitPlan, wish: Wish) -> SplitFiles:
        """Has the job of a plan done; however it ends, the draft goes."""
        work = self._under_way[plan.key] = _Work(plan, wish)
        try:
            wish.require()
            result = await self._desk.perform(wish, work.describe_job(), work.show)
            wish.require()
            made = await self._desk.have_done(self._planner.finish, plan, SplitResult(**result.data))
            if not wish.is_wanted:
                await self._desk.have_done(remove_files, made.files.values())
                raise JobCancelled
            return made
        finally:
            del self._under_way[plan.key]
            work.end()
            await self._desk.drop(plan.draft)

    async def _wait_for(self, work: _Work, wish: Wish) -> None:
        """Returns when the work of another wish has ended, or this one is not wanted any more."""
        if wish.priority < work.priority and work.wish.is_wanted:
            work.priority = wish.priority
            # The same key again: that is no second job, but its turn comes sooner.
            self._desk.worker().submit(work.describe_job())
        wish.stop = work.follow(wish)
        await work.followers[wish]


class _Work:
    """A plan under way for one wish, and the wishes that wait for the same stems."""

    def __init__(self, plan: SplitPlan, wish: Wish) -> None:
        self.plan = plan
        self.wish = wish
        self.priority = wish.priority
        self.followers: dict[Wish, asyncio.Future[None]] = {}

    def describe_job(self) -> Job:
        """The job, at the priority of the wish that is most urgent."""
        return Job(KIND, self.plan.job.as_params(), priority=self.priority, key=str(self.plan.draft.folder))

    def show(self, handle: JobHandle) -> None:
        """Passes progress on to everyone who waits."""
        for wish in (self.wish, *self.followers):
            wish.show_job(handle)

    def follow(self, wish: Wish) -> Callable[[], None]:
        """Takes a wish among those that wait; returns what ends its waiting."""
        waiting = self.followers[wish] = asyncio.get_running_loop().create_future()
        return lambda: None if waiting.done() else waiting.set_result(None)

    def end(self) -> None:
        """Nobody waits any longer."""
        for waiting in self.followers.values():
            if not waiting.done():
                waiting.set_result(None)
