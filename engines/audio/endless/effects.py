"""Effects that keep their state from block to block: filters, chorus, echo, room. Sound is float32 (2, block)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, rfft
from scipy.signal import sosfilt

from musearoo.engines.foundation.chance import derive_seed

Block = npt.NDArray[np.float32]


class Filter:
    """A low-pass or high-pass of second order whose corner moves: R. Bristow-Johnson's equations."""

    def __init__(self, rate: int, *, is_high: bool = False) -> None:
        self._rate, self._is_high = rate, is_high
        self._state = np.zeros((1, 2, 2))
        self._hertz = 0.0

    def render(self, sound: Block, hertz: float) -> Block:
        """Return a block filtered at a corner; where that has moved, it fades from the one to the other."""
        before, self._hertz = self._hertz or hertz, hertz
        out, state = sosfilt(self._section(hertz), sound, axis=-1, zi=self._state)
        if before != hertz:
            was, _ = sosfilt(self._section(before), sound, axis=-1, zi=self._state)
            share = np.linspace(0.0, 1.0, sound.shape[1])
            out = was + share * (out - was)
        self._state = state
        return np.asarray(out, np.float32)

    def _section(self, hertz: float) -> npt.NDArray[np.float64]:
        w = 2.0 * np.pi * min(hertz, 0.45 * self._rate) / self._rate
        cosine, alpha = np.cos(w), np.sin(w) / (2.0 * 0.707)
        edge = (1.0 + cosine) if self._is_high else (1.0 - cosine)
        b = (edge / 2.0, -edge if self._is_high else edge, edge / 2.0)
        a = (1.0 + alpha, -2.0 * cosine, 1.0 - alpha)
        return np.asarray(np.array([[*b, *a]]) / a[0])


class Delay:
    """Sound of the past, to be read at any place: (2, length)."""

    def __init__(self, length: int) -> None:
        self.past = np.zeros((2, length), np.float32)

    def write(self, sound: Block) -> None:
        """Put a block behind what is there."""
        count = sound.shape[1]
        self.past[:, :-count] = self.past[:, count:]
        self.past[:, -count:] = sound

    def read(self, back: npt.NDArray[np.float32], block: int) -> Block:
        """Return the last block as it was `back` samples before, for each sample and side: (2, block)."""
        where = np.arange(self.past.shape[1] - block, self.past.shape[1], dtype=np.float32) - back
        whole = where.astype(np.int32)
        share = where - whole
        sides = np.arange(2)[:, None]
        one, other = self.past[sides, whole], self.past[sides, np.minimum(whole + 1, self.past.shape[1] - 1)]
        return np.asarray(one + share * (other - one), np.float32)


class Chorus:
    """Two slow wavering copies, one for each side; `wow` makes them waver more, as a worn tape does."""

    def __init__(self, rate: int, block: int) -> None:
        self._rate, self._block = rate, block
        self._delay = Delay(block + round(0.04 * rate))

    def render(self, sound: Block, at: int, motion: float, wow: float) -> Block:
        """Return the copies alone, of a block from a sample on."""
        self._delay.write(sound)
        time = ((at + np.arange(self._block)) / self._rate)[None, :]
        turn = 2.0 * np.pi * (0.31 + 0.2 * motion) * time + np.array([[0.0], [2.1]])
        waver = np.sin(turn) * (0.0015 + 0.002 * motion) + np.sin(2.0 * np.pi * 0.73 * time) * 0.004 * wow
        return self._delay.read(((0.014 + waver) * self._rate).astype(np.float32), self._block)


class Echo:
    """A delay that goes from side to side, darker each time. Its time moves by a cross-fade within a block."""

    def __init__(self, rate: int, block: int) -> None:
        self._rate, self._block = rate, block
        self._delay = Delay(block + 4 * rate)
        self._dark = Filter(rate)
        self._seconds = 0.0
        self._fade = np.linspace(0.0, 1.0, block, dtype=np.float32)

    def render(self, sound: Block, seconds: float, feedback: float) -> Block:
        """Return the echoes alone."""
        seconds = min(3.9, max(self._block / self._rate, seconds))
        out = self._tap(seconds)
        if self._seconds and seconds != self._seconds:
            out = self._tap(self._seconds) * (1.0 - self._fade) + out * self._fade
        self._seconds = seconds
        out = self._dark.render(out, 3200.0)
        # What comes back goes to the other side.
        self._delay.write(sound + np.float32(feedback) * out[::-1])
        return out

    def _tap(self, seconds: float) -> Block:
        first = self._delay.past.shape[1] - round(seconds * self._rate)
        return self._delay.past[:, first : first + self._block].copy()


class Room:
    """A hall by convolution, in partitions as long as a block (W. Gardner's uniform case): no latency of its own."""

    def __init__(self, rate: int, block: int, seconds: float, seed: int) -> None:
        self._block, self.seconds = block, seconds
        response = make_response(rate, seconds, seed)
        count = -(-response.shape[1] // block)
        padded = np.zeros((2, count * block), np.float32)
        padded[:, : response.shape[1]] = response
        parts = padded.reshape(2, count, block)
        self._parts = rfft(np.concatenate((parts, np.zeros_like(parts)), axis=2), axis=2).astype(np.complex64)
        self._spectra = np.zeros_like(self._parts)
        self._before = np.zeros((2, block), np.float32)
        self._newest = 0
        self._rests = 0

    @property
    def is_silent(self) -> bool:
        """Whether nothing rings any more."""
        return bool(self._rests > self._parts.shape[1])

    def render(self, sound: Block) -> Block:
        """Return the hall's sound of a block."""
        self._rests = 0 if np.any(sound) else self._rests + 1
        count = self._parts.shape[1]
        self._newest = (self._newest - 1) % count
        self._spectra[:, self._newest] = rfft(np.concatenate((self._before, sound), axis=1), axis=1)
        self._before = sound.copy()
        turned = self._newest
        first = np.einsum("spf,spf->sf", self._spectra[:, turned:], self._parts[:, : count - turned])
        if turned:
            first = first + np.einsum("spf,spf->sf", self._spectra[:, :turned], self._parts[:, count - turned :])
        return np.asarray(irfft(first, axis=1)[:, self._block :], np.float32)


DAMPED: Final = ((250.0, 1.0), (1000.0, 0.85), (3000.0, 0.55), (8000.0, 0.3))
"""Corner in Hz of bands of a hall, and their reverberation time relative to the lowest."""


def make_response(rate: int, seconds: float, seed: int) -> Block:
    """Return a hall's impulse response: float32 (2, samples), of energy 1 on each side.

    Noise in four bands that fade at their own rates, the highest first, after a gentle rise (J. Moorer, 1979).
    """
    chance = np.random.Generator(np.random.PCG64(derive_seed(seed, "room")))
    time = np.arange(round(seconds * rate)) / rate
    noise = chance.standard_normal((2, len(time)))
    spectrum = rfft(noise, axis=1)
    hertz = np.fft.rfftfreq(len(time), 1.0 / rate)
    total = np.zeros((2, len(time)))
    low = 70.0
    for high, share in DAMPED:
        band = irfft(spectrum * ((hertz >= low) & (hertz < high)), len(time), axis=1)
        total += band * np.exp(-6.91 * time / (seconds * share))
        low = high
    total *= np.minimum(1.0, time / 0.03) * np.minimum(1.0, (time[-1] - time) / 0.1)
    return np.asarray(total / np.sqrt(np.sum(total**2, axis=1, keepdims=True)), np.float32)
