"""What every JobBackend must do: a suite of tests that each backend's own tests inherit, with a fixture to make it."""

import asyncio
import gc
import queue
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import psutil
import pytest

from musearoo.bridge.jobs.contract import (
    Deliver,
    Fault,
    Job,
    JobBackend,
    JobError,
    JobHandle,
    JobState,
    Priority,
    Progress,
    call_here,
)

SOON = 60.0
"""Seconds after which a test has failed rather than a slow machine is to blame."""


class MakeBackend(Protocol):
    """Makes a backend that has the kinds of tests.bridge.jobs.some_jobs; it is closed after the test."""

    def __call__(self, deliver: Deliver = call_here) -> JobBackend: ...


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Returns when it is so; fails the test where that takes too long."""
    until = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.005)


class Gate:
    """A job that runs until it is let through."""

    def __init__(self, backend: JobBackend, path: Path) -> None:
        self._path = path
        self.handle = backend.submit(Job("gate", {"path": str(path)}, priority=Priority.PRESS))
        wait_until(path.with_suffix(".running").exists, "the gate's job does not run")

    def open(self) -> None:
        self._path.touch()
        self.handle.wait(SOON)


class JobBackendContract:
    """Inherit it as `class TestX(JobBackendContract)` with a fixture `make_backend`."""

    @pytest.fixture
    def backend(self, make_backend: MakeBackend) -> JobBackend:
        return make_backend()

    def test_a_job_gives_its_result(self, backend: JobBackend) -> None:
        handle = backend.submit(Job("echo", {"a": [1, 2.5, None, {"b": "c"}], "d": b"e"}))
        result = handle.wait(SOON)
        assert result.data == {"a": [1, 2.5, None, {"b": "c"}], "d": b"e"}
        assert (handle.state, handle.progress.fraction) == (JobState.DONE, 1.0)
        assert handle.result is result
        assert handle.error is None

    def test_arrays_arrive_bit_by_bit(self, backend: JobBackend) -> None:
        rng = np.random.default_rng(5)
        arrays: dict[str, npt.NDArray[Any]] = {
            "stereo": rng.standard_normal((2, 1_000_000)).astype(np.float32),
            "strided": np.arange(60).reshape(6, 10)[::2, ::3],
            "fortran": np.asfortranarray(rng.standard_normal((7, 9))),
            "bytes": rng.integers(0, 255, 17, dtype=np.uint8),
            "truth": np.array([True, False, True]),
            "complex": rng.standard_normal(8).astype(np.complex64),
            "swapped": np.arange(5, dtype=">i4"),
            "odd": np.array([np.nan, np.inf, -0.0]),
            "scalar": np.array(0.25, dtype=np.float32),
            "none": np.empty((0, 3), dtype=np.float32),
        }
        result = backend.submit(Job("echo", arrays=arrays)).wait(SOON)
        assert list(result.arrays) == list(arrays)
        for name, array in arrays.items():
            given = result.arrays[name]
            assert (given.dtype, given.shape, given.tobytes()) == (array.dtype, array.shape, array.tobytes())

    def test_large_arrays_arrive_whole(self, backend: JobBackend) -> None:
        samples = np.zeros((2, 5_000_000), dtype=np.float32)
        samples[:, ::99_991] = 0.5
        result = backend.submit(Job("echo", arrays={"samples": samples, "more": samples[:, ::-1]})).wait(SOON)
        assert np.array_equal(result.arrays["samples"], samples)
        assert np.array_equal(result.arrays["more"], samples[:, ::-1])

    def test_params_arrive_as_they_were(self, backend: JobBackend) -> None:
        params: dict[str, Any] = {
            "größe": "♭VII – 日本語 🎹 \u202e",
            "a name of a file that is no text": "\udcff.wav",
            "": "\x00\n",
            "numbers": [2**80, -(2**63), 0.1, 5e-324, float("inf"), -0.0, True, False, None],
            "bytes": bytes(range(256)),
            "deep": [[[[{"x": [{}]}]]]],
        }
        given = backend.submit(Job("echo", params)).wait(SOON).data
        # Text tells truth from 1, and one zero from the other.
        assert repr(given) == repr(params)

    def test_a_job_cannot_write_to_its_arrays_but_keep_them(self, backend: JobBackend) -> None:
        samples = np.ones(1000, dtype=np.float32)
        for _ in range(3):
            result = backend.submit(Job("hold", arrays={"samples": samples})).wait(SOON)
            assert dict(result.data) == {"writeable": False, "sum": 1000.0}
        samples[0] = 2.0

    def test_a_handle_does_not_keep_the_arrays_that_were_given(self, backend: JobBackend) -> None:
        samples = np.ones(1000, dtype=np.float32)
        handle = backend.submit(Job("tell_process", arrays={"samples": samples}))
        handle.wait(SOON)
        given = weakref.ref(samples)
        del samples
        backend.submit(Job("echo")).wait(SOON)
        gc.collect()
        assert given() is None

    def test_the_higher_priority_comes_first_and_then_the_earlier(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        ended: list[str] = []

        def submit(name: str, priority: Priority) -> JobHandle:
            return backend.submit(Job("echo", {}, priority=priority), on_end=lambda _: ended.append(name))

        handles = [
            submit("background 1", Priority.BACKGROUND),
            submit("asked 1", Priority.ASKED),
            submit("press", Priority.PRESS),
            submit("background 2", Priority.BACKGROUND),
            submit("asked 2", Priority.ASKED),
        ]
        assert {handle.state for handle in handles} == {JobState.WAITING}
        gate.open()
        for handle in handles:
            handle.wait(SOON)
        wait_until(lambda: len(ended) == 5, "not all ends were told")
        assert ended == ["press", "asked 1", "asked 2", "background 1", "background 2"]

    def test_what_nobody_asked_for_makes_way_and_begins_anew(self, backend: JobBackend, tmp_path: Path) -> None:
        path, ended = tmp_path / "gate", []
        quiet = Job("gate", {"path": str(path)}, priority=Priority.BACKGROUND)
        background = backend.submit(quiet, on_end=lambda _: ended.append("background"))
        wait_until(path.with_suffix(".running").exists, "the background job does not run")
        path.with_suffix(".running").unlink()
        # Another one that nobody asked for does not go before it, somebody's does.
        waiting = backend.submit(Job("echo", priority=Priority.BACKGROUND), on_end=lambda _: ended.append("waiting"))
        backend.submit(Job("echo", priority=Priority.ASKED), on_end=lambda _: ended.append("asked")).wait(SOON)
        wait_until(path.with_suffix(".running").exists, "the background job does not begin anew")
        path.touch()
        background.wait(SOON)
        waiting.wait(SOON)
        wait_until(lambda: len(ended) == 3, "not all ends were told")
        assert ended == ["asked", "background", "waiting"]

    def test_what_makes_way_can_be_cancelled(self, backend: JobBackend, tmp_path: Path) -> None:
        path = tmp_path / "gate"
        background = backend.submit(Job("gate", {"path": str(path)}, priority=Priority.BACKGROUND))
        wait_until(path.with_suffix(".running").exists, "the background job does not run")
        gate = Gate(backend, tmp_path / "other")
        background.cancel()
        wait_until(lambda: background.state.is_end, "the cancelled job does not end")
        assert background.state is JobState.CANCELLED
        gate.open()

    def test_progress_rises_at_most_ten_times_a_second(self, backend: JobBackend) -> None:
        told: list[tuple[float, Progress]] = []
        handle = backend.submit(
            Job("count", {"steps": 200, "seconds": 0.8}),
            on_progress=lambda handle: told.append((time.monotonic(), handle.progress)),
        )
        seconds = handle.wait(SOON).seconds
        fractions = [progress.fraction for _, progress in told]
        assert fractions == sorted(fractions)
        assert 3 <= len(told) <= 10 * seconds + 2
        assert told[-1][1].text.startswith("step ")

    def test_progress_is_reported_in_the_waiting_thread(self, backend: JobBackend) -> None:
        threads: set[threading.Thread] = set()
        handle = backend.submit(Job("count", {"steps": 40, "seconds": 0.4}))
        handle.wait(SOON, on_progress=lambda _: threads.add(threading.current_thread()))
        assert threads == {threading.current_thread()}

    def test_waiting_can_end_before_the_job(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        with pytest.raises(TimeoutError, match=r"has not ended within 0\.05 s"):
            gate.handle.wait(0.05)
        gate.open()

    def test_a_job_that_waits_is_cancelled_at_once(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        never = tmp_path / "never"
        handle = backend.submit(Job("deafen", {"path": str(never), "seconds": 0.0}))
        handle.cancel()
        assert handle.state is JobState.CANCELLED
        gate.open()
        backend.submit(Job("echo", priority=Priority.BACKGROUND)).wait(SOON)
        assert not never.exists()

    def test_a_job_that_runs_is_cancelled_at_its_next_report(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        gate.handle.cancel()
        with pytest.raises(JobError, match="cancelled") as told:
            gate.handle.wait(SOON)
        assert told.value.fault is Fault.CANCELLED
        assert gate.handle.state is JobState.CANCELLED
        assert backend.submit(Job("echo", {"still": "here"})).wait(SOON).data == {"still": "here"}

    def test_every_report_of_a_cancelled_job_raises(self, backend: JobBackend, tmp_path: Path) -> None:
        running = tmp_path / "running"
        told: list[tuple[JobState, str]] = []
        handle = backend.submit(
            Job("cling", {"path": str(running)}),
            on_progress=lambda handle: told.append((handle.state, handle.progress.text)),
            on_end=lambda handle: told.append((handle.state, "")),
        )
        wait_until(lambda: running.exists() and bool(told), "the job does not run")
        handle.cancel()
        with pytest.raises(JobError, match="cancelled"):
            handle.wait(SOON)
        assert backend.submit(Job("echo", {"next": 1})).wait(SOON).data == {"next": 1}
        # What was refused is not passed on, and nothing comes after the end.
        assert {text for _, text in told} <= {"refused 0 times", ""}
        assert told[-1] == (JobState.CANCELLED, "")
        assert [state.is_end for state, _ in told].count(True) == 1

    def test_many_threads_may_wait_for_one_job_and_cancel_others(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        samples = np.arange(1000.0)
        wanted = backend.submit(Job("echo", {"n": 1}, {"samples": samples}))
        unwanted = [backend.submit(Job("deafen", {"path": str(tmp_path / "never"), "seconds": 0.0})) for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            waiting = [threads.submit(wanted.wait, SOON) for _ in range(4)]
            list(threads.map(lambda handle: handle.cancel(), unwanted * 2))
            gate.open()
            results = [each.result() for each in waiting]
        assert all(result is wanted.result for result in results)
        assert np.array_equal(results[0].arrays["samples"], samples)
        assert {handle.state for handle in unwanted} == {JobState.CANCELLED}
        assert not (tmp_path / "never").exists()

    def test_many_threads_may_submit(self, backend: JobBackend) -> None:
        def ask(number: int) -> tuple[int, object]:
            handle = backend.submit(Job("echo", {"n": number}, {"samples": np.full(10, number)}))
            result = handle.wait(SOON)
            return handle.number, (result.data["n"], int(result.arrays["samples"][-1]))

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(ask, range(40)))
        assert [given for _, given in answers] == [(number, number) for number in range(40)]
        assert len({number for number, _ in answers}) == 40

    def test_a_callback_may_submit_and_cancel(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        later: list[JobHandle] = []

        def go_on(_: JobHandle) -> None:
            later.append(backend.submit(Job("echo", {"n": 2})))
            unwanted.cancel()

        backend.submit(Job("echo", {"n": 1}), on_end=go_on)
        unwanted = backend.submit(Job("gate", {"path": str(tmp_path / "never")}))
        itself = backend.submit(
            Job("count", {"steps": 1000, "seconds": 20.0}), on_progress=lambda handle: handle.cancel()
        )
        gate.open()
        with pytest.raises(JobError, match="cancelled"):
            itself.wait(SOON)
        assert unwanted.state is JobState.CANCELLED
        assert later[0].wait(SOON).data == {"n": 2}

    def test_what_has_ended_cannot_be_cancelled(self, backend: JobBackend) -> None:
        handle = backend.submit(Job("echo"))
        handle.wait(SOON)
        handle.cancel()
        assert handle.state is JobState.DONE
        assert backend.submit(Job("echo", {"next": 1})).wait(SOON).data == {"next": 1}

    @pytest.mark.parametrize(
        ("kind", "how", "fault", "said"),
        [
            ("fail", "user", Fault.USER, "bpm must be 20 to 999, but was 3"),
            ("fail", "machine", Fault.MACHINE, "Weights are missing: run `musearoo models fetch`"),
            ("fail", "memory", Fault.MACHINE, "ran out of memory"),
            ("fail", "bug", Fault.OURS, "ZeroDivisionError: division by zero"),
            ("fail", "exit", Fault.OURS, "SystemExit: 3"),
            ("fail", "unplain", Fault.OURS, r"data\.thing must be plain data, but is object"),
            ("fail", "objects", Fault.OURS, "the array things must be a NumPy array of numbers"),
            ("missing", "", Fault.MACHINE, "needs a package that is missing or broken .*no_such_module"),
            ("devour", "", Fault.MACHINE, r"The job devour needs 1000\.0 GB of memory"),
        ],
    )
    def test_an_error_says_whose_fault_it_was(
        self, backend: JobBackend, kind: str, how: str, fault: Fault, said: str
    ) -> None:
        handle = backend.submit(Job(kind, {"how": how, "bytes": 10**12}))
        with pytest.raises(JobError, match=said) as told:
            handle.wait(SOON)
        assert told.value.fault is fault
        assert "\n" not in str(told.value)
        assert (handle.state, handle.result, handle.error) == (JobState.FAILED, None, told.value)

    def test_out_of_memory_is_tried_once_more(self, backend: JobBackend, tmp_path: Path) -> None:
        backend.submit(Job("starve", {"path": str(tmp_path / "visited")})).wait(SOON)

    def test_where_memory_runs_out_a_job_goes_on_smaller_and_says_so(self, backend: JobBackend) -> None:
        told: list[str] = []
        job = Job("devour_less", {"bytes": 2000})
        handle = backend.submit(job, on_progress=lambda handle: told.append(handle.progress.text))
        assert handle.wait(SOON).data == {"bytes": 1000}
        assert told[-1] == "filling, with less memory"

    @pytest.mark.parametrize(
        ("bytes_", "said"),
        [
            pytest.param(1001, "devour_less ran out of memory: close", id="which cannot be less"),
            pytest.param(4000, "devour_less ran out of memory: close", id="less is still too much"),
            pytest.param(4 * 10**12, r"devour_less needs 2000\.0 GB of memory", id="less does not fit either"),
        ],
    )
    def test_a_smaller_try_is_made_but_once(self, backend: JobBackend, bytes_: int, said: str) -> None:
        with pytest.raises(JobError, match=said) as told:
            backend.submit(Job("devour_less", {"bytes": bytes_})).wait(SOON)
        assert told.value.fault is Fault.MACHINE

    def test_what_cannot_be_carried_is_refused_at_once(self, backend: JobBackend) -> None:
        with pytest.raises(JobError, match=r"no jobs of the kind 'nonsense', only echo"):
            backend.submit(Job("nonsense"))
        with pytest.raises(TypeError, match=r"params\.path must be plain data, but is PosixPath|WindowsPath"):
            backend.submit(Job("echo", {"path": Path()}))
        with pytest.raises(TypeError, match="the array samples must be a NumPy array of numbers"):
            backend.submit(Job("echo", arrays={"samples": np.array([None])}))

    def test_a_repeat_of_a_key_is_the_same_job(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        ended: list[str] = []
        between = backend.submit(Job("echo", {}), on_end=lambda _: ended.append("between"))
        first = backend.submit(
            Job("echo", {"n": 1}, priority=Priority.BACKGROUND, key="k"), on_end=lambda _: ended.append("first")
        )
        again = backend.submit(
            Job("echo", {"n": 2}, priority=Priority.PRESS, key="k"), on_end=lambda _: ended.append("again")
        )
        assert again is first
        gate.open()
        assert again.wait(SOON).data == {"n": 1}
        between.wait(SOON)
        wait_until(lambda: len(ended) == 3, "not all ends were told")
        assert ended == ["first", "again", "between"]
        later = backend.submit(Job("echo", {"n": 3}, key="k"))
        assert later is not first
        assert later.wait(SOON).data == {"n": 3}

    def test_a_cancelled_job_is_no_twin(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        first = backend.submit(Job("echo", {"n": 1}, key="k"))
        first.cancel()
        second = backend.submit(Job("echo", {"n": 2}, key="k"))
        gate.open()
        assert second.wait(SOON).data == {"n": 2}

    def test_a_late_job_is_not_begun(self, backend: JobBackend, tmp_path: Path) -> None:
        gate = Gate(backend, tmp_path / "gate")
        handle = backend.submit(Job("deafen", {"path": str(tmp_path / "never"), "seconds": 0.0}, seconds=0.01))
        time.sleep(0.02)
        gate.open()
        with pytest.raises(JobError, match=r"was not done within its 0\.01 s") as told:
            handle.wait(SOON)
        assert told.value.fault is Fault.LATE
        assert not (tmp_path / "never").exists()

    def test_a_job_that_takes_too_long_is_stopped(self, backend: JobBackend) -> None:
        handle = backend.submit(Job("count", {"steps": 10_000, "seconds": 100.0}, seconds=0.3))
        with pytest.raises(JobError, match=r"was not done within its 0\.3 s") as told:
            handle.wait(SOON)
        assert (told.value.fault, handle.state) == (Fault.LATE, JobState.FAILED)

    def test_warming_loads_ahead_of_the_first_job(self, backend: JobBackend) -> None:
        before = backend.submit(Job("tell_process")).wait(SOON).data["warmed"]
        backend.warm("tell_process").wait(SOON)
        assert backend.submit(Job("tell_process")).wait(SOON).data["warmed"] == before + 1
        with pytest.raises(JobError, match="no_such_module"):
            backend.warm("missing").wait(SOON)

    def test_callbacks_are_called_where_the_caller_wants(self, make_backend: MakeBackend) -> None:
        letters: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        backend = make_backend(deliver=letters.put)
        ended: list[JobHandle] = []
        handle = backend.submit(Job("echo"), on_end=ended.append)
        handle.wait(SOON)
        assert ended == []
        letters.get(timeout=SOON)()
        assert ended == [handle]

    def test_an_event_loop_is_called_in_its_own_thread(self, make_backend: MakeBackend) -> None:
        async def ask() -> tuple[JobState, threading.Thread]:
            loop = asyncio.get_running_loop()
            backend = make_backend(deliver=loop.call_soon_threadsafe)
            ended: asyncio.Future[tuple[JobState, threading.Thread]] = loop.create_future()
            backend.submit(
                Job("echo"), on_end=lambda handle: ended.set_result((handle.state, threading.current_thread()))
            )
            return await asyncio.wait_for(ended, SOON)

        assert asyncio.run(ask()) == (JobState.DONE, threading.current_thread())

    def test_a_caller_that_has_gone_harms_nobody(self, make_backend: MakeBackend) -> None:
        loop = asyncio.new_event_loop()
        backend = make_backend(deliver=loop.call_soon_threadsafe)
        loop.close()
        told: list[JobHandle] = []
        backend.submit(Job("count", {"steps": 3, "seconds": 0.01}), on_progress=told.append, on_end=told.append)
        assert backend.submit(Job("echo", {"next": 1})).wait(SOON).data == {"next": 1}
        assert told == []

    def test_a_callback_that_fails_harms_nobody(self, backend: JobBackend) -> None:
        def fail(_: JobHandle) -> None:
            raise ZeroDivisionError

        backend.submit(Job("count", {"steps": 3, "seconds": 0.01}), on_progress=fail, on_end=fail).wait(SOON)
        assert backend.submit(Job("echo", {"next": 1})).wait(SOON).data == {"next": 1}

    def test_closing_while_busy_ends_everything(self, make_backend: MakeBackend, tmp_path: Path) -> None:
        backend = make_backend()
        gate = Gate(backend, tmp_path / "gate")
        waiting = backend.submit(Job("echo"))
        backend.close()
        backend.close()
        for handle in (gate.handle, waiting):
            with pytest.raises(JobError, match="cancelled"):
                handle.wait(SOON)
        with pytest.raises(JobError, match="MuseAroo is closing"):
            backend.submit(Job("echo"))

    def test_two_hundred_jobs_leave_nothing_behind(self, backend: JobBackend) -> None:
        samples = np.zeros((2, 100_000), dtype=np.float32)
        process = psutil.Process()

        def measure() -> tuple[int, int]:
            gc.collect()
            return process.memory_info().rss, process.num_fds() if hasattr(process, "num_fds") else 0

        def run(times: int) -> None:
            for _ in range(times):
                backend.submit(Job("echo", {"n": 1}, {"samples": samples})).wait(SOON)

        run(20)
        memory, files = measure()
        run(200)
        memory_then, files_then = measure()
        # Were a file or an array kept for each job, there would be 200 more, and 160 MB.
        assert files_then < files + 20
        assert memory_then < memory + 16e6
