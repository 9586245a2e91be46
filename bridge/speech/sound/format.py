"""The sound that recognisers are fed with: one channel of 16-bit numbers, the low byte first."""

from typing import Final

RATE: Final = 16_000
"""Samples a second."""

BYTES_A_SAMPLE: Final = 2
