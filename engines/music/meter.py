"""Time signatures. A beat is always a quarter note, as in Live; a pulse is the counted unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from musearoo.engines.errors import ParamError

DENOMINATORS: Final = (1, 2, 4, 8, 16)
"""The denominators that Live allows."""

_METER = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})")


@dataclass(frozen=True, slots=True, order=True)
class Meter:
    """A time signature.

    >>> Meter(7, 8).bar_beats, Meter(6, 8).pulses, str(Meter(5, 4))
    (3.5, (1.5, 1.5), '5/4')
    """

    numerator: int = 4
    denominator: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= 99:
            raise ParamError("meter", "1 to 99 above the line", str(self))
        if self.denominator not in DENOMINATORS:
            raise ParamError("meter", "1, 2, 4, 8 or 16 below the line", str(self))

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def bar_beats(self) -> float:
        """The length of a bar in beats."""
        return self.numerator * 4.0 / self.denominator

    @property
    def is_compound(self) -> bool:
        """Whether the pulse divides in three: 3/8, 6/8, 9/8, 12/8 and the like in sixteenths."""
        return self.denominator >= 8 and self.numerator % 3 == 0

    @property
    def pulses(self) -> tuple[float, ...]:
        """The lengths of a bar's pulses in beats, in order.

        Compound meters count dotted notes; others count quarters, and a remainder at the end of the bar is a short last
        pulse: 7/8 is counted 2+2+2+1.
        """
        if self.is_compound:
            return (12.0 / self.denominator,) * (self.numerator // 3)
        whole, rest = divmod(self.bar_beats, 1.0)
        return (1.0,) * int(whole) + ((rest,) if rest else ())

    @classmethod
    def parse(cls, text: str) -> Meter:
        """Parse a time signature such as "6/8".

        >>> Meter.parse("12/8")
        Meter(numerator=12, denominator=8)
        """
        match = _METER.fullmatch(text.strip())
        if match is None:
            raise ParamError("meter", "a signature such as 4/4 or 7/8", text)
        return cls(int(match[1]), int(match[2]))
