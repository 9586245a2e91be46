"""The plan of one take: which groove, which cymbal, where the phrases end and how."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from engines.chance import pick, scaled_chance, stream
from engines.grid import Placed, place_row, place_tail
from engines.music.analysis import Groove as HeardGroove
from engines.music.context import MusicalContext
from engines.music.meter import Meter
from engines.music.swing import Swing
from engines.params import EngineParams, resolve_groove, resolve_swing
from engines.rows import Row
from engines.styles.drums import Fill, Groove, Timekeeper
from engines.styles.style import Style

PHRASE_BARS: Final = 4
SECTION_BARS: Final = 8
"""Fills come at the end of a phrase of four bars, bigger ones at the end of a section of eight."""


class Hit(NamedTuple):
    """One stroke on its way through the pipeline.

    `at` is the straight place on the grid, in beats from the clip's start; `strength` as in `engines.rows`;
    `velocity` 1..127 and `time`, the played place in beats, are filled in by the processors that perform.
    """

    at: float
    voice: str
    strength: int
    velocity: float = 0.0
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """What the plan has for one bar; `fill_start` is the place in the clip where the fill begins."""

    index: int
    start: float
    end: float
    timekeeper: Timekeeper
    fill: Fill | None
    fill_start: float
    crash: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Take:
    """Everything that the processors read; nothing in it changes on the way."""

    style: Style
    meter: Meter
    bpm: float
    swing: Swing
    complexity: float
    density: float
    humanise: float
    seed: int
    groove: Groove
    bars: tuple[Bar, ...]
    followed: tuple[HeardGroove, float] | None = None
    """The groove of others that this take plays along with, and how closely, 0..1."""

    @property
    def length(self) -> float:
        """The clip's length in beats."""
        return self.bars[-1].end

    def beats(self, milliseconds: float) -> float:
        """A time in beats at the take's tempo."""
        return milliseconds * self.bpm / 60_000.0

    def stream(self, *labels: str | int) -> Random:
        """Chance of its own for one purpose in this take."""
        return stream(self.seed, "drums", *labels)

    def placed(self, row: Row, bar: int) -> tuple[Placed, ...]:
        """The steps of a row in a bar of this take's meter, in beats from the bar's start."""
        return place_row(row, self.meter, bar, self.style.written_beats(self.meter))


def plan_take(params: EngineParams, context: MusicalContext, seed: int) -> Take:
    """The plan of a take for parameters, context and seed."""
    style, meter = params.style, context.meter.value
    chance = stream(seed, "drums", "plan")
    grooves = _fitting(style.drums.grooves, params.complexity)
    groove = pick(chance, grooves, [groove.weight for groove in grooves])
    timekeepers = _pick_timekeepers(style, params.density, chance)
    bars: list[Bar] = []
    for index in range(params.bars):
        start = index * meter.bar_beats
        fill = _pick_fill(params, meter, index, stream(seed, "drums", "fill", index))
        fill_start = start + meter.bar_beats
        if fill is not None:
            fill_start = start + min(place_tail(row, meter)[1] for row in (fill.hands, fill.left, fill.feet))
        after_fill = bars[-1].fill is not None if bars else params.bars >= PHRASE_BARS
        crash_likelihood = style.drums.crash_likelihood * (1.0 if index % SECTION_BARS == 0 else 0.5)
        crash = after_fill and stream(seed, "drums", "crash", index).random() < scaled_chance(
            min(0.99, crash_likelihood), min(1.0, 0.25 + params.complexity)
        )
        timekeeper = timekeepers[index // SECTION_BARS % 2]
        leads = _ends_phrase(index, params.bars)
        bars.append(Bar(index, start, start + meter.bar_beats, timekeeper, fill, fill_start, crash, leads))
    return Take(
        style=style,
        meter=meter,
        bpm=context.bpm,
        swing=resolve_swing(params, context),
        complexity=params.complexity,
        density=params.density,
        humanise=params.humanise,
        seed=seed,
        groove=groove,
        bars=tuple(bars),
        followed=resolve_groove(params, context),
    )


def _ends_phrase(index: int, bars: int) -> bool:
    return bars > 1 and (index == bars - 1 or (index + 1) % PHRASE_BARS == 0)


def _fitting(choices: tuple[Groove, ...], complexity: float) -> tuple[Groove, ...]:
    fitting = tuple(choice for choice in choices if choice.complexity[0] <= complexity <= choice.complexity[1])
    return fitting or choices


def _pick_timekeepers(style: Style, density: float, chance: Random) -> tuple[Timekeeper, Timekeeper]:
    """The cymbal pattern of the first section and the one that every second section lifts to."""
    every = style.drums.timekeepers
    fitting = [choice for choice in every if choice.density[0] <= density <= choice.density[1]] or list(every)
    first = pick(chance, fitting, [choice.weight for choice in fitting])
    others = [choice for choice in fitting if choice is not first] or [first]
    return first, pick(chance, others, [choice.weight for choice in others])


def _pick_fill(params: EngineParams, meter: Meter, index: int, chance: Random) -> Fill | None:
    """The fill of a bar: none inside a phrase, up to two pulses at its end, up to a bar at the end of a section."""
    if not _ends_phrase(index, params.bars):
        return None
    ends_section = index == params.bars - 1 or (index + 1) % SECTION_BARS == 0
    drums = params.style.drums
    if chance.random() >= scaled_chance(min(0.99, drums.fill_likelihood), 0.6 + 0.4 * params.complexity):
        return None
    pulses = len(meter.pulses)
    longest = pulses if ends_section and params.bars >= PHRASE_BARS else min(2, max(1, pulses - 1))
    fitting = [
        fill
        for fill in drums.fills
        if len(fill.hands.beats) <= longest and fill.complexity[0] <= params.complexity <= fill.complexity[1]
    ]
    if not fitting:
        return None
    # The end of a section wants the longer ones, a phrase inside it the shorter.
    weights = [fill.weight * (len(fill.hands.beats) if ends_section else 1.0) for fill in fitting]
    return pick(chance, fitting, weights)
