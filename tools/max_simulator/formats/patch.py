"""Read and check a patcher's JSON: boxes, patch cords in firing order, parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from musearoo.tools.max_simulator.formats.atoms import Atom, parse_atoms
from musearoo.tools.max_simulator.formats.faults import PatchError

FLOAT, INT, ENUM, BLOB = range(4)
"""Max's codes of parameter types."""

AUTOMATED, STORED, HIDDEN = range(3)
"""Max's codes of parameter visibility: only hidden parameters are not stored with the set."""

LOW, HIGH = 0.0, 127.0
"""The default range of a parameter."""

OFF_ON = ("off", "on")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Live's description of a control; `choices` are the texts of an ENUM."""

    long_name: str
    short_name: str
    type: int
    low: float
    high: float
    initial: tuple[Atom, ...] | None
    choices: tuple[str, ...]
    visibility: int

    @property
    def stored(self) -> bool:
        """Whether the set stores its value."""
        return self.visibility != HIDDEN


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its class, typed arguments and attributes, and all other data of the file."""

    id: str
    class_name: str
    arguments: tuple[Atom, ...]
    typed: Mapping[str, tuple[Atom, ...]]
    inlets: int
    outlets: int
    left: float
    top: float
    name: str
    parameter: Parameter | None
    data: Mapping[str, Any]

    @property
    def place(self) -> str:
        """The box's name in error messages."""
        words = " ".join(str(atom) for atom in (self.class_name, *self.arguments))
        return f"[{words}] ({self.name or self.id})"

    def attribute(self, name: str, default: Any) -> Any:
        """Return an attribute typed into the box, else the one in the file, else the default."""
        typed = self.typed.get(name)
        if typed is not None:
            return typed[0] if len(typed) == 1 else list(typed)
        return self.data.get(name, default)


@dataclass(frozen=True, slots=True)
class Cord:
    """The destination of an outlet."""

    box: str
    inlet: int


@dataclass(frozen=True, slots=True)
class Patch:
    """A patcher; `cords` are keyed by box and outlet, in firing order."""

    boxes: tuple[Box, ...]
    cords: Mapping[tuple[str, int], tuple[Cord, ...]]

    @property
    def automated(self) -> tuple[Parameter, ...]:
        """The parameters that Live can automate, map and show on a Push."""
        parameters = (box.parameter for box in self.boxes)
        return tuple(found for found in parameters if found is not None and found.visibility == AUTOMATED)


def read_patch(patcher: Mapping[str, Any]) -> Patch:
    """Read a patcher's JSON. Raises PatchError for faults that Max would silently ignore."""
    boxes: dict[str, Box] = {}
    for wrapped in patcher.get("boxes", []):
        box = read_box(wrapped["box"])
        if box.id in boxes:
            raise PatchError(f"{box.place}: the id {box.id} is not unique.")
        boxes[box.id] = box
    names = [box.name for box in boxes.values() if box.name]
    for name in names:
        if names.count(name) > 1:
            raise PatchError(f"Two boxes have the scripting name {name}.")
    _check_registry(patcher.get("parameters", {}), boxes)
    return Patch(tuple(boxes.values()), _read_cords(patcher.get("lines", []), boxes))


def read_box(data: Mapping[str, Any]) -> Box:
    """Read one box. Raises PatchError."""
    class_name = data["maxclass"]
    arguments: tuple[Atom, ...] = ()
    typed: dict[str, tuple[Atom, ...]] = {}
    if class_name == "newobj":
        words = parse_atoms(data.get("text", ""))
        if not words:
            raise PatchError(f"The box {data.get('id')} is empty.")
        class_name = str(words[0])
        arguments, typed = split_attributes(words[1:])
    elif class_name in ("bpatcher", "patcher"):
        raise PatchError(f"The box {data.get('id')} is a {class_name}: subpatches are not simulated.")
    left, top = data.get("patching_rect", [0.0, 0.0])[:2]
    return Box(
        id=data["id"],
        class_name=class_name,
        arguments=arguments,
        typed=typed,
        inlets=data.get("numinlets", 1),
        outlets=data.get("numoutlets", 0),
        left=left,
        top=top,
        name=data.get("varname", ""),
        parameter=read_parameter(data),
        data=data,
    )


def split_attributes(words: Sequence[Atom]) -> tuple[tuple[Atom, ...], dict[str, tuple[Atom, ...]]]:
    """Return the arguments of a box and its `@attributes`.

    >>> split_attributes(("---ring", 4, "@loop", 1))
    (('---ring', 4), {'loop': (1,)})
    """
    arguments: list[Atom] = []
    typed: dict[str, tuple[Atom, ...]] = {}
    name = ""
    for word in words:
        if isinstance(word, str) and word.startswith("@") and len(word) > 1:
            name = word[1:]
            typed[name] = ()
        elif name:
            typed[name] = (*typed[name], word)
        else:
            arguments.append(word)
    return tuple(arguments), typed


def read_parameter(data: Mapping[str, Any]) -> Parameter | None:
    """Return the parameter of a box, or None."""
    if not data.get("parameter_enable"):
        return None
    values = data.get("saved_attribute_attributes", {}).get("valueof", {})
    kind = values.get("parameter_type", FLOAT)
    choices = tuple(str(choice) for choice in values.get("parameter_enum", OFF_ON if kind == ENUM else ()))
    low, high = float(values.get("parameter_mmin", LOW)), float(values.get("parameter_mmax", HIGH))
    if kind == ENUM:
        low, high = 0.0, max(len(choices) - 1.0, 0.0)
    initial = values.get("parameter_initial") if values.get("parameter_initial_enable") else None
    return Parameter(
        long_name=values.get("parameter_longname", ""),
        short_name=values.get("parameter_shortname", ""),
        type=kind,
        low=low,
        high=high,
        initial=None if initial is None else tuple(initial),
        choices=choices,
        visibility=values.get("parameter_invisible", AUTOMATED),
    )


def _check_registry(registry: Mapping[str, Any], boxes: Mapping[str, Box]) -> None:
    """Raise PatchError unless the registry, which is Live's parameter list, matches the boxes' parameters exactly."""
    listed = {key: value for key, value in registry.items() if isinstance(value, list)}
    for key, value in listed.items():
        box = boxes.get(key)
        if box is None or box.parameter is None:
            raise PatchError(f"The registry of parameters names {key} ({value[0]}), which does not belong to a box.")
        if box.parameter.long_name != value[0]:
            raise PatchError(f"{box.place} is {box.parameter.long_name!r}, in the registry {value[0]!r}.")
    for box in boxes.values():
        if box.parameter is not None and listed and box.id not in listed:
            raise PatchError(f"{box.place} is missing in the registry of parameters.")


def _read_cords(lines: Sequence[Any], boxes: Mapping[str, Box]) -> dict[tuple[str, int], tuple[Cord, ...]]:
    found: dict[tuple[str, int], list[Cord]] = {}
    for wrapped in lines:
        line = wrapped["patchline"]
        (source, outlet), (target, inlet) = line["source"], line["destination"]
        for end in (source, target):
            if end not in boxes:
                raise PatchError(f"A cord ends at {end}, which does not exist.")
        if not 0 <= outlet < boxes[source].outlets:
            raise PatchError(f"{boxes[source].place} has no outlet {outlet} for a cord to {boxes[target].place}.")
        if not 0 <= inlet < boxes[target].inlets:
            raise PatchError(f"{boxes[target].place} has no inlet {inlet} for a cord from {boxes[source].place}.")
        found.setdefault((source, outlet), []).append(Cord(target, inlet))
    return {key: tuple(sorted(cords, key=lambda cord: _turn(cord, boxes))) for key, cords in found.items()}


def _turn(cord: Cord, boxes: Mapping[str, Box]) -> tuple[float, float, int]:
    """Return the sort key of firing order: right to left, bottom to top, and at one box from its right inlet."""
    box = boxes[cord.box]
    return (-box.left, -box.top, -cord.inlet)
