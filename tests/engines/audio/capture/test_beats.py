"""Beats derived from the phase match the transport's, sample-exactly, whatever it does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.engines.audio.capture.beats import SLACK, STILL, find_stretches
from tests.each_case import each_case
from tests.engines.audio.capture.some_recordings import Jump, Piece, Play, Stop, Tape, record

RATES = (44_100, 48_000, 88_200, 96_000, 176_400, 192_000)

TEMPOS = st.floats(20.0, 999.0)


@st.composite
def plays(draw: st.DrawFn) -> Play:
    """Draw a steady tempo, or a ramp."""
    bpm = draw(TEMPOS)
    return Play(draw(st.integers(1000, 60_000)), bpm, draw(st.one_of(st.just(bpm), TEMPOS)))


STOPS = st.builds(Stop, st.integers(2 * STILL, 20_000), st.booleans())
JUMPS = st.builds(Jump, st.floats(0.0, 64.0))
TRANSPORTS = st.tuples(plays(), st.lists(st.one_of(plays(), plays(), STOPS, JUMPS), max_size=6))


def _is_clear(tape: Tape) -> bool:
    """Return whether each jump and start is detectable: within SLACK of the phase before it is not."""
    for sample in tape.breaks:
        if sample == 0 or sample >= tape.phase.size:
            continue
        step = float(tape.phase[sample]) - float(tape.phase[sample - 1])
        if min(step % 1.0, -step % 1.0) < 1.5 * SLACK and step != 0.0:
            return False
    return True


def _runs_up_to(tape: Tape, start: int, beat: float) -> bool:
    """Return whether a beat would have begun there, just before the transport started or jumped, at its tempo then."""
    if start + 1 >= tape.positions.size or np.isnan(tape.positions[start]):
        return False
    begun = tape.positions[start] % 1.0
    pace = tape.positions[start + 1] - tape.positions[start]
    return bool(begun < 1.001 * SLACK and abs(start - begun / pace - beat) <= 1.0)


@settings(max_examples=60)
@given(TRANSPORTS, st.sampled_from(RATES), st.floats(0.0, 8.0))
def test_every_beat_is_found_within_a_sample_and_no_other(
    transport: tuple[Play, list[Piece]], rate: int, position: float
) -> None:
    first, rest = transport
    tape = record([first, *rest], rate, position)
    if not _is_clear(tape):
        return
    stretches = find_stretches(tape.phase, rate)
    found = np.concatenate([np.empty(0), *(stretch.beats for stretch in stretches)])
    ends = np.array([*tape.breaks, tape.phase.size])
    # A beat after the last sample before a break, or the last of all, has not been recorded.
    recorded = [beat for beat in tape.beats if not np.any((ends - 1 < beat) & (beat < ends))]
    assert all(np.abs(found - beat).min(initial=np.inf) <= 1.0 for beat in recorded)
    # One that would have begun just before the transport started or jumped is found at its tempo.
    others = [beat for beat in found if np.abs(tape.beats - beat).min(initial=np.inf) > 1.0]
    assert all(any(_runs_up_to(tape, start, beat) for start in (0, *tape.breaks)) for beat in others)
    assert all(np.all(np.diff(stretch.beats) > 0.0) for stretch in stretches)


@settings(max_examples=20)
@given(st.sampled_from(RATES), TEMPOS, st.floats(0.0, 1.0, exclude_max=True))
def test_a_steady_tempo_is_found_to_a_fraction_of_a_sample(rate: int, bpm: float, position: float) -> None:
    samples = int(60.0 / bpm * rate * 2.5)
    tape = record([Play(samples, bpm, bpm)], rate, position)
    (stretch,) = find_stretches(tape.phase, rate)
    matched = stretch.beats[-2:]
    assert np.abs(matched - tape.beats[-2:]).max() <= 0.05


@settings(max_examples=40)
@given(st.sampled_from(RATES), TEMPOS, TEMPOS, st.floats(0.0, 4.0), st.sampled_from([0.0, 0.25, 0.5, 0.75]))
def test_parts_of_beats_are_found_within_a_sample(
    rate: int, bpm: float, last_bpm: float, position: float, part: float
) -> None:
    tape = record([Play(60_000, bpm, last_bpm)], rate, position)
    (stretch,) = find_stretches(tape.phase, rate)
    for beat in range(stretch.beats.size):
        number = int(np.ceil(position - SLACK)) + beat
        if tape.positions[0] <= number + part < tape.positions[-1]:
            expected = float(np.interp(number + part, tape.positions, np.arange(tape.positions.size)))
            assert stretch.sample_at(beat, part) == pytest.approx(expected, abs=1.0)


def test_a_transport_that_stands_has_no_stretch() -> None:
    assert find_stretches(np.zeros(10_000, np.float32), 44_100) == ()
    assert find_stretches(np.full(10_000, 0.3, np.float32), 44_100) == ()
    assert find_stretches(np.empty(0, np.float32), 44_100) == ()


@each_case("seed", range(5))
def test_noise_and_what_is_no_number_have_no_beats(seed: int) -> None:
    noise = np.random.default_rng(seed).uniform(-2.0, 2.0, 20_000).astype(np.float32)
    noise[::7] = np.nan
    assert find_stretches(noise, 44_100) == ()


@each_case("off", [-0.004, -0.0005, 0.0005, 0.004])
def test_a_phase_that_is_mended_at_the_end_of_each_block_is_no_jump(off: float) -> None:
    tape = record([Play(200_000, 120.0, 120.0)], 44_100)
    mended = tape.positions.copy()
    # Within each block of 512 it drifts, and is right again at the next.
    mended += off * (np.arange(mended.size) % 512) / 512
    phase = (np.maximum(mended, 0.0) % 1.0).astype(np.float32)
    (stretch,) = find_stretches(phase, 44_100)
    assert stretch.beats.size == tape.beats.size
    assert np.abs(stretch.beats - tape.beats).max() <= abs(off) * 22_050 + 1.0


def test_a_jump_by_whole_beats_keeps_the_beat() -> None:
    tape = record([Play(50_000, 120.0, 120.0), Jump(40.0 + 50_000 / 22_050), Play(50_000, 120.0, 120.0)], 44_100)
    (stretch,) = find_stretches(tape.phase, 44_100)
    assert np.abs(np.diff(stretch.beats) - 22_050).max() < 0.01
