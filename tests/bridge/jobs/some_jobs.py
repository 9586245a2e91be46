"""Jobs that try a backend: small ones, slow ones, wrong ones, and ones that bring their process down."""

# ruff: noqa: ARG001 - all jobs have one signature.

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from musearoo.bridge.jobs.contract import Arrays, Params, Report
from musearoo.bridge.jobs.kinds import JobKind
from musearoo.engines.errors import EngineError, ParamError

KINDS = {
    name: JobKind(f"{__name__}:{name}")
    for name in (
        "echo",
        "count",
        "cling",
        "gate",
        "fail",
        "deafen",
        "die",
        "freeze",
        "chat",
        "hold",
        "tell_process",
        "starve",
    )
}
KINDS["devour"] = JobKind(f"{__name__}:echo", need=f"{__name__}:need_what_is_said")
KINDS["devour_less"] = JobKind(f"{__name__}:fill", need=f"{__name__}:need_what_is_said", shrink=f"{__name__}:take_half")
KINDS["missing"] = JobKind("tests.bridge.jobs.no_such_module:run")

_held: list[object] = []
_warmed: list[int] = []


def warm() -> None:
    _warmed.append(1)


def echo(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    return params, arrays


def tell_process(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    nice = os.nice(0) if hasattr(os, "nice") else 0
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "")
    return {"pid": os.getpid(), "nice": nice, "warmed": len(_warmed), "threads": threads}, {}


def count(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Reports `steps` times in `seconds`; the fraction falls back at every tenth report."""
    steps, seconds = params["steps"], params["seconds"]
    for step in range(steps):
        report((step - 5 if step % 10 == 9 else step) / steps, f"step {step}")
        time.sleep(seconds / steps)
    return {"steps": steps}, {}


def gate(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Runs until the file at `path` is there; says that it runs by one beside it."""
    path = Path(params["path"])
    path.with_suffix(".running").touch()
    while not path.exists():
        report(0.5, "waiting")
        time.sleep(0.005)
    return {}, {}


def cling(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Takes no cancelling for an answer until the third time; says that it runs by a file at `path`."""
    Path(params["path"]).touch()
    refused = 0
    while refused < 3:
        try:
            report(0.5, f"refused {refused} times")
            time.sleep(0.005)
        except BaseException as error:
            refused += 1
            last = error
    raise last


def fail(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    match params["how"]:
        case "user":
            raise ParamError("bpm", "20 to 999", 3)
        case "machine":
            raise EngineError("Weights are missing: run `musearoo models fetch`.")
        case "memory":
            raise MemoryError
        case "exit":
            sys.exit(3)
        case "unplain":
            return {"thing": object()}, {}
        case "objects":
            return {}, {"things": np.array([object()])}
    raise ZeroDivisionError("division by zero")


def starve(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Runs out of memory the first time, as the file at `path` remembers."""
    if not _visited(params["path"]):
        raise MemoryError
    return {}, {}


def fill(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Runs out of memory where it is given more than 1,000 bytes."""
    if params["bytes"] > 1000:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    for fraction in (0.1, 0.9):
        report(fraction, "filling")
        time.sleep(0.11)
    return params, {}


def take_half(params: Params, arrays: Arrays) -> Params | None:
    """Half as many bytes, and nothing where they are odd."""
    return None if params["bytes"] % 2 else {**params, "bytes": params["bytes"] // 2}


def deafen(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Never reports."""
    Path(params["path"]).touch()
    time.sleep(params["seconds"])
    return {}, {}


def die(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Brings its process down, `times` times as the file at `path` remembers; then gives back its arrays."""
    path = Path(params["path"])
    died = len(path.read_bytes()) if path.exists() else 0
    if died < params["times"]:
        path.write_bytes(b"." * (died + 1))
        os.kill(os.getpid(), signal.SIGKILL)
    return {"died": died}, arrays


def freeze(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Stops its process the first time, as the file at `path` remembers."""
    if not _visited(params["path"]):
        os.kill(os.getpid(), signal.SIGSTOP)
    return {}, {}


def chat(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Prints, by Python and beneath it."""
    print("a library talks")
    os.write(2, b"and complains\n")
    return {}, {}


def hold(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    """Keeps its arrays for ever, as a cache may; `writeable` tells whether it could change them."""
    _held.append(arrays["samples"])
    return {"writeable": bool(arrays["samples"].flags.writeable), "sum": float(arrays["samples"].sum())}, {}


def need_what_is_said(params: Params, arrays: Arrays) -> int:
    return int(params["bytes"])


def _visited(path: str) -> bool:
    """Whether the file was there; it is from now on."""
    was_there = Path(path).exists()
    Path(path).touch()
    return was_there
