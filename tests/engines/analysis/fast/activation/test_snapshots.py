"""The ear as it was kept: spectra of noise and strokes at many rates, and evidence that is drawn by chance."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from musearoo.engines.analysis.fast.activation import network, spectrogram
from musearoo.engines.analysis.fast.activation.drum_onsets import DRUMS, find_hits, rate_velocities
from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.onsets import find_onsets
from musearoo.engines.analysis.fast.activation.peaks import find_peaks, interpolate_peaks, locate_peaks, sharpen
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.rises import STEPS_AT_ONCE, RiseCurve, measure_rises
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import BANDS, Spectrogram, compute_spectrogram
from tests.each_case import each_case
from tests.engines.analysis.fast.activation.drums import play, rock_beat
from tests.engines.kept_numbers import Outcome, check_numbers


def draw_sound(seed: int, frames: int, rate: int) -> Sound:
    """Noise that is struck now and then."""
    chance = np.random.default_rng(seed)
    wave = chance.normal(0.0, 0.01, frames)
    for start in chance.integers(0, frames, 4):
        wave[start:] += chance.normal(0.0, 0.4, frames - start) * np.exp(-np.arange(frames - start) / (0.02 * rate))
    return Sound.of(wave, rate)


def draw_activations(seed: int, frames: int) -> Activations:
    """Evidence with peaks and plateaus, on a spectrogram without any rhyme."""
    chance = np.random.default_rng(seed)
    rows = chance.uniform(0.0, 1.0, (8, frames)).astype(np.float32) ** 3
    rows = np.maximum(rows, 0.7 * np.roll(rows, 1, axis=1))
    bands = chance.uniform(0.0, 1.0, (frames, BANDS)).astype(np.float32) ** 2
    rises = RiseCurve(chance.uniform(0.0, 1.0, 10 * frames).astype(np.float32) ** 5, 0.001)
    return Activations(Spectrogram(bands, 1.0, rises), BeatEvidence(*rows[:3]), DrumEvidence(rows[3:].T))


def keep_attacks() -> Iterator[Outcome]:
    for rate in (2_000, 8_000, 44_100, 48_000):
        step = round(rate / 1000)
        for frames in (1, step, step + 1, step + 2, 3 * step, (STEPS_AT_ONCE + 3) * step + 1):
            rises = measure_rises(draw_sound(frames, frames, rate))
            yield f"{rate}", (rises.strengths, 1000.0 * rises.step_seconds)


def keep_peaks() -> Iterator[Outcome]:
    chance = np.random.default_rng(2)
    for frames in (0, 1, 2, 7, 80):
        evidence = chance.uniform(0.0, 1.0, frames).astype(np.float32)
        evidence[frames // 2 :] = np.round(evidence[frames // 2 :], 1)
        for threshold, reach in ((0.0, 0), (0.5, 1), (0.5, 3), (0.9, 2)):
            found = find_peaks(evidence, threshold, reach)
            yield f"{frames}", (found, interpolate_peaks(evidence, found) if frames else None)
    for size in (1, 2, 4, 9, 300):
        for step in (0.001, 0.00098, 0.0025):
            rises = sharpen(RiseCurve(chance.uniform(0.0, 1.0, size).astype(np.float32) ** 7, step))
            times = np.sort(chance.uniform(0.0, step * size, 5))
            yield f"rises-{size}", (rises, locate_peaks(times, rises, step), locate_peaks(times, 0.0 * rises, step))


def keep_onsets() -> Iterator[Outcome]:
    for frames in (1, 2, 5, 20, 150):
        activations = draw_activations(frames, frames)
        yield f"{frames}", [(onset.time, onset.strength) for onset in find_onsets(activations)]
    faint = replace(activations, beats=replace(activations.beats, onset=0.3 * activations.beats.onset))
    yield "none", find_onsets(faint)
    silent = replace(
        activations, spectrogram=replace(activations.spectrogram, bands=0.0 * activations.spectrogram.bands)
    )
    yield "flat", [onset.strength for onset in find_onsets(silent)][:4]


def keep_hits() -> Iterator[Outcome]:
    for frames in (1, 3, 10, 150):
        activations = draw_activations(frames + 1, frames)
        yield f"{frames}", find_hits(activations)
        for drum in DRUMS.values():
            yield f"{frames}", rate_velocities(activations.spectrogram, np.arange(0, frames, 3), drum)
    quiet = replace(activations.spectrogram, bands=1e-3 * activations.spectrogram.bands**9)
    yield "quiet", rate_velocities(quiet, np.arange(0, 150, 9), DRUMS["hat"])
    silent = replace(quiet, bands=0.0 * quiet.bands)
    yield "quiet", rate_velocities(silent, np.array([0, 5]), DRUMS["hat"])


def keep_spectrogram() -> Iterator[Outcome]:
    for rate in (2_000, 8_000, 44_100, 48_000, 63_999, 64_000, 96_000, 192_000):
        for seconds in (0.001, 0.05, 0.33, 0.9):
            found = compute_spectrogram(draw_sound(rate, round(seconds * rate), rate))
            yield f"{rate}", (found.bands, 1000.0 * found.level)
        low = min(rate, 63_000)
        bank = spectrogram.filter_bank(low)
        yield f"{rate}", (bank.window, bank.transform, bank.bins, [block[:2] for block in bank.blocks])
        yield f"{rate}", [block[2] for block in bank.blocks]
        yield f"{rate}", spectrogram.measure_bands(draw_sound(1, low // 3, low).mono, low, 70)
    for hits in (1, 4, 40):
        wave = np.zeros(44_100)
        wave[:: 44_100 // hits] = np.linspace(1.0, 0.1, wave[:: 44_100 // hits].size)
        yield "level", 1e6 * compute_spectrogram(Sound.of(wave, 44_100)).level
    yield "level", 1e12 * compute_spectrogram(Sound.of(np.zeros(44_100), 44_100)).level
    samples = np.random.default_rng(4).normal(0.0, 1.0, 101).astype(np.float32)
    for size in (1, 2, 3, 6, 7, 8, 100, 101):
        yield "halved", spectrogram.halve_rate(samples[:size])
    for start, stop in ((-9, -2), (-3, 4), (90, 104), (101, 104), (140, 150), (-2, 105), (5, 5)):
        yield "cut", spectrogram.cut_padded(samples, start, stop)
    yield "places", (len(spectrogram.place_bands()), np.array(spectrogram.place_bands()))
    powers = np.array([0.0, 1e-7, 0.01, 2.0], dtype=np.float32)
    yield "compressed", spectrogram.compress(powers, 0.5)


def keep_network() -> Iterator[Outcome]:
    shipped = (importlib.resources.files("musearoo.engines.analysis.fast.activation") / "weights.npz").read_bytes()
    weights = network.read_weights(shipped)
    yield "reach", (weights.reach, weights.front.reach, [block.reach for block in weights.blocks])
    for bars, rate in ((1, 44_100), (2, 22_050)):
        sound = Sound.of(play(rock_beat(bars, 110.0), 2.2 * bars, rate), rate)
        activations = network.listen(compute_spectrogram(sound), weights)
        yield (
            f"{rate}",
            (activations.beats.beat, activations.beats.downbeat, activations.beats.onset, activations.drums.onsets),
        )
    chance = np.random.default_rng(5)
    for frames in (1, 3, 4, 5, 30):
        for taps, dilation in ((1, 1), (3, 1), (3, 4), (5, 2)):
            layer = network.Layer(
                chance.normal(0.0, 1.0, (taps, 3, 4)).astype(np.float32), np.ones(4, dtype=np.float32), dilation
            )
            signal = chance.normal(0.0, 1.0, (frames, 3)).astype(np.float32)
            yield f"layer-{frames}", (network.convolve(signal, layer), layer.reach)


NUMBERS = {
    "attacks": keep_attacks,
    "peaks": keep_peaks,
    "onsets": keep_onsets,
    "hits": keep_hits,
    "spectrogram": keep_spectrogram,
    "listening": keep_network,
}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
