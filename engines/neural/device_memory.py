"""Measure and free device memory, and recognise out-of-memory errors. Never imports torch itself."""

from __future__ import annotations

import sys
from typing import Any, Final

CPU: Final = "cpu"

_MEMORY_MESSAGES: Final = (
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "out of memory",
    "status_alloc_failed",
)
"""Messages of torch's allocators and of NVIDIA's and AMD's libraries, lower case; a RuntimeError on the CPU."""


def machine_bytes() -> int | None:
    """Return the machine's memory in bytes; None where psutil is not installed (it comes with the models' packages)."""
    try:
        import psutil
    except ImportError:
        return None
    return int(psutil.virtual_memory().total)


def free_bytes(device: str) -> int | None:
    """Return the free bytes of a GPU ("cuda", "cuda:1", "mps"); None if torch is not loaded or it is no GPU.

    Memory that torch has reserved but does not use counts as free: torch reuses it.
    """
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return None
    if device.startswith("cuda"):
        free, _ = torch.cuda.mem_get_info(device)
        return int(free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device))
    if device.startswith("mps"):
        return int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    return None


def give_back_unused() -> None:
    """Have torch, if loaded, return unused memory to the GPU."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def ran_out_of_memory(error: BaseException) -> bool:
    """Return whether an error means that memory ran out, on the CPU or a GPU.

    >>> [ran_out_of_memory(RuntimeError(message)) for message in ("CUDA out of memory. Tried to …", "shapes differ")]
    [True, False]
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    message = str(error).lower()
    return isinstance(error, RuntimeError | OSError) and any(words in message for words in _MEMORY_MESSAGES)
