"""Start and end of the daemon's child processes: a plain environment, no terminal output, no orphans."""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Final, ParamSpec

from musearoo.bridge.settings.home_files import make_private_folder, private_opener
from musearoo.bridge.settings.library_environment import environment_for_libraries
from musearoo.bridge.settings.logs import print_fault

LARGEST_OUTPUT: Final = 1_000_000
"""Bytes of library output after which the next child truncates the file."""

BEAT_EVERY: Final = 0.25
"""Seconds between two checks that the daemon still runs."""

Given = ParamSpec("Given")

_STARTING: Final = threading.Lock()
"""Held while a child starts, because `plain_start` changes this process's environment and `__main__`."""


@contextlib.contextmanager
def plain_start() -> Iterator[None]:
    """Prepare this process for spawning a child, within a `with` block.

    The child's libraries get the same environment as ours: quiet, with one BLAS thread. A stand-in for `__main__` keeps
    the child from importing the main program again, as spawned processes otherwise do.
    """
    from musearoo.bridge.settings.config_files import (
        home_folder,  # imported here because children import this module too, and do not need it
    )

    with _STARTING:
        environment = environment_for_libraries(home_folder())
        before = {name: os.environ[name] for name in environment if name in os.environ}
        program = sys.modules["__main__"]
        os.environ.update(environment)
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = program
            for name in environment.keys() - before.keys():
                del os.environ[name]
            os.environ.update(before)


def plain_end(run: Callable[Given, None]) -> Callable[Given, None]:
    """Wrap a child's entry function: an exception goes to its log without text that may quote the user."""

    @wraps(run)
    def entry(*args: Given.args, **kwargs: Given.kwargs) -> None:
        try:
            run(*args, **kwargs)
        except Exception as error:
            print_fault(error)
            sys.exit(1)

    return entry


def settle_in(output: Path | None, beat: Callable[[], None] | None = None) -> None:
    """Set up a child process: redirect its output, ignore Ctrl-C, and end it with the daemon. Call this first.

    `output`: the file for library output, None to discard it. `beat` is called four times a second from a thread of its
    own, as long as this process runs.
    """
    divert_output(output)
    # Ctrl-C in a terminal reaches all processes: the daemon decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(beat,), name="heartbeat", daemon=True).start()


def _end_with_parent(beat: Callable[[], None] | None) -> None:
    """End this process when the daemon has ended, even in the middle of its work."""
    parent = multiprocessing.parent_process()
    while parent is not None:
        if beat is not None:
            beat()
        if wait([parent.sentinel], BEAT_EVERY):
            os._exit(1)


def divert_output(path: Path | None) -> None:
    """Redirect all output of this process and its libraries to a private file; None discards it."""
    if path is not None:
        make_private_folder(path.parent)
    truncates = path is not None and path.exists() and path.stat().st_size > LARGEST_OUTPUT
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if truncates else os.O_APPEND)
    descriptor = private_opener(os.devnull if path is None else str(path), flags)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    faulthandler.enable(sys.stderr)
    sys.excepthook = lambda _kind, error, _trace: print_fault(error)
    threading.excepthook = _print_fault_of_thread


def _print_fault_of_thread(fault: threading.ExceptHookArgs) -> None:
    if fault.exc_value is not None:
        print_fault(fault.exc_value)


def describe_end(process: BaseProcess, seconds: float) -> str:
    """Return how a process ended, such as "ended with signal 9"; waits up to `seconds` for its end."""
    process.join(seconds)
    code = process.exitcode
    return "ended" if code is None else f"ended with signal {-code}" if code < 0 else f"ended with status {code}"
