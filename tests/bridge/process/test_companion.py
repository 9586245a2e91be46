"""A companion runs beside the daemon, comes back when it ends, and is stopped with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from musearoo.bridge.process import companion
from musearoo.bridge.process.companion import Companion

SLEEPS = "import pathlib, os, time; pathlib.Path(os.environ['MARK']).open('a').write('x'); time.sleep(60)"
ENDS = "import pathlib, os, sys; pathlib.Path(os.environ['MARK']).open('a').write('x'); sys.exit('why it ended')"
LISTENS = """
import asyncio, os, pathlib
from musearoo.bridge.process.stopping import listen_for_stop
async def serve():
    stop = listen_for_stop()
    pathlib.Path(os.environ['MARK']).write_text('x')
    await stop.wait()
asyncio.run(serve())
pathlib.Path(os.environ['MARK']).write_text('xx')
"""
DAEMON = f"""
import asyncio, sys
from musearoo.bridge.process.companion import Companion
async def run():
    Companion("The companion", [sys.executable, "-c", {LISTENS!r}], {{}}).start()
    await asyncio.sleep(60)
asyncio.run(run())
"""
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"


async def until(path: Path, count: int) -> None:
    """Wait until the program has been started so many times."""
    async with asyncio.timeout(20.0):
        while not path.exists() or len(path.read_text()) < count:
            await asyncio.sleep(0.01)


def a_companion(program: str, mark: Path) -> Companion:
    """A companion that notes each start."""
    return Companion("The companion", [sys.executable, "-c", program], {"MARK": str(mark)})


def test_it_runs_until_it_is_stopped(tmp_path: Path) -> None:
    async def play() -> None:
        running = a_companion(SLEEPS, tmp_path / "mark")
        running.start()
        await until(tmp_path / "mark", 1)
        await running.stop()
        await running.stop()

    asyncio.run(play())
    assert (tmp_path / "mark").read_text() == "x"


def test_it_comes_back_and_its_last_words_are_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(companion, "FIRST_RETRY", 0.01)
    monkeypatch.setattr(companion, "LAST_RETRY", 0.05)

    async def play() -> None:
        running = a_companion(ENDS, tmp_path / "mark")
        running.start()
        await until(tmp_path / "mark", 3)
        await running.stop()

    asyncio.run(play())
    assert "why it ended" in caplog.text


def test_it_ends_in_order_when_the_daemon_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with subprocess.Popen([sys.executable, "-c", DAEMON], env={**os.environ, "MARK": str(mark)}) as daemon:
        asyncio.run(until(mark, 1))
        daemon.kill()
    asyncio.run(until(mark, 2))


def test_one_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "STOPS_WITHIN", 0.2)

    async def play() -> None:
        running = a_companion(DEAF, tmp_path / "mark")
        running.start()
        await until(tmp_path / "mark", 1)
        await running.stop()

    asyncio.run(play())


def test_a_program_that_is_not_there_is_no_fault_of_the_daemons(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        running = Companion("The companion", [str(tmp_path / "nowhere")], {})
        running.start()
        await asyncio.sleep(0.05)
        await running.stop()

    asyncio.run(play())
    assert "cannot be started" in caplog.text
