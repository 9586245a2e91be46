"""The layout of the device's ring buffer."""

from typing import Final

LEFT, RIGHT, PHASE, COUNTER = range(4)
"""Its channels: stereo audio, the phase of Live's transport within each beat, and the sample counter."""

CHANNELS: Final = 4

ROUND: Final = 1 << 24
"""The counter wraps to 0 here: float32 represents all integers up to it."""
