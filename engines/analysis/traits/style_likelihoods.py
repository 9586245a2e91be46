"""Style likelihoods: how well tempo, swing, drum pattern and chords fit each style preset.

The styles come as data, so a user's own preset is recognised as the built-in ones are. Plain Python, for audio and MIDI
alike: both bring the same few features.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from typing import Final

from musearoo.engines.analysis.traits.drum_pattern import BEATS, SIXTEENTHS, DrumPattern, Stroke, find_pattern
from musearoo.engines.analysis.traits.pattern_tables import PLAYED_FEET, PLAYED_HANDS
from musearoo.engines.music.knowledge.analysis import DetectedChord, Harmony, Rhythm, StyleGuess
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.styles.drums import Groove, Timekeeper
from musearoo.engines.styles.rows import OnsetRow, likelihood
from musearoo.engines.styles.schema import Style

RAREST: Final = 0.1
"""The minimum probability of a stroke, and of silence: players vary from any preset."""
STRAY: Final = 0.2
"""The probability of a stroke on any sixteenth for an unknown style."""

TRIALS: Final = 4.0
"""The number of independent sixteenths in a bar's sixteen: strokes depend on their neighbours."""
ENOUGH_BARS: Final = 4.0
"""The number of bars for full confidence in a pattern; later bars repeat."""

WITHOUT_DRUMS: Final = 0.4
"""The weight of tempo, swing and chords without drums, relative to that with drums: each suits many styles."""
KIN_LEND: Final = 0.5
"""The share of its relatives' likelihood that goes to the likeliest style: similar deep house makes house no less
likely.

Relatives are a style, its base, and other styles with the same base.
"""
Cues = tuple[float, float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class StyleFeatures:
    """The features of a style decision; None where unknown. `bpm` counts quarter notes, as presets do."""

    bpm: float | None = None
    swing: float | None = None
    pattern: DrumPattern | None = None
    sevenths: float | None = None
    """The share of the chords' time with a seventh or more, 0..1."""

    @property
    def is_nothing(self) -> bool:
        """Return whether there is too little evidence for a style: a tempo alone is not enough."""
        return self.pattern is None and self.sevenths is None


@dataclass(frozen=True, slots=True)
class CueWeights:
    """The weight of each cue's log likelihood, and the score of an unknown style.

    Fitted by `tools/workshop/training/drums/styles.py`, except `chords`, which drum data does not contain, and `swing`
    and `breadth`, where a wide range is equally good: the value at the end that keeps straight music out of swung
    styles is used. `branch` is the handicap of a style that is based on another, since there is more music of the base
    style.
    """

    tempo: float = 2.85
    swing: float = 0.6
    feet: float = 1.58
    hands: float = 0.42
    chords: float = 1.0
    breadth: float = 0.2
    branch: float = 0.8
    none: float = -1.39


WEIGHTS: Final = CueWeights()


def guess_styles(
    features: StyleFeatures, styles: Mapping[str, Style], weights: CueWeights = WEIGHTS
) -> tuple[StyleGuess, ...]:
    """Return the styles, likeliest first; the likelihoods add up to 1 and are equal where nothing is known."""
    if not styles:
        return ()
    flat = 1.0 / len(styles)
    if features.is_nothing:
        return tuple(StyleGuess(name, flat) for name in sorted(styles))
    scores = {name: score_style(features, style, weights) for name, style in styles.items()}
    none = score_none(features, weights) + math.log(len(styles))
    highest = max(none, *scores.values())
    powers = {name: math.exp(score - highest) for name, score in scores.items()}
    unknown = math.exp(none - highest)
    whole = unknown + sum(powers.values())
    # The evidence for no style counts equally for all of them.
    shares = _lend_to_kin({name: (power + unknown * flat) / whole for name, power in powers.items()}, styles)
    guesses = [StyleGuess(name, share) for name, share in shares.items()]
    return tuple(sorted(guesses, key=lambda guess: (-guess.likelihood, guess.name)))


def _lend_to_kin(shares: dict[str, float], styles: Mapping[str, Style]) -> dict[str, float]:
    """Return the likelihoods after the likeliest style took a share from its relatives."""
    best = min(shares, key=lambda name: (-shares[name], name))
    root = styles[best].based_on or best
    kin = [name for name in shares if name != best and root in (name, styles[name].based_on)]
    lent = {name: KIN_LEND * shares[name] for name in kin}
    given = {name: shares[name] - lent[name] for name in kin}
    return shares | given | {best: shares[best] + math.fsum(lent.values())}


def score_style(features: StyleFeatures, style: Style, weights: CueWeights = WEIGHTS) -> float:
    """Return the log likelihood of the features in a style: a weighted sum over cues."""
    return _weigh(measure_cues(features, style), features, weights)


def score_none(features: StyleFeatures, weights: CueWeights = WEIGHTS) -> float:
    """Return the log likelihood of the features in a style not among the presets, on the scale of `score_style`."""
    return weights.none + _weigh(measure_none_cues(features), features, weights)


def _weigh(cues: Cues, features: StyleFeatures, weights: CueWeights) -> float:
    tempo, swing, feet, hands, chords, breadth, branch = cues
    total = weights.tempo * tempo + weights.swing * swing + weights.feet * feet + weights.hands * hands
    total += weights.chords * chords + weights.breadth * breadth + weights.branch * branch
    return total if features.pattern is not None else WITHOUT_DRUMS * total


def measure_cues(features: StyleFeatures, style: Style) -> Cues:
    """Return the log likelihoods of tempo, swing, feet and left hand, right hand, and chords, the breadth of the style,
    and -1 for a style based on another.

    Unknown cues are 0. A style with a wide range of tempos is common in music.
    """
    pattern = features.pattern
    feet = hands = 0.0
    if pattern is not None:
        sureness = _sureness(pattern)
        feet = _fit((pattern.kick, pattern.snare), _feet_options(style.name, style.drums.grooves), sureness)
        hands = _fit((pattern.cymbals,), _hands_options(style.name, style.drums.timekeepers), sureness)
    tempo, swing = _fit_tempo(features.bpm, style), _fit_swing(features, style)
    breadth = math.log(style.tempo.high / style.tempo.low)
    return tempo, swing, feet, hands, _fit_chords(features, style), breadth, -1.0 if style.based_on else 0.0


def measure_none_cues(features: StyleFeatures) -> Cues:
    """Return the log likelihoods of the same cues for an unknown style: any tempo, any swing, strokes anywhere."""
    pattern = features.pattern
    feet = hands = 0.0
    if pattern is not None:
        sureness = _sureness(pattern)
        stray = _Expected.of((STRAY,) * SIXTEENTHS)
        feet = sureness * (stray.fit(pattern.kick) + stray.fit(pattern.snare))
        hands = sureness * _Expected.of((sum(pattern.cymbals) / SIXTEENTHS,) * SIXTEENTHS).fit(pattern.cymbals)
    # The tempo and swing fit as in every second style.
    tempo = 0.0 if features.bpm is None else _nearness(1.0)
    swing = 0.0 if features.swing is None else _nearness(1.5)
    if pattern is not None and pattern.sixteenths is not None:
        swing += _nearness(1.0)
    chords = 0.0 if features.sevenths is None else _normal(features.sevenths - 0.4, 0.4)
    return tempo, swing, feet, hands, chords, 0.0, 0.0


def share_sevenths(chords: Sequence[DetectedChord]) -> float | None:
    """Return the share of the chords' time with a seventh or more; None without chords."""
    sounding = [(span.end - span.start, span.chord) for span in chords if span.chord is not None]
    whole = sum(length for length, _ in sounding)
    if whole <= 0.0:
        return None
    return sum(length for length, chord in sounding if chord is not None and len(chord.pitch_classes) > 3) / whole


def gather_features(rhythm: Rhythm, harmony: Harmony, onsets: Sequence[Stroke], swing: float | None) -> StyleFeatures:
    """Return the style features of a clip from its rhythm, harmony, drum onsets and swing."""
    four = rhythm.meter.value is None or len(rhythm.meter.value.pulses) == BEATS
    pattern = find_pattern(onsets, rhythm.beats, rhythm.downbeats, swing) if four else None
    sevenths = share_sevenths(harmony.chords) if harmony.chords_confidence > 0.3 else None
    return StyleFeatures(rhythm.live_bpm, swing, pattern, sevenths)


@dataclass(frozen=True, slots=True)
class _Expected:
    """The odds of a stroke on each sixteenth in a style, and the probability that all are silent."""

    log_odds: tuple[float, ...]
    log_silence: float

    @classmethod
    def of(cls, rates: Sequence[float]) -> _Expected:
        sure = [min(max(rate, RAREST), 1.0 - RAREST) for rate in rates]
        return cls(tuple(math.log(rate / (1.0 - rate)) for rate in sure), sum(math.log(1.0 - rate) for rate in sure))

    def fit(self, rates: Sequence[float]) -> float:
        """Return the mean log likelihood of bars with strokes at these `rates`."""
        odds: float = sum(map(mul, rates, self.log_odds))
        return self.log_silence + odds


Options = tuple[tuple[float, tuple[_Expected, ...]], ...]
"""The bars that a style may play: the logarithm of each option's weight, and its rows."""


def _sureness(pattern: DrumPattern) -> float:
    """Return the effective number of independent bars in the pattern."""
    return TRIALS / SIXTEENTHS * math.sqrt(min(pattern.bars, ENOUGH_BARS))


def _fit(bars: tuple[tuple[float, ...], ...], options: Options, sureness: float) -> float:
    """Return the log likelihood of bars with these rates under a style's weighted mixture of options."""
    terms = [
        weight + sureness * sum(row.fit(rates) for rates, row in zip(bars, rows, strict=True))
        for weight, rows in options
    ]
    highest = max(terms)
    return highest + math.log(sum(math.exp(term - highest) for term in terms))


def _fit_tempo(bpm: float | None, style: Style) -> float:
    """Return the log likelihood of the tempo, 0 for the style's usual one; a style of any tempo counts by its
    breadth.
    """
    if bpm is None:
        return 0.0
    width = max(math.log(style.tempo.high / style.tempo.low) / 2.0, 0.08)
    # Trap at 71 BPM is trap at 142: the choice is a convention.
    return max(
        _nearness(math.log(bpm * factor / style.tempo.usual) / width) - cost
        for factor, cost in ((1.0, 0.0), (2.0, 2.0), (0.5, 2.0))
    )


def _fit_swing(features: StyleFeatures, style: Style) -> float:
    """Return the log likelihood of swung eighths and sixteenths where known; a style swings at most one of them."""
    pairs = {"eighths": features.swing, "sixteenths": None if features.pattern is None else features.pattern.sixteenths}
    total = 0.0
    for pair, measured in pairs.items():
        if measured is not None:
            expected = style.swing.ratio if style.swing.pair == pair else 1.0
            total += _nearness((measured - expected) / (0.2 + 0.25 * (expected - 1.0)))
    return total


def _fit_chords(features: StyleFeatures, style: Style) -> float:
    if features.sevenths is None:
        return 0.0
    return _normal(features.sevenths - _share_of_vamp(style.vamp), 0.35)


@lru_cache(maxsize=256)
def _share_of_vamp(vamp: str) -> float:
    """Return the share of sevenths and richer chords in a style's own progression."""
    spans = parse_progression(vamp)
    rich = sum(span.end - span.start for span in spans if len(span.chord.pitch_classes) > 3)
    return float(rich / (spans[-1].end - spans[0].start))


def _nearness(distance: float) -> float:
    """Return a robust log likelihood: 0 for no distance, with heavy tails, because a tempo or swing may be
    misdetected.
    """
    return -math.log1p(0.5 * distance * distance)


def _normal(distance: float, width: float) -> float:
    """Return the log density of the normal distribution."""
    return -0.5 * (distance / width) ** 2 - math.log(width) - 0.919


@lru_cache(maxsize=64)
def _feet_options(style: str, grooves: tuple[Groove, ...]) -> Options:
    """Return kick and snare of each bar that a style has: those of its grooves, and those that drummers played."""
    options = []
    for groove in grooves:
        hands = (groove.snare, groove.cross_stick, groove.clap)
        bars = math.lcm(len(groove.kick.bars), *(len(row.bars) for row in hands))
        rows = [(_rates(bar, groove.kick), _rates(bar, *hands)) for bar in range(bars)]
        options += [(groove.weight / bars, row) for row in rows]
    return _balance(options, [(weight, (kick, snare)) for weight, kick, snare in PLAYED_FEET.get(style, ())])


@lru_cache(maxsize=64)
def _hands_options(style: str, keepers: tuple[Timekeeper, ...]) -> Options:
    """Return hat and cymbals of each bar that a style has."""
    options = []
    for keeper in keepers:
        bars = math.lcm(len(keeper.hits.bars), len(keeper.pedal.bars))
        options += [(keeper.weight / bars, (_rates(bar, keeper.hits, keeper.pedal),)) for bar in range(bars)]
    return _balance(options, [(weight, (cymbals,)) for weight, cymbals in PLAYED_HANDS.get(style, ())])


def _balance(
    written: Sequence[tuple[float, tuple[tuple[float, ...], ...]]],
    played: Sequence[tuple[float, tuple[str, ...]]],
) -> Options:
    """Return the options of both kinds, each with half of the weight if there are both."""
    parsed = [(weight, tuple(tuple(int(digit) / 9.0 for digit in row) for row in rows)) for weight, rows in played]
    options = []
    for kind in (written, parsed):
        whole = sum(weight for weight, _ in kind) * (2.0 if played else 1.0)
        options += [(math.log(weight / whole), tuple(map(_Expected.of, rows))) for weight, rows in kind]
    return tuple(options)


def _rates(bar: int, *rows: OnsetRow) -> tuple[float, ...]:
    """Return the probability of a stroke in any of the rows on each sixteenth of a bar; finer steps go to the
    nearest.
    """
    rates = [0.0] * SIXTEENTHS
    for row in rows:
        for number, beat in enumerate(row.bars[bar % len(row.bars)]):
            for step in beat:
                place = min(round((number + step.at) * 4.0), SIXTEENTHS - 1)
                rates[place] = max(rates[place], likelihood(step.mark))
    return tuple(rates)
