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
"""Steps of an amount 0..1: subtle, clearly audible (also the step of the Busier button), and strong."""
SWING_STEPS: Final = {"a bit": 0.15, "": 0.3, "much": 0.6}
"""Steps of the swing ratio: three plain steps lead from straight to triplets."""
TEMPO_STEPS: Final = {"a bit": 0.02, "": 0.05, "much": 0.10}
"""Steps of the tempo, as a fraction of it."""

_AMOUNTS: Final = {
    "simpler": ("complexity", -1),
    "busier": ("complexity", 1),
    "sparser": ("density", -1),
    "denser": ("density", 1),
    "tighter": ("humanise", -1),
    "looser": ("humanise", 1),
}
AMOUNT_WORDS: Final = tuple(_AMOUNTS)
"""Changes that move an amount of 0..1."""
AS_MODIFIERS: Final = {"sparser": "simpler", "denser": "busier", "straight": "less swing"}
"""Replacements, for an existing clip, of changes that only new parts support."""
_LASTING: Final = ("keep rhythm", "keep notes")
"""Constraints on a change of a clip: they have no degrees, and no meaning for a new part."""
SWING_OF_A_CLIP: Final = 0.3
"""Change of a clip's swing ratio by one "less swing"."""


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
    """Return a new part with its amounts moved as requested; other changes become modifiers.

    `usual_swing` is the ratio that a swing of 0 stands for.

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
    # Exhaustive rather than replace(**{field: …}), so that types are checked.
    value = round(min(1.0, max(0.0, value)), 3)
    match field:
        case "complexity":
            return replace(action, complexity=value)
        case "density":
            return replace(action, density=value)
        case _:
            return replace(action, humanise=value)


def modifiers_of(changes: Iterable[str], swing: float) -> tuple[str, ...]:
    """Return the modifiers for `parse_modifiers`, each repeated as needed; `swing` is the ratio of the clip.

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
