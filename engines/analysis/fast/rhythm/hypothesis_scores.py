"""Scores of meter hypotheses: the likeliest one, and confidences of tempo, beats and meter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.rhythm.learned_tables import COUNT_FEATURES, COUNT_HIDDEN, MUSIC_WEIGHTS
from musearoo.engines.analysis.fast.rhythm.meter_hypotheses import FEATURES, KINDS, SHIFTS, MeterHypotheses, MeterKind
from musearoo.engines.analysis.fast.rhythm.signals import ROW, Signals
from musearoo.engines.analysis.fast.rhythm.tables import read_table
from musearoo.engines.analysis.fast.rhythm.tempo_candidates import SAME

HINT_PULL: Final = 2.0
"""Gain in nats of hypotheses that agree with the set's tempo: it decides between octaves when the sound is
ambiguous.
"""

HINT_SAME: Final = 0.02
"""The maximum relative tempo difference of a clip that was made for the set."""

MUSIC_FEATURES: Final = ("lag_0.50", "lag_1.00", "lag_2.00", "lag_4.00", "onset_on", "kick_on", "snare_on", "hat_on")
"""Features of the chosen hypothesis that separate music from speech and noise: speech repeats nothing two beats later.
"""

WIDEST: Final = 5.0
"""Clipping of standardised features, in standard deviations: values never seen in training must not decide alone."""

_FEATURES: Final = read_table(COUNT_FEATURES)
_MEANS, _SCALES, _DIRECT = (np.asarray([_FEATURES[name][k] for name in FEATURES], dtype=np.float32) for k in range(3))
_HIDDEN: Final = np.asarray([_FEATURES[name][3:] for name in FEATURES], dtype=np.float32)
_OFFSETS, _OUT = (np.asarray(row, dtype=np.float32) for row in read_table(COUNT_HIDDEN).values())
_MUSIC: Final = read_table(MUSIC_WEIGHTS)
_MUSIC_COLUMNS: Final = [FEATURES.index(name) for name in MUSIC_FEATURES]


@dataclass(frozen=True, eq=False)
class Verdict:
    """The likeliest meter hypothesis, and the probability that it is right in each respect, 0..1.

    `shift`, `kind`: indices into `SHIFTS` and `KINDS`.
    """

    hypotheses: MeterHypotheses
    shift: int
    kind: int
    tempo_confidence: float
    beats_confidence: float
    meter_confidence: float

    @property
    def meter_kind(self) -> MeterKind:
        """The kind of meter."""
        return KINDS[self.kind]


def choose_hypothesis(candidates: Sequence[MeterHypotheses], signals: Signals, bpm_hint: float | None) -> Verdict:
    """Choose the likeliest hypothesis over all tatums; there must be at least one tatum."""
    scores = score_features(np.stack([hypotheses.features for hypotheses in candidates]))
    if bpm_hint is not None:
        scores += (
            HINT_PULL
            * np.asarray([agrees_with(hypotheses.tatum.bpm, bpm_hint) for hypotheses in candidates])[:, np.newaxis]
        )
    likelihoods = np.exp(scores - scores.max())
    likelihoods /= likelihoods.sum()
    tatum, shift, kind = (int(k) for k in np.unravel_index(int(likelihoods.argmax()), likelihoods.shape))
    chosen = candidates[tatum]
    bpms = np.asarray([hypotheses.tatum.bpm for hypotheses in candidates])
    same_tempo = np.abs(np.log(bpms / chosen.tatum.bpm)) < SAME
    music = weigh_music(chosen, shift, signals)
    return Verdict(
        hypotheses=chosen,
        shift=shift,
        kind=kind,
        tempo_confidence=float(likelihoods[same_tempo].sum()) * music,
        beats_confidence=float(likelihoods[same_tempo, shift].sum()) * music,
        meter_confidence=float(likelihoods[:, :, kind].sum()) * music,
    )


def score_features(features: FloatArray) -> FloatArray:
    """Return the score of each hypothesis in nats, relative to the others of a clip: (...,) of (..., features).

    The trained score is a linear function of the standardised features and of a few shared hidden units.
    """
    standard = np.clip((features - _MEANS) / _SCALES, -WIDEST, WIDEST)
    scores: FloatArray = standard @ _DIRECT + np.tanh(standard @ _HIDDEN + _OFFSETS) @ _OUT
    return scores


def agrees_with(bpm: float, set_bpm: float) -> list[bool]:
    """For each of `KINDS`, whether beats at `bpm` in such a meter have the set's tempo.

    >>> agrees_with(80.0, 120.0)
    [False, False, False, False, True, True, True]
    """
    meters = [kind.meter(bpm) for kind in KINDS]
    quarters = [12.0 / meter.denominator if meter.is_compound else 4.0 / meter.denominator for meter in meters]
    return [abs(float(np.log(bpm * each / set_bpm))) < HINT_SAME for each in quarters]


def describe_music(hypotheses: MeterHypotheses, shift: int, signals: Signals) -> dict[str, float]:
    """Return the features that separate music with a beat from noise, drones, speech and single hits."""
    tatum = hypotheses.tatum
    beat = tatum.part_strengths[ROW["beat"]].mean(axis=0)
    # These are the same for every meter.
    shared = hypotheses.features[shift, 0, _MUSIC_COLUMNS].tolist()
    return {
        "strength": signals.strength,
        "contrast": float(beat[SHIFTS[shift]] - beat.mean()),
        "comb": tatum.resemblance,
        "jitter": min(tatum.jitter, 0.5),
        "beats": float(np.log2(max(tatum.beats.size, 1))),
        "beat_sharpness": 1.0 - float(signals.row("beat").mean()),
        "onset_sharpness": 1.0 - float(signals.row("onset").mean()),
        **dict(zip(MUSIC_FEATURES, shared, strict=True)),
    }


def weigh_music(hypotheses: MeterHypotheses, shift: int, signals: Signals) -> float:
    """Return the probability that a clip has a beat at all, 0..1."""
    described = describe_music(hypotheses, shift, signals)
    odds = _MUSIC["bias"][0] + sum(_MUSIC[name][0] * value for name, value in described.items())
    return float(1.0 / (1.0 + np.exp(-odds)))
