"""Evaluate DrummaRoo by human drumming: measures within human quartiles, and recognition by a classifier of human
styles.

Two controls are evaluated in the same way to validate the figures: random strokes, and takes shuffled in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import mean
from typing import Final

import numpy as np

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.drums.engine import DrumParams, generate
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.drums.controls import random_hits, shuffled_in_time
from musearoo.tools.bench.engines.drums.features import window_features
from musearoo.tools.bench.engines.drums.human import Quartiles, read_human
from musearoo.tools.bench.engines.drums.measures import MEASURES, measure_window
from musearoo.tools.bench.engines.drums.window import BARS, clip_window

_MEASURED: Final = "measures that are human"
_NAMED: Final = "named by ears for people"


@dataclass(frozen=True, slots=True)
class DrumRow:
    """One figure: its name, unit and value, and the value to compare it with, if any."""

    name: str
    unit: str
    ours: float
    peer: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The evaluation of a style's takes: the recognised style of each, and the median of each measure.

    `within` are the measures whose median is within the human quartiles; `inside` is the share of all values that are.
    """

    style: str
    named: tuple[str, ...]
    medians: Mapping[str, float]
    within: tuple[str, ...]
    inside: float

    @property
    def recognised(self) -> float:
        """The share of takes whose style is recognised."""
        return self.named.count(self.style) / len(self.named)

    @property
    def human(self) -> float:
        """The share of measures that are within the human quartiles."""
        return len(self.within) / len(self.medians)


def judge_drums(
    styles: Mapping[str, Style], takes: int, first_seed: int = 0, effort: Effort = Effort.FULL
) -> tuple[DrumRow, ...]:
    """Return the rows of a benchmark for `takes` takes of each style: eight unselected bars of 4/4 at the style's
    tempos.

    For each style with human recordings: the share of human measures, compared with the same takes shuffled in time;
    and the share of takes recognised among all such styles, compared with that of held-out human performances. Then the
    means over all styles and over those with enough performances, and the controls.
    """
    human = read_human()
    played = {name: play_takes(styles[name], takes, first_seed, effort) for name in human.quartiles if name in styles}
    verdicts = {name: judge_style(name, clips) for name, clips in played.items()}
    random = {name: judge_style(name, _spoilt(clips, random_hits)) for name, clips in played.items()}
    shuffled = {name: judge_style(name, _spoilt(clips, shuffled_in_time)) for name, clips in played.items()}
    rows = []
    for name, verdict in verdicts.items():
        rows.append(DrumRow(f"{name}: {_MEASURED}", "share", verdict.human, shuffled[name].human))
        rows.append(DrumRow(f"{name}: {_NAMED}", "share", verdict.recognised, human.recognised[name]))
    enough = [name for name in verdicts if human.sources[name].are_enough]
    for title, chosen in (("all", list(verdicts)), ("well recorded", enough)):
        if chosen:
            people = mean(human.recognised[name] for name in chosen)
            rows.append(DrumRow(f"{title}: {_MEASURED}", "share", mean(verdicts[name].human for name in chosen)))
            rows.append(DrumRow(f"{title}: takes within quartiles", "share", mean(verdicts[n].inside for n in chosen)))
            rows.append(DrumRow(f"{title}: {_NAMED}", "share", mean(verdicts[n].recognised for n in chosen), people))
    for title, spoilt in (("random hits", random), ("shuffled in time", shuffled)):
        if spoilt:
            rows.append(DrumRow(f"{title}: {_MEASURED}", "share", mean(each.human for each in spoilt.values())))
            rows.append(DrumRow(f"{title}: {_NAMED}", "share", mean(each.recognised for each in spoilt.values())))
    return tuple(rows)


def play_takes(style: Style, takes: int, first_seed: int = 0, effort: Effort = Effort.FULL) -> list[Clip]:
    """Return unselected takes, at the style's usual tempo and half-way to its slowest and its fastest."""
    tempo = style.tempo
    tempos = (tempo.usual, (tempo.low + tempo.usual) / 2.0, (tempo.usual + tempo.high) / 2.0)
    params = DrumParams(style=style, bars=BARS, effort=effort)
    return [
        generate(params, MusicalContext.plain(bpm=tempos[number % len(tempos)]), first_seed + number)
        for number in range(takes)
    ]


def judge_style(style: str, clips: Sequence[Clip]) -> Verdict:
    """Return the evaluation of clips in a style with human recordings."""
    human = read_human()
    windows = [clip_window(clip) for clip in clips]
    values = np.array([measure_window(window) for window in windows])
    named = human.classifier.name(np.array([window_features(window) for window in windows]))
    quartiles: Quartiles = human.quartiles[style]
    medians = dict(zip(MEASURES, np.median(values, axis=0).tolist(), strict=True))
    within = tuple(name for name, (low, high) in quartiles.items() if low <= medians[name] <= high)
    bounds = np.array([quartiles[name] for name in MEASURES])
    inside = float(np.mean((values >= bounds[:, 0]) & (values <= bounds[:, 1])))
    return Verdict(style, named, medians, within, inside)


def _spoilt(clips: Sequence[Clip], spoil: Callable[[Clip, Random], Clip]) -> list[Clip]:
    return [spoil(clip, Random(number)) for number, clip in enumerate(clips)]
