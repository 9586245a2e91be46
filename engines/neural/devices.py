"""Choose device, threads and precision for torch models."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any, Final

import torch

from musearoo.engines.errors import EngineError, ParamError

DEVICES: Final = ("cuda", "mps", "cpu")
"""Fastest first; the last is always available."""

MOST_READERS: Final = 4
"""Threads that saturate the memory bandwidth of a typical machine."""

ARENA_MAX: Final = -8
"""M_ARENA_MAX in glibc's `malloc.h`."""


def choose_device(wanted: str = "") -> str:
    """Return the device of that name, or the fastest one available for "".

    Raises ParamError for an unknown name, EngineError for a device that is not available.
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
    """Return the half-precision type that is faster than full precision on a device, or None."""
    kind = device.partition(":")[0]
    if kind == "cuda":
        return torch.float16
    if kind == "mps":
        return None
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else None


def share_one_heap() -> None:
    """Have the C library (glibc) share one heap among all threads.

    By default each thread has its own heap, whose free blocks seldom fit the next allocation: in full precision
    memory use then grows by half within a dozen segments.
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
    """Return the number of threads for a separation: all processors, less one if there are more than two."""
    there = _count_processors()
    return there - 1 if there > 2 else there


def count_readers() -> int:
    """Return the number of threads for a model limited by memory bandwidth: at most half the processors.

    A few threads saturate the memory bandwidth. More of them wait for each other at every matrix product, and they
    wait long on a machine that plays a set: with two busy processors a step of MusicGen took 50 ms on one thread
    and more than a second on two; with idle ones it took 33 ms either way.
    """
    return max(1, min(MOST_READERS, _count_processors() // 2))


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
