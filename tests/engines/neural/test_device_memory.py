"""Recognising out-of-memory errors, and measuring a GPU's memory."""

import errno
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.device_memory import free_bytes, give_back_unused, ran_out_of_memory
from tests.each_case import each_case


class OutOfMemoryError(RuntimeError):
    """Named like torch's."""


@each_case(
    "error, is_memory",
    [
        (MemoryError(), True),
        (OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), True),
        (OutOfMemoryError("HIP: no words that anybody knows"), True),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory"),
            True,
        ),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 800000000000 bytes."), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (EngineError("Weights are missing."), False),
        (ValueError("out of memory, says a value that means something else"), False),
    ],
)
def test_out_of_memory_is_distinguished_from_other_errors(error: BaseException, is_memory: bool) -> None:
    assert ran_out_of_memory(error) is is_memory


def _pretend_torch(monkeypatch: pytest.MonkeyPatch, calls: list[str], *, has_mps: bool) -> None:
    def mem_get_info(device: str) -> tuple[int, int]:
        calls.append(device)
        return 700, 1000

    cuda = SimpleNamespace(
        mem_get_info=mem_get_info,
        memory_reserved=lambda _: 200,
        memory_allocated=lambda _: 50,
        is_initialized=lambda: not has_mps,
        empty_cache=lambda: calls.append("cuda emptied"),
    )
    mps = SimpleNamespace(
        recommended_max_memory=lambda: 900,
        current_allocated_memory=lambda: 300,
        empty_cache=lambda: calls.append("mps emptied"),
    )
    backends = SimpleNamespace(mps=SimpleNamespace(is_available=lambda: has_mps))
    torch: Any = SimpleNamespace(cuda=cuda, mps=mps, backends=backends)
    monkeypatch.setitem(sys.modules, "torch", torch)


def test_what_torch_keeps_and_does_not_use_counts_as_free(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    _pretend_torch(monkeypatch, calls, has_mps=False)
    assert (free_bytes("cuda:1"), free_bytes("cpu")) == (850, None)
    give_back_unused()
    assert calls == ["cuda:1", "cuda emptied"]


def test_a_mac_s_gpu_is_asked_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    _pretend_torch(monkeypatch, calls, has_mps=True)
    assert free_bytes("mps") == 600
    give_back_unused()
    assert calls == ["mps emptied"]


def test_nothing_is_queried_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert free_bytes("cuda") is None
    give_back_unused()
    assert "torch" not in sys.modules
