"""What befalls imagining: workers killed, cancelled, asked over and over. Nothing is left, and the next one is fine."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import psutil
import pytest
import soundfile

from musearoo.bridge.imagining import plan as imagine_plan
from musearoo.bridge.imagining.generator import AudioGenerator
from musearoo.bridge.imagining.plan import Imagined
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.jobs.cancellable import CANCELLED
from musearoo.bridge.jobs.contract import Priority
from musearoo.bridge.jobs.worker import WorkerBackend
from musearoo.bridge.settings.presets_folder import read_styles
from tests.bridge.imagining.some_imaginers import MUSICGEN, SomeStore, pretend_installed
from tests.bridge.imagining.some_imaginings import AT_THE_GATE, KINDS, gate_of
from tests.optional import require

require("soxr")

SOON = 60.0
"""Seconds after which a test has failed rather than a slow machine is to blame."""

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

STYLES = cache(read_styles)
"""Read once for all."""

Step = Callable[[str], None]


class Desk:
    """An imaginer with its worker, as the daemon has them, and the thread of its event loop."""

    def __init__(self, home: Path) -> None:
        self._runner = asyncio.Runner()
        loop = self._runner.get_loop()
        self.worker = WorkerBackend(KINDS, loop.call_soon_threadsafe, home / "worker.log")
        self._imaginer = AudioGenerator(home, SomeStore(home / "models", MUSICGEN), lambda: self.worker, None)
        self.cancel: Callable[[], None] = lambda: None

    def imagine(self, folder: Path, step: Step = lambda _text: None) -> Imagined | str:
        """The takes, or the sentence why there are none; `step` is told what is being done."""

        async def ask() -> Imagined | str:
            made: asyncio.Future[Imagined | str] = asyncio.get_running_loop().create_future()
            request = ImagineRequest(text="drums", folder=str(folder), bars=1, bpm=120.0, seed=1)
            self.cancel = self._imaginer.generate(
                request, Priority.PRESS, lambda _fraction, text: step(text), made.set_result
            )
            return await asyncio.wait_for(made, SOON)

        return self._runner.run(ask())

    def close(self) -> None:
        self._imaginer.close()
        self.worker.close()
        self._runner.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all: a worker takes most of a second to start."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where loops go, with a gate that is closed."""
    pretend_installed(monkeypatch)
    monkeypatch.setattr(imagine_plan, "read_styles", lambda _folder: STYLES())
    folder = tmp_path / "loops"
    gate_of(folder).touch()
    return folder


def at_the_gate(act: Callable[[], None]) -> Step:
    """Does something once, when the model has come to the gate."""
    done = False

    def step(text: str) -> None:
        nonlocal done
        if text.endswith(AT_THE_GATE) and not done:
            done = True
            act()

    return step


def require_take(answer: Imagined | str, folder: Path, number: int = 1) -> Path:
    """The one take that was made; fails unless it and its sidecar are all that is new."""
    assert isinstance(answer, Imagined), answer
    (take,) = answer.takes
    assert soundfile.info(take.path).frames == 88_200
    assert len(list(folder.iterdir())) == 2 * number
    return take.path


@needs_signals
def test_a_worker_killed_in_the_middle_is_replaced_and_makes_the_same(desk: Desk, folder: Path) -> None:
    def kill_and_open() -> None:
        assert desk.worker.pid is not None
        os.kill(desk.worker.pid, signal.SIGKILL)
        gate_of(folder).unlink()

    killed = require_take(desk.imagine(folder, at_the_gate(kill_and_open)), folder)
    alive = require_take(desk.imagine(folder), folder, 2)
    assert killed.read_bytes() == alive.read_bytes()


def test_it_is_cancelled_in_the_middle_and_the_worker_lives_on(desk: Desk, folder: Path) -> None:
    pid = desk.worker.pid
    assert desk.imagine(folder, at_the_gate(lambda: desk.cancel())) == CANCELLED
    assert not folder.exists()
    assert pid is None or desk.worker.pid == pid
    gate_of(folder).unlink()
    require_take(desk.imagine(folder), folder)


def test_many_leave_nothing_behind(desk: Desk, folder: Path) -> None:
    gate_of(folder).unlink()

    def imagine() -> None:
        path = require_take(desk.imagine(folder), folder)
        path.unlink()
        path.with_suffix(".musearoo.json").unlink()

    def measure() -> list[int]:
        gc.collect()
        assert desk.worker.pid is not None
        processes = [psutil.Process(), psutil.Process(desk.worker.pid)]
        files = [each.num_fds() if hasattr(each, "num_fds") else 0 for each in processes]
        return [*files, *(each.num_threads() for each in processes), *(each.memory_info().rss for each in processes)]

    for _ in range(5):
        imagine()
    before = measure()
    times = 20
    for _ in range(times):
        imagine()
    after = measure()
    # A file or a thread for each would be so many more, and a take in memory is 1.7 MB before it is cut.
    most = [*(number + times // 4 for number in before[:4]), *(size + 15e6 for size in before[4:])]
    assert all(now < limit for now, limit in zip(after, most, strict=True)), (before, after)
