"""The stems of a separated mix: their names and their order."""

from typing import Final, Literal

StemName = Literal["drums", "bass", "vocals", "guitar", "piano", "other"]

FOUR_STEMS: Final[tuple[StemName, ...]] = ("drums", "bass", "vocals", "other")
SIX_STEMS: Final[tuple[StemName, ...]] = ("drums", "bass", "vocals", "guitar", "piano", "other")
"""In the order of their tracks in a set."""
