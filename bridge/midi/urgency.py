"""Real-time scheduling of a process, as far as permitted: priority, fine timers, and no garbage collection pauses."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
import time
from collections.abc import Iterator
from typing import Final

PRIORITY: Final = 2
"""Of the real-time ones, where they may be had: above all that computes, below what drives sound cards. JACK's own
threads, as it is started without any wish, have 5 and more."""

NICENESS: Final = -10
"""Where only this may be had."""

SWITCH_EVERY: Final = 0.000_1
"""Seconds after which a thread of this process lets another one run: Python's 5 ms would be heard."""

SPIN: Final = 0.000_4
"""Seconds before a time that are waited awake: sleep has been measured to end up to so much late on an idle machine."""


def be_urgent() -> None:
    """Raise the priority of this process and of the threads that it starts. Never fails.

    All of it, not one thread: whoever has Python's lock while another program has its core keeps the others waiting.
    """
    sys.setswitchinterval(SWITCH_EVERY)
    if sys.platform == "win32":
        # HIGH_PRIORITY_CLASS, which needs no rights.
        ctypes.windll.kernel32.SetPriorityClass(ctypes.windll.kernel32.GetCurrentProcess(), 0x80)
        return
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except (AttributeError, OSError):
        # Linux without the rights of an audio group, or macOS, which knows none of these.
        with contextlib.suppress(OSError):
            os.nice(NICENESS)


def be_punctual() -> None:
    """Have the calling thread woken on time, where that is set for threads: Windows and macOS. Never fails."""
    if sys.platform == "win32":
        # THREAD_PRIORITY_TIME_CRITICAL.
        ctypes.windll.kernel32.SetThreadPriority(ctypes.windll.kernel32.GetCurrentThread(), 15)
    elif sys.platform == "darwin":
        _constrain_time()


def _constrain_time() -> None:
    """Ask macOS for a thread that has its say within `_CONSTRAINT`, as audio threads do (see `thread_policy_set`)."""
    library = ctypes.CDLL(None)
    base = (ctypes.c_uint32 * 2)()
    library.mach_timebase_info(base)
    ticks = base[1] * 1e9 / max(1, base[0])
    # Period (none), computation, constraint, in ticks of the machine, and whether it may be interrupted.
    policy = (ctypes.c_uint32 * 4)(0, int(_COMPUTATION * ticks), int(_CONSTRAINT * ticks), 1)
    library.mach_thread_self.restype = ctypes.c_uint32
    library.thread_policy_set(ctypes.c_uint32(library.mach_thread_self()), _TIME_CONSTRAINT, policy, 4)


_TIME_CONSTRAINT: Final = 2
_COMPUTATION, _CONSTRAINT = 0.000_5, 0.001
"""Seconds: what sending a chord takes at most, and within which it must be done."""


@contextlib.contextmanager
def fine_timers() -> Iterator[None]:
    """Set Windows' timers to a millisecond instead of sixteen; elsewhere they are fine already."""
    if sys.platform != "win32":
        yield
        return
    ctypes.windll.winmm.timeBeginPeriod(1)
    try:
        yield
    finally:
        ctypes.windll.winmm.timeEndPeriod(1)


def never_pause() -> None:
    """Switch off Python's garbage collector: what exists stays, and new objects form no cycles."""
    gc.collect()
    gc.freeze()
    gc.disable()


def wait_until(moment: float) -> None:
    """Return at a moment of `time.perf_counter`, as exactly as can be: sleeps most of the way, watches the rest."""
    left = moment - time.perf_counter()
    if left > SPIN:
        time.sleep(left - SPIN)
    while time.perf_counter() < moment:
        pass
