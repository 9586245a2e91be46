"""Convert between beats, seconds and samples. No other module does.

Beats are quarter notes and the tempo, in beats per minute, is constant; where it changes, see `tempo_map`. The order of
the operations is part of each function: another order rounds differently.
"""

from __future__ import annotations

from collections.abc import Callable


def seconds_per_beat(bpm: float) -> float:
    """Return the seconds that one beat lasts at `bpm`.

    >>> seconds_per_beat(120.0)
    0.5
    """
    return 60.0 / bpm


def beats_per_second(bpm: float) -> float:
    """Return the beats that pass in one second at `bpm`.

    >>> beats_per_second(120.0)
    2.0
    """
    return bpm / 60.0


def bpm_of_period(seconds: float) -> float:
    """Return the tempo in BPM whose beat lasts `seconds`; the inverse of `seconds_per_beat`.

    >>> bpm_of_period(0.5)
    120.0
    """
    return 60.0 / seconds


def mean_bpm(beats: float, seconds: float) -> float:
    """Return the tempo in BPM at which `beats` last `seconds`.

    >>> mean_bpm(beats=16.0, seconds=8.0)
    120.0
    """
    return beats * 60.0 / seconds


def beats_to_seconds(beats: float, bpm: float) -> float:
    """Return the seconds that `beats` last at `bpm`.

    >>> beats_to_seconds(4.0, 120.0)
    2.0
    """
    return beats * 60.0 / bpm


def seconds_to_beats(seconds: float, bpm: float) -> float:
    """Return the beats that fit into `seconds` at `bpm`; the inverse of `beats_to_seconds`.

    >>> seconds_to_beats(2.0, 120.0)
    4.0
    """
    return seconds * bpm / 60.0


def beats_to_samples(beats: float, bpm: float, sample_rate: int) -> float:
    """Return the position in samples of a position in beats, fractions kept.

    >>> beats_to_samples(1.0, 120.0, 48_000)
    24000.0
    """
    return beats * 60.0 * sample_rate / bpm


def samples_to_beats(samples: float, bpm: float, sample_rate: int) -> float:
    """Return the position in beats of a position in samples; the inverse of `beats_to_samples`.

    >>> samples_to_beats(24_000, 120.0, 48_000)
    1.0
    """
    return samples * bpm / (60.0 * sample_rate)


def nearest_sample(beats: float, bpm: float, sample_rate: int) -> float:
    """Return the position in beats of the sample nearest to `beats`: at most half a sample away.

    >>> nearest_sample(1.00001, 120.0, 48_000)
    1.0
    """
    return samples_to_beats(round(beats_to_samples(beats, bpm, sample_rate)), bpm, sample_rate)


def sample_grid(bpm: float, sample_rate: int) -> Callable[[float], float]:
    """Return `nearest_sample` at a tempo and a rate, for many positions: it takes a third of the time.

    >>> sample_grid(120.0, 48_000)(1.00001)
    1.0
    """
    second = 60.0 * sample_rate

    def nearest(beats: float) -> float:
        return round(beats * 60.0 * sample_rate / bpm) * bpm / second

    return nearest
