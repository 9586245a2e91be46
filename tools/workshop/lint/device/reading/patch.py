"""A patcher for the linter: boxes with their class, arguments and attributes, and cords. Read from Max's JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

# Patchers of other languages than Max's own, Gen and RNBO, have other objects and rules.
_MAX_LANGUAGE = "box"


@dataclass(frozen=True, slots=True)
class Box:
    """An object in a patcher.

    `place` is its path from the top, as Max writes it in the registry: `obj-3`, or `obj-10::obj-2` in a subpatcher.
    `name` is its class; `arguments` and `typed` follow it in the box: `name argument … @attribute value …`.
    """

    place: str
    data: Json
    name: str
    arguments: tuple[str, ...] = ()
    typed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def id(self) -> str:
        """Its id within its patcher."""
        return str(self.data.get("id", ""))

    @property
    def is_typed(self) -> bool:
        """Whether it is an object box, with its class in its text; others are user interface objects."""
        return self.data.get("maxclass") == "newobj"

    @property
    def shown(self) -> bool:
        """Whether it is in the presentation."""
        return bool(self.data.get("presentation", 0))

    @property
    def parameter(self) -> Json | None:
        """Its parameter data for Live, if it is a parameter."""
        at_object = dict(self.data.get("saved_object_attributes", {}))
        typed = dict(self.typed).get("parameter_enable", ())
        if self.data.get("parameter_enable") or at_object.get("parameter_enable") or "1" in typed:
            return valueof(self.data)
        return None

    @property
    def title(self) -> str:
        """Its description for users: its place, class and scripting name."""
        named = self.data.get("varname")
        return f"{self.place} ({self.name}{f' “{named}”' if named else ''})"


@dataclass(frozen=True, slots=True)
class Cord:
    """A connection from an outlet to an inlet, by ids within one patcher."""

    source: str
    outlet: int
    destination: str
    inlet: int

    def __str__(self) -> str:
        return f"cord from {self.source} outlet {self.outlet} to {self.destination} inlet {self.inlet}"


@dataclass(frozen=True, slots=True)
class Patch:
    """One patcher. `place` is empty for the device's own."""

    place: str
    data: Json
    boxes: tuple[Box, ...]
    cords: tuple[Cord, ...]


def valueof(data: Json) -> Json:
    """Return the parameter's attributes in a box; empty without a parameter."""
    return dict(dict(data.get("saved_attribute_attributes", {})).get("valueof", {}))


def read_patches(patcher: Json, place: str = "") -> Iterator[Patch]:
    """Yield the patcher and all its subpatchers, outermost first."""
    boxes = tuple(_read_box(entry["box"], place) for entry in patcher.get("boxes", ()) if "box" in entry)
    cords = tuple(_read_cord(entry["patchline"]) for entry in patcher.get("lines", ()) if "patchline" in entry)
    yield Patch(place, patcher, boxes, cords)
    for box in boxes:
        inner = box.data.get("patcher")
        if inner and inner.get("classnamespace", _MAX_LANGUAGE) == _MAX_LANGUAGE:
            yield from read_patches(inner, box.place)


def split_text(text: str) -> tuple[str, ...]:
    r"""Return the words of an object box: split at blanks, with quotes and backslashes as in Max.

    >>> split_text(r'route "/roo/got it" a\ b @x 1')
    ('route', '/roo/got it', 'a b', '@x', '1')
    """
    words: list[str] = []
    word: list[str] | None = None
    quoted = False
    characters = iter(text)
    for character in characters:
        if character == "\\":
            word = [*(word or ()), next(characters, "")]
        elif character == '"':
            quoted = not quoted
            word = word or []
        elif character.isspace() and not quoted:
            if word is not None:
                words.append("".join(word))
            word = None
        else:
            word = [*(word or ()), character]
    if word is not None:
        words.append("".join(word))
    return tuple(words)


def _read_box(data: Json, patch: str) -> Box:
    place = f"{patch}::{data.get('id', '?')}" if patch else str(data.get("id", "?"))
    name = str(data.get("maxclass", ""))
    if name != "newobj":
        return Box(place, data, name)
    words = split_text(str(data.get("text", "")))
    name, *rest = words or ("",)
    first = next((at for at, word in enumerate(rest) if _is_attribute(word)), len(rest))
    typed: list[tuple[str, tuple[str, ...]]] = []
    for word in rest[first:]:
        if _is_attribute(word):
            typed.append((word[1:], ()))
        else:
            attribute, values = typed[-1]
            typed[-1] = (attribute, (*values, word))
    return Box(place, data, name, tuple(rest[:first]), tuple(typed))


def _is_attribute(word: str) -> bool:
    return len(word) > 1 and word[0] == "@" and (word[1].isalpha() or word[1] == "_")


def _read_cord(data: Json) -> Cord:
    source, destination = data.get("source", ("?", -1)), data.get("destination", ("?", -1))
    return Cord(str(source[0]), int(source[1]), str(destination[0]), int(destination[1]))
