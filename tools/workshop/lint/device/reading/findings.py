"""What the lint says: findings, and the table of the rules that make them."""

from dataclasses import dataclass
from enum import Enum


class Ground(Enum):
    """Why a rule holds."""

    STRUCTURE = "structure"
    """Every file that Max saved keeps it; Max drops in silence what breaks it."""
    GUIDELINE = "guideline"
    """Ableton's guidelines for devices that are shared (Ableton/maxdevtools)."""
    SCRIPT = "script"
    """What Max's [js] can run."""
    HOUSE = "house"
    """What we ask of our own devices beyond that."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: by which rule, in which file and object, and in words.

    >>> print(Finding("ports", "MuseAroo.amxd, obj-3", "prepend has 1 inlet, not 2"))
    MuseAroo.amxd, obj-3: prepend has 1 inlet, not 2 [ports]
    """

    rule: str
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its ground, and what it asks."""

    ground: Ground
    asks: str
