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
"""Real-time priority, where permitted: above all computation, below audio drivers. JACK's own threads have 5 and more
by default."""

NICENESS: Final = -10
"""Niceness, where real-time priority is not permitted."""

SWITCH_EVERY: Final = 0.000_1
"""Thread switch interval in seconds: Python's default of 5 ms would be audible."""

SPIN: Final = 0.000_4
"""Seconds of busy waiting before a due time: on an idle machine, sleep was measured to end up to this much late."""


def be_urgent() -> None:
    """Raise the priority of this process and of the threads that it starts. Never fails.

    All threads, not one: a thread that holds the GIL while another program has its core blocks the others.
    """
    sys.setswitchinterval(SWITCH_EVERY)
    if sys.platform == "win32":
        # HIGH_PRIORITY_CLASS, which needs no special rights.
        ctypes.windll.kernel32.SetPriorityClass(ctypes.windll.kernel32.GetCurrentProcess(), 0x80)
        return
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except (AttributeError, OSError):
        # Linux without an audio group's rights, or macOS, which does not have these calls.
        with contextlib.suppress(OSError):
            os.nice(NICENESS)


def be_punctual() -> None:
    """Give the calling thread precise wake-ups, on systems where threads have this: Windows and macOS. Never fails."""
    if sys.platform == "win32":
        # THREAD_PRIORITY_TIME_CRITICAL.
        ctypes.windll.kernel32.SetThreadPriority(ctypes.windll.kernel32.GetCurrentThread(), 15)
    elif sys.platform == "darwin":
        _constrain_time()


def _constrain_time() -> None:
    """Ask macOS to schedule this thread within `_CONSTRAINT`, as audio threads are (see `thread_policy_set`)."""
    library = ctypes.CDLL(None)
    base = (ctypes.c_uint32 * 2)()
    library.mach_timebase_info(base)
    ticks = base[1] * 1e9 / max(1, base[0])
    # Period (none), computation, constraint, in clock ticks, and whether it may be preempted.
    policy = (ctypes.c_uint32 * 4)(0, int(_COMPUTATION * ticks), int(_CONSTRAINT * ticks), 1)
    library.mach_thread_self.restype = ctypes.c_uint32
    library.thread_policy_set(ctypes.c_uint32(library.mach_thread_self()), _TIME_CONSTRAINT, policy, 4)


_TIME_CONSTRAINT: Final = 2
_COMPUTATION, _CONSTRAINT = 0.000_5, 0.001
"""Seconds: the longest time that sending a chord takes, and within which it must be done."""


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
    """Switch off Python's garbage collector: existing objects stay, and new ones form no cycles."""
    gc.collect()
    gc.freeze()
    gc.disable()


def wait_until(moment: float) -> None:
    """Wait precisely until a time of `time.perf_counter`: sleep most of the time, then busy-wait."""
    left = moment - time.perf_counter()
    if left > SPIN:
        time.sleep(left - SPIN)
    while time.perf_counter() < moment:
        pass
