"""A separator without learned models: Wiener-like masks from cues measured in the mix itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from musearoo.engines.audio.separation.bands import Bands
from musearoo.engines.audio.separation.context import compute_context
from musearoo.engines.audio.separation.contract import Block, FloatArray, Report, Source
from musearoo.engines.audio.separation.cues import CUES, compute_cues, measure_powers
from musearoo.engines.audio.separation.mask_estimation import ALONE, IN_CONTEXT, estimate_masks
from musearoo.engines.audio.separation.stft import OVERLAP, Grid, Spectra, analyse, synthesise
from musearoo.engines.errors import require_between
from musearoo.engines.music.stems import FOUR_STEMS, StemName

CORE_FRAMES: Final = 512
"""Frames separated at once: about 12 s."""
CONTEXT_FRAMES: Final = 96
"""Additional context on either side, about 2 s, from which melodic lines continue."""
MIN_RATE: Final = 8_000
MAX_RATE: Final = 192_000


class DspSeparator:
    """Separates drums, bass, vocals and the rest, at 8 to 192 kHz, mono or stereo, in constant memory.

    Every cell of the spectrogram is divided among the four, so that they sum to the mix up to rounding.
    """

    version = "1"
    """Version of the algorithm, to be changed when its output changes."""

    @property
    def stems(self) -> tuple[StemName, ...]:
        """The four stems, in order."""
        return FOUR_STEMS

    @property
    def rate(self) -> int | None:
        """None: any rate is supported."""
        return None

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        """Separate about 12 s at a time; raises ParamError for unsupported rates and channel counts."""
        require_between("rate", source.rate, MIN_RATE, MAX_RATE, "Hz")
        require_between("channels", source.channels, 1, 2)
        grid = Grid.at(source.rate)
        bands = Bands.of(grid)
        stream = _BufferedSource(source)
        frames = grid.count(source.frames)
        tails = np.zeros((len(FOUR_STEMS) - 1, source.channels, (OVERLAP - 1) * grid.hop), dtype=np.float32)
        for first in range(0, frames, CORE_FRAMES):
            last = min(first + CORE_FRAMES, frames)
            left, right = max(0, first - CONTEXT_FRAMES), min(frames, last + CONTEXT_FRAMES)

            def report_progress(part: float, first: int = first, last: int = last) -> None:
                report((first + part * (last - first)) / frames, "Taking apart")

            report_progress(0.0)
            samples = stream.read(grid.first_sample(left), grid.first_sample(right - 1) + grid.window)
            spectra = analyse(samples, grid)
            report_progress(0.2)
            core = slice(first - left, last - left)
            shares = _estimate_core(spectra, core, bands, grid, report_progress)
            report_progress(0.8)
            stop = source.frames if last == frames else grid.first_sample(last)
            start = grid.first_sample(first)
            mix = samples[:, start - grid.first_sample(left) : stop - grid.first_sample(left)]
            block = _separate_core(spectra[:, core], bands.spread(shares[:-1]), tails, mix, grid)
            # Frames before sample 0 contain only silence.
            yield {name: stem[:, max(0, -start) :] for name, stem in block.items()}
        report(1.0, "Taking apart")


def estimate_bytes(frames: int, rate: int, channels: int) -> int:
    """Estimate the bytes `separate` needs in addition to its input and output, for so many samples per channel."""
    grid = Grid.at(rate)
    at_once = min(grid.count(frames), CORE_FRAMES + 2 * CONTEXT_FRAMES)
    return 4 * at_once * (grid.bins * channels * 8 + Bands.of(grid).count * (2 * CUES + 24))


def _estimate_core(
    spectra: Spectra, core: slice, bands: Bands, grid: Grid, report_progress: Callable[[float], None]
) -> FloatArray:
    """Return the mask of each stem in the cells of the core, float32 (4, frames, bands)."""
    powers = measure_powers(spectra, bands)
    cues = compute_cues(powers, grid)
    report_progress(0.5)
    return estimate_masks(compute_context(powers, estimate_masks(cues, ALONE), cues, grid, core), IN_CONTEXT)


def _separate_core(core: Spectra, shares: FloatArray, tails: FloatArray, mix: FloatArray, grid: Grid) -> Block:
    """Return the stems of the samples that a core completes; overlaps with the next core are kept in `tails`."""
    count = mix.shape[1]
    block: dict[StemName, FloatArray] = {}
    for share, tail, name in zip(shares, tails, FOUR_STEMS, strict=False):
        laid = synthesise(core * share, grid)
        laid[:, : tail.shape[1]] += tail
        tail[:] = laid[:, -tail.shape[1] :]
        block[name] = laid[:, :count]
    # The last stem is the remainder: then the stems sum to the mix whatever the masks are.
    block[FOUR_STEMS[-1]] = mix - sum(block.values())
    return block


class _BufferedSource:
    """Sequential access to a source's samples; positions must not decrease."""

    def __init__(self, source: Source) -> None:
        self._blocks = source.blocks()
        self._frames = source.frames
        self._held = np.zeros((source.channels, 0), dtype=np.float32)
        self._first = 0

    def read(self, first: int, last: int) -> FloatArray:
        """Return the samples from `first` to `last`, float32 (channels, last - first), zero-padded beyond the ends."""
        wanted = min(last, self._frames)
        parts, have = [self._held], self._first + self._held.shape[1]
        while have < wanted:
            parts.append(next(self._blocks))
            have += parts[-1].shape[1]
        held = np.concatenate(parts, axis=1)
        keep = max(0, first) - self._first
        self._held, self._first = held[:, keep:], max(0, first)
        kept = self._held[:, : max(0, wanted - self._first)]
        return np.pad(kept, ((0, 0), (max(0, -first), last - wanted)))
