"""Choosing the last whole bars before a press: the right ones, despite inexact messages, or fewer if there are not
many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.engines.audio.capture.bars import Bars, choose_bars
from musearoo.engines.audio.capture.beats import find_stretches
from musearoo.engines.audio.capture.errors import CaptureError
from musearoo.engines.audio.capture.form import ROUND
from musearoo.engines.audio.capture.ring import unroll
from musearoo.engines.music.meter import Meter
from tests.each_case import each_case
from tests.engines.audio.capture.some_recordings import Jump, Piece, Play, Stop, Tape, record, roll

RATE = 44_100

METERS = [(4, 4), (3, 4), (6, 8), (7, 8), (5, 4), (12, 8), (5, 16)]


def _choose(tape: Tape, press: int, song_beat: float | None, wanted: int, bar_beats: float = 4.0) -> Bars:
    return choose_bars(find_stretches(tape.phase, RATE), press, song_beat, bar_beats, wanted)


def _steady(bars: float, position: float = 0.0, bpm: float = 480.0) -> Tape:
    samples = round(bars * 4.0 * 60.0 / bpm * RATE)
    return record([Play(samples, bpm, bpm)], RATE, position)


@settings(max_examples=40)
@given(
    meter=st.sampled_from(METERS),
    bpm=st.floats(60.0, 999.0),
    last_bpm=st.floats(60.0, 999.0),
    position=st.floats(0.0, 100.0),
    jitter=st.floats(-0.4, 0.4),
    wanted=st.integers(1, 8),
    data=st.data(),
)
def test_bar_lines_are_those_of_the_song_within_a_sample_wherever_the_seam_is(
    meter: tuple[int, int],
    bpm: float,
    last_bpm: float,
    position: float,
    jitter: float,
    wanted: int,
    data: st.DataObject,
) -> None:
    bar = Meter(*meter).bar_beats
    pieces: list[Piece] = [Stop(500, True), Play(60_000, bpm, last_bpm), Play(30_000, last_bpm, last_bpm)]
    tape = record(pieces, RATE, position)
    press = data.draw(st.integers(40_000, tape.phase.size - 1), "press")
    counter = data.draw(st.integers(0, ROUND - 1), "counter")
    size = data.draw(st.integers(50_000, 100_000), "size")
    audio = np.arange(2 * tape.phase.size, dtype=np.float32).reshape(2, -1)
    ring = unroll(roll(audio, tape.phase, size, counter, press, 0.3), counter + press)
    offset = press - ring.press
    # Computed exactly: the song's bar lines that remain in the recording.
    running = np.flatnonzero(np.isfinite(tape.positions) & (np.arange(tape.phase.size) >= offset))
    begin, end = tape.positions[running[0]], tape.positions[press]
    lines = np.arange(np.ceil(begin / bar), np.floor(end / bar) + 1) * bar
    if np.abs(np.array([begin, end]) / bar - np.round(np.array([begin, end]) / bar)).min() < 0.01:
        return
    stretches = find_stretches(ring.phase, RATE)
    if lines.size < 2:
        with pytest.raises(CaptureError, match="less than a whole bar"):
            choose_bars(stretches, ring.press, end + jitter, bar, wanted)
        return
    bars = choose_bars(stretches, ring.press, end + jitter, bar, wanted)
    expected = np.interp(lines[-(wanted + 1) :], tape.positions[running], running) - offset
    assert bars.is_one_known
    assert bars.count == expected.size - 1
    assert np.abs(bars.samples_at(bar) - expected).max() <= 1.0


@each_case("wanted", [1, 2, 4, 8])
def test_bars_before_the_press_are_taken_and_not_what_came_after(wanted: int) -> None:
    tape = _steady(10.0)
    bar = 4.0 * 60.0 / 480.0 * RATE
    bars = _choose(tape, round(9.3 * bar), 9.3 * 4.0, wanted)
    assert (bars.count, bars.length) == (wanted, 4.0 * wanted)
    assert bars.samples_at(4.0) == pytest.approx(bar * np.arange(9 - wanted, 10), abs=0.01)
    assert bars.bpm(RATE) == pytest.approx(480.0, abs=0.001)


def test_fewer_bars_are_taken_where_the_transport_had_just_started() -> None:
    bars = _choose(_steady(3.5), round(3.4 * 22_050), 13.6, 8)
    assert bars.count == 3


def test_a_first_beat_that_is_reported_late_counts() -> None:
    """The transport started within a block of samples; the device sees only the end of the block."""
    tape = record([Stop(500, True), Play(round(2.5 * 22_050), 480.0, 480.0)], RATE, 0.006)
    bars = _choose(tape, tape.phase.size - 1, 10.0, 8)
    assert bars.count == 2
    assert bars.samples_at(4.0)[0] == pytest.approx(500 - 0.006 * 22_050 / 4.0, abs=1.0)


def test_a_bar_that_is_over_at_the_very_stop_is_whole() -> None:
    tape = record([Play(4 * 22_050, 480.0, 480.0), Stop(1000, False)], RATE)
    bars = _choose(tape, tape.phase.size - 1, 16.0, 4)
    assert bars.count == 4
    assert bars.samples_at(4.0)[-1] == pytest.approx(4 * 22_050, abs=1.0)


@each_case("song_beat", [0.0, 16.35, None])
def test_after_a_stop_bars_are_counted_from_the_start_where_the_song_was_moved(song_beat: float | None) -> None:
    """Stopped at beat 13.6, then moved, or its position unknown: it began on beat 0."""
    tape = record([Stop(500, True), Play(round(3.4 * 22_050), 480.0, 480.0), Stop(5000, True)], RATE)
    bars = _choose(tape, tape.phase.size - 1, song_beat, 2)
    assert not bars.is_one_known
    assert bars.samples_at(4.0) == pytest.approx([500 + 22_050, 500 + 2 * 22_050, 500 + 3 * 22_050], abs=1.0)


def test_after_a_stop_the_songs_place_counts_where_it_fits() -> None:
    tape = record([Stop(500, False), Play(round(3.35 * 22_050), 480.0, 480.0), Stop(5000, False)], RATE, 2.0)
    bars = _choose(tape, tape.phase.size - 1, 2.0 + 3.35 * 4.0, 8)
    assert bars.is_one_known
    assert bars.samples_at(4.0)[0] == pytest.approx(500 + 0.5 * 22_050, abs=1.0)


@each_case("bar", [4.0, 3.5, 2.5])
def test_bars_are_counted_back_from_the_press_where_nothing_tells_where_they_begin(bar: float) -> None:
    tape = _steady(5.0, 0.3)
    bars = _choose(tape, tape.phase.size - 1, None, 2, bar)
    assert (bars.count, bars.is_one_known) == (2, False)
    end = bars.samples_at(bar)[-1]
    assert tape.phase.size - 1.5 * 22_050 / 4.0 <= end <= tape.phase.size


def test_only_what_was_played_since_the_last_jump_is_taken() -> None:
    tape = record([Play(6 * 22_050, 480.0, 480.0), Jump(40.3), Play(3 * 22_050, 480.0, 480.0)], RATE)
    bars = _choose(tape, tape.phase.size - 1, float(tape.positions[-1]), 8)
    assert bars.count == 2
    assert bars.samples_at(4.0)[0] == pytest.approx(6 * 22_050 + 3.7 / 4.0 * 22_050, abs=1.0)


@each_case("shows_zero", [False, True])
def test_only_what_was_played_since_the_last_stop_is_taken(shows_zero: bool) -> None:
    """It continued from where it had stopped, so that the phase does not jump."""
    pieces: list[Piece] = [Play(round(2.3 * 22_050), 480.0, 480.0), Stop(5000, shows_zero)]
    tape = record([*pieces, Play(2 * 22_050, 480.0, 480.0)], RATE)
    bars = _choose(tape, tape.phase.size - 1, float(tape.positions[-1]), 8)
    assert bars.count == 1
    assert bars.samples_at(4.0)[0] == pytest.approx(3 * 22_050 + 5000, abs=1.0)


def test_a_stopped_transport_is_reported() -> None:
    with pytest.raises(CaptureError, match="stood still: start Live, let it play 2 bars, then press Listen"):
        choose_bars((), 5000, 0.0, 4.0, 2)
    tape = record([Stop(5000, False), Play(9000, 120.0, 120.0)], RATE)
    with pytest.raises(CaptureError, match="stood still"):
        _choose(tape, 4000, 0.0, 1)


def test_less_than_a_bar_is_reported() -> None:
    with pytest.raises(CaptureError, match="less than a whole bar: let it play 4 bars"):
        _choose(_steady(0.9), 10_000, 1.8, 4)
    with pytest.raises(CaptureError, match="let it play 2 bars"):
        _choose(_steady(0.9, 0.3), 10_000, None, 1)
