"""Run time and memory for clips of 8 s and 30 s, in separate processes, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
from scipy import signal

from musearoo.tools.bench.analysis.listening import listen_as
from musearoo.tools.bench.measures import percentile

RATE: Final = 44_100
LENGTHS: Final = (8, 30)
"""The durations in seconds of the two clips in the performance budgets."""
TIMES: Final = {"fast": 40, "deep": 3, "librosa": 5, "madmom": 2}
"""The number of repetitions: slow analyzers average out noise within one run."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall-clock and processor milliseconds of one analyzer on one clip, and the peak memory in MB."""

    listener: str
    clip_seconds: int
    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float
    peak_mb: float | None


def cut_clips(sounds: Sequence[Path], folder: Path) -> dict[int, Path]:
    """Write a clip of 8 s and one of 30 s, 16-bit stereo at 44.1 kHz: the sounds concatenated, and repeated if
    necessary.
    """
    blocks: list[npt.NDArray[np.float32]] = []
    wanted = max(LENGTHS) * RATE
    for sound in sounds:
        samples, rate = soundfile.read(sound, dtype="float32", always_2d=True)
        stereo = samples[:, [0, -1]]
        blocks.append(stereo if rate == RATE else signal.resample_poly(stereo, RATE, rate, axis=0))
        if sum(len(block) for block in blocks) >= wanted:
            break
    joined = np.concatenate(blocks)
    joined = np.tile(joined, (-(-wanted // len(joined)), 1))
    clips = {seconds: folder / f"clip_{seconds}s.wav" for seconds in LENGTHS}
    for seconds, clip in clips.items():
        soundfile.write(clip, joined[: seconds * RATE], RATE, subtype="PCM_16")
    return clips


def time_listener(listener: str, clips: dict[int, Path]) -> list[Timing]:
    """Return the times of an analyzer on each clip. Raises ListenerError."""
    timings = []
    for seconds, clip in clips.items():
        analyzer_run = listen_as(listener, [clip] * TIMES[listener], cache=None)
        wall = [answer.seconds * 1000 for answer in analyzer_run.answers]
        cpu = [answer.cpu_seconds * 1000 for answer in analyzer_run.answers]
        middle, high = (percentile(wall, percent) for percent in (50, 95))
        cpu_middle, cpu_high = (percentile(cpu, percent) for percent in (50, 95))
        timings.append(Timing(listener, seconds, middle, high, cpu_middle, cpu_high, analyzer_run.peak_mb))
    return timings
