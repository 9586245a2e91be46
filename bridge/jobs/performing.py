"""Call a job's function in any process: find it, pass its arrays, report progress, and explain its errors."""

from __future__ import annotations

import gc
import importlib
import time
import traceback
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from musearoo.bridge.jobs.contract import (
    Arrays,
    Fault,
    JobCancelled,
    JobError,
    JobFunction,
    Params,
    Progress,
    require_plain,
)
from musearoo.bridge.jobs.kinds import JobKind
from musearoo.bridge.settings.logs import LOG, format_fault
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.device_memory import give_back_unused, ran_out_of_memory
from musearoo.engines.neural.model_cache import CACHE, NoRoomError

REPORT_EVERY: Final = 0.1
"""Least seconds between two reports that are passed on."""


WITH_LESS: Final = "with less memory"
"""Suffix of every report after memory ran out and the job was shrunk."""


class Reporter:
    """The `report` of one job: raises JobCancelled once it is cancelled, else passes progress on ten times a second.

    Only the thread that performs the job may call it. `remark` is added to all texts.
    """

    def __init__(self, pass_on: Callable[[Progress], None], is_cancelled: Callable[[], bool]) -> None:
        self.remark = ""
        self._pass_on = pass_on
        self._is_cancelled = is_cancelled
        self._fraction = 0.0
        self._next = 0.0

    def __call__(self, fraction: float, text: str = "") -> None:
        if self._is_cancelled():
            raise JobCancelled
        self._fraction = max(self._fraction, min(fraction, 1.0))
        now = time.monotonic()
        if now >= self._next:
            self._next = now + REPORT_EVERY
            self._pass_on(Progress(self._fraction, ", ".join(filter(None, (text, self.remark)))))


def perform(name: str, kind: JobKind, params: Params, arrays: Arrays, report: Reporter) -> tuple[Params, Arrays]:
    """Call the function of the kind called `name` and return its result; raises whatever it raises.

    If memory runs out, all loaded models are released, and the job is retried once, smaller if its kind can shrink it.
    """
    report(0.0)
    outcome = _try_in_memory(name, kind, params, arrays, report)
    if isinstance(outcome, BaseException):
        params = _shrink(kind, params, arrays, outcome)
        how = WITH_LESS if kind.shrink else "as it is"
        LOG.warning("The job %s is tried once more %s: it ran out of memory", name, how)
        # The error's frames keep arrays alive, so they must be released first.
        del outcome
        CACHE.clear()
        gc.collect()
        give_back_unused()
        report.remark = WITH_LESS if kind.shrink else ""
        outcome = _run(name, kind, params, arrays, report)
    data, results = outcome
    require_plain(data, "data")
    require_numbers(results)
    return data, results


def _run(name: str, kind: JobKind, params: Params, arrays: Arrays, report: Reporter) -> tuple[Params, Arrays]:
    run: JobFunction = find_function(kind.run)
    if kind.need:
        CACHE.make_room(find_function(kind.need)(params, arrays), f"The job {name}")
    return run(params, arrays, report)


def _try_in_memory(
    name: str, kind: JobKind, params: Params, arrays: Arrays, report: Reporter
) -> tuple[Params, Arrays] | MemoryError | RuntimeError | OSError:
    """Return the result of a job, or its out-of-memory error: returned, as a handler would keep its frames alive."""
    try:
        return _run(name, kind, params, arrays, report)
    except (MemoryError, RuntimeError, OSError) as error:
        if not isinstance(error, NoRoomError) and not ran_out_of_memory(error):
            raise
        return error


def _shrink(kind: JobKind, params: Params, arrays: Arrays, error: BaseException) -> Params:
    """Return parameters to retry a job with less memory, or raise the error if there are none."""
    if kind.shrink:
        smaller: Params | None = find_function(kind.shrink)(params, arrays)
        if smaller is not None:
            return smaller
    elif not isinstance(error, NoRoomError):
        return params
    raise error


def require_numbers(arrays: Arrays) -> None:
    """Raise TypeError, naming the array, unless all are NumPy arrays of numbers."""
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.hasobject:
            raise TypeError(f"the array {name} must be a NumPy array of numbers")


def warm(kind: JobKind) -> None:
    """Import a kind's module, and call its `warm()` if it has one."""
    module = importlib.import_module(kind.run.partition(":")[0])
    if hasattr(module, "warm"):
        module.warm()


def find_function(target: str) -> Callable[..., Any]:
    """Return the function that `module:function` names, imported on first use."""
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def explain(name: str, error: BaseException) -> tuple[JobError, str]:
    """Return the JobError for an exception of a job of the kind `name`, and details for the log."""
    details = format_fault(error)
    match error:
        case JobCancelled():
            return JobError(f"The job {name} was cancelled.", Fault.CANCELLED), ""
        case JobError():
            # Logged where it was raised.
            return error, ""
        case ParamError():
            return JobError(str(error), Fault.USER), ""
        case EngineError():
            return JobError(str(error), Fault.MACHINE), ""
        case _ if ran_out_of_memory(error):
            sentence = f"The job {name} ran out of memory: close other programs, or give it less."
            return JobError(sentence, Fault.MACHINE), details
        case ImportError():
            sentence = f"The job {name} needs a package that is missing or broken ({error})."
            return JobError(sentence, Fault.MACHINE), details
        case _:
            message = "".join(traceback.format_exception_only(error)).strip()
            return JobError(f"The job {name} failed ({message}): a bug, told in the log.", Fault.OURS), details
