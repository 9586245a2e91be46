"""Learn the features of a bar's start and their weights: `python -m musearoo.tools.workshop.training.bar_starts`.

It prints the `WEIGHTS` of `engines.audio.loops.bars`, which maximise the likelihood of the true downbeats of random
takes, and the accuracy: on the training takes, and on styles excluded from training.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.fast.activation.network import Weights
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.audio.loops.bars import STEPS, WEIGHTS, describe_bars
from musearoo.engines.audio.loops.beat_tracking import TrackedBeats, track
from musearoo.engines.audio.loops.features import analyze_take
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.neural.analysis_weights import read_learned
from musearoo.tools.bench.musicgen.takes import Take, draw_takes, make_takes

Values = npt.NDArray[np.float64]

SEEDS: Final = range(101, 111)
"""The seeds of the training takes, none of which is in the evaluation."""
STIFFNESS: Final = 10.0
"""The cost of large weights relative to errors, in standard deviations: low, because there are some 500 takes."""
FOLDS: Final = 5
NEAR: Final = (0.045, 0.1)
"""The tolerance of a right position: seconds, and quarters, whichever is less."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A take: its style, the features of each position of a bar (positions, features), and which are right
    (positions,).
    """

    style: str
    features: Values
    is_right: npt.NDArray[np.bool_]


def read_lesson(take: Take, ear: Weights) -> Lesson | None:
    """Return the training data of a take; None if its beat was not found."""
    heard = analyze_take(Sound.of(take.samples, take.rate), ear)
    tracked = track(heard, take.wish.bpm, take.wish.beats_per_bar)
    if tracked is None:
        return None
    is_right = find_downbeats(take, tracked)
    return Lesson(take.spec.name, describe_bars(heard, tracked), is_right) if is_right.any() else None


def find_downbeats(take: Take, tracked: TrackedBeats) -> npt.NDArray[np.bool_]:
    """Return which positions of a bar are downbeats in at least half of the bars: (positions,)."""
    places = STEPS * max(1, round(tracked.bar))
    steps = np.arange(-places, STEPS * tracked.tatums.size + places)
    moments = tracked.seconds_at(steps * tracked.quarters / STEPS)
    near = min(NEAR[0], beats_to_seconds(NEAR[1], take.wish.bpm))
    inside = (moments > take.downbeats[0] - near) & (moments < take.downbeats[-1] + near)
    is_downbeat = np.abs(take.downbeats[:, np.newaxis] - moments).min(axis=0) < near
    shares = [is_downbeat[inside & (steps % places == place)] for place in range(places)]
    return np.asarray([share.size > 0 and share.mean() >= 0.5 for share in shares])


def fit_weights(lessons: Sequence[Lesson]) -> Values:
    """Return the weights (features,) that maximise the likelihood of right positions: logistic regression over each
    take's positions.
    """
    features = np.concatenate([lesson.features for lesson in lessons])
    is_right = np.concatenate([lesson.is_right for lesson in lessons])
    sizes = [lesson.is_right.size for lesson in lessons]
    take = np.repeat(np.arange(len(lessons)), sizes)
    first = np.cumsum([0, *sizes[:-1]])
    scales = features.std(axis=0) + 1e-9
    features = features / scales

    def cost(weights: Values) -> tuple[float, Values]:
        scores = features @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, first)[take])
        right, every = np.add.reduceat(odds * is_right, first), np.add.reduceat(odds, first)
        slope = odds / every[take] - odds * is_right / right[take]
        nats = float(np.log(every / right).sum()) + 0.5 * STIFFNESS * float(weights @ weights)
        return nats, features.T @ slope + STIFFNESS * weights

    found: Values = minimize(cost, np.zeros(scales.size), jac=True, method="L-BFGS-B").x
    return np.asarray(found / scales)


def count_right(lessons: Sequence[Lesson], weights: Values) -> int:
    """Return the number of takes whose likeliest position is right."""
    return sum(bool(lesson.is_right[(lesson.features @ weights).argmax()]) for lesson in lessons)


def count_right_unheard(lessons: Sequence[Lesson]) -> int:
    """Return the same with weights that were trained without the style of each take."""
    styles = sorted({lesson.style for lesson in lessons})
    total = 0
    for fold in range(FOLDS):
        left_out = set(styles[fold::FOLDS])
        weights = fit_weights([lesson for lesson in lessons if lesson.style not in left_out])
        total += count_right([lesson for lesson in lessons if lesson.style in left_out], weights)
    return total


def main() -> None:
    """Print the weights."""
    styles, ear = read_styles(), read_learned({}).ear
    read = (read_lesson(take, ear) for seed in SEEDS for take in make_takes(draw_takes(seed, styles), styles))
    lessons = [lesson for lesson in read if lesson]
    weights = fit_weights(lessons)
    for name, weight in zip(WEIGHTS, weights, strict=True):
        sys.stdout.write(f'    "{name}": {weight:.3g},\n')
    sys.stdout.write(
        f"{len(lessons)} takes: {count_right(lessons, weights)} right, "
        f"{count_right_unheard(lessons)} by other styles alone\n"
    )


if __name__ == "__main__":
    main()
