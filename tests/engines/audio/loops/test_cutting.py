"""Cutting loops: sample-exact whole bars, on the beat, at the requested tempo, deterministically."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musearoo.engines.audio.loops.cutting import Loop, cut_loop
from musearoo.engines.audio.loops.loop_request import LoopRequest, seconds_needed
from musearoo.engines.audio.loops.stretching import detect_onsets
from musearoo.engines.audio.sound_model import FloatArray
from musearoo.engines.errors import ParamError
from musearoo.tools.bench.musicgen.loops import measure_seam
from tests.each_case import each_case
from tests.engines.audio.loops.sounds import (
    RATE,
    Seconds,
    even_beats,
    ignore,
    play_groove,
    play_pad,
    read_activation_weights,
)

REQUEST = LoopRequest(bpm=118.0, beats_per_bar=4.0, bars=4)


def _cut(samples: FloatArray, request: LoopRequest = REQUEST, before: FloatArray | None = None) -> Loop:
    return cut_loop(samples, RATE, request, read_activation_weights(), ignore, before)


def _off_grid(loop: Loop, request: LoopRequest) -> Seconds:
    """Return how far the loop's onsets are from the nearest eighth, in seconds."""
    eighth = 30.0 / request.bpm
    strokes = detect_onsets(loop.samples, RATE)
    assert strokes.size >= request.quarters
    off: Seconds = np.abs((strokes + 0.5 * eighth) % eighth - 0.5 * eighth)
    return off


@each_case("off", [0.92, 1.0, 1.037, 1.08])
@each_case("lead, downbeat", [(0.0, 0), (0.41, 3)])
def test_bars_are_exact_and_strokes_land_on_the_grid(off: float, lead: float, downbeat: int) -> None:
    seconds = seconds_needed(REQUEST.bars, REQUEST.bpm)
    beats = even_beats(REQUEST.bpm * off, lead, seconds)
    loop = _cut(play_groove(beats, seconds, downbeat))
    assert loop.samples.shape == (2, round(16 * 60.0 / REQUEST.bpm * RATE))
    assert loop.samples.dtype == np.float32
    assert loop.stretch == pytest.approx(off, rel=0.003)
    assert np.median(_off_grid(loop, REQUEST)) < 0.004
    assert np.abs(loop.made_beats[0] - beats[downbeat::4]).min() < 0.006
    assert measure_seam(loop.samples, RATE) < -6.0
    assert loop.beats == pytest.approx(np.arange(16) * 60.0 / REQUEST.bpm)
    assert len(loop.made_beats) == 17


def test_a_tempo_that_bends_is_straightened() -> None:
    steps = 60.0 / 118.0 * (1.0 + 0.04 * np.sin(np.arange(24) / 24 * 2.0 * np.pi))
    beats = 0.2 + np.concatenate(([0.0], np.cumsum(steps)))
    loop = _cut(play_groove(beats, float(beats[-1])))
    assert np.percentile(_off_grid(loop, REQUEST), 75) < 0.012


@each_case(
    "beats_per_bar, bars, bpm", [(3.0, 4, 104.0), (3.5, 2, 120.0), (5.0, 2, 126.3), (4.0, 1, 97.7), (4.0, 8, 141.9)]
)
def test_any_meter_and_tempo_has_its_length(beats_per_bar: float, bars: int, bpm: float) -> None:
    request, channels = LoopRequest(bpm, beats_per_bar, bars), 1 + bars % 2
    seconds = seconds_needed(bars, bpm, beats_per_bar)
    loop = _cut(play_groove(even_beats(0.97 * bpm, 0.1, seconds), seconds)[:channels], request)
    assert loop.samples.shape == (channels, round(bars * beats_per_bar * 60.0 / bpm * RATE))
    assert np.isfinite(loop.samples).all()


@each_case("played, pulse", [(57.5, "half"), (235.0, "double")])
def test_half_and_double_time_are_not_stretched_to_twice_the_length(played: float, pulse: str) -> None:
    loop = _cut(play_groove(even_beats(played, 0.2, 11.0), 11.0))
    assert loop.pulse == pulse
    assert 0.92 < loop.stretch < 1.08
    assert any(pulse in sentence for sentence in loop.messages)


def test_a_fading_tail_is_left_out() -> None:
    seconds = 14.0
    groove = play_groove(even_beats(118.0, 0.3, seconds), seconds)
    groove[:, -4 * RATE :] *= np.linspace(1.0, 0.0, 4 * RATE, dtype=np.float32)
    loop = _cut(groove)
    quarter = loop.samples.shape[1] // 4
    levels = 10.0 * np.log10([float(np.mean(loop.samples[:, k * quarter : (k + 1) * quarter] ** 2)) for k in range(4)])
    assert np.ptp(levels) < 2.0


@each_case("off", [0.97, 1.0])
def test_a_continuation_begins_with_its_first_sample_and_its_end_leads_back_to_what_came_before(off: float) -> None:
    beats = even_beats(118.0 * off, 0.0, 12.0)
    groove = play_groove(beats, 12.0)
    first = round(beats[4] * RATE)
    request = replace(REQUEST, bars=2, starts_on_the_one=True)
    loop = _cut(groove[:, first:], request, before=groove[:, :first])
    assert loop.started_at == 0.0
    assert np.median(_off_grid(loop, request)) < 0.004
    assert measure_seam(loop.samples, RATE) < -6.0
    if off == 1.0:
        assert loop.stretch == 1.0
        led = groove[:, first - RATE // 200 : first] - groove[:, first : first + loop.samples.shape[1]].mean()
        assert np.abs(loop.samples[:, -RATE // 200 :] - led).max() < 0.002


def test_a_take_without_a_beat_is_cut_where_it_is_steady_and_reported() -> None:
    pad = play_pad(11.0) * np.minimum(1.0, np.arange(11 * RATE) / (2 * RATE)).astype(np.float32)
    loop = _cut(pad)
    assert loop.perceived_bpm is None
    assert loop.confidence == 0.0
    assert loop.stretch == 1.0
    assert loop.started_at > 1.0
    assert "No beat" in loop.messages[0]
    assert np.abs(np.diff(np.tile(loop.samples[0], 2))).max() < 1.05 * np.abs(np.diff(pad[0])).max()


def test_a_take_that_is_too_short_plays_fewer_bars_again() -> None:
    loop = _cut(play_groove(even_beats(118.0, 0.0, 5.0), 5.0))
    assert loop.samples.shape[1] == round(REQUEST.seconds * RATE)
    assert "a part of 8 beats is played 2 times" in loop.messages[0]
    second = round(loop.samples.shape[1] / 2)
    again = loop.samples[:, second:]
    assert np.allclose(loop.samples[:, : again.shape[1]], again, atol=1e-6)


def test_the_loudness_is_matched_or_the_shortfall_is_reported() -> None:
    groove = play_groove(even_beats(118.0, 0.0, 11.0), 11.0)
    assert not _cut(groove, replace(REQUEST, loudness_lufs=-24.0)).messages
    assert "quieter than asked" in _cut(groove, replace(REQUEST, loudness_lufs=-3.0)).messages[-1]


def test_the_same_take_gives_the_same_loop() -> None:
    groove = play_groove(even_beats(112.0, 0.3, 11.0), 11.0)
    one, other = _cut(groove), _cut(groove)
    assert np.array_equal(one.samples, other.samples)
    assert one.messages == other.messages


def test_a_progress_callback_can_cancel() -> None:
    class UnwantedError(Exception):
        """Raised by a progress callback."""

    fractions: list[float] = []

    def end(fraction: float, _words: str) -> None:
        fractions.append(fraction)
        if fraction > 0.2:
            raise UnwantedError

    groove = play_groove(even_beats(118.0, 0.0, 11.0), 11.0)
    with pytest.raises(UnwantedError):
        cut_loop(groove, RATE, REQUEST, read_activation_weights(), end)
    assert fractions == sorted(fractions)


@each_case(
    "samples, match",
    [
        (np.zeros((2, RATE)), "can be heard"),
        (np.full((1, RATE), np.nan), "finite"),
        (np.full((1, RATE), np.inf), "finite"),
        (np.full((1, 100), 0.5), "can be heard"),
        (np.sin(np.arange(RATE // 4)), r"at least 0\.51 s long"),
        (np.zeros((2, 0)), "at least one"),
        (np.zeros((2, 3, 4)), "channels"),
    ],
)
def test_what_is_no_take_is_refused_with_the_reason(samples: FloatArray, match: str) -> None:
    with pytest.raises(ParamError, match=match):
        _cut(samples.astype(np.float32))


def test_what_came_before_has_the_channels_of_the_take() -> None:
    with pytest.raises(ParamError, match="before"):
        _cut(play_groove(even_beats(118.0, 0.0, 3.0), 3.0), before=np.zeros((1, 100), dtype=np.float32))


@each_case(
    "change",
    [
        {"bpm": 0.0},
        {"bpm": float("nan")},
        {"bars": 0},
        {"beats_per_bar": 0.0},
        {"loudness_lufs": 3.0},
        {"ceiling_db": 1.0},
    ],
)
def test_a_request_keeps_to_its_bounds(change: dict[str, float]) -> None:
    with pytest.raises(ParamError, match=next(iter(change))):
        replace(REQUEST, **change)  # type: ignore[arg-type]


@each_case("seed", range(4))
def test_any_sound_gives_a_loop_of_the_right_length(seed: int) -> None:
    chance = np.random.default_rng(seed)
    seconds = float(chance.uniform(0.6, 14.0))
    sound = chance.standard_normal((2, round(seconds * RATE))).astype(np.float32)
    sound *= np.repeat(chance.uniform(0.0, 1.0, 50), -(-sound.shape[1] // 50))[: sound.shape[1]].astype(np.float32)
    request = LoopRequest(float(chance.uniform(60.0, 180.0)), 4.0, int(chance.integers(1, 9)), -14.0)
    rate = (16_000, 32_000, 44_100, 48_000)[seed]
    loop = cut_loop(sound, rate, request, read_activation_weights(), ignore)
    assert loop.samples.shape == (2, round(request.seconds * rate))
    assert np.isfinite(loop.samples).all()
    assert np.abs(loop.samples).max() <= 10.0 ** (-1.0 / 20.0)
