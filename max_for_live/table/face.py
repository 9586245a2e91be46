"""The layout grid of the device: columns and rows in whole pixels.

Five columns of groups: what to play, how, and audio generation, under one display; playing along, under a separate
display; endless music; actions on existing clips, under Talk. Cells of a group are GAP apart, groups slightly more, so
that groups are visible.
"""

from musearoo.max_for_live.table.records import Rect

MARGIN = 3
ROW = 15
"""Height of Live's own buttons and menus."""

GAP = 1
"""Pixels between the cells of a group; buttons and menus draw their borders one pixel inside their cells."""

GROUP_GAP = 3
"""Pixels between a group and the one below it."""

COLUMN_GAP = 7
"""Pixels between columns; a rule is drawn in the middle."""

CELL = 45
"""Width of the left column's cells: "Complex" above its dial, "Melody" on its button."""

RIGHT_CELL = 48
"""Width of the right column's cells: "8 bars" next to a menu's triangle."""

NARROW, BROAD = 55, 84
"""The widths of the middle column's halves: "Set key" and "Stable Audio", each next to a menu's triangle."""

LIVE_CELL = 46
"""Width of the cells of the column for playing along: three buttons in a row."""

LEFT, LEFT_WIDTH = MARGIN, 4 * CELL + 3 * GAP
MIDDLE, MIDDLE_WIDTH = LEFT + LEFT_WIDTH + COLUMN_GAP, NARROW + GAP + BROAD
LIVE, LIVE_WIDTH = MIDDLE + MIDDLE_WIDTH + COLUMN_GAP, 3 * LIVE_CELL + 2 * GAP
AMBIENT, AMBIENT_WIDTH = LIVE + LIVE_WIDTH + COLUMN_GAP, 2 * CELL + GAP
RIGHT, RIGHT_WIDTH = AMBIENT + AMBIENT_WIDTH + COLUMN_GAP, 2 * RIGHT_CELL + GAP
"""Left edges and widths of the columns."""

WIDTH = RIGHT + RIGHT_WIDTH + MARGIN
"""The device's width in pixels."""

BLOCK = 3 * ROW + 2 * GAP
"""The height of three rows, of the display, and of two large buttons."""

DISPLAY_TOP = MARGIN
PLAY_TOP = DISPLAY_TOP + BLOCK + GROUP_GAP
WORK_TOP = PLAY_TOP + BLOCK + GROUP_GAP
"""First rows of the display, of the group with the large buttons and of the group below."""

LARGE = (BLOCK - GAP) // 2
"""Height of the most important buttons."""


def left_cell(column: int, top: int, *, columns: int = 1, height: int = ROW) -> Rect:
    """Return the rectangle of a control in the left column; `column` counts cells from its left edge.

    >>> left_cell(1, 53, columns=2)
    Rect(left=49, top=53, width=91, height=15)
    """
    return Rect(LEFT + column * (CELL + GAP), top, columns * (CELL + GAP) - GAP, height)


def right_cell(column: int, top: int, *, columns: int = 1, height: int = ROW) -> Rect:
    """Return the rectangle of a control in the right column; `column` counts cells from its left edge.

    >>> right_cell(1, 53).right + MARGIN == WIDTH
    True
    """
    return Rect(RIGHT + column * (RIGHT_CELL + GAP), top, columns * (RIGHT_CELL + GAP) - GAP, height)


def live_cell(column: int, top: int, *, columns: int = 1, height: int = ROW) -> Rect:
    """Return the rectangle of a control in the column for playing along; `column` counts cells from its left edge.

    >>> live_cell(0, 53, columns=3).width == LIVE_WIDTH
    True
    """
    return Rect(LIVE + column * (LIVE_CELL + GAP), top, columns * (LIVE_CELL + GAP) - GAP, height)


def ambient_cell(column: int, top: int, *, columns: int = 1, height: int = ROW) -> Rect:
    """Return the rectangle of a control in the column for endless music; `column` counts cells from its left edge.

    >>> ambient_cell(0, 53, columns=2).width == AMBIENT_WIDTH
    True
    """
    return Rect(AMBIENT + column * (CELL + GAP), top, columns * (CELL + GAP) - GAP, height)


def narrow_cell(top: int, *, left: int = MIDDLE, height: int = ROW) -> Rect:
    """Return the first half of the middle column, or of one with the same width that begins at `left`."""
    return Rect(left, top, NARROW, height)


def broad_cell(top: int, *, left: int = MIDDLE, height: int = ROW) -> Rect:
    """Return the second half of the middle column, or of one with the same width that begins at `left`."""
    return Rect(left + NARROW + GAP, top, BROAD, height)


def middle_cell(top: int, *, height: int = ROW) -> Rect:
    """Return the whole width of the middle column."""
    return Rect(MIDDLE, top, MIDDLE_WIDTH, height)


def framed(cell: Rect) -> Rect:
    """Return a cell for a box that draws up to its edge, aligned with the borders of its neighbours."""
    return Rect(cell.left + 1, cell.top + 1, cell.width - 2, cell.height - 2)


def row(top: int, number: int) -> int:
    """Return the top of a row of a group that begins at `top`, counted from 0."""
    return top + number * (ROW + GAP)
