"""Render and mix stems: notes, faders and pan, reverb, and a peak limit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import pi
from typing import Final

import numpy as np
from scipy import signal

from musearoo.engines.audio.synthesis.drum_kit import render_stroke
from musearoo.engines.audio.synthesis.instruments import voice_of
from musearoo.engines.audio.synthesis.stem import RATE, Samples, Stem
from musearoo.engines.audio.synthesis.tones import render_tone

TAIL: Final = 2.0
"""Seconds that a mix rings on after the last note; loops fold them back to their beginning."""
CEILING: Final = 0.89
"""Highest peak of a mix: -1 dBFS."""
HEADROOM: Final = 0.22
"""Level of one note at full velocity: twenty of them rarely reach full scale."""
DRUM_GAIN: Final = 2.2
"""Drums decay quickly, so they need more level than sustained notes."""
ROOM_SECONDS: Final = 1.3
ROOM_AFTER: Final = 0.018
"""Pre-delay of the reverb in seconds."""


def render_stem(stem: Stem, seconds: float, rate: int = RATE) -> Samples:
    """Render one part without reverb, from 0 to `seconds` plus the tail: float32 (2, samples), not levelled.

    A note that began before 0 is rendered from its middle on; notes after the end are left out.
    """
    laid = np.zeros((2, round((seconds + TAIL) * rate)), dtype=np.float32)
    voice = None if stem.program is None else voice_of(stem.program)
    for note in stem.notes:
        start = round(note.start * rate)
        if note.start >= seconds or note.velocity <= 0.0:
            continue
        if voice is None:
            sound = render_stroke(note.pitch, rate) * np.float32(DRUM_GAIN * (note.velocity / 127.0) ** 2)
        else:
            sound = render_tone(voice, note.pitch, note.seconds, note.velocity, rate)
        sound, start = sound[:, max(0, -start) :], max(0, start)
        stop = min(start + sound.shape[1], laid.shape[1])
        if stop > start:
            laid[:, start:stop] += sound[:, : stop - start]
    left, right = pan_gains(stem.pan)
    gain = HEADROOM * 10.0 ** (stem.gain_db / 20.0)
    laid *= np.array([[gain * left], [gain * right]], dtype=np.float32)
    return laid


def mix_stems(stems: Sequence[Stem], seconds: float, rate: int = RATE, loop: bool = False) -> Samples:
    """Mix all parts with one reverb: float32 (2, samples), peak at most -1 dBFS.

    With `loop`, what rings on after the end is added to the beginning, and the length is exactly `seconds`; otherwise
    the tail follows.
    """
    length = round(seconds * rate)
    mixed = np.zeros((2, round((seconds + TAIL) * rate)), dtype=np.float32)
    in_room = np.zeros_like(mixed)
    for stem in stems:
        sound = render_stem(stem, seconds, rate)
        mixed += sound
        if stem.room:
            in_room += sound * np.float32(stem.room)
    mixed = add_room(mixed, in_room, rate)
    if loop:
        folded = mixed[:, :length].copy()
        for start in range(length, mixed.shape[1], max(1, length)):
            rest = mixed[:, start : start + length]
            folded[:, : rest.shape[1]] += rest
        mixed = folded
    return limit_peak(mixed)


def add_room(dry: Samples, sent: Samples, rate: int) -> Samples:
    """Return a mix with the reverb of its send, cut to the mix's length: float32 (2, samples)."""
    if not sent.any():
        return dry
    echo = signal.oaconvolve(sent, _room(rate), axes=1)[:, : dry.shape[1]].astype(np.float32)
    wet = dry.copy()
    wet[:, : echo.shape[1]] += echo
    return wet


def limit_peak(samples: Samples) -> Samples:
    """Return the samples, attenuated as a whole where they peak above the ceiling."""
    peak = float(np.abs(samples).max(initial=0.0))
    return samples if peak <= CEILING else samples * np.float32(CEILING / peak)


def pan_gains(pan: float) -> tuple[float, float]:
    """Return the equal-power gains of left and right for a pan position -1..1; 1 and 1 in the middle.

    >>> pan_gains(0.0), pan_gains(-1.0)[1]
    ((1.0, 1.0), 0.0)
    """
    if pan == 0.0:
        return 1.0, 1.0
    angle = (pan + 1.0) * pi / 4.0
    return float(np.sqrt(2.0) * np.cos(angle)), max(0.0, float(np.sqrt(2.0) * np.sin(angle)))


@lru_cache(maxsize=2)
def _room(rate: int) -> Samples:
    """Return the impulse response of a room: decaying, darkening stereo noise; float32 (2, samples).

    After Moorer, "About this reverberation business" (1979): exponentially decaying noise sounds like a hall.
    """
    time = np.arange(round(ROOM_SECONDS * rate)) / rate
    noise = np.random.default_rng(11).standard_normal((2, time.size))
    dark = signal.lfilter(*signal.butter(1, 4000.0, fs=rate), noise, axis=1)
    answer = dark * np.exp(-6.9 * time / ROOM_SECONDS)
    answer /= np.sqrt((answer**2).sum(axis=1, keepdims=True))
    silence = np.zeros((2, round(ROOM_AFTER * rate)))
    return np.asarray(np.concatenate([silence, answer], axis=1), dtype=np.float32)
