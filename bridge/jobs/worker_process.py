"""The worker process: perform jobs one after the other, send a heartbeat, and end when the daemon does."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.jobs.kinds import JobKind
from musearoo.bridge.jobs.messages import Failed, Moved, Perform, Ready, Succeeded, Taken, Warm
from musearoo.bridge.jobs.performing import Reporter, explain, perform, warm
from musearoo.bridge.jobs.shared_arrays import SharedArrays
from musearoo.bridge.process.child_process import plain_end, settle_in
from musearoo.bridge.settings.logs import about_request
from musearoo.engines.neural.model_cache import CACHE

CANCELLED_JOB: Final = 0
"""Index of the shared number in which the daemon writes the number of a cancelled job."""

REPORTS: Final = 1
"""Index of the shared number in which the worker counts its job's reports."""

SHARED_NUMBERS: Final = 2

NICENESS: Final = 10
"""Niceness, half way to the lowest priority: a request never waits for a job."""


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """The options of a worker process.

    `output`: the file for library output, None to discard it. `budget`: bytes for models and a job's work, None for
    half of the machine's memory.
    """

    kinds: Mapping[str, JobKind]
    output: Path | None
    budget: int | None


@plain_end
def run_worker(connection: Connection[Any, Any], heartbeat: Any, shared: Any, setup: WorkerSetup) -> None:
    """Run jobs until the connection ends. `shared`: SHARED_NUMBERS of 64 bits, seen by both processes."""
    settle_in(setup.output, partial(_beat, heartbeat))
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    CACHE.budget = setup.budget
    _Worker(connection, shared, setup).serve()


class _Worker:
    def __init__(self, connection: Connection[Any, Any], shared: Any, setup: WorkerSetup) -> None:
        self._connection = connection
        self._shared = shared
        self._kinds = setup.kinds
        # Segments whose arrays a job's function, or a library, still uses.
        self._given: list[SharedArrays] = []
        # Kept open until the daemon has copied it, because Windows removes a segment with its last user.
        self._results: SharedArrays | None = None

    def serve(self) -> None:
        self._connection.send(Ready())
        while True:
            try:
                command = self._connection.recv()
            except (EOFError, OSError):
                # The daemon has gone, or closes this worker.
                return
            match command:
                case Perform():
                    with about_request(command.request):
                        answer = self._perform(command)
                    self._answer(answer)
                case Warm():
                    self._answer(self._warm(command))
                case Taken():
                    self._release()

    def _perform(self, command: Perform) -> Succeeded | Failed:
        def is_cancelled() -> bool:
            self._shared[REPORTS] += 1
            return bool(self._shared[CANCELLED_JOB] == command.number)

        report = Reporter(lambda progress: self._connection.send(Moved(command.number, progress)), is_cancelled)
        started = time.monotonic()
        try:
            arrays: Mapping[str, Any] = {}
            if command.arrays is not None:
                self._given.append(SharedArrays.open(command.arrays))
                arrays = self._given[-1].view()
            data, results = perform(command.kind, self._kinds[command.kind], command.params, arrays, report)
            if results:
                self._results = SharedArrays.write(command.results, results)
            layout = self._results.layout if self._results else None
            return Succeeded(command.number, data, layout, time.monotonic() - started)
        except BaseException as error:
            # Whatever a job raises, even a library's SystemExit, the worker reports it and lives on.
            failed = _explain(command.number, command.kind, error)
            traceback.clear_frames(error.__traceback__)
            return failed

    def _warm(self, command: Warm) -> Succeeded | Failed:
        started = time.monotonic()
        try:
            warm(self._kinds[command.kind])
            return Succeeded(command.number, {}, None, time.monotonic() - started)
        except BaseException as error:
            return _explain(command.number, command.kind, error)

    def _answer(self, answer: Succeeded | Failed) -> None:
        self._given = [each for each in self._given if not each.release()]
        self._connection.send(answer)

    def _release(self) -> None:
        if self._results is not None:
            self._results.release()
            self._results = None


def _explain(number: int, kind: str, error: BaseException) -> Failed:
    job_error, details = explain(kind, error)
    return Failed(number, str(job_error), job_error.fault, details)


def _beat(heartbeat: Any) -> None:
    heartbeat.value += 1
