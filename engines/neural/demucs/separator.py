"""Streaming separation with a Demucs model: only a few segments of half an hour are in memory.

What comes out is what `demucs.api.Separator` gives with the same model and `shifts=0`; a sound that fits one segment is
computed as one, where that takes two.
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
from musearoo.engines.neural.demucs.reading import Level, Reading, measure_level
from musearoo.engines.neural.demucs.segments import OverlapAdd, plan_segments

SEGMENT_BYTES: Final = 700_000_000
"""What one segment of the published models takes while it is computed, in full precision: measured on a processor."""

MOST_TOGETHER: Final = 8
"""More at once keep no GPU busier, and let a cancel wait."""

HEADROOM: Final = 1_000_000_000
"""Bytes of a GPU that are left to others."""

LEVEL_SHARE: Final = 0.03
"""The part of the work that reading a sound once for its level is, for the progress."""

EXCERPT: Final = 0.125
"""The part of a segment by which half precision is judged: a second."""

SMALL: Final = 1e-8
"""What Demucs adds to a spread before dividing by it."""

FIXED_BYTES: Final = 60_000_000
"""What the streams take: some segments of the mix and of its stems."""


class DemucsSeparator:
    """A separator. `at_once`: how many segments are computed together, 0 for as many as memory is meant for.

    `shifts`: 0, or how many passes with segments at other places are averaged: better by up to 0.2 dB, for as many
    times the work. `may_halve`: whether it may compute in half precision where that is heard to be as good.
    """

    def __init__(self, model: DemucsModel, at_once: int = 0, shifts: int = 0, may_halve: bool = True) -> None:
        self._model = model
        self._at_once = at_once
        self._shifts = shifts
        self._half = model.half if may_halve else None
        self._order = [model.sources.index(stem) for stem in self.stems]

    @property
    def stems(self) -> tuple[StemName, ...]:
        """What the model gives."""
        return tuple(stem for stem in SIX_STEMS if stem in self._model.sources)

    @property
    def rate(self) -> int:
        """The rate that the model was trained at, Hz."""
        return self._model.rate

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        """The stems of a sound, block after block; raises EngineError for a sound of another rate."""
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
            yield from self._keep_still(source, level, report)
        else:
            yield from self._take_apart(source, level, self._choose_precision(level, report), report)

    def _keep_still(self, source: Source, level: Level, report: Report) -> Iterator[Block]:
        done = 0
        for block in source.blocks():
            yield {stem: np.full_like(block, level.mean) for stem in self.stems}
            done += block.shape[1]
            report(LEVEL_SHARE + (1.0 - LEVEL_SHARE) * done / source.frames, "Writing silence")

    def _choose_precision(self, level: Level, report: Report) -> Any:
        """float32, or the half of it where the loudest stretch comes out the same."""
        model = self._model
        if self._half is None:
            return torch.float32
        loudest = _bring_to_one(level.loudest, level)[None]

        def report_progress(_done: float) -> None:
            report(LEVEL_SHARE, "Comparing precisions")

        full, half = (
            model.separate(loudest, precision, report_progress)[0] for precision in (torch.float32, self._half)
        )
        return self._half if is_close_enough(full, half) else torch.float32

    def _take_apart(self, source: Source, level: Level, precision: Any, report: Report) -> Iterator[Block]:
        model = self._model
        segments = plan_segments(source.frames, model.segment, self._shifts, model.rate)
        together = self._at_once or _choose_together(model.device, len(segments))
        # Beyond its ends there is silence once the mean is off, as in Demucs' own separation.
        reading = Reading(source, around=level.mean)
        sums = OverlapAdd(source.frames, len(self.stems), source.channels)
        for first in range(0, len(segments), together):
            batch, later = segments[first : first + together], segments[first + together :]

            def report_progress(done: float, before: int = first, count: int = len(batch)) -> None:
                share = (before + done * count) / len(segments)
                report(LEVEL_SHARE + (1.0 - LEVEL_SHARE) * share, f"Separating with {model.name}")

            mixes = np.stack([_bring_to_one(reading.read(one.read, one.read + one.size), level) for one in batch])
            found = model.separate(mixes, precision, report_progress)[:, self._order]
            for segment, stems in zip(batch, found, strict=True):
                sums.add(segment.start, _as_channels(stems[..., segment.inner], source.channels) * segment.gain)
            done = sums.take(later[0].start if later else source.frames) * np.float32(level.spread + SMALL)
            done += np.float32(level.mean)
            if done.shape[2]:
                yield dict(zip(self.stems, done, strict=True))


def _bring_to_one(samples: FloatArray, level: Level) -> FloatArray:
    """Samples with the sound's mean taken off and its spread made 1."""
    return np.asarray((samples - np.float32(level.mean)) / np.float32(level.spread + SMALL), dtype=np.float32)


def _as_channels(stems: FloatArray, channels: int) -> FloatArray:
    """(stems, channels, samples) of stereo: one channel is the mean of both."""
    return stems if channels == 2 else stems.mean(axis=1, keepdims=True)


def estimate_bytes(at_once: int = 0) -> int:
    """How many bytes `separate` takes beside the model and its source, for the published models on a processor."""
    return FIXED_BYTES + (at_once or 1) * SEGMENT_BYTES


def _choose_together(device: Any, segments: int) -> int:
    """How many of so many segments are computed at once: as many as a GPU has room for, one elsewhere."""
    if device.type != "cuda":
        return 1
    free, _ = torch.cuda.mem_get_info(device)
    return max(1, min(MOST_TOGETHER, segments, int(free - HEADROOM) // SEGMENT_BYTES))
