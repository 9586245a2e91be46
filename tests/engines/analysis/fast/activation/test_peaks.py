import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.peaks import find_peaks, interpolate_peaks, locate_peaks, sharpen
from musearoo.engines.analysis.fast.activation.rises import measure_rises
from musearoo.engines.analysis.fast.activation.sound import Sound
from tests.each_case import each_case


def test_peaks_keep_their_distance() -> None:
    evidence = np.zeros(40, dtype=np.float32)
    evidence[[5, 8, 20, 30]] = [0.9, 0.8, 0.3, 0.7]

    assert find_peaks(evidence, 0.5, 4).tolist() == [5, 30]
    assert find_peaks(evidence, 0.5, 2).tolist() == [5, 8, 30]
    assert find_peaks(evidence[:0], 0.5, 2).tolist() == []


def test_a_plateau_is_one_peak() -> None:
    assert find_peaks(np.full(12, 0.8, dtype=np.float32), 0.5, 3).size <= 3
    assert find_peaks(np.array([0, 0.7, 0.7, 0.7, 0], dtype=np.float32), 0.5, 2).tolist() == [1]


@each_case("place", [10.0, 10.25, 10.4, 9.7])
def test_peaks_between_frames_are_found(place: float) -> None:
    # As the network's targets fall off: fully within half a frame, to nothing at one and a half.
    evidence = np.clip(1.5 - np.abs(np.arange(20) - place), 0.0, 1.0).astype(np.float32)

    times = interpolate_peaks(evidence, np.array([round(place)]))

    assert times[0] == pytest.approx(place / 100.0, abs=1e-4)


@each_case("rate", [8_000, 44_100, 48_000, 96_000])
@each_case("onset", [0.0501, 0.2137, 0.4])
def test_a_burst_is_placed_within_two_milliseconds(onset: float, rate: int) -> None:
    samples = np.zeros(rate)
    start = round(onset * rate)
    samples[start : start + rate // 10] = np.random.default_rng(1).standard_normal(rate // 10)
    rises = measure_rises(Sound.of(samples, rate))

    times = locate_peaks(np.array([onset + 0.003]), sharpen(rises), rises.step_seconds)

    assert times[0] == pytest.approx(onset, abs=0.0025)


def test_where_nothing_rises_times_stay() -> None:
    assert locate_peaks(np.array([0.123]), np.zeros(500), 0.001).tolist() == [0.123]
    assert locate_peaks(np.array([0.123]), np.zeros(0), 0.001).tolist() == [0.123]


@each_case("frames", [1, 30, 44, 45, 46, 100])
def test_the_shortest_sounds_have_an_envelope(frames: int) -> None:
    rises = measure_rises(Sound.of(np.ones(frames), 44_100))

    assert rises.strengths.size >= 1
