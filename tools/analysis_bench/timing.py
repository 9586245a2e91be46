"""How long clips of 8 s and 30 s take, and how much memory, in processes of their own, one after another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from tools.analysis_bench.listening import listen_as
from tools.measures import percentile

LENGTHS: Final = (8, 30)
"""Seconds of the two clips that the budgets name."""
TIMES: Final = {"fast": 40, "deep": 3, "librosa": 5, "madmom": 2}
"""How often each hears a clip: where it takes seconds, what else the machine does evens out within one run."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one way of hearing on one clip, by the clock and of the processor, and the peak memory in MB."""

    listener: str
    clip_seconds: int
    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float
    peak_mb: float


def cut_clips(sounds: list[Path], folder: Path) -> dict[int, Path]:
    """A clip of 8 s and one of 30 s, as 16-bit stereo at 44.1 kHz; the sounds are joined where none is long enough."""
    blocks: list[np.ndarray] = []
    for sound in sounds:
        samples, rate = soundfile.read(sound, dtype="float32", always_2d=True)
        if rate == 44_100:
            blocks.append(np.repeat(samples[:, :1], 2, axis=1) if samples.shape[1] == 1 else samples[:, :2])
        if sum(len(block) for block in blocks) >= max(LENGTHS) * 44_100:
            break
    joined = np.concatenate(blocks)
    clips = {}
    for seconds in LENGTHS:
        clips[seconds] = folder / f"clip_{seconds}s.wav"
        soundfile.write(clips[seconds], joined[: seconds * 44_100], 44_100, subtype="PCM_16")
    return clips


def time_listener(listener: str, clips: dict[int, Path]) -> list[Timing]:
    """The times of a way of hearing on each clip; raises ListenerError."""
    timings = []
    for seconds, clip in clips.items():
        heard = listen_as(listener, [clip] * TIMES[listener], cache=None)
        wall = [answer.seconds * 1000 for answer in heard.answers]
        cpu = [answer.cpu_seconds * 1000 for answer in heard.answers]
        middle, high = (percentile(wall, percent) for percent in (50, 95))
        cpu_middle, cpu_high = (percentile(cpu, percent) for percent in (50, 95))
        timings.append(Timing(listener, seconds, middle, high, cpu_middle, cpu_high, heard.peak_mb or 0.0))
    return timings
