"""Draw each class of box, with dimensions measured on Ableton's own pictures of Live 12."""

import math
from collections.abc import Callable

from musearoo.tools.max_simulator.drawing.boxes import Box
from musearoo.tools.max_simulator.drawing.canvas import Area, drawn_width
from musearoo.tools.max_simulator.drawing.texts import (
    DIAL_ROW,
    INSET,
    LINE,
    TRIANGLE,
    TRIANGLE_INSET,
    Writing,
    fill_of,
    tab_edges,
    tab_fill,
    writings,
)
from musearoo.tools.max_simulator.drawing.themes import Colour, DrawingError, over

GAP = 30.0
"""Degrees on each side of a dial's lowest point that its arc leaves open."""

SWEEP = 360.0 - 2 * GAP
"""Degrees of a dial's arc."""

FOOT = 90.0
"""The direction straight down in Pillow's degrees, clockwise from three o'clock."""

ARC = 2.2
"""Thickness of a dial's arc and needle in pixels."""

BREAK = 9.0
"""Degrees between a dial's needle and the rest of its arc."""


def draw_box(area: Area, box: Box, behind: Colour) -> None:
    """Draw a box and its text; `behind` is the colour behind it. Raises DrawingError for an unknown class."""
    try:
        draw = _DRAWERS[box.kind]
    except KeyError:
        raise DrawingError(
            f"{box.name} is a {box.kind}, which cannot be drawn; known are {', '.join(sorted(_DRAWERS))}."
        ) from None
    draw(area, box)
    for writing in writings(box, behind):
        _write(area, writing)


def needle_angle(share: float) -> float:
    """Return the angle of a dial's needle, clockwise from three o'clock: 120° at the minimum, 420° at the maximum.

    >>> needle_angle(0.5)
    270.0
    """
    return FOOT + GAP + SWEEP * share


def dial_circle(box: Box) -> tuple[float, float, float]:
    """Return a dial's centre (x, y) and its outer radius, in pixels from its box's corner."""
    _, _, width, height = box.rect
    above = DIAL_ROW if box.number("showname", 1) else 1.0
    below = DIAL_ROW if box.number("shownumber", 1) else 1.0
    open_foot = math.cos(math.radians(GAP))
    radius = min((height - above - below) / (1 + open_foot), width / 2 - 1)
    return width / 2, above + radius, radius


def _write(area: Area, writing: Writing) -> None:
    """Draw the lines that fit."""
    for row, line in enumerate(writing.lines(drawn_width)[: writing.rows]):
        baseline = writing.baseline + row * writing.size * LINE
        area.text((writing.start, baseline), line, writing.size, over(writing.colour, writing.behind), writing.anchor)


def _button(area: Area, box: Box) -> None:
    """Draw a toggle with square corners or a button (mode 0) with round ends."""
    frame = box.colour("bordercolor", "live_contrast_frame")
    is_button = box.attribute("mode", 1) == 0
    radius = (area.height - 2 * INSET) / 2 if is_button else 0.0
    area.framed(INSET, INSET, area.width - INSET, area.height - INSET, fill_of(box), frame, radius)


def _menu(area: Area, box: Box) -> None:
    frame = box.colour("bordercolor", "live_contrast_frame")
    area.framed(INSET, INSET, area.width - INSET, area.height - INSET, fill_of(box), frame)
    right = area.width - INSET - TRIANGLE_INSET
    middle, tall = area.height / 2, TRIANGLE * 0.7
    points = (
        (right - TRIANGLE, middle - tall / 2),
        (right, middle - tall / 2),
        (right - TRIANGLE / 2, middle + tall / 2),
    )
    area.shape(points, box.colour("tricolor", "live_control_fg"))


def _dial(area: Area, box: Box) -> None:
    if box.attribute("appearance", 0) not in (0, 3):
        raise DrawingError(
            f"{box.name} has appearance {box.attribute('appearance', 0)}; only dials of 0 and 3 are drawn here."
        )
    x, y, radius = dial_circle(box)
    angle = needle_angle(box.share)
    end = FOOT + GAP + SWEEP
    if angle + BREAK < end:
        area.arc((x, y), radius, angle + BREAK, end, ARC, box.colour("activefgdialcolor", "live_dial_fg"))
    if box.share > 0:
        area.arc((x, y), radius, FOOT + GAP, angle, ARC, box.colour("activedialcolor", "live_value_arc"))
    tip = x + radius * math.cos(math.radians(angle)), y + radius * math.sin(math.radians(angle))
    area.line((x, y), tip, ARC, box.colour("activeneedlecolor", "live_dial_needle"))


def _numbox(area: Area, box: Box) -> None:
    face = fill_of(box)
    if box.attribute("appearance", 0) == 4:
        area.box(0, 0, area.width, area.height, face)
        return
    area.framed(
        INSET, INSET, area.width - INSET, area.height - INSET, face, box.colour("bordercolor", "live_contrast_frame")
    )
    inner = area.width - 2 * INSET - 2
    if box.attribute("appearance", 0) == 2:
        fill = box.colour("activeslidercolor", "live_control_selection")
        area.box(INSET + 1, INSET + 1, INSET + 1 + inner * box.share, area.height - INSET - 1, fill)


def _tab(area: Area, box: Box) -> None:
    frame = box.colour("bordercolor", "live_contrast_frame")
    for place, (left, right) in enumerate(tab_edges(box)):
        area.framed(left, INSET, right, area.height - INSET, tab_fill(box, place), frame)


def _slider(area: Area, box: Box) -> None:
    """Draw the track of a live.slider and its triangle; vertical, or horizontal with `orientation 1`."""
    groove = box.colour("trackcolor", "live_dial_fg")
    knob = box.colour("slidercolor", "live_value_arc")
    if box.attribute("orientation", 0) == 1:
        area.box(4, area.height / 2 - 1, area.width - 4, area.height / 2 + 1, groove)
        area.box(4, area.height / 2 - 1, 4 + (area.width - 8) * box.share, area.height / 2 + 1, knob)
    else:
        area.box(area.width / 2 - 1, 4, area.width / 2 + 1, area.height - 4, groove)
        top = area.height - 4 - (area.height - 8) * box.share
        area.box(area.width / 2 - 1, top, area.width / 2 + 1, area.height - 4, knob)


def _comment(area: Area, box: Box) -> None:
    if "bgcolor" in box.data:
        area.box(0, 0, area.width, area.height, box.colour("bgcolor", "live_surface_bg"))


def _field(area: Area, box: Box) -> None:
    frame = box.colour("bordercolor", "live_contrast_frame")
    radius = box.number("rounded", 0)
    if box.number("border", 0):
        area.framed(0, 0, area.width, area.height, fill_of(box), frame, radius)
    else:
        area.box(0, 0, area.width, area.height, fill_of(box), radius)


def _panel(area: Area, box: Box) -> None:
    if box.attribute("mode", 0) != 0:
        raise DrawingError(f"{box.name} is a panel with a gradient; only plain ones are drawn here.")
    radius = min(box.number("rounded", 0), area.width / 2, area.height / 2)
    area.box(0, 0, area.width, area.height, fill_of(box), radius)


def _line(area: Area, box: Box) -> None:
    """Draw a line one pixel thick along the longer side: at the left or top edge, or with `justification 1` in the
    middle.
    """
    colour = box.colour("linecolor", "live_contrast_frame")
    part = {0: 0.0, 1: 0.5, 2: 1.0}[int(box.attribute("justification", 0))]
    if area.height > area.width:
        left = math.floor((area.width - 1) * part)
        area.box(left, 0, left + 1, area.height, colour)
    else:
        top = math.floor((area.height - 1) * part)
        area.box(0, top, area.width, top + 1, colour)


def _bars(area: Area, box: Box) -> None:
    """Draw a multislider of one slider, horizontal (orientation 0) or vertical, as a bar from its minimum."""
    if box.number("size", 1) != 1:
        raise DrawingError(f"{box.name} is a multislider of {box.number('size', 1):g}; only one of 1 is drawn here.")
    area.box(0, 0, area.width, area.height, fill_of(box))
    low, high = (float(number) for number in box.attribute("setminmax", (-1.0, 1.0)))
    shown = box.state.get("shown", box.state.get("value", low))
    share = min(1.0, max(0.0, (float(shown) - low) / (high - low)))
    colour = box.colour("slidercolor", "live_lcd_control_fg")
    if box.attribute("orientation", 1) == 0:
        area.box(0, 0, area.width * share, area.height, colour)
    else:
        area.box(0, area.height * (1 - share), area.width, area.height, colour)


def _nothing(area: Area, box: Box) -> None:
    """Draw nothing for an invisible button."""


_DRAWERS: dict[str, Callable[[Area, Box], None]] = {
    "live.text": _button,
    "live.menu": _menu,
    "live.dial": _dial,
    "live.numbox": _numbox,
    "live.tab": _tab,
    "live.slider": _slider,
    "live.comment": _comment,
    "live.line": _line,
    "comment": _comment,
    "textedit": _field,
    "panel": _panel,
    "multislider": _bars,
    "ubutton": _nothing,
}
