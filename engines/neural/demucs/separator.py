"""Streaming stem separation with a Demucs model: memory for a few segments, whatever the length of the sound.

The result equals that of `demucs.api.Separator` with the same model and `shifts=0`, except that a sound of at most one
segment is computed as one segment instead of two.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import torch

from musearoo.engines.audio.separation.contract import Block, FloatArray, Report, Source
from musearoo.engines.errors import EngineError
from musearoo.engines.music.stems import SIX_STEMS, StemName
from musearoo.engines.neural.demucs.model import DemucsModel
from musearoo.engines.neural.demucs.precision import is_close_enough
from musearoo.engines.neural.demucs.reading import Level, StereoReader, measure_level
from musearoo.engines.neural.demucs.segments import OverlapAdd, plan_segments

SEGMENT_BYTES: Final = 700_000_000
"""Memory for one segment of the published models in full precision, measured on a CPU."""

MOST_TOGETHER: Final = 8
"""More do not use a GPU better, and delay cancelling."""

HEADROOM: Final = 1_000_000_000
"""Bytes of a GPU left to other programs."""

LEVEL_SHARE: Final = 0.03
"""Share of the progress for measuring the level."""

EXCERPT: Final = 0.125
"""Length of the excerpt for comparing precisions, in segments: one second."""

SMALL: Final = 1e-8
"""Demucs adds this to a standard deviation before dividing by it."""

FIXED_BYTES: Final = 60_000_000
"""Memory of the streams: a few segments of the mix and its stems."""


class DemucsSeparator:
    """A separator. `at_once`: segments per batch, 0 to choose by available memory.

    `shifts`: 0, or the number of shifted passes to average: up to 0.2 dB better, for that many times the work.
    `may_halve`: whether it may use half precision where the result is as good.
    """

    def __init__(self, model: DemucsModel, at_once: int = 0, shifts: int = 0, may_halve: bool = True) -> None:
        self._model = model
        self._at_once = at_once
        self._shifts = shifts
        self._half = model.half if may_halve else None
        self._order = [model.sources.index(stem) for stem in self.stems]

    @property
    def stems(self) -> tuple[StemName, ...]:
        """The model's stems."""
        return tuple(stem for stem in SIX_STEMS if stem in self._model.sources)

    @property
    def rate(self) -> int:
        """The model's sample rate, Hz."""
        return self._model.rate

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        """Yield the stems of a sound block by block; raises EngineError for a sound of another rate."""
        if source.rate != self.rate:
            raise EngineError(
                f"{self._model.name} takes sounds of {self.rate} Hz: convert from {source.rate} Hz first."
            )
        excerpt = round(EXCERPT * self._model.segment)
        stretches = -(-source.frames // excerpt)
        counted = itertools.count(1)
        level = measure_level(
            source, excerpt, lambda: report(LEVEL_SHARE * (next(counted) / stretches), "Measuring the level")
        )
        if level.is_silent:
            yield from self._write_silence(source, level, report)
        else:
            yield from self._separate_segments(source, level, self._choose_precision(level, report), report)

    def _write_silence(self, source: Source, level: Level, report: Report) -> Iterator[Block]:
        done = 0
        for block in source.blocks():
            yield {stem: np.full_like(block, level.mean) for stem in self.stems}
            done += block.shape[1]
            report(LEVEL_SHARE + (1.0 - LEVEL_SHARE) * done / source.frames, "Writing silence")

    def _choose_precision(self, level: Level, report: Report) -> Any:
        """Return the half-precision type if it reproduces the loudest excerpt well enough, else float32."""
        model = self._model
        if self._half is None:
            return torch.float32
        loudest = _normalise(level.loudest, level)[None]

        def report_progress(_done: float) -> None:
            report(LEVEL_SHARE, "Comparing precisions")

        full, half = (
            model.separate(loudest, precision, report_progress)[0] for precision in (torch.float32, self._half)
        )
        return self._half if is_close_enough(full, half) else torch.float32

    def _separate_segments(self, source: Source, level: Level, precision: Any, report: Report) -> Iterator[Block]:
        model = self._model
        segments = plan_segments(source.frames, model.segment, self._shifts, model.rate)
        together = self._at_once or _choose_together(model.device, len(segments))
        # Padding with the mean becomes silence after normalising, as in Demucs' own separation.
        reading = StereoReader(source, around=level.mean)
        sums = OverlapAdd(source.frames, len(self.stems), source.channels)
        for first in range(0, len(segments), together):
            batch, later = segments[first : first + together], segments[first + together :]

            def report_progress(done: float, before: int = first, count: int = len(batch)) -> None:
                share = (before + done * count) / len(segments)
                report(LEVEL_SHARE + (1.0 - LEVEL_SHARE) * share, f"Separating with {model.name}")

            mixes = np.stack([_normalise(reading.read(one.read, one.read + one.size), level) for one in batch])
            found = model.separate(mixes, precision, report_progress)[:, self._order]
            for segment, stems in zip(batch, found, strict=True):
                sums.add(segment.start, _as_channels(stems[..., segment.inner], source.channels) * segment.gain)
            done = sums.take(later[0].start if later else source.frames) * np.float32(level.spread + SMALL)
            done += np.float32(level.mean)
            if done.shape[2]:
                yield dict(zip(self.stems, done, strict=True))


def _normalise(samples: FloatArray, level: Level) -> FloatArray:
    """Normalise samples to mean 0 and standard deviation 1."""
    return np.asarray((samples - np.float32(level.mean)) / np.float32(level.spread + SMALL), dtype=np.float32)


def _as_channels(stems: FloatArray, channels: int) -> FloatArray:
    """Convert stereo stems (stems, channels, samples) to a number of channels; mono is the mean."""
    return stems if channels == 2 else stems.mean(axis=1, keepdims=True)


def estimate_bytes(at_once: int = 0) -> int:
    """Return the memory of `separate` in bytes, without model and source, for the published models on a CPU."""
    return FIXED_BYTES + (at_once or 1) * SEGMENT_BYTES


def _choose_together(device: Any, segments: int) -> int:
    """Return the batch size: as many segments as a GPU has room for, 1 on other devices."""
    if device.type != "cuda":
        return 1
    free, _ = torch.cuda.mem_get_info(device)
    return max(1, min(MOST_TOGETHER, segments, int(free - HEADROOM) // SEGMENT_BYTES))
