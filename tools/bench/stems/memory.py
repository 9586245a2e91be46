"""The memory needed to split a long file: a process in the role of the daemon, and the worker it starts.

Each reports its own peak when the stems are ready. The peaks need not coincide, so their sum is an upper bound.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import soundfile

from musearoo.bridge.jobs.contract import Arrays, Job, JobHandle, Params, Priority, Report
from musearoo.bridge.jobs.kinds import JOB_KINDS, JobKind
from musearoo.bridge.jobs.worker import WorkerBackend
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems.plan import SplitFiles, SplitRequest
from musearoo.bridge.stems.splitter import Splitter
from musearoo.engines.errors import EngineError
from musearoo.engines.music.stems import FOUR_STEMS
from musearoo.tools.bench.measures import peak_megabytes
from musearoo.tools.bench.rows import Row

RATE: Final = 96_000
"""Hz: the highest common sample rate of sets."""

TARGET_MB: Final = 2000.0

SEED: Final = 5

FLOAT_BYTES: Final = 4

_PEAK_KIND: Final = "tell_peak"


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a split: the peaks of both processes in MB, None where the system does not report them, and its
    seconds.
    """

    daemon_mb: float | None
    worker_mb: float | None
    seconds: float

    @property
    def both_mb(self) -> float | None:
        """The upper bound of their combined memory."""
        return None if self.daemon_mb is None or self.worker_mb is None else self.daemon_mb + self.worker_mb


def judge_memory(backend: str, models: Path, minutes: float, folder: Path | None = None) -> Iterator[Row]:
    """Yield rows for one backend over a file of `minutes`; output is written to a folder within `folder`.

    `models`: a folder of models, as in ModelStore. Raises EngineError, OSError.
    """
    with TemporaryDirectory(dir=folder, prefix="musearoo-") as work:
        path = Path(work) / "long.wav"
        write_long_sound(path, minutes)
        cost = measure_split(SplitRequest(str(path), Path(work) / "stems", "Long", backend=backend), models)
    part = f"memory of {minutes:g} min of stereo at {RATE // 1000} kHz, {backend}"
    held = 60.0 * minutes * RATE * 2 * FLOAT_BYTES * (1 + len(FOUR_STEMS)) / 1e6
    met = None if cost.both_mb is None else cost.both_mb < TARGET_MB
    note = f"under {TARGET_MB:g}; peer: were all held as floats, computed"
    yield Row(part, "daemon and worker", "MB", cost.both_mb, held, met, note)
    yield Row(part, "the worker alone", "MB", cost.worker_mb)
    yield Row(part, "speed, with the worker's start", "times real time", 60.0 * minutes / cost.seconds)


def measure_split(request: SplitRequest, models: Path) -> Cost:
    """Return the cost of one split, in separate processes. Raises EngineError with the message of a failed split."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with TemporaryDirectory(prefix="musearoo-") as home:
        daemon = context.Process(target=_play_daemon, args=(request, models, Path(home), theirs))
        daemon.start()
        # Close our copy, so that the child's death is visible at our end.
        theirs.close()
        try:
            answer: Cost | str = ours.recv()
        except EOFError:
            answer = "The process that played the daemon ended without an answer."
        daemon.join()
    if isinstance(answer, str):
        raise EngineError(answer)
    return answer


def write_long_sound(path: Path, minutes: float) -> None:
    """Write stereo at RATE, 24 bit, second by second: bursts of noise, a bass, a chord, a sliding tone."""
    rng = np.random.default_rng(SEED)
    time_ = np.arange(RATE) / RATE
    decay = np.exp(-12.0 * (time_ % 0.5))
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_24") as file:
        left = round(60.0 * minutes * RATE)
        for second in range(-(-left // RATE)):
            root = 55.0 * 2.0 ** ((0, 5, 7, 3)[second // 2 % 4] / 12.0)
            chord = sum(np.sin(2.0 * np.pi * root * ratio * time_) for ratio in (4.0, 5.0, 6.0))
            lead = np.sin(2.0 * np.pi * (880.0 * time_ + 20.0 * np.sin(2.0 * np.pi * time_)))
            middle = 0.3 * np.sin(2.0 * np.pi * root * time_) + 0.1 * lead
            sides = 0.05 * chord * np.array([[1.0], [0.6]])
            beats = 0.2 * decay * rng.standard_normal((2, RATE))
            file.write((middle + sides + beats)[:, :left].T)
            left -= RATE


def tell_peak(_params: Params, _arrays: Arrays, _report: Report) -> tuple[Params, Arrays]:
    """Return the worker's peak memory; run as a job."""
    return {"megabytes": peak_megabytes()}, {}


def _play_daemon(request: SplitRequest, models: Path, home: Path, answer: Connection[Any, Any]) -> None:
    answer.send(asyncio.run(_split(request, models, home)))


async def _split(request: SplitRequest, models: Path, home: Path) -> Cost | str:
    loop = asyncio.get_running_loop()
    kinds = {**JOB_KINDS, _PEAK_KIND: JobKind(f"{__name__}:{tell_peak.__name__}")}
    worker = WorkerBackend(kinds, loop.call_soon_threadsafe, home / "worker.log")
    splitter = Splitter(home, ModelStore(models), lambda: worker, None)
    try:
        started = time.perf_counter()
        made: asyncio.Future[SplitFiles | str] = loop.create_future()
        splitter.split(request, Priority.ASKED, lambda _fraction, _text: None, made.set_result)
        files = await made
        seconds = time.perf_counter() - started
        if isinstance(files, str):
            return files
        told: asyncio.Future[JobHandle] = loop.create_future()
        worker.submit(Job(_PEAK_KIND), on_end=told.set_result)
        result = (await told).wait()
        return Cost(peak_megabytes(), result.data["megabytes"], seconds)
    finally:
        splitter.close()
        worker.close()
