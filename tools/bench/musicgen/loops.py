"""Loops cut from takes with ground truth: exactness, timing, seams and loudness."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from scipy import signal

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.fast.activation.network import Weights
from musearoo.engines.audio.loops.cutting import cut_loop
from musearoo.engines.audio.loops.levelling import find_peaks, measure_loudness
from musearoo.engines.audio.loops.stretching import TimeMap, protect_onsets, stretch
from musearoo.engines.audio.synthesis.stem import Samples
from musearoo.engines.neural.analysis_weights import read_learned
from musearoo.tools.bench.musicgen.starts import ON_SECONDS, STARTS, Start, count_starts, name_start
from musearoo.tools.bench.musicgen.takes import (
    HELD_OUT_SEED,
    RATE,
    TAKES,
    Seconds,
    Take,
    draw_takes,
    make_takes,
    read_recorded,
)
from musearoo.tools.bench.rows import Row

PART: Final = "loops"
QUICK_TAKES: Final = 4
LOUDNESS_LUFS: Final = -16.0
"""The target loudness of loops."""
CEILING_DB: Final = -1.0
PEAK_TOLERANCE_DB: Final = 0.1
SAME_TEMPO: Final = 0.01
SEAM_BEFORE: Final = 0.002
SEAM_AFTER: Final = 0.0005
"""Seconds around the seam in which a click would be: the first stroke comes after that."""
CLICK_HZ: Final = 4_000.0
"""Clicks are detected by their energy above this frequency."""
TONE_HZ: Final = 220.0
STRETCHES: Final = (0.92, 1.08)
STROKE_SECONDS: Final = 0.25
"""Seconds between two strokes of the take that measures stretching."""
PRE_ECHO: Final = (0.04, 0.002)
"""The interval in seconds before a stroke that is searched for a pre-echo: from, to."""


@dataclass(frozen=True, slots=True, eq=False)
class LoopVerdict:
    """The evaluation of one loop.

    `samples_off`: its length error against the bars. `grid`: the deviation in seconds of its quarters from the true
    beats, including a constant offset of the whole loop. `is_unsure`: whether its bars are reported as uncertain.
    `has_feel`: whether half-time, double-time or neither was recognised. `seam_db`: the level at the seam relative to
    the loudest transient; `plain_seam_db`: the same for a plain cut. `loudness_off`: LU, None where peaks limit it.
    """

    name: str
    samples_off: int
    grid: Seconds
    start: Start
    is_unsure: bool
    has_tempo: bool
    has_feel: bool
    seam_db: float
    plain_seam_db: float
    loudness_off: float | None
    peak_db: float
    seconds: float

    @property
    def is_on_beat(self) -> bool:
        """Whether it begins on a quarter."""
        return bool(abs(self.grid[0]) < ON_SECONDS)

    @property
    def is_wrong(self) -> bool:
        """Whether it audibly begins elsewhere than on a downbeat."""
        return self.start not in ("on the one", "near the one")


def judge_loops(*, quick: bool, tell: Callable[[str, int, int], None], recorded: Path | None = None) -> Iterator[Row]:
    """Yield the rows for the twenty takes and for random ones, with `quick` for some of the twenty only.

    `tell` receives the item, how many are done, and their total. `recorded`: a folder with the recorded loops listed in
    `takes`; they are evaluated separately.
    """
    ear, styles = read_learned({}).ear, read_styles()
    known = TAKES[:QUICK_TAKES] if quick else TAKES
    drawn = () if quick else draw_takes(HELD_OUT_SEED, styles)
    verdicts = []
    count = len(known) + len(drawn)
    for place, take in enumerate(make_takes((*known, *drawn), styles)):
        tell("loops cut", place, count)
        verdicts.append(judge_take(take, ear))
    tell("loops cut", count, count)
    yield from describe_loops(verdicts[: len(known)], f"{len(known)} takes")
    yield from describe_loops(verdicts[len(known) :], f"{len(drawn)} drawn takes")
    yield from judge_stretching()
    if recorded is not None:
        yield from describe_loops(list(_judge_all(read_recorded(recorded), ear)), "recorded loops")


def judge_take(take: Take, ear: Weights) -> LoopVerdict:
    """Return the evaluation of the loop of one take."""
    wish = replace(take.wish, loudness_lufs=LOUDNESS_LUFS, ceiling_db=CEILING_DB)
    started = time.process_time()
    loop = cut_loop(take.samples, take.rate, wish, ear, _ignore)
    seconds = time.process_time() - started
    made = np.asarray(loop.made_beats)
    first, last = max(0, round(made[0] * take.rate)), round(made[-1] * take.rate)
    loudness = measure_loudness(loop.samples, take.rate)
    could = not any("quieter than asked" in s for s in loop.messages)
    return LoopVerdict(
        name=take.spec.name,
        samples_off=loop.samples.shape[1] - round(wish.seconds * take.rate),
        grid=_distances(made[:-1], take.beats),
        start=name_start(take, float(made[0])) if loop.perceived_bpm else "anywhere",
        is_unsure=any("not sure" in sentence for sentence in loop.messages) or loop.perceived_bpm is None,
        has_tempo=abs(loop.stretch / take.spec.off - 1.0) < SAME_TEMPO + take.spec.drift_share / 2.0,
        has_feel=loop.pulse == {0.5: "half", 1.0: "as heard", 2.0: "double"}[take.spec.feel],
        seam_db=measure_seam(loop.samples, take.rate),
        plain_seam_db=measure_seam(take.samples[:, first:last], take.rate),
        loudness_off=loudness - LOUDNESS_LUFS if could and loudness is not None else None,
        peak_db=20.0 * float(np.log10(find_peaks(loop.samples).max())),
        seconds=seconds,
    )


def describe_loops(verdicts: Sequence[LoopVerdict], of: str) -> Iterator[Row]:
    """Yield the rows for some loops."""
    if not verdicts:
        return
    off = max(abs(verdict.samples_off) for verdict in verdicts)
    yield Row(PART, f"{of}: length beside the bars", "samples", off, 0.0, off == 0, "the worst")
    tempo = sum(verdict.has_tempo for verdict in verdicts)
    yield Row(PART, f"{of}: tempo found", "takes", tempo, len(verdicts), None, "within 1 %, of how many")
    feel = sum(verdict.has_feel for verdict in verdicts)
    yield Row(PART, f"{of}: half and double time told", "takes", feel, len(verdicts), None, "of how many")
    on_beat = [verdict for verdict in verdicts if verdict.is_on_beat]
    yield Row(PART, f"{of}: begins on a beat", "takes", len(on_beat), len(verdicts), None, "within 30 ms, of how many")
    for start, number in count_starts([verdict.start for verdict in verdicts]).items():
        yield Row(PART, f"{of}: begins {start}", "takes", number, len(verdicts), None, f"{STARTS[start]}; of how many")
    for is_wrong, which in ((True, "wrong"), (False, "right")):
        group = [verdict for verdict in verdicts if verdict.is_wrong == is_wrong]
        unsure = sum(verdict.is_unsure for verdict in group)
        yield Row(PART, f"{of}: {which} starts said to be unsure", "takes", unsure, len(group), None, "of how many")
    if on_beat:
        strays = np.concatenate([np.abs(verdict.grid) for verdict in on_beat])
        note = "of those that begin on a beat"
        yield Row(
            PART, f"{of}: true beats off the grid", "ms", 1000.0 * float(np.median(strays)), note=f"median {note}"
        )
        yield Row(PART, f"{of}: true beats off the grid", "ms", 1000.0 * float(strays.max()), note=f"the worst {note}")
    seam = max(verdict.seam_db for verdict in verdicts)
    plain = max(verdict.plain_seam_db for verdict in verdicts)
    note = "the worst; target below 0; peer: cut without more"
    yield Row(PART, f"{of}: seam beside the loudest transient", "dB", seam, plain, seam < 0.0, note)
    median = float(np.median([verdict.seam_db for verdict in verdicts]))
    plain = float(np.median([verdict.plain_seam_db for verdict in verdicts]))
    yield Row(
        PART, f"{of}: seam beside the loudest transient", "dB", median, plain, None, "median; peer: cut without more"
    )
    reached = [abs(verdict.loudness_off) for verdict in verdicts if verdict.loudness_off is not None]
    if reached:
        note = f"the worst of {len(reached)} whose peaks allow it"
        yield Row(PART, f"{of}: loudness beside the asked", "LU", max(reached), None, max(reached) < 1.0, note)
    peak = max(verdict.peak_db for verdict in verdicts)
    is_below = peak <= CEILING_DB + PEAK_TOLERANCE_DB
    yield Row(PART, f"{of}: highest true peak", "dBTP", peak, CEILING_DB, is_below, "the worst")
    yield Row(
        PART, f"{of}: time to cut", "s", max(verdict.seconds for verdict in verdicts), note="the worst, processor"
    )


def judge_stretching() -> Iterator[Row]:
    """Yield the effect of stretching by 8 % on a tone and on strokes."""
    tone = 0.5 * np.sin(2.0 * np.pi * TONE_HZ * np.arange(4 * RATE) / RATE).astype(np.float32)[np.newaxis]
    nothing = np.zeros(0)
    cents = max(abs(measure_cents(_stretch(tone, by, nothing))) for by in STRETCHES)
    yield Row(PART, "stretched tone off its pitch", "cents", cents, 1.0, cents < 1.0, "8 % slower or faster")
    strokes, places = make_strokes()
    worst = max(measure_pre_echo(_stretch(strokes, by, places), places * by) for by in STRETCHES)
    none = max(measure_pre_echo(_stretch(strokes, by, nothing), places * by) for by in STRETCHES)
    note = "8 % slower or faster; peer: onsets not spared"
    yield Row(PART, "stretched strokes before they begin", "dB", worst, none, worst < -40.0, note)


def make_strokes() -> tuple[Samples, Seconds]:
    """Return drum-like bursts of noise (1, samples), and their onset times in seconds."""
    places = np.arange(STROKE_SECONDS, 4.0 - STROKE_SECONDS, STROKE_SECONDS)
    sound = np.zeros(4 * RATE, dtype=np.float32)
    fading = np.exp(-np.arange(RATE // 10) / (0.015 * RATE))
    noise = np.random.default_rng(1)
    for place in places:
        first = round(place * RATE)
        sound[first : first + fading.size] += 0.3 * noise.standard_normal(fading.size) * fading
    return sound[np.newaxis], places


def measure_seam(loop: Samples, rate: int) -> float:
    """Return the treble energy around the seam of a repeated loop relative to its loudest moment elsewhere, dB."""
    repeated = np.tile(loop.mean(axis=0, dtype=np.float64), 3)
    filters = signal.butter(4, CLICK_HZ / (0.5 * rate), "high", output="sos")
    treble = signal.sosfilt(filters, repeated)[loop.shape[1] :] ** 2
    width = round((SEAM_BEFORE + SEAM_AFTER) * rate)
    energies = np.convolve(treble[: loop.shape[1] + width], np.ones(width), "valid")[: loop.shape[1]]
    at_seam = treble[loop.shape[1] - round(SEAM_BEFORE * rate) : loop.shape[1] + round(SEAM_AFTER * rate)].sum()
    elsewhere = energies[: -2 * width].max()
    return 10.0 * float(np.log10(max(float(at_seam), 1e-20) / max(float(elsewhere), 1e-20)))


def measure_cents(samples: Samples) -> float:
    """Return the detuning of a `TONE_HZ` tone (1, n) in cents, without its first and last half second."""
    tone = samples[0, RATE // 2 : -RATE // 2].astype(np.float64)
    size = 8 * tone.size
    spectrum = np.log(np.abs(np.fft.rfft(tone * np.hanning(tone.size), size)) + 1e-12)
    top = int(spectrum.argmax())
    before, at, after = spectrum[top - 1 : top + 2]
    hertz = (top + 0.5 * (before - after) / (before - 2.0 * at + after)) * RATE / size
    return 1200.0 * float(np.log2(hertz / TONE_HZ))


def measure_pre_echo(samples: Samples, places: Seconds) -> float:
    """Return the energy right before strokes relative to the total, dB; the input is silent before strokes."""
    power = samples[0].astype(np.float64) ** 2
    early, late = (np.rint((places - seconds) * RATE).astype(np.int64) for seconds in PRE_ECHO)
    # The previous stroke may still sound: it is 40 dB down after a tenth of a second.
    echo = sum(float(power[start:stop].sum()) for start, stop in zip(early, late, strict=True))
    return 10.0 * float(np.log10(max(echo, 1e-20) / float(power.sum())))


def _stretch(samples: Samples, by: float, onsets: Seconds) -> Samples:
    duration = samples.shape[1] / RATE
    time_map = protect_onsets(TimeMap(np.array([0.0, duration]), np.array([0.0, by * duration])), onsets)
    return stretch(samples, RATE, time_map, onsets, 0.0, round(by * samples.shape[1]))


def _judge_all(takes: Iterable[Take], ear: Weights) -> Iterator[LoopVerdict]:
    return (judge_take(take, ear) for take in takes)


def _distances(moments: Seconds, truths: Seconds) -> Seconds:
    """Return the distance of each time after the nearest true one, in seconds."""
    behind: Seconds = moments - truths[np.abs(truths[:, np.newaxis] - moments).argmin(axis=0)]
    return behind


def _ignore(_fraction: float, _words: str) -> None:
    """Ignore progress."""
