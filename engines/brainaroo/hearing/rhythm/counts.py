"""Ways to count: a pulse with a meter, and what speaks for it, as numbers that a learned model weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engines.brainaroo.hearing.evidence import FRAMES_PER_SECOND
from engines.brainaroo.hearing.rhythm.bars import BarFit, fit_bars, weigh_downbeats
from engines.brainaroo.hearing.rhythm.loops import LoopFit, fit_loop
from engines.brainaroo.hearing.rhythm.pulses import PARTS, Pulse
from engines.brainaroo.hearing.rhythm.signals import ROW, Signals
from engines.brainaroo.hearing.sound import FloatArray
from engines.music.meter import Meter


@dataclass(frozen=True, slots=True)
class MeterKind:
    """Meters that count alike: `beats` to the bar, each of which falls into `parts`."""

    name: str
    beats: int
    parts: int

    def meter(self, bpm: float) -> Meter:
        """The signature at a tempo of beats: odd meters are written in eighths where quarters would be too fast.

        >>> MeterKind("seven", 7, 2).meter(240.0), MeterKind("seven", 7, 2).meter(120.0)
        (Meter(numerator=7, denominator=8), Meter(numerator=7, denominator=4))
        """
        if self.parts == 3:
            return Meter(3 * self.beats, 8)
        return Meter(self.beats, 8 if self.beats in (5, 7) and bpm > FASTEST_QUARTERS else 4)


FASTEST_QUARTERS: Final = 172.0
"""Beats of five and seven that are faster are eighths: between 5/4 at up to 170 and 5/8 from quarters of 87."""

KINDS: Final = (
    MeterKind("four", 4, 2),
    MeterKind("three", 3, 2),
    MeterKind("five", 5, 2),
    MeterKind("seven", 7, 2),
    MeterKind("six_eight", 2, 3),
    MeterKind("nine_eight", 3, 3),
    MeterKind("twelve_eight", 4, 3),
)

USUAL_BPM: Final = 110.0
"""Tempo features are octaves from here."""

CHANNELS_HEARD: Final = ("beat", "onset", "kick", "snare", "hat", "bass")
HALF, THIRD, TWO_THIRDS, QUARTER, THREE_QUARTERS = PARTS // 2, PARTS // 3, 2 * PARTS // 3, PARTS // 4, 3 * PARTS // 4

LAGS: Final = (0.25, 1 / 3, 0.5, 1.0, 2.0, 3.0, 4.0)
"""Beats after which the resemblance of the signals is a feature."""


@dataclass(frozen=True, eq=False)
class Count:
    """A pulse counted in a meter, with the bars that fit it best and what speaks for it.

    `odds`: how likely each beat is a downbeat, as log odds: float32 (beats,).
    """

    pulse: Pulse
    odds: FloatArray
    kind: MeterKind
    bars: BarFit
    loop: LoopFit
    features: FloatArray


def consider_counts(signals: Signals, pulse: Pulse, resemblance: FloatArray, is_loop: bool | None) -> tuple[Count, ...]:
    """All counts of a pulse, one for each of `KINDS`; their features are in the order of `FEATURES`."""
    shared = _pulse_features(pulse, resemblance)
    odds = weigh_downbeats(pulse)
    counts = []
    for kind in KINDS:
        loop = fit_loop(pulse, kind.beats, signals, is_loop)
        bars = fit_bars(pulse, odds, kind.beats, loop)
        own = _kind_features(pulse, kind, bars, loop)
        counts.append(Count(pulse, odds, kind, bars, loop, np.asarray((*shared, *own), dtype=np.float32)))
    return tuple(counts)


def _pulse_features(pulse: Pulse, resemblance: FloatArray) -> list[float]:
    """What speaks for a pulse whatever its meter."""
    tempo = float(np.log2(pulse.bpm / USUAL_BPM))
    period = pulse.period * FRAMES_PER_SECOND
    lags = np.interp(np.asarray(LAGS) * period, np.arange(resemblance.size), resemblance, right=0.0)
    profile = pulse.profile[[ROW[name] for name in CHANNELS_HEARD]]
    on, half = profile[:, 0], profile[:, HALF]
    thirds = 0.5 * (profile[:, THIRD] + profile[:, TWO_THIRDS])
    quarters = 0.5 * (profile[:, QUARTER] + profile[:, THREE_QUARTERS])
    snare, kick = pulse.at_beats[ROW["snare"]], pulse.at_beats[ROW["kick"]]
    return [
        tempo,
        tempo**2,
        max(0.0, tempo - 0.6) ** 2,
        max(0.0, -tempo - 0.6) ** 2,
        pulse.resemblance,
        pulse.jitter,
        *lags,
        *on,
        *half,
        *thirds,
        *quarters,
        profile[1, TWO_THIRDS] - profile[1, THIRD],
        *(_echo(snare, lag) for lag in (1, 2, 4)),
        *(_echo(kick, lag) for lag in (1, 2, 4)),
    ]


def _kind_features(pulse: Pulse, kind: MeterKind, bars: BarFit, loop: LoopFit) -> list[float]:
    """What speaks for one meter of a pulse."""
    tempo = float(np.log2(pulse.bpm / USUAL_BPM))
    onsets = pulse.profile[ROW["onset"]]
    ternary = float(kind.parts == 3)
    odd = float(kind.beats in (5, 7))
    thirds, half = 0.5 * (onsets[THIRD] + onsets[TWO_THIRDS]), onsets[HALF]
    return [
        *(float(kind is other) for other in KINDS[1:]),
        bars.contrast,
        bars.contrast * odd,
        bars.contrast * float(kind.beats == 3),
        bars.contrast * float(kind.beats == 2),
        bars.likeness,
        bars.likeness * odd,
        bars.snare_contrast * float(kind.beats == 4),
        bars.snare_contrast * float(kind.beats == 3),
        loop.whole_beats,
        loop.whole_bars,
        loop.usual_bars,
        loop.starts_on_beat,
        ternary * thirds,
        ternary * half,
        ternary * (onsets[TWO_THIRDS] - onsets[THIRD]),
        ternary * tempo,
        ternary * tempo**2,
        odd * tempo,
        odd * tempo**2,
    ]


PULSE_FEATURES: Final = (
    "tempo",
    "tempo_squared",
    "too_fast",
    "too_slow",
    "comb",
    "jitter",
    *(f"lag_{lag:.2f}" for lag in LAGS),
    *(f"{channel}_{place}" for place in ("on", "half", "thirds", "quarters") for channel in CHANNELS_HEARD),
    "swung",
    *(f"{drum}_echo_{lag}" for drum in ("snare", "kick") for lag in (1, 2, 4)),
)

KIND_FEATURES: Final = (
    *(f"is_{kind.name}" for kind in KINDS[1:]),
    "bar",
    "bar_of_odd",
    "bar_of_three",
    "bar_of_two",
    "likeness",
    "likeness_of_odd",
    "backbeat_of_four",
    "backbeat_of_three",
    "loop_beats",
    "loop_bars",
    "loop_usual",
    "loop_start",
    "ternary_thirds",
    "ternary_half",
    "ternary_swung",
    "ternary_tempo",
    "ternary_tempo_squared",
    "odd_tempo",
    "odd_tempo_squared",
)

FEATURES: Final = PULSE_FEATURES + KIND_FEATURES
"""The names of `Count.features`, in order."""


def _echo(strokes: FloatArray, lag: int) -> float:
    """How much strokes at beats come back some beats later: -1..1, 0 where there are none."""
    if strokes.size <= lag:
        return 0.0
    rest = strokes - strokes.mean()
    energy = float(rest @ rest)
    return float(rest[:-lag] @ rest[lag:]) / energy if energy > 1e-6 else 0.0
