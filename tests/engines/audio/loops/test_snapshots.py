"""Looping compared with snapshots, step by step: takes with activations from a pattern, and noise bursts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import BANDS
from musearoo.engines.analysis.fast.rhythm.cues import RhythmCues
from musearoo.engines.analysis.fast.rhythm.signals import stack_signals
from musearoo.engines.analysis.fast.rhythm.tempo_candidates import measure_resemblance
from musearoo.engines.audio.loops import bars, choosing, cutting, levelling, seams, stretching
from musearoo.engines.audio.loops import beat_tracking as tracking
from musearoo.engines.audio.loops import cut_positions as placing
from musearoo.engines.audio.loops.beat_tracking import TrackedBeats
from musearoo.engines.audio.loops.features import AnalyzedTake, analyze_take
from musearoo.engines.audio.loops.loop_request import LoopRequest, seconds_needed
from musearoo.engines.audio.loops.stretching import TimeMap
from musearoo.engines.audio.sound_model import FloatArray
from musearoo.engines.errors import ParamError
from tests.each_case import each_case
from tests.engines.analysis.fast.rhythm.songs import FIVE, ROCK, SIX_EIGHT, SWING, WALTZ, even_beats, perform
from tests.engines.audio.loops.sounds import RATE, Seconds, ignore, play_groove, play_pad, read_activation_weights
from tests.engines.kept_numbers import Outcome, check_numbers

LOW_RATE = 4_000
HOUSE = {"kick": (0.0, 1.0, 2.0, 3.0), "snare": (1.0, 3.0), "hat": (0.5, 1.5, 2.5, 3.5)}
TAKES = (
    ("rock", ROCK, 4, 116.0, 9.0, 0.23),
    ("house", HOUSE, 4, 126.0, 9.0, 0.31),
    ("slow", ROCK, 4, 59.0, 13.0, 0.4),
    ("waltz", WALTZ, 3, 132.0, 9.0, 0.1),
    ("six-eight", SIX_EIGHT, 2, 78.0, 9.0, 0.02),
    ("five", FIVE, 5, 150.0, 8.0, 0.0),
    ("swing", SWING, 4, 140.0, 7.0, 0.5),
    ("slow-house", HOUSE, 4, 62.0, 12.0, 0.2),
)


@cache
def take(number: int) -> AnalyzedTake:
    """Return a take with random level, spectrum and pitches, and the beats of a pattern."""
    _, pattern, bar, bpm, seconds, start = TAKES[number]
    chance = np.random.default_rng(number)
    beats = even_beats(bpm, seconds, start)
    evidence, cues = perform(pattern, bar, beats, seconds, seed=number, first=number % bar)
    wave = 0.1 * chance.normal(0.0, 1.0, round(seconds * LOW_RATE)) * np.linspace(0.5, 1.0, round(seconds * LOW_RATE))
    wave[LOW_RATE : 2 * LOW_RATE] *= 0.4
    sounding = (0.5 * start, seconds - 0.2) if number % 2 else None
    onsets = np.sort(np.concatenate((np.array(beats) + chance.normal(0.0, 0.01, len(beats)), [0.002, 1.234])))
    return AnalyzedTake(
        sound=Sound.of(wave, LOW_RATE),
        signals=stack_signals(evidence, seconds, RhythmCues(cues.drums, sounding=sounding)),
        bands=chance.uniform(0.0, 1.0, (evidence.beat.size, BANDS)).astype(np.float32) ** 2,
        pitches=np.repeat(chance.uniform(0.0, 1.0, (round(2 * seconds), 80)), 5, axis=0).astype(np.float32) ** 4,
        onsets=onsets,
        strengths=chance.uniform(0.05, 1.0, onsets.size).astype(np.float32),
    )


def tracked_of(number: int, quarters: float = 1.0, bar: float | None = None) -> TrackedBeats:
    """Return the beats of a take as if tracked, played a little loosely."""
    _, _, beats_per_bar, bpm, seconds, start = TAKES[number]
    pulses = np.array(even_beats(bpm, seconds, start))
    deviations = np.random.default_rng(number).normal(0.0, 0.008, pulses.size)
    return TrackedBeats(pulses, quarters, bar or float(beats_per_bar), deviations, 0.9 - 0.1 * number, number == 1)


def keep_bars() -> Iterator[Outcome]:
    for number, (name, *_) in enumerate(TAKES):
        for quarters, bar in ((1.0, None), (2.0, 4.0), (0.5, 7.0)):
            tracked = tracked_of(number, quarters, bar)
            yield name, (bars.describe_bars(take(number), tracked), bars.rate_bars(take(number), tracked))
    moments = np.linspace(-0.2, 9.2, 21)
    for seconds in (0.3, 2.0):
        change = bars._compare(take(3), moments, seconds)
        yield "compared", [np.nan_to_num(each, nan=-1.0) for each in (change.chords, change.bands, change.low)]
    still = replace(take(0), pitches=0.0 * take(0).pitches)
    yield "compared", np.nan_to_num(bars._compare(still, moments, 0.4).chords, nan=-1.0)
    values = np.array([1.0, np.nan, 3.0, 5.0, np.nan])
    of_place = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0]], dtype=bool)
    for given in (values, np.full(5, np.nan)):
        yield "placed", (bars._mean(given, of_place), bars._most(given, of_place))
    rows = np.random.default_rng(2).uniform(0.0, 1.0, (30, 4)).astype(np.float32)
    first, last = np.array([[-1.0, 0.0, 0.3, 2.96, 9.0], [0.2, 0.0, 1.0, 3.0, 9.0]])
    yield "average", bars._average(rows, 10.0, first, last)


def keep_choosing() -> Iterator[Outcome]:
    for number, (name, _, bar, _, seconds, _) in enumerate(TAKES):
        for quarters in (bar, 4 * bar, 99):
            for level in (1.0, (2.0, 0.5)[number % 2]):
                place = choosing.choose_position(take(number), tracked_of(number, level), float(quarters), float(bar))
                yield name, place
        for length, room in ((2.0, 0.6), (seconds - 0.6, 0.6), (seconds - 0.05, 0.3), (seconds, 0.1)):
            yield name, choosing.choose_stretch(take(number), length, room)
        edges = np.array([-1.0, 0.0, 0.5, 0.5, 1.5, seconds, seconds + 1.0])
        yield name, choosing.measure_levels(take(number), edges)
        yield name, choosing._rate_deviations(tracked_of(number), 1.0, 4.0)
        yield name, choosing._rate_deviations(tracked_of(number), 90.0, 94.0)
        spans = (0.0, seconds), (-0.02, 1.0), (0.1, 4.0), (0.5, seconds - 0.1), (1.0, 2.0), (0.004, seconds)
        for start, end in spans:
            yield name, [choosing.compare_seam(take(number).bands, start, end, beat) for beat in (0.001, 0.3, 0.9)]
    yield "fading", [choosing.measure_fading(np.array([-10.0, low])) for low in (-11.0, -12.0, -12.5, -30.0)]
    wild = replace(tracked_of(0), deviations=np.full(tracked_of(0).deviations.size, 0.2))
    yield "wild", choosing._rate_deviations(wild, 0.0, 9.0)


def describe_cut(analyzed: AnalyzedTake, tracked: TrackedBeats | None, request: LoopRequest) -> object:
    try:
        cut = placing.find_cut(analyzed, tracked, request)
    except ParamError as error:
        return error
    return cut.made, cut.has_beat, cut.rounds, len(cut.messages)


def keep_placing() -> Iterator[Outcome]:
    for number, (name, _, bar, bpm, _, _) in enumerate(TAKES):
        for count, is_known in ((1, False), (2, True), (6, number % 2 == 0), (12, number % 2 == 1)):
            request = LoopRequest(1.03 * bpm, float(bar), count, starts_on_the_one=is_known)
            yield name, describe_cut(take(number), tracked_of(number), request)
            yield name, describe_cut(take(number), None, request)
        for early in (0.0, 0.05, 0.1, 0.4):
            tracked = replace(tracked_of(number), tatums=tracked_of(number).tatums + early)
            yield name, placing._continue_beats(tracked, np.arange(5.0))
        late = replace(take(number), onsets=tracked_of(number).tatums + 0.005 * (number - 3))
        yield name, describe_cut(late, tracked_of(number), LoopRequest(bpm, float(bar), 2))
    yield "fades", [placing.find_texture_fade(seconds) for seconds in (0.4, 2.4, 9.0)]
    short = replace(take(0), sound=Sound.of(take(0).sound.samples[0, :2_000], LOW_RATE))
    for bpm, beats in ((60.0, 4.0), (130.0, 4.0), (110.0, 3.0), (60.0, 0.5)):
        yield "short", describe_cut(short, None, LoopRequest(bpm, beats, 2))


def describe_tracked(tracked: TrackedBeats | None) -> object:
    if tracked is None:
        return None
    outside = tracked.seconds_at(np.array([-3.0, 0.0, 2.5, 90.0]))
    return (*tracking_fields(tracked), tracked.perceived_bpm, tracked.feel, outside)


def tracking_fields(tracked: TrackedBeats) -> tuple[object, ...]:
    deviations = 1000.0 * tracked.deviations
    return tracked.tatums, tracked.quarters, tracked.bar, np.round(deviations, 3), tracked.confidence, tracked.has_kick


def keep_tracking() -> Iterator[Outcome]:
    for number, (name, _, bar, bpm, _, _) in enumerate(TAKES):
        resemblance = measure_resemblance(take(number).signals)
        for share in (0.5, 0.93, 1.04, 1.5, 2.0):
            asked = share * bpm
            yield name, describe_tracked(tracking.track(take(number), asked, float(bar)))
            yield name, tracking._find_near(resemblance, asked, float(bar))
        beats = np.array(even_beats(bpm, 8.0, 0.3))
        yield name, tracking._snap(beats, take(number))
        for shift in (0.0, 0.25, 0.5, 0.75):
            yield name, tracking._find_kick(beats[:-2] + shift * 60.0 / bpm, 60.0 / bpm, take(number))
    quiet = replace(take(0), signals=replace(take(0).signals, strength=0.0))
    yield "none", describe_tracked(tracking.track(quiet, 116.0, 4.0))
    for end in (1.9, 2.0, 2.2):
        few = replace(take(0), signals=replace(take(0).signals, sounding=(0.0, end)))
        yield "none", tracking.track(few, 116.0, 4.0) is None
    yield "none", tracking._snap(np.array([1.0, 2.0]), replace(take(0), onsets=np.zeros(0)))
    one = replace(take(0), onsets=np.array([1.01]), strengths=np.array([0.5], dtype=np.float32))
    yield "none", tracking._snap(np.array([0.99, 1.0, 1.039, 1.041]), one)
    yield "feels", [tracking.feels(beats) for beats in (1.0, 1.5, 2.0, 3.0, 3.5, 4.0, 4.5, 6.0)]
    for beats_per_bar in (3.0, 3.5, 4.0):
        tatum_bpms = 25.0, 44.0, 60.0, 84.0, 86.0, 120.0, 169.0, 171.0, 241.0, 350.0
        yield "quarters", [tracking._quarters_of(bpm, 120.0, beats_per_bar) for bpm in tatum_bpms]
    chance = np.random.default_rng(3)
    for count in (1, 2, 3, 4, 9, 30):
        beats = np.cumsum(chance.normal(0.5, 0.012, count))
        beats[count // 2] += 0.2
        yield f"smooth-{count}", tracking.smooth_beats(beats, chance.uniform(0.1, 1.0, count))
        hand = TrackedBeats(beats, (0.5, 1.0, 2.0)[count % 3], 4.0, np.zeros(count), 1.0)
        if count > 1:
            yield f"smooth-{count}", (hand.seconds_at(np.linspace(-4.0, 40.0, 9)), hand.perceived_bpm, hand.feel)


def draw_wave(seed: int, seconds: float, channels: int = 2, rate: int = LOW_RATE) -> tuple[FloatArray, Seconds]:
    """Return tones with noise bursts at known times: float32 (channels, n)."""
    chance = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    wave = 0.2 * np.sin(2.0 * np.pi * np.array([[210.0], [333.0]])[:channels] * time)
    onsets = np.sort(chance.uniform(0.1, seconds - 0.1, round(3 * seconds)))
    for attack in onsets:
        fading = np.where(time >= attack, np.exp(-60.0 * np.maximum(time - attack, 0.0)), 0.0)
        wave += 0.6 * chance.normal(0.0, 1.0, time.size) * fading
    return wave.astype(np.float32), onsets


def keep_stretching() -> Iterator[Outcome]:
    wave, onsets = draw_wave(1, 1.2)
    for by in (0.9, 1.0, 1.12):
        even = TimeMap(np.array([0.0, 1.2]), np.array([0.0, 1.2 * by]))
        spared = stretching.protect_onsets(even, onsets)
        yield f"{by}", (spared.made, spared.wanted, even.is_plain, spared.is_plain)
        for start, count in ((0.0, 4_800), (-0.1, 900), (1.0, 3_000)):
            yield f"{by}", stretching.stretch(wave, LOW_RATE, spared, onsets, start, count)
        yield f"{by}", stretching.stretch_evenly(wave[:1], LOW_RATE, round(4_800 * by))
        yield f"{by}", 10.0 * stretching.detect_onsets(wave, LOW_RATE)
        yield f"{by}", (even.to_made(np.linspace(-1.0, 2.0, 5)), even.to_wanted(np.linspace(-1.0, 2.0, 5)))
    long, _ = draw_wave(2, 8.0, 1)
    yield "long", stretching.stretch(long, LOW_RATE, even, onsets, 0.0, 30_000)
    bent = TimeMap(np.array([0.5, 1.0, 2.5]), np.array([0.0, 0.7, 2.0]))
    for places in ((), (0.2,), (0.6, 0.61, 0.64, 0.9), (0.45, 1.0, 1.02, 2.49, 2.8), (-0.3, 3.3)):
        spared = stretching.protect_onsets(bent, np.array(places))
        yield "spared", (spared.made, spared.wanted)
        yield "spared", stretching._near_onsets(np.linspace(0.0, 3.0, 40), np.array(places), 0.05).astype(int)
    chance = np.random.default_rng(4)
    here, back, before = (chance.normal(0.0, 1.0, (3, 2, 40, 2)) @ np.array([1.0, 1j])).astype(np.complex64)
    back[:, 20:] *= np.complex64(0.2)
    before[:, 33:] = 0.0
    for is_attack in (False, True):
        yield "turned", stretching._turn(here, back, before, is_attack)
    for power in (here.real[0] ** 2, np.round(here.imag[1], 0) ** 2, np.zeros(9, dtype=np.float32)):
        yield "regions", stretching._regions(power)


def keep_seams() -> Iterator[Outcome]:
    wave, _ = draw_wave(5, 0.5)
    for lead, fade, guard in ((300, 200, 50), (300, 0, 60), (300, 300, 0), (300, 0, 0), (200, 1, 0)):
        yield "closed", seams.close_loop(wave, lead, fade, guard)
    alike = np.tile(wave[:, :500], 3)
    yield "closed", (seams.close_loop(alike, 500, 90, 9), seams.close_loop(0.0 * alike, 500, 90, 9))
    for count in (0, 5, 1_999, 2_500):
        yield "reflected", seams.reflect_start(wave, count)
    yield "alike", [seams._correlate(wave, sign * wave + wave[::-1]) for sign in (-2.0, 0.3, 1.0)]
    yield "alike", seams._correlate(0.0 * wave, wave)


def keep_levelling() -> Iterator[Outcome]:
    for rate, wants in ((LOW_RATE, (None, -40.0, -14.0, -4.0)), (8_000, (-12.0,))):
        wave, _ = draw_wave(6, 0.7, 2, rate)
        yield f"{rate}", (levelling.measure_loudness(wave, rate), levelling.find_peaks(wave[:, :500]))
        yield f"{rate}", levelling.measure_loudness(np.tile(wave, 4), rate)
        for asked in wants:
            for ceiling in (-1.0, -9.0):
                found = levelling.level(wave + np.float32(0.2), rate, asked, ceiling)
                yield f"{rate}", (found.samples, found.gain_db, 0.01 * found.missing_db)
    for loop in (0.0 * wave, wave[:, :3], wave[:, :1]):
        found = levelling.level(loop, 8_000, -14.0, -1.0)
        yield "odd", (found.samples, 1e-3 * found.gain_db, 1e-3 * found.missing_db)
    peaks = np.abs(np.random.default_rng(7).normal(0.0, 1.0, 300))
    yield "limited", (levelling._limit(peaks, 4_000, 0.5), levelling._limit(peaks[:9], 4_000, 0.5))


def describe_loop(loop: cutting.Loop) -> object:
    return (
        (loop.samples, loop.perceived_bpm, loop.pulse, loop.stretch, loop.started_at, loop.gain_db, loop.beats),
        (loop.made_beats, loop.confidence, len(loop.messages)),
    )


def keep_cutting() -> Iterator[Outcome]:
    request = LoopRequest(118.0, 4.0, 2, -18.0)
    groove = play_groove(np.array(even_beats(113.0, 5.0, 0.2)), 5.0)
    reports: list[float] = []
    loop = cutting.cut_loop(groove, RATE, request, read_activation_weights(), lambda part, _: reports.append(part))
    yield "groove", (describe_loop(loop), reports)
    loop = cutting.cut_loop(
        groove, RATE, replace(request, bars=6, starts_on_the_one=True), read_activation_weights(), ignore, groove
    )
    yield "groove", describe_loop(loop)
    loop = cutting.cut_loop(play_pad(4.0), RATE, replace(request, bars=1), read_activation_weights(), ignore)
    yield "pad", describe_loop(loop)
    wave, onsets = draw_wave(8, 3.0)
    for number, take_onsets in enumerate((onsets, onsets[:0], np.array([0.005, 1.0]), np.array([0.02, 0.9]))):
        analyzed = replace(take(0), onsets=take_onsets)
        for start, by in ((0.0, 1.0), (0.3, 1.002), (0.04, 1.05)):
            wanted = np.linspace(0.0, 2.0, 5)
            for has_beat in (True, False):
                cut = placing.Cut(start + by * wanted, has_beat)
                time_map = cutting._map_time(cut, wanted, analyzed)
                yield f"cut-{number}", (time_map.made, time_map.wanted)
                before = wave[:, ::-1] if has_beat and number % 2 else None
                yield f"cut-{number}", cutting._cut(wave, LOW_RATE, time_map, analyzed, 8_000, before, has_beat)
    for stretched in (0.5, 0.9, 0.9971, 1.0, 1.0029, 1.0031, 1.2):
        for tracked in (None, tracked_of(0), tracked_of(0, 2.0), tracked_of(0, 0.5)):
            words = [cutting._report(stretched, tracked, request, missing) for missing in (0.0, 0.5, 0.6)]
            # Only the figures in the sentences.
            yield "told", [figures_in(" ".join(each)) for each in words]
    faults = np.zeros((2, 9)), np.full((2, 9), np.inf), np.full((3, 2, 2), 0.1)
    for samples in faults:
        for before in (None, wave[:1]):
            try:
                yield "checked", cutting._check(samples.astype(np.float32), LOW_RATE, before).unusable
            except ParamError as error:
                yield "checked", (error, str(error).split()[0])


def figures_in(text: str) -> str:
    return " ".join(word for word in text.split() if word[0].isdigit()) or "-"


def keep_listening() -> Iterator[Outcome]:
    groove = play_groove(np.array(even_beats(120.0, 2.0, 0.1)), 2.0)
    analyzed = analyze_take(Sound.of(groove, RATE), read_activation_weights())
    yield "groove", (analyzed.bands, analyzed.pitches, analyzed.onsets, analyzed.strengths, analyzed.signals.near)


def keep_wish() -> Iterator[Outcome]:
    for bars_wanted, bpm, beats in ((1, 60.0, 4.0), (4, 118.0, 3.0), (8, 90.0, 3.5)):
        request = LoopRequest(bpm, beats, bars_wanted)
        yield "wish", (request.quarters, request.seconds, seconds_needed(bars_wanted, bpm, beats))
        yield "wish", seconds_needed(bars_wanted, bpm, beats, starts_on_the_one=True)
    bounds = {"bpm": (20.0, 999.0), "beats_per_bar": (0.5, 32.0), "bars": (1, 64), "loudness_lufs": (-60.0, 0.0)}
    for name, (least, most) in (*bounds.items(), ("ceiling_db", (-24.0, 0.0))):
        for value in (least - 0.5, least, most, most + 0.5):
            given = {"bpm": 120.0, "beats_per_bar": 4.0, "bars": 4, name: value}
            try:
                yield name, LoopRequest(**given).seconds  # type: ignore[arg-type]
            except ParamError as error:
                yield name, (error, str(error).split()[0])


NUMBERS = {
    "bars": keep_bars,
    "choosing": keep_choosing,
    "placing": keep_placing,
    "tracking": keep_tracking,
    "stretching": keep_stretching,
    "seams": keep_seams,
    "levelling": keep_levelling,
    "cutting": keep_cutting,
    "listening": keep_listening,
    "wish": keep_wish,
}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
