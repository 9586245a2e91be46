"""The row notation of presets: one character per step, one group of characters per beat, `|` between bars.

"X... x... X.3. x..." is a bar of 4/4 in sixteenths. A group may have any number of characters from 1 to 8, which
divide its beat evenly: "x.x" is a triplet. A bar always has four groups; `engines.styles.row_fitting` fits it into
other meters.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Final, NamedTuple

BEATS_PER_BAR: Final = 4
MAX_STEPS: Final = 8
"""The most steps per beat: thirty-second notes."""
RESTS: Final = ".-"

GHOST, SOFT, NORMAL, ACCENT = range(4)
"""The strength of a step."""

_LIKELIHOODS: Final = frozenset("123456789")
_STRENGTHS: Final = {"g": GHOST, "o": SOFT, "x": NORMAL, "X": ACCENT}


class Step(NamedTuple):
    """One written step: its position in its beat (0..below 1), and its mark."""

    at: float
    mark: str


class Row:
    """A row of the notation; subclasses define its marks."""

    MARKS: ClassVar[str] = ""
    whole_bars: ClassVar[bool] = True

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.bars: Final = tuple(self._parse_bar(bar, index) for index, bar in enumerate(text.split("|")))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, Row) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def is_empty(self) -> bool:
        """Whether the row has no steps."""
        return not any(beat for bar in self.bars for beat in bar)

    @property
    def beats(self) -> tuple[tuple[Step, ...], ...]:
        """All beats in order, bars joined."""
        return tuple(beat for bar in self.bars for beat in bar)

    def _parse_bar(self, text: str, index: int) -> tuple[tuple[Step, ...], ...]:
        groups = text.split()
        if self.whole_bars and len(groups) != BEATS_PER_BAR:
            raise ValueError(f"bar {index + 1} must have {BEATS_PER_BAR} groups, one a beat, but has {len(groups)}")
        if not groups:
            raise ValueError("a row must have at least one group of steps")
        return tuple([_parse_beat(group, self.MARKS) for group in groups])


@cache
def _parse_beat(group: str, marks: str) -> tuple[Step, ...]:
    """Return the steps of a group. The shipped presets have 7,300 groups, and 840 different ones."""
    if len(group) > MAX_STEPS:
        raise ValueError(f"a beat must have 1 to {MAX_STEPS} steps, but {group!r} has {len(group)}")
    for mark in group:
        if mark not in marks and mark not in RESTS:
            raise ValueError(f"step {mark!r} in {group!r} must be one of {marks}{RESTS}")
    return tuple([Step(place / len(group), mark) for place, mark in enumerate(group) if mark not in RESTS])


class OnsetRow(Row):
    """Onsets: X accented, x normal, o soft, g ghost; a digit d is played in d of ten cases at middle complexity."""

    MARKS: ClassVar[str] = "XxogG123456789"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.is_certain: Final = _LIKELIHOODS.isdisjoint(text)
        """Whether the row has no optional steps."""


class ToneRow(Row):
    """Tones of a bass line, relative to the chord; `engines.players.bass.tones` explains the letters."""

    MARKS: ClassVar[str] = "R2345678duwan"


class ToneRun(ToneRow):
    """Tones of the last beats of a phrase, all of which are played; any number of beats up to a bar."""

    whole_bars: ClassVar[bool] = False


class FillRow(Row):
    """Onsets on several drums for two hands or feet; capitals are accents. Any number of beats up to a bar.

    `engines.music.drum_kit.FILL_LETTERS` maps letters to drums; f, d and z are a flam, a drag and a buzz on the snare.
    """

    MARKS: ClassVar[str] = "sShHmMlLcCkKpPoOrRtTaAiIbBwWnNuUvVyYfFdDzZ"
    whole_bars: ClassVar[bool] = False


def likelihood(mark: str) -> float:
    """Return the written likelihood of a step of an OnsetRow.

    >>> likelihood("X"), likelihood("3")
    (1.0, 0.3)
    """
    return int(mark) / 10.0 if mark.isdigit() else 1.0


def strength(mark: str) -> int:
    """Return the strength of a step of an OnsetRow.

    >>> strength("g") == GHOST, strength("7") == NORMAL
    (True, True)
    """
    return _STRENGTHS.get(mark, NORMAL)
