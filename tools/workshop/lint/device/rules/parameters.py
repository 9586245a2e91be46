"""Rules for parameters: Live stores, names and automates the visible controls, and the registry matches the boxes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of, table
from musearoo.tools.workshop.lint.device.reading.patch import Box, Json
from musearoo.tools.workshop.lint.device.reading.subject import Subject

RULES = {
    "parameter-key": Rule(Ground.STRUCTURE, "a parameter has only keys that Max knows"),
    "parameter-form": Rule(Ground.STRUCTURE, "a parameter has names, and a type, visibility and unit that Max knows"),
    "always-parameter": Rule(Ground.STRUCTURE, "Live's own controls are parameters, whether the file says so or not"),
    "registry-missing": Rule(Ground.STRUCTURE, "every parameter stands in the device's registry"),
    "registry-stray": Rule(Ground.STRUCTURE, "every entry of the registry is a parameter's"),
    "registry-differs": Rule(Ground.STRUCTURE, "the registry says of a parameter what its box says"),
    "long-name-twice": Rule(Ground.STRUCTURE, "no two parameters have one Long Name"),
    "generic-name": Rule(
        Ground.GUIDELINE, "Long and Short Names mean something: not live.dial, no [1] that Max appended"
    ),
    "no-name": Rule(Ground.GUIDELINE, "every parameter has a Long Name and a Short Name"),
    "enum-range": Rule(Ground.GUIDELINE, "a choice's highest value is that of its last choice"),
    "enum-names": Rule(Ground.GUIDELINE, "choices have names of their own, each another"),
    "range": Rule(Ground.GUIDELINE, "a parameter's lowest value is below its highest"),
    "whole-range": Rule(Ground.GUIDELINE, "a whole number stays within 0..255 steps, which is all Live automates"),
    "initial-range": Rule(Ground.GUIDELINE, "a parameter begins within its range"),
    "momentary": Rule(Ground.GUIDELINE, "a button that springs back is hidden, so that it does not flood Live's undo"),
}

FLOAT, INT, ENUM, BLOB = 0, 1, 2, 3
_FILE = 4
HIDDEN = 2
"""The value of `parameter_invisible` for a parameter that Live neither stores nor automates; 1 is stored only."""

_UNIT_STYLES = range(11)
"""Codes: int, float, time, hertz, decibel, percent, pan, semitones, MIDI note, custom, native."""

_DEFAULT_MAXIMUM = 127.0
"""The default maximum of a number."""

_MOST_STEPS = 255

_ALWAYS = frozenset(
    {
        "live.button", "live.dial", "live.drop", "live.gain~", "live.grid", "live.menu", "live.numbox", "live.slider",
        "live.step", "live.tab", "live.text", "live.toggle",
    }
)  # fmt: skip
"""Objects that are parameters in each of 2,904 boxes that Max saved; without a name they are called live.text[3]."""

_NEEDED = ("parameter_longname", "parameter_shortname", "parameter_type")
"""Attributes of each of 3,612 parameters that Max saved."""

_EXTRA = frozenset({"parameterbanks", "inherited_shortname", "parameter_overrides"})
"""The registry's keys other than parameters."""

_APPENDED = re.compile(r"\[\d+\]$")
_COPY = re.compile(r"\.\d+(?=::|$)")
_GENERIC_CHOICE = re.compile(r"val\d+$")


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for the parameters of all patchers."""
    boxes = [(box, box.parameter) for box in subject.boxes()]
    parameters = [(box, parameter) for box, parameter in boxes if parameter is not None]
    for box, parameter in boxes:
        if parameter is None and class_of(box) in _ALWAYS:
            sentence = f"Max makes a parameter of every {box.name}: give it a name and a visibility"
            yield subject.finding("always-parameter", box, sentence)
    for box, parameter in parameters:
        wrong = tuple(_form(subject, box, parameter))
        if not parameter and box.is_typed:
            # A [js] or [pattr] is called by its scripting name unless another is given.
            continue
        yield from wrong
        if not wrong:
            yield from _names(subject, box, parameter)
            yield from _values(subject, box, parameter)
    counts = Counter(name for box, parameter in parameters if (name := long_name(subject, box, parameter)))
    for name, count in counts.items():
        if count > 1:
            yield subject.finding("long-name-twice", None, f"{count} parameters have the Long Name “{name}”")
    if subject.is_device:
        yield from _registry(subject, {box.place: (box, parameter) for box, parameter in parameters})


def long_name(subject: Subject, box: Box, parameter: Json) -> str:
    """Return its Long Name, or the device's override for an abstraction's parameter."""
    overrides = registry(subject).get("parameter_overrides", {})
    return str(dict(overrides.get(box.place, {})).get("parameter_longname", parameter.get("parameter_longname", "")))


def registry(subject: Subject) -> Mapping[str, Any]:
    """Return the device's `parameters`."""
    return dict(subject.patcher.get("parameters", {}))


def _form(subject: Subject, box: Box, parameter: Json) -> Iterator[Finding]:
    for key in _NEEDED:
        if key not in parameter:
            yield subject.finding("parameter-form", box, f"it is a parameter without {key}")
    for key in parameter:
        if key not in table().parameter_keys:
            yield subject.finding("parameter-key", box, f"a parameter has no {key}; Max leaves it out")
    codes = (
        ("parameter_type", FLOAT, range(FLOAT, _FILE + 1)),
        ("parameter_invisible", 0, range(HIDDEN + 1)),
        ("parameter_unitstyle", 0, _UNIT_STYLES),
    )
    for key, default, allowed in codes:
        if parameter.get(key, default) not in allowed:
            sentence = f"{key} is {parameter[key]!r}, not {allowed[0]}..{allowed[-1]}"
            yield subject.finding("parameter-form", box, sentence)


def _names(subject: Subject, box: Box, parameter: Json) -> Iterator[Finding]:
    for key, called in (("parameter_longname", "Long Name"), ("parameter_shortname", "Short Name")):
        name = str(parameter.get(key, ""))
        if not name.strip():
            yield subject.finding("no-name", box, f"it has no {called}")
        elif _APPENDED.sub("", name) in table().names:
            yield subject.finding("generic-name", box, f"its {called} “{name}” is only what Max calls the object")
        elif _APPENDED.search(name):
            yield subject.finding("generic-name", box, f"its {called} “{name}” ends in a number that Max appended")


def _values(subject: Subject, box: Box, parameter: Json) -> Iterator[Finding]:
    kind = parameter.get("parameter_type", FLOAT)
    if kind in (BLOB, _FILE):
        return
    choices = [str(choice) for choice in parameter.get("parameter_enum", ())]
    low = float(parameter.get("parameter_mmin", 0.0))
    high = float(parameter.get("parameter_mmax", _DEFAULT_MAXIMUM))
    if kind == ENUM:
        if choices and high != len(choices) - 1:
            sentence = f"it has {len(choices)} choices, so parameter_mmax is {len(choices) - 1}, not {high:g}"
            yield subject.finding("enum-range", box, sentence)
        yield from _choices(subject, box, choices)
    if low >= high:
        yield subject.finding("range", box, f"its range is {low:g}..{high:g}")
    if kind == INT and high - low > _MOST_STEPS:
        yield subject.finding("whole-range", box, f"its range {low:g}..{high:g} has more than {_MOST_STEPS} steps")
    for value in parameter.get("parameter_initial", ()) if parameter.get("parameter_initial_enable") else ():
        if isinstance(value, int | float) and not low <= value <= high:
            yield subject.finding("initial-range", box, f"it begins at {value:g}, beyond its range {low:g}..{high:g}")
    momentary = class_of(box) == "live.button" or (class_of(box) == "live.text" and box.data.get("mode", 1) == 0)
    if momentary and parameter.get("parameter_invisible", 0) != HIDDEN:
        yield subject.finding(
            "momentary", box, "it is a momentary button, but Live stores it: each press is an undo step"
        )


def _choices(subject: Subject, box: Box, choices: list[str]) -> Iterator[Finding]:
    if len(choices) < 2:
        yield subject.finding("enum-names", box, "it has fewer than two choices")
    for choice in choices:
        if not choice.strip() or _GENERIC_CHOICE.match(choice):
            yield subject.finding("enum-names", box, f"its choice “{choice}” is only what Max calls it")
            return
    for choice, count in Counter(choices).items():
        if count > 1:
            yield subject.finding("enum-names", box, f"{count} of its choices are called “{choice}”")


def _registry(subject: Subject, parameters: Mapping[str, tuple[Box, Json]]) -> Iterator[Finding]:
    entries = {place: entry for place, entry in registry(subject).items() if place not in _EXTRA}
    overrides = registry(subject).get("parameter_overrides", {})
    for place, (box, parameter) in parameters.items():
        if place not in entries:
            yield subject.finding("registry-missing", box, "it is a parameter, but the registry does not name it")
            continue
        said = {**parameter, **dict(overrides.get(place, {}))}
        if not parameter and box.is_typed:
            continue
        names = [str(said.get("parameter_longname", "")), str(said.get("parameter_shortname", ""))]
        due = [*names, said.get("parameter_order", 0)]
        if list(entries[place]) != due:
            yield subject.finding("registry-differs", box, f"the registry says {list(entries[place])}, its box {due}")
    embedded = {patch.place for patch in subject.patches}
    for place, entry in entries.items():
        # The copies of a patcher in poly~ are numbered: obj-266::obj-11.3::obj-15.
        patch = _COPY.sub("", place.rpartition("::")[0])
        if place not in parameters and (patch in embedded or not _is_abstraction(subject, patch)):
            yield subject.finding(
                "registry-stray", None, f"the registry names {place} {list(entry)[:1]}, which is no parameter"
            )


def _is_abstraction(subject: Subject, place: str) -> bool:
    """Return whether the place is in a separate file, whose boxes are unknown here."""
    parts = place.split("::")
    places = {box.place for box in subject.boxes()}
    embedded = {patch.place for patch in subject.patches}
    known = next((n for n in range(len(parts), 0, -1) if "::".join(parts[:n]) in places), 0)
    return known > 0 and "::".join(parts[:known]) not in embedded
