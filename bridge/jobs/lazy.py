"""A worker process that is started on first use."""

from __future__ import annotations

from pathlib import Path

from musearoo.bridge.jobs.contract import Deliver, JobBackend


class LazyWorker:
    """Return the one worker, which the first call starts. Only one thread may call and close it."""

    def __init__(self, deliver: Deliver, output: Path) -> None:
        self._deliver = deliver
        self._output = output
        self._backend: JobBackend | None = None

    def __call__(self) -> JobBackend:
        if self._backend is None:
            from musearoo.bridge.jobs.worker import WorkerBackend

            self._backend = WorkerBackend(deliver=self._deliver, output=self._output)
        return self._backend

    @property
    def unfinished(self) -> int:
        """Jobs that wait or run; none where the worker was never needed."""
        return self._backend.unfinished if self._backend is not None else 0

    def close(self) -> None:
        """Close the worker, if there is one."""
        if self._backend is not None:
            self._backend.close()
