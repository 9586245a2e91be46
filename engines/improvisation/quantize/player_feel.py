"""The player's feel: their systematic timing per bar position, separated from jitter.

Systematic deviations are estimated from coarse to fine: the swing, then a constant lag, then the position in the beat,
in two beats, in the bar, and there per drum. Each step shrinks its estimates by their uncertainty, from the variance
between and within positions (empirical Bayes: B. Efron and C. Morris, "Stein's paradox in statistics", 1977).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple, TypeVar

from musearoo.engines.analysis.groove.feel import beat_sixteenths
from musearoo.engines.analysis.groove.swing import LEAST_ONSETS, middle
from musearoo.engines.music.drum_map import DRUM_KINDS, DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT, Swing
from musearoo.engines.music.timing import beats_per_second

USUAL_JITTER: Final = 0.008
"""Prior for a player's jitter, in seconds."""
JITTER_COUNT: Final = 6.0
"""Weight of the prior jitter, in onsets."""
USUAL_DIFFERENCES: Final = (0.02, 0.01, 0.008, 0.003, 0.01)
"""The usual systematic deviations in seconds, apart from swing: constant, between positions of the beat, of two beats,
of the bar, and between drums."""
STRAIGHT_SWING: Final = Swing()
OUTLIER: Final = 4.0
"""Standard deviations from the median beyond which an onset is ignored."""
LEAST_SWING: Final = 0.025
"""Minimum lateness of off-beats to count as swing, in beats: a swing of 52.5 %."""
SURE_ONSETS: Final = 16
"""Number of off-beats for full confidence in the swing."""
ON_EIGHTH: Final = 1e-3
"""Tolerance for a position to be on an eighth, in eighths: the rounding of thirds."""
POSITION_DIGITS: Final = 6
"""Decimal digits to which positions are rounded, in quarters, so that thirds are equal."""

Key = TypeVar("Key")


class OnsetTiming(NamedTuple):
    """An onset: its grid position and lateness in quarters, its drum, and its velocity."""

    position: float
    late: float
    kind: DrumKind | None
    velocity: float


@dataclass(frozen=True, slots=True)
class PlayerFeel:
    """The systematic timing of a player; `jitter` is the random part, in seconds RMS."""

    groove: Groove
    jitter: float
    meter: Meter
    _late: dict[tuple[float, DrumKind | None], float]
    _late_in_beat: dict[float, float]

    def late(self, position: float, kind: DrumKind | None = None) -> float:
        """Return how late the player systematically is on a position, in quarters."""
        in_bar = _key(position % self.meter.bar_beats, self.meter.bar_beats)
        for key in ((in_bar, kind), (in_bar, None)):
            if key in self._late:
                return self._late[key]
        unit = beat_quarters(self.meter)
        return self._late_in_beat.get(_key(position % unit, unit), 0.0)


def measure_feel(onsets: Sequence[OnsetTiming], meter: Meter, bpm: float, swing: Swing = STRAIGHT_SWING) -> PlayerFeel:
    """Measure the feel of onsets, at least one; `bpm` is quarters per minute, `swing` the swing they were quantised
    with.

    >>> late = [(1 / 6 if n % 2 else 0.0) + (0.001 if n % 3 else -0.001) for n in range(64)]
    >>> swung = [OnsetTiming(n / 2, late[n], None, 90) for n in range(64)]
    >>> feel = measure_feel(swung, Meter(), 120.0)
    >>> round(feel.late(1.5), 2), round(feel.groove.swing.value, 1)
    (0.17, 2.0)
    """
    unit, bar, second = beat_quarters(meter), meter.bar_beats, beats_per_second(bpm)
    in_beat = [_key(onset.position % unit, unit) for onset in onsets]
    in_bar = [_key(onset.position % bar, bar) for onset in onsets]
    of_drum = [(position, onset.kind) for position, onset in zip(in_bar, onsets, strict=True)]
    swung = [_swung_by(onset.position, unit, swing) for onset in onsets]
    lates = [onset.late - late for onset, late in zip(onsets, swung, strict=True)]
    spread = _measure_spread(lates, of_drum, USUAL_JITTER * second)
    # Beats 2 and 4 have similar timing, so pairs of beats are a level of their own.
    pair = 2.0 * unit if round(bar / unit) % 2 == 0 else unit
    in_pair = [_key(onset.position % pair, pair) for onset in onsets]
    levels: tuple[Sequence[object], ...] = ([None] * len(onsets), in_beat, in_pair, in_bar, of_drum)
    fitted = [0.0] * len(onsets)
    by_level: list[dict[object, float]] = []
    for keys, usual in zip(levels, USUAL_DIFFERENCES, strict=True):
        steps = _shrink([late - fit for late, fit in zip(lates, fitted, strict=True)], keys, spread, usual * second)
        fitted = [fit + steps[key] for fit, key in zip(fitted, keys, strict=True)]
        meant = (fit + late for fit, late in zip(fitted, swung, strict=True))
        by_level.append(dict(zip(keys, meant, strict=True)))
    late: dict[tuple[float, DrumKind | None], float] = {(position, None): by_level[3][position] for position in in_bar}
    late.update({key: by_level[4][key] for key in of_drum if key[1] is not None})
    late_in_beat = {position: by_level[1][position] for position in in_beat}
    return PlayerFeel(_groove_of(onsets, in_bar, late, meter, second), spread / second, meter, late, late_in_beat)


def _swung_by(position: float, unit: float, swing: Swing) -> float:
    """Return how late a swing plays a position, in quarters; triplets do not swing."""
    eighths = 8.0 * position / unit
    return 0.0 if abs(eighths - round(eighths)) > ON_EIGHTH else swing.warp(position) - position


def _measure_spread(lates: Sequence[float], keys: Sequence[object], usual: float) -> float:
    """Return the scatter of onsets around the mean of their position, including the prior."""
    squares = JITTER_COUNT * usual * usual
    freedom = JITTER_COUNT
    for group in _grouped(keys, lates).values():
        mean = sum(group) / len(group)
        squares += sum((late - mean) ** 2 for late in group)
        freedom += len(group) - 1
    return sqrt(squares / freedom)


def _shrink(misses: Sequence[float], keys: Sequence[object], spread: float, usual: float) -> dict[object, float]:
    """Return the mean deviation per key, shrunk towards zero by its uncertainty."""
    groups = _grouped(keys, misses)
    means = {key: _centre(group, spread) for key, group in groups.items()}
    chance = spread * spread
    # The variance between keys, less that expected by chance; the prior counts as one more key.
    squares = sum(len(group) * means[key] ** 2 for key, group in groups.items()) - len(groups) * chance
    seen = max(0.0, squares) / len(misses)
    differ = (len(groups) * seen + usual * usual) / (len(groups) + 1)
    return {key: means[key] * differ / (differ + chance / len(group)) for key, group in groups.items()}


def _centre(group: Sequence[float], spread: float) -> float:
    """Return the mean without outliers, so that a few wrong notes do not count."""
    usual = middle(group)
    near = [value for value in group if abs(value - usual) <= OUTLIER * spread]
    return sum(near) / len(near) if near else usual


def _groove_of(
    onsets: Sequence[OnsetTiming],
    in_bar: Sequence[float],
    late: Mapping[tuple[float, DrumKind | None], float],
    meter: Meter,
    second: float,
) -> Groove:
    """Return the groove template of the feel, in counted beats."""
    unit = beat_quarters(meter)
    whole = _feel_of(onsets, in_bar, late, None, unit)
    drums = {kind: feel for kind in DRUM_KINDS if (feel := _feel_of(onsets, in_bar, late, kind, unit)) is not None}
    swing = _swing_of(onsets, meter, unit)
    bent = Swing(max(STRAIGHT, swing.value or STRAIGHT))
    misses = [onset.position + onset.late - bent.warp(onset.position / unit) * unit for onset in onsets]
    return Groove(
        swing=swing,
        microtiming_rms_ms=1000.0 * sqrt(sum(miss * miss for miss in misses) / len(misses)) / second
        if misses
        else None,
        bar_beats=meter.bar_beats / unit,
        whole=whole,
        drums=drums or None,
        confidence=0.0 if whole is None else min(1.0, len(onsets) / 32.0, len(onsets) / (2.0 * len(whole.positions))),
    )


def _feel_of(
    onsets: Sequence[OnsetTiming],
    in_bar: Sequence[float],
    late: Mapping[tuple[float, DrumKind | None], float],
    kind: DrumKind | None,
    unit: float,
) -> GrooveProfile | None:
    """Return the feel of one drum, or with None of all onsets, per bar position."""
    velocities = _grouped(
        [position for position, onset in zip(in_bar, onsets, strict=True) if kind in (None, onset.kind)],
        [onset.velocity for onset in onsets if kind in (None, onset.kind)],
    )
    if not velocities:
        return None
    positions = sorted(velocities)
    return GrooveProfile(
        tuple(position / unit for position in positions),
        tuple(late[position, kind] / unit for position in positions),
        tuple(middle(velocities[position]) for position in positions),
        tuple(len(velocities[position]) for position in positions),
    )


def _swing_of(onsets: Sequence[OnsetTiming], meter: Meter, unit: float) -> Estimate[float | None]:
    """Return the swing ratio of the off-beat eighths, from their lateness relative to the beats."""
    if beat_sixteenths(meter) != 4:
        return UNKNOWN
    on = [onset.late / unit for onset in onsets if _key(onset.position % unit, unit) == 0.0]
    off = [onset.late / unit for onset in onsets if _key(onset.position % unit, unit) == 0.5 * unit]
    if len(off) < LEAST_ONSETS or len(on) < LEAST_ONSETS:
        return UNKNOWN
    late = middle(off) - middle(on)
    # A smaller deviation is a late backbeat or a push: it is in the template but is not swing.
    share = 0.5 + late if late >= LEAST_SWING else 0.5
    if share > MAX_RATIO / (MAX_RATIO + 1.0):
        return UNKNOWN
    return Estimate(share / (1.0 - share), min(1.0, 0.4 + 0.6 * len(off) / SURE_ONSETS), "clip")


def _grouped(keys: Iterable[Key], values: Iterable[float]) -> dict[Key, list[float]]:
    """Group values by key."""
    groups: dict[Key, list[float]] = {}
    for key, value in zip(keys, values, strict=True):
        groups.setdefault(key, []).append(value)
    return groups


def _key(position: float, length: float) -> float:
    """Return a position within a length, rounded so that equal ones compare equal."""
    rounded = round(position, POSITION_DIGITS)
    return 0.0 if rounded >= round(length, POSITION_DIGITS) else rounded
