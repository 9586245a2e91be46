"""MusicGen from text to sound: time to first sound, cancel latency, memory growth, and conditioning."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from musearoo.engines.audio.sound_model import FloatArray, Report, SoundModel, SoundRequest, TuneNote
from musearoo.engines.neural.devices import return_memory
from musearoo.engines.neural.musicgen.loading import load_musicgen
from musearoo.engines.neural.musicgen.model import MusicGen
from musearoo.tools.bench.measures import held_megabytes
from musearoo.tools.bench.musicgen.random_models import write_random_musicgen
from musearoo.tools.bench.rows import Row

SOUND: Final = "sound on the CPU"
STOPPING: Final = "memory, tiny random model"
LIKENESS: Final = "likeness, tiny random models"

PROMPT: Final = "slow funk with drums, bass and rhodes, 96 bpm, a minor"

SECONDS: Final = 8.0
FIRST_SECONDS: Final = 0.5
"""The duration of sound required to start playback."""

CANCELS: Final = 7
CANCEL_AFTER: Final = (0.1, 0.9)
"""The range of seconds after its first step in which a generation is cancelled."""
CANCELLED_SECONDS: Final = 120.0
"""The duration of a cancelled sound: no GPU finishes it by then."""
KEPT_MB: Final = 5.0
"""Growth in MB that counts as none: the noise of the process's allocator."""
GENERATIONS: Final = 100
QUICK_GENERATIONS: Final = 20
WARM: Final = 10
"""Generations after which growth counts: by then all caches are filled."""
TUNES: Final = (
    tuple(TuneNote(0.25 * place, pitch, 0.25) for place, pitch in enumerate((60, 62, 64, 65, 67, 69, 71, 72))),
    tuple(TuneNote(0.5 * place, pitch, 0.5) for place, pitch in enumerate((69, 64, 57, 61))),
)
"""A rising scale, and a few slow notes."""

Tell = Callable[[str, int, int], None]


def judge_sound(*, quick: bool, tell: Tell) -> Iterator[Row]:
    """Yield the duration of a generation, and the time until playback can start, with a random model of the small
    size.
    """
    size, seconds = ("tiny", 2.0) if quick else ("small", SECONDS)
    with TemporaryDirectory(prefix="musearoo-") as folder:
        tell("a random model is written", 0, 1)
        model = load_random(Path(folder), size)
        # The first generation initialises what all later ones share.
        make(model, SoundRequest(PROMPT, 0.5, seed=1))
        start = time.perf_counter()
        first = 0.0
        frames = 0

        def report(done: float, _words: str) -> None:
            tell(f"{seconds:g} s of sound", round(100 * done), 100)

        for block in model.imagine(SoundRequest(PROMPT, seconds, seed=1), report):
            frames += block.shape[1]
            if not first and frames >= FIRST_SECONDS * model.rate:
                first = time.perf_counter() - start
        whole = time.perf_counter() - start
        part = f"{SOUND}, random model of {'the real small' if size == 'small' else 'a tiny'} size"
        note = f"from words on, in {model.precision} precision"
        yield Row(part, f"{seconds:g} s of sound", "s", whole, None, None, note)
        yield Row(part, f"until {FIRST_SECONDS:g} s of it are there", "ms", 1000.0 * first, None, None, note)
        yield from _judge_cancels(model, part, tell)


def judge_stopping(*, quick: bool, tell: Tell) -> Iterator[Row]:
    """Yield the memory growth after a cancel, and after a hundred generations, with a tiny model."""
    with TemporaryDirectory(prefix="musearoo-") as folder:
        model = load_random(Path(folder), "tiny")
        request, count = SoundRequest(PROMPT, 0.5, seed=1), QUICK_GENERATIONS if quick else GENERATIONS
        for _ in range(WARM):
            make(model, request)
        before = measure_held()
        for number in range(count):
            tell("generations", number, count)
            _cancel_at(model, request, step=5)
        cancelled = measure_held()
        for number in range(count):
            tell("generations", number, count)
            make(model, SoundRequest(PROMPT, request.seconds, seed=number))
        after = measure_held()
    note = f"at most {KEPT_MB:g}, after {WARM} to warm up"
    for name, start, end in (("cancelled", before, cancelled), ("made", cancelled, after)):
        grown = None if start is None or end is None else end - start
        met = None if grown is None else grown <= KEPT_MB
        yield Row(STOPPING, f"memory kept after {count} generations that were {name}", "MB", grown, None, met, note)


def judge_likeness(*, tell: Tell) -> Iterator[Row]:
    """Yield whether seed, text and melody affect the output, with tiny models."""
    with TemporaryDirectory(prefix="musearoo-") as folder:
        tell("likeness", 0, 1)
        model = load_random(Path(folder) / "text", "tiny")
        request = SoundRequest(PROMPT, 1.0, seed=1)
        yield _compare("the same seed", model, request, request, alike=True)
        yield _compare("another seed", model, request, SoundRequest(PROMPT, 1.0, seed=2), alike=False)
        yield _compare("other words", model, request, SoundRequest("fast techno", 1.0, seed=1), alike=False)
        model = load_random(Path(folder) / "melody", "tiny", "melody")
        one, other = (SoundRequest(PROMPT, 1.0, seed=1, melody=tune) for tune in TUNES)
        yield _compare("the same tune", model, one, one, alike=True)
        yield _compare("another tune", model, one, other, alike=False)
        yield _compare("a tune and none", model, one, request, alike=False)


def load_random(folder: Path, size: str, kind: str = "text") -> MusicGen:
    """Return a random model on the CPU."""
    written = write_random_musicgen(folder, size, kind)
    return load_musicgen(written.folder, written.text_folder, written.codec_folder, device="cpu")


def make(model: SoundModel, request: SoundRequest, report: Report = lambda _done, _words: None) -> FloatArray:
    """Return the whole sound, (channels, samples)."""
    return np.concatenate(list(model.imagine(request, report)), axis=1)


def measure_held() -> float | None:
    """Return this process's memory in MB after a garbage collection."""
    gc.collect()
    return_memory()
    return held_megabytes()


def _judge_cancels(model: SoundModel, part: str, tell: Tell) -> Iterator[Row]:
    chance = np.random.default_rng(0)
    late: list[float] = []
    steps: list[float] = []
    for number in range(CANCELS):
        tell("cancels", number, CANCELS)
        took, own = cancel(model, float(chance.uniform(*CANCEL_AFTER)))
        late.append(1000.0 * took)
        steps += own
    step = 1000.0 * float(np.median(steps))
    longest = 1000.0 * max(steps)
    note = f"the worst of {CANCELS}; at most the longest step (the median one: {step:.3g})"
    yield Row(part, "from a cancel until it is idle", "ms", max(late), longest, max(late) <= longest, note)


def cancel(model: SoundModel, after: float) -> tuple[float, list[float]]:
    """Return the seconds from a cancel until the model is idle, and the duration of each step; `after` counts from the
    first step.
    """
    wanted = threading.Event()
    cancelled: list[float] = []
    moments: list[float] = []

    def press() -> None:
        cancelled.append(time.perf_counter())
        wanted.set()

    timer = threading.Timer(after, press)

    def report(_done: float, _words: str) -> None:
        if not moments:
            timer.start()
        moments.append(time.perf_counter())
        if wanted.is_set():
            raise InterruptedError

    try:
        make(model, SoundRequest(PROMPT, CANCELLED_SECONDS, seed=3), report)
    except InterruptedError:
        idle = time.perf_counter()
    finally:
        timer.cancel()
    return idle - cancelled[0], np.diff(moments).tolist()


def _cancel_at(model: SoundModel, request: SoundRequest, step: int) -> None:
    left = step

    def report(_done: float, _words: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise InterruptedError

    try:
        make(model, request, report)
    except InterruptedError:
        return


def _compare(what: str, model: SoundModel, one: SoundRequest, other: SoundRequest, *, alike: bool) -> Row:
    first, second = make(model, one), make(model, other)
    differing = float((first != second).mean())
    met = differing == 0.0 if alike else differing > 0.5
    note = "none" if alike else "more than half"
    return Row(LIKENESS, f"samples that differ with {what}", "share", differing, None, met, note)
