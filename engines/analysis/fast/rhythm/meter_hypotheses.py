"""Meter hypotheses: combinations of a tatum, a beat shift and a meter, with their features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.bars import BAR_LENGTHS, fit_bars, measure_likeness, weigh_downbeats
from musearoo.engines.analysis.fast.rhythm.loop_length import LoopFit, fit_loops
from musearoo.engines.analysis.fast.rhythm.signals import ROW, Signals
from musearoo.engines.analysis.fast.rhythm.tatums import PARTS, Tatum
from musearoo.engines.music.meter import Meter


@dataclass(frozen=True, slots=True)
class MeterKind:
    """Meters with the same structure: `beats` to the bar, each divided into `parts`."""

    name: str
    beats: int
    parts: int

    def meter(self, bpm: float) -> Meter:
        """Return the time signature at a beat tempo: odd meters are written in eighths where quarters would be too
        fast.

        >>> MeterKind("seven", 7, 2).meter(240.0), MeterKind("seven", 7, 2).meter(120.0)
        (Meter(numerator=7, denominator=8), Meter(numerator=7, denominator=4))
        """
        if self.parts == 3:
            return Meter(3 * self.beats, 8)
        return Meter(self.beats, 8 if self.beats in (5, 7) and bpm > FASTEST_QUARTERS else 4)


FASTEST_QUARTERS: Final = 172.0
"""Faster beats of five and seven are eighths: this is between 5/4 at up to 170 BPM and 5/8 with quarters from 87
BPM.
"""

KINDS: Final = (
    MeterKind("four", 4, 2),
    MeterKind("three", 3, 2),
    MeterKind("five", 5, 2),
    MeterKind("seven", 7, 2),
    MeterKind("six_eight", 2, 3),
    MeterKind("nine_eight", 3, 3),
    MeterKind("twelve_eight", 4, 3),
)

SHIFTS: Final = (0, PARTS // 2, PARTS // 3, 2 * PARTS // 3)
"""Shifts of the beat against the tracked onsets, in parts of a beat: on them, or off the beat, as when hats or
backbeats are louder than what they surround."""

LOOP_PULL: Final = 5.0
"""Gain in nats for a downbeat on the first beat of a clip that fits as a loop of whole bars."""

USUAL_BPM: Final = 110.0
"""Reference of the tempo features, which are in octaves."""

LAGS: Final = (0.25, 1 / 3, 0.5, 1.0, 2.0, 3.0, 4.0)
"""Lags in beats at which the self-similarity of the signals is a feature."""

PROFILE_CHANNELS: Final = ("beat", "downbeat", "onset", "kick", "snare", "hat", "bass", "harmony")
"""Channels whose strength on and between beats is a feature."""

PROFILE_POSITIONS: Final = {"on": 0, "half": 6, "third": 4, "two_thirds": 8, "quarter": 3, "three_quarters": 9}
"""Positions within the beat, in parts, at which strength is measured."""

ECHOED: Final = ("snare", "kick")
ECHO_LAGS: Final = (1, 2, 4)
"""Drums whose self-similarity is a feature, and the lags in beats."""

TATUM_FEATURES: Final = (
    *("tempo", "tempo_squared", "too_fast", "too_slow", "comb", "jitter"),
    *(f"lag_{lag:.2f}" for lag in LAGS),
    *(f"{channel}_{place}" for channel in PROFILE_CHANNELS for place in PROFILE_POSITIONS),
    *(f"{drum}_echo_{lag}" for drum in ECHOED for lag in ECHO_LAGS),
    *(f"shift_{shift}" for shift in SHIFTS[1:]),
)

KIND_FEATURES: Final = (
    *(f"is_{kind.name}" for kind in KINDS[1:]),
    *("bar", "bar_of_odd", "bar_of_three", "bar_of_two", "likeness", "likeness_of_odd"),
    *("backbeat_of_four", "backbeat_of_three", "loop_beats", "loop_bars", "loop_usual", "loop_start"),
    *("ternary_thirds", "ternary_half", "ternary_swung", "ternary_tempo", "ternary_tempo_squared"),
    *("odd_tempo", "odd_tempo_squared"),
)

FEATURES: Final = TATUM_FEATURES + KIND_FEATURES
"""Names of the features of a hypothesis, in order."""

_ECHOED_ROWS: Final = [ROW[name] for name in ECHOED]
_PROFILE_ROWS: Final = [ROW[name] for name in PROFILE_CHANNELS]
_SHIFTED: Final = (np.asarray(SHIFTS)[:, np.newaxis] + np.asarray(list(PROFILE_POSITIONS.values()))) % PARTS
_LENGTH_OF: Final = [BAR_LENGTHS.index(kind.beats) for kind in KINDS]
_IS_SHIFT: Final = np.eye(len(SHIFTS), dtype=np.float32)[:, 1:]
_IS_KIND: Final = np.eye(len(KINDS), dtype=np.float32)[:, 1:]
_ALL: Final = np.newaxis


def _where(*conditions: Callable[[MeterKind], bool]) -> FloatArray:
    """1 where a kind meets a condition: float32 (kinds, conditions)."""
    return np.asarray([[condition(kind) for condition in conditions] for kind in KINDS], dtype=np.float32)


def _is_any(_kind: MeterKind) -> bool:
    return True


def _is_ternary(kind: MeterKind) -> bool:
    return kind.parts == 3


def _is_odd(kind: MeterKind) -> bool:
    return kind.beats in (5, 7)


_IS_TERNARY: Final = _where(_is_ternary)
_CONTRAST_OF: Final = _where(_is_any, _is_odd, lambda kind: kind.beats == 3, lambda kind: kind.beats == 2)
_LIKENESS_OF: Final = _where(_is_any, _is_odd)
_BACKBEAT_OF: Final = _where(lambda kind: kind.beats == 4, lambda kind: kind.beats == 3)
_TEMPO_OF: Final = _where(_is_ternary, _is_ternary, _is_odd, _is_odd)


@dataclass(frozen=True, eq=False)
class MeterHypotheses:
    """All meter hypotheses of one tatum: one for each of `SHIFTS` and each of `KINDS`.

    `features`: float32 (shifts, kinds, features), in the order of `FEATURES`. `odds`: float32 (shifts, beats), how
    likely each beat is a downbeat. `first`: the first downbeat, by shift and bar length, in the same order as `loops`.
    """

    tatum: Tatum
    features: FloatArray
    odds: FloatArray
    first: npt.NDArray[np.int64]
    loops: LoopFit


def form_meter_hypotheses(
    signals: Signals, tatum: Tatum, resemblance: FloatArray, is_loop: bool | None
) -> MeterHypotheses:
    """Return all meter hypotheses of a tatum with their features."""
    # (channels, shifts, beats)
    at_beats = tatum.part_strengths[:, :, SHIFTS].transpose(0, 2, 1)
    odds = weigh_downbeats(tatum, SHIFTS)
    snares = at_beats[ROW["snare"]]
    loops = fit_loops(tatum, np.asarray(SHIFTS), np.asarray(BAR_LENGTHS), signals, is_loop)
    places = np.asarray(SHIFTS)[:, np.newaxis] / PARTS
    pulled = np.rint((loops.start - tatum.beats[0]) / tatum.period - places).astype(np.int64)
    bars = fit_bars(odds, snares, LOOP_PULL * loops.whole_bars * loops.starts_on_beat, pulled)
    # (shifts, kinds)
    contrast, backbeat = bars.contrast[:, _LENGTH_OF], bars.backbeat[:, _LENGTH_OF]
    likeness = np.asarray([measure_likeness(tatum.echoes, length) for length in BAR_LENGTHS])[_LENGTH_OF]
    tempo = float(np.log2(tatum.bpm / USUAL_BPM))
    # (shifts, channels, places)
    profile = tatum.part_strengths[_PROFILE_ROWS].mean(axis=1)[:, _SHIFTED].transpose(1, 0, 2)
    _, half, third, two_thirds, _, _ = profile[:, PROFILE_CHANNELS.index("onset")].T
    parts = np.stack((0.5 * (third + two_thirds), half, two_thirds - third), axis=-1)
    fits = np.stack((loops.whole_beats, loops.whole_bars, loops.usual_bars, loops.starts_on_beat), axis=-1)
    # Each is (shifts or 1, kinds or 1, features).
    blocks = (
        np.asarray([*_describe_tempo(tempo), tatum.resemblance, tatum.jitter, *_lag(resemblance, tatum)])[_ALL, _ALL],
        profile.reshape(len(SHIFTS), 1, -1),
        _echoes(at_beats[_ECHOED_ROWS])[:, _ALL],
        _IS_SHIFT[:, _ALL],
        _IS_KIND[_ALL],
        contrast[:, :, _ALL] * _CONTRAST_OF,
        (likeness[:, _ALL] * _LIKENESS_OF)[_ALL],
        backbeat[:, :, _ALL] * _BACKBEAT_OF,
        fits[:, _LENGTH_OF],
        parts[:, _ALL] * _IS_TERNARY,
        (np.asarray([tempo, tempo**2, tempo, tempo**2]) * _TEMPO_OF)[_ALL],
    )
    features = np.empty((len(SHIFTS), len(KINDS), len(FEATURES)), dtype=np.float32)
    start = 0
    for block in blocks:
        features[:, :, start : start + block.shape[-1]] = block
        start += block.shape[-1]
    return MeterHypotheses(tatum, features, odds, bars.first, loops)


def _describe_tempo(tempo: float) -> tuple[float, float, float, float]:
    """Return polynomial features of a tempo in octaves, so that a linear model can fit a curve."""
    return tempo, tempo**2, max(0.0, tempo - 0.6) ** 2, max(0.0, -tempo - 0.6) ** 2


def _lag(resemblance: FloatArray, tatum: Tatum) -> npt.NDArray[np.float64]:
    """Return the self-similarity at `LAGS` of a tatum."""
    lags = np.asarray(LAGS) * (tatum.period * FRAMES_PER_SECOND)
    return np.interp(lags, np.arange(resemblance.size), resemblance, right=0.0)


def _echoes(strokes: FloatArray) -> FloatArray:
    """Return the self-similarity of drum onsets some beats later: (shifts, drums * lags) of (drums, shifts, beats).

    -1..1, drum by drum in the order of `ECHO_LAGS`; 0 where there are no strokes.
    """
    drums, shifts, count = strokes.shape
    rest = strokes - strokes.mean(axis=2, keepdims=True)
    energy = np.maximum(np.einsum("dsb,dsb->ds", rest, rest), 1e-6)
    echoes = np.zeros((drums, len(ECHO_LAGS), shifts), dtype=np.float32)
    for k, lag in enumerate(ECHO_LAGS):
        if lag < count:
            echoes[:, k] = np.einsum("dsb,dsb->ds", rest[:, :, :-lag], rest[:, :, lag:]) / energy
    return echoes.reshape(-1, shifts).T
