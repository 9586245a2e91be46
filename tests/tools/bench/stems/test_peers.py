"""The peers do what they are named for: else it is easy to beat them."""

import numpy as np

from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.tools.bench.stems.measures import measure_si_sdr
from musearoo.tools.bench.stems.peers import separate_plainly, separate_with_low_pass, take_mixture
from tests.engines.audio.separation.sounds import play_band

RATE = 44_100
BAND = play_band(2.0, RATE)
MIX = np.asarray(sum(BAND.values()), dtype=np.float32)


def test_the_mix_stands_for_every_stem() -> None:
    assert all(stem is MIX for stem in take_mixture(MIX, RATE).values())


def test_plain_hpss_tells_drums_from_tones() -> None:
    chord = BAND["other"]
    clicks = np.arange(chord.shape[1]) % (RATE // 4) < 200
    noise = np.random.default_rng(2).uniform(-0.5, 0.5, chord.shape)
    hits = np.asarray(noise * clicks, dtype=np.float32)
    guess = separate_plainly(hits + chord, RATE)
    assert tuple(guess) == FOUR_STEMS
    assert measure_si_sdr(hits, guess["drums"]) > measure_si_sdr(hits, hits + chord) + 3.0
    assert measure_si_sdr(chord, guess["other"]) > measure_si_sdr(chord, hits + chord) + 3.0
    np.testing.assert_allclose(guess["drums"] + guess["other"], hits + chord, atol=1e-5)


def test_a_low_pass_is_a_stronger_peer() -> None:
    guess, plain = separate_with_low_pass(MIX, RATE), separate_plainly(MIX, RATE)
    lifted: tuple[StemName, ...] = ("bass", "vocals")
    for stem in lifted:
        assert measure_si_sdr(BAND[stem], guess[stem]) > measure_si_sdr(BAND[stem], plain[stem]) + 1.0
