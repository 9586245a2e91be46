"""Whom the clock follows, and what happens to the music when it changes."""

import pytest

from musearoo.bridge.midi.clock.following import Following
from musearoo.bridge.protocol.midi_process import ClockSource, Follow, Transport

TICK, START = b"\xf8", b"\xfa"
ALL = Follow((ClockSource.LIVE, ClockSource.MIDI, ClockSource.OWN), 100.0)


def _tick(clock: Following, port: str, start: float, bpm: float, beats: float) -> float:
    """Sends a clock of so many beats to a port; the time after it."""
    for _ in range(round(24 * beats)):
        assert clock.midi(start, port, TICK)
        start += 60.0 / bpm / 24.0
    return start


def test_nobody_there_is_its_own_tempo_from_beat_0() -> None:
    clock = Following()
    clock.follow(10.0, ALL)
    state = clock.state(16.0)
    assert (state.source, state.is_running, state.beat, state.bpm) == (ClockSource.OWN, True, 10.0, 100.0)


def test_another_tempo_goes_on_from_where_it_is() -> None:
    clock = Following()
    clock.follow(10.0, ALL)
    clock.follow(16.0, Follow(ALL.sources, 120.0))
    assert clock.state(17.0).beat == pytest.approx(12.0)
    assert clock.line(17.0).epoch == clock.line(11.0).epoch


def test_without_its_own_tempo_it_stands_until_somebody_is_there() -> None:
    clock = Following()
    clock.follow(10.0, Follow((ClockSource.MIDI,)))
    assert not clock.line(20.0).is_running
    clock.midi(20.0, "keys", START)
    _tick(clock, "keys", 20.0, 120.0, 4.0)
    assert clock.line(22.0).beat_at(22.0) == pytest.approx(4.0, abs=0.01)


def test_the_first_that_is_there_is_followed_and_each_change_is_an_epoch() -> None:
    clock = Following()
    clock.follow(10.0, ALL)
    epochs = [clock.line(10.0).epoch]
    clock.midi(11.0, "keys", START)
    now = _tick(clock, "keys", 11.0, 120.0, 4.0)
    epochs.append(clock.line(now).epoch)
    assert clock.state(now).source is ClockSource.MIDI
    clock.transport(Transport(now, True, 64.0, 90.0))
    epochs.append(clock.line(now).epoch)
    assert (clock.state(now).source, clock.state(now).beat) == (ClockSource.LIVE, 64.0)
    assert epochs == sorted(set(epochs))


def test_a_cable_that_is_pulled_does_not_stop_the_music() -> None:
    clock = Following()
    clock.follow(10.0, ALL)
    clock.midi(11.0, "keys", START)
    now = _tick(clock, "keys", 11.0, 97.0, 8.0)
    before = clock.line(now)
    clock.port_lost(now, "keys")
    after = clock.line(now)
    assert after.epoch == before.epoch
    assert after.beat_at(now + 5.0) == pytest.approx(before.beat_at(now + 5.0), abs=1e-6)


def test_live_that_quits_while_stopped_leaves_the_internal_tempo() -> None:
    clock = Following()
    clock.follow(10.0, ALL)
    clock.transport(Transport(10.0, False, 7.0, 90.0))
    assert clock.state(11.0).beat == 7.0
    assert clock.state(20.0).source is ClockSource.OWN


def test_two_clocks_are_not_mixed_and_one_that_runs_is_taken() -> None:
    clock = Following()
    clock.follow(10.0, ALL)
    _tick(clock, "still", 10.0, 90.0, 2.0)
    clock.midi(10.0, "running", START)
    _tick(clock, "running", 10.0, 120.0, 2.5)
    assert clock.line(11.25).bpm == pytest.approx(120.0, abs=1.0)
    _tick(clock, "still", 11.4, 90.0, 0.5)
    assert clock.line(11.8).is_running


def test_notes_are_no_clock() -> None:
    clock = Following()
    assert not clock.midi(1.0, "keys", b"\x90\x40\x40")
    assert clock.midi(1.0, "keys", b"\xfe")


def test_a_window_across_the_loops_end_is_cut_there() -> None:
    clock = Following()
    clock.follow(99.0, ALL)
    for number in range(21):
        clock.transport(Transport(100.0 + 0.05 * number, True, 0.1 * number, 120.0, (0.0, 2.4)))
    first, second = clock.stretches(101.0, 101.5)
    assert (first.start, first.end, second.end) == (101.0, second.start, 101.5)
    assert first.end == pytest.approx(101.2, abs=1e-3)
    assert second.line.time_of(0.0) == pytest.approx(first.end)
    assert clock.line(101.3) == second.line
    assert len(clock.stretches(101.3, 101.5)) == 1


def test_the_line_is_one_object_as_long_as_nothing_changes() -> None:
    clock = Following()
    clock.follow(10.0, ALL)
    assert clock.line(11.0) is clock.line(12.0)
