"""Character as it was kept, part by part: noise and tones of known levels, and steps that are drawn by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from musearoo.engines.analysis.fast.activation.rises import RiseCurve
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import BANDS, CENTRES_HZ, Spectrogram, compute_spectrogram
from musearoo.engines.analysis.fast.character import estimation as finding
from musearoo.engines.analysis.fast.character import loudness, sections
from musearoo.engines.analysis.fast.character.bands import count_onsets, measure_bands
from musearoo.engines.analysis.fast.character.energy import find_energy
from musearoo.engines.analysis.fast.character.register import find_register
from musearoo.engines.analysis.fast.character.steps import (
    BandSteps,
    ChannelSteps,
    DoubleArray,
    measure_band_steps,
    measure_channel_steps,
)
from musearoo.engines.analysis.fast.character.stereo import measure_stereo
from musearoo.engines.analysis.fast.harmony import compute_harmonic_spectrum
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import DetectedChord, DrumOnset, Harmony, Onset, Rhythm
from musearoo.engines.music.scale import Key
from tests.each_case import each_case
from tests.engines.analysis.fast.character.sounds import hear, make_noise, make_sine, make_steady_rhythm
from tests.engines.kept_numbers import Outcome, check_numbers

HERTZ = np.array(CENTRES_HZ[1:-1])


def draw_bands(seed: int, steps: int) -> BandSteps:
    """Steps of bands whose level wanders and whose colour changes in the middle."""
    chance = np.random.default_rng(seed)
    levels = 10.0 ** np.cumsum(chance.normal(-0.02, 0.15, (steps, 1)), axis=0)
    colour = np.where(np.arange(steps)[:, np.newaxis] < steps // 2, 300.0 / HERTZ, HERTZ / 4000.0)
    powers = levels * colour * chance.uniform(0.0, 1.0, (steps, BANDS)) ** 4
    return BandSteps(powers.astype(np.float32), HERTZ)


def draw_spectrogram(seed: int, frames: int) -> Spectrogram:
    bands = np.random.default_rng(seed).uniform(0.0, 1.0, (frames, BANDS)).astype(np.float32) ** 3
    # Every band rises together now and then.
    bands[np.arange(frames) % 23 == 3] += np.float32(0.3)
    return Spectrogram(bands, 1.0, RiseCurve(np.ones(1, dtype=np.float32), 0.001))


@cache
def sounds() -> dict[str, Sound]:
    """Sounds in one channel and more, at rates from the lowest to one that is halved."""
    noise = [make_noise(1.45, 0.1, seed=seed) for seed in range(4)]
    mixed = {
        "mono": noise[0],
        "wide": np.stack([noise[0] + 0.5 * noise[1], noise[0] - 0.4 * noise[1]]),
        "narrow": np.stack([noise[0] + 0.02 * noise[1], noise[0] - 0.02 * noise[1]]),
        "against": np.stack([noise[0], -0.97 * noise[0]]),
        "four": np.stack(noise),
    }
    found = {f"{name}-{rate}": Sound.of(wave, rate) for name, wave in mixed.items() for rate in (8_000, 44_100, 96_000)}
    low = make_sine(110.0, 1.3, -20.0, 44_100) + make_sine(9_000.0, 1.3, -30.0, 44_100)
    found["tones-44100"] = Sound.of(np.stack([low, 0.3 * low[::-1]]), 44_100)
    found["slow-2000"] = Sound.of(noise[0][:2_300], 2_000)
    found["short-44100"] = Sound.of(noise[0][:3_000], 44_100)
    found["brief-44100"] = Sound.of(np.stack([noise[0], noise[1]])[:, :500], 44_100)
    found["grey-22050"], found["grey-32000"] = (Sound.of(noise[2][:30_000], rate) for rate in (22_050, 32_000))
    changing = np.concatenate([np.cumsum(noise[0][:30_000]) * 0.05, noise[1][:20_000], np.diff(noise[2][:15_000])])
    found["changing-44100"] = Sound.of(changing, 44_100)
    whistle = make_sine(300.0, 0.6, -12.0) + make_sine(18_500.0, 0.6, -12.0)
    found["whistle-48000"] = Sound.of(whistle * np.linspace(0.2, 1.0, whistle.size), 48_000)
    found["highest-34000"] = Sound.of(make_sine(15_900.0, 0.5, -10.0, 34_000), 34_000)
    found["nothing-44100"] = Sound.of(np.zeros((2, 6_000)), 44_100)
    return found


def keep_steps() -> Iterator[Outcome]:
    for name, sound in sounds().items():
        yield name, measure_channel_steps(sound)
    for frames in (1, 9, 10, 11, 5119, 5120, 5131):
        yield f"{frames}", measure_band_steps(draw_spectrogram(frames, frames)).powers


def keep_bands() -> Iterator[Outcome]:
    for frames in (1, 3, 4, 5, 30, 400):
        spectrogram = draw_spectrogram(frames, frames)
        yield f"{frames}", count_onsets(spectrogram)
        steps = measure_band_steps(spectrogram)
        if frames == 30:
            steps.powers[:, HERTZ < 600.0] = 0.0
        yield f"{frames}", [(band.level_db, band.onsets_per_second) for band in measure_bands(spectrogram, steps)]


def keep_stereo() -> Iterator[Outcome]:
    for name, sound in sounds().items():
        yield name, measure_stereo(measure_channel_steps(sound))
    one = np.ones(4)
    for left, right, shared in ((1.0, 1e-7, 1e-4), (1.0, 1e-3, 0.03), (1.0, 1.0, -1.2), (0.0, 0.0, 0.0)):
        steps = ChannelSteps(2, (left + right) * one, left * one, right * one, shared * one)
        yield f"{left}-{right}", measure_stereo(steps)


def keep_energy() -> Iterator[Outcome]:
    chance = np.random.default_rng(5)
    for steps in (1, 2, 3, 5, 8, 15, 16, 40, 133):
        bands = draw_bands(steps, steps)
        weighted = 0.01 * bands.powers.sum(axis=1, dtype=np.float64) / (1.0 + bands.powers.sum(axis=1).mean())
        onsets = [Onset(float(time), float(strength)) for time, strength in chance.uniform(0.0, 1.0, (3 * steps, 2))]
        onsets = [replace(onset, time=onset.time * 0.11 * steps) for onset in onsets]
        # At odd rates there may be more whole steps of samples than steps of bands.
        for powers in (weighted, weighted[: steps // 2 + 1], 1e-4 * weighted, np.append(weighted, 9.0)):
            yield f"{steps}", find_energy(bands, powers, onsets, 0.097 * steps)
        yield f"{steps}", find_energy(bands, weighted, (), 3.0)
    bands = draw_bands(1, 70)
    bands.powers[:30] = 0.0
    yield "late", find_energy(bands, np.full(70, 0.01), (), 7.0)
    bands = draw_bands(1, 5)
    yield "nothing", find_energy(bands, np.zeros(0), (), 1.0)
    yield "nothing", find_energy(bands, np.zeros(5), (), 1.0)
    yield "nothing", find_energy(BandSteps(np.zeros((5, BANDS), dtype=np.float32), HERTZ), np.ones(5), (), 1.0)


def keep_register() -> Iterator[Outcome]:
    chance = np.random.default_rng(6)
    for frames in (1, 4, 19, 20, 33):
        for lift in (0.2, 2.0, 5.0, 9.0):
            salience = chance.uniform(0.0, 0.9, (frames, 80)).astype(np.float32)
            rows = np.arange(frames)
            for pitch in chance.integers(2, 78, (5, frames)):
                salience[rows, pitch] += np.float32(lift)
            levels = chance.uniform(0.0, 1.0, frames).astype(np.float32) ** 3
            yield f"{frames}", find_register(salience, levels)
    silent = np.zeros((4, 80), dtype=np.float32)
    yield "nothing", [find_register(silent[:rows], silent[:rows, 0]).value for rows in (0, 4)]


def keep_loudness() -> Iterator[Outcome]:
    for name, sound in sounds().items():
        bands, channels = measure_band_steps(compute_spectrogram(sound)), measure_channel_steps(sound)
        weighted = loudness.weigh_steps(sound, bands, channels)
        yield name, weighted
        yield name, loudness.describe_loudness(sound, weighted)
        yield name, (loudness._air_share(sound, bands), loudness._middle_gains(sound, bands))
        if sound.channels == 2 and channels.total.size:
            yield name, loudness._side_gains(sound, channels.total.size)
    yield "one", loudness._air_share(Sound(np.ones((1, 1), dtype=np.float32), 44_100), draw_bands(1, 2))
    for rate in (2_000, 8_000, 22_050, 44_100, 48_000, 96_000):
        yield f"{rate}", loudness.k_weights([20.0, 100.0, 900.0, 0.4 * rate], rate)
        for numerator, denominator in loudness.k_filters(rate):
            yield f"{rate}", (numerator, denominator)
        yield f"{rate}", loudness._band_weights(rate)
        yield f"{rate}", (loudness._bin_weights(64, rate), loudness._hann(33))
    yield "interpolators", loudness._interpolators()
    chance = np.random.default_rng(7)
    for count in (0, 3, 4, 5, 29, 30, 31, 90):
        for level in (-90.0, -66.0, -20.0):
            values = 10.0 ** (level / 10.0 + chance.normal(0.0, 1.2, count))
            yield f"{count}", (loudness.measure_integrated(values), loudness.measure_range(values))
        yield f"{count}", loudness._slide(chance.uniform(0.0, 1.0, count), 4)
    for frames in (10, 24, 25, 26, 60, 4_000):
        wave = chance.uniform(-1.0, 1.0, (3, frames)).astype(np.float32)
        wave[1] *= 0.97
        wave[2] *= 0.3
        wave[:, :12] *= 0.5
        yield f"peaks-{frames}", [loudness.measure_true_peak(Sound(wave[first:], 48_000)) for first in range(3)]
    yield "peaks-0", loudness.measure_true_peak(Sound(np.zeros((2, 40), dtype=np.float32), 48_000))


def draw_features(seed: int, blocks: int, parts: int) -> DoubleArray:
    """Features of blocks that stand in so many parts, every third of which is the first again."""
    chance = np.random.default_rng(seed)
    means = chance.normal(0.0, 1.0, (parts, 6))
    means[2::3] = means[0]
    which = np.arange(blocks) * parts // blocks
    rows: DoubleArray = means[which] + chance.normal(0.0, 0.2, (blocks, 6))
    return np.asarray((rows - rows.mean(axis=0)) / np.sqrt((rows**2).sum(axis=1).mean()))


def keep_sections() -> Iterator[Outcome]:
    for blocks, parts in ((1, 1), (2, 1), (5, 2), (8, 2), (9, 1), (17, 3), (24, 3), (44, 3), (61, 5), (130, 9)):
        features = draw_features(blocks, blocks, parts)
        bounds = sections.part_blocks(features)
        clear = [sections._clearness(features, bounds, *span) for span in pairwise(bounds)]
        yield f"{blocks}", (bounds, "".join(sections.label_sections(features, bounds)), np.array(clear))
    many = np.diag(np.arange(1.0, 41.0))
    yield "many", "".join(sections.label_sections(many, [*range(41)]))
    for duration in (3.0, 11.9, 12.0, 16.1, 40.0):
        steady = (make_steady_rhythm(duration, bpm, beats) for bpm, beats in ((97.0, 4), (40.0, 3)))
        for rhythm in (Rhythm(UNKNOWN), *steady):
            late = replace(rhythm, downbeats=tuple(beat + 1.3 for beat in rhythm.downbeats))
            for each in (rhythm, late):
                edges = sections.place_blocks(each, duration)
                bands = draw_bands(round(duration), max(1, round(10 * duration)))
                yield f"{duration}", edges
                yield f"{duration}", sections.find_sections(bands, each, duration)
    for bars in (511, 512, 513, 1_030):
        rhythm = Rhythm(UNKNOWN, downbeats=tuple(2.0 * np.arange(bars)))
        yield f"bars-{bars}", sections.place_blocks(rhythm, 2.0 * bars)
    chance = np.random.default_rng(8)
    for pitches in (0, 80, 84):
        salience = chance.uniform(0.0, 1.0, (301, pitches)).astype(np.float32) ** 6
        salience[:, pitches // 2 :][150:] *= 4.0
        salience[40:60] = 0.0
        bands, edges = draw_bands(3, 300), np.array([0.0, 2.0, 4.0, 6.0, 11.5, 20.0, 28.8, 30.0])
        yield f"described-{pitches}", sections.describe_blocks(bands, edges, salience)
        yield f"described-{pitches}", sections.find_sections(bands, make_steady_rhythm(30.0), 30.0, salience)
    bands = draw_bands(3, 300)
    yield "described-none", sections.describe_blocks(bands, edges, None)
    bands.powers[20:40] = 0.0
    yield "described-none", sections.describe_blocks(bands, edges, None)
    bands.powers[:] = 0.0
    yield "described-none", sections.describe_blocks(bands, edges, None)
    rows = chance.normal(0.0, 1.0, (30, 3))
    for edges in (np.array([0.0, 0.04, 1.0, 3.0]), np.array([0.0, 2.96, 3.4, 3.5]), np.array([0.3, 0.34, 0.36, 9.0])):
        yield "means", (sections._block_means(rows, edges), sections._balance(rows, edges[1]))


CHORDS = ("Am", "Bdim", "F#m7b5", "Caug", "G7", "Bdim7")


def keep_finding() -> Iterator[Outcome]:
    chance = np.random.default_rng(9)
    for number in range(10):
        bands = draw_bands(number, 30)
        if number == 9:
            bands.powers[:] = 0.0
        borders = np.cumsum(chance.uniform(0.2, 2.0, 7))
        chords = tuple(
            DetectedChord(float(start), float(end), Chord.parse(name) if place % 4 != number else None, 0.5)
            for place, ((start, end), name) in enumerate(zip(pairwise(borders), CHORDS, strict=False))
        )
        key = Estimate((Key.parse("C major"), Key.parse("A minor"), None)[number % 3], 0.2 + 0.08 * number, "clip")
        harmony = Harmony(key, chords=chords[: number if number < 6 else 6])
        rhythm = Rhythm(Estimate(60.0 + 15.0 * number, 0.1 * number, "clip"))
        register = Estimate((30 + number, 70) if number != 4 else None, (0.29, 0.3, 0.31)[number % 3], "clip")
        energy = find_energy(bands, np.full(30, 0.001), (), 3.0)
        onsets = [Onset(0.1 * place, 1.0) for place in range(3 * number)]
        mood = finding._find_mood(rhythm, harmony, onsets, energy, bands, register, (0.99, 1.0, 3.0)[number % 3])
        yield f"mood-{number}", mood and (mood.valence, mood.arousal, mood.confidence, len(mood.because))
        yield f"mood-{number}", (finding._measure_brightness(bands), finding._measure_dissonance(harmony))
    for name in ("wide-44100", "mono-8000", "tones-44100", "short-44100", "nothing-44100"):
        sound = sounds()[name]
        hits = (DrumOnset(0.1, "kick", 90.0, 0.8), DrumOnset(0.6, "snare", 60.0, 0.8))
        struck = tuple(Onset(hit.time, 0.9) for hit in hits)
        for drums in ((), hits):
            harmony = Harmony(chords=(DetectedChord(0.0, 1.0, None, 0.5),)) if name != "tones-44100" else Harmony()
            found = hear(sound, make_steady_rhythm(sound.duration), harmony, drums, struck)
            yield name, (found.register, found.complexity, found.loudness, found.stereo)
            yield name, (found.energy, len(found.bands), len(found.sections))
    for folded in (False, True):
        wave = make_sine(440.0, 2.0, -12.0, 44_100) + make_sine(880.0, 2.0, -12.0, 44_100)
        sound = replace(Sound.of(wave, 44_100), is_folded=folded)
        spectrogram, spectrum = compute_spectrogram(sound), compute_harmonic_spectrum(sound)
        for named, chord in ((None, None), (Key.parse("A minor"), None), (None, Chord.parse("Am"))):
            harmony = Harmony(Estimate(named, 0.7, "clip"), chords=(DetectedChord(0.0, 2.0, chord, 0.5),))
            pitches = None if named else spectrum
            found = finding.find_character(
                sound, spectrogram, Rhythm(UNKNOWN), harmony, hits, onsets=(), styles={}, pitches=pitches
            )
            yield f"folded-{folded}", (found.register, found.loudness, found.stereo)


NUMBERS = {
    "steps": keep_steps,
    "bands": keep_bands,
    "stereo": keep_stereo,
    "energy": keep_energy,
    "register": keep_register,
    "loudness": keep_loudness,
    "sections": keep_sections,
    "finding": keep_finding,
}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
