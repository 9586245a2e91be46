"""The recognisers' sound format: one channel of 16-bit little-endian samples."""

from typing import Final

RATE: Final = 16_000
"""Samples a second."""

BYTES_A_SAMPLE: Final = 2
