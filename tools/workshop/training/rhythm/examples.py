"""Excerpts with their truth as rhythm is decided from them: evidence of both passes, cues, and crops of these."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from musearoo.bridge.audio.files import read_audio
from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND, BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.network import listen
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.analyzer import Learned, make_cues
from musearoo.engines.analysis.fast.harmony.spectrum import compute_harmonic_spectrum
from musearoo.engines.analysis.fast.rhythm import RhythmCues
from musearoo.engines.analysis.fast.rhythm.beats import Beats
from musearoo.engines.music.timing import bpm_of_period
from musearoo.engines.neural.madmom.analyzer import join_evidence
from musearoo.engines.neural.madmom.evidence import run_networks

CROP_SECONDS: Final = (5.0, 8.0, 8.0, 12.0, 20.0)
"""Lengths of crops in seconds: clips in Live are short."""


MOST_DRIFT: Final = 0.1
"""The maximum relative deviation of a drifting tempo."""

LOOP_BARS: Final = (1, 2, 2, 4, 4)
SHORTEST_LOOP: Final = 1.2
"""Loops that are cut from longer pieces: how many bars they may have, and the seconds that they have at least."""

WITHOUT_CUES: Final = 0.25
DRIFTING: Final = 0.25
"""Shares of crops that are heard without drums and harmony, and of those whose tempo drifts."""


@dataclass(frozen=True, eq=False)
class Truth:
    """The ground truth of an excerpt: BPM, seconds, and the time signature as text."""

    tempo: float
    beats: Beats
    downbeats: Beats
    meter: str


@dataclass(frozen=True, eq=False)
class Example:
    """An excerpt's input to the rhythm decision; `truth` is None without a beat."""

    kind: str
    truth: Truth | None
    evidence: BeatEvidence
    cues: RhythmCues
    duration: float


def read_examples(folder: Path, cache: Path, learned: Learned, deep: bool) -> Iterator[Example]:
    """The examples of a split's folder as `tools.workshop.corpora` writes it: a folder for each kind of music.

    Evidence is kept in `cache`, where it is found the next time: a folder for one version of the ear alone.
    """
    for described in sorted(folder.glob("*/*.json")):
        audio = described.with_suffix(".flac")
        told = json.loads(described.read_text())
        if not audio.exists() or len(told["beats"]) < 3:
            continue
        truth = Truth(told["tempo"], np.asarray(told["beats"]), np.asarray(told["downbeats"]), told["meter"])
        kept = cache / ("deep" if deep else "fast") / audio.parent.name / f"{audio.stem}.npz"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            save_example(kept, hear_example(read_audio(audio), audio.parent.name, truth, learned, deep))
        yield load_example(kept, audio.parent.name, truth)


def hear_example(sound: Sound, kind: str, truth: Truth | None, learned: Learned, deep: bool) -> Example:
    """Return the evidence of the fast or the deep pass for a sound."""
    heard = listen(compute_spectrogram(sound), learned.ear)
    if deep:
        heard = join_evidence(heard, run_networks(sound, lambda _fraction, _text: None))
    cues = make_cues(sound, heard, compute_harmonic_spectrum(sound))
    return Example(kind, truth, heard.beats, cues, sound.duration)


def save_example(path: Path, example: Example) -> None:
    """Cache an example without its truth; `load_example` is the inverse."""
    evidence, cues = example.evidence, example.cues
    arrays = {"beat": evidence.beat, "downbeat": evidence.downbeat, "onset": evidence.onset}
    if cues.drums is not None and cues.bass is not None and cues.harmony is not None:
        arrays |= {"drums": cues.drums.onsets, "bass": cues.bass, "harmony": cues.harmony}
    span = cues.sounding or (0.0, example.duration)
    np.savez(path, times=np.asarray([example.duration, *span]), **arrays)  # type: ignore[arg-type]


def load_example(path: Path, kind: str, truth: Truth | None) -> Example:
    """Return an example that `save_example` cached."""
    with np.load(path) as kept:
        duration, start, end = kept["times"].tolist()
        drums = DrumEvidence(kept["drums"])
        cues = RhythmCues(drums=drums, bass=kept["bass"], harmony=kept["harmony"], sounding=(start, end))
        return Example(kind, truth, BeatEvidence(kept["beat"], kept["downbeat"], kept["onset"]), cues, duration)


def crop(example: Example, start: float, end: float) -> Example:
    """Return a part of an example, from and to whole frames."""
    first, last = round(start * FRAMES_PER_SECOND), round(end * FRAMES_PER_SECOND)
    start, end = first / FRAMES_PER_SECOND, last / FRAMES_PER_SECOND
    evidence, cues, truth = example.evidence, example.cues, example.truth
    if truth is not None:
        beats, downbeats = (t[(t >= start) & (t < end)] - start for t in (truth.beats, truth.downbeats))
        tempo = bpm_of_period(float(np.median(np.diff(beats)))) if beats.size > 3 else truth.tempo
        truth = Truth(tempo, beats, downbeats, truth.meter)
    span = cues.sounding or (0.0, example.duration)
    return Example(
        example.kind,
        truth,
        BeatEvidence(evidence.beat[first:last], evidence.downbeat[first:last], evidence.onset[first:last]),
        RhythmCues(
            drums=None if cues.drums is None else DrumEvidence(cues.drums.onsets[first:last]),
            bass=None if cues.bass is None else cues.bass[first:last],
            harmony=None if cues.harmony is None else cues.harmony[first:last],
            sounding=(max(0.0, span[0] - start), max(0.0, min(end, span[1]) - start)),
        ),
        end - start,
    )


def cut_loop(example: Example, chance: np.random.Generator) -> Example | None:
    """Return some whole bars of an example as a loop; None if there are too few or they are too short."""
    if example.truth is None:
        return None
    bars, downbeats = int(chance.choice(LOOP_BARS)), example.truth.downbeats
    if downbeats.size <= bars:
        return None
    first = int(chance.integers(downbeats.size - bars))
    start, end = float(downbeats[first]), float(downbeats[first + bars])
    part = crop(example, start, end)
    if end - start < SHORTEST_LOOP or part.truth is None or part.truth.beats.size < 3:
        return None
    return replace(part, kind="loops")


def drift(example: Example, chance: np.random.Generator) -> Example:
    """Return an example with a smoothly drifting tempo, by up to `MOST_DRIFT`: renders have constant tempo, people do
    not.
    """
    rates = 1.0 + chance.uniform(0.2, 1.0) * MOST_DRIFT * np.sin(
        np.linspace(0.0, np.pi * chance.uniform(0.5, 2.0), example.evidence.beat.size) + chance.uniform(0.0, 2 * np.pi)
    )
    # Frame k of the new example is heard at frame `heard[k]` of the old one.
    heard = np.cumsum(rates) - rates[0]
    frames = int(np.searchsorted(heard, rates.size - 1))
    old = np.arange(rates.size)

    def bend(signal: FloatArray) -> FloatArray:
        bent: FloatArray = np.interp(heard[:frames], old, signal).astype(np.float32)
        return bent

    def move(times: Beats) -> Beats:
        moved = np.interp(times * FRAMES_PER_SECOND, heard, old) / FRAMES_PER_SECOND
        return moved[moved < frames / FRAMES_PER_SECOND]

    evidence, cues, truth = example.evidence, example.cues, example.truth
    if truth is not None:
        beats = move(truth.beats)
        tempo = bpm_of_period(float(np.median(np.diff(beats)))) if beats.size > 3 else truth.tempo
        truth = Truth(tempo, beats, move(truth.downbeats), truth.meter)
    drums = None if cues.drums is None else DrumEvidence(np.stack([bend(row) for row in cues.drums.onsets.T], axis=1))
    bass = None if cues.bass is None else bend(cues.bass)
    harmony = None if cues.harmony is None else bend(cues.harmony)
    duration = frames / FRAMES_PER_SECOND
    bent = BeatEvidence(bend(evidence.beat), bend(evidence.downbeat), bend(evidence.onset))
    return Example(example.kind, truth, bent, RhythmCues(drums=drums, bass=bass, harmony=harmony), duration)


def vary(example: Example, crops: int, chance: np.random.Generator) -> Iterator[tuple[Example, float]]:
    """An example and crops of it, each with its weight; one crop is a loop.

    Loops themselves are not cropped but heard without their drums.
    """
    yield example, 1.0
    without_cues = RhythmCues(sounding=example.cues.sounding)
    if example.kind == "loops":
        yield replace(example, cues=without_cues), 0.5
        return
    loop = cut_loop(example, chance)
    if loop is not None:
        yield loop, 0.5
    for _ in range(crops):
        length = float(chance.choice(CROP_SECONDS))
        if example.duration < length + 1.0:
            continue
        start = float(chance.uniform(0.0, example.duration - length))
        part = crop(example, start, start + length)
        if chance.random() < DRIFTING:
            part = drift(part, chance)
        if chance.random() < WITHOUT_CUES:
            part = replace(part, cues=RhythmCues(sounding=part.cues.sounding))
        if part.truth is None or part.truth.beats.size >= 3:
            yield part, 0.5
