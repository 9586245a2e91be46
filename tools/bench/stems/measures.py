"""Stem quality: similarity to the true stem, residual of the sum, and time alignment."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, log10

import numpy as np
from scipy import signal

from musearoo.engines.audio.separation.contract import FloatArray


def measure_si_sdr(true: FloatArray, guess: FloatArray) -> float:
    """Return the scale-invariant signal-to-distortion ratio in dB, of arrays (channels, samples) of one shape.

    All channels are one signal here: a stem on the wrong side is wrong. A perfect estimate has infinity, a silent one
    minus infinity; it is undefined for a silent true stem (ValueError). After Le Roux, Wisdom, Erdogan and Hershey,
    "SDR - half-baked or well done?" (2019).

    >>> true = np.array([[1.0, 0.0, -1.0, 0.0]], dtype=np.float32)
    >>> round(measure_si_sdr(true, 0.5 * true + np.array([[0.0, 0.05, 0.0, 0.05]], dtype=np.float32)), 3)
    20.0
    """
    if true.shape != guess.shape:
        raise ValueError(f"a stem of shape {true.shape} cannot be compared to one of {guess.shape}")
    wanted, heard = (np.asarray(samples, dtype=np.float64).ravel() for samples in (true, guess))
    power = float(wanted @ wanted)
    if not power:
        raise ValueError("a silent stem has no SI-SDR")
    target = float(heard @ wanted) / power * wanted
    error = heard - target
    return _decibels(float(target @ target), float(error @ error))


def measure_residual(mix: FloatArray, stems: Iterable[FloatArray]) -> float:
    """Return the level of the difference between the stems' sum and the mix, dB relative to the mix; minus infinity for
    none.
    """
    whole = np.asarray(mix, dtype=np.float64)
    difference = whole - sum(np.asarray(stem, dtype=np.float64) for stem in stems)
    return _decibels(float((difference**2).sum()), float((whole**2).sum()))


def measure_offset(source: FloatArray, stem: FloatArray) -> int:
    """Return the delay in samples of a stem after the source, by the peak of their correlation; both (channels,
    samples).
    """
    ours, theirs = (np.asarray(samples, dtype=np.float64).mean(axis=0) for samples in (source, stem))
    likeness = np.abs(signal.correlate(theirs, ours, mode="full", method="fft"))
    return int(likeness.argmax()) - int(source.shape[1]) + 1


def _decibels(power: float, beside: float) -> float:
    if not power:
        return -inf
    return 10.0 * log10(power / beside) if beside else inf
