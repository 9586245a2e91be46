"""Assemble the slots of a command from its phrases, in spoken order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from musearoo.engines.language.requests.commands import BAND, DEGREES, Intent, Slots

_DEGREE_IS_A_SLOT: Final = frozenset((Intent.LEVEL, Intent.TEMPO))
_KEPT_AS_TEXT: Final = frozenset(("scene",))


def assemble(intent: Intent, bindings: Iterable[tuple[str, Any]]) -> Slots:
    """Return the slots that these bindings fill. The last value of a slot wins; parts, targets and changes accumulate.

    A degree applies to the change after it, or at the end to the change before it that has none.

    >>> slots = assemble(Intent.CHANGE, [("degree", "a bit"), ("changes", "busier"), ("scene", 3)])
    >>> slots.changes, slots.scene
    (('a bit busier',), '3')
    """
    found: dict[str, Any] = {}
    parts: list[str] = []
    targets: list[str] = []
    changes: list[tuple[str, str]] = []
    degree = ""
    for slot, value in bindings:
        if slot == "parts":
            if value not in parts:
                parts.append(value)
        elif slot == "targets":
            targets.append(f"track {value}" if isinstance(value, int) else value)
        elif slot == "degree" and intent not in _DEGREE_IS_A_SLOT:
            degree = value
        elif slot == "changes":
            changes.append((degree, value))
            degree = ""
        elif slot:
            found[slot] = str(value) if slot in _KEPT_AS_TEXT else value
    if degree in DEGREES and changes and not changes[-1][0]:
        changes[-1] = degree, changes[-1][1]
    if parts:
        found["parts"] = tuple(parts)
    if BAND in targets:
        targets = [BAND]  # the other targets are part of it
    match list(dict.fromkeys(targets)):
        case [one]:
            found["target"] = one
        case several if several:
            found["targets"] = tuple(several)
    if changes:
        found["changes"] = tuple(dict.fromkeys(f"{much} {change}".strip() for much, change in changes))
    if found.get("target") == "clip" and ("track" in found or "scene" in found):
        del found["target"]  # "the clip on track two": the position identifies the clip
    if "first_bar" in found:
        found.setdefault("last_bar", found["first_bar"])
    return Slots(**{slot: value for slot, value in found.items() if value not in ("", None)})
