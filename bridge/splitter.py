"""Splits files: for the daemon, by its worker, and for the command line, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from bridge.audio_files import AudioFileError
from bridge.jobs.contract import Fault, Job, JobBackend, JobCancelled, JobError, JobHandle, Priority, Report
from bridge.jobs.split_job import KIND, SplitResult
from bridge.logs import LOG
from bridge.model_store import ModelStore
from bridge.sound_drafts import Draft
from bridge.split_plan import SplitFiles, SplitPlan, SplitPlanner, SplitRequest
from bridge.stem_cache import StemKey
from engines.errors import EngineError, ParamError

CANCELLED = "Cancelled: the stems were not wanted any more."

Show = Callable[[float, str], None]
Answer = Callable[[SplitFiles | str], None]

Given = ParamSpec("Given")
Result = TypeVar("Result")


def split_now(request: SplitRequest, store: ModelStore, home: Path, report: Report) -> SplitFiles:
    """The stems of a file, made in this process; whatever `report` raises ends it and leaves nothing behind.

    Raises AudioFileError, ParamError, EngineError and JobError, each with one sentence.
    """
    # Here, for it brings NumPy, which the daemon starts without.
    from bridge.jobs.local import LocalBackend

    planner = SplitPlanner(home, store, None)
    prepared = planner.prepare(request, report)
    if isinstance(prepared, SplitFiles):
        return prepared
    with prepared.draft:
        backend = LocalBackend()
        try:
            handle = backend.submit(Job(KIND, prepared.job.as_params()))
            result = handle.wait(on_progress=lambda job: report(job.progress.fraction, job.progress.text))
        finally:
            backend.close()
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
        self._worker = worker
        # Hashing and copying take seconds: what comes meanwhile must not wait behind one large file.
        self._clerks = ThreadPoolExecutor(2, thread_name_prefix="splitter")
        self._wishes: dict[_Wish, asyncio.Task[None]] = {}
        self._under_way: dict[StemKey, _Work] = {}
        self._is_closed = False

    def split(self, request: SplitRequest, priority: Priority, show: Show, done: Answer) -> Callable[[], None]:
        """Has a file split; returns what cancels it.

        `show` is told how far it is, and `done` once: the stems, or one sentence why there are none (CANCELLED when it
        was cancelled). Whoever asks for what is under way already waits for that.
        """
        wish = _Wish(request, priority, show)
        self._wishes[wish] = asyncio.get_running_loop().create_task(self._answer(wish, done))
        return wish.cancel

    def close(self) -> None:
        """Cancels everything and removes what is unfinished. The worker is closed by whom it belongs to."""
        self._is_closed = True
        for wish in tuple(self._wishes):
            wish.cancel()
        self._clerks.shutdown(wait=True, cancel_futures=True)
        for work in tuple(self._under_way.values()):
            work.plan.draft.remove()

    async def _answer(self, wish: _Wish, done: Answer) -> None:
        answer: SplitFiles | str = CANCELLED
        try:
            answer = await self._split(wish)
        except JobCancelled:
            pass
        except JobError as error:
            answer = CANCELLED if error.fault is Fault.CANCELLED else str(error)
        except (AudioFileError, EngineError, ParamError) as error:
            answer = str(error)
        except Exception:
            LOG.exception("Splitting failed by a fault of ours: %s", wish.request)
            answer = f"{wish.request.path} cannot be split by a fault of ours: the log says where."
        finally:
            del self._wishes[wish]
        done(answer)

    async def _split(self, wish: _Wish) -> SplitFiles:
        loop = asyncio.get_running_loop()

        def report(fraction: float, text: str) -> None:
            wish.require()
            loop.call_soon_threadsafe(wish.show, fraction, text)

        while True:
            wish.require()
            prepared = await self._have_done(self._planner.prepare, wish.request, report)
            if isinstance(prepared, SplitFiles):
                wish.require()
                return prepared
            work = self._under_way.get(prepared.key)
            if work is None:
                return await self._make(prepared, wish)
            await self._drop(prepared.draft)
            # However that ends: the next look finds the stems that were made, or that they still have to be.
            await self._wait_for(work, wish)

    async def _make(self, plan: SplitPlan, wish: _Wish) -> SplitFiles:
        """Has the job of a plan done; however it ends, the draft goes."""
        work = self._under_way[plan.key] = _Work(plan, wish)
        try:
            wish.require()
            result = await self._perform(work)
            wish.require()
            made = await self._have_done(self._planner.finish, plan, result)
            if not wish.is_wanted:
                await self._have_done(_delete, made)
                raise JobCancelled
            return made
        finally:
            del self._under_way[plan.key]
            work.end()
            await self._drop(plan.draft)

    async def _perform(self, work: _Work) -> SplitResult:
        """What the job of a plan gives; raises its JobError."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def end(_handle: JobHandle) -> None:
            if not ended.done():
                ended.set_result(None)

        handle = self._worker().submit(work.describe_job(), work.show, end)
        work.wish.stop = handle.cancel
        await ended
        if handle.result is None:
            raise handle.error or JobError(f"The job {KIND} ended without a result.", Fault.OURS)
        return SplitResult(**handle.result.data)

    async def _wait_for(self, work: _Work, wish: _Wish) -> None:
        """Returns when the work of another wish has ended, or this one is not wanted any more."""
        if wish.priority < work.priority and work.wish.is_wanted:
            work.priority = wish.priority
            # The same key again: that is no second job, but its turn comes sooner.
            self._worker().submit(work.describe_job())
        wish.stop = work.follow(wish)
        await work.followers[wish]

    async def _drop(self, draft: Draft) -> None:
        if self._is_closed:
            draft.remove()
        else:
            await self._have_done(draft.remove)

    async def _have_done(self, function: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._clerks, lambda: function(*given, **named))


class _Wish:
    """One call of `split`."""

    def __init__(self, request: SplitRequest, priority: Priority, show: Show) -> None:
        self.request = request
        self.priority = priority
        self.show = show
        self.is_wanted = True
        self.stop: Callable[[], None] = lambda: None
        """Ends what it waits for just now."""

    def cancel(self) -> None:
        """It is not wanted any more."""
        if self.is_wanted:
            self.is_wanted = False
            self.stop()

    def require(self) -> None:
        """Raises JobCancelled unless it is wanted."""
        if not self.is_wanted:
            raise JobCancelled


class _Work:
    """A plan under way for one wish, and the wishes that wait for the same stems."""

    def __init__(self, plan: SplitPlan, wish: _Wish) -> None:
        self.plan = plan
        self.wish = wish
        self.priority = wish.priority
        self.followers: dict[_Wish, asyncio.Future[None]] = {}

    def describe_job(self) -> Job:
        """The job, at the priority of the wish that is most urgent."""
        return Job(KIND, self.plan.job.as_params(), priority=self.priority, key=str(self.plan.draft.folder))

    def show(self, handle: JobHandle) -> None:
        """Passes progress on to everyone who waits."""
        for wish in (self.wish, *self.followers):
            if wish.is_wanted:
                wish.show(handle.progress.fraction, handle.progress.text)

    def follow(self, wish: _Wish) -> Callable[[], None]:
        """Takes a wish among those that wait; returns what ends its waiting."""
        waiting = self.followers[wish] = asyncio.get_running_loop().create_future()
        return lambda: None if waiting.done() else waiting.set_result(None)

    def end(self) -> None:
        """Nobody waits any longer."""
        for waiting in self.followers.values():
            if not waiting.done():
                waiting.set_result(None)


def _delete(made: SplitFiles) -> None:
    for path in made.files.values():
        path.unlink(missing_ok=True)
