"""The separator without models: aligned, complete and finite for any sound, and better than the mix."""

import numpy as np
import pytest

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.dsp import CORE_FRAMES, DspSeparator, estimate_bytes
from musearoo.engines.audio.separation.samples import Samples, separate_whole
from musearoo.engines.audio.separation.stft import Grid
from musearoo.engines.errors import ParamError
from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.tools.bench.stems.measures import measure_si_sdr
from tests.each_case import each_case
from tests.engines.audio.separation.sounds import play_band

RATE = 44_100
NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, (2, RATE)).astype(np.float32)


def take_apart(samples: FloatArray, rate: int = RATE, block: int = 8_192) -> dict[StemName, FloatArray]:
    return separate_whole(DspSeparator(), Samples(samples, rate, block))


def residual_db(stems: dict[StemName, FloatArray], mix: FloatArray) -> float:
    """Return the level of the difference between the stems' sum and the mix, relative to the mix."""
    difference = np.sum(list(stems.values()), axis=0, dtype=np.float64) - mix
    return float(10.0 * np.log10((difference**2).sum() / (mix.astype(np.float64) ** 2).sum() + 1e-30))


@each_case("frames", [1, 10, 1_023, 4_097, 30_000])
@each_case("rate", [8_000, 44_100, 48_000, 192_000])
def test_any_length_and_rate_give_stems_that_sum_to_the_mix(frames: int, rate: int) -> None:
    samples = NOISE[:, :frames]
    stems = take_apart(samples, rate)
    assert tuple(stems) == FOUR_STEMS
    assert {stem.shape for stem in stems.values()} == {samples.shape}
    assert {stem.dtype for stem in stems.values()} == {np.dtype(np.float32)}
    assert residual_db(stems, samples) < -120.0


SOUNDS = {
    "silence": np.zeros((2, RATE), np.float32),
    "DC": np.full((2, RATE), 0.5, np.float32),
    "a click": np.eye(1, RATE, 20_000, dtype=np.float32),
    "clipped": np.clip(8.0 * NOISE, -1.0, 1.0),
    "far over full scale": 1e6 * NOISE,
    "near nothing": 1e-12 * NOISE,
    "one side": NOISE * np.array([[1.0], [0.0]], np.float32),
    "opposite sides": NOISE[:1] * np.array([[1.0], [-1.0]], np.float32),
}


@each_case("name", SOUNDS)
def test_odd_sounds_give_finite_stems_that_sum_to_them(name: str) -> None:
    stems = take_apart(SOUNDS[name])
    assert all(np.isfinite(stem).all() for stem in stems.values())
    np.testing.assert_allclose(
        np.sum(list(stems.values()), axis=0, dtype=np.float64),
        SOUNDS[name],
        rtol=0.0,
        atol=1e-6 * np.abs(SOUNDS[name]).max(),
    )


def test_blocks_of_any_size_give_the_same_stems() -> None:
    samples = np.sum(list(play_band(1.5).values()), axis=0)
    whole = take_apart(samples, block=samples.shape[1])
    for size in (999, 4_096):
        again = take_apart(samples, block=size)
        assert all(np.array_equal(whole[name], again[name]) for name in FOUR_STEMS)


def test_twice_as_loud_gives_stems_twice_as_loud() -> None:
    samples = np.sum(list(play_band(1.5).values()), axis=0)
    once, twice = take_apart(samples), take_apart(0.125 * samples)
    for name in FOUR_STEMS:
        np.testing.assert_allclose(twice[name], 0.125 * once[name], atol=1e-5)


def test_the_same_sound_on_both_sides_is_taken_apart_as_in_mono() -> None:
    mono = np.sum(list(play_band(1.5).values()), axis=0)[:1]
    alone, both = take_apart(mono), take_apart(np.repeat(mono, 2, axis=0))
    for name in FOUR_STEMS:
        np.testing.assert_allclose(both[name], np.repeat(alone[name], 2, axis=0), atol=1e-5)


def test_each_stem_is_nearer_to_the_truth_than_the_mix_is() -> None:
    band = play_band(3.0)
    mix = np.asarray(sum(band.values()), dtype=np.float32)
    stems = take_apart(mix)
    for name in FOUR_STEMS:
        assert measure_si_sdr(band[name], stems[name]) > measure_si_sdr(band[name], mix) + 5.0, name


@each_case("alone", ["drums", "bass"])
def test_what_plays_alone_stays_together(alone: StemName) -> None:
    sound = play_band(3.0)[alone]
    powers = {name: float((stem**2).sum()) for name, stem in take_apart(sound).items()}
    assert max(powers, key=lambda name: powers[name]) == alone
    assert powers["vocals"] < 0.01 * powers[alone]


def test_progress_is_reported_and_can_cancel() -> None:
    class StopError(Exception):
        pass

    reports: list[float] = []

    def report(fraction: float, _text: str) -> None:
        reports.append(fraction)
        if fraction > 0.5:
            raise StopError

    seconds = 2.2 * CORE_FRAMES / Grid.at(8_000).frames_a_second
    samples = np.resize(NOISE, (1, round(seconds * 8_000)))
    with pytest.raises(StopError):
        list(DspSeparator().separate(Samples(samples, 8_000), report))
    assert reports == sorted(reports)
    assert max(np.diff(reports)) * seconds < 6.0


def test_rates_beyond_its_reach_are_refused() -> None:
    with pytest.raises(ParamError, match="rate must be 8000 to 192000 Hz, but was 4000"):
        list(DspSeparator().separate(Samples(NOISE, 4_000), lambda _fraction, _text: None))


def test_memory_stays_within_bounds_whatever_the_length() -> None:
    hour = 3_600
    assert estimate_bytes(96_000 * hour, 96_000, 2) == estimate_bytes(96_000 * 60, 96_000, 2) < 500_000_000
