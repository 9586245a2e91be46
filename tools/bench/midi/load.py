"""The daemon's own work at full load: engines composing and sounds being analyzed, continuously on every core."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from typing import Any, Final

import numpy as np

from musearoo.bridge.process.child_process import plain_start
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import EngineError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.band.scene import play_scene
from musearoo.engines.players.params import EngineParams

BARS: Final = 8
SOUND_SECONDS: Final = 8.0
RATE: Final = 44_100

STARTS_WITHIN: Final = 60.0
"""Seconds until each worker has completed its first item."""


@contextmanager
def full_load() -> Iterator[Callable[[], dict[str, int]]]:
    """Compose and analyze in two processes per core; the yielded function returns how often each was done.

    At the priority of the daemon, which is the normal one. Raises EngineError when a worker does not start.
    """
    context = multiprocessing.get_context("spawn")
    cores = os.cpu_count() or 1
    counts = {work.__name__: [context.RawValue("Q", 0) for _ in range(cores)] for work in (_compose, _hear)}
    workers = [
        context.Process(target=work, args=(count, number), daemon=True)
        for work in (_compose, _hear)
        for number, count in enumerate(counts[work.__name__])
    ]
    try:
        with plain_start():
            for worker in workers:
                worker.start()
        _wait_for_all([count for group in counts.values() for count in group], workers)
        yield lambda: {
            "phrases by the band": sum(count.value for count in counts["_compose"]),
            "sounds heard": sum(count.value for count in counts["_hear"]),
        }
    finally:
        for worker in workers:
            if worker.pid is not None:
                worker.kill()
                worker.join()


def _wait_for_all(counts: list[Any], workers: list[SpawnProcess]) -> None:
    until = time.monotonic() + STARTS_WITHIN * len(workers)
    while not all(count.value for count in counts):
        if time.monotonic() > until or not all(worker.is_alive() for worker in workers):
            raise EngineError("the load does not start: the engines or the analyzer fail, see what is printed above.")
        time.sleep(0.1)


def _compose(done: Any, number: int) -> None:
    """Compose with the whole band forever, in all styles."""
    styles = list(read_styles().values())
    roles = [engine.part for engine in ENGINES]
    while True:
        seed = done.value * 97 + number
        play_scene(EngineParams(style=styles[seed % len(styles)], bars=BARS), MusicalContext(), seed, roles)
        done.value += 1


def _hear(done: Any, number: int) -> None:
    """Analyze sounds forever."""
    from musearoo.engines.analysis.fast.activation.sound import Sound
    from musearoo.engines.analysis.fast.analyzer import analyze_sound
    from musearoo.engines.neural.analysis_weights import read_learned

    learned = read_learned(read_styles())
    time_axis = np.arange(int(SOUND_SECONDS * RATE)) / RATE
    while True:
        pulse = 0.4 + 0.02 * ((done.value + number) % 10)
        tone = 110.0 * 2.0 ** ((done.value * 7 + number) % 12 / 12.0)
        sound = np.exp(-12.0 * (time_axis % pulse)) * np.sin(2.0 * np.pi * tone * time_axis)
        analyze_sound(Sound.of(np.stack([sound, sound]), RATE), learned)
        done.value += 1
