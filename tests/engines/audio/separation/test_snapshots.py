"""Separation compared with snapshots, step by step: random cells, and a small band."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from musearoo.engines.audio.separation import context, cues, dsp, repetition
from musearoo.engines.audio.separation import melodic_lines as lines
from musearoo.engines.audio.separation.bands import Bands
from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.dsp import DspSeparator, estimate_bytes
from musearoo.engines.audio.separation.filters import blur, mean_along, median_along, shifted
from musearoo.engines.audio.separation.mask_estimation import ALONE, CELLS_AT_ONCE, estimate_masks
from musearoo.engines.audio.separation.samples import Samples, separate_whole
from musearoo.engines.audio.separation.stft import Grid, analyse, synthesise
from musearoo.engines.errors import ParamError
from tests.each_case import each_case
from tests.engines.audio.separation.sounds import play_band
from tests.engines.kept_numbers import Outcome, check_numbers

RATE = 8_000
GRID = Grid.at(RATE)
RATES = (8_000, 11_025, 22_050, 44_100, 192_000)


def draw_cells(seed: int, frames: int, bands: int) -> FloatArray:
    """Return cells with sustained rows and percussive columns."""
    chance = np.random.default_rng(seed)
    cells = chance.uniform(0.0, 1.0, (frames, bands)) ** 4
    cells[:, 5::11] += 3.0 * chance.uniform(0.5, 1.0, (frames // 8 + 1, 1)).repeat(8, axis=0)[:frames]
    cells[7::13] *= 4.0
    return cells.astype(np.float32)


def band(seconds: float, rate: int = RATE) -> FloatArray:
    return np.asarray(sum(play_band(seconds, rate).values()), dtype=np.float32)


def keep_bands() -> Iterator[Outcome]:
    for rate in RATES:
        bands = Bands.of(Grid.at(rate))
        cells = draw_cells(1, 3, Grid.at(rate).bins)
        yield f"{rate}", (bands.edges, bands.widths, bands.centres, bands.count, bands.sum(cells), bands.sum(cells[0]))
        yield f"{rate}", bands.spread(bands.sum(cells))


def keep_filters() -> Iterator[Outcome]:
    for frames, count in ((1, 1), (3, 2), (12, 30)):
        cells = draw_cells(2, frames, count)
        for size in (1, 3, 7):
            for axis in (0, 1):
                yield f"{frames}", (median_along(cells, size, axis), mean_along(cells, size, axis))
        yield f"{frames}", (blur(cells, 3, 5), [shifted(cells, step) for step in (0, 1, -1, 4, -40)])


def keep_stft() -> Iterator[Outcome]:
    for rate in RATES:
        grid = Grid.at(rate)
        yield f"{rate}", (grid.window, grid.hop, grid.bins, grid.hertz, grid.frames_a_second)
        yield f"{rate}", [grid.count(samples) for samples in (0, 1, grid.hop, grid.hop + 1, 9 * grid.hop)]
        yield f"{rate}", [grid.first_sample(frame) for frame in (0, 3, 9)]
    wave = np.random.default_rng(3).normal(0.0, 0.3, (2, 2_000)).astype(np.float32)
    spectra = analyse(wave, GRID)
    yield "there", spectra
    yield "back", synthesise(spectra, GRID)


def keep_lines() -> Iterator[Outcome]:
    for rate in (8_000, 44_100):
        bands, bass, lead = cues.tables_of(Grid.at(rate))
        for pitches in (bass, lead):
            yield f"{rate}", (pitches.hertz, pitches.weights, pitches.combs)
            for frames in (1, 2, 40):
                line = lines.follow(draw_cells(frames, frames, bands.count), pitches)
                yield f"{rate}", (line.path, line.strength)
        small = lines.Pitches.of(bands, low=60.0, high=200.0, steps_an_octave=5, harmonics=2, top=400.0)
        yield f"{rate}", (small.hertz, small.weights, small.combs)
    chance = np.random.default_rng(4)
    for states in (3, 6, 20):
        for rough in (0.3, 1.0, 3.0):
            yield f"path-{states}", lines._best_path(chance.normal(0.0, rough, (25, states)).astype(np.float32))


def keep_repetition() -> Iterator[Outcome]:
    for frames, count in ((1, 8), (5, 17), (30, 40), (150, 33)):
        powers = np.tile(draw_cells(frames, -(-frames // 3), count), (3, 1))[:frames] * draw_cells(9, frames, count)
        for rate in (1.0, 10.0, 43.0):
            yield f"{frames}", repetition.measure_repeating(powers, rate, 8)
    likeness = np.random.default_rng(5).uniform(-1.0, 1.0, (30, 30)).astype(np.float32)
    for apart in (1, 3, 4, 29, 40):
        yield "apart", np.sort(repetition._choose_apart(likeness, apart), axis=1)


def keep_cues() -> Iterator[Outcome]:
    wave = band(1.2)
    stereo, mono = analyse(wave, GRID), analyse(wave[:1], GRID)
    for name, spectra in (("stereo", stereo), ("mono", mono), ("silent", 0.0 * stereo), ("against", stereo * 1j)):
        if name == "against":
            spectra = np.stack([stereo[0], -0.8 * stereo[0]])
        powers = cues.measure_powers(spectra.astype(np.complex64), Bands.of(GRID))
        yield name, (1e-2 * powers.total, powers.shared, powers.lean)
        if name != "silent":
            # Row by row, so that weak cues are visible next to strong ones.
            yield name, list(cues.compute_cues(powers, GRID))
    power = draw_cells(6, 70, Bands.of(GRID).count) + np.float32(0.01)
    log = np.log(power)
    yield "steadiness", [*cues._steadiness(log, median_along(log, 9, 0))]
    yield "attacks", [*cues._attacks(power, log)]
    yield "lines", [*cues._lines(np.sqrt(power), power, np.cos(log), GRID)]
    yield "strokes", [*cues._strokes(draw_cells(6, 70, Bands.of(Grid.at(44_100)).count), Bands.of(Grid.at(44_100)))]
    yield "places", [*cues._places(Bands.of(Grid.at(44_100)))]


def keep_context() -> Iterator[Outcome]:
    count = Bands.of(GRID).count
    chance = np.random.default_rng(7)
    total = draw_cells(8, 80, count)
    shares = chance.dirichlet(np.ones(4), (80, count)).astype(np.float32).transpose(2, 0, 1)
    found = chance.normal(0.0, 1.0, (cues.CUES, 80, count)).astype(np.float32)
    powers = cues.Powers(total, np.ones_like(total), np.zeros_like(total))
    for core in (slice(0, 80), slice(10, 33), slice(79, 80)):
        yield "context", list(context.compute_context(powers, shares, found, GRID, core))
    yield "around", [*context._shares_around(total, shares[:2])]
    yield "lines", [*context._lines(total, shares, GRID)]


def keep_mask_estimation() -> Iterator[Outcome]:
    chance = np.random.default_rng(8)
    for shape in ((1, 1), (7, 5), (3, CELLS_AT_ONCE // 2)):
        given = chance.normal(0.0, 2.0, (cues.CUES, *shape)).astype(np.float32)
        shares = estimate_masks(given, ALONE)
        yield "x".join(map(str, shape)), (shares, shares.sum(axis=0))


def keep_dsp() -> Iterator[Outcome]:
    reports: list[float] = []
    for seconds, rate in ((0.05, 8_000), (1.5, 8_000), (13.5, 8_000), (0.4, 44_100)):
        wave = band(seconds, rate)[:, : round(seconds * rate)]
        blocks = list(DspSeparator().separate(Samples(wave, rate, 3_001), lambda part, _: reports.append(part)))
        yield f"{seconds}", [block["bass"].shape for block in blocks]
        yield f"{seconds}", [np.concatenate([block[name] for block in blocks], axis=1) for name in blocks[0]]
        yield f"{seconds}", reports
    whole = separate_whole(DspSeparator(), Samples(band(0.3)[:1], RATE))
    yield "whole", (DspSeparator().rate, list(whole), [*whole.values()])
    yield "bytes", [estimate_bytes(frames, rate, 2) for frames in (0, 900, 10**8) for rate in (8_000, 44_100)]
    yield "bytes", estimate_bytes(10**8, 44_100, 1)
    for rate, channels in ((7_999, 1), (192_001, 1), (8_000, 3), (192_000, 1)):
        samples = Samples(np.zeros((channels, 300), dtype=np.float32), rate)
        try:
            yield "bounds", len(list(DspSeparator().separate(samples, lambda _part, _text: None)))
        except ParamError as error:
            yield "bounds", error
    source = Samples(np.arange(40, dtype=np.float32).reshape(2, 20), 8_000, 3)
    stretches = dsp._BufferedSource(source)
    for first, last in ((-2, 5), (1, 5), (3, 11), (9, 25), (19, 30), (22, 24)):
        yield "stretches", stretches.read(first, last)


NUMBERS = {
    "bands": keep_bands,
    "filters": keep_filters,
    "stft": keep_stft,
    "lines": keep_lines,
    "repetition": keep_repetition,
    "cues": keep_cues,
    "context": keep_context,
    "judging": keep_mask_estimation,
    "dsp": keep_dsp,
}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
