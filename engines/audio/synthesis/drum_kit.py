"""The drum kit: General MIDI percussion from falling sines and decaying noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import pi
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.synthesis.stem import Samples
from musearoo.engines.music.drum_map import KIND_OF_PITCH

Time = npt.NDArray[np.float64]


class DrumSound(NamedTuple):
    """A drum at full velocity: its decay in seconds, its sound over time, and its pan (-1..1)."""

    seconds: float
    sound: Callable[[Time], Time]
    pan: float = 0.0


@lru_cache(maxsize=128)
def render_stroke(pitch: int, rate: int) -> Samples:
    """Render the drum of a General MIDI pitch at full velocity: float32 (2, samples).

    Unknown pitches sound like a closed hi-hat.
    """
    stroke = _DRUM_SOUNDS.get(pitch) or _KINDS[KIND_OF_PITCH.get(pitch, "hat")]
    time = np.arange(round(stroke.seconds * rate)) / rate
    sound = stroke.sound(time)
    ending = min(sound.size, rate // 100)
    sound[-ending:] *= np.linspace(1.0, 0.0, ending)
    left, right = np.sqrt(1.0 - stroke.pan), np.sqrt(1.0 + stroke.pan)
    return np.stack([sound * left, sound * right]).astype(np.float32)


def _kick(time: Time) -> Time:
    # The pitch falls from 170 to 50 Hz within a few hundredths.
    phase = 2.0 * pi * (50.0 * time + 120.0 / 45.0 * (1.0 - np.exp(-45.0 * time)))
    return np.asarray(np.sin(phase) * np.exp(-13.0 * time) + 0.4 * _noise(time, 1) * np.exp(-400.0 * time))


def _snare(time: Time) -> Time:
    body = np.sin(2.0 * pi * 190.0 * time) * np.exp(-24.0 * time)
    return np.asarray(0.6 * body + 0.7 * _noise(time, 2) * np.exp(-20.0 * time))


def _cross_stick(time: Time) -> Time:
    return np.asarray(0.5 * _ping(time, 820.0, 70.0) + 0.3 * _ping(time, 1730.0, 90.0) + 0.3 * _hiss(time, 6, 160.0))


def _clap(time: Time) -> Time:
    # Several hands, some ten milliseconds apart.
    bursts = sum(np.where(time >= at, np.exp(-110.0 * (time - at)), 0.0) for at in (0.0, 0.011, 0.023))
    return np.asarray(0.5 * _bright(time, 7) * (bursts + 0.8 * np.exp(-16.0 * time)))


def _hat(fading: float) -> Callable[[Time], Time]:
    return lambda time: np.asarray(0.5 * _hiss(time, 3, fading))


def _tom(hertz: float) -> Callable[[Time], Time]:
    def sound(time: Time) -> Time:
        sweep = 2.0 * pi * hertz * (time + 0.01 * (1.0 - np.exp(-30.0 * time)))
        skin = 0.2 * _noise(time, 4) * np.exp(-60.0 * time)
        return np.asarray(0.8 * np.sin(sweep) * np.exp(-9.0 * time) + skin)

    return sound


def _hand_drum(hertz: float, fading: float = 18.0) -> Callable[[Time], Time]:
    return lambda time: np.asarray(0.7 * _ping(time, hertz, fading) + 0.2 * _noise(time, 8) * np.exp(-150.0 * time))


def _crash(time: Time) -> Time:
    return np.asarray(0.4 * _hiss(time, 5, 3.0))


def _ride(time: Time) -> Time:
    return np.asarray(0.4 * _hiss(time, 5, 7.0) + 0.2 * _ping(time, 3400.0, 12.0))


def _metal(low: float, high: float, fading: float) -> Callable[[Time], Time]:
    """Return a sound of two inharmonic tones: ride bells, cowbells, triangles."""
    return lambda time: np.asarray(0.35 * _ping(time, low, fading) + 0.3 * _ping(time, high, fading))


def _grains(fading: float, attack: float) -> Callable[[Time], Time]:
    """Return noise with a soft attack: shakers, maracas, tambourines."""
    return lambda time: np.asarray(0.35 * _hiss(time, 9, fading) * np.minimum(time / attack, 1.0))


def _ping(time: Time, hertz: float, fading: float) -> Time:
    return np.asarray(np.sin(2.0 * pi * hertz * time) * np.exp(-fading * time))


def _noise(time: Time, seed: int) -> Time:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, time.size)


def _bright(time: Time, seed: int) -> Time:
    """Return noise without low frequencies: its second difference."""
    return np.asarray(np.diff(_noise(time, seed), n=2, prepend=(0.0, 0.0)) * 0.5)


def _hiss(time: Time, seed: int, fading: float) -> Time:
    return np.asarray(_bright(time, seed) * np.exp(-fading * time))


def _tom_at(pitch: int, pan: float) -> DrumSound:
    return DrumSound(0.35, _tom(80.0 * 2.0 ** ((pitch - 41) / 12.0)), pan)


# The audience's perspective: hats to the right of the snare, toms from right to left, ride and crash outside.
_KINDS: Final[Mapping[str, DrumSound]] = {
    "kick": DrumSound(0.3, _kick),
    "snare": DrumSound(0.25, _snare),
    "hat": DrumSound(0.08, _hat(60.0), 0.2),
    "tom": _tom_at(45, 0.0),
    "cymbal": DrumSound(1.2, _crash, 0.3),
}
_DRUM_SOUNDS: Final[Mapping[int, DrumSound]] = {
    37: DrumSound(0.12, _cross_stick),
    39: DrumSound(0.25, _clap),
    **{
        pitch: _tom_at(pitch, pan)
        for pitch, pan in ((41, -0.3), (43, -0.3), (45, -0.1), (47, 0.0), (48, 0.2), (50, 0.3), (58, -0.4))
    },
    44: DrumSound(0.06, _hat(80.0), 0.2),
    46: DrumSound(0.35, _hat(9.0), 0.2),
    49: DrumSound(1.2, _crash, 0.3),
    57: DrumSound(1.2, _crash, -0.3),
    **{pitch: DrumSound(0.5, _ride, -0.25) for pitch in (51, 59)},
    53: DrumSound(0.5, _metal(2460.0, 3870.0, 9.0), -0.25),
    54: DrumSound(0.15, _grains(28.0, 0.004), 0.25),
    56: DrumSound(0.25, _metal(562.0, 845.0, 16.0), 0.15),
    **{pitch: DrumSound(0.25, _hand_drum(hertz), 0.2) for pitch, hertz in ((60, 410.0), (61, 300.0))},
    **{
        pitch: DrumSound(0.35, _hand_drum(hertz, 12.0), -0.2)
        for pitch, hertz in ((62, 260.0), (63, 240.0), (64, 180.0))
    },
    **{pitch: DrumSound(0.3, _hand_drum(hertz, 14.0), 0.2) for pitch, hertz in ((65, 330.0), (66, 240.0))},
    **{pitch: DrumSound(0.3, _metal(hertz, 1.5 * hertz, 13.0), 0.1) for pitch, hertz in ((67, 890.0), (68, 640.0))},
    **{pitch: DrumSound(0.1, _grains(45.0, 0.008), 0.3) for pitch in (69, 70, 82)},
    75: DrumSound(0.1, _metal(2480.0, 2500.0, 55.0), -0.1),
    **{pitch: DrumSound(0.15, _hand_drum(hertz, 40.0), 0.1) for pitch, hertz in ((76, 880.0), (77, 620.0))},
    80: DrumSound(0.1, _metal(4100.0, 6300.0, 40.0), -0.3),
    81: DrumSound(0.9, _metal(4100.0, 6300.0, 5.0), -0.3),
}
