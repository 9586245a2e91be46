"""Commands with changed slots: how an answer completes the request it was asked for."""

from __future__ import annotations

from typing import Any

import msgspec

from musearoo.engines.language.requests.commands import NO_SLOTS, PARTS, Command, Slots


def with_slots(command: Command, **changed: Any) -> Command:
    """Return the command with some slots changed.

    >>> from musearoo.engines.language.requests.commands import Intent
    >>> filled_slots(with_slots(Command(text="mute", intent=Intent.MUTE), target="bass").slots)
    {'target': 'bass'}
    """
    return msgspec.structs.replace(command, slots=msgspec.structs.replace(command.slots, **changed))


def filled_slots(slots: Slots) -> dict[str, Any]:
    """Return the slots that a sentence fills, by name.

    >>> filled_slots(Slots(bars=8))
    {'bars': 8}
    """
    found = {name: getattr(slots, name) for name in slots.__struct_fields__}
    return {name: value for name, value in found.items() if value != getattr(NO_SLOTS, name)}


def one_by_one(command: Command) -> tuple[Command, ...]:
    """Return the command for each of its targets if there are at least two, else none.

    >>> from musearoo.engines.language.requests.commands import Intent
    >>> both = Command(text="mute", intent=Intent.MUTE, slots=Slots(targets=("bass", "track 3")))
    >>> [filled_slots(one.slots) for one in one_by_one(both)]
    [{'target': 'bass'}, {'track': 3}]
    """
    found = []
    for target in command.slots.targets:
        word, _, number = target.rpartition(" ")
        is_numbered = word == "track" and number.isdecimal() and len(number) < 5
        place = {"track": int(number)} if is_numbered else {"target": target}
        found.append(with_slots(command, **{"targets": (), "target": "", "track": 0, **place}))
    return tuple(found) if len(found) > 1 else ()


def complete(command: Command, slot: str, answer: Slots) -> Command:
    """Return the command with an answer's slots; a part on its own goes into the slot of the question.

    >>> from musearoo.engines.language.requests.commands import Intent
    >>> filled_slots(complete(Command(text="mute", intent=Intent.MUTE), "target", Slots(parts=("bass",))).slots)
    {'target': 'bass'}
    """
    given = filled_slots(answer)
    parts = tuple(given.get("parts", ()))
    target = given.get("target", "")
    if slot == "target" and parts and not target:
        del given["parts"]
        given["target"], given["targets"] = (parts[0], ()) if len(parts) == 1 else ("", parts)
    elif slot == "parts" and given.get("targets") and set(given["targets"]) <= set(PARTS) and not parts:
        given["parts"] = given.pop("targets")
    elif slot == "parts" and target in (*PARTS, "band") and not parts:
        del given["target"]
        given["parts"] = (target,)
    if "track" in given and slot == "target":
        given["target"] = ""
    return with_slots(command, **given)
