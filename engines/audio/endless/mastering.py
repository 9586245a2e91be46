"""The end of the line: a slow hand on the level, and a limiter that no true peak passes."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import minimum_filter1d
from scipy.signal import firwin, sosfilt, upfirdn

Block = npt.NDArray[np.float32]

TARGET: Final = -22.0
"""LUFS that the level is moved towards."""
AVERAGED: Final = 1.2
"""Seconds over which the level is measured."""
MOST_DB_A_SECOND: Final = 5.0
"""How fast it moves: as a hand on a fader, over a second or two."""
RANGE: Final = (-18.0, 15.0)
"""dB by which it moves at most."""
QUIET: Final = -50.0
"""LUFS below which a pause is left alone."""
CEILING: Final = 10.0 ** (-1.2 / 20.0)
"""A little below -1 dB true peak: what is between samples is estimated at four times the rate (ITU-R BS.1770-4)."""
SAFE: Final = CEILING / 1.5
"""No wave of music rises by half above its samples: below this nothing is limited."""
AHEAD: Final = 256
"""Samples by which the limiter sees ahead."""
EDGE: Final = 16
"""Samples at either end whose true peak is not known yet."""
DELAY: Final = AHEAD + EDGE
"""Samples by which it delays."""
OVER: Final = 4
RISES: Final = 0.3 / 16_000
"""How much the gain rises from sample to sample at most."""


def weighting(rate: int) -> npt.NDArray[np.float64]:
    """Return the two sections of BS.1770's K-weighting for a rate, after the analogue prototypes (De Man, 2014)."""
    out = []
    for kind, hertz, gain, q in (("shelf", 1681.974, 3.99984, 0.7071752), ("high", 38.13547, 0.0, 0.5003270)):
        k = np.tan(np.pi * hertz / rate)
        if kind == "shelf":
            top = 10.0 ** (gain / 20.0)
            middle = top**0.4996667741545416
            norm = 1.0 + k / q + k * k
            b = (
                (top + middle * k / q + k * k) / norm,
                2.0 * (k * k - top) / norm,
                (top - middle * k / q + k * k) / norm,
            )
        else:
            norm = 1.0 + k / q + k * k
            b = (1.0, -2.0, 1.0)
        out.append((*b, 1.0, 2.0 * (k * k - 1.0) / norm, (1.0 - k / q + k * k) / norm))
    return np.array(out)


class Leveller:
    """Moves the gain slowly so that the loudness stays about TARGET."""

    def __init__(self, rate: int, block: int) -> None:
        self._rate = rate
        self._sections = weighting(rate)
        self._state = np.zeros((2, 2, 2))
        self._share = 1.0 - float(np.exp(-block / rate / AVERAGED))
        self._seconds = block / rate
        self._power = 0.0
        self._measured = 0.0
        self.gain_db = 0.0

    def render(self, sound: Block) -> Block:
        """Return a block at the level."""
        weighted, self._state = sosfilt(self._sections, sound, axis=-1, zi=self._state)
        power = float(np.sum(np.mean(np.square(weighted), axis=1)))
        before = self.gain_db
        if power > 10.0 ** ((QUIET + 0.691) / 10.0):
            # At first the mean is of what there was, so that the level is found within seconds.
            self._measured = min(AVERAGED, self._measured + self._seconds)
            share = max(self._share, self._seconds / self._measured)
            self._power += share * (power - self._power)
            wanted = TARGET - (10.0 * np.log10(self._power) - 0.691)
            most = MOST_DB_A_SECOND * self._seconds * (6.0 if self._measured < AVERAGED else 1.0)
            self.gain_db += min(most, max(-most, float(wanted) - self.gain_db))
            self.gain_db = min(RANGE[1], max(RANGE[0], self.gain_db))
        ramp = 10.0 ** (np.linspace(before, self.gain_db, sound.shape[1]) / 20.0)
        return sound * ramp.astype(np.float32)


class Limiter:
    """Keeps true peaks under CEILING: it goes down before a peak in a straight line, and up again slowly.

    The gain at a sample is the mean, over the AHEAD samples up to it, of the least gain that is needed from each of
    them to AHEAD later; so it never exceeds what the sample itself needs.
    """

    def __init__(self, block: int) -> None:
        taps = firwin(OVER * 12 - 1, 1.0 / OVER) * OVER
        self._taps = taps.astype(np.float32)
        self._block = block
        self._past = np.zeros((2, 2 * (AHEAD + EDGE)), np.float32)
        self._held = 1.0

    def render(self, sound: Block) -> Block:
        """Return a block, DELAY samples late."""
        whole = np.concatenate((self._past, sound), axis=1)
        self._past = whole[:, self._block :]
        due = whole[:, DELAY : DELAY + self._block]
        if np.max(np.abs(whole)) < SAFE and self._held > 0.9999:
            return due
        needed = np.minimum(1.0, CEILING / np.maximum(self._peaks(whole), 1e-9))[EDGE:-EDGE]
        least = minimum_filter1d(needed, AHEAD + 1, origin=-(AHEAD // 2), mode="nearest")
        total = np.concatenate(([0.0], np.cumsum(least, dtype=np.float64)))
        mean = (total[AHEAD + 1 :] - total[: -AHEAD - 1]) / (AHEAD + 1)
        return due * self._release(mean[: self._block])

    def _peaks(self, whole: Block) -> npt.NDArray[np.float32]:
        risen = upfirdn(self._taps, whole, up=OVER, axis=1)
        late = (len(self._taps) - 1) // 2
        between = np.abs(risen[:, late : late + OVER * whole.shape[1]]).max(axis=0).reshape(-1, OVER).max(axis=1)
        return np.asarray(np.maximum(between, np.abs(whole).max(axis=0)))

    def _release(self, gain: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """Return the gain so that it never rises faster than RISES."""
        index = RISES * np.arange(1, len(gain) + 1)
        held = np.minimum(self._held, np.minimum.accumulate(gain - index)) + index
        self._held = float(min(1.0, held[-1]))
        return np.asarray(np.minimum(held, 1.0), np.float32)
