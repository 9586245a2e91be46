"""The text of each class of box and its position; used by both the drawing and the measurements."""

from collections.abc import Callable
from dataclasses import dataclass

from musearoo.tools.max_simulator.drawing.boxes import Box
from musearoo.tools.max_simulator.drawing.letters import wrapped
from musearoo.tools.max_simulator.drawing.themes import Colour, DrawingError, over

INSET = 1.0
"""Pixels on each side by which Live draws a button, menu or tab smaller than its box, measured on CPU Reporter."""

TAB_GAP = 3.0
"""Pixels between two tabs of one live.tab, from the same picture."""

COMMENT_INSET = 4.0
"""Pixels between a comment's side and its text, from the same picture."""

COMMENT_TOP = 3.25
"""Pixels above a comment's first line, wherever its lower edge is.

Public devices have comments of 18, 29, 41, 52, 64 and 75 pixels for one to six lines of size 9.5: 11.4 per line plus
6.5.
"""

FIELD_TOP = 3.0
"""Pixels above the first line of a multi-line text field."""

BUTTON_INSET = 3.0
"""Pixels between a button's edge and the longest text that fits into it."""

MENU_INSET = 4.0
"""Pixels between a menu's edge and its text."""

TRIANGLE = 8.0
"""Width of a menu's triangle."""

TRIANGLE_INSET = 3.0
"""Pixels between a menu's triangle and its edge."""

LINE = 1.2
"""The line spacing in ems, from the heights of those comments."""

ASCENT = 0.85
"""Ems from the top of a line to its baseline, chosen to match CPU Reporter's comments in its picture."""

CAPITAL = 0.7
"""Ems from the baseline to the top of a capital letter."""

DIAL_ROW = 12.0
"""The height in pixels of a dial's name above it and of its number below it."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One displayed text: its first baseline, its space, its colour and the opaque colour behind it.

    `rows` is the number of lines that fit; a text that `wraps` is broken at its spaces.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    colour: Colour
    behind: Colour
    anchor: str
    rows: int = 1
    wraps: bool = False

    @property
    def room(self) -> float:
        """The available width in pixels."""
        return self.right - self.left

    @property
    def start(self) -> float:
        """The x position of its anchor."""
        return {"l": self.left, "m": (self.left + self.right) / 2, "r": self.right}[self.anchor]

    def lines(self, width: Callable[[str, float], float]) -> tuple[str, ...]:
        """Return its lines; `width` measures a text at a size."""
        if not self.wraps:
            return (self.text,)
        return wrapped(self.text, self.room, lambda line: width(line, self.size))


def writings(box: Box, behind: Colour) -> tuple[Writing, ...]:
    """Return the texts of a box, in pixels from its top left corner; `behind` is the colour behind the box."""
    return _WRITERS[box.kind](box, behind) if box.kind in _WRITERS else ()


def middle_baseline(top: float, bottom: float, size: float) -> float:
    """Return the baseline that centres capital letters vertically."""
    return (top + bottom + size * CAPITAL) / 2


def fill_of(box: Box) -> Colour:
    """Return the fill colour of a box as stored in the file; it may be transparent."""
    attribute, default = _FILLS[box.kind](box)
    return box.colour(attribute, default, file_name="bgcolor" if box.kind == "panel" else "")


def face_of(box: Box, behind: Colour) -> Colour:
    """Return the opaque colour behind a box's text."""
    return over(fill_of(box), behind)


def behind_of(box: Box, boxes: tuple[Box, ...], surface: Colour) -> Colour:
    """Return the colour behind a box: that of the panels under its centre, else the device's surface."""
    left, top, width, height = box.rect
    colour = surface
    for other in boxes:
        if other is box:
            break
        across, down, wide, tall = other.rect
        is_over = across <= left + width / 2 < across + wide and down <= top + height / 2 < down + tall
        if other.kind == "panel" and is_over:
            colour = over(face_of(other, colour), colour)
    return colour


def seen_rect(box: Box) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of the drawn part of a box."""
    left, top, width, height = box.rect
    inset = INSET if box.kind in ("live.text", "live.menu", "live.tab", "live.numbox") else 0.0
    return left + inset, top + inset, left + width - inset, top + height - inset


def number_text(box: Box) -> str:
    """Return a parameter's value formatted by its unit style. Raises DrawingError for an unsupported style."""
    value, style = box.value, int(box.parameter.get("unitstyle", 1 if box.parameter.get("type", 0) == 0 else 0))
    whole = int(box.parameter.get("type", 0)) == 1
    if box.choices:
        return box.choices[min(len(box.choices) - 1, max(0, round(value)))]
    if style == 0:
        return str(round(value))
    if style == 1:
        return f"{value:.2f}"
    if style in _UNITS:
        return f"{round(value)} {_UNITS[style]}" if whole else f"{value:.3g} {_UNITS[style]}"
    raise DrawingError(f"{box.name} has parameter_unitstyle {style}, which is not drawn here.")


_UNITS = {2: "ms", 3: "Hz", 4: "dB", 5: "%", 7: "st"}


def _button(box: Box, behind: Colour) -> tuple[Writing, ...]:
    _, _, width, height = box.rect
    text = box.attribute("text", "")
    label = str(box.attribute("texton", text) if box.is_on and box.attribute("mode", 1) else text)
    colour = (
        box.colour("activetextoncolor", "live_control_fg_on")
        if box.is_on
        else box.colour("activetextcolor", "live_control_fg")
    )
    inset = INSET + BUTTON_INSET
    return (_one_line(label, inset, width - inset, 0, height, box.size, colour, face_of(box, behind), "m"),)


def _menu(box: Box, behind: Colour) -> tuple[Writing, ...]:
    _, _, width, height = box.rect
    right = width - INSET - TRIANGLE_INSET - TRIANGLE
    colour = box.colour("textcolor", "live_control_fg")
    return (_one_line(number_text(box), MENU_INSET, right, 0, height, box.size, colour, face_of(box, behind), "l"),)


def _dial(box: Box, behind: Colour) -> tuple[Writing, ...]:
    _, _, width, height = box.rect
    colour = box.colour("textcolor", "live_control_fg")
    found = []
    if box.number("showname", 1):
        name = str(box.parameter.get("shortname", box.name))
        found.append(_one_line(name, 0, width, 0, DIAL_ROW, box.size, colour, behind, "m"))
    if box.number("shownumber", 1):
        found.append(_one_line(number_text(box), 0, width, height - DIAL_ROW, height, box.size, colour, behind, "m"))
    return tuple(found)


def _numbox(box: Box, behind: Colour) -> tuple[Writing, ...]:
    _, _, width, height = box.rect
    is_display = box.attribute("appearance", 0) == 4
    colour = box.colour("lcdcolor", "live_lcd_control_fg") if is_display else box.colour("textcolor", "live_control_fg")
    anchor = "r" if is_display else "m"
    return (_one_line(number_text(box), 2, width - 2, 0, height, box.size, colour, face_of(box, behind), anchor),)


def _comment(box: Box, behind: Colour) -> tuple[Writing, ...]:
    _, _, width, height = box.rect
    left, right, size = COMMENT_INSET, width - COMMENT_INSET, box.size
    rows = max(1, int((height - COMMENT_TOP + 0.5) // (size * LINE)))
    anchor = "lmr"[int(box.attribute("textjustification", 0))]
    face = over(box.colour("bgcolor", "live_surface_bg"), behind) if "bgcolor" in box.data else behind
    colour = box.colour("textcolor", "live_control_fg")
    baseline = COMMENT_TOP + size * ASCENT
    return (Writing(box.text, left, right, baseline, size, colour, face, anchor, rows, wraps=True),)


def _field(box: Box, behind: Colour) -> tuple[Writing, ...]:
    _, _, width, height = box.rect
    left, right, size = MENU_INSET, width - MENU_INSET, box.size
    rows = max(1, int((height - FIELD_TOP) // (size * LINE)))
    baseline = FIELD_TOP + size * ASCENT if rows > 1 else middle_baseline(0, height, size)
    colour = box.colour("textcolor", "live_control_fg")
    return (Writing(box.text, left, right, baseline, size, colour, face_of(box, behind), "l", rows, wraps=True),)


def _tab(box: Box, behind: Colour) -> tuple[Writing, ...]:
    found = []
    for place, (choice, (left, right)) in enumerate(zip(box.choices, tab_edges(box), strict=True)):
        is_chosen = place == round(box.value)
        text = ("textoncolor", "live_control_fg_on") if is_chosen else ("textcolor", "live_control_fg")
        face = over(tab_fill(box, place), behind)
        found.append(_one_line(choice, left + 2, right - 2, 0, box.rect[3], box.size, box.colour(*text), face, "m"))
    return tuple(found)


def tab_fill(box: Box, place: int) -> Colour:
    """Return the colour of one tab of a live.tab, selected or not."""
    if place == round(box.value):
        return box.colour("activebgoncolor", "live_control_selection")
    return box.colour("activebgcolor", "live_control_bg")


def tab_edges(box: Box) -> tuple[tuple[float, float], ...]:
    """Return the left and right edge of each tab of a live.tab."""
    count = max(1, len(box.choices))
    width = (box.rect[2] - 2 * INSET - TAB_GAP * (count - 1)) / count
    lefts = [INSET + place * (width + TAB_GAP) for place in range(count)]
    return tuple((left, left + width) for left in lefts)


def _one_line(
    text: str,
    left: float,
    right: float,
    top: float,
    bottom: float,
    size: float,
    colour: Colour,
    behind: Colour,
    anchor: str,
) -> Writing:
    return Writing(text, left, right, middle_baseline(top, bottom, size), size, colour, behind, anchor)


_WRITERS: dict[str, Callable[[Box, Colour], tuple[Writing, ...]]] = {
    "live.text": _button,
    "live.menu": _menu,
    "live.dial": _dial,
    "live.numbox": _numbox,
    "live.tab": _tab,
    "live.comment": _comment,
    "comment": _comment,
    "textedit": _field,
}


def _numbox_fill(box: Box) -> tuple[str, str]:
    appearance = box.attribute("appearance", 0)
    return ("lcdbgcolor", "live_lcd_bg") if appearance == 4 else ("activebgcolor", "live_control_text_bg")


_FILLS: dict[str, Callable[[Box], tuple[str, str]]] = {
    "live.text": lambda box: (
        ("activebgoncolor", "live_control_selection") if box.is_on else ("activebgcolor", "live_control_bg")
    ),
    "live.menu": lambda _: ("activebgcolor", "live_control_text_bg"),
    "live.numbox": _numbox_fill,
    "textedit": lambda _: ("bgcolor", "live_control_text_bg"),
    "panel": lambda _: ("bgfillcolor", "live_surface_bg"),
    "multislider": lambda _: ("bgcolor", "live_lcd_bg"),
}
