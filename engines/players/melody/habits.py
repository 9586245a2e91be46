"""Statistics of human melodies: intervals and scale degrees.

Counted over 159 songs of POP909, those that development may use and whose key is known, in the edition of Dai et al.,
"Automatic analysis and influence of hierarchical structure on melody, rhythm and harmony in popular music" (2020), both
under the MIT licence; `tools/workshop/training/harmony/melodies.py` counts them.
"""

from __future__ import annotations

from typing import Final

# fmt: off
MAJOR_DEGREES: Final = (0.0, 2.4, 0.19, 2.4, 0.13, 1.54, 2.4, 0.15, 2.4, 0.35, 2.4, 1.31)
MINOR_DEGREES: Final = (0.0, 2.4, 0.93, 0.35, 2.4, 0.23, 2.4, 0.11, 2.4, 2.4, 0.47, 2.4)
"""How much rarer than the tonic each pitch class above it is: the natural logarithm of the ratio, at most 2.4."""

INTERVALS: Final = (0.0, 0.49, -0.08, 0.62, 1.69, 1.78, 5.62, 2.28, 3.13, 3.39, 4.36, 6.02, 4.0)
"""How much rarer than a repeated note an interval of 0 to 12 semitones is, for each note that it can lead to."""
# fmt: on
