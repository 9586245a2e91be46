"""From written steps to hits: certain steps are always played, optional ones by chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from musearoo.engines.foundation.chance import scaled_chance, stream
from musearoo.engines.players.drums.take import Bar, Hit, Hits, Take
from musearoo.engines.styles.rows import OnsetRow, likelihood, strength


def play_row(take: Take, bar: Bar, label: str, voice: str, row: OnsetRow, amount: float) -> Hits:
    """Return the hits of a row in a bar, optional steps drawn by chance.

    A higher amount only ever adds hits: each step compares its own draw with its likelihood.
    """
    start, steps = bar.start, take.placed(row, bar.index)
    if row.is_certain:
        return [Hit(start + at, voice, strength(mark)) for at, mark in steps]
    draws = draw_steps(take, label, bar.index, row)
    return [
        Hit(start + at, voice, strength(mark))
        for (at, mark), draw in zip(steps, draws, strict=True)
        if draw < _likely(mark, amount)
    ]


def draw_steps(take: Take, label: str, bar: int, row: OnsetRow) -> Sequence[float]:
    """Return one draw per step: the same in every second bar, so that a groove repeats, except a few that vary."""
    steps = take.placed(row, bar)
    if row.is_certain:
        return (0.0,) * len(steps)
    lasting = _lasting_draws(take.seed, label, bar % 2, len(steps))
    varied = take.style.drums.variation * 2.0 * take.complexity
    if not varied:
        return lasting
    fresh = take.stream(label, "bar", bar)
    draws = []
    for usual in lasting:
        other = fresh.random()
        draws.append(other if fresh.random() < varied else usual)
    return draws


@lru_cache(maxsize=1024)
def _likely(mark: str, amount: float) -> float:
    return scaled_chance(likelihood(mark), amount)


@lru_cache(maxsize=256)
def _lasting_draws(seed: int, label: str, half: int, count: int) -> tuple[float, ...]:
    """Return the draws shared by every second bar; cached, because seeding a stream is slower than drawing."""
    chance = stream(seed, "drums", label, half)
    return tuple(chance.random() for _ in range(count))
