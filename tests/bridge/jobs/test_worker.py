"""The worker process keeps the contract, and outlives whatever befalls it."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from musearoo.bridge.jobs.contract import Deliver, Fault, Job, JobError, JobState, call_here
from musearoo.bridge.jobs.worker import WorkerBackend
from musearoo.bridge.settings.logs import FORMAT_VARIABLE, REQUEST, about_request
from tests.architecture.imports import ROOT
from tests.bridge.jobs.contract import SOON, Gate, JobBackendContract, MakeBackend, wait_until
from tests.bridge.jobs.some_jobs import KINDS

SHARED = Path("/dev/shm")

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL and no SIGSTOP")


@pytest.fixture(scope="module")
def lasting_backend() -> Iterator[WorkerBackend]:
    """One worker for all tests that leave theirs as it was: a start takes most of a second."""
    backend = WorkerBackend(KINDS, hung_after=1.0)
    yield backend
    backend.close()


@pytest.fixture(autouse=True)
def _nothing_is_left_in_shared_memory() -> Iterator[None]:
    yield
    assert _list_segments(os.getpid()) == []


class TestWorkerBackend(JobBackendContract):
    @pytest.fixture
    def backend(self, lasting_backend: WorkerBackend) -> WorkerBackend:
        return lasting_backend

    @pytest.fixture
    def make_backend(self) -> Iterator[MakeBackend]:
        made: list[WorkerBackend] = []

        def make(deliver: Deliver = call_here) -> WorkerBackend:
            made.append(WorkerBackend(KINDS, deliver))
            return made[-1]

        yield make
        for backend in made:
            backend.close()


def test_the_worker_is_another_process_that_yields_to_the_daemon(lasting_backend: WorkerBackend) -> None:
    told = lasting_backend.submit(Job("tell_process")).wait(SOON).data
    assert told["pid"] == lasting_backend.pid != os.getpid()
    assert told["nice"] == (os.nice(0) + 10 if hasattr(os, "nice") else 0)
    assert told["threads"]


def test_what_libraries_print_goes_to_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "logs" / "worker.log"
    backend = WorkerBackend(KINDS, output=output)
    backend.submit(Job("chat")).wait(SOON)
    backend.close()
    assert "a library talks\n" in output.read_text(encoding="utf-8")
    assert "and complains\n" in output.read_text(encoding="utf-8")
    assert capfd.readouterr() == ("", "")


def test_two_hundred_jobs_leave_nothing_in_the_worker(lasting_backend: WorkerBackend) -> None:
    samples = np.zeros((2, 100_000), dtype=np.float32)

    def run(times: int) -> tuple[int, int]:
        for _ in range(times):
            lasting_backend.submit(Job("echo", {"n": 1}, {"samples": samples})).wait(SOON)
        worker = psutil.Process(lasting_backend.pid)
        return worker.memory_info().rss, worker.num_fds() if hasattr(worker, "num_fds") else 0

    memory, files = run(20)
    memory_then, files_then = run(200)
    # Were a file or an array kept for each job, there would be 200 more, and 160 MB.
    assert files_then < files + 20
    assert memory_then < memory + 16e6


def test_a_job_must_fit_the_worker_s_budget() -> None:
    backend = WorkerBackend(KINDS, budget=200_000_000)
    backend.submit(Job("devour", {"bytes": 100_000_000})).wait(SOON)
    with pytest.raises(JobError, match=r"The job devour needs 0\.3 GB of memory, and 0\.2 GB is what") as told:
        backend.submit(Job("devour", {"bytes": 300_000_000})).wait(SOON)
    assert told.value.fault is Fault.MACHINE
    backend.close()


@needs_signals
def test_a_worker_that_dies_is_replaced_and_its_job_done(lasting_backend: WorkerBackend, tmp_path: Path) -> None:
    samples = np.arange(100_000, dtype=np.float32)
    job = Job("die", {"path": str(tmp_path / "deaths"), "times": 1}, {"samples": samples})
    result = lasting_backend.submit(job).wait(SOON)
    assert result.data == {"died": 1}
    assert np.array_equal(result.arrays["samples"], samples)


@needs_signals
def test_a_job_that_kills_its_worker_twice_fails_in_one_sentence(
    lasting_backend: WorkerBackend, tmp_path: Path
) -> None:
    handle = lasting_backend.submit(Job("die", {"path": str(tmp_path / "deaths"), "times": 9}))
    with pytest.raises(JobError, match=r"The worker ended with signal 9 during the job die, 2 times") as told:
        handle.wait(SOON)
    assert told.value.fault is Fault.MACHINE
    assert lasting_backend.submit(Job("echo", {"still": "here"})).wait(SOON).data == {"still": "here"}


@needs_signals
def test_a_worker_that_hangs_is_replaced_and_its_job_done(lasting_backend: WorkerBackend, tmp_path: Path) -> None:
    before = lasting_backend.submit(Job("tell_process")).wait(SOON).data["pid"]
    lasting_backend.submit(Job("freeze", {"path": str(tmp_path / "visited")})).wait(SOON)
    assert not psutil.pid_exists(before)


def test_a_job_that_hangs_in_a_worker_that_lives_is_given_up(tmp_path: Path) -> None:
    backend = WorkerBackend(KINDS, silent_after=0.5)
    handle = backend.submit(Job("deafen", {"path": str(tmp_path / "running"), "seconds": 1000.0}))
    with pytest.raises(JobError, match=r"The worker got no further for 0\.5 s during the job deafen, 2 times") as told:
        handle.wait(SOON)
    assert told.value.fault is Fault.MACHINE
    # Slow is not hung: it reports.
    backend.submit(Job("count", {"steps": 30, "seconds": 1.2})).wait(SOON)
    backend.close()


def test_a_cancelled_job_without_reports_is_stopped_with_its_worker(
    lasting_backend: WorkerBackend, tmp_path: Path
) -> None:
    running = tmp_path / "running"
    handle = lasting_backend.submit(Job("deafen", {"path": str(running), "seconds": 1000.0}))
    wait_until(running.exists, "the job does not run")
    handle.cancel()
    with pytest.raises(JobError, match="cancelled"):
        handle.wait(SOON)
    assert handle.state is JobState.CANCELLED
    assert lasting_backend.submit(Job("echo", {"still": "here"})).wait(SOON).data == {"still": "here"}


def test_closing_does_not_wait_for_a_job_without_reports(tmp_path: Path) -> None:
    backend = WorkerBackend(KINDS)
    running = tmp_path / "running"
    handle = backend.submit(Job("deafen", {"path": str(running), "seconds": 1000.0}))
    wait_until(running.exists, "the job does not run")
    pid = backend.pid
    assert pid is not None
    backend.close()
    assert handle.state is JobState.CANCELLED
    assert not psutil.pid_exists(pid)


@needs_signals
@pytest.mark.parametrize(
    "times", [pytest.param(2, id="twice"), pytest.param(20, id="20 times", marks=pytest.mark.long)]
)
def test_workers_killed_from_outside_in_the_middle(lasting_backend: WorkerBackend, tmp_path: Path, times: int) -> None:
    # The worker, and Python's own keeper of shared memory, are there from the first job with sound on.
    lasting_backend.submit(Job("echo", arrays={"samples": np.zeros(10, dtype=np.float32)})).wait(SOON)
    process = psutil.Process()
    children, files = len(process.children()), process.num_fds()
    for time_ in range(times):
        gate = Gate(lasting_backend, tmp_path / f"gate {time_}")
        pid = lasting_backend.pid
        assert pid is not None
        (tmp_path / f"gate {time_}.running").unlink()
        os.kill(pid, signal.SIGKILL)
        wait_until((tmp_path / f"gate {time_}.running").exists, "the job is not begun again")
        gate.open()
        assert lasting_backend.pid != pid
    assert len(process.children()) == children
    assert process.num_fds() < files + times + 2


def test_the_program_that_starts_a_worker_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "unguarded"
    script.write_text(
        "from musearoo.bridge.jobs.contract import Job\n"
        "from musearoo.bridge.jobs.worker import WorkerBackend\n"
        "from tests.bridge.jobs.some_jobs import KINDS\n"
        "print('once')\n"
        "backend = WorkerBackend(KINDS)\n"
        "print(backend.submit(Job('echo', {'n': 1})).wait().data)\n"
        "backend.close()\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "once\n{'n': 1}\n", "")


@needs_signals
def test_nothing_outlives_a_daemon_that_is_killed(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    script = tmp_path / "daemon.py"
    script.write_text(
        "import sys, time\n"
        "import numpy as np\n"
        "from musearoo.bridge.jobs.contract import Job\n"
        "from musearoo.bridge.jobs.worker import WorkerBackend\n"
        "from tests.bridge.jobs.some_jobs import KINDS\n"
        "if __name__ == '__main__':\n"
        "    backend = WorkerBackend(KINDS)\n"
        f"    backend.submit(Job('gate', {{'path': {str(gate)!r}}}, {{'samples': np.zeros(100_000)}}))\n"
        "    time.sleep(600)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(script)], env=environment, stderr=subprocess.PIPE) as daemon:
        wait_until(gate.with_suffix(".running").exists, "the job does not run")
        children = psutil.Process(daemon.pid).children(recursive=True)
        assert children
        assert _list_segments(daemon.pid) or not SHARED.is_dir()
        daemon.kill()
    wait_until(lambda: not any(child.is_running() for child in children), "the worker outlives its daemon")
    wait_until(lambda: _list_segments(daemon.pid) == [], "shared memory outlives its daemon")


@pytest.mark.long
def test_half_an_hour_of_stereo_arrives(lasting_backend: WorkerBackend) -> None:
    samples = np.zeros((2, 30 * 60 * 44_100), dtype=np.float32)
    samples[:, -1] = 0.5
    result = lasting_backend.submit(Job("hold", arrays={"samples": samples})).wait(SOON)
    assert result.data["sum"] == 1.0


@pytest.mark.skipif(not SHARED.is_dir(), reason="only Linux bounds shared memory")
def test_audio_that_does_not_fit_is_refused_in_one_sentence(lasting_backend: WorkerBackend) -> None:
    # No memory is taken for what is only told to be that large.
    samples = np.broadcast_to(np.float32(0.0), (2, 10**13))
    handle = lasting_backend.submit(Job("echo", arrays={"samples": samples}))
    with pytest.raises(JobError, match=r"The audio for the job echo \(80000000 MB\) does not fit into shared memory"):
        handle.wait(SOON)


def _list_segments(pid: int) -> list[str]:
    return sorted(path.name for path in SHARED.glob(f"musearoo-{pid}-*")) if SHARED.is_dir() else []


def test_the_logs_of_daemon_and_worker_name_the_request_of_a_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(FORMAT_VARIABLE, "json")
    seen: list[str] = []

    def note(_: logging.LogRecord) -> bool:
        seen.append(REQUEST.get())
        return True

    caplog.handler.addFilter(note)
    output = tmp_path / "worker.log"
    backend = WorkerBackend(KINDS, output=output)
    with about_request("device-1:3"):
        job = Job("starve", {"path": str(tmp_path / "visited")})
    backend.submit(job).wait(SOON)
    with about_request("device-1:4"):
        job = Job("fail", {"how": "bug"})
    with pytest.raises(JobError):
        backend.submit(job).wait(SOON)
    backend.close()
    (line,) = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    assert line["message"].startswith("The job starve is tried once more")
    assert (line["level"], line["request"]) == ("warning", "device-1:3")
    assert seen == ["device-1:4"]
    assert "Job 2 (fail) failed" in caplog.text
