"""What befalls a split: workers killed, disks full, sources lost. A sentence each, nothing left, the next one fine."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from musearoo.bridge.audio.drafts import LOCK
from musearoo.bridge.jobs.cancellable import CANCELLED
from musearoo.bridge.jobs.contract import Priority
from musearoo.bridge.jobs.kinds import JOB_KINDS
from musearoo.bridge.jobs.worker import WorkerBackend
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems.plan import SplitFiles, SplitRequest
from musearoo.bridge.stems.splitter import Splitter
from tests.architecture.imports import ROOT
from tests.bridge.stems.some_splits import AT_THE_GATE, KINDS, flood_of, gate_of

SOON = 60.0
"""Seconds after which a test has failed rather than a slow machine is to blame."""

RATE = 44_100
SECONDS = 6.0
"""Long enough for several blocks of whatever reads it."""

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
needs_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
needs_rights = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to an administrator"
)

_seeds = count()

Step = Callable[[str], None]


class Desk:
    """A splitter with its worker, as the daemon has them, and the thread of its event loop."""

    def __init__(self, home: Path, *, gated: bool = True) -> None:
        self._runner = asyncio.Runner()
        loop = self._runner.get_loop()
        self.worker = WorkerBackend(KINDS if gated else JOB_KINDS, loop.call_soon_threadsafe, home / "worker.log")
        self._splitter = Splitter(home, ModelStore(home / "models"), lambda: self.worker, None)
        self.cancel: Callable[[], None] = lambda: None

    def split(self, source: Path, folder: Path, step: Step = lambda _text: None) -> SplitFiles | str:
        """The stems, or the sentence why there are none; `step` is told what is being done."""

        async def ask() -> SplitFiles | str:
            made: asyncio.Future[SplitFiles | str] = asyncio.get_running_loop().create_future()
            request = SplitRequest(str(source), folder, "Mix", backend="dsp")
            self.cancel = self._splitter.split(
                request, Priority.ASKED, lambda _fraction, text: step(text), made.set_result
            )
            return await asyncio.wait_for(made, SOON)

        return self._runner.run(ask())

    def close(self) -> None:
        self._splitter.close()
        self.worker.close()
        self._runner.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all: a worker takes most of a second to start."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where stems go."""
    return tmp_path / "stems"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file whose split stops at the gate."""
    return write_source(tmp_path / "mix.wav")


def write_source(path: Path, seconds: float = SECONDS, *, gated: bool = True) -> Path:
    """Writes noise that no other source has, or the cache would answer."""
    samples = 0.2 * np.random.default_rng(next(_seeds)).standard_normal((round(seconds * RATE), 2))
    soundfile.write(path, samples, RATE, "FLOAT")
    if gated:
        gate_of(path).touch()
    return path


def at_the_gate(act: Callable[[], None]) -> Step:
    """Does something once, when the split has come to the gate."""
    done = False

    def step(text: str) -> None:
        nonlocal done
        if text == AT_THE_GATE and not done:
            done = True
            act()

    return step


def require_stems(answer: SplitFiles | str, source: Path) -> None:
    """Fails unless the stems are there, add up to the source, and nothing else lies beside them."""
    assert isinstance(answer, SplitFiles), answer
    mix, _ = soundfile.read(source, dtype="float32")
    total = sum(soundfile.read(path, dtype="float32")[0] for path in answer.files.values())
    np.testing.assert_allclose(total, mix, atol=1e-4)
    (folder,) = {path.parent for path in answer.files.values()}
    assert sorted(folder.iterdir()) == sorted(answer.files.values())


def require_nothing(folder: Path) -> None:
    """Fails if anything of a split has stayed."""
    assert not folder.exists() or not list(folder.iterdir())


def kill_and_open(desk: Desk, source: Path) -> Callable[[], None]:
    def act() -> None:
        assert desk.worker.pid is not None
        os.kill(desk.worker.pid, signal.SIGKILL)
        gate_of(source).unlink()

    return act


@needs_signals
@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_worker_killed_in_the_middle_of_a_split_is_replaced(desk: Desk, tmp_path: Path, times: int) -> None:
    for number in range(times):
        source = write_source(tmp_path / f"{number}.wav")
        answer = desk.split(source, tmp_path / f"stems {number}", at_the_gate(kill_and_open(desk, source)))
        require_stems(answer, source)


@needs_signals
def test_a_split_whose_workers_all_die_ends_in_one_sentence(desk: Desk, source: Path, folder: Path) -> None:
    killed: set[int] = set()

    def kill(text: str) -> None:
        pid = desk.worker.pid
        if text == AT_THE_GATE and pid is not None and pid not in killed:
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)

    answer = desk.split(source, folder, kill)
    assert isinstance(answer, str)
    assert answer.startswith("The worker ended with signal 9 during the job split, 2 times: memory may be short")
    require_nothing(folder)
    gate_of(source).unlink()
    require_stems(desk.split(source, folder), source)


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_split_is_cancelled_in_the_middle(desk: Desk, source: Path, folder: Path, times: int) -> None:
    for _ in range(times):
        pid = desk.worker.pid
        assert desk.split(source, folder, at_the_gate(lambda: desk.cancel())) == CANCELLED
        require_nothing(folder)
        # It gave up by itself.
        assert desk.worker.pid == pid
    gate_of(source).unlink()
    require_stems(desk.split(source, folder), source)


@needs_full_device
def test_a_disk_that_becomes_full_in_the_middle(desk: Desk, source: Path, folder: Path) -> None:
    flood_of(source).touch()
    answer = desk.split(source, folder, at_the_gate(gate_of(source).unlink))
    assert isinstance(answer, str)
    assert answer.startswith(f"The disk of {folder} is full")
    require_nothing(folder)
    flood_of(source).unlink()
    require_stems(desk.split(source, folder), source)


def _delete(source: Path) -> None:
    source.unlink()


def _replace(source: Path) -> None:
    other = write_source(source.with_name("other.wav"), gated=False)
    other.replace(source)


def _overwrite(source: Path) -> None:
    write_source(source, gated=False)


def _truncate(source: Path) -> None:
    os.truncate(source, 200_000)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody touch a file that is being read")
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_delete, "was moved or deleted while it was being split: put it back and try again."),
        (_replace, "was changed while it was being split: split it again when it is done."),
        (_overwrite, "was changed while it was being split: split it again when it is done."),
        (_truncate, "was changed while it was being split: split it again when it is done."),
    ],
)
def test_a_source_that_is_lost_in_the_middle(
    desk: Desk, source: Path, folder: Path, harm: Callable[[Path], None], said: str
) -> None:
    def act() -> None:
        harm(source)
        gate_of(source).unlink()

    assert desk.split(source, folder, at_the_gate(act)) == f"{source} {said}"
    require_nothing(folder)
    write_source(source, gated=False)
    require_stems(desk.split(source, folder), source)


@needs_rights
def test_a_source_that_may_not_be_read(desk: Desk, source: Path, folder: Path) -> None:
    source.chmod(0)
    assert desk.split(source, folder) == f"{source} may not be read: give yourself the right to read it."
    require_nothing(folder)


@needs_rights
def test_a_folder_that_may_not_be_written_to(desk: Desk, source: Path, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o500)
    answer = desk.split(source, folder)
    folder.chmod(0o700)
    assert isinstance(answer, str)
    assert answer.startswith(f"The stems cannot be written to {folder} (Permission denied)")


def test_a_folder_that_is_none(desk: Desk, source: Path, folder: Path) -> None:
    folder.write_text("a file")
    answer = desk.split(source, folder)
    assert isinstance(answer, str)
    assert answer.startswith(f"The stems cannot be written to {folder} (")
    assert folder.read_text() == "a file"


@needs_signals
def test_what_a_killed_daemon_leaves_goes_with_the_next_split(desk: Desk, source: Path, folder: Path) -> None:
    script = source.with_suffix(".py")
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.bridge.stems.test_faults import Desk\n"
        "if __name__ == '__main__':\n"
        "    source, folder = map(Path, sys.argv[1:])\n"
        "    Desk(folder.parent / 'home').split(source, folder)\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(script), str(source), str(folder)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as daemon:
        until = time.monotonic() + SOON
        while not list(folder.glob(".musearoo-*/*.wav")):
            assert time.monotonic() < until, "nothing is split"
            time.sleep(0.01)
        worker, *_ = psutil.Process(daemon.pid).children()
        daemon.kill()
    psutil.wait_procs([worker], SOON)
    (lock,) = folder.glob(f".musearoo-*/{LOCK}")
    # Some time passes: what is young may just be coming.
    os.utime(lock, (0.0, 0.0))
    gate_of(source).unlink()
    require_stems(desk.split(source, folder), source)


def test_many_splits_leave_nothing_behind(desk: Desk, tmp_path: Path) -> None:
    require_no_growth(desk, tmp_path, 20)


@pytest.mark.long
def test_two_hundred_splits_leave_nothing_behind(tmp_path: Path) -> None:
    """By the DSP separator itself."""
    desk = Desk(tmp_path / "home", gated=False)
    require_no_growth(desk, tmp_path, 200)
    desk.close()


def require_no_growth(desk: Desk, folder: Path, times: int) -> None:
    """Splits so many files; fails where files, threads or memory have become more in either process."""

    def split() -> None:
        source = write_source(folder / "short.wav", 0.5, gated=False)
        answer = desk.split(source, folder / "stems")
        require_stems(answer, source)
        for path in answer.files.values() if isinstance(answer, SplitFiles) else ():
            path.unlink()

    def measure() -> list[int]:
        gc.collect()
        assert desk.worker.pid is not None
        processes = [psutil.Process(), psutil.Process(desk.worker.pid)]
        files = [each.num_fds() if hasattr(each, "num_fds") else 0 for each in processes]
        return [*files, *(each.num_threads() for each in processes), *(each.memory_info().rss for each in processes)]

    for _ in range(5):
        split()
    before = measure()
    for _ in range(times):
        split()
    after = measure()
    # A file or a thread for each job would be so many more, and the stems of one are 0.7 MB.
    most = [*(number + times // 4 for number in before[:4]), *(size + 10e6 + times * 0.2e6 for size in before[4:])]
    assert all(now < limit for now, limit in zip(after, most, strict=True)), (before, after)
