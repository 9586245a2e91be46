"""A task's line to the server, in the task runner's process: progress, cancel, and the set of its session."""

from __future__ import annotations

import time
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.api.jobs.messages import Moved, SetGiven, SetNeeded
from musearoo.bridge.api.types.answers import JobPhase
from musearoo.bridge.jobs.contract import JobCancelled

if TYPE_CHECKING:
    from musearoo.bridge.live_set.mirror import SetMirror

REPORT_EVERY: Final = 0.1
"""Least seconds between two reports of a phase that are passed on."""


class RefusedByServerError(Exception):
    """The server has no set for the task; `refusal` says why."""

    def __init__(self, refusal: Any) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class Line:
    """A task's line to the server: progress, cancel, and the set of its session."""

    def __init__(self, connection: Connection[Any, Any], cancelled: Any, number: int) -> None:
        self._connection = connection
        self._cancelled = cancelled
        self._number = number
        self._phase: JobPhase = "fetching"
        self._next = 0.0

    def enter(self, phase: JobPhase) -> None:
        """Begin a phase. Raises JobCancelled if the task was cancelled."""
        self._phase, self._next = phase, 0.0
        self.report(0.0 if phase == "fetching" else 1.0 if phase == "writing" else 0.01, "")

    def report(self, fraction: float, text: str = "") -> None:
        """Pass progress on, ten times a second at most. Raises JobCancelled if the task was cancelled."""
        if self._cancelled.value == self._number:
            raise JobCancelled
        now = time.monotonic()
        if now >= self._next:
            self._next = now + REPORT_EVERY
            phase: JobPhase = "loading" if text.startswith("loading") else self._phase
            self._connection.send(Moved(self._number, phase, fraction, text))

    def fetch_set(self) -> SetMirror:
        """Return the set of the task's session as it is now. Raises JobCancelled and RefusedByServerError."""
        # Here: the server imports this module too, and must not import the engines.
        from musearoo.bridge.api.sets.packets import open_set

        self._connection.send(SetNeeded(self._number))
        given: SetGiven = self._connection.recv()
        if given.refusal is not None:
            raise RefusedByServerError(given.refusal)
        if given.source is None:
            raise JobCancelled
        mirror, _ = open_set(given.source.document, given.source.steps)
        return mirror
