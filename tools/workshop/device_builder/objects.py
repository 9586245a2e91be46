"""The Max objects that the devices use, with the numbers of inlets and outlets, and the types of outlets.

Taken from boxes that Max itself saved. This list is independent of the linter's, so that each can find errors in the
other.
"""

from collections.abc import Callable
from dataclasses import dataclass

SIGNAL = "signal"


class BuildError(ValueError):
    """The table cannot be built into a device; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Ports:
    """An object's inlets and outlets; an outlet's type is "" for any message."""

    inlets: int
    outlets: tuple[str, ...] = ()


SCRIPT_OUTLETS = 4
"""To the controls, to the network, to the receiver, to the ring."""

FACES: dict[str, Ports] = {
    "live.text": Ports(1, ("", "")),
    "live.menu": Ports(1, ("", "", "float")),
    "live.dial": Ports(1, ("", "float")),
    "live.comment": Ports(1),
    "live.line": Ports(1),
    "comment": Ports(1),
    "panel": Ports(1),
    "textedit": Ports(1, ("", "int", "", "")),
    "ubutton": Ports(1, ("bang", "bang", "", "int")),
    "multislider": Ports(1, ("", "")),
    "message": Ports(2, ("",)),
}
"""Ports by class, for user interface objects."""

_TRIGGER_TYPES = {"b": "bang", "i": "int", "f": "float", "l": "", "s": "", "a": ""}

_FIXED: dict[str, Ports] = {
    "js": Ports(1, ("",) * SCRIPT_OUTLETS),
    "live.thisdevice": Ports(1, ("bang", "int", "int")),
    "freebang": Ports(1, ("bang",)),
    "prepend": Ports(1, ("",)),
    "udpsend": Ports(1),
    "udpreceive": Ports(1, ("",)),
    "midiin": Ports(1, ("int",)),
    "midiout": Ports(1),
    "plugphasor~": Ports(1, (SIGNAL, "list")),
    "count~": Ports(2, (SIGNAL,)),
    "snapshot~": Ports(2, ("float",)),
    "buffer~": Ports(1, ("float", "bang")),
    "dspstate~": Ports(1, ("int", "float", "int", "int")),
}


def _trigger(arguments: list[str]) -> Ports:
    return Ports(1, tuple(_TRIGGER_TYPES[letter] for letter in arguments))


def _stereo(channels: list[str]) -> Ports:
    if channels:
        raise ValueError("only left and right are used here")
    return Ports(2, (SIGNAL, SIGNAL))


def _route(words: list[str]) -> Ports:
    if not words:
        raise ValueError("a [route] without a word")
    # In Max 8 and 9 it and [sel] also have an inlet for each word, to change the word.
    return Ports(len(words) + 1, ("",) * (len(words) + 1))


def _select(values: list[str]) -> Ports:
    if not values:
        raise ValueError("a [sel] without a value")
    return Ports(len(values) + 1, (*("bang" for _ in values), ""))


def _record(arguments: list[str]) -> Ports:
    """Buffer name and number of channels: an inlet for each, two more for start and end."""
    return Ports(int(arguments[1]) + 2, (SIGNAL,))


_BY_ARGUMENTS: dict[str, Callable[[list[str]], Ports]] = {
    "plugin~": _stereo,
    "plugout~": _stereo,
    "trigger": _trigger,
    "route": _route,
    "sel": _select,
    "record~": _record,
}


def ports_of(maxclass: str, text: str) -> Ports:
    """Return the ports of a box of this class with this text. Raises BuildError for unlisted objects.

    >>> ports_of("newobj", "trigger b s")
    Ports(inlets=1, outlets=('bang', ''))
    >>> ports_of("newobj", "record~ ---ring 4 @loop 1").inlets
    6
    """
    if maxclass != "newobj":
        if maxclass not in FACES:
            raise BuildError(f"{maxclass}: an unknown class of box")
        return FACES[maxclass]
    if '"' in text:
        raise BuildError(f"[{text}]: words in quotes are not counted here")
    name, *words = text.split() or [""]
    arguments = words[: next((i for i, word in enumerate(words) if word.startswith("@")), len(words))]
    if name in _FIXED:
        return _FIXED[name]
    try:
        return _BY_ARGUMENTS[name](arguments)
    except (KeyError, ValueError, IndexError) as error:
        raise BuildError(f"[{text}]: an unknown object, or unknown arguments of it") from error
