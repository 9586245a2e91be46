"""Boxes: a control or an object of the table as Max saves it.

Real devices also have `hint` (Live already shows `annotation` in its Info View), the fonts of invisible objects, and
attributes with Max's default value, which Max 8 and 9 omit too.
"""

from dataclasses import dataclass
from typing import Any

from musearoo.max_for_live.table.records import Attribute, Control, Kind, Look, Parameter, Rect, Thing, Visibility
from musearoo.tools.workshop.device_builder.colours import THEME_COLOURS, red_green_blue
from musearoo.tools.workshop.device_builder.objects import BuildError, Ports, ports_of

ENUM, FLOAT, INT, BLOB = 2, 0, 1, 3
"""`parameter_type`, as Max writes it."""

UNIT_STYLES = {"": 0, "ms": 2, "Hz": 3, "dB": 4, "%": 5, "st": 7}
"""`parameter_unitstyle` by the unit after the number."""

MODULATION = {ENUM: 0, FLOAT: 2, INT: 4}
"""`parameter_modmode` of automated parameters: bipolar for fractions and absolute for integers, as in Ableton's
guidelines; a menu is not modulated.
"""

ENUM_UNIT_STYLE = 9
"""Max's value for a menu."""

BAR_STEPS = 1000

_CLASSES = {
    Kind.BUTTON: "live.text",
    Kind.TOGGLE: "live.text",
    Kind.HOLD: "ubutton",
    Kind.MENU: "live.menu",
    Kind.DIAL: "live.dial",
    Kind.FIELD: "textedit",
    Kind.BAR: "multislider",
    Kind.LAMP: "panel",
    Kind.PANEL: "panel",
    Kind.LINE: "live.line",
}

_OWN: dict[Kind, dict[str, Any]] = {
    Kind.BUTTON: {"mode": 0},
    Kind.BAR: {
        "ignoreclick": 1,
        "orientation": 0,
        "setminmax": [0.0, float(BAR_STEPS)],
        "setstyle": 1,
        "settype": 0,
        "size": 1,
    },
    Kind.LAMP: {"angle": 270.0, "mode": 0, "proportion": 0.39},
    Kind.PANEL: {"angle": 270.0, "mode": 0, "proportion": 0.39},
}
"""Attributes determined by the kind alone. A live.text without `mode` is a switch."""

_WITHOUT_TITLE = frozenset({"comment", "live.comment", "live.line", "panel"})
"""Classes with an Info text but no title for it."""


_ALWAYS_PARAMETERS = frozenset({"live.text", "live.menu", "live.dial"})
"""Classes that Max always makes an automated parameter, named after the class."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box before it has its id and its position in the patch; `rect` is its presentation rectangle, if any."""

    name: str
    maxclass: str
    text: str
    ports: Ports
    attributes: dict[str, Any]
    rect: Rect | None = None
    parameter: Parameter | None = None


def control_box(control: Control, look: Look) -> Box:
    """Return the box of a control. Raises BuildError for an unknown theme colour, and for a missing parameter."""
    maxclass = class_of(control)
    if control.parameter is None and maxclass in _ALWAYS_PARAMETERS:
        raise BuildError(f"{control.name}: a {maxclass} is always a parameter, and this one has none")
    attributes = dict(_OWN.get(control.kind, {})) | {"varname": control.name} | _look(control, look)
    saved = _expressions(control, look)
    if control.info:
        attributes["annotation"] = control.info
    if control.title and maxclass not in _WITHOUT_TITLE:
        attributes["annotation_name"] = control.title
    if maxclass not in _WITHOUT_TITLE:
        attributes["parameter_enable"] = int(control.parameter is not None)
    if control.parameter is not None:
        saved["valueof"] = _valueof(control, control.parameter)
    if control.kind in (Kind.BUTTON, Kind.TOGGLE):
        attributes["text"] = control.label
        attributes["texton"] = control.label_on or control.label
        attributes |= _automation(control)
    if control.kind is Kind.TEXT:
        attributes["text"] = control.label
        attributes.setdefault("textjustification", 0)
    if control.kind is Kind.FIELD:
        attributes["text"] = ""
    if saved:
        attributes["saved_attribute_attributes"] = saved
    return Box(control.name, maxclass, "", ports_of(maxclass, ""), attributes, control.rect, control.parameter)


def thing_box(thing: Thing) -> Box:
    """Return the box of an invisible object. Raises BuildError for an unknown object."""
    attributes: dict[str, Any] = {"varname": thing.name}
    name, *arguments = thing.text.split()
    if name == "js" and arguments:
        attributes["saved_object_attributes"] = {"filename": arguments[0], "parameter_enable": 0}
    ports = ports_of(thing.maxclass, thing.text)
    return Box(thing.name, thing.maxclass, thing.text, ports, attributes)


def _automation(control: Control) -> dict[str, str]:
    """Return the names of a button's or a switch's two states in Live's automation lane."""
    choices = control.parameter.choices if control.parameter else ()
    if len(choices) != 2:
        raise BuildError(f"{control.name}: a button or a switch has two states, this one has {len(choices)}")
    return {"automation": choices[0], "automationon": choices[1]}


def class_of(control: Control) -> str:
    """Return Max's class for a control.

    A text that the script sets is a comment, because `set` is sure to work on that.
    """
    if control.kind is Kind.TEXT:
        return "comment" if control.shown else "live.comment"
    return _CLASSES[control.kind]


def _look(control: Control, look: Look) -> dict[str, Any]:
    """Return the attributes of a look, and the saved values of its theme colours."""
    attributes = {key: _plain(value) for key, value in look.attributes}
    for key, colour in look.theme:
        if colour not in THEME_COLOURS:
            raise BuildError(f"{control.name}: {colour} is not a known colour of Live's theme")
        attributes[key] = red_green_blue(THEME_COLOURS[colour])
    # A panel's fill colour is saved under its older name.
    if class_of(control) == "panel" and "bgfillcolor" in attributes:
        attributes["bgcolor"] = attributes.pop("bgfillcolor")
    return attributes


def _expressions(control: Control, look: Look) -> dict[str, Any]:
    """Return the expressions of colours that follow Live's theme; a panel's own fill colour follows nothing."""
    expressions: dict[str, Any] = {key: {"expression": f"themecolor.{colour}"} for key, colour in look.theme}
    if class_of(control) == "panel" and any(key == "bgfillcolor" for key, _ in look.attributes):
        expressions["bgfillcolor"] = {"expression": ""}
    return expressions


def _valueof(control: Control, parameter: Parameter) -> dict[str, Any]:
    """Return the parameter data for Live."""
    if control.kind is Kind.FIELD:
        return _blob(parameter)
    sort = ENUM if parameter.choices else INT if parameter.whole else FLOAT
    values: dict[str, Any] = {
        "parameter_longname": parameter.long_name,
        "parameter_modmode": MODULATION[sort] if parameter.visibility is Visibility.AUTOMATED else 0,
        "parameter_shortname": parameter.short_name,
        "parameter_type": sort,
    }
    if control.title:
        values["parameter_annotation_name"] = control.title
    if control.info:
        values["parameter_info"] = control.info
    if parameter.visibility is not Visibility.AUTOMATED:
        values["parameter_invisible"] = parameter.visibility.value
    if control.kind is not Kind.BUTTON:
        values |= {"parameter_initial": [_number(parameter, parameter.initial)], "parameter_initial_enable": 1}
    if parameter.choices:
        values |= {"parameter_enum": list(parameter.choices), "parameter_mmax": len(parameter.choices) - 1}
        if control.kind is Kind.MENU:
            values["parameter_unitstyle"] = ENUM_UNIT_STYLE
        return values
    if parameter.low:
        values["parameter_mmin"] = float(parameter.low)
    values["parameter_mmax"] = float(parameter.high)
    if parameter.unit not in UNIT_STYLES:
        raise BuildError(f"{control.name}: no unit style for {parameter.unit!r}")
    values["parameter_unitstyle"] = UNIT_STYLES[parameter.unit]
    return values


def _blob(parameter: Parameter) -> dict[str, Any]:
    """Return the parameter data of a text that Live stores with the set."""
    return {
        "parameter_initial": [""],
        "parameter_initial_enable": 1,
        "parameter_invisible": parameter.visibility.value,
        "parameter_longname": parameter.long_name,
        "parameter_modmode": 0,
        "parameter_shortname": parameter.short_name,
        "parameter_type": BLOB,
    }


def _number(parameter: Parameter, value: float) -> int | float:
    return int(value) if parameter.whole or parameter.choices else float(value)


def _plain(value: Attribute) -> Any:
    return list(value) if isinstance(value, tuple) else value
