"""Amounts in words such as "a bit busier": as numbers for a new part, and as modifiers for a clip."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import CHANGES, DEGREES
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT

STEPS: Final = {"a bit": 0.12, "": 0.2, "much": 0.35}
"""By how much an amount of 0..1 changes: heard as a nuance, heard at once, and what a press of Busier adds."""
SWING_STEPS: Final = {"a bit": 0.15, "": 0.3, "much": 0.6}
"""The same for the ratio of long to short: three plain steps lead from straight to triplets."""
TEMPO_STEPS: Final = {"a bit": 0.02, "": 0.05, "much": 0.10}
"""The same for the tempo, as a share of it."""

_AMOUNTS: Final = {
    "simpler": ("complexity", -1),
    "busier": ("complexity", 1),
    "sparser": ("density", -1),
    "denser": ("density", 1),
    "tighter": ("humanise", -1),
    "looser": ("humanise", 1),
}
AMOUNT_WORDS: Final = tuple(_AMOUNTS)
"""The changes that move an amount of 0..1."""
AS_MODIFIERS: Final = {"sparser": "simpler", "denser": "busier", "straight": "less swing"}
"""What a clip that is there can be wished instead of what only a new part is asked for."""
_LASTING: Final = ("keep rhythm", "keep notes")
"""What says of a clip what is to stay: it has no degrees, and means nothing to a new part."""
SWING_OF_A_CLIP: Final = 0.3
"""What one "less swing" takes off the ratio of a clip."""


def split_change(text: str) -> tuple[str, str]:
    """Return degree and change of a modifier; the change is "" where it is none of CHANGES.

    >>> split_change("a bit busier"), split_change("much more swing"), split_change("purple")
    (('a bit', 'busier'), ('much', 'more swing'), ('', ''))
    """
    for degree in filter(None, DEGREES):
        if text.startswith(f"{degree} ") and text.removeprefix(f"{degree} ") in CHANGES:
            return degree, text.removeprefix(f"{degree} ")
    return "", text if text in CHANGES else ""


def with_amounts(action: SetAction, changes: Iterable[str], usual_swing: float = STRAIGHT) -> SetAction:
    """A new part with its amounts moved as asked; what no amount can express is left to modifiers.

    `usual_swing` is the ratio that the action's swing of 0 stands for.

    >>> from musearoo.engines.language.requests.commands import Intent
    >>> action = with_amounts(SetAction(intent=Intent.PLAY), ("a bit busier", "much darker"))
    >>> action.complexity, action.changes
    (0.62, ('darker', 'darker'))
    """
    modifiers = list(action.changes)
    for text in changes:
        degree, change = split_change(text)
        if change in _AMOUNTS:
            field, sign = _AMOUNTS[change]
            action = with_amount(action, field, getattr(action, field) + sign * STEPS[degree])
        elif change == "straight":
            action = replace(action, swing=STRAIGHT)
        elif change in ("more swing", "less swing"):
            step = SWING_STEPS[degree] * (1 if change == "more swing" else -1)
            ratio = (action.swing or usual_swing) + step
            action = replace(action, swing=round(min(MAX_RATIO, max(STRAIGHT, ratio)), 3))
        elif change and change not in _LASTING:
            modifiers += _repeated(degree, change)
    return replace(action, changes=tuple(modifiers))


def with_amount(action: SetAction, field: str, value: float) -> SetAction:
    """Return an action with an amount changed, within 0..1."""
    # Exhaustive rather than replace(**{field: …}): the types are checked.
    value = round(min(1.0, max(0.0, value)), 3)
    match field:
        case "complexity":
            return replace(action, complexity=value)
        case "density":
            return replace(action, density=value)
        case _:
            return replace(action, humanise=value)


def modifiers_of(changes: Iterable[str], swing: float) -> tuple[str, ...]:
    """What `parse_wishes` is to read, each word as often as it is to be done; `swing` is the ratio of the clip.

    >>> modifiers_of(("much busier", "a bit sparser", "straight"), 1.6)
    ('busier', 'busier', 'simpler', 'less swing', 'less swing')
    """
    modifiers: list[str] = []
    for text in changes:
        degree, change = split_change(text)
        if change == "straight":
            modifiers += ["less swing"] * max(1, math.ceil((swing - STRAIGHT) / SWING_OF_A_CLIP - 1e-9))
        elif change:
            modifiers += _repeated(degree, AS_MODIFIERS.get(change, change))
    return tuple(modifiers)


def _repeated(degree: str, change: str) -> list[str]:
    return [change] * (2 if degree == "much" and change not in _LASTING else 1)
