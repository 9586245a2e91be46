"""Swing, microtiming and feel, measured where they are known."""

from __future__ import annotations

from itertools import pairwise
from math import pi, sin
from random import Random
from statistics import pstdev

import pytest

from musearoo.engines.analysis.groove import GrooveOnset, measure_groove
from musearoo.engines.analysis.groove.beat_grid import fit_grid
from musearoo.engines.analysis.groove.feel import beat_sixteenths
from musearoo.engines.analysis.groove.swing import find_swing
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.meter import Meter
from tests.each_case import each_case
from tests.engines.analysis.groove.drumming import EIGHTHS, SIXTEENTHS, beats_of, play


def measure(strokes: list[GrooveOnset], beats: list[float] | None = None, exact: bool = False) -> Groove:
    found = beats or beats_of()
    return measure_groove(strokes, found, found[::4], Meter(), exact)


@each_case("swing", [1.0, 1.2, 1.5, 1.8, 2.0, 2.3])
@each_case("jitter_ms", [0.0, 12.0])
def test_the_swing_of_eighths_is_measured(swing: float, jitter_ms: float) -> None:
    found = measure(play(EIGHTHS, swing=swing, jitter_ms=jitter_ms)).swing
    assert found.value == pytest.approx(swing, abs=0.12)
    assert found.confidence > 0.5


def test_sixteenths_that_come_early_are_no_swung_eighths() -> None:
    early = [
        stroke._replace(time=stroke.time - 0.02) if stroke.time * 8 % 2 > 0.5 else stroke for stroke in play(SIXTEENTHS)
    ]
    assert measure(early).swing.value == pytest.approx(1.0, abs=0.15)


def test_swung_sixteenths_leave_the_eighths_straight() -> None:
    late = [GrooveOnset(beat + part, "hat", 80.0) for beat in range(32) for part in (0.0, 0.3, 0.5, 0.8)]
    assert find_swing([stroke.time for stroke in late]).value == pytest.approx(1.0, abs=0.02)


def test_wrong_and_missing_hits_do_not_move_the_swing() -> None:
    chance = Random(3)
    strokes = [stroke for stroke in play(EIGHTHS, swing=2.0, jitter_ms=8.0) if chance.random() > 0.15]
    strokes += [GrooveOnset(16.0 * chance.random(), "tom", 60.0) for _ in range(15)]
    assert measure(strokes).swing.value == pytest.approx(2.0, abs=0.12)


def test_few_strokes_say_nothing_of_swing() -> None:
    groove = measure([GrooveOnset(0.0, "kick", 90.0), GrooveOnset(0.25, "hat", 90.0), GrooveOnset(1.0, "kick", 90.0)])
    assert groove.swing.value is None
    assert groove.swing.confidence == 0.0
    assert groove.microtiming_rms_ms is None


@each_case("beats", [[], [1.0]])
def test_without_beats_nothing_is_known(beats: list[float]) -> None:
    assert measure_groove(play(EIGHTHS), beats, [], None) == Groove()


def test_without_strokes_nothing_is_known_but_the_bar() -> None:
    groove = measure([])
    assert (groove.whole, groove.drums, groove.confidence) == (None, None, 0.0)


@each_case("jitter_ms", [3.0, 10.0, 18.0])
@each_case("swing", [1.0, 1.9])
def test_microtiming_is_the_scatter_around_the_grid_that_swings(jitter_ms: float, swing: float) -> None:
    hats = {"hat": EIGHTHS["hat"]}
    found = measure(play(hats, swing=swing, jitter_ms=jitter_ms)).microtiming_rms_ms  # type: ignore[arg-type]
    assert found == pytest.approx(jitter_ms, abs=0.2 * jitter_ms + 0.5)


def test_beats_that_follow_the_strokes_do_not_swallow_the_feel() -> None:
    """The tracker says that every stroke on the beat is the beat: the scatter must be found all the same."""
    strokes = play({"hat": EIGHTHS["hat"]}, jitter_ms=12.0)
    followed = [stroke.time for stroke in strokes][::2]
    assert measure(strokes, followed).microtiming_rms_ms == pytest.approx(12.0, abs=3.0)


def test_a_constant_lag_is_the_players_only_where_beats_are_exact() -> None:
    late = play(EIGHTHS, late_ms={"kick": 20.0, "snare": 20.0, "hat": 20.0})
    assert measure(late).microtiming_rms_ms == pytest.approx(0.0, abs=1e-6)
    heard, exact = measure(late).whole, measure(late, exact=True).whole
    assert heard is not None
    assert exact is not None
    assert max(map(abs, heard.offsets)) < 1e-6
    assert exact.offsets == pytest.approx([0.04] * len(exact.offsets))


def test_each_drum_has_its_own_feel() -> None:
    groove = measure(play(EIGHTHS, late_ms={"snare": 16.0}, jitter_ms=2.0))
    assert groove.drums is not None
    snare, hat = groove.drums["snare"], groove.drums["hat"]
    assert snare.positions == (1.0, 3.0)
    assert snare.counts == (8, 8)
    assert snare.velocities == (100.0, 100.0)
    assert snare.offsets[0] - hat.offsets[2] == pytest.approx(0.032, abs=0.01)


def test_swing_is_in_the_offsets() -> None:
    whole = measure(play(EIGHTHS, swing=2.0)).whole
    assert whole is not None
    assert dict(zip(whole.positions, whole.offsets, strict=True))[0.5] == pytest.approx(1.0 / 6.0)


def test_without_downbeats_there_are_places_in_the_beat_alone() -> None:
    groove = measure_groove(play(EIGHTHS), beats_of(), [], None)
    assert groove.bar_beats == 1.0
    assert groove.whole is not None
    assert groove.whole.positions == (0.0, 0.5)


@each_case("meter, beats, sixteenths", [("6/8", 2, 6), ("7/8", 7, 2), ("3/4", 3, 4), ("12/8", 4, 6)])
def test_bars_of_other_meters_are_counted_in_their_own_beats(meter: str, beats: int, sixteenths: int) -> None:
    step = 1.0 / sixteenths
    strokes = [(beat + part * step, None, 90.0) for beat in range(beats * 4) for part in range(sixteenths)]
    groove = measure_groove(
        strokes, list(range(beats * 4)), list(range(0, beats * 4, beats)), Meter.parse(meter), exact=True
    )
    assert groove.bar_beats == beats
    assert groove.whole is not None
    assert groove.whole.positions == pytest.approx([index * step for index in range(beats * sixteenths)])
    assert groove.whole.counts == (4,) * (beats * sixteenths)


def test_a_shuffle_that_was_found_to_be_in_6_8_still_swings() -> None:
    strokes = [(beat + part, "hat", 90.0) for beat in range(16) for part in (0.0, 2 / 3)]
    found = measure_groove(strokes, list(range(16)), list(range(0, 16, 2)), Meter(6, 8))  # type: ignore[arg-type]
    assert found.swing.value == pytest.approx(2.0, abs=0.05)
    assert found.swing.confidence < 0.5


def test_a_click_is_a_straight_line_and_a_band_a_smooth_one() -> None:
    chance = Random(5)
    click = [beat * 0.5 + chance.gauss(0.0, 0.008) for beat in range(64)]
    grid = fit_grid(click)
    assert grid is not None
    steps = [late - early for early, late in zip(grid.times, grid.times[1:], strict=False)]
    assert pstdev(steps) < 1e-9
    wandering = [beat * 0.5 + 0.08 * sin(beat / 20.0) for beat in range(128)]
    noisy = [time + chance.gauss(0.0, 0.008) for time in wandering]
    band = fit_grid(noisy)
    assert band is not None
    assert pstdev(a - b for a, b in zip(band.times, wandering, strict=True)) < 0.006


def test_a_tempo_that_really_jumps_is_followed() -> None:
    times = [beat * 0.5 for beat in range(16)] + [8.0 + beat * 0.42 for beat in range(16)]
    grid = fit_grid(times)
    assert grid is not None
    assert max(abs(a - b) for a, b in zip(grid.times, times, strict=True)) < 0.04


def test_a_grid_that_does_not_fit_gives_no_template_to_rely_on() -> None:
    chance = Random(2)
    anywhere = [GrooveOnset(16.0 * chance.random(), "hat", 80.0) for _ in range(200)]
    assert measure(play(SIXTEENTHS, jitter_ms=8.0)).confidence > 0.9
    assert measure(anywhere).confidence < 0.35


def test_beats_counted_twice_as_fast_still_swing() -> None:
    found = measure_groove(play(EIGHTHS, swing=1.0), [beat * 0.25 for beat in range(64)], [], None).swing
    assert found.value == pytest.approx(1.0, abs=0.01)
    assert found.confidence <= 0.5


def test_a_beat_has_the_sixteenths_that_it_lasts() -> None:
    counts = {"4/1": 16, "2/2": 8, "3/4": 4, "7/8": 2, "3/8": 6, "12/8": 6, "5/16": 1, "9/16": 3}
    assert {text: beat_sixteenths(Meter.parse(text)) for text in counts} == counts


def test_strokes_twenty_milliseconds_apart_are_one_onset_and_later_ones_two() -> None:
    """At 60 BPM a beat is a second, so that 0.02 s are 0.02 beats."""
    beats = [float(beat) for beat in range(8)]
    for apart, heard in ((0.02, 1), (0.021, 2)):
        pair = [GrooveOnset(0.0, "kick", 90.0), GrooveOnset(apart, "snare", 100.0)]
        whole = measure_groove(pair, beats, beats[::4], Meter(), exact=True).whole
        assert whole is not None
        assert sum(whole.counts) == heard, apart
        assert whole.velocities == ((100.0,) if heard == 1 else (95.0,)), apart


def test_bars_of_one_beat_have_places_in_it_alone() -> None:
    beats = [float(beat) for beat in range(8)]
    groove = measure_groove([(beat + 0.25, None, 90.0) for beat in beats], beats, beats, Meter(1, 4), exact=True)
    assert groove.bar_beats == 1.0
    assert groove.whole is not None
    assert (groove.whole.positions, groove.whole.counts) == ((0.25,), (8,))


def test_a_grid_never_runs_backwards() -> None:
    """Beats that come in a rush pull the smooth line back: then they are taken as they came."""
    rush = [0.0, 0.2572, 0.2579, 0.259, 0.2593, 0.2599, 0.26, 0.2602, 0.2669, 0.2676, 0.3734, 0.3748, 0.6503]
    grid = fit_grid(rush)
    assert grid is not None
    assert all(late > early for early, late in pairwise(grid.times))
    assert grid.times == tuple(rush)


def test_a_band_that_wanders_slowly_by_little_is_no_click() -> None:
    """By 19 ms over 64 beats: too little for a drift of six beats, too much for a straight line."""
    wandering = [beat * 0.5 + 0.0195 * sin(2.0 * pi * beat / 64.0) for beat in range(128)]
    grid = fit_grid(wandering)
    assert grid is not None
    assert max(abs(near - time) for near, time in zip(grid.times, wandering, strict=True)) < 0.01
    steady = fit_grid([beat * 0.5 + 0.25 * (time - beat * 0.5) for beat, time in enumerate(wandering)])
    assert steady is not None
    steps = [late - early for early, late in pairwise(steady.times)]
    assert max(steps) - min(steps) < 1e-9
