"""The whole character of sounds that have little of it, and of some that have more."""

import numpy as np
import pytest

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Harmony, Onset
from musearoo.engines.music.scale import Key
from tests.each_case import each_case
from tests.engines.analysis.fast.character.sounds import hear, make_noise, make_sine, make_steady_rhythm


def make_click(seconds: float) -> FloatArray:
    click = np.zeros(round(seconds * 44_100), dtype=np.float32)
    click[click.size // 2] = 0.9
    return click


@each_case("seconds", [0.02, 0.39, 13.0])
@each_case("kind", ["silence", "click", "noise", "square wave", "nothing but the last sample"])
def test_hard_cases_end_without_a_warning(kind: str, seconds: float) -> None:
    frames = round(seconds * 44_100)
    samples = {
        "silence": np.zeros(frames),
        "click": make_click(seconds),
        "noise": make_noise(seconds),
        "square wave": np.sign(np.sin(np.arange(frames) * 0.02)),
        "nothing but the last sample": np.eye(1, frames, frames - 1)[0],
    }[kind]
    character = hear(Sound.of(samples, 44_100), styles=read_styles())
    assert character.loudness is not None
    if character.energy is not None:
        assert all(0.0 <= value <= 1.0 for value in character.energy.values)
        assert 0.0 <= character.energy.climax <= seconds
    if kind == "silence":
        assert (character.energy, character.sections, character.mood, character.bands) == (None, (), None, ())
    else:
        assert character.sections[0].start == 0.0
        assert character.sections[-1].end == pytest.approx(seconds, abs=1e-3)
        assert len({guess.likelihood for guess in character.styles}) == 1
    assert kind == "square wave" or character.register.value is None


def test_louder_brighter_and_busier_is_more_energetic() -> None:
    times = np.arange(0.0, 8.0, 0.125)
    busy = tuple(Onset(float(time), 1.0) for time in times)
    calm = hear(Sound.of(make_sine(220.0, 8.0, -30.0, 44_100), 44_100), onsets=busy[::16])
    wild = hear(Sound.of(make_noise(8.0, 0.2), 44_100), onsets=busy)
    assert calm.energy is not None
    assert wild.energy is not None
    assert wild.energy.mean > calm.energy.mean + 0.3


def test_the_climax_is_where_it_is_loudest() -> None:
    wave = make_noise(20.0) * np.interp(np.arange(20 * 44_100) / 44_100, [0, 12, 14, 20], [0.05, 0.05, 1.0, 0.05])
    character = hear(Sound.of(wave, 44_100))
    assert character.energy is not None
    assert character.energy.climax == pytest.approx(14.0, abs=1.5)
    assert len(character.energy.values) == 40


def test_energy_does_not_depend_on_how_long_a_sound_lasts() -> None:
    noise = make_noise(16.0)
    short, long = (hear(Sound.of(noise[: 44_100 * seconds], 44_100)).energy for seconds in (4, 16))
    assert short is not None
    assert long is not None
    assert short.mean == pytest.approx(long.mean, abs=0.02)


@each_case(
    "left, right, width, balance, correlation",
    [(1.0, 1.0, 0.0, 0.0, 1.0), (1.0, 0.0, 1.0, -1.0, 0.0), (0.0, 1.0, 1.0, 1.0, 0.0), (1.0, -1.0, 1.0, 0.0, -1.0)],
)
def test_stereo(left: float, right: float, width: float, balance: float, correlation: float) -> None:
    noise = make_noise(2.0)
    stereo = hear(Sound.of(np.stack([left * noise, right * noise]), 44_100)).stereo
    assert stereo is not None
    assert (stereo.width, stereo.balance, stereo.correlation) == pytest.approx((width, balance, correlation), abs=0.02)


def test_mono_is_mono_and_six_channels_have_no_picture() -> None:
    noise = make_noise(1.0)
    mono = hear(Sound.of(noise, 44_100)).stereo
    assert mono is not None
    assert mono.width == 0.0
    assert hear(Sound.of(np.stack([noise] * 6), 44_100)).stereo is None


def test_bands_tell_where_the_power_lies_and_where_things_begin() -> None:
    deep = make_sine(100.0, 4.0, -6.0, 44_100)
    ticks = np.zeros(4 * 44_100, dtype=np.float32)
    for start in np.arange(0.25, 4.0, 0.25):
        first = round(start * 44_100)
        ticks[first : first + 2000] = make_noise(2000 / 44_100, 0.05) * np.exp(-np.arange(2000) / 300)
    bands = {band.name: band for band in hear(Sound.of(deep + ticks, 44_100)).bands}
    assert max(bands.values(), key=lambda band: band.level_db).name == "bass"
    assert bands["bass"].level_db > -1.0
    assert bands["air"].onsets_per_second == pytest.approx(15 / 4, abs=0.5)
    assert bands["bass"].onsets_per_second < 1.0


def test_register_of_two_tones() -> None:
    def tone(hertz: float) -> FloatArray:
        return np.asarray(sum(make_sine(hertz * n, 3.0, -12.0 - 6.0 * n, 44_100) for n in range(1, 5)))

    register = hear(Sound.of(tone(110.0) + tone(523.25), 44_100)).register
    assert register.value == (45, 72)
    assert register.confidence > 0.3


def test_a_sad_song_and_a_merry_one() -> None:
    noise = Sound.of(make_noise(6.0, 0.01), 44_100)
    loud = Sound.of(make_noise(6.0, 0.2), 44_100)
    sad = hear(noise, make_steady_rhythm(6.0, 60.0), Harmony(Estimate(Key.parse("A minor"), 0.9, "clip"))).mood
    merry = hear(
        loud,
        make_steady_rhythm(6.0, 150.0),
        Harmony(Estimate(Key.parse("C major"), 0.9, "clip")),
        onsets=tuple(Onset(time / 8, 1.0) for time in range(48)),
    ).mood
    assert sad is not None
    assert merry is not None
    assert sad.valence < -0.3 < 0.3 < merry.valence
    assert sad.arousal < merry.arousal - 0.5
    assert sad.because[:2] == ("minor key", "slow")
    assert "major key" in merry.because
