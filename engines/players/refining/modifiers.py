"""Modifiers of a take in a musician's words: "darker, more swing", "keep the rhythm", "groove of track 2"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.music.groove import Groove
from musearoo.engines.players.params import MAX_BARS
from musearoo.engines.styles.schema import Style


class Modifier(StrEnum):
    """A modifier; its value is the name that users write."""

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
    "another": Modifier.AGAIN,
    "another take": Modifier.AGAIN,
    "plainer": Modifier.SIMPLER,
    "less": Modifier.SIMPLER,
    "more": Modifier.BUSIER,
    "new notes": Modifier.NEW_NOTES,
    "change notes": Modifier.NEW_NOTES,
    "new rhythm": Modifier.NEW_RHYTHM,
    "change rhythm": Modifier.NEW_RHYTHM,
    "quieter": Modifier.SOFTER,
    "octave down": Modifier.LOWER,
    "octave up": Modifier.HIGHER,
    "staccato": Modifier.SHORTER,
    "legato": Modifier.LONGER,
    "swing more": Modifier.MORE_SWING,
    "straighter": Modifier.LESS_SWING,
    "on the grid": Modifier.TIGHTER,
}
_GROOVE: Final = re.compile(r"groove (?:of |from )?(?:track )?(\d+)(?: (\d+)\s*%)?")
_SOUND: Final = re.compile(r"(?:(?:sound|instrument|kit) (?:of|from|on|as on)|as on) (?:track )?(\d+)")


@dataclass(frozen=True, slots=True)
class Refinement:
    """The changes to a take. `bars` are the first and the last bar to change, counted from 1; None for all.

    `style` plays it in another style; `groove` applies a groove template by an amount 0..1; `vary_bars` extends it to
    that many bars, with variations.
    """

    modifiers: tuple[Modifier, ...] = ()
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
class ModifierRequest:
    """The modifiers in a text.

    `groove_track` is the number, from 1, of a track whose groove it asks for, and the amount; `sound_track` that of a
    track whose instrument it asks for.
    """

    modifiers: tuple[Modifier, ...]
    groove_track: int | None = None
    groove_amount: float = 1.0
    sound_track: int | None = None


def parse_modifiers(text: str) -> ModifierRequest:
    """Parse modifiers separated by commas; ParamError names what is unknown.

    >>> parse_modifiers("Darker, more swing").modifiers
    (<Modifier.DARKER: 'darker'>, <Modifier.MORE_SWING: 'more swing'>)
    >>> parse_modifiers("groove of track 2 70%")
    ModifierRequest(modifiers=(), groove_track=2, groove_amount=0.7, sound_track=None)
    >>> parse_modifiers("sound of track 3").sound_track, parse_modifiers("as on track 3").sound_track
    (3, 3)
    """
    modifiers: list[Modifier] = []
    track, amount, model = None, 1.0, None
    for word in (" ".join(part.lower().split()) for part in text.split(",")):
        plain = word.removeprefix("keep the ").removeprefix("a bit ").removeprefix("the ")
        plain = f"keep {plain}" if word.startswith("keep the ") else plain
        groove = _GROOVE.fullmatch(plain)
        if not plain:
            continue
        if groove is not None:
            track, amount = int(groove[1]), min(100, int(groove[2] or 100)) / 100.0
        elif (sound := _SOUND.fullmatch(plain)) is not None:
            model = int(sound[1])
        elif plain in _OTHER_WORDS:
            modifiers.append(_OTHER_WORDS[plain])
        elif plain in tuple(Modifier):
            modifiers.append(Modifier(plain))
        else:
            raise ParamError("change", f"of {', '.join(Modifier)}, groove of track N, or sound of track N", word)
    return ModifierRequest(tuple(modifiers), track, amount, model)
