"""From written steps to hits: certain steps are always played, optional ones by chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from musearoo.engines.foundation.chance import scaled_chance, stream
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.drums.take import Bar, Hit, Hits, Take
from musearoo.engines.styles.row_fitting import fit_row
from musearoo.engines.styles.rows import BEATS_PER_BAR, OnsetRow, likelihood, strength


class LikelyStep(NamedTuple):
    """A row's step in a bar: its position in beats from the bar's start, its strength, and how likely it is."""

    at: float
    strength: int
    likely: float


def play_row(take: Take, bar: Bar, label: str, voice: str, row: OnsetRow, amount: float) -> Hits:
    """Return the hits of a row in a bar, optional steps drawn by chance."""
    start = bar.start
    return [Hit(start + at, voice, strength) for at, strength, _ in play_steps(take, bar, label, row, amount)]


def play_steps(take: Take, bar: Bar, label: str, row: OnsetRow, amount: float) -> Sequence[LikelyStep]:
    """Return the steps of a row that are played in a bar.

    A higher amount only ever adds steps: each compares its own draw with its likelihood.
    """
    # The bar's number within the row, so that the cache holds few entries.
    steps = _likely_steps(row, take.meter, bar.index % (len(row.bars) * BEATS_PER_BAR), take.written_beats, amount)
    if row.is_certain or not steps:
        return steps
    draws = _draw_steps(take, label, bar.index, len(steps))
    return [step for step, draw in zip(steps, draws, strict=True) if draw < step[2]]


def _draw_steps(take: Take, label: str, bar: int, count: int) -> Sequence[float]:
    """Return one draw per step: the same in every second bar, so that a groove repeats, except a few that vary."""
    lasting = _lasting_draws(take.seed, label, bar % 2, count)
    varied = take.style.drums.variation * 2.0 * take.complexity
    if not varied:
        return lasting
    draw = take.stream(label, "bar", bar).random
    draws = []
    for usual in lasting:
        other = draw()
        draws.append(other if draw() < varied else usual)
    return draws


@lru_cache(maxsize=512)
def _likely_steps(
    row: OnsetRow, meter: Meter, bar: int, beats: tuple[int, ...] | None, amount: float
) -> tuple[LikelyStep, ...]:
    return tuple(
        LikelyStep(at, strength(mark), scaled_chance(likelihood(mark), amount))
        for at, mark in fit_row(row, meter, bar, beats)
    )


@lru_cache(maxsize=256)
def _lasting_draws(seed: int, label: str, half: int, count: int) -> tuple[float, ...]:
    """Return the draws shared by every second bar; cached, because seeding a stream is slower than drawing."""
    chance = stream(seed, "drums", label, half)
    return tuple(chance.random() for _ in range(count))
