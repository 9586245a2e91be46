"""Rhythm as it was kept, stage by stage: songs in many tempos and meters, and evidence that is drawn by chance."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.rhythm.bars import (
    BAR_LENGTHS,
    fit_bars,
    look_around,
    measure_likeness,
    place_downbeats,
    weigh_downbeats,
)
from musearoo.engines.analysis.fast.rhythm.bass_onsets import find_bass
from musearoo.engines.analysis.fast.rhythm.beats import sharpen, track_beats
from musearoo.engines.analysis.fast.rhythm.cues import RhythmCues, RhythmHints, find_sounding
from musearoo.engines.analysis.fast.rhythm.decision import find_rhythm, place_bars, place_beats
from musearoo.engines.analysis.fast.rhythm.hypothesis_scores import (
    agrees_with,
    choose_hypothesis,
    describe_music,
    weigh_music,
)
from musearoo.engines.analysis.fast.rhythm.loop_length import fit_loops
from musearoo.engines.analysis.fast.rhythm.meter_hypotheses import KINDS, SHIFTS, MeterHypotheses, form_meter_hypotheses
from musearoo.engines.analysis.fast.rhythm.signals import Signals, stack_signals
from musearoo.engines.analysis.fast.rhythm.tatums import fit_period, measure_jitter, track_tatum
from musearoo.engines.analysis.fast.rhythm.tempo import measure_curve
from musearoo.engines.analysis.fast.rhythm.tempo_candidates import (
    comb,
    measure_resemblance,
    propose_tempo_candidates,
    refine,
)
from tests.each_case import each_case
from tests.engines.analysis.fast.rhythm.songs import FIVE, ROCK, SIX_EIGHT, SWING, WALTZ, even_beats, perform
from tests.engines.kept_numbers import Outcome, check_numbers

SONGS = (
    ("rock", ROCK, 4, 120.0, 8.0, 0.0),
    ("slow rock", ROCK, 4, 66.0, 15.0, 0.31),
    ("fast rock", ROCK, 4, 187.0, 6.5, 0.12),
    ("waltz", WALTZ, 3, 141.0, 9.0, 0.4),
    ("five", FIVE, 5, 180.0, 10.0, 0.0),
    ("six eight", SIX_EIGHT, 2, 58.0, 11.0, 0.2),
    ("swing", SWING, 4, 132.0, 60.0 * 16 / 132.0, 0.0),
    ("a bar", ROCK, 4, 100.0, 2.4, 0.0),
    ("two beats", ROCK, 4, 100.0, 1.2, 0.05),
    ("long", ROCK, 4, 92.5, 47.0, 0.7),
)


@cache
def signals_of(number: int) -> Signals:
    """The signals of a song, some of which sound in a part of the clip only."""
    _, pattern, bar, bpm, seconds, start = SONGS[number]
    evidence, cues = perform(pattern, bar, even_beats(bpm, seconds, start), seconds, seed=number, first=number % 3)
    chance = np.random.default_rng(number)
    frames = evidence.beat.size
    bass = chance.uniform(0.0, 0.8, frames + number - 4).astype(np.float32) ** 3
    harmony = chance.uniform(0.0, 0.3, frames).astype(np.float32) if number % 2 else None
    sounding = (start, seconds - 0.03 * number) if number % 3 == 1 else None
    return stack_signals(evidence, seconds, RhythmCues(cues.drums, bass, harmony, sounding))


@cache
def counts_of(number: int, is_loop: bool | None = None) -> tuple[MeterHypotheses, ...]:
    """The counts of the pulses that a song may have."""
    signals = signals_of(number)
    resemblance = measure_resemblance(signals)
    periods = propose_tempo_candidates(resemblance, 3)
    return tuple(
        form_meter_hypotheses(signals, track_tatum(signals, float(period), float(strength)), resemblance, is_loop)
        for period, strength in zip(periods, comb(resemblance, periods), strict=True)
    )


def name(number: int) -> str:
    return SONGS[number][0].replace(" ", "-")


def keep_signals() -> Iterator[Outcome]:
    for number in range(len(SONGS)):
        signals = signals_of(number)
        yield name(number), (signals.rows, signals.near, signals.strength, signals.duration, signals.sounding)
    row = np.linspace(0.0, 1.0, 60, dtype=np.float32)
    for seconds in (0.5, 0.6, 0.7, 0.701, 0.499):
        try:
            yield f"ramp-{seconds}", stack_signals(BeatEvidence(row, row**2, row**3), seconds, RhythmCues()).near[:3]
        except ValueError as error:
            yield f"ramp-{seconds}", error
    nothing = np.zeros(0, dtype=np.float32)
    yield "nothing", stack_signals(BeatEvidence(nothing, nothing, nothing), 0.0, RhythmCues()).near.shape


def keep_cues() -> Iterator[Outcome]:
    chance = np.random.default_rng(3)
    for rate in (40, 2_000, 8_000, 44_100):
        for silent, heard, after in ((0, 1, 0), (3, 40, 0), (155, 1000, 333), (0, 5000, 4000)):
            wave = np.concatenate((np.zeros(silent), chance.uniform(-1.0, 1.0, heard), np.zeros(after)))
            wave[: silent // 2] = 0.002
            yield f"{rate}", find_sounding(Sound(wave[np.newaxis].astype(np.float32), rate))


def keep_bass() -> Iterator[Outcome]:
    chance = np.random.default_rng(4)
    for frames in (0, 1, 3, 4, 5, 9, 60):
        bands = chance.uniform(0.0, 1.0, (frames, 40)).astype(np.float32)
        strokes = chance.uniform(0.0, 1.0, (max(0, frames - 2), 5)).astype(np.float32) ** 6
        yield f"{frames}", find_bass(bands, DrumEvidence(strokes))


def keep_periods() -> Iterator[Outcome]:
    for number in range(len(SONGS)):
        resemblance = measure_resemblance(signals_of(number))
        yield name(number), resemblance
        for most in (1, 2, 9):
            yield name(number), propose_tempo_candidates(resemblance, most)
        periods = np.linspace(15.0, 1.1 * resemblance.size, 30, dtype=np.float32)
        yield name(number), (comb(resemblance, periods), refine(resemblance, periods))
    falling = np.linspace(1.0, 0.2, 170, dtype=np.float32)
    for size in (1, 2, 18, 19, 20, 40, 170):
        yield f"{size}", propose_tempo_candidates(falling[:size], 4)
        wave = np.cos(np.arange(size, dtype=np.float32) * 0.31)
        yield (
            f"{size}",
            (
                propose_tempo_candidates(wave, 4),
                comb(wave, np.array([3.0, 10.0, size / 4, size - 1, size], dtype=np.float32)),
            ),
        )


def keep_beats() -> Iterator[Outcome]:
    chance = np.random.default_rng(6)
    for frames in (0, 1, 2, 5, 30, 200, 500):
        evidence = chance.uniform(0.0, 1.0, frames).astype(np.float32) ** 5
        for period in (1.0, 4.3, 21.0, 60.5, 170.0):
            yield f"{frames}", track_beats(evidence, period)
        if frames:
            places = np.unique(chance.integers(0, frames, 12))
            yield f"{frames}", sharpen(evidence, places)
    for number in (0, 3, 8):
        yield name(number), track_beats(signals_of(number).row("beat"), 6000.0 / SONGS[number][3])


def keep_pulses() -> Iterator[Outcome]:
    for number in range(len(SONGS)):
        for share in (1.0, 0.5, 1.5):
            tatum = track_tatum(signals_of(number), 6000.0 / SONGS[number][3] * share, 0.5)
            yield name(number), tatum
    chance = np.random.default_rng(7)
    for count in (1, 2, 3, 4, 5, 9, 40):
        beats = 30.0 + 47.0 * np.arange(count) + chance.normal(0.0, 1.5, count)
        for fault in (0.0, 20.0, 47.0):
            beats[count // 2 :] += fault
            yield f"{count}", (fit_period(beats, 46.0), measure_jitter(beats))
        beats[::3] += chance.normal(0.0, 8.0, beats[::3].size)
        yield f"{count}", fit_period(beats, 46.0)


def keep_loops() -> Iterator[Outcome]:
    shifts, lengths = np.asarray(SHIFTS), np.asarray(BAR_LENGTHS)
    for number in range(len(SONGS)):
        for is_loop in (None, False, True):
            tatum = track_tatum(signals_of(number), 6000.0 / SONGS[number][3], 0.5)
            yield f"{name(number)}-{is_loop}", fit_loops(tatum, shifts, lengths, signals_of(number), is_loop)


def keep_bars() -> Iterator[Outcome]:
    for number in (0, 3, 4, 7, 8):
        tatum = track_tatum(signals_of(number), 6000.0 / SONGS[number][3], 0.5)
        yield name(number), (look_around(tatum, SHIFTS), weigh_downbeats(tatum, (0, 3)))
        yield name(number), [measure_likeness(tatum.echoes, length) for length in (*BAR_LENGTHS, 6, 9)]
    chance = np.random.default_rng(8)
    for count in (1, 2, 3, 6, 8, 13, 30):
        odds, snares = chance.normal(0.0, 2.0, (2, 3, count)).astype(np.float32)
        pulls = chance.uniform(0.0, 5.0, (3, 5)).astype(np.float32)
        yield f"fit-{count}", fit_bars(odds, snares, pulls, chance.integers(-3, 9, (3, 5)))
    for beats in (2, 3, 4, 5, 7):
        for count in (3 * beats, 3 * beats + 1, 40):
            odds = chance.normal(0.0, 3.0, count).astype(np.float32)
            odds[1::beats] += 3.0
            odds[count // 2 :] = np.roll(odds[count // 2 :], 1)
            for first, pull in ((0, 6.0), (1, 0.0), (beats - 1, 12.0)):
                yield f"place-{beats}", place_downbeats(odds, beats, first, pull)


def keep_counts() -> Iterator[Outcome]:
    for number in range(len(SONGS)):
        for hypotheses in counts_of(number, None if number % 4 else False):
            yield name(number), (hypotheses.features, hypotheses.odds, hypotheses.first)
    for kind in KINDS:
        yield kind.name, [str(kind.meter(bpm)) for bpm in (60.0, 172.0, 172.5, 240.0)]


def keep_judging() -> Iterator[Outcome]:
    for number in range(len(SONGS)):
        signals, hypotheses = signals_of(number), counts_of(number)
        for hint in (None, SONGS[number][3], 120.0):
            if hypotheses:
                verdict = choose_hypothesis(hypotheses, signals, hint)
                chances = verdict.tempo_confidence, verdict.beats_confidence, verdict.meter_confidence
                yield f"{name(number)}-{hint}", (verdict.shift, verdict.kind, verdict.hypotheses.tatum.bpm, *chances)
        for each in hypotheses:
            yield name(number), (describe_music(each, 2, signals), weigh_music(each, 1, signals))
    for bpm in (60.0, 61.0, 61.3, 80.0, 120.0, 180.0, 240.0):
        yield f"set-{bpm}", agrees_with(bpm, 120.0)


def keep_decision() -> Iterator[Outcome]:
    for number, (_, pattern, bar, bpm, seconds, start) in enumerate(SONGS):
        for hint, is_loop in ((None, None), (bpm, True), (0.75 * bpm, False)):
            beats = even_beats(bpm, seconds, start)
            evidence, cues = perform(pattern, bar, beats, seconds, seed=number + 40, first=number % bar)
            cues = RhythmCues(cues.drums, sounding=(start, seconds - 0.1) if number % 2 else None)
            found = find_rhythm(evidence, seconds, cues, RhythmHints(hint, is_loop), 2 + number % 3)
            yield f"{name(number)}-{hint}", found
    faint = np.full(600, 0.01, dtype=np.float32)
    yield "faint", find_rhythm(BeatEvidence(faint, faint, faint), 6.0)
    for seconds in (0.55, 0.6, 0.65):
        evidence, cues = perform(ROCK, 4, even_beats(200.0, seconds), seconds)
        yield f"short-{seconds}", find_rhythm(evidence, seconds, cues)
    for number in range(len(SONGS)):
        signals, hypotheses = signals_of(number), counts_of(number)
        if hypotheses:
            for shift in SHIFTS:
                yield f"{name(number)}-bars", place_beats(hypotheses[0].tatum, shift, signals)
            verdict = choose_hypothesis(hypotheses, signals, None)
            yield f"{name(number)}-bars", [*place_bars(verdict, 3.0, signals)]


def keep_tempo() -> Iterator[Outcome]:
    for count in (0, 1, 15, 16, 17, 18, 25, 40):
        for end in (0.5, 0.507, 0.52, 0.6):
            beats = 3.0 + np.cumsum(np.linspace(0.5, end, count))
            beats[count // 2 :] += 0.02
            yield f"{count}", measure_curve(beats, 118.0)


NUMBERS = {
    "signals": keep_signals,
    "cues": keep_cues,
    "bass": keep_bass,
    "periods": keep_periods,
    "beats": keep_beats,
    "pulses": keep_pulses,
    "loops": keep_loops,
    "bars": keep_bars,
    "counts": keep_counts,
    "judging": keep_judging,
    "decision": keep_decision,
    "tempo": keep_tempo,
}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
