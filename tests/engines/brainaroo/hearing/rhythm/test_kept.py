"""Rhythms as they were found: steady and bending, swung, in every meter, with the set's hints and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engines.brainaroo.hearing.rhythm import RhythmHints, find_rhythm
from engines.brainaroo.hearing.rhythm.periods import measure_resemblance, propose_periods
from engines.brainaroo.hearing.rhythm.signals import stack_signals
from engines.brainaroo.hearing.rhythm.tempo import measure_curve
from tests.engines.brainaroo.hearing.rhythm.songs import FIVE, ROCK, SIX_EIGHT, SWING, WALTZ, perform
from tests.kept import Outcome, check_kept, write

PATTERNS = ((ROCK, 4), (WALTZ, 3), (FIVE, 5), (SIX_EIGHT, 2), (SWING, 4))


def outcomes() -> Iterator[Outcome]:
    for number in range(20):
        pattern, bar = PATTERNS[number % len(PATTERNS)]
        bpm, seconds = 62.0 + 37.0 * (number % 4) + number, (7.0, 13.0, 20.0)[number % 3]
        bend = (0.0, 0.0, 0.15, -0.1)[number // 2 % 4]
        steps = 60.0 / bpm * (1.0 + bend * np.linspace(0.0, 1.0, round(seconds * bpm / 60.0) - 1))
        beats = [0.07 * (number % 5), *(0.07 * (number % 5) + np.cumsum(steps))]
        evidence, cues = perform(pattern, bar, beats, seconds, number, number % bar)
        hints = RhythmHints(bpm=2.0 * bpm) if number % 4 == 3 else None
        yield f"rhythm {number}", write(find_rhythm(evidence, seconds, cues, hints), 4)
        signals = stack_signals(evidence, seconds, cues)
        resemblance = measure_resemblance(signals)
        yield f"periods {number}", write(propose_periods(resemblance, 6), 4)
        yield f"short {number}", write(propose_periods(resemblance[: 20 + 9 * number], 6), 4)
        yield f"curve {number}", write(measure_curve(np.asarray(beats), bpm), 4)


def test_rhythms_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
