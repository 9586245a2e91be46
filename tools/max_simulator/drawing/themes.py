"""The colours of Live's two default themes, by the names that devices use, and the contrast of two colours.

What a theme file (.ask) calls `ControlBackground` a device calls `live_control_bg`. The values are those of Live 12's
"Default Light Neutral Medium" (Mid Light) and "Default Dark Neutral Medium" (Dark), as published by theme editors and
theme generators. The mapping of device names to theme names comes from public devices, whose files store the value of
each name at the time of saving (CPU Reporter in Mid Light, Knobbler4 in Dark).
"""

from collections.abc import Mapping
from dataclasses import dataclass

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, 0..255."""


class DrawingError(ValueError):
    """A part of a patcher cannot be drawn; the text says what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one of Live's themes, by the names that devices use."""

    name: str
    title: str
    colours: Mapping[str, Colour]

    def colour(self, name: str) -> Colour:
        """Return the colour with a name. Raises DrawingError for an unknown name.

        >>> LIGHT.colour("live_surface_bg")
        (165, 165, 165, 255)
        """
        try:
            return self.colours[name]
        except KeyError:
            raise DrawingError(
                f"No theme colour is called {name!r}; known are {', '.join(sorted(self.colours))}."
            ) from None


def colour_of(text: str) -> Colour:
    """Return the colour of `#rrggbb` or `#rrggbbaa`.

    >>> colour_of("#cfcfcf7f")
    (207, 207, 207, 127)
    """
    digits = text.removeprefix("#")
    red, green, blue, opacity = bytes.fromhex(digits if len(digits) == 8 else digits + "ff")
    return red, green, blue, opacity


def over(above: Colour, below: Colour) -> Colour:
    """Return the colour that results from drawing one colour over another, opaque one."""
    share = above[3] / 255
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(above[:3], below[:3], strict=True))
    return red, green, blue, 255


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two opaque colours, 1 (none) to 21 (black on white).

    As defined by the Web Content Accessibility Guidelines 2.1, which require 4.5 for text.

    >>> contrast((0, 0, 0, 255), (255, 255, 255, 255))
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


# A device's name, the theme file's name, Mid Light, Dark. No public file has the Dark colours of the display's title
# and scale. The controls' own dim grey is used there, so a contrast that passes here also passes in Live.
_TABLE = """
live_surface_bg            SurfaceBackground              #a5a5a5   #363636
live_surface_frame         SurfaceArea                    #6e6e6e   #242424
live_contrast_frame        ControlContrastFrame           #4f4f4f   #111111
live_control_bg            ControlBackground              #cfcfcf   #1e1e1e
live_control_text_bg       ControlTextBack                #dfdfdf   #242424
live_control_fg            ControlForeground              #121212   #b5b5b5
live_control_fg_on         ControlOnForeground            #121212   #070707
live_control_fg_off        ControlOffForeground           #121212   #b5b5b5
live_control_fg_zombie     TextDisabled                   #6e6e6e   #757575
live_control_selection     ChosenDefault                  #ffb901   #ffad56
live_control_selection_alt ChosenAlternative              #00eeff   #03c3d5
live_record                ChosenRecord                   #ff595f   #ff5559
live_alert                 ChosenAlert                    #ff7d43   #e76942
live_value_arc             RangeDefault                   #00eeff   #03c3d5
live_value_arc_zombie      RangeDisabled                  #f1f1f1   #757575
live_dial_fg               Poti                           #242424   #111111
live_dial_fg_zombie        DeactivatedPoti                #6e6e6e   #2a2a2a
live_dial_needle           PotiNeedle                     #242424   #111111
live_lcd_bg                RetroDisplayBackground         #242424   #181818
live_lcd_frame             RetroDisplayBackgroundLine     #5b5b5b   #434343
live_lcd_control_fg        RetroDisplayForeground         #ffb901   #ffad56
live_lcd_control_fg_alt    RetroDisplayForeground2        #00eeff   #03c3d5
live_lcd_control_fg_zombie RetroDisplayForegroundDisabled #a5a5a5   #868686
live_lcd_title             RetroDisplayTitle              #cfcfcf   #b5b5b5
live_display_scale_text    RetroDisplayScaleText          #cfcfcf7f #b5b5b57f
live_selection             SelectionBackground            #cdf8ff   #b0ddeb
live_selection_fg          SelectionForeground            #121212   #070707
live_desktop               Desktop                        #818181   #2a2a2a
"""

_ROWS = tuple(line.split() for line in _TABLE.strip().splitlines())

LIGHT = Theme("light", "Mid Light", {row[0]: colour_of(row[2]) for row in _ROWS})
DARK = Theme("dark", "Dark", {row[0]: colour_of(row[3]) for row in _ROWS})
THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK)}


def theme_of(name: str) -> Theme:
    """Return the theme `light` or `dark`. Raises DrawingError for another name."""
    try:
        return THEMES[name]
    except KeyError:
        raise DrawingError(f"No theme is called {name!r}; there are {' and '.join(THEMES)}.") from None
