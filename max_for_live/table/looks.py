"""The appearance of controls: Live's own theme colours, which suit light and dark themes, and one accent colour."""

from musearoo.max_for_live.table.records import Attribute, Look

# Live's own buttons act when the mouse is released.
_ON_RELEASE: tuple[tuple[str, Attribute], ...] = (("outputmode", 0),)
_TYPEFACE = "Ableton Sans Medium"
_FONT: tuple[tuple[str, Attribute], ...] = (("fontname", _TYPEFACE), ("fontsize", 9.5))
_SMALL: tuple[tuple[str, Attribute], ...] = (("fontname", _TYPEFACE), ("fontsize", 8.5))
_LARGE: tuple[tuple[str, Attribute], ...] = (("fontname", _TYPEFACE), ("fontsize", 10.5))

LAMPS: tuple[tuple[str, float, float, float, float], ...] = (
    ("bgfillcolor", 0.90, 0.27, 0.24, 1.0),
    ("bgfillcolor", 0.95, 0.76, 0.20, 1.0),
    ("bgfillcolor", 0.35, 0.78, 0.38, 1.0),
    ("bgfillcolor", 0.36, 0.68, 0.96, 1.0),
)
"""The lamp's colours: no daemon, daemon without Live, both connected, busy."""

LOOKS: tuple[Look, ...] = (
    Look("button", (*_FONT, *_ON_RELEASE)),
    Look("large", (*_LARGE, *_ON_RELEASE)),
    Look(
        "primary",
        (*_LARGE, *_ON_RELEASE),
        (
            ("activebgcolor", "live_control_selection"),
            ("activetextcolor", "live_control_fg_on"),
            # When pressed it looks as the others do at rest; in its own colour a press would be invisible.
            ("activebgoncolor", "live_control_bg"),
            ("activetextoncolor", "live_control_fg"),
        ),
    ),
    Look("toggle", (*_FONT, *_ON_RELEASE)),
    Look("talk_face", (*_LARGE, ("ignoreclick", 1))),
    Look("talk", (("hilite", 0),)),
    Look("menu", _FONT),
    Look("dial", (*_FONT, ("appearance", 0))),
    Look(
        "field",
        (
            *_FONT,
            ("rounded", 0.0),
            ("border", 1.0),
            ("keymode", 1),
            ("outputmode", 1),
            ("bangmode", 0),
            ("lines", 2),
            ("wordwrap", 1),
        ),
        (
            ("bgcolor", "live_control_text_bg"),
            ("bordercolor", "live_contrast_frame"),
            ("textcolor", "live_control_fg"),
        ),
    ),
    Look("label", _FONT),
    Look("hint", _SMALL),
    Look("display", (("rounded", 4), ("background", 1)), (("bgfillcolor", "live_lcd_bg"),)),
    Look("status", _FONT, (("textcolor", "live_lcd_title"),)),
    Look("fact", _SMALL, (("textcolor", "live_lcd_control_fg"),)),
    Look("fact_right", (*_SMALL, ("textjustification", 2)), (("textcolor", "live_lcd_control_fg"),)),
    Look(
        "progress",
        (("ignoreclick", 1),),
        (("bgcolor", "live_lcd_bg"), ("slidercolor", "live_lcd_control_fg")),
    ),
    Look("lamp", (("bgfillcolor", LAMPS[0][1:]), ("rounded", 7))),
    Look("rule", (("justification", 1),), (("linecolor", "live_contrast_frame"),)),
)
