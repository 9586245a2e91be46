"""What the device shows: its display with the status, the progress and the facts of the set, and the rules."""

from max_for_live.table.face import (
    BLOCK,
    COLUMN_GAP,
    DISPLAY_TOP,
    LEFT,
    MIDDLE,
    MIDDLE_WIDTH,
    PLAY_TOP,
    RIGHT,
)
from max_for_live.table.records import HEIGHT, Control, Kind, Rect

_DISPLAY_WIDTH = MIDDLE + MIDDLE_WIDTH - LEFT
_STATUS_HEIGHT, _BAR_HEIGHT, _FACTS_HEIGHT = 27, 2, 15
_BAR_TOP = DISPLAY_TOP + 1 + _STATUS_HEIGHT
_FACTS_TOP = _BAR_TOP + _BAR_HEIGHT
_INNER = LEFT + 4
"""Left edge of what stands in the display."""


def _fact(name: str, left: int, width: int, title: str, info: str) -> Control:
    place = Rect(left, _FACTS_TOP, width, _FACTS_HEIGHT)
    return Control(name, Kind.TEXT, place, "", title=title, info=info, shown=True, role="fact", over="display")


def _rule(name: str, column: int) -> Control:
    place = Rect(column - COLUMN_GAP, PLAY_TOP, COLUMN_GAP, HEIGHT - 3 - PLAY_TOP)
    return Control(name, Kind.LINE, place, role="rule")


SHOWING: tuple[Control, ...] = (
    Control("display", Kind.PANEL, Rect(LEFT, DISPLAY_TOP, _DISPLAY_WIDTH, BLOCK), role="display"),
    Control(
        "lamp",
        Kind.LAMP,
        Rect(_INNER, DISPLAY_TOP + 5, 7, 7),
        title="Lamp",
        info="Red: the daemon is not running. Yellow: it runs, but Live's script does not answer. Green: all is ready. "
        "Blue: something is being made.",
        shown=True,
        role="lamp",
        over="display",
    ),
    Control(
        "status",
        Kind.TEXT,
        Rect(_INNER + 9, DISPLAY_TOP + 1, _DISPLAY_WIDTH - 15, _STATUS_HEIGHT),
        "MuseAroo",
        title="Status",
        info="What MuseAroo does, what came of the last press, and what to do when something is wrong.",
        shown=True,
        role="status",
        over="display",
    ),
    Control(
        "progress",
        Kind.BAR,
        Rect(_INNER, _BAR_TOP, _DISPLAY_WIDTH - 8, _BAR_HEIGHT),
        title="Progress",
        info="How far the press is that takes longest; empty when nothing is under way.",
        shown=True,
        role="progress",
        over="display",
    ),
    _fact("tempo", _INNER, 72, "Tempo", "Tempo and time signature of the Live Set."),
    _fact("key", _INNER + 72, 60, "Key", "The key that MuseAroo takes the set to be in."),
    _fact("chords", _INNER + 132, 81, "Chords", "The chords of the selected scene, where they are known."),
    _fact("daemon", _INNER + 213, 108, "Daemon", "Which MuseAroo daemon the device speaks to, and on which port."),
    _rule("rule_left", MIDDLE),
    _rule("rule_right", RIGHT),
)
