"""The stems that a mix is taken apart into: their names and their order, as everything that speaks of them has it."""

from typing import Final, Literal

StemName = Literal["drums", "bass", "vocals", "guitar", "piano", "other"]

FOUR_STEMS: Final[tuple[StemName, ...]] = ("drums", "bass", "vocals", "other")
SIX_STEMS: Final[tuple[StemName, ...]] = ("drums", "bass", "vocals", "guitar", "piano", "other")
"""In the order in which their tracks stand in a set."""
