"""Choose device, threads and precision for torch models."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any, Final

import torch

from musearoo.engines.errors import EngineError, ParamError

DEVICES: Final = ("cuda", "mps", "cpu")
"""From the fastest to the one that is always there."""

MOST_READERS: Final = 4
"""Threads that take all that the memory of a usual machine can give."""

ARENA_MAX: Final = -8
"""What `malloc.h` of glibc calls M_ARENA_MAX."""


def choose_device(wanted: str = "") -> str:
    """Return the device of that name, or the fastest one available for "".

    Raises ParamError for a name that is none, EngineError for a device that is not there.
    """
    there = [name for name in DEVICES if _is_there(name)]
    if not wanted:
        return there[0]
    if wanted.partition(":")[0] not in DEVICES:
        raise ParamError("device", f"one of {', '.join(DEVICES)}", wanted)
    if wanted.partition(":")[0] not in there:
        raise EngineError(
            f"There is no {wanted} device that torch can use: leave the device open, or choose {there[0]}."
        )
    return wanted


def _is_there(name: str) -> bool:
    if name == "cuda":
        return bool(torch.cuda.is_available())
    return name == "cpu" or bool(torch.backends.mps.is_available())


def find_half_precision(device: str) -> Any | None:
    """Return the half-precision type with which a device is faster, or None."""
    kind = device.partition(":")[0]
    if kind == "cuda":
        return torch.float16
    if kind == "mps":
        return None
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else None


def share_one_heap() -> None:
    """Have the C library (glibc) share one heap among all threads.

    By itself each thread has a heap of its own, whose rests seldom fit what is needed next: in full precision the
    memory taken then grows by half within a dozen segments.
    """
    if mallopt := _find_in_library("mallopt"):
        mallopt(ARENA_MAX, 1)


def return_memory() -> None:
    """Have the C library (glibc) return freed memory."""
    if trim := _find_in_library("malloc_trim"):
        trim(0)


def _find_in_library(name: str) -> Any | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def count_threads() -> int:
    """Return the number of threads for a separation: the processors, less one where there are enough."""
    there = _count_processors()
    return there - 1 if there > 2 else there


def count_readers() -> int:
    """How many threads a model takes that spends its time on reading its weights: a few, at most half the processors.

    Those read as fast as the memory gives. More only wait for each other, at every single product, and a machine on
    which a set plays lets them wait long: on two processors that were busy otherwise a step of MusicGen took 50 ms by
    one thread, and more than a second by two; on idle ones it took 33 ms either way.
    """
    return max(1, min(MOST_READERS, _count_processors() // 2))


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
