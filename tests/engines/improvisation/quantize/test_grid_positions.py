"""Grid positions of onsets by players who swing, drag, push and miss."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.improvisation.quantize.grid_positions import GridPositions, find_grid_positions
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.swing import Swing
from musearoo.tools.bench.midi.player import GROOVES, KnownGroove, perform
from tests.each_case import each_case

JITTER = 0.008
"""Seconds RMS: more than twice as much chance as the bench's player has."""


def played(
    positions: list[float], groove: KnownGroove, bpm: float, seed: int = 0, jitter: float = JITTER
) -> list[float]:
    chance = Random(seed)
    return sorted(groove.beat(position, bpm) + chance.gauss(0.0, jitter) * bpm / 60.0 for position in positions)


def line_of(seed: int, finest: int, beats: int) -> list[float]:
    """Places of a line that has most of its notes on beats and eighths."""
    chance = Random(seed)
    return [
        beat + part / finest
        for beat in range(beats)
        for part in range(finest)
        if chance.random() < (0.9 if part == 0 else 0.7 if 2 * part == finest else 0.35)
    ]


@each_case("groove", GROOVES)
@each_case("bpm", [72.0, 118.0, 156.0])
def test_a_groove_is_seen_through(groove: KnownGroove, bpm: float) -> None:
    finest = 2 if groove.pair == 1.0 and groove.share >= 0.6 else 4
    for seed in range(2):
        positions = line_of(seed, finest, 32)
        found = find_grid_positions(played(positions, groove, bpm, seed), Meter(), bpm)
        assert found.positions == tuple(positions)


@each_case("lag", [-0.03, 0.03, 0.045])
def test_a_player_who_drags_or_rushes_throughout_is_not_moved_to_the_next_place(lag: float) -> None:
    positions = line_of(5, 4, 32)
    onsets = played(positions, KnownGroove("dragging", lag=lag), 110.0)
    assert find_grid_positions([onset + 4.0 for onset in onsets], Meter(), 110.0).positions == tuple(
        p + 4.0 for p in positions
    )


def test_a_player_who_slows_down_is_followed() -> None:
    positions = line_of(6, 2, 32)
    # Half an eighth behind at the end.
    onsets = [position + 0.25 * position / 32.0 for position in positions]
    assert find_grid_positions(onsets, Meter(), 120.0).positions == tuple(positions)


@each_case("meter", ["3/4", "6/8", "12/8", "7/8", "5/4", "2/2", "3/1", "7/16", "6/16", "3/8"])
def test_any_meter(meter: str) -> None:
    signature = Meter.parse(meter)
    positions = line_of(7, 4, 36)
    onsets = played(positions, KnownGroove("straight"), 100.0)
    assert find_grid_positions(onsets, signature, 100.0).positions == tuple(positions)


def test_triplets_among_eighths_and_sixteenths() -> None:
    third = 1.0 / 3.0
    positions = [0.0, 0.5, 1.0, 1.25, 1.5, 1.75, 2.0, 2.0 + third, 2.0 + 2.0 * third, 3.0, 3.5]
    positions += [4.0 + position for position in positions]
    found = find_grid_positions(played(positions, KnownGroove("straight"), 100.0, jitter=0.005), Meter(), 100.0)
    assert found.positions == pytest.approx(positions)


def test_a_roll_in_thirty_seconds() -> None:
    positions = [0.0, 1.0, 2.0, 3.0, *(3.0 + n / 8.0 for n in range(1, 8)), 4.0, 5.0, 6.0, 7.0]
    found = find_grid_positions(played(positions, KnownGroove("straight"), 90.0, jitter=0.004), Meter(), 90.0)
    assert found.positions == tuple(positions)


def test_the_swing_is_measured() -> None:
    positions = line_of(8, 2, 64)
    found = find_grid_positions(
        played(positions, KnownGroove("shuffle", share=0.63), 120.0, jitter=0.004), Meter(), 120.0
    )
    assert found.swing.pair == 1.0
    assert found.swing.ratio / (found.swing.ratio + 1.0) == pytest.approx(0.63, abs=0.01)


def test_whole_bars_later_is_the_same() -> None:
    onsets = [note.beat for note in perform("melody", GROOVES[4], 120.0, 4, 1).notes]
    here = find_grid_positions(onsets, Meter(), 120.0).positions
    there = find_grid_positions([onset + 400.0 for onset in onsets], Meter(), 120.0).positions
    assert [position - 400.0 for position in there] == pytest.approx(list(here))


@each_case("seed", range(10))
def test_places_rise_with_any_onsets(seed: int) -> None:
    chance = Random(seed)
    onsets = sorted(chance.uniform(0.0, 16.0) for _ in range(chance.randrange(1, 60)))
    positions = find_grid_positions(onsets, Meter(), 120.0).positions
    assert len(positions) == len(onsets)
    assert list(positions) == sorted(positions)
    assert all(abs(position - onset) < 0.6 for position, onset in zip(positions, onsets, strict=True))


@each_case("onset", [-1e-17, 0.0, 1e-17, 4.0 - 1e-16])
def test_an_onset_just_before_the_beat_is_on_it(onset: float) -> None:
    assert find_grid_positions([onset], Meter(), 120.0).positions == (round(onset),)


def test_nothing_has_no_places() -> None:
    assert find_grid_positions([], Meter(), 120.0).positions == ()


def test_nothing_costs_nothing_and_swings_nothing() -> None:
    assert find_grid_positions([], Meter(), 120.0) == GridPositions((), Swing(), 0.0)
