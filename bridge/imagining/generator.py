"""Imagines sounds: for the daemon, by its worker, and for the command line, in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.imagining.job import KIND, ImagineResult
from musearoo.bridge.imagining.plan import Imagined, ImaginePlan, ImaginePlanner
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.jobs.cancellable import Show, Wish, WishDesk
from musearoo.bridge.jobs.contract import Job, JobBackend, JobCancelled, Priority, Report
from musearoo.bridge.models.store import ModelStore

Answer = Callable[[Imagined | str], None]

FAULT = "This cannot be imagined by a fault of ours: the log says where."


def imagine_now(request: ImagineRequest, store: ModelStore, home: Path, report: Report) -> Imagined:
    """The sounds of a request, made in this process; whatever `report` raises ends it and leaves nothing behind.

    Raises AudioFileError, ParamError, PresetError, EngineError and JobError, each with one sentence.
    """
    # Here, for it brings NumPy, which the daemon starts without.
    from musearoo.bridge.jobs.local import perform_here

    planner = ImaginePlanner(home, store, None)
    plan = planner.prepare(request, report)
    with plan.draft:
        result = perform_here(Job(KIND, plan.job.as_params()), report)
        return planner.finish(plan, ImagineResult.read_params(result.data))


class Imaginer:
    """Imagines sounds for the daemon. Only the event loop's thread asks it, and is answered there.

    `worker` gives what performs the jobs, and is first asked when there is something to imagine. `allowed`: the folders
    that sounds to be followed or continued must lie in, None for any.
    """

    def __init__(
        self, home: Path, store: ModelStore, worker: Callable[[], JobBackend], allowed: Sequence[Path] | None
    ) -> None:
        self._planner = ImaginePlanner(home, store, allowed)
        self._desk = WishDesk[Imagined](worker, "imaginer")
        self._under_way: dict[Path, ImaginePlan] = {}

    def imagine(self, request: ImagineRequest, priority: Priority, show: Show, done: Answer) -> Callable[[], None]:
        """Has sounds imagined; returns what cancels it.

        `show` is told how far it is, and `done` once: the takes, or one sentence why there are none (CANCELLED of
        `bridge.jobs.cancellable` when it was cancelled). What is cancelled leaves no file behind.
        """
        wish = Wish(priority, show)
        return self._desk.take(wish, self._imagine(request, wish), done, FAULT)

    def close(self) -> None:
        """Cancels everything and removes what is unfinished. The worker is closed by whom it belongs to."""
        self._desk.close()
        for plan in tuple(self._under_way.values()):
            plan.draft.remove()

    async def _imagine(self, request: ImagineRequest, wish: Wish) -> Imagined:
        wish.require()
        plan = await self._desk.have_done(self._planner.prepare, request, self._desk.reporter(wish))
        self._under_way[plan.draft.folder] = plan
        try:
            wish.require()
            job = Job(KIND, plan.job.as_params(), priority=wish.priority)
            result = await self._desk.perform(wish, job, wish.show_job)
            wish.require()
            made = await self._desk.have_done(self._planner.finish, plan, ImagineResult.read_params(result.data))
            if not wish.is_wanted:
                await self._desk.have_done(remove_files, made.files)
                raise JobCancelled
            return made
        finally:
            del self._under_way[plan.draft.folder]
            await self._desk.drop(plan.draft)
