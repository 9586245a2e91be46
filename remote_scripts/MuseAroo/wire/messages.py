"""Messages of the wire table: outgoing ones are clipped to its bounds, incoming ones are validated."""

from __future__ import annotations

import math
from typing import Any

from .osc import Message, OscError, Value, decode, encode_message
from .table import RECEIVED, REPEATING, SENT

Argument = Any
"""A row of the table: (name, OSC type, low, high, choices)."""


class WireError(Exception):
    """The daemon sent something that the table does not allow; the text names the argument and its bounds."""


class Arguments:
    """The validated arguments of one message, each an attribute by its name in the table."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the wire table has no argument {name} here")


def packet(address: str, *values: Value) -> bytes:
    """Return the OSC packet of a message to the daemon.

    Values from Live may be outside the table's bounds (a very long name, an odd number). They are clipped, because the
    daemon would reject the whole message.
    """
    rows = _repeated(address, SENT[address], len(values))
    if len(rows) != len(values):
        raise TypeError(f"{address} takes {len(rows)} arguments, got {len(values)}")
    tags = "".join([row[1] for row in rows])
    return encode_message(address, tags, tuple([_fitted(row, value) for row, value in zip(rows, values)]))


def _repeated(address: str, rows: tuple[Argument, ...], count: int) -> tuple[Argument, ...]:
    """Return a message's rows, the last as often as needed for so many values if it repeats."""
    return rows[:-1] + rows[-1:] * (count - len(rows) + 1) if address in REPEATING else rows


def _fitted(row: Argument, value: Any) -> Value:
    _, tag, low, high, _ = row
    if tag == "b":
        return bytes(value)
    if tag == "s":
        raw = str(value).replace("\0", "").encode("utf-8", "replace")
        return raw[:high].decode("utf-8", "ignore")
    number = float(value) if tag == "d" else int(value)
    if number != number:
        return low  # type: ignore[no-any-return]
    return min(max(number, type(number)(low)), type(number)(high))


def checked(message: Message) -> Arguments:
    """Return the arguments of a message from the daemon; a repeating one is a list.

    Raises WireError when the table does not allow them.
    """
    known = RECEIVED.get(message.address)
    if known is None:
        raise WireError(f"{message.address:.80} is not an address that the Remote Script knows")
    rows = _repeated(message.address, known, len(message.values))
    if len(rows) != len(message.values):
        names = ", ".join([row[0] for row in known])
        raise WireError(f"{message.address} takes {len(rows)} arguments ({names}), got {len(message.values)}")
    values = [_checked_value(message.address, row, value) for row, value in zip(rows, message.values)]
    fixed = len(known) - 1 if message.address in REPEATING else len(known)
    given: dict[str, Any] = {row[0]: value for row, value in zip(known[:fixed], values)}
    if fixed < len(known):
        given[known[-1][0]] = values[fixed:]
    return Arguments(given)


def _checked_value(address: str, row: Argument, value: Value) -> Value:
    name, tag, low, high, choices = row
    where = f"{address} {name}"
    if tag == "b":
        if not isinstance(value, bytes):
            raise WireError(f"{where} must be a blob, not {type(value).__name__}")
        return value
    if tag == "s":
        if not isinstance(value, str):
            raise WireError(f"{where} must be text, not {type(value).__name__}")
        _check_choice(where, choices, value)
        if len(value.encode("utf-8", "replace")) > high:
            raise WireError(f"{where} must be at most {high} bytes of text")
        return value
    if not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
        raise WireError(f"{where} must be in {low}..{high}, not {value!r:.60}")
    _check_choice(where, choices, value)
    if tag == "i":
        if value != int(value):
            raise WireError(f"{where} must be a whole number, not {value!r}")
        return int(value)
    return float(value)


def _check_choice(where: str, choices: tuple[Any, ...], value: Value) -> None:
    if choices and value not in choices:
        listed = ", ".join([str(choice) for choice in choices])
        raise WireError(f"{where} must be one of {listed}, not {value!r:.60}")


def request_in(messages: list[Message]) -> str:
    """Return the request id of the first of `messages`; "" if it has none that can be read."""
    if messages and messages[0].address in ("/roo/do", "/roo/take_back", "/roo/read/notes"):
        values = messages[0].values
        if values and isinstance(values[0], str) and len(values[0].encode("utf-8", "replace")) <= 80:
            return values[0]
    return ""


__all__ = ["Arguments", "Message", "OscError", "WireError", "checked", "decode", "packet", "request_in"]
