"""Boxes and cords: what follows from the table, and what the builder refuses because Max would ignore it."""

from dataclasses import replace

import pytest

from musearoo.max_for_live.table.records import Control, Cord, Kind, Look, Parameter, Rect, Thing, Twin, Visibility
from musearoo.tools.workshop.device_builder.boxes import control_box
from musearoo.tools.workshop.device_builder.objects import BuildError
from musearoo.tools.workshop.device_builder.wiring import Patch, Table, wire
from tests.each_case import each_case

PLACE = Rect(0, 0, 44, 14)
PRESSED = Parameter("Drums", "Drums", Visibility.HIDDEN, choices=("Off", "On"))
DRUMS = Control("drums", Kind.BUTTON, PLACE, "Drums", parameter=PRESSED, speaks=True, role="plain")
STATUS = Control("status", Kind.TEXT, PLACE, "Ready", shown=True, role="plain")
FACE = Control("talk_face", Kind.TOGGLE, PLACE, "Talk", parameter=PRESSED, shown=True, role="plain")
TALK = Control("talk", Kind.HOLD, PLACE, speaks=True, role="plain", over="talk_face")
BACK = Control("back", Kind.PANEL, PLACE, role="plain")
SCRIPT = Thing("script", "js a.js")
TABLE = Table((BACK, DRUMS, STATUS, FACE, TALK), (Look("plain"),), (SCRIPT,), ())


def _cords(patch: Patch) -> set[tuple[str, int, str, int]]:
    return {(cord.source, cord.outlet, cord.destination, cord.inlet) for cord in patch.cords}


def test_what_speaks_and_what_is_shown_is_wired() -> None:
    patch = wire(TABLE, Twin.AUDIO)
    assert patch.box("show").text == "route status talk_face"
    assert patch.box("say_drums").text == "prepend drums"
    assert _cords(patch) == {
        ("script", 0, "show", 0),
        ("show", 0, "status", 0),
        ("show", 1, "talk_face", 0),
        ("drums", 0, "say_drums", 0),
        ("say_drums", 0, "script", 0),
        # Down, up, and let go beside it.
        ("talk", 1, "talk_down", 0),
        ("talk", 0, "talk_up", 0),
        ("talk", 3, "talk_beside", 0),
        ("talk_beside", 0, "talk_up", 0),
        ("talk_down", 0, "say_talk", 0),
        ("talk_up", 0, "say_talk", 0),
        ("say_talk", 0, "script", 0),
    }


def test_what_lies_over_another_comes_first_and_panels_last() -> None:
    names = [box.name for box in wire(TABLE, Twin.AUDIO).boxes]
    assert names[:5] == ["talk", "drums", "status", "talk_face", "back"]


def test_each_twin_has_its_own() -> None:
    table = replace(
        TABLE,
        controls=(replace(DRUMS, twins=(Twin.AUDIO,)), STATUS),
        things=(replace(SCRIPT, twins=(Twin.AUDIO,)), Thing("script", "js b.js", twins=(Twin.MIDI,))),
    )
    midi = wire(table, Twin.MIDI)
    assert [box.name for box in midi.boxes] == ["status", "script", "show"]
    assert midi.box("script").text == "js b.js"


@each_case(
    "change, says",
    [
        ({"cords": (Cord("script", 0, "nobody"),)}, "no box is named nobody"),
        ({"cords": (Cord("script", 4, "status"),)}, "script has 4 outlets, a cord comes from number 4"),
        ({"cords": (Cord("script", 1, "status", 1),)}, "status has 1 inlets, a cord goes to number 1"),
        ({"cords": (Cord("script", 0, "status"),)}, "sends to status and to show from one outlet: put a trigger"),
        ({"things": (SCRIPT, Thing("drums", "prepend x"))}, "two boxes are named drums"),
        ({"things": (SCRIPT, Thing("x", "wobble~ 3"))}, r"\[wobble~ 3\]: an unknown object"),
        ({"things": (SCRIPT, Thing("x", "trigger b q"))}, "unknown arguments"),
        ({"things": (SCRIPT, Thing("x", "1", maxclass="number"))}, "number: an unknown class"),
        ({"controls": (replace(DRUMS, role="gone"),)}, "drums: no look for the role 'gone'"),
        ({"controls": (replace(DRUMS, over="gone"),)}, "drums lies over gone, which is not on this device"),
        ({"controls": (replace(DRUMS, over="drums"),)}, "drums lies over itself"),
        ({"controls": (replace(DRUMS, parameter=None),)}, "drums: a live.text is always a parameter"),
        (
            {"controls": (replace(DRUMS, parameter=replace(PRESSED, choices=("a", "b", "c"))),)},
            "drums: a button or a switch has two states, this one has 3",
        ),
        ({"looks": (Look("plain", theme=(("bgcolor", "pink"),)),)}, "pink is not a known colour"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(BuildError, match=says):
        wire(replace(TABLE, **change), Twin.AUDIO)  # type: ignore[arg-type]


def test_a_signal_may_go_to_several() -> None:
    things = (SCRIPT, Thing("in", "plugin~"), Thing("out", "plugout~"))
    cords = (Cord("in", 0, "out", 0), Cord("in", 0, "out", 1))
    assert len(wire(replace(TABLE, things=things, cords=cords), Twin.AUDIO).cords) == 14


def _values(parameter: Parameter, kind: Kind) -> dict[str, object]:
    control = Control("x", kind, PLACE, "X", title="X", info="Says x.", parameter=parameter, role="plain")
    values: dict[str, object] = control_box(control, Look("plain")).attributes["saved_attribute_attributes"]["valueof"]
    return values


def test_what_live_is_told_of_a_menu() -> None:
    menu = Parameter("Long", "Short", Visibility.STORED, initial=1, choices=("a", "b", "c"))
    assert _values(menu, Kind.MENU) == {
        "parameter_annotation_name": "X",
        "parameter_info": "Says x.",
        "parameter_longname": "Long",
        "parameter_shortname": "Short",
        "parameter_modmode": 0,
        "parameter_invisible": 1,
        "parameter_initial": [1],
        "parameter_initial_enable": 1,
        "parameter_enum": ["a", "b", "c"],
        "parameter_mmax": 2,
        "parameter_type": 2,
        "parameter_unitstyle": 9,
    }


def test_what_live_is_told_of_dials_buttons_and_fields() -> None:
    dial = _values(Parameter("L", "S", Visibility.AUTOMATED, -1, 1, 0.5, unit="dB"), Kind.DIAL)
    assert dial["parameter_mmin"] == -1.0
    assert dial["parameter_mmax"] == 1.0
    assert dial["parameter_initial"] == [0.5]
    assert dial["parameter_type"] == 0
    assert dial["parameter_unitstyle"] == 4
    assert dial["parameter_modmode"] == 2
    whole = _values(Parameter("L", "S", Visibility.AUTOMATED, high=100, initial=50, unit="%", whole=True), Kind.DIAL)
    assert whole["parameter_type"] == 1
    assert whole["parameter_initial"] == [50]
    assert whole["parameter_modmode"] == 4
    button = _values(Parameter("L", "S", Visibility.HIDDEN, choices=("Off", "On")), Kind.BUTTON)
    assert button["parameter_invisible"] == 2
    assert "parameter_initial" not in button
    field = _values(Parameter("L", "S", Visibility.STORED), Kind.FIELD)
    assert field["parameter_type"] == 3
    assert field["parameter_initial"] == [""]
    with pytest.raises(BuildError, match="no unit style for 'miles'"):
        _values(Parameter("L", "S", Visibility.STORED, unit="miles"), Kind.DIAL)


def test_a_colour_follows_the_theme_and_is_saved_beside_it() -> None:
    look = Look("plain", theme=(("bgfillcolor", "live_lcd_bg"),))
    box = control_box(BACK, look).attributes
    assert box["saved_attribute_attributes"] == {"bgfillcolor": {"expression": "themecolor.live_lcd_bg"}}
    assert len(box["bgcolor"]) == 4
    assert "bgfillcolor" not in box
    lamp = control_box(replace(BACK, kind=Kind.LAMP), Look("plain", (("bgfillcolor", (1.0, 0.0, 0.0, 1.0)),)))
    assert lamp.attributes["bgcolor"] == [1.0, 0.0, 0.0, 1.0]
    assert lamp.attributes["saved_attribute_attributes"] == {"bgfillcolor": {"expression": ""}}
