"""Values for any argument of the wire table: the smallest, the largest, an ordinary one, and those it must refuse."""

import math
from typing import Any

from musearoo.bridge.protocol.codec import NoteRecord, encode_notes
from musearoo.bridge.protocol.types import Kind, Message, Spec, build

A_NOTE = NoteRecord(60, 0, 1.0, 100.0, 0.0, 64.0, 1.5, 0.25)

NO_NUMBERS: tuple[object, ...] = (math.nan, math.inf, -math.inf, True, False, "1", None, b"1", [1], (1,), 10**400)
NO_TEXTS: tuple[object, ...] = (1, 1.0, True, None, b"text", ["text"], "a\0b", "\ud800")
NO_BLOBS: tuple[object, ...] = ("text", 1, 1.0, True, None, [b"blob"])


def smallest(spec: Spec) -> Any:
    """The least that the argument takes."""
    if spec.kind is Kind.TEXT:
        return spec.choices[0] if spec.choices else ""
    if spec.kind is Kind.BLOB:
        return b""
    return int(spec.low) if spec.kind is Kind.WHOLE else spec.low


def largest(spec: Spec) -> Any:
    """The most that the argument takes; for notes, which have no bound of their own, a few records."""
    if spec.kind is Kind.TEXT:
        return spec.choices[-1] if spec.choices else "x" * int(spec.high)
    if spec.kind is Kind.BLOB:
        return encode_notes([A_NOTE] * 3)
    return int(spec.high) if spec.kind is Kind.WHOLE else spec.high


def ordinary(spec: Spec) -> Any:
    """Something between, with a letter outside ASCII where there is room for one."""
    if spec.choices:
        return spec.choices[len(spec.choices) // 2]
    if spec.kind is Kind.TEXT:
        return "Größe"
    if spec.kind is Kind.BLOB:
        return encode_notes([A_NOTE])
    if spec.kind is Kind.WHOLE:
        return int(max(spec.low, min(spec.high, 7)))
    return max(spec.low, min(spec.high, 0.5))


def refused(spec: Spec) -> list[object]:
    """Values just outside of the bounds, and of every wrong type."""
    if spec.kind is Kind.TEXT:
        longest = int(spec.high)
        return [*NO_TEXTS, "x" * (longest + 1), "é" * (longest // 2 + 1), *(["neither"] if spec.choices else [])]
    if spec.kind is Kind.BLOB:
        return [*NO_BLOBS]
    if spec.kind is Kind.WHOLE:
        inside = range(int(spec.low), int(spec.high)) if spec.choices else ()
        between = [value for value in inside if value not in spec.choices]
        return [*NO_NUMBERS, int(spec.low) - 1, int(spec.high) + 1, spec.low + 0.5, *between]
    return [*NO_NUMBERS, math.nextafter(spec.low, -math.inf), math.nextafter(spec.high, math.inf)]


def messages_of(cls: type[Message]) -> list[Message]:
    """Messages of one class: all arguments smallest, all ordinary, all largest; repeats none, once, and 50 times."""
    made = []
    for pick, repeats in ((smallest, 0), (ordinary, 1), (largest, 50)):
        values = [pick(spec) for _, spec in cls.specs]
        if cls.repeats:
            values = values[:-1] + values[-1:] * repeats
        made.append(build(cls, values))
    return made
