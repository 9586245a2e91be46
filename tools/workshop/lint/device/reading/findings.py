"""The linter's output: findings, and the rules that produce them."""

from dataclasses import dataclass
from enum import Enum


class Ground(Enum):
    """The authority of a rule."""

    STRUCTURE = "structure"
    """True of every file that Max saved; Max silently drops what violates it."""
    GUIDELINE = "guideline"
    """Ableton's guidelines for devices that are shared (Ableton/maxdevtools)."""
    SCRIPT = "script"
    """What Max's [js] can run."""
    HOUSE = "house"
    """Additional requirements for our own devices."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule, the file and object, and a description.

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
    """A rule: its ground, and its requirement."""

    ground: Ground
    asks: str
