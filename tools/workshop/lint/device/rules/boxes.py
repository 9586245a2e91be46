"""Rules for boxes: Max knows the object and would create what the file says."""

from collections import Counter
from collections.abc import Iterator

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of, known_ports, table
from musearoo.tools.workshop.lint.device.reading.patch import Box, Patch
from musearoo.tools.workshop.lint.device.reading.ports import FROM_A_SCRIPT, FROM_WITHIN, Ports
from musearoo.tools.workshop.lint.device.reading.subject import Subject

RULES = {
    "box-form": Rule(Ground.STRUCTURE, "a box has an id, a class, ports, a place and, where it is typed, a text"),
    "duplicate-id": Rule(Ground.STRUCTURE, "no two boxes of a patcher have one id"),
    "duplicate-name": Rule(Ground.STRUCTURE, "no two boxes of a patcher have one scripting name"),
    "unknown-object": Rule(Ground.STRUCTURE, "Max has an object of that name, or the device brings it"),
    "box-class": Rule(Ground.STRUCTURE, "an object with a face has a box of its own class, any other a typed box"),
    "unknown-key": Rule(Ground.STRUCTURE, "a box has only keys that its object has"),
    "unknown-attribute": Rule(Ground.STRUCTURE, "an attribute typed into a box is one of the object's"),
    "ports": Rule(Ground.STRUCTURE, "a box has the inlets and outlets that its object and arguments make"),
    "outlet-types": Rule(Ground.STRUCTURE, "a box names the kinds of its outlets as Max does"),
    "unproven-ports": Rule(Ground.HOUSE, "the inlets and outlets of an object are known from files that Max saved"),
}

_NEEDED = ("id", "maxclass", "numinlets", "numoutlets", "patching_rect")

_INNER_INLETS = frozenset({"inlet", "in", "in~"})
_INNER_OUTLETS = frozenset({"outlet", "out", "out~"})

_BROUGHT = (".maxpat", ".mxo", ".mxe64", ".amxd", "")
"""File extensions of a box's name: abstractions and externals that are included in a device."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for the boxes, patcher by patcher."""
    brought = _brought(subject)
    for patch in subject.patches:
        yield from _twice(subject, patch)
        for box in patch.boxes:
            wrong = tuple(_form(subject, box))
            yield from wrong
            if not wrong:
                yield from _object(subject, box, brought)


def _form(subject: Subject, box: Box) -> Iterator[Finding]:
    missing = [key for key in _NEEDED if key not in box.data]
    if box.is_typed and not str(box.data.get("text", "")).strip():
        missing.append("text")
    if missing:
        yield subject.finding("box-form", box, f"it has no {', '.join(missing)}")
        return
    kinds = len(box.data.get("outlettype", ()))
    if box.data["numoutlets"] != kinds:
        yield subject.finding(
            "box-form", box, f"it has {box.data['numoutlets']} outlets but names the kinds of {kinds}"
        )


def _twice(subject: Subject, patch: Patch) -> Iterator[Finding]:
    for rule, key, called in (("duplicate-id", "id", "id"), ("duplicate-name", "varname", "scripting name")):
        counts = Counter(str(box.data[key]) for box in patch.boxes if box.data.get(key))
        for box in patch.boxes:
            name = str(box.data.get(key, ""))
            if counts[name] > 1:
                yield subject.finding(rule, box, f"{counts[name]} boxes of its patcher have the {called} {name}")
                counts[name] = 0


def _object(subject: Subject, box: Box, brought: frozenset[str]) -> Iterator[Finding]:
    name, known = class_of(box), table()
    if name not in known.names:
        if box.name not in brought:
            yield subject.finding("unknown-object", box, f"Max has no object {box.name}, and the device brings none")
        return
    if box.is_typed == (name in known.faces):
        yield subject.finding("box-class", box, _wrong_class(box))
    yield from _attributes(subject, box, known.attributes[name] | known.common)
    yield from _ports(subject, box, name)


def _wrong_class(box: Box) -> str:
    if box.is_typed:
        return f"{box.name} has a face: its box is of the class {box.name}, not newobj"
    return f"{box.name} has no face: its box is of the class newobj, with {box.name} in its text"


def _attributes(subject: Subject, box: Box, allowed: frozenset[str]) -> Iterator[Finding]:
    for key in box.data:
        if key not in allowed and key != "patcher":
            yield subject.finding("unknown-key", box, f"{box.name} has no attribute {key}; Max leaves it out")
    for key in dict(box.data.get("saved_attribute_attributes", {})):
        if key not in allowed and key != "valueof":
            yield subject.finding("unknown-key", box, f"{box.name} has no attribute {key} that could follow a theme")
    for key in dict(box.data.get("saved_object_attributes", {})):
        if key not in allowed:
            yield subject.finding("unknown-key", box, f"{box.name} has no attribute {key} to be saved with it")
    for key, _ in box.typed:
        if key not in allowed:
            yield subject.finding("unknown-attribute", box, f"{box.name} has no attribute @{key}")


def _ports(subject: Subject, box: Box, name: str) -> Iterator[Finding]:
    here = Ports(box.data["numinlets"], box.data["numoutlets"], tuple(box.data.get("outlettype", ())))
    if name in FROM_A_SCRIPT:
        return
    if name in FROM_WITHIN:
        inner = next((patch for patch in subject.patches if patch.place == box.place), None)
        allowed: tuple[Ports, ...] = () if inner is None else (_inner_ports(inner, here),)
    else:
        channels = dict(box.typed).get("chans", ("0",))
        allowed = known_ports(name, box.arguments, int(channels[0]) if channels and channels[0].isdecimal() else 0)
        if not allowed:
            count = len(box.arguments)
            sentence = (
                f"nobody has seen {name} with {count} argument{'' if count == 1 else 's'} in a file that Max saved"
            )
            yield subject.finding("unproven-ports", box, sentence)
    if not allowed or any(due.allows(here) for due in allowed):
        return
    due = next((ports for ports in allowed if (ports.inlets, ports.outlets) == (here.inlets, here.outlets)), None)
    if due is None:
        yield subject.finding("ports", box, f"it has {allowed[0]}, the file says {here}")
    else:
        yield subject.finding(
            "outlet-types", box, f"its outlets send {list(due.types)}, the file says {list(here.types)}"
        )


def _inner_ports(inner: Patch, outer: Ports) -> Ports:
    """Return the ports defined by a subpatcher's inlets and outlets, with the types of its box."""
    names = [class_of(box) for box in inner.boxes]
    inlets = sum(name in _INNER_INLETS for name in names)
    return Ports(inlets, sum(name in _INNER_OUTLETS for name in names), outer.types)


def _brought(subject: Subject) -> frozenset[str]:
    """Return names of objects included in the device: files in its container or in its dependency list."""
    named = {str(entry.get("name", "")) for entry in subject.patcher.get("dependency_cache", ())}
    named.update(subject.files or ())
    return frozenset(name.removesuffix(ending) for name in named for ending in _BROUGHT)
