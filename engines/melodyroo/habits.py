"""What people's melodies do, in figures: intervals, degrees of the scale.

Counted over the 186 songs of POP909 that development may use, in the edition of Dai et al., "Automatic analysis and
influence of hierarchical structure on melody, rhythm and harmony in popular music" (2020), both under the MIT
licence; `tools/training/melodies.py` counts them.
"""

from __future__ import annotations

from typing import Final

# fmt: off
MAJOR_DEGREES: Final = (0.0, 2.4, 0.19, 2.4, 0.13, 1.55, 2.4, 0.15, 2.4, 0.35, 2.4, 1.31)
MINOR_DEGREES: Final = (0.0, 2.4, 0.93, 0.35, 2.4, 0.23, 2.4, 0.10, 2.4, 2.4, 0.48, 2.4)
"""How much rarer than the tonic each semitone above it is: the natural logarithm of the ratio, 2.4 at most."""

INTERVALS: Final = (0.0, 1.05, 0.15, 1.0, 1.8, 1.3, 4.2, 1.9, 3.0, 3.1, 3.8, 4.6, 3.2)
"""How much rarer than a repeated note a step of so many semitones is, up or down, 0 to 12."""
# fmt: on
