"""What works beside a benchmark: as many loops as asked for, and none of them afterwards."""

from __future__ import annotations

import os
import subprocess
import time
from importlib.util import find_spec

import pytest

from musearoo.engines.errors import EngineError
from musearoo.tools.bench import busy
from musearoo.tools.bench.busy import busy_machine
from musearoo.tools.bench.processes import read_usage

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="needs Linux's /proc")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """The processes that were started."""
    every: list[subprocess.Popen[str]] = []

    class Noted(subprocess.Popen[str]):
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)  # type: ignore[call-overload]
            every.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return every


def test_loops_work_while_they_shall_and_not_longer(started: list[subprocess.Popen[str]]) -> None:
    with busy_machine(2) as beside:
        assert beside == "2 busy loops"
        until = time.monotonic() + 20.0
        while any((usage := read_usage(each.pid)) is None or usage.cpu_seconds < 0.2 for each in started):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert len(started) == 2
    assert all(each.returncode is not None for each in started)
    with busy_machine(0):
        assert len(started) == 2


def test_models_that_do_not_start_are_an_error_and_leave_nothing(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[str]]
) -> None:
    monkeypatch.setattr(busy, "MODELS", "musearoo.tools.bench.nothing")
    with pytest.raises(EngineError, match="did not start"), busy_machine(1, models=True):
        raise AssertionError("nothing was measured")
    assert len(started) == 2
    assert all(each.returncode is not None for each in started)


@pytest.mark.skipif(find_spec("demucs") is None, reason="needs the extra demucs")
def test_models_are_ready_before_anything_is_measured(started: list[subprocess.Popen[str]]) -> None:
    with busy_machine(0, models=True) as beside:
        (models,) = started
        assert beside.startswith("0 busy loops, Demucs")
        assert models.poll() is None
