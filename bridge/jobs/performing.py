"""How a job's function is called, in whatever process: found, given its arrays, watched, its errors made sentences."""

from __future__ import annotations

import importlib
import time
import traceback
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from bridge.jobs.contract import Arrays, Fault, JobCancelled, JobError, JobFunction, Params, Progress, require_plain
from bridge.jobs.kinds import JobKind
from engines.errors import EngineError, ParamError
from engines.models.shelf import SHELF

REPORT_EVERY: Final = 0.1
"""Seconds between two reports that are passed on, at least."""


class Reporter:
    """The `report` of one job: raises JobCancelled when it is unwanted, else passes on news ten times a second."""

    def __init__(self, pass_on: Callable[[Progress], None], is_unwanted: Callable[[], bool]) -> None:
        self._pass_on = pass_on
        self._is_unwanted = is_unwanted
        self._fraction = 0.0
        self._next = 0.0

    def __call__(self, fraction: float, text: str = "") -> None:
        if self._is_unwanted():
            raise JobCancelled
        self._fraction = max(self._fraction, min(fraction, 1.0))
        now = time.monotonic()
        if now >= self._next:
            self._next = now + REPORT_EVERY
            self._pass_on(Progress(self._fraction, text))


def perform(name: str, kind: JobKind, params: Params, arrays: Arrays, report: Reporter) -> tuple[Params, Arrays]:
    """What the function of the kind called `name` gives; it raises whatever the function raises.

    Where memory runs out, the models that are loaded go, and it is tried once more.
    """
    report(0.0)
    run: JobFunction = find_function(kind.run)
    if kind.need:
        SHELF.make_room(find_function(kind.need)(params, arrays), f"The job {name}")
    try:
        data, results = run(params, arrays, report)
    except MemoryError:
        SHELF.clear()
        data, results = run(params, arrays, report)
    require_plain(data, "data")
    require_numbers(results)
    return data, results


def require_numbers(arrays: Arrays) -> None:
    """Raises TypeError, naming the array, unless all are NumPy arrays of numbers."""
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.hasobject:
            raise TypeError(f"the array {name} must be a NumPy array of numbers")


def warm(kind: JobKind) -> None:
    """Imports what a kind needs, and has its module load ahead of time what it can."""
    module = importlib.import_module(kind.run.partition(":")[0])
    if hasattr(module, "warm"):
        module.warm()


def find_function(target: str) -> Callable[..., Any]:
    """The function that `module:function` names, imported when it is first asked for."""
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def explain(name: str, error: BaseException) -> tuple[JobError, str]:
    """The error for what a job of the kind called `name` raised, by whose fault it was, and details for the log."""
    details = "".join(traceback.format_exception(error))
    match error:
        case JobCancelled():
            return JobError(f"The job {name} was cancelled.", Fault.CANCELLED), ""
        case JobError():
            # Whoever made it one has told the log.
            return error, ""
        case ParamError():
            return JobError(str(error), Fault.USER), ""
        case EngineError():
            return JobError(str(error), Fault.MACHINE), ""
        case MemoryError():
            sentence = f"The job {name} ran out of memory: close other programs, or give it less."
            return JobError(sentence, Fault.MACHINE), details
        case ImportError():
            sentence = f"The job {name} needs a package that is missing or broken ({error})."
            return JobError(sentence, Fault.MACHINE), details
        case _:
            said = "".join(traceback.format_exception_only(error)).strip()
            return JobError(f"The job {name} failed ({said}): a bug, told in the log.", Fault.OURS), details
