"""Rules for the JSON itself: each value has the type that Max reads. The other rules rely on it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule

RULES = {
    "container": Rule(Ground.STRUCTURE, "a device's container and the JSON within can be read"),
    "form": Rule(Ground.STRUCTURE, "each value of a patcher's JSON is of the type that Max reads there"),
}

_MOST_PORTS = 1000
"""More inlets or outlets than any object has; the maximum in 1,159 patchers of public repositories is 64."""

Test = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_PORTS


def _is_one_of(count: int) -> Test:
    """Return a test for a code from 0 to `count` - 1."""
    return lambda value: isinstance(value, int) and 0 <= value < count


def _is_rect(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(_is_number(part) for part in value)


def _is_list_of(test: Test) -> Test:
    return lambda value: isinstance(value, list) and all(test(part) for part in value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_object_of(test: Test) -> Test:
    return lambda value: isinstance(value, dict) and all(test(part) for part in value.values())


def _is_end(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and _is_text(value[0]) and isinstance(value[1], int)


def _is_bank(value: Any) -> bool:
    return isinstance(value, dict) and _is_list_of(_is_text)(value.get("parameters", []))


def _is_entry(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and _is_text(value[0]) and _is_text(value[1])


_PATCHER: Mapping[str, Test] = {
    "boxes": _is_list_of(lambda entry: _is_object(entry) and _is_object(entry.get("box"))),
    "lines": _is_list_of(lambda entry: _is_object(entry) and _is_object(entry.get("patchline"))),
    "classnamespace": _is_text,
    "default_fontsize": _is_number,
    "dependency_cache": _is_list_of(lambda entry: _is_object(entry) and _is_text(entry.get("name"))),
    "devicewidth": _is_number,
    "openrect": _is_rect,
    "openinpresentation": _is_number,
    "parameters": _is_object,
    "project": lambda value: _is_object(value) and _is_type(value.get("amxdtype", 0)),
}

_CORD: Mapping[str, Test] = {"source": _is_end, "destination": _is_end}

_BOX: Mapping[str, Test] = {
    "annotation": _is_text,
    "annotation_name": _is_text,
    "fontname": _is_text,
    "fontsize": _is_number,
    "id": _is_text,
    "ignoreclick": _is_number,
    "maxclass": _is_text,
    "mode": lambda value: _is_number(value) or _is_text(value),
    "numinlets": _is_count,
    "numoutlets": _is_count,
    "outlettype": _is_list_of(_is_text),
    "patcher": _is_object,
    "patching_rect": _is_rect,
    "presentation": _is_number,
    "presentation_rect": _is_rect,
    "saved_attribute_attributes": _is_object_of(_is_object),
    "saved_object_attributes": _is_object,
    "text": _is_text,
    "texton": _is_text,
    "varname": _is_text,
    "appearance": _is_one_of(5),
    "border": _is_number,
    "orientation": _is_one_of(3),
    "rounded": _is_number,
    "textjustification": _is_one_of(3),
}

_PARAMETER: Mapping[str, Test] = {
    "parameter_enum": _is_list_of(_is_text),
    "parameter_initial": lambda value: isinstance(value, list),
    "parameter_invisible": _is_count,
    "parameter_longname": _is_text,
    "parameter_mmax": _is_number,
    "parameter_mmin": _is_number,
    "parameter_shortname": _is_text,
    "parameter_type": _is_count,
    "parameter_unitstyle": _is_count,
}

_REGISTRY: Mapping[str, Test] = {
    "inherited_shortname": _is_number,
    "parameter_overrides": _is_object_of(_is_object),
    "parameterbanks": _is_object_of(_is_bank),
}


def _is_type(value: Any) -> bool:
    """Return whether it is four letters as one number."""
    return isinstance(value, int) and 0 <= value < 1 << 32


def check_form(patcher: Any, name: str) -> Iterator[Finding]:
    """Yield values with another type than Max reads; the other rules can read the patcher only if there are none."""
    if not _is_object(patcher):
        yield Finding("form", name, "the patcher is no JSON object")
        return
    wrong = tuple(_wrong(patcher, _PATCHER, name))
    yield from wrong
    if wrong:
        return
    for entry in patcher.get("lines", ()):
        yield from _wrong({"source": None, "destination": None, **entry["patchline"]}, _CORD, f"{name}, a cord")
    for place, entry in dict(patcher.get("parameters", {})).items():
        if not _REGISTRY.get(place, _is_entry)(entry):
            yield Finding("form", name, f"parameters: {place} is {_shown(entry)}")
    for entry in patcher.get("boxes", ()):
        yield from _box(entry["box"], name)


def _box(box: Mapping[str, Any], name: str) -> Iterator[Finding]:
    where = f"{name}, {_shown(box.get('id', '?'))}"
    wrong = tuple(_wrong(box, _BOX, where))
    yield from wrong
    if wrong:
        return
    yield from _wrong(box.get("saved_attribute_attributes", {}).get("valueof", {}), _PARAMETER, where)
    if "patcher" in box:
        yield from check_form(box["patcher"], where)


def _wrong(values: Mapping[str, Any], tests: Mapping[str, Test], where: str) -> Iterator[Finding]:
    for key, test in tests.items():
        if key in values and not test(values[key]):
            yield Finding("form", where, f"{key} is {_shown(values[key])}")


def _shown(value: Any) -> str:
    """Return a value as text for a sentence."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
