"""Commands with other slots: how an answer completes the order that it was asked for."""

from __future__ import annotations

from typing import Any

import msgspec

from engines.rooaroo.commands import NO_SLOTS, PARTS, Command, Slots


def with_slots(command: Command, **changed: Any) -> Command:
    """The command with some slots changed.

    >>> from engines.rooaroo.commands import Intent
    >>> said(with_slots(Command(text="mute", intent=Intent.MUTE), target="bass").slots)
    {'target': 'bass'}
    """
    return msgspec.structs.replace(command, slots=msgspec.structs.replace(command.slots, **changed))


def said(slots: Slots) -> dict[str, Any]:
    """The slots that a sentence mentions, by their names.

    >>> said(Slots(bars=8))
    {'bars': 8}
    """
    found = {name: getattr(slots, name) for name in slots.__struct_fields__}
    return {name: value for name, value in found.items() if value != getattr(NO_SLOTS, name)}


def complete(command: Command, slot: str, answer: Slots) -> Command:
    """The command with what an answer says; a part said alone goes into the slot that was asked for.

    >>> from engines.rooaroo.commands import Intent
    >>> said(complete(Command(text="mute", intent=Intent.MUTE), "target", Slots(parts=("bass",))).slots)
    {'target': 'bass'}
    """
    given = said(answer)
    parts = tuple(given.get("parts", ()))
    target = given.get("target", "")
    if slot == "target" and parts and not target:
        del given["parts"]
        given["target"] = parts[0] if len(parts) == 1 else "band"
    elif slot == "parts" and target in (*PARTS, "band") and not parts:
        del given["target"]
        given["parts"] = (target,)
    if "track" in given and slot == "target":
        given["target"] = ""
    return with_slots(command, **given)
