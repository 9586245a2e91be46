"""Harmony as it was kept, step by step: chords of known notes, spectra and scores that are drawn by chance."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import HarmonyEvidence
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.harmony import bass_line, keys, network, spans, spectrum
from musearoo.engines.analysis.fast.harmony import estimation as finding
from musearoo.engines.analysis.fast.harmony.change import measure_harmonic_change
from musearoo.engines.analysis.fast.harmony.decimation import CHUNK, decimate
from musearoo.engines.analysis.fast.harmony.decoding import change_costs, find_path, runs_of
from musearoo.engines.analysis.fast.harmony.spectrum import HarmonicSpectrum, compute_harmonic_spectrum
from musearoo.engines.analysis.fast.harmony.steps import Steps, divide_time, frames_of, pool_frames, pooling_matrix
from musearoo.engines.analysis.fast.harmony.tuning import measure_tuning
from musearoo.engines.analysis.fast.harmony.vocabulary import CHORD_COUNT, NONE, chord_number, numbered_chord
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import DetectedChord, Harmony, Rhythm
from musearoo.engines.music.scale import Key
from tests.each_case import each_case
from tests.engines.analysis.fast.harmony.sounds import (
    NO_RHYTHM,
    even_rhythm,
    learned_weights,
    play_chords,
    play_drums,
    tone,
)
from tests.engines.kept_numbers import Outcome, check_numbers


@cache
def spectrum_of(symbols: str, seconds: float = 1.1, cents: float = 0.0) -> HarmonicSpectrum:
    return compute_harmonic_spectrum(play_chords(symbols.split(), seconds, cents))


def draw_salience(seed: int, frames: int) -> HarmonicSpectrum:
    """A spectrum in which a few pitches stand out for a while."""
    chance = np.random.default_rng(seed)
    salience = np.repeat(chance.uniform(0.0, 1.0, (-(-frames // 7), spectrum.PITCHES)) ** 9, 7, axis=0)[:frames]
    salience[frames // 3 : frames // 3 + 9] = 0.0
    levels = chance.uniform(0.2, 1.0, frames)
    return HarmonicSpectrum(4.0 * salience.astype(np.float32), levels.astype(np.float32), 0.0, 0.9, frames / 10.0)


def draw_scores(seed: int, steps: int) -> network.StepScores:
    """Scores of steps in which one chord is likeliest for some steps, and none for others."""
    chance = np.random.default_rng(seed)
    chords = chance.normal(0.0, 1.0, (steps, CHORD_COUNT))
    home = chance.integers(0, 12)
    for first in range(0, steps, 4):
        root = (home + (0, 7, 5, 9, 2)[first // 4 % 5]) % 12
        chords[first : first + 4, NONE if first % 28 == 20 else root * 16 + (0, 2, 0, 1, 4)[first // 4 % 5]] += 8.0
    likely = chords - np.log(np.exp(chords).sum(axis=1, keepdims=True))
    basses, classes = chance.normal(-2.0, 1.5, (steps, 12)), chance.uniform(0.0, 1.0, (steps, 3, 12)) ** 2
    return network.StepScores(*(each.astype(np.float32) for each in (likely, basses, classes)))


def draw_steps(seed: int, steps: int) -> Steps:
    chance = np.random.default_rng(seed)
    edges = np.concatenate(([0.0], np.cumsum(chance.uniform(0.3, 0.6, steps))))
    return Steps(edges, np.arange(steps) % 4 // 2 + (np.arange(steps) % 4 == 0))


def keep_decimation() -> Iterator[Outcome]:
    chance = np.random.default_rng(1)
    for factor in (1, 2, 3, 8):
        for frames in (1, 5, 64, 1_000):
            yield f"{factor}", decimate(chance.normal(0.0, 1.0, frames).astype(np.float32), factor)
    yield "pieces", decimate(chance.normal(0.0, 1.0, 2 * CHUNK + 4_001).astype(np.float32), 2)[CHUNK - 5 : CHUNK + 5]


def keep_tuning() -> Iterator[Outcome]:
    bins = np.arange(600)
    for cents in (-49.0, -20.0, 0.0, 13.0, 48.0):
        for bin_hz, first in ((2.7, 10), (5.0, 0), (1_700.0, 0)):
            hertz = 440.0 * 2.0 ** (np.array([[-24, -12, 3], [0, 7, 26], [-9, 1, 2], [0, 0, 12]]) / 12 + cents / 1200)
            places = hertz / bin_hz - first
            powers = sum(np.exp(-0.5 * ((bins - places[:, [k]]) / 1.2) ** 2) * 10.0**-k for k in range(3))
            yield f"{cents}", measure_tuning(np.asarray(powers, dtype=np.float32), first, bin_hz)
    flat = np.ones((2, 5), dtype=np.float32)
    yield "nothing", [measure_tuning(flat[:, :bins], 3, 100.0) for bins in (1, 2, 3, 5)]
    peak = np.array([[0.0, 0.1, 1.0, 0.3, 0.02, 0.021, 0.0], [0.0, 1.0, 1.0, 0.2, 0.1, 0.3, 0.0]], dtype=np.float32)
    yield "peaks", [measure_tuning(peak[:, :bins], 3, 100.0) for bins in (3, 4, 6, 7)]
    noise = np.random.default_rng(2).uniform(0.0, 1.0, (40, 300)).astype(np.float32)
    yield "noise", measure_tuning(noise, 5, 5.0)


def keep_spectrum() -> Iterator[Outcome]:
    for cents in (0.0, 30.0):
        found = spectrum_of("Am F#dim7", 1.1, cents)
        yield (
            f"{cents}",
            (found.salience, found.levels, found.tuning_cents / 100.0, found.tuning_confidence, found.duration),
        )
    long = Sound.of(np.tile(tone(57.2, 0.6, 8_000) + tone(37.2, 0.6, 8_000), 90), 8_000)
    for sound in (long, Sound.of(tone(45.0, 0.05), 22_050), Sound.of(tone(81.0, 0.3, 48_000), 48_000)):
        found = compute_harmonic_spectrum(sound)
        yield (
            f"{sound.duration:.2f}",
            (found.salience, found.levels, found.tuning_cents / 100.0, found.tuning_confidence),
        )
    silent = compute_harmonic_spectrum(Sound.of(np.zeros(9_000), 22_050))
    yield "silent", (silent.salience, silent.levels, silent.tuning_cents, silent.tuning_confidence, silent.duration)
    drums = compute_harmonic_spectrum(play_drums(1.5))
    yield "drums", (drums.salience, drums.levels, drums.tuning_cents, drums.tuning_confidence)
    yield "weights", spectrum._pitch_weights(3, 90, 5.0, 40, 60, 17.0)
    yield "weights", (spectrum._frequency(61.5), spectrum._hann(12))
    wave = np.random.default_rng(3).normal(0.0, 1.0, 3_000).astype(np.float32)
    for lowest, highest in ((24, 49), (50, 103), (90, 130)):
        transform = spectrum._Transform.of(wave, 3_000.0, 0.2, lowest, highest)
        yield "transform", (transform.first_bin, transform.last_bin, transform.bin_hz)
        yield "transform", transform.powers(np.arange(0, 40))


def keep_change() -> Iterator[Outcome]:
    for frames in (1, 2, 6, 7, 12, 13, 60):
        yield f"{frames}", measure_harmonic_change(draw_salience(frames, frames))


def keep_steps() -> Iterator[Outcome]:
    for beat in (0.11, 0.21, 0.22, 0.23, 0.5, 0.62, 0.63, 1.3, 2.0):
        for lag in (0.0, 0.05, 0.4, 3.3):
            for per_bar in (3, 4):
                beats = tuple(lag + beat * np.arange(1, 11))
                rhythm = Rhythm(Estimate(60.0 / beat), beats, beats[1::per_bar] if lag < 3.0 else ())
                steps = divide_time(rhythm, lag + 10.5 * beat + per_bar)
                yield f"{beat}", (steps.edges, steps.strengths)
    for duration in (0.1, 0.74, 0.76, 3.0):
        steps = divide_time(Rhythm(Estimate(120.0), (0.0, 0.5), (0.0,)), duration)
        yield "none", (steps.edges, steps.strengths)
    three = divide_time(Rhythm(Estimate(120.0), (-0.5, 0.0, 0.5, 1.0, 2.0), (0.0,)), 2.0)
    yield "none", (three.edges, three.strengths)
    chance = np.random.default_rng(4)
    for count in (1, 5, 63, 64, 65, 130):
        edges = np.concatenate(([0.0], np.cumsum(chance.uniform(0.05, 0.6, count))))
        frames = max(1, int(10 * edges[-1]) - count % 5)
        rows = chance.uniform(0.0, 1.0, (frames, 3)).astype(np.float32)
        yield f"pool-{count}", (pool_frames(rows, edges), frames_of(edges, frames), frames_of(edges + 2.0, frames))
        yield f"pool-{count}", pooling_matrix(edges[:4], 1, 5)


def keep_decoding() -> Iterator[Outcome]:
    chance = np.random.default_rng(5)
    for steps, states in ((1, 4), (2, 2), (9, 5), (40, 7)):
        emissions = chance.normal(0.0, 1.0, (steps, states)).astype(np.float32)
        for cost in (0.0, 0.7, 2.5):
            path = find_path(emissions, chance.uniform(0.0, 2.0 * cost, steps))
            yield f"{steps}", (path, runs_of(path))
    yield "costs", change_costs(np.array([0, 1, 2]))


def keep_network() -> Iterator[Outcome]:
    weights = learned_weights()
    for frames, count in ((1, 1), (5, 2), (80, 16), (700, 131)):
        drawn = draw_salience(frames, frames)
        scores = network.score_steps(drawn, divide_time(even_rhythm(frames / 10.0), frames / 10.0), weights)
        yield f"{frames}-{count}", (scores.chords, scores.basses, scores.classes)
    yield "registers", (network.register_matrix(), network.rotations(), network._stack_places())


def keep_keys() -> Iterator[Outcome]:
    weights = learned_weights()
    for seed, steps in ((1, 1), (2, 5), (3, 24), (4, 60)):
        scores, lengths = draw_scores(seed, steps), draw_steps(seed, steps).lengths
        yield f"{steps}", (keys.score_keys(scores, lengths, weights), keys.describe_tonics(scores, lengths))
        yield f"{steps}", keys._weigh_cadences(scores, lengths)
        silent = network.StepScores(scores.chords.copy(), scores.basses, 0.0 * scores.classes)
        silent.chords[:, :NONE] = -40.0
        yield f"{steps}", keys.describe_tonics(silent, lengths)
    yield "table", (keys.chords_in_keys(weights), keys._centred_profiles())
    yield "names", [str(keys.numbered_key(number)) for number in (0, 11, 12, 23)]
    for shares in ((1.0,), (0.5, 0.5), (0.4, 0.3, 0.3), (0.2,) * 5):
        yield "variety", keys._variety(np.array(shares, dtype=np.float32))


def keep_spans() -> Iterator[Outcome]:
    weights = learned_weights()
    for seed, count in ((1, 1), (2, 4), (3, 24), (5, 50)):
        scores, steps = draw_scores(seed, count), draw_steps(seed, count)
        path = scores.chords.argmax(axis=1)
        yield f"{count}", spans.name_chords(path, scores, steps, weights)
        chance = np.random.default_rng(seed)
        stretches = [*pairwise(sorted({0, count // 4, count // 3, count // 2, count}))]
        for sure in (1.0, 6.0):
            drawn = (chance.dirichlet(np.full(24, 1.0 / sure**2)) for _ in stretches)
            likely = [np.log(np.maximum(each, 1e-12)).astype(np.float32) for each in drawn]
            likely[-1] = likely[0]
            named = spans.name_keys(stretches, likely, steps, weights)
            yield f"{count}", [(each.start, each.end, str(each.key), each.confidence) for each in named]
        other = [np.roll(likely[0], shift) for shift in (0, 1, 1, 1)]
        again = spans.name_keys([(0, 1)] * 4, other, steps, weights)
        yield f"{count}", [(each.start, each.end, str(each.key), each.confidence) for each in again]
    scores = draw_scores(6, 90)
    for number in (0, 33, 70, 98, 131, 190):
        yield "basses", [spans._bass_of(number, scores, at, at + 1 + at % 4) for at in range(80)]
    line = np.array([0.7, 0.1], dtype=np.float32)
    yield "kept", [spans._kept(chance, line) for chance in (0.0, 1e-5, 0.3, 0.9999, 1.0)]


def keep_vocabulary() -> Iterator[Outcome]:
    for symbol in ("C", "Am7", "F#m7b5", "Bb9", "Dsus4", "G7b9", "C6", "E5", "Caug"):
        number = chord_number(Chord.parse(symbol))
        yield "numbers", number
        for bass in (None, 0, 4, 7, 10):
            chord = numbered_chord(number, bass)
            yield "numbers", chord and chord.harte
    yield "numbers", (chord_number(None), numbered_chord(NONE, 3))


def keep_bass() -> Iterator[Outcome]:
    for rate in (2_000, 8_000, 44_100):
        for pitches in ((28.0, 40.3), (21.0, 64.0), (33.0,)):
            wave = np.concatenate([tone(pitch, 0.4, rate) * 0.5**place for place, pitch in enumerate(pitches)])
            line = bass_line.follow_bass(Sound.of(wave, rate))
            yield f"{rate}", (line.weights, line.pitches[line.weights > 0.05])
    chance = np.random.default_rng(6)
    rows = chance.normal(0.0, 1.0, (3, 90)) + np.sin(np.arange(90) * 0.4)
    differences, levels = bass_line._differ(rows, 40)
    yield "differences", (differences, levels)
    for shortest in (0, 4, 20):
        yield "periods", bass_line._find_periods(differences.copy(), shortest)
    for number in range(8):
        played = np.repeat(chance.integers(28, 50, 12), 9).astype(np.float32) + np.float32(0.2)
        loud = chance.uniform(0.0, 1.0, played.size) * np.repeat(chance.integers(0, 2, 12), 9)
        symbols = "Am", "F/A", None, "C7", "G/B", "Dm7"
        spectrum = [
            DetectedChord(start, end, Chord.parse(symbol) if symbol else None, 0.5)
            for (start, end), symbol in zip(pairwise([0.0, 0.4, 0.47, 1.0, 1.6, 2.7, 3.0]), symbols, strict=True)
        ]
        line = bass_line.BassLine(played, loud.astype(np.float32))
        named = bass_line.name_basses(spectrum, line, 0.2 + 0.1 * number, 20.0 - 15.0 * number)
        yield f"basses-{number}", " ".join(str(span.chord) for span in named)
    for root, other in ((0.6, 0.4), (0.2, 0.8), (0.1, 0.9), (0.02, 0.98), (0.0, 1.0)):
        shares = np.zeros(12)
        shares[[0, 4, 7]] = root, other, 0.0
        yield "over", " ".join(str(bass_line._over(Chord.parse(name), shares)) for name in ("C", "C/E", "C/G"))


def keep_finding() -> Iterator[Outcome]:
    weights = learned_weights()
    chance = np.random.default_rng(7)
    evidence = HarmonyEvidence(
        chance.dirichlet(np.full(24, 0.2)).astype(np.float32), chance.dirichlet(np.full(25, 0.1), 90).astype(np.float32)
    )
    hints = finding.HarmonyHints(Estimate(Key.parse("D minor"), 0.9, "set"))
    songs = ("Am F C G7", 0.0), ("C Dm7 G7 Cmaj7 E7 Am", -20.0), ("Am Am", 0.0), ("Bm7b5 E7 Am/C Am", 10.0)
    for symbols, cents in songs:
        spectrum = spectrum_of(symbols, 1.1, cents)
        for rhythm in (NO_RHYTHM, even_rhythm(spectrum.duration, 0.55)):
            for given, networks in ((finding.NO_HINTS, None), (hints, None), (finding.NO_HINTS, evidence)):
                found = finding.find_harmony(spectrum, rhythm, weights, given, networks)
                yield symbols.replace(" ", "-"), _describe(found)
    silent = compute_harmonic_spectrum(Sound.of(np.zeros(9_000), 22_050))
    yield "silent", _describe(finding.find_harmony(silent, NO_RHYTHM, weights))
    plans = [(70, 70), (9, 70), (70, 9), (70, 9, 70), (9, 9, 70), (70, 40, 70), (40, 9, 60, 9)]
    for plan in (*plans, *((size, 60) for size in range(5, 17))):
        # Each stretch is a cadence in another key, six semitones off.
        places = [(place, step) for place, size in enumerate(plan) for step in range(size)]
        roots = [(place % 2 * 6 + (0, 5, 7, 0)[step % 4]) % 12 for place, step in places]
        sure = np.full((len(roots), CHORD_COUNT), -12.0, dtype=np.float32)
        sure[np.arange(len(roots)), np.array(roots) * 16] = -0.01
        scores = network.StepScores(sure, sure[:, :12], np.zeros((len(roots), 3, 12), dtype=np.float32))
        steps = Steps(2.1 * np.arange(len(roots) + 1.0), np.zeros(len(roots), dtype=np.int64))
        for likeliest in (0.0, 6.0):
            whole = np.where(np.arange(24) == 6, np.float32(likeliest), np.float32(0.0))
            yield "plan", finding._divide_by_key(scores, steps, whole, keys.chords_in_keys(weights))
    long = draw_salience(5, 260)
    many = HarmonyEvidence(evidence.keys, np.tile(evidence.chords, (3, 1)))
    yield "long", _describe(finding.find_harmony(long, even_rhythm(26.0), weights, hints, many))
    spectrum = spectrum_of("Am F C G7")
    for share in (0.05, 0.12, 0.2, 0.8):
        short = spectrum.salience * (np.arange(spectrum.frames) < share * spectrum.frames)[:, np.newaxis]
        few = HarmonicSpectrum(short.astype(np.float32), spectrum.levels, 0.0, 0.9, spectrum.duration)
        yield "few", _describe(finding.find_harmony(few, even_rhythm(spectrum.duration, 0.55), weights))
    for seed, count in ((1, 30), (2, 60), (4, 90)):
        scores, steps = draw_scores(seed, count), draw_steps(seed, count)
        other = draw_scores(seed + 20, count)
        for border in (count // 4, count // 2, count - 10):
            scores.chords[border:] = other.chords[border:]
            whole = np.linspace(-4.0, -3.0, 24, dtype=np.float32)
            in_keys = keys.chords_in_keys(weights)
            yield f"divided-{count}", finding._divide_by_key(scores, steps, whole, in_keys)
        joined = finding._with_networks(scores.chords, evidence, steps)
        yield f"divided-{count}", (joined, np.exp(joined).sum(axis=1))
        for given, networks in ((finding.NO_HINTS, None), (hints, None), (hints, evidence)):
            yield f"keys-{count}", finding._key_likelihoods(scores, steps, (3, count - 4), weights, given, networks)


def _describe(found: Harmony) -> tuple[object, ...]:
    return (
        found.key.value and str(found.key.value),
        found.key.confidence,
        [(span.start, span.end, str(span.key), span.confidence) for span in found.keys],
        [(span.start, span.end, str(span.chord), span.confidence) for span in found.chords],
        found.chords_confidence,
        found.tuning_cents / 100.0,
    )


NUMBERS = {
    "decimation": keep_decimation,
    "tuning": keep_tuning,
    "spectrum": keep_spectrum,
    "change": keep_change,
    "steps": keep_steps,
    "decoding": keep_decoding,
    "scoring": keep_network,
    "keys": keep_keys,
    "spans": keep_spans,
    "vocabulary": keep_vocabulary,
    "bass": keep_bass,
    "finding": keep_finding,
}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
