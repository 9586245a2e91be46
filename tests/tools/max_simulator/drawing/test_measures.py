"""What the measures find in faces made wrong on purpose."""

from musearoo.tools.max_simulator.drawing.measures import Gap, gaps, low_contrasts, near_misses, text_overflows
from tests.each_case import each_case
from tests.tools.max_simulator.drawing.faces import box, button, dial, face, menu, toggle


@each_case(
    "thing, text",
    [
        (menu("style", ("pop", "drum and bass"), 0, 0, 60, 15), "drum and bass"),
        ({**toggle("auto", 0, 0, 44, 15), "texton": "Automatic"}, "Automatic"),
        (button("Imagination", 0, 0, 44, 22), "Imagination"),
        (dial("Complexity now"), "Complexity Now"),
        (box("live.comment", "c", 0, 0, 40, 14, text="Listen for it"), "Listen for it"),
        (
            box("comment", "c", 0, 0, 60, 29, text="one two three four five six seven"),
            "one two three four five six seven",
        ),
        (box("live.tab", "t", 0, 0, 60, 15, parameter={"enum": ["Light", "Darkness"], "mmax": 1}), "Darkness"),
    ],
)
def test_a_text_that_does_not_fit_is_found(thing: dict[str, object], text: str) -> None:
    (found,) = text_overflows(face(thing))
    assert (found.name, found.text) == (thing["varname"], text)
    assert found.needs > found.has
    assert str(found).startswith(f"{found.name}: “{text}” needs up to ")


def test_a_text_that_fits_is_not_found() -> None:
    fitting = (
        menu("style", ("pop", "drum and bass"), 0, 0, 100, 15),
        button("Imagine", 0, 20, 54, 22),
        dial("Swing", 0, 50, 44, 48),
        box("comment", "c", 0, 100, 60, 41, text="one two three four five"),
    )
    assert text_overflows(face(*fitting)) == ()


def test_what_a_value_says_is_measured_too() -> None:
    patcher = face(box("comment", "status", 0, 0, 80, 15, text=""))
    assert text_overflows(patcher) == ()
    (found,) = text_overflows(patcher, {"status": "No daemon answers on this computer"})
    assert not found.lines


def test_grey_on_grey_is_found_in_the_theme_where_it_is_hard_to_read() -> None:
    label = box("live.comment", "hint", 0, 0, 80, 18, text="Hint", theme={"textcolor": "live_control_fg_zombie"})
    assert {(found.theme, round(found.ratio, 1)) for found in low_contrasts(face(label))} == {
        ("light", 2.1),
        ("dark", 2.6),
    }
    assert low_contrasts(face(label), least=2.0) == ()
    assert str(low_contrasts(face(label))[0]) == "hint: “Hint” has a contrast of 2.1 in the light theme"


def test_contrast_is_taken_against_the_panel_that_a_text_stands_on() -> None:
    text = box("comment", "status", 10, 10, 80, 18, text="Ready", theme={"textcolor": "live_lcd_title"})
    panel = box("panel", "display", 0, 0, 100, 40, theme={"bgfillcolor": "live_lcd_bg"})
    assert low_contrasts(face(text, panel)) == ()
    assert [found.theme for found in low_contrasts(face(text))] == ["light"]


def test_a_pressed_state_is_looked_at_too() -> None:
    wrong = toggle("Auto", theme={"activetextoncolor": "live_control_selection"})
    assert {(found.theme, round(found.ratio)) for found in low_contrasts(face(wrong))} == {("light", 1), ("dark", 1)}


def test_edges_almost_in_line_are_found() -> None:
    patcher = face(toggle("one", 10, 10, 40, 15), toggle("two", 12, 30, 38, 15), toggle("three", 50, 60, 40, 15))
    (found,) = near_misses(patcher)
    assert str(found) == "one and two: their left edges are 2 px apart"


def test_gaps_are_those_that_are_seen() -> None:
    row = (toggle("one", 10, 10, 40, 15), toggle("two", 52, 10, 40, 15), menu("below", ("a",), 10, 27, 40, 15))
    assert gaps(face(*row)) == (Gap("across", "one", "two", 4.0), Gap("down", "one", "below", 4.0))


def test_an_overlap_is_a_gap_below_nothing_and_a_lamp_in_its_display_is_none() -> None:
    one, two = toggle("one", 10, 10, 40, 15), toggle("two", 45, 10, 40, 15)
    assert [gap.pixels for gap in gaps(face(one, two))] == [-3.0]
    lamp, display = box("panel", "lamp", 20, 20, 7, 7), box("panel", "display", 10, 10, 80, 40)
    assert gaps(face(lamp, display)) == ()
