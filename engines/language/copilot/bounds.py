"""Limits of what a sentence can ask for: beyond them the nearest possible value is offered, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.engines.language.requests.slots import with_slots
from musearoo.engines.language.state.situation import ask


@dataclass(frozen=True, slots=True)
class Bound:
    """The range of a slot, apart from 0 (none); `reason` is a sentence, `offer` the question with the nearest value."""

    slot: str
    low: int
    high: int
    reason: str
    offer: str


_TAKES: Final = Bound("takes", 1, 8, "I make up to 8 takes at once.", "Shall it be {}?")

BOUNDS: Final[Mapping[Intent, tuple[Bound, ...]]] = {
    Intent.PLAY: (Bound("bars", 1, 64, "A clip has up to 64 bars.", "Shall it have {}?"), _TAKES),
    Intent.CHANGE: (_TAKES,),
    Intent.AGAIN: (_TAKES,),
    Intent.SONG: (Bound("seconds", 15, 600, "A song lasts 15 to 600 seconds.", "Shall it be {}?"),),
    Intent.IMAGINE: (Bound("bars", 1, 32, "A loop has up to 32 bars.", "Shall it have {}?"), _TAKES),
    Intent.LISTEN: (Bound("bars", 1, 8, "The device remembers 8 bars.", "Shall it be {}?"),),
    Intent.CAPTURE: (Bound("bars", 1, 64, "I remember the last 64 bars.", "Shall it be {}?"),),
    Intent.JAM: (Bound("bars", 1, 16, "A turn has up to 16 bars.", "Shall it have {}?"),),
}
"""The limits of the requests for each intent."""


def require_bounds(command: Command) -> None:
    """Raise UnclearError with a question if a number is out of bounds."""
    for bound in BOUNDS.get(command.intent, ()):
        value: int = getattr(command.slots, bound.slot)
        nearest = min(bound.high, max(bound.low, value))
        if value and value != nearest:
            changed = with_slots(command, **{bound.slot: nearest})
            raise ask(f"{bound.reason} {bound.offer.format(nearest)}", changed, bound.slot)
