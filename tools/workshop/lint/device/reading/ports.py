"""The inlets and outlets of objects whose ports depend on their arguments. All others are in `objects.json`.

The rules come from Max's reference pages and are tested on boxes that Max saved: `learn_objects` counts how many agree.
Where versions of Max differ, a rule returns both, the newer first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ports:
    """An object's inlets and outlets. The type of an outlet is "signal", "bang", "int", or "" for any message."""

    inlets: int
    outlets: int
    types: tuple[str, ...]

    def allows(self, other: "Ports") -> bool:
        """Return whether a box with these other ports is valid: Max also writes some of the words it sends as ""."""
        same = (self.inlets, self.outlets) == (other.inlets, other.outlets)
        pairs = zip(self.types, other.types, strict=False)
        return same and all(due == here or (not here and due not in _KINDS) for due, here in pairs)

    def __str__(self) -> str:
        inlets = f"{self.inlets} inlet{'' if self.inlets == 1 else 's'}"
        return f"{inlets} and {self.outlets} outlet{'' if self.outlets == 1 else 's'}"


Arguments = tuple[str, ...]

_LETTERS = {"b": "bang", "bang": "bang", "i": "int", "int": "int", "f": "float", "float": "float"}
_KINDS = frozenset({"bang", "int", "float", "list", "signal"})
_ANYTHING = frozenset({"l", "list", "s", "symbol", "a", "anything"})


def computed_ports(name: str, arguments: Arguments, channels: int = 0) -> tuple[Ports, ...]:
    """Return the ports that an object may have by its arguments, or by its attribute @chans; empty without a rule.

    >>> print(*computed_ports("record~", ("ring", "4")))
    6 inlets and 1 outlet
    >>> computed_ports("trigger", ("b", "l", "reset"))[0].types
    ('bang', '', 'reset')
    """
    rule = RULES.get(name)
    if rule is None:
        return ()
    return rule(("1",) * channels if rule is _plug and channels else arguments)


def type_of_word(word: str) -> str:
    """Return the outlet type for a letter of a trigger, or for a value in an object's arguments.

    >>> [type_of_word(word) for word in ("b", "7", "7.", "a", "reset")]
    ['bang', 'int', 'float', '', 'reset']
    """
    if word in _ANYTHING:
        return ""
    return _LETTERS.get(word) or _number_type(word) or word


def _number_type(word: str) -> str:
    try:
        return "float" if float(word) != int(float(word)) or "." in word else "int"
    except (ValueError, OverflowError):
        return ""


def _whole(arguments: Arguments, at: int, without: int) -> int:
    """Return an integer argument, or the default without one."""
    word = arguments[at] if at < len(arguments) else ""
    return int(word) if word.isdecimal() else without


def _trigger(arguments: Arguments) -> tuple[Ports, ...]:
    types = tuple(type_of_word(word) for word in arguments) or ("", "")
    return (Ports(1, len(types), types),)


def _bangbang(arguments: Arguments) -> tuple[Ports, ...]:
    count = _whole(arguments, 0, 2)
    return (Ports(1, count, ("bang",) * count),)


def _route(arguments: Arguments) -> tuple[Ports, ...]:
    # Until Max 7 only a single argument had an inlet to change it.
    count = max(1, len(arguments)) + 1
    types = ("",) * count
    return (Ports(count, count, types), Ports(1, count, types))


def _select(arguments: Arguments) -> tuple[Ports, ...]:
    count = max(1, len(arguments)) + 1
    types = (*("bang",) * (count - 1), "")
    return (Ports(count, count, types), Ports(1, count, types))


def _pack(arguments: Arguments) -> tuple[Ports, ...]:
    return (Ports(max(1, len(arguments)) if arguments else 2, 1, ("",)),)


def _unpack(arguments: Arguments) -> tuple[Ports, ...]:
    types = tuple(_number_type(word) or _LETTERS.get(word, "") for word in arguments) or ("int", "int")
    return (Ports(1, len(types), types),)


def _join(arguments: Arguments) -> tuple[Ports, ...]:
    return (Ports(_whole(arguments, 0, 2), 1, ("",)),)


def _gate(arguments: Arguments) -> tuple[Ports, ...]:
    count = max(1, _whole(arguments, 0, 1))
    return (Ports(2, count, ("",) * count),)


def _switch(arguments: Arguments) -> tuple[Ports, ...]:
    return (Ports(_whole(arguments, 0, 2) + 1, 1, ("",)),)


def _gate_signal(arguments: Arguments) -> tuple[Ports, ...]:
    count = _whole(arguments, 0, 1)
    return (Ports(2, count, ("signal",) * count),)


def _selector_signal(arguments: Arguments) -> tuple[Ports, ...]:
    return (Ports(_whole(arguments, 0, 1) + 1, 1, ("signal",)),)


def _record(arguments: Arguments) -> tuple[Ports, ...]:
    # One inlet per channel, then the start and the end.
    return (Ports(_whole(arguments, 1, 1) + 2, 1, ("signal",)),)


def _plug(arguments: Arguments) -> tuple[Ports, ...]:
    count = len(arguments) or 2
    return (Ports(count, count, ("signal",) * count),)


RULES: Mapping[str, Callable[[Arguments], tuple[Ports, ...]]] = {
    "bangbang": _bangbang,
    "gate": _gate,
    "gate~": _gate_signal,
    "join": _join,
    "pack": _pack,
    "pak": _pack,
    "plugin~": _plug,
    "plugout~": _plug,
    "record~": _record,
    "route": _route,
    "select": _select,
    "selector~": _selector_signal,
    "switch": _switch,
    "trigger": _trigger,
    "unpack": _unpack,
}

FROM_WITHIN = frozenset({"patcher", "bpatcher", "poly~", "pfft~", "gen", "gen~", "jit.gen", "jit.pix", "jit.gl.pix"})
"""Objects whose ports are those of their subpatcher."""

FROM_A_SCRIPT = frozenset({"js", "jsui", "v8", "v8ui", "node.script", "mxj", "mxj~"})
"""Objects whose ports are set by their program."""
