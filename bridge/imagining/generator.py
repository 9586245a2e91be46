"""Audio generation: in the worker for the daemon, in this process for the command line."""

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
    """Generate a request's sounds in this process; an exception of `report` ends it and leaves no files.

    Raises AudioFileError, ParamError, PresetError, EngineError and JobError, each with one sentence.
    """
    # Imported here, because it imports NumPy, without which the daemon starts.
    from musearoo.bridge.jobs.local import perform_here

    planner = GenerationPlanner(home, store, None)
    plan = planner.prepare(request, report)
    with plan.draft:
        result = perform_here(Job(KIND, plan.job.as_params()), report)
        return planner.finish(plan, ImagineResult.read_params(result.data))


class AudioGenerator:
    """Generate audio for the daemon. For the event loop's thread only, which also gets the results.

    `worker` returns the job backend, and is first called for the first request. `allowed`: the folders that sounds to
    follow or continue must be in, None for any.
    """

    def __init__(
        self, home: Path, store: ModelStore, worker: Callable[[], JobBackend], allowed: Sequence[Path] | None
    ) -> None:
        self._planner = GenerationPlanner(home, store, allowed)
        self._requests = CancellableRequests[Imagined](worker, "imaginer")
        self._under_way: dict[Path, GenerationPlan] = {}

    def generate(self, request: ImagineRequest, priority: Priority, show: Show, done: Answer) -> Callable[[], None]:
        """Start generating audio; returns a function that cancels it.

        `show` gets its progress. `done` is called once, with the takes or a sentence why there are none (CANCELLED of
        `bridge.jobs.cancellable` after a cancel, which leaves no files).
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
        plan = await self._requests.run_in_thread(self._planner.prepare, request, self._requests.reporter(cancellable))
        self._under_way[plan.draft.folder] = plan
        try:
            cancellable.require()
            job = Job(KIND, plan.job.as_params(), priority=cancellable.priority)
            result = await self._requests.perform(cancellable, job, cancellable.show_job)
            cancellable.require()
            made = await self._requests.run_in_thread(
                self._planner.finish, plan, ImagineResult.read_params(result.data)
            )
            if not cancellable.is_active:
                await self._requests.run_in_thread(remove_files, made.files)
                raise JobCancelled
            return made
        finally:
            del self._under_way[plan.draft.folder]
            await self._requests.drop(plan.draft)
