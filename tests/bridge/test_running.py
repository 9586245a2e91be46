"""What asks a daemon to stop: signals, that of a closed terminal among them unless it was to outlive that."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from musearoo.bridge.process.stopping import listen_for_stop
from musearoo.bridge.running import run_daemon
from musearoo.bridge.settings.config_files import ConfigFolder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows' loop has no signal handlers")


@pytest.fixture
def missed() -> Iterator[list[int]]:
    """The signals that nobody but this test took."""
    taken: list[int] = []

    def take(number: int, _frame: FrameType | None) -> None:
        taken.append(number)

    before = {number: signal.signal(number, take) for number in (signal.SIGHUP, signal.SIGTERM)}
    yield taken
    for number, handler in before.items():
        signal.signal(number, handler)


async def is_stopped_by(number: int) -> bool:
    """Whether a signal asks a daemon to stop."""
    asked = asyncio.create_task(listen_for_stop().wait())
    await asyncio.sleep(0)
    os.kill(os.getpid(), number)
    done, _ = await asyncio.wait((asked,), timeout=0.1)
    asked.cancel()
    return bool(done)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_stops_the_daemon_in_order(missed: list[int], name: str) -> None:
    assert asyncio.run(is_stopped_by(getattr(signal, name)))
    assert missed == []


def test_who_ignores_closed_terminals_still_does(missed: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert not asyncio.run(is_stopped_by(signal.SIGHUP))
    assert missed == []


def test_a_daemon_that_is_asked_to_stop_as_soon_as_it_runs_stops(missed: list[int], tmp_path: Path) -> None:
    def ask(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    (tmp_path / "settings.yaml").write_text("talk: false\nmidi: false\n", encoding="utf-8")
    asyncio.run(asyncio.wait_for(run_daemon(ConfigFolder(tmp_path), ask), 30.0))
    assert missed == []
    assert "MuseAroo has stopped." in (tmp_path / "musearoo.log").read_text(encoding="utf-8")
