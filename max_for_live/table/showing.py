"""The device's display: status, progress and facts of the set, and the rules between columns."""

from musearoo.max_for_live.table.face import (
    AMBIENT,
    BLOCK,
    COLUMN_GAP,
    DISPLAY_TOP,
    LEFT,
    LIVE,
    LIVE_WIDTH,
    MARGIN,
    MIDDLE,
    MIDDLE_WIDTH,
    PLAY_TOP,
    RIGHT,
    framed,
)
from musearoo.max_for_live.table.records import HEIGHT, Control, Kind, Rect

_DISPLAY = framed(Rect(LEFT, DISPLAY_TOP, MIDDLE + MIDDLE_WIDTH - LEFT, BLOCK))
_STATUS_HEIGHT, _BAR_HEIGHT, _FACTS_HEIGHT = 27, 2, 15
_BAR_TOP = _DISPLAY.top + _STATUS_HEIGHT
_FACTS_TOP = _BAR_TOP + _BAR_HEIGHT
_EDGE = 5
"""Pixels from the display's left and right edges to its contents."""

_INSET = 4
"""Pixels from the edge of a comment's box to its text."""

_LAMP = 7
"""Diameter of the lamp in pixels: the height of the letters next to it."""

_FACTS_LEFT = _DISPLAY.left + _EDGE - _INSET
_STATUS_LEFT = _DISPLAY.left + _EDGE + _LAMP
_TEXT_RIGHT = _DISPLAY.right - _EDGE + _INSET

_ALONG = framed(Rect(LIVE, DISPLAY_TOP, LIVE_WIDTH, BLOCK))
_ALONG_LEFT, _ALONG_RIGHT = _ALONG.left + _EDGE - _INSET, _ALONG.right - _EDGE + _INSET
_HELD_WIDTH = 68
"""Pixels for the widest of all chord symbols, Bbmaj7#11/Gb."""


def _fact(name: str, left: int, width: int, title: str, info: str, role: str = "fact") -> Control:
    place = Rect(_FACTS_LEFT + left, _FACTS_TOP, width, _FACTS_HEIGHT)
    return Control(name, Kind.TEXT, place, "", title=title, info=info, shown=True, role=role, over="display")


def _line(name: str, number: int, title: str, info: str) -> Control:
    """Return a line of the display for playing along, counted from 0; the first line also contains the chord."""
    right = _ALONG_RIGHT - (_HELD_WIDTH if number == 0 else 0)
    place = Rect(_ALONG_LEFT, _ALONG.top + number * _FACTS_HEIGHT, right - _ALONG_LEFT, _FACTS_HEIGHT)
    return Control(name, Kind.TEXT, place, "", title=title, info=info, shown=True, role="fact", over="along")


def _rule(name: str, column: int) -> Control:
    place = Rect(column - COLUMN_GAP, PLAY_TOP, COLUMN_GAP, HEIGHT - MARGIN - PLAY_TOP)
    return Control(name, Kind.LINE, place, role="rule")


SHOWING: tuple[Control, ...] = (
    Control("display", Kind.PANEL, _DISPLAY, role="display"),
    Control(
        "lamp",
        Kind.LAMP,
        Rect(_DISPLAY.left + _EDGE, _DISPLAY.top + 5, _LAMP, _LAMP),
        title="Lamp",
        info="Red: the daemon is not running, or the device may not read its key: the display says which. Yellow: it "
        "runs, but Live's script does not answer. Green: all is ready. Blue: something is being made.",
        shown=True,
        role="lamp",
        over="display",
    ),
    Control(
        "status",
        Kind.TEXT,
        Rect(_STATUS_LEFT, _DISPLAY.top, _TEXT_RIGHT - _STATUS_LEFT, _STATUS_HEIGHT),
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
        Rect(_DISPLAY.left + _EDGE, _BAR_TOP, _DISPLAY.width - 2 * _EDGE, _BAR_HEIGHT),
        title="Progress",
        info="How far the press is that was made last; empty when nothing is under way. While you talk, how loud you "
        "are.",
        shown=True,
        role="progress",
        over="display",
    ),
    _fact("tempo", 0, 75, "Tempo", "Tempo and time signature of the Live Set."),
    _fact("key", 75, 65, "Key", "The key that MuseAroo takes the set to be in."),
    _fact("chords", 140, 84, "Chords", "The chords of the selected scene, where they are known."),
    _fact("daemon", 224, 102, "Daemon", "Which MuseAroo daemon the device speaks to, and its port.", role="fact_right"),
    Control("along", Kind.PANEL, _ALONG, role="display"),
    _line("clock", 0, "Clock", "Whom MuseAroo's beat follows when you play along, and its tempo."),
    Control(
        "held",
        Kind.TEXT,
        Rect(_ALONG_RIGHT - _HELD_WIDTH, _ALONG.top, _HELD_WIDTH, _FACTS_HEIGHT),
        "",
        title="Played",
        info="The chord that you hold at MuseAroo In, or whether notes arrive there at all.",
        shown=True,
        role="fact_right",
        over="along",
    ),
    _line("to_keep", 1, "To Keep", "The take that you hear, or how many bars of your own playing can be kept."),
    _line("turn", 2, "Turn", "Whose turn it is in the jam, and which bar of it."),
    _rule("rule_left", MIDDLE),
    _rule("rule_live", LIVE),
    _rule("rule_ambient", AMBIENT),
    _rule("rule_right", RIGHT),
)
