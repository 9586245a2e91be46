"""Decide tempo, beats, meter and downbeats of a clip from its activations.

Tempo candidates come from the clip's self-similarity. Each is tracked through the clip, combined with every meter, and
described by features. A trained model chooses the meter hypothesis and estimates its confidence.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND, BeatEvidence
from musearoo.engines.analysis.fast.rhythm.bars import BAR_LENGTHS, place_downbeats
from musearoo.engines.analysis.fast.rhythm.beats import Beats, sharpen
from musearoo.engines.analysis.fast.rhythm.cues import RhythmCues, RhythmHints
from musearoo.engines.analysis.fast.rhythm.hypothesis_scores import Verdict, choose_hypothesis
from musearoo.engines.analysis.fast.rhythm.meter_hypotheses import LOOP_PULL, SHIFTS, form_meter_hypotheses
from musearoo.engines.analysis.fast.rhythm.signals import Signals, stack_signals
from musearoo.engines.analysis.fast.rhythm.tatums import AT_END, PARTS, Tatum, track_tatum
from musearoo.engines.analysis.fast.rhythm.tempo import measure_curve
from musearoo.engines.analysis.fast.rhythm.tempo_candidates import comb, measure_resemblance, propose_tempo_candidates
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import Rhythm
from musearoo.engines.music.timing import mean_bpm

CANDIDATES: Final = 4
"""Number of tempo candidates in the fast pass."""

SHORTEST: Final = 0.6
"""Seconds: two beats at 200 BPM. A shorter clip has no rhythm."""

LEAST_CONFIDENCE: Final = 0.15
"""Confidence below which no tempo is reported."""

LOOP_CONFIDENT: Final = 0.3
"""Minimum fit of a clip's length to whole bars, and of its start to a beat, to be called a loop."""

EARLY: Final = 0.25
"""Beats by which the first beat may precede the first sound: a soft attack, or an anticipated beat."""

NO_RHYTHM: Final = Rhythm(Estimate(None, 0.0, "guess"))


def find_rhythm(
    evidence: BeatEvidence,
    duration: float,
    cues: RhythmCues | None = None,
    hints: RhythmHints | None = None,
    candidates: int = CANDIDATES,
) -> Rhythm:
    """Return tempo, beats, meter, downbeats and loop length of a clip of `duration` seconds.

    More `candidates` take longer and find rarer tempos. The same input gives the same result. Raises ParamError where
    evidence and duration do not belong together.
    """
    hints = hints or RhythmHints()
    signals = stack_signals(evidence, duration, cues or RhythmCues())
    start, end = signals.sounding
    if end - start < SHORTEST or signals.strength <= 0.0:
        return NO_RHYTHM
    resemblance = measure_resemblance(signals)
    periods = propose_tempo_candidates(resemblance, candidates)
    if not periods.size:
        return NO_RHYTHM
    strengths = comb(resemblance, periods)
    tatums = [track_tatum(signals, float(p), float(s)) for p, s in zip(periods, strengths, strict=True)]
    hypotheses = [form_meter_hypotheses(signals, tatum, resemblance, hints.is_loop) for tatum in tatums]
    return describe_verdict(choose_hypothesis(hypotheses, signals, hints.bpm), signals)


def describe_verdict(verdict: Verdict, signals: Signals) -> Rhythm:
    """Return the rhythm of the chosen hypothesis."""
    if verdict.tempo_confidence < LEAST_CONFIDENCE:
        return NO_RHYTHM
    loops, kind = verdict.hypotheses.loops, verdict.meter_kind
    loop = verdict.shift, BAR_LENGTHS.index(kind.beats)
    fit = float(loops.whole_bars[loop] * loops.starts_on_beat[loop])
    is_loop = fit > LOOP_CONFIDENT
    bars = int(loops.bars[loop])
    # A loop's length determines its tempo better than its beats do, which are accurate to a few milliseconds each.
    bpm = mean_bpm(bars * kind.beats, float(loops.length[loop])) if is_loop else verdict.hypotheses.tatum.bpm
    beats, is_downbeat = place_bars(verdict, 1.0 + LOOP_PULL * fit, signals)
    return Rhythm(
        tempo=Estimate(bpm, verdict.tempo_confidence, "clip"),
        beats=tuple(beats.tolist()),
        downbeats=tuple(beats[is_downbeat].tolist()),
        meter=Estimate(kind.meter(bpm), verdict.meter_confidence, "clip"),
        curve=measure_curve(beats, bpm),
        beats_confidence=verdict.beats_confidence,
        downbeats_confidence=verdict.beats_confidence * verdict.meter_confidence,
        loop_bars=Estimate(bars, fit * verdict.meter_confidence, "clip") if is_loop else UNKNOWN,
    )


def place_bars(verdict: Verdict, pull: float, signals: Signals) -> tuple[Beats, npt.NDArray[np.bool_]]:
    """Return the times of the audible beats in seconds, and which of them are downbeats.

    `pull`: the nats in favour of the verdict's first downbeat.
    """
    hypotheses, bar_beats = verdict.hypotheses, verdict.meter_kind.beats
    first = int(hypotheses.first[verdict.shift, BAR_LENGTHS.index(bar_beats)])
    downbeats = place_downbeats(hypotheses.odds[verdict.shift], bar_beats, first, pull)
    inner = place_beats(hypotheses.tatum, SHIFTS[verdict.shift], signals)
    # One more beat at either end, if there is room: a shifted count begins and ends elsewhere.
    period = hypotheses.tatum.period
    beats = np.concatenate(([inner[0] - period], inner, [inner[-1] + period]))
    is_downbeat = np.zeros(beats.size, dtype=bool)
    if downbeats:
        is_downbeat[np.asarray(downbeats) + 1] = True
        is_downbeat[0] = (downbeats[0] + 1) % bar_beats == 0
        is_downbeat[-1] = inner.size - downbeats[-1] == bar_beats
    start, end = signals.sounding
    last = min(end, signals.duration - AT_END / FRAMES_PER_SECOND)
    sounds = (beats >= max(0.0, start - EARLY * period)) & (beats < last)
    return beats[sounds], is_downbeat[sounds]


def place_beats(tatum: Tatum, shift: int, signals: Signals) -> Beats:
    """Return the times of a tatum's beats in seconds, moved by `shift` parts of a beat."""
    if not shift:
        return tatum.beats
    steps = np.diff(tatum.beats, append=tatum.beats[-1] + tatum.period)
    frames = np.rint((tatum.beats + steps * (shift / PARTS)) * FRAMES_PER_SECOND).astype(np.int64)
    inside = np.clip(frames, 0, signals.frames - 1)
    moved = sharpen(signals.row("beat"), inside) / FRAMES_PER_SECOND
    return np.where(frames == inside, moved, tatum.beats + steps * (shift / PARTS))
