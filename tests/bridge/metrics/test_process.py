"""What a process tells of itself."""

import mmap
import os
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from musearoo.bridge.metrics import process
from musearoo.bridge.metrics.process import BUILD, process_families, read_process
from musearoo.bridge.metrics.reading import read_text
from musearoo.bridge.metrics.registry import Registry
from musearoo.bridge.metrics.text import write_text


def test_a_process_tells_its_time_memory_files_start_and_version(tmp_path: Path) -> None:
    registry = Registry(process_families("t_"), BUILD)
    read_process(registry, "t_")
    before = {sample.name: sample.value for sample in read_text(write_text(registry))}
    # Of its own: from memory that the process had and let go of, nothing would be added.
    ballast = mmap.mmap(-1, 24 << 20)
    ballast.write(b"x" * len(ballast))
    with open(tmp_path / "file", "w", encoding="ascii"):
        after = {sample.name: sample.value for sample in read_text(write_text(registry))}
    assert after["t_process_cpu_seconds_total"] > before["t_process_cpu_seconds_total"] > 0.0
    assert after["t_process_open_fds"] == before["t_process_open_fds"] + 1
    assert abs(after["t_process_start_time_seconds"] - time.time()) < 60.0
    assert after["t_process_resident_memory_bytes"] - before["t_process_resident_memory_bytes"] > len(ballast) / 2
    assert after["t_build_info"] == 1.0


def test_where_the_system_does_not_tell_its_memory_psutil_does_or_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(process, "open", missing, raising=False)
    monkeypatch.setattr(os, "listdir", missing)
    stand_in = ModuleType("psutil")
    stand_in.Process = lambda: SimpleNamespace(memory_info=lambda: SimpleNamespace(rss=12_345))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "psutil", stand_in)
    assert process.resident_bytes() == 12_345.0
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert process.resident_bytes() is None
    assert process.count_open_files() is None
    registry = Registry(process_families("t_"), BUILD)
    read_process(registry, "t_")
    assert {sample.name for sample in read_text(write_text(registry))} == {
        "t_process_cpu_seconds_total",
        "t_process_start_time_seconds",
        "t_build_info",
    }
