"""Tempos and sample rates for tests, and exact positions of beats in samples."""

from fractions import Fraction

from hypothesis import strategies as st

RATES = (44_100, 48_000, 88_200, 96_000)
HOUR_S = 3600.0

OF_A_SAMPLE = Fraction(1, 1_000_000)
"""What doubles may add to the half sample, in samples: positions of an hour have 53 bits, of which 30 are samples."""

tempos = st.floats(20.0, 999.0) | st.sampled_from([20.0, 60.0, 120.0, 133.7, 174.0, 999.0])
rates = st.sampled_from(RATES)


def exact_samples(beats: float, bpm: float, sample_rate: int) -> Fraction:
    """The position in samples without any rounding: the plain equivalent that the doubles are held against."""
    return Fraction(beats) * 60 * sample_rate / Fraction(bpm)
