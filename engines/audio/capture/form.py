"""The layout of the device's ring buffer."""

from typing import Final

LEFT, RIGHT, PHASE, COUNTER = range(4)
"""Its channels: the sound, the phase of Live's transport within each beat, and the number of the sample."""

CHANNELS: Final = 4

ROUND: Final = 1 << 24
"""The counter begins again at 0 here: up to it every whole number is a float32."""
