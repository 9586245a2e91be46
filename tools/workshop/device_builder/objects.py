"""The Max objects that the devices use: how many inlets and outlets, and what comes out of each.

Read off boxes that Max itself saved. It is a list of its own, apart from the lint's, so that one can find the other
wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass

SIGNAL = "signal"


class BuildError(ValueError):
    """The table cannot be made into a device; says where and what."""


@dataclass(frozen=True, slots=True)
class Ports:
    """An object's inlets and outlets; an outlet's type is "" where anything may come out."""

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
"""Ports by class, for boxes that are more than a text."""

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
    # Max 8 and 9 give it and [sel] an inlet for each word too, by which the word can be changed.
    return Ports(len(words) + 1, ("",) * (len(words) + 1))


def _select(values: list[str]) -> Ports:
    if not values:
        raise ValueError("a [sel] without a value")
    return Ports(len(values) + 1, (*("bang" for _ in values), ""))


def _record(arguments: list[str]) -> Ports:
    """Buffer's name and number of channels: an inlet for each, two more for where to begin and end."""
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
    """The ports of a box of this class with this text. Raises BuildError for what is not in the list.

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
