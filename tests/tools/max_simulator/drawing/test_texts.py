"""Which text stands on a box, and where."""

from typing import Any

import pytest

from musearoo.tools.max_simulator.drawing.boxes import Box, boxes_of
from musearoo.tools.max_simulator.drawing.texts import (
    Writing,
    behind_of,
    number_text,
    seen_rect,
    tab_edges,
    tab_fill,
    writings,
)
from musearoo.tools.max_simulator.drawing.themes import LIGHT
from tests.each_case import each_case
from tests.tools.max_simulator.drawing.faces import box, button, dial, face, toggle

SURFACE = LIGHT.colour("live_surface_bg")


def only(thing: dict[str, Any], values: dict[str, Any] | None = None) -> Box:
    (found,) = boxes_of(face(thing), values, LIGHT)
    return found


def written(thing: dict[str, Any], values: dict[str, Any] | None = None) -> tuple[Writing, ...]:
    return writings(only(thing, values), SURFACE)


def numbox(**parameter: Any) -> Box:
    return only(box("live.numbox", "n", 0, 0, 44, 15, parameter=parameter))


@each_case(
    "parameter, text",
    [
        ({"type": 1, "unitstyle": 0, "initial": [7]}, "7"),
        ({"type": 0, "unitstyle": 1, "initial": [0.5]}, "0.50"),
        ({"type": 0, "unitstyle": 2, "initial": [12.34]}, "12.3 ms"),
        ({"type": 0, "unitstyle": 3, "initial": [440.0]}, "440 Hz"),
        ({"type": 0, "unitstyle": 4, "initial": [-6.0], "mmin": -70.0}, "-6 dB"),
        ({"type": 1, "unitstyle": 5, "initial": [50]}, "50 %"),
        ({"type": 2, "enum": ["Off", "On"], "initial": [1]}, "On"),
        ({"type": 0, "initial": [1]}, "1.00"),
        ({"type": 1, "mmin": 3.0}, "3"),
    ],
)
def test_a_number_is_written_by_its_unit_style(parameter: dict[str, Any], text: str) -> None:
    assert number_text(numbox(**parameter)) == text


def test_a_toggle_has_two_labels_and_a_button_one() -> None:
    labels = {"text": "Talk", "texton": "Talking"}
    for state, on_toggle in ((0, "Talk"), (1, "Talking")):
        assert written({**toggle("t"), **labels}, {"t": state})[0].text == on_toggle
        assert written({**button("b"), **labels}, {"b": state})[0].text == "Talk"
    assert written({**toggle("t"), **labels}, {"t": {"value": 1, "texton": "Let go"}})[0].text == "Let go"


def test_a_dial_has_its_short_name_above_and_its_number_below() -> None:
    name, number = written(dial("swing"), {"swing": 40})
    assert (name.text, number.text) == ("Swing", "40 %")
    assert name.baseline < 12
    assert number.baseline == pytest.approx(48 - 6 + 0.35 * 9.5)
    assert [writing.text for writing in written(dial("swing", showname=0))] == ["0 %"]


@each_case("height, rows", [(14, 1), (18, 1), (27, 2), (29, 2), (41, 3), (52, 4), (64, 5), (75, 6)])
def test_a_comment_has_as_many_lines_as_real_ones_of_its_height(height: int, rows: int) -> None:
    assert written(box("live.comment", "c", 0, 0, 80, height, text="Ready"))[0].rows == rows


def test_a_text_in_the_middle_of_a_button_stands_on_one_baseline_with_a_menu_beside_it() -> None:
    menu = box("live.menu", "m", 0, 0, 60, 15, parameter={"enum": ["a"], "initial": [0]})
    assert written(menu)[0].baseline == written(toggle("t", 0, 0, 40, 15))[0].baseline


def test_tabs_lie_where_cpu_reporters_picture_has_them() -> None:
    parameter = {"enum": ["2", "5", "10", "20"], "mmax": 3, "initial": [1]}
    tab = only(box("live.tab", "Record Time", 304, 3.5, 101, 15, parameter=parameter))
    measured = ((305, 328), (331, 354), (357, 380), (382, 404))
    for (left, right), (left_there, right_there) in zip(tab_edges(tab), measured, strict=True):
        assert (304 + left, 304 + right) == pytest.approx((left_there, right_there), abs=1.5)
    chosen = [tab_fill(tab, place) == LIGHT.colour("live_control_selection") for place in range(4)]
    assert chosen == [False, True, False, False]
    assert [writing.text for writing in writings(tab, SURFACE)] == ["2", "5", "10", "20"]


def test_a_display_writes_its_number_at_its_right_end() -> None:
    parameter = {"type": 1, "initial": [7], "unitstyle": 0}
    assert written(box("live.numbox", "n", 0, 0, 44, 15, appearance=4, parameter=parameter))[0].anchor == "r"
    assert written(box("live.numbox", "n", 0, 0, 44, 15, parameter=parameter))[0].anchor == "m"


def test_a_panel_in_front_of_a_box_is_not_what_it_stands_on() -> None:
    label, panel = box("comment", "c", 10, 10, 40, 18), box("panel", "p", 0, 0, 80, 40, bgcolor=[0.0, 0.0, 0.0, 1.0])
    for things, expected in (((label, panel), (0, 0, 0, 255)), ((panel, label), SURFACE)):
        boxes = boxes_of(face(*things), None, LIGHT)
        (standing,) = (found for found in boxes if found.name == "c")
        assert behind_of(standing, boxes, SURFACE) == expected


def test_a_button_is_seen_smaller_than_its_box_and_a_panel_is_not() -> None:
    assert seen_rect(only(toggle("t", 10, 20, 40, 15))) == (11, 21, 49, 34)
    assert seen_rect(only(box("panel", "p", 10, 20, 40, 15))) == (10, 20, 50, 35)
