"""Audio generation: by the worker for the daemon, in this process for the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.imagining.job import KIND, ImagineResult
from musearoo.bridge.imagining.plan import GenerationPlan, GenerationPlanner, Imagined
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.jobs.cancellable import CancellableRequest, CancellableRequests, Show
from musearoo.bridge.jobs.contract import Job, JobBackend, JobCancelled, Priority, Report
from musearoo.bridge.models.store import ModelStore

Answer = Callable[[Imagined | str], None]

FAULT = "This cannot be imagined by a fault of ours: the log says where."


def generate_audio(request: ImagineRequest, store: ModelStore, home: Path, report: Report) -> Imagined:
    """The sounds of a request, made in this process; whatever `report` raises ends it and leaves nothing behind.

    Raises AudioFileError, ParamError, PresetError, EngineError and JobError, each with one sentence.
    """
    # Here, for it brings NumPy, which the daemon starts without.
    from musearoo.bridge.jobs.local import perform_here

    planner = GenerationPlanner(home, store, None)
    plan = planner.prepare(request, report)
    with plan.draft:
        result = perform_here(Job(KIND, plan.job.as_params()), report)
        return planner.finish(plan, ImagineResult.read_params(result.data))


class AudioGenerator:
    """Generates audio for the daemon. For the event loop's thread only, which gets the results too.

    `worker` gives what performs the jobs, and is first asked when there is something to imagine. `allowed`: the folders
    that sounds to be followed or continued must lie in, None for any.
    """

    def __init__(
        self, home: Path, store: ModelStore, worker: Callable[[], JobBackend], allowed: Sequence[Path] | None
    ) -> None:
        self._planner = GenerationPlanner(home, store, allowed)
        self._requests = CancellableRequests[Imagined](worker, "imaginer")
        self._under_way: dict[Path, GenerationPlan] = {}

    def generate(self, request: ImagineRequest, priority: Priority, show: Show, done: Answer) -> Callable[[], None]:
        """Start generating audio; returns a function that cancels it.

        `show` is told how far it is, and `done` once: the takes, or one sentence why there are none (CANCELLED of
        `bridge.jobs.cancellable` when it was cancelled). What is cancelled leaves no file behind.
        """
        cancellable = CancellableRequest(priority, show)
        return self._requests.start(cancellable, self._generate(request, cancellable), done, FAULT)

    def close(self) -> None:
        """Cancel everything and remove unfinished files. The worker's owner closes it."""
        self._requests.close()
        for plan in tuple(self._under_way.values()):
            plan.draft.remove()

    async def _generate(self, request: ImagineRequest, cancellable: CancellableRequest) -> Imagined:
        cancellable.require()
        plan = await self._requests.have_done(self._planner.prepare, request, self._requests.reporter(cancellable))
        self._under_way[plan.draft.folder] = plan
        try:
            cancellable.require()
            job = Job(KIND, plan.job.as_params(), priority=cancellable.priority)
            result = await self._requests.perform(cancellable, job, cancellable.show_job)
            cancellable.require()
            made = await self._requests.have_done(self._planner.finish, plan, ImagineResult.read_params(result.data))
            if not cancellable.is_wanted:
                await self._requests.have_done(remove_files, made.files)
                raise JobCancelled
            return made
        finally:
            del self._under_way[plan.draft.folder]
            await self._requests.drop(plan.draft)
