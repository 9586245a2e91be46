"""What is where in the picture of a face."""

import math
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from musearoo.tools.max_simulator.drawing.boxes import boxes_of
from musearoo.tools.max_simulator.drawing.controls import dial_circle, needle_angle
from musearoo.tools.max_simulator.drawing.face import HEIGHT, MARGIN, TITLE, draw_face, draw_sheet, write_png
from musearoo.tools.max_simulator.drawing.themes import DARK, LIGHT, THEMES, DrawingError, Theme, colour_of
from tests.each_case import each_case
from tests.tools.max_simulator.drawing.faces import box, button, dial, face, menu, size_of, toggle

SCALE = 4


def picture(patcher: dict[str, Any], values: dict[str, Any] | None = None, theme: Theme = LIGHT) -> Image.Image:
    return draw_face(patcher, values, theme=theme.name, scale=SCALE, title=None)


def at(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour at a point of the device."""
    found = image.getpixel((round(x * SCALE), round(y * SCALE)))
    assert isinstance(found, tuple)
    return found


def rgb(theme: Theme, name: str) -> tuple[int, ...]:
    return theme.colour(name)[:3]


@each_case("theme", THEMES.values())
def test_a_toggle_is_lit_when_it_is_on(theme: Theme) -> None:
    patcher = face(toggle("auto", 10, 10, 40, 15))
    off, on = picture(patcher, {"auto": 0}, theme), picture(patcher, {"auto": {"shown": "auto", "value": 1}}, theme)
    assert at(off, 13, 17) == rgb(theme, "live_control_bg")
    assert at(on, 13, 17) == rgb(theme, "live_control_selection")
    assert at(off, 30, 11.5) == at(on, 30, 11.5) == rgb(theme, "live_contrast_frame")
    assert at(off, 10.5, 10.5) == rgb(theme, "live_surface_bg"), "Live draws it a pixel smaller than its box"


def test_a_button_has_round_ends_and_a_toggle_corners() -> None:
    image = picture(face(button("drums", 10, 10, 40, 22), toggle("auto", 60, 10, 40, 22)))
    assert at(image, 12, 12) == rgb(LIGHT, "live_surface_bg")
    assert at(image, 61.5, 11.5) == rgb(LIGHT, "live_contrast_frame")


@each_case("value, degrees", [(0, 120.0), (25, 195.0), (50, 270.0), (75, 345.0), (100, 420.0)])
def test_a_dials_needle_points_where_its_value_is(value: int, degrees: float) -> None:
    patcher = face(dial("swing", 10, 10, 44, 48))
    image = picture(patcher, {"swing": value})
    x, y, radius = dial_circle(boxes_of(patcher, None, LIGHT)[0])
    assert needle_angle(value / 100) == degrees
    for angle in range(120, 421, 15):
        turn = math.radians(angle)
        colour = at(image, 10 + x + radius * 0.6 * math.cos(turn), 10 + y + radius * 0.6 * math.sin(turn))
        expected = "live_dial_needle" if angle == degrees else "live_surface_bg"
        assert colour == rgb(LIGHT, expected), angle


@each_case("theme", THEMES.values())
def test_a_dials_arc_is_coloured_up_to_the_needle(theme: Theme) -> None:
    patcher = face(dial("swing", 10, 10, 44, 48))
    image = picture(patcher, {"swing": 50}, theme)
    x, y, radius = dial_circle(boxes_of(patcher, None, theme)[0])
    for angle in (125, 150, 180, 210, 250, 263, 290, 330, 360, 390, 415):
        turn, middle = math.radians(angle), radius - 1.1
        colour = at(image, 10 + x + middle * math.cos(turn), 10 + y + middle * math.sin(turn))
        assert colour == rgb(theme, "live_value_arc" if angle < 270 else "live_dial_fg"), angle
    assert at(image, 10 + x, 10 + y + radius - 1) == rgb(theme, "live_surface_bg"), "open at its foot"


def test_a_dial_without_name_and_number_is_larger() -> None:
    plain, bare = dial("swing"), dial("swing", showname=0, shownumber=0)
    radii = [dial_circle(boxes_of(face(one), None, LIGHT)[0])[2] for one in (plain, bare)]
    assert radii[1] > radii[0] * 1.5


def test_a_menu_shows_its_choice_and_a_triangle() -> None:
    patcher = face(menu("bars", ("1 bar", "16 bars"), 10, 10, 60, 15))
    first, second, by_text = (picture(patcher, {"bars": value}) for value in (0, 1, "16 bars"))
    assert first.tobytes() != second.tobytes() == by_text.tobytes()
    assert at(first, 62, 16) == rgb(LIGHT, "live_control_fg")
    assert at(first, 56, 22) == rgb(LIGHT, "live_control_text_bg")
    with pytest.raises(DrawingError, match=r"bars has no choice '3 bars'; it has 1 bar, 16 bars"):
        picture(patcher, {"bars": "3 bars"})


@each_case("share", [0, 333, 1000])
def test_a_bar_is_filled_as_far_as_its_value(share: int) -> None:
    bar = box("multislider", "progress", 10, 20, 100, 3, orientation=0, size=1, setminmax=[0.0, 1000.0])
    image = picture(face(bar), {"progress": {"shown": share}})
    lit = rgb(LIGHT, "live_lcd_control_fg")
    filled = sum(at(image, 10.5 + step, 21.5) == lit for step in range(100))
    assert filled == pytest.approx(share / 10, abs=1)


def test_a_standing_bar_is_filled_from_below() -> None:
    bar = box("multislider", "level", 10, 20, 6, 100, size=1, setminmax=[0.0, 1.0])
    image = picture(face(bar), {"level": {"shown": 0.5}})
    assert at(image, 13, 100) == rgb(LIGHT, "live_lcd_control_fg")
    assert at(image, 13, 40) == rgb(LIGHT, "live_lcd_bg")


def test_a_message_sets_a_panels_colour() -> None:
    lamp = box("panel", "lamp", 10, 10, 8, 8, rounded=8, bgcolor=[0.9, 0.2, 0.2, 1.0])
    assert at(picture(face(lamp)), 14, 14) == (230, 51, 51)
    lit = picture(face(lamp), {"lamp": {"shown": (0.0, 1.0, 0.0, 1.0), "bgfillcolor": (0.0, 1.0, 0.0, 1.0)}})
    assert at(lit, 14, 14) == (0, 255, 0)
    assert at(lit, 10.5, 10.5) == rgb(LIGHT, "live_surface_bg"), "a disc"


def test_a_named_colour_follows_the_theme_whatever_the_file_keeps_beside_it() -> None:
    panel = box("panel", "display", 10, 10, 80, 40, bgcolor=[1.0, 0.0, 1.0, 1.0], theme={"bgfillcolor": "live_lcd_bg"})
    for theme in THEMES.values():
        assert at(picture(face(panel), theme=theme), 50, 30) == rgb(theme, "live_lcd_bg")


def test_the_first_box_is_in_front_and_the_background_behind_all() -> None:
    red, blue = [1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0]
    front = box("panel", "front", 10, 10, 20, 20, bgcolor=red)
    back = box("panel", "back", 20, 10, 20, 20, bgcolor=blue)
    assert at(picture(face(front, back)), 25, 20) == (255, 0, 0)
    assert at(picture(face(back, front)), 25, 20) == (0, 0, 255)
    assert at(picture(face({**back, "background": 1}, front)), 25, 20) == (255, 0, 0)


def test_what_is_hidden_or_not_in_the_presentation_is_not_drawn() -> None:
    empty = picture(face()).tobytes()
    assert picture(face({**toggle(), "hidden": 1})).tobytes() == empty
    assert picture(face({**toggle(), "presentation": 0}), {"auto": 1}).tobytes() == empty
    assert picture(face(box("ubutton", "talk", 10, 10, 40, 40))).tobytes() == empty


EVERYTHING: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (toggle("a very long label indeed", 30, 60, 30, 15), {}),
    (button("a very long label indeed", 30, 60, 30, 15), {}),
    (menu("style", ("a very long choice indeed",), 30, 60, 30, 15), {}),
    (dial("complexity of everything", 30, 60, 30, 48), {"complexity of everything": 100}),
    (
        box(
            "live.numbox", "n", 30, 60, 30, 15, appearance=4, parameter={"mmax": 9e9, "unitstyle": 0, "initial": [8e8]}
        ),
        {},
    ),
    (
        box(
            "live.tab", "t", 30, 60, 30, 15, parameter={"enum": ["many words", "more words"], "mmax": 1, "initial": [1]}
        ),
        {},
    ),
    (box("live.slider", "s", 30, 60, 30, 60, parameter={"mmax": 1.0, "initial": [1]}), {}),
    (box("live.comment", "c", 30, 60, 30, 18, text="words without end and without room"), {}),
    (box("comment", "d", 30, 60, 30, 18, text="Unbreakablewordsthatarefartoolong"), {}),
    (box("textedit", "p", 30, 60, 30, 30, text="words without end and without room", border=1.0, rounded=4), {}),
    (box("panel", "q", 30, 60, 30, 30, rounded=40, bgcolor=[1.0, 0.0, 0.0, 1.0]), {}),
    (box("live.line", "l", 30, 60, 30, 9, justification=1), {}),
    (box("multislider", "m", 30, 60, 30, 9, size=1, setminmax=[0, 1]), {"m": {"shown": 0.5}}),
]


@each_case("thing, values", EVERYTHING)
def test_nothing_is_drawn_outside_a_box(thing: dict[str, Any], values: dict[str, Any]) -> None:
    image = picture(face(thing), values)
    left, top, width, height = (round(number * SCALE) for number in thing["presentation_rect"])
    inside = image.crop((left, top, left + width, top + height))
    assert len(inside.getcolors(10_000) or ()) > 1, "something is drawn"
    image.paste(LIGHT.colour("live_surface_bg")[:3], (left, top, left + width, top + height))
    assert image.tobytes() == picture(face()).tobytes()


@each_case(
    "line, x, y",
    [
        (box("live.line", "v", 10, 10, 7, 60, justification=1), 13.5, 40),
        (box("live.line", "v", 10, 10, 7, 60), 10.5, 40),
        (box("live.line", "h", 10, 10, 60, 9), 40, 10.5),
    ],
)
def test_a_line_lies_where_its_justification_says(line: dict[str, Any], x: float, y: float) -> None:
    image = picture(face(line))
    assert at(image, x, y) == rgb(LIGHT, "live_contrast_frame")
    assert at(image, 15.5, 15.5) == rgb(LIGHT, "live_surface_bg")


def test_text_is_justified() -> None:
    def middle_of_ink(justification: int) -> float:
        comment = box("comment", "c", 10, 10, 100, 18, text="Key", textjustification=justification)
        ink = picture(face(comment)).convert("L").point(lambda level: 255 if level < 100 else 0).getbbox()
        assert ink
        return (ink[0] + ink[2]) / 2 / SCALE

    left, centre, right = (middle_of_ink(justification) for justification in (0, 1, 2))
    assert left < 30
    assert centre == pytest.approx(60, abs=1)
    assert right > 90


def test_same_input_same_bytes_and_one_picture_for_both_themes() -> None:
    patcher = face(toggle(), dial("swing", 60, 10, 44, 48))
    assert picture(patcher, {"swing": 30}).tobytes() == picture(patcher, {"swing": 30}).tobytes()
    sheet = draw_sheet(patcher, {"swing": 30}, scale=1)
    colours = {colour for _, colour in sheet.getcolors(100_000) or ()}
    assert {rgb(LIGHT, "live_surface_bg"), rgb(DARK, "live_surface_bg")} <= colours


def test_the_title_bar_stands_above_the_face_and_is_cut_when_it_is_too_long() -> None:
    patcher = face(box("panel", "display", 0, 0, 120, 169, bgcolor=[1.0, 0.0, 1.0, 1.0]))
    image = draw_face(patcher, scale=1, title="MuseAroo")
    assert image.size == (120 + 2 * MARGIN, TITLE + HEIGHT + MARGIN)
    assert image.getpixel((60, int(TITLE) - 2)) == rgb(LIGHT, "live_selection")
    assert image.getpixel((int(MARGIN), int(TITLE))) == (255, 0, 255)
    assert image.getpixel((int(MARGIN) - 1, 90)) == rgb(LIGHT, "live_surface_bg")
    long = [
        draw_face(patcher, scale=1, title=title).tobytes()
        for title in ("MuseAroo the very first", "MuseAroo the very last")
    ]
    assert long[0] == long[1]


@each_case("scale", [1, 2, 3])
def test_the_scale_only_makes_it_larger(scale: int) -> None:
    image = draw_face(face(toggle()), {"auto": 1}, scale=scale, title=None)
    assert image.size == (120 * scale, HEIGHT * scale)
    assert image.getpixel((13 * scale, 17 * scale)) == rgb(LIGHT, "live_control_selection")


@each_case(
    "patcher, values, message",
    [
        (face(box("jsui", "scope", 0, 0, 9, 9)), {}, "scope is a jsui, which cannot be drawn; known are comment, "),
        (face(toggle(theme={"activebgcolor": "live_nothing"})), {}, "No theme colour is called 'live_nothing'"),
        (face(toggle()), {"drums": 1}, "No box of this patcher is called drums"),
        (face(dial(appearance=2)), {}, "swing has appearance 2"),
        (face({**toggle(), "presentation_rect": [1, 2]}), {}, "auto has no presentation_rect of four numbers"),
        (face(box("panel", "p", 0, 0, 9, 9, mode=1)), {}, "p is a panel with a gradient"),
        (face(box("multislider", "m", 0, 0, 9, 9, size=12)), {}, "m is a multislider of 12"),
        (face(box("live.numbox", "n", 0, 0, 9, 9, parameter={"unitstyle": 10})), {}, "n has parameter_unitstyle 10"),
        ({"boxes": []}, {}, "has no devicewidth"),
    ],
)
def test_what_cannot_be_drawn_is_said(patcher: dict[str, Any], values: dict[str, Any], message: str) -> None:
    with pytest.raises(DrawingError, match=message):
        picture(patcher, values)


def test_a_scale_below_one_is_refused() -> None:
    with pytest.raises(DrawingError, match="must be 1 or more, not 0"):
        draw_face(face(), scale=0)


def test_a_file_is_written(tmp_path: Path) -> None:
    for theme in (*THEMES, "both"):
        write_png(tmp_path / f"{theme}.png", face(toggle()), theme=theme, scale=1)
    sizes = {theme: size_of(tmp_path / f"{theme}.png") for theme in ("light", "dark", "both")}
    assert sizes["light"] == sizes["dark"] == (124, 188)
    assert sizes["both"][1] > 2 * 188


def test_colours_with_opacity_mix_with_what_lies_behind() -> None:
    half = box("panel", "p", 10, 10, 40, 40, bgcolor=[0.0, 0.0, 0.0, 0.5])
    level = at(picture(face(half)), 30, 30)[0]
    assert level == pytest.approx(colour_of("#a5a5a5")[0] / 2, abs=1)


def test_a_number_box_shows_how_far_its_value_is() -> None:
    def bar(value: float) -> Image.Image:
        number = box("live.numbox", "n", 10, 10, 100, 15, appearance=2, parameter={"mmax": 1.0, "unitstyle": 1})
        return picture(face(number), {"n": value})

    assert at(bar(0.25), 14, 17) == rgb(LIGHT, "live_control_selection")
    assert at(bar(0.25), 90, 17) == rgb(LIGHT, "live_control_text_bg")
    assert at(bar(1.0), 90, 17) == rgb(LIGHT, "live_control_selection")


@each_case("orientation", [0, 1])
def test_a_slider_is_coloured_up_to_its_value(orientation: int) -> None:
    slider = box("live.slider", "s", 10, 10, 60, 60, orientation=orientation, parameter={"mmax": 1.0})
    image = picture(face(slider), {"s": 0.5})
    filled, rest = ((40, 55), (40, 25)) if orientation == 0 else ((25, 40), (55, 40))
    assert at(image, *filled) == rgb(LIGHT, "live_value_arc")
    assert at(image, *rest) == rgb(LIGHT, "live_dial_fg")


def test_a_chosen_tab_is_lit() -> None:
    tab = box("live.tab", "t", 10, 10, 100, 15, parameter={"enum": ["a", "b"], "mmax": 1, "initial": [0]})
    image = picture(face(tab), {"t": 1})
    assert at(image, 15, 15) == rgb(LIGHT, "live_control_bg")
    assert at(image, 65, 15) == rgb(LIGHT, "live_control_selection")
    assert at(image, 60, 17) == rgb(LIGHT, "live_surface_bg"), "between the two"


def test_what_does_not_fit_into_a_comment_is_not_drawn() -> None:
    def ink(height: int) -> int:
        comment = box("comment", "c", 10, 10, 60, height, text="one two three four five six seven eight nine")
        return sum(picture(face(comment)).convert("L").histogram()[:100])

    assert 0 < ink(18) < ink(29) < ink(41)
