"""Excerpts do not depend on how a sound is divided."""

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.neural.madmom.excerpts import count_samples, take_excerpt
from musearoo.engines.neural.madmom.spectrograms import RATE
from tests.each_case import each_case


@each_case("rate", [44_100, 48_000, 22_050, 96_000, 8_000, 44_099])
def test_pieces_are_pieces_of_the_whole(rate: int) -> None:
    samples = np.random.default_rng(1).standard_normal(rate).astype(np.float32)
    sound = Sound.of(samples, rate)
    length = count_samples(sound)
    assert length == RATE
    whole = take_excerpt(sound, 0, length).samples
    for start, stop in ((0, 1), (0, 5_000), (7_777, 20_000), (length - 3, length)):
        assert np.allclose(take_excerpt(sound, start, stop).samples, whole[start:stop], atol=1e-5)


@each_case("rate", [48_000, 22_050, 96_000])
def test_a_tone_keeps_its_place_at_another_rate(rate: int) -> None:
    tone = np.sin(2.0 * np.pi * 440.0 * np.arange(rate) / rate)
    excerpt = take_excerpt(Sound.of(tone, rate), 10_000, 20_000)
    assert np.allclose(excerpt.samples, np.sin(2.0 * np.pi * 440.0 * np.arange(10_000, 20_000) / RATE), atol=2e-3)


@each_case("rate", [44_100, 48_000])
def test_beyond_the_sound_there_is_silence(rate: int) -> None:
    sound = Sound.of(np.sin(np.arange(rate // 10)), rate)
    excerpt = take_excerpt(sound, -20_000, 20_000)
    assert (len(excerpt.samples), excerpt.start) == (40_000, -20_000)
    assert np.abs(excerpt.samples[:19_000]).max() < 1e-6
    assert np.abs(excerpt.samples[20_000:24_000]).max() > 0.5
    assert np.abs(excerpt.samples[25_500:]).max() < 1e-6
    assert not take_excerpt(sound, 10**6, 10**6 + 10).samples.any()
    assert not take_excerpt(sound, -30, -20).samples.any()
