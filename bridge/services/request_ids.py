"""The request that an event concerns, for the lines that are logged about it."""

from __future__ import annotations

from musearoo.bridge.core.events.effects import PressKey
from musearoo.bridge.core.events.incoming import (
    ClipWritten,
    DeviceMessageReceived,
    EffectFailed,
    Event,
    HarmonyFound,
    ScriptMessageReceived,
    Ticked,
)
from musearoo.bridge.core.state import State


def request_of(before: State, after: State, event: Event) -> str:
    """Return the id of the request that an event concerns, as Live knows it; "" for none, and for several at once."""
    key: PressKey | None
    match event:
        case ClipWritten():
            return event.request
        case ScriptMessageReceived():
            return str(getattr(event.message, "request", ""))
        case DeviceMessageReceived():
            key = (getattr(event.message, "session", 0), getattr(event.message, "press", 0))
        case HarmonyFound():
            # Its key is one of music.
            return ""
        case EffectFailed():
            key = getattr(event.effect, "key", None)
        case Ticked() if before.presses is after.presses:
            return ""
        case Ticked():
            ended = before.presses.keys() - after.presses.keys()
            key = ended.pop() if len(ended) == 1 else None
        case _:
            key = getattr(event, "key", None)
    return _id_of(before, after, key) if key is not None else ""


def _id_of(before: State, after: State, key: PressKey) -> str:
    """Return the id of a press or a sentence, which may have ended or just begun."""
    press = after.presses.get(key) or before.presses.get(key)
    if press is not None:
        return press.request_id
    session = after.sessions.get(key[0])
    return f"{session.hello.instance}:{key[1]}" if session is not None and key[1] else ""
