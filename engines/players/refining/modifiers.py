"""What can be wished of a take, in a musician's words: "darker, more swing", "keep the rhythm", "groove of track 2"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.music.groove import Groove
from musearoo.engines.players.params import MAX_BARS
from musearoo.engines.styles.schema import Style


class Wish(StrEnum):
    """One change, under the name by which it is asked for."""

    AGAIN = "again"
    SIMPLER = "simpler"
    BUSIER = "busier"
    NEW_NOTES = "keep rhythm"
    NEW_RHYTHM = "keep notes"
    DARKER = "darker"
    BRIGHTER = "brighter"
    SOFTER = "softer"
    LOUDER = "louder"
    LOWER = "lower"
    HIGHER = "higher"
    SHORTER = "shorter"
    LONGER = "longer"
    MORE_SWING = "more swing"
    LESS_SWING = "less swing"
    TIGHTER = "tighter"
    LOOSER = "looser"


_OTHER_WORDS: Final = {
    "another": Wish.AGAIN,
    "another take": Wish.AGAIN,
    "plainer": Wish.SIMPLER,
    "less": Wish.SIMPLER,
    "more": Wish.BUSIER,
    "new notes": Wish.NEW_NOTES,
    "change notes": Wish.NEW_NOTES,
    "new rhythm": Wish.NEW_RHYTHM,
    "change rhythm": Wish.NEW_RHYTHM,
    "quieter": Wish.SOFTER,
    "octave down": Wish.LOWER,
    "octave up": Wish.HIGHER,
    "staccato": Wish.SHORTER,
    "legato": Wish.LONGER,
    "swing more": Wish.MORE_SWING,
    "straighter": Wish.LESS_SWING,
    "on the grid": Wish.TIGHTER,
}
_GROOVE: Final = re.compile(r"groove (?:of |from )?(?:track )?(\d+)(?: (\d+)\s*%)?")


@dataclass(frozen=True, slots=True)
class Refinement:
    """What is to become of a take. `bars` are the first and the last bar to change, counted from 1; None for all.

    `style` plays it in another style; `groove` moves it into a groove, by an amount 0..1; `vary_bars` spreads it over
    so many bars, none of which is quite like another.
    """

    wishes: tuple[Wish, ...] = ()
    style: Style | None = None
    bars: tuple[int, int] | None = None
    groove: tuple[Groove, float] | None = None
    vary_bars: int | None = None

    def __post_init__(self) -> None:
        if self.bars is not None and not 1 <= self.bars[0] <= self.bars[1]:
            raise ParamError("bars", "a first bar of at least 1 and a last one not before it", self.bars)
        if self.vary_bars is not None and not 1 <= self.vary_bars <= MAX_BARS:
            raise ParamError("bars to vary over", f"1 to {MAX_BARS}", self.vary_bars)


@dataclass(frozen=True, slots=True)
class Asked:
    """The wishes of a text, and, where it wants the groove of another track, its number from 1 and how much of it."""

    wishes: tuple[Wish, ...]
    groove_track: int | None = None
    groove_amount: float = 1.0


def parse_wishes(text: str) -> Asked:
    """The wishes of a text with commas between them; ParamError names what it does not know.

    >>> parse_wishes("Darker, more swing").wishes
    (<Wish.DARKER: 'darker'>, <Wish.MORE_SWING: 'more swing'>)
    >>> parse_wishes("groove of track 2 70%")
    Asked(wishes=(), groove_track=2, groove_amount=0.7)
    """
    wishes: list[Wish] = []
    track, amount = None, 1.0
    for word in (" ".join(part.lower().split()) for part in text.split(",")):
        plain = word.removeprefix("keep the ").removeprefix("a bit ").removeprefix("the ")
        plain = f"keep {plain}" if word.startswith("keep the ") else plain
        groove = _GROOVE.fullmatch(plain)
        if not plain:
            continue
        if groove is not None:
            track, amount = int(groove[1]), min(100, int(groove[2] or 100)) / 100.0
        elif plain in _OTHER_WORDS:
            wishes.append(_OTHER_WORDS[plain])
        elif plain in tuple(Wish):
            wishes.append(Wish(plain))
        else:
            raise ParamError("change", f"of {', '.join(Wish)}, or groove of track N", word)
    return Asked(tuple(wishes), track, amount)
