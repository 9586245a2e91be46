"""A device as Live 12 shows it: `draw_face`, both themes on one sheet, and the PNG files of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from musearoo.tools.max_simulator.drawing.boxes import Box, boxes_of
from musearoo.tools.max_simulator.drawing.canvas import Area, Canvas, drawn_width
from musearoo.tools.max_simulator.drawing.controls import draw_box
from musearoo.tools.max_simulator.drawing.texts import behind_of
from musearoo.tools.max_simulator.drawing.themes import THEMES, Colour, DrawingError, Theme, theme_of

HEIGHT = 169.0
"""The height in pixels at which Live shows a device."""

TITLE = 17.0
"""The height of the title bar in pixels; measured, like the next two, on Ableton's picture of CPU Reporter."""

MARGIN = 2.0
"""Pixels of the device's surface to the left, right and below what the patcher draws."""

TITLE_SIZE = 11.0
TITLE_LEFT = 20.5
BUTTON_PITCH = 16.0
CORNER = 4.0


def draw_face(
    patcher: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    *,
    theme: str = "light",
    scale: int = 2,
    title: str | None = "MuseAroo",
) -> Image.Image:
    """Return an RGB image of a device; deterministic.

    `patcher` is the parsed JSON of a patcher, with or without its outermost `patcher`. `values` maps scripting names to
    displayed values: a number, a text, or a mapping with `shown`, `value` and attributes set by messages. `scale` is
    the number of image pixels per device pixel. Without a `title` there is no title bar and no margin. Raises
    DrawingError for an unknown class, theme colour or name.
    """
    if scale < 1:
        raise DrawingError(f"The scale must be 1 or more, not {scale}.")
    colours = theme_of(theme)
    boxes = boxes_of(patcher, values, colours)
    width = width_of(patcher, boxes)
    surface = colours.colour("live_surface_bg")
    if title is None:
        canvas = Canvas(width, HEIGHT, surface, scale=scale)
        _draw_boxes(canvas, boxes, surface, 0, 0)
    else:
        outer = width + 2 * MARGIN, TITLE + HEIGHT + MARGIN
        canvas = Canvas(*outer, colours.colour("live_desktop"), scale=scale)
        with canvas.area(0, 0, *outer) as area:
            _draw_frame(area, colours, title)
        _draw_boxes(canvas, boxes, surface, MARGIN, TITLE)
    return canvas.picture()


def width_of(patcher: Mapping[str, Any], boxes: tuple[Box, ...]) -> float:
    """Return the device's width: its stated width, or the right edge of its boxes."""
    inner = patcher.get("patcher", patcher)
    said = float(inner.get("devicewidth") or 0) or (float(inner["openrect"][2]) if "openrect" in inner else 0.0)
    if said:
        return said
    if not boxes:
        raise DrawingError("The patcher has no devicewidth, and no box in its presentation.")
    return max(box.rect[0] + box.rect[2] for box in boxes)


def draw_sheet(
    patcher: Mapping[str, Any], values: Mapping[str, Any] | None = None, *, scale: int = 2, title: str = "MuseAroo"
) -> Image.Image:
    """Return the face in every theme on its own desktop, one below the other, as a picture for a README."""
    gap = 12 * scale
    strips = []
    for name, theme in THEMES.items():
        face = draw_face(patcher, values, theme=name, scale=scale, title=title)
        strip = Image.new("RGB", (face.width + 2 * gap, face.height + 2 * gap), theme.colour("live_desktop")[:3])
        strip.paste(face, (gap, gap))
        strips.append(strip)
    sheet = Image.new("RGB", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    return sheet


def write_png(
    path: str | Path,
    patcher: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    *,
    theme: str = "light",
    scale: int = 2,
    title: str = "MuseAroo",
) -> None:
    """Write the picture of a device; the theme `both` writes the sheet."""
    if theme == "both":
        picture = draw_sheet(patcher, values, scale=scale, title=title)
    else:
        picture = draw_face(patcher, values, theme=theme, scale=scale, title=title)
    picture.save(path, format="PNG", optimize=True)


def _draw_boxes(canvas: Canvas, boxes: tuple[Box, ...], surface: Colour, left: float, top: float) -> None:
    for box in boxes:
        across, down, width, height = box.rect
        with canvas.area(left + across, top + down, width, height) as area:
            draw_box(area, box, behind_of(box, boxes, surface))


def _draw_frame(area: Area, theme: Theme, title: str) -> None:
    """Draw the rounded surface, the title bar of a selected, enabled device, and the three round buttons."""
    bar = theme.colour("live_selection")
    dark = theme.colour("live_contrast_frame")
    area.box(0, 0, area.width, area.height, theme.colour("live_surface_bg"), CORNER)
    area.box(0, 0, area.width, TITLE, bar, CORNER)
    area.box(0, TITLE - CORNER, area.width, TITLE, bar)
    middle = TITLE / 2
    area.disc((9.5, middle), 6.2, dark)
    area.disc((9.5, middle), 5.2, theme.colour("live_control_selection"))
    ink = theme.colour("live_selection_fg")
    shown = shortened(title, area.width - TITLE_LEFT - 3 * BUTTON_PITCH - 6.0)
    area.text((TITLE_LEFT, middle + TITLE_SIZE * 0.35), shown, TITLE_SIZE, ink, weight=0.035)
    for place, draw in enumerate((_save_sign, _swap_sign, _edit_sign)):
        x = area.width - 9.0 - place * BUTTON_PITCH
        area.disc((x, middle), 6.2, dark)
        area.disc((x, middle), 5.2, theme.colour("live_control_bg"))
        draw(area, x, middle, theme)


def shortened(title: str, room: float) -> str:
    """Return the title, cut with an ellipsis where it exceeds its room in pixels.

    >>> shortened("MuseAroo MIDI", 60), shortened("MuseAroo", 60)
    ('MuseAroo…', 'MuseAroo')
    """
    if drawn_width(title, TITLE_SIZE) <= room:
        return title
    while title and drawn_width(title + "…", TITLE_SIZE) > room:
        title = title[:-1]
    return title.rstrip() + "…"


def _save_sign(area: Area, x: float, y: float, theme: Theme) -> None:
    area.box(x - 2.8, y - 2.8, x + 2.8, y + 2.8, theme.colour("live_control_fg"), 0.6)
    area.box(x - 1.6, y - 2.8, x + 1.6, y - 0.9, theme.colour("live_control_bg"))


def _swap_sign(area: Area, x: float, y: float, theme: Theme) -> None:
    ink = theme.colour("live_control_fg")
    area.arc((x, y), 3.2, 195, 330, 1.2, ink)
    area.arc((x, y), 3.2, 15, 150, 1.2, ink)
    area.shape(((x + 3.8, y - 2.6), (x + 3.4, y + 0.4), (x + 1.2, y - 1.4)), ink)
    area.shape(((x - 3.8, y + 2.6), (x - 3.4, y - 0.4), (x - 1.2, y + 1.4)), ink)


def _edit_sign(area: Area, x: float, y: float, theme: Theme) -> None:
    ink = theme.colour("live_control_fg")
    area.box(x - 3.2, y - 1.9, x + 3.2, y + 1.9, ink)
    area.box(x - 2.1, y - 0.9, x + 2.1, y + 0.9, theme.colour("live_control_bg"))
    for across in (-2.6, 1.5):
        area.box(x + across, y - 2.9, x + across + 1.1, y + 2.9, ink)
