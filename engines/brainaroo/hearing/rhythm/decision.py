"""Decides tempo, beats, meter and downbeats of one clip, from what a first stage of listening says of its frames.

Candidates for the tempo come from the resemblance of the clip to itself; each is followed through the clip, counted in
every meter, and described by numbers; a learned model says which count is right, and how sure that is.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from engines.brainaroo.hearing.evidence import BeatEvidence
from engines.brainaroo.hearing.rhythm.bars import place_downbeats
from engines.brainaroo.hearing.rhythm.counts import consider_counts
from engines.brainaroo.hearing.rhythm.cues import RhythmCues, RhythmHints
from engines.brainaroo.hearing.rhythm.judging import Verdict, judge_counts
from engines.brainaroo.hearing.rhythm.periods import comb, measure_resemblance, propose_periods
from engines.brainaroo.hearing.rhythm.pulses import follow_pulse
from engines.brainaroo.hearing.rhythm.signals import Signals, stack_signals
from engines.brainaroo.hearing.rhythm.tempo import measure_curve
from engines.music.analysis import UNKNOWN, Rhythm
from engines.music.context import Found

CANDIDATES: Final = 5
"""Tempos that are followed through a clip in the fast pass."""

SHORTEST: Final = 0.6
"""Seconds: two beats at 200. A shorter clip has no rhythm."""

LEAST_CONFIDENCE: Final = 0.15
"""Below this a tempo is not named at all."""

LOOP_CONFIDENT: Final = 0.3
"""How well a clip's length must fit whole bars, and its start a beat, to be called a loop."""

AT_END: Final = 0.04
"""Seconds before the end of a clip within which a beat belongs to what follows: evidence is about as wide."""

NO_RHYTHM: Final = Rhythm(Found(None, 0.0, "guess"))


def find_rhythm(
    evidence: BeatEvidence,
    duration: float,
    cues: RhythmCues | None = None,
    hints: RhythmHints | None = None,
    candidates: int = CANDIDATES,
) -> Rhythm:
    """Tempo, beats, meter, downbeats and loop length of a clip of `duration` seconds.

    More `candidates` take longer and find rarer tempos. The same input gives the same result. Raises ParamError where
    evidence and duration do not belong together.
    """
    hints = hints or RhythmHints()
    signals = stack_signals(evidence, duration, cues or RhythmCues())
    start, end = signals.sounding
    if end - start < SHORTEST or signals.strength <= 0.0:
        return NO_RHYTHM
    resemblance = measure_resemblance(signals)
    periods = propose_periods(resemblance, candidates)
    if not periods.size:
        return NO_RHYTHM
    strengths = comb(resemblance, periods)
    pulses = [follow_pulse(signals, float(p), float(s)) for p, s in zip(periods, strengths, strict=True)]
    counts = [count for pulse in pulses for count in consider_counts(signals, pulse, resemblance, hints.is_loop)]
    return describe_verdict(judge_counts(counts, signals, hints.bpm), signals)


def describe_verdict(verdict: Verdict, signals: Signals) -> Rhythm:
    """The rhythm that a verdict means."""
    if verdict.tempo_confidence < LEAST_CONFIDENCE:
        return NO_RHYTHM
    count = verdict.count
    pulse, loop = count.pulse, count.loop
    is_loop = loop.whole_bars * loop.starts_on_beat > LOOP_CONFIDENT
    # A loop's length tells its tempo better than beats do, which are known to a few milliseconds each.
    bpm = 60.0 * loop.bars * count.kind.beats / loop.length if is_loop else pulse.bpm
    start, end = signals.sounding
    # A beat on the very end is the first of what follows.
    heard = (pulse.beats >= start - 0.5 * pulse.period) & (pulse.beats < min(end, signals.duration - AT_END))
    indices = np.flatnonzero(heard)
    downbeats = [k for k in place_downbeats(count.odds, count.kind.beats, count.bars) if heard[k]]
    certainty = loop.whole_bars * loop.starts_on_beat * verdict.meter_confidence
    return Rhythm(
        tempo=Found(bpm, verdict.tempo_confidence, "clip"),
        beats=tuple(float(pulse.beats[k]) for k in indices),
        downbeats=tuple(float(pulse.beats[k]) for k in downbeats),
        meter=Found(count.kind.meter(bpm), verdict.meter_confidence, "clip"),
        curve=measure_curve(pulse.beats[indices], bpm),
        beats_confidence=verdict.tempo_confidence,
        downbeats_confidence=verdict.meter_confidence,
        loop_bars=Found(loop.bars, certainty, "clip") if is_loop else UNKNOWN,
    )
