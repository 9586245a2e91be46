"""Wavetable synthesis of one held note."""

from __future__ import annotations

from functools import lru_cache
from math import pi
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.synthesis.instruments import Voice
from musearoo.engines.audio.synthesis.stem import Samples

TABLE: Final = 16_384
"""Samples of one period: nearest-neighbour lookup has noise at about -80 dB, which is enough for a sketch."""
AUDIBLE_SHARE: Final = 0.42
"""Highest harmonic as a fraction of the sample rate, to avoid aliasing."""
VIBRATO_HZ: Final = 5.3
VIBRATO_AFTER: Final = 0.25
"""Seconds after which vibrato sets in."""
FADED: Final = 6.0
"""Time constants after which a decaying tone counts as silent (-52 dB)."""
ENDING: Final = 200
"""Length in samples of its final fade-out."""
PHASES: Final = 16.0
"""Phase offset from harmonic to harmonic, so that their peaks do not coincide."""
ACROSS: Final = 0.25
"""Amount of each detuned copy on the other side: wide, but still one instrument."""


def render_tone(voice: Voice, pitch: int, seconds: float, velocity: float, rate: int) -> Samples:
    """Render a note with its release: float32 (2, samples), about 1 at its loudest at full velocity.

    A soft note is not only quieter but darker, as on most instruments.
    """
    hertz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
    fade = None if voice.fade is None else voice.fade * 2.0 ** ((60 - pitch) / 24.0)
    sounding = seconds + voice.release
    if fade is not None:
        sounding = min(sounding, FADED * fade)
    count = max(1, round(sounding * rate))
    time = np.arange(count, dtype=np.float32) * np.float32(1.0 / rate)
    hard = velocity / 127.0
    struck, held = (_table(partials[: _harmonics(hertz, rate)]) for partials in (voice.struck, voice.held))
    bright = np.exp(time * np.float32(-1.0 / voice.settle)) * np.float32(0.35 + 0.65 * hard)
    sides = []
    cents = (0.0,) if voice.spread == 0.0 else (-voice.spread, voice.spread)
    wobble = _vibrato(voice, time) if voice.vibrato else None
    for number, detune in enumerate(cents):
        place = _places(hertz * 2.0 ** (detune / 1200.0), count, rate, 0.37 * number, wobble)
        tone = held[place]
        tone += bright * (struck[place] - tone)
        if voice.octave_down:
            tone += np.float32(voice.octave_down) * held[(place // 2 + TABLE // 4) & (TABLE - 1)]
        sides.append(tone)
    envelope = _envelope(voice, time, seconds, fade)
    gain = np.float32(voice.level * hard**1.6)
    if voice.breath:
        noise = np.resize(_noise(), count) * np.float32(voice.breath)
        sides = [side + noise for side in sides]
    shaped = [side * envelope * gain for side in sides]
    across = np.float32(ACROSS) * (shaped[-1] - shaped[0])
    return np.stack([shaped[0] + across, shaped[-1] - across])


def _places(
    hertz: float, count: int, rate: int, phase: float, wobble: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.int64]:
    """Return the wavetable index of each sample: int64 (count,)."""
    turns = np.arange(count, dtype=np.float64) * (hertz / rate) + phase
    if wobble is not None:
        turns += wobble * hertz
    return (turns * TABLE).astype(np.int64) & (TABLE - 1)


def _vibrato(voice: Voice, time: Samples) -> npt.NDArray[np.float64]:
    """Return the time offset of vibrato in seconds: float64 (samples,)."""
    depth = (2.0 ** (voice.vibrato / 1200.0) - 1.0) / (2.0 * pi * VIBRATO_HZ)
    onset = np.clip((time.astype(np.float64) - VIBRATO_AFTER) / 0.3, 0.0, 1.0)
    return np.asarray(depth * onset * np.sin(2.0 * pi * VIBRATO_HZ * time))


def _envelope(voice: Voice, time: Samples, seconds: float, fade: float | None) -> Samples:
    # The attack takes at most half of a short note.
    attack = max(1e-4, min(voice.attack, 0.5 * seconds))
    shape = np.minimum(time * np.float32(1.0 / attack), np.float32(1.0))
    shape *= np.clip((np.float32(seconds + voice.release) - time) * np.float32(1.0 / voice.release), 0.0, 1.0)
    if fade is not None:
        shape *= np.exp(time * np.float32(-1.0 / fade))
        # Cut off at -52 dB without a click.
        last = min(shape.size, ENDING)
        shape[-last:] *= np.linspace(1.0, 0.0, last, dtype=np.float32)
    return np.asarray(shape, dtype=np.float32)


def _harmonics(hertz: float, rate: int) -> int:
    return max(1, int(AUDIBLE_SHARE * rate / hertz))


@lru_cache(maxsize=256)
def _table(partials: tuple[float, ...]) -> Samples:
    """Return one period of some harmonics, at equal power whatever their number: float32 (TABLE,)."""
    turn = np.arange(TABLE) * (2.0 * pi / TABLE)
    wave = np.zeros(TABLE)
    for number, strength in enumerate(partials, start=1):
        # After Schroeder, "Synthesis of low-peak-factor signals" (1970): a flatter waveform for the same harmonics.
        wave += strength * np.sin(number * turn - pi * number * (number - 1) / PHASES)
    power = float(np.sqrt(np.mean(wave * wave)))
    return np.asarray(wave * (0.5 / power), dtype=np.float32)


@lru_cache(maxsize=1)
def _noise() -> Samples:
    return np.random.default_rng(7).uniform(-1.0, 1.0, 1 << 16).astype(np.float32)
