"""The themes' colours and the contrast of two colours."""

import pytest

from musearoo.tools.max_simulator.drawing.themes import (
    DARK,
    LIGHT,
    THEMES,
    DrawingError,
    Theme,
    colour_of,
    contrast,
    over,
    theme_of,
)
from tests.each_case import each_case

WHITE = colour_of("#ffffff")


@each_case(
    "grey, ratio", [("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48), ("#949494", 3.03), ("#ffffff", 1.0)]
)
def test_contrast_is_that_of_published_pairs(grey: str, ratio: float) -> None:
    assert contrast(colour_of(grey), WHITE) == pytest.approx(ratio, abs=0.005)
    assert contrast(WHITE, colour_of(grey)) == contrast(colour_of(grey), WHITE)


def test_both_themes_know_the_same_names() -> None:
    assert set(LIGHT.colours) == set(DARK.colours)
    assert [theme_of(name) for name in THEMES] == [LIGHT, DARK]


@each_case("theme", THEMES.values())
def test_each_theme_is_readable_where_live_itself_writes(theme: Theme) -> None:
    for text, behind in [
        ("live_control_fg", "live_surface_bg"),
        ("live_control_fg", "live_control_bg"),
        ("live_control_fg_on", "live_control_selection"),
        ("live_lcd_control_fg", "live_lcd_bg"),
        ("live_lcd_title", "live_lcd_bg"),
    ]:
        assert contrast(theme.colour(text), theme.colour(behind)) > 4.5, (text, behind)


@each_case(
    "theme, name, kept",
    [
        (LIGHT, "live_lcd_bg", (0.141176, 0.141176, 0.141176, 1.0)),
        (LIGHT, "live_control_bg", (0.811765, 0.811765, 0.811765, 1.0)),
        (LIGHT, "live_control_selection", (1.0, 0.72549, 0.003922, 1.0)),
        (LIGHT, "live_lcd_control_fg_zombie", (0.647059, 0.647059, 0.647059, 1.0)),
        (LIGHT, "live_display_scale_text", (0.811765, 0.811765, 0.811765, 0.498039)),
        (DARK, "live_surface_bg", (0.211765, 0.211765, 0.211765, 1.0)),
        (DARK, "live_control_fg", (0.709804, 0.709804, 0.709804, 1.0)),
        (DARK, "live_control_selection", (1.0, 0.678431, 0.337255, 1.0)),
        (DARK, "live_lcd_bg", (0.094118, 0.094118, 0.094118, 1.0)),
        (DARK, "live_contrast_frame", (0.066667, 0.066667, 0.066667, 1.0)),
        (DARK, "live_value_arc", (0.011765, 0.764706, 0.835294, 1.0)),
    ],
)
def test_colours_are_those_that_public_devices_keep(theme: Theme, name: str, kept: tuple[float, ...]) -> None:
    """Read from CPU Reporter.amxd (Mid Light) and from Knobbler4.amxd (Dark)."""
    assert theme.colour(name) == tuple(round(part * 255) for part in kept)


def test_a_colour_over_another() -> None:
    assert over(colour_of("#ffffff80"), colour_of("#000000")) == (128, 128, 128, 255)
    assert over(colour_of("#12345600"), WHITE) == WHITE


def test_unknown_names_are_errors_that_say_what_is_known() -> None:
    with pytest.raises(DrawingError, match=r"'live_contrl_bg'; known are .*live_control_bg"):
        LIGHT.colour("live_contrl_bg")
    with pytest.raises(DrawingError, match="'mid'; there are light and dark"):
        theme_of("mid")
