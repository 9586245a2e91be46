"""Resample sound of any rate and channels for the recognisers, block by block: 16 kHz, one channel, 16 bits."""

from __future__ import annotations

from math import ceil, gcd
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.speech.sound.format import RATE

CROSSINGS: Final = 20
"""Zero crossings of the sinc on each side of a sample: the filter passes everything below 7 kHz, the speech models'
limit, and attenuates aliases below that by 80 dB."""

KAISER_BETA: Final = 8.0
"""80 dB in the stop band (Kaiser and Schafer, "On the use of the I0-sinh window for spectrum analysis", 1980)."""


class Resampler:
    """Convert int16 samples of `channels` interleaved channels at `rate` Hz to one channel of int16 at RATE.

    Channels are averaged. A polyphase filter (Oppenheim and Schafer, "Discrete-Time Signal Processing", 4.6) with its
    delay compensated; the output does not depend on the block sizes. The last millisecond stays in the filter.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._channels = channels
        common = gcd(rate, RATE)
        self._up, self._down = RATE // common, rate // common
        # Half the filter's width in input samples, which the lower of both rates determines.
        self._half = ceil(CROSSINGS * max(1.0, rate / RATE))
        self._bank = _filter_bank(self._up, self._half, min(1.0, RATE / rate))
        # The buffer begins with silence before the first sample; `_position` is the next output's position in it.
        self._held: npt.NDArray[np.float32] = np.zeros(self._half - 1, np.float32)
        self._position = (self._half - 1) * self._up
        self._remainder = b""

    def push(self, block: bytes) -> bytes:
        """Return the output for the next block of samples, both little endian."""
        if self._up == self._down and self._channels == 1:
            return block
        block = self._remainder + block
        whole = len(block) // (2 * self._channels) * 2 * self._channels
        self._remainder = block[whole:]
        mono = np.frombuffer(block[:whole], "<i2").reshape(-1, self._channels).mean(axis=1, dtype=np.float32)
        if self._up == self._down:
            return _as_int16(mono)
        self._held = np.concatenate([self._held, mono])
        last = (len(self._held) - self._half) * self._up
        positions = np.arange(self._position, last, self._down)
        if not len(positions):
            return b""
        first, phase = np.divmod(positions, self._up)
        windows = np.lib.stride_tricks.sliding_window_view(self._held, 2 * self._half)[first - self._half + 1]
        given = np.einsum("nk,nk->n", windows, self._bank[phase])
        self._position = int(positions[-1]) + self._down
        # Drop the samples that no further output needs.
        done = self._position // self._up - self._half + 1
        self._held = self._held[done:]
        self._position -= done * self._up
        return _as_int16(given)


def _filter_bank(up: int, half: int, cutoff: float) -> npt.NDArray[np.float32]:
    """Return the filter weights for each of `up` positions between two samples: (up, 2 * half)."""
    offsets = np.arange(-half + 1, half + 1) - np.arange(up)[:, np.newaxis] / up
    window = np.i0(KAISER_BETA * np.sqrt(np.maximum(0.0, 1.0 - (offsets / half) ** 2))) / np.i0(KAISER_BETA)
    bank = cutoff * np.sinc(cutoff * offsets) * window
    return np.asarray(bank / bank.sum(axis=1, keepdims=True), np.float32)


def _as_int16(samples: npt.NDArray[np.float32]) -> bytes:
    return np.clip(np.rint(samples), -32_768, 32_767).astype("<i2").tobytes()
