"""Rules for the presentation: everything is visible, nothing overlaps or is too close, and texts fit."""

from collections.abc import Iterator
from itertools import combinations

from musearoo.max_for_live.table.records import HEIGHT
from musearoo.tools.max_simulator.drawing.measures import text_overflows
from musearoo.tools.max_simulator.drawing.themes import DrawingError
from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of, table
from musearoo.tools.workshop.lint.device.reading.patch import Box
from musearoo.tools.workshop.lint.device.reading.subject import Subject
from musearoo.tools.workshop.lint.device.rules.cords import is_touched

RULES = {
    "no-place": Rule(Ground.GUIDELINE, "what is in the presentation has a place there"),
    "faceless": Rule(Ground.GUIDELINE, "objects without a face are not in the presentation"),
    "half-pixel": Rule(Ground.GUIDELINE, "places are whole pixels"),
    "off-device": Rule(Ground.GUIDELINE, "nothing lies outside of what Live shows of the device"),
    "overlap": Rule(Ground.GUIDELINE, "nothing lies over anything, but on a panel or under a transparent button"),
    "covered": Rule(Ground.GUIDELINE, "what lies on a panel or under a button's face is not hidden by it"),
    "uneven-margins": Rule(Ground.GUIDELINE, "the device is as far from its left edge as from its right"),
    "text-overflow": Rule(
        Ground.GUIDELINE, "every label, each choice of a menu and both ends of a dial fit their place"
    ),
    "unmeasured": Rule(Ground.HOUSE, "the face can be drawn, so that its texts can be measured"),
}

_BEHIND = frozenset({"panel", "fpic", "live.line"})
"""Boxes that may be behind others: backgrounds, pictures and lines."""

_OVER = frozenset({"ubutton"})
"""Transparent objects that only receive the mouse."""

_MARGIN_SLACK = 1
"""The allowed difference of the two margins in pixels: an odd width cannot be halved."""

Place = tuple[float, float, float, float]


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for the layout of a device; none for a patcher that is not a device."""
    if not subject.is_device:
        return
    placed: list[tuple[Box, Place]] = []
    for box in subject.face():
        if box.is_typed or class_of(box) not in table().faces:
            yield subject.finding("faceless", box, f"{box.name} has nothing to show")
        place = _place(box)
        if place is None or place[2] <= 0 or place[3] <= 0:
            yield subject.finding("no-place", box, "it is in the presentation but has no presentation_rect with a size")
        else:
            placed.append((box, place))
    width = face_width(subject)
    for box, place in placed:
        yield from _frame(subject, box, place, width)
    for (front, over), (back, under) in combinations(placed, 2):
        if _meet(over, under):
            yield from _overlap(subject, (front, over), (back, under))
    yield from _margins(subject, [place for _, place in placed], width)
    yield from _texts(subject)


def _texts(subject: Subject) -> Iterator[Finding]:
    """Yield texts that are wider or higher than their boxes, measured in Arial Bold."""
    if any("maxclass" not in box.data for box in subject.top.boxes):
        return
    try:
        overflows = text_overflows(subject.patcher)
    except DrawingError as error:
        yield subject.finding("unmeasured", None, str(error))
        return
    for overflow in overflows:
        yield subject.finding("text-overflow", None, str(overflow))


def face_width(subject: Subject) -> float:
    """Return the device's width in pixels: its own, or that of its window; 0 if neither is given."""
    width = float(subject.patcher.get("devicewidth", 0.0))
    opened = subject.patcher.get("openrect", (0, 0, 0, 0))
    return width or float(opened[2])


def _place(box: Box) -> Place | None:
    rect = box.data.get("presentation_rect")
    if not isinstance(rect, list) or len(rect) != 4:
        return None
    left, top, width, height = (float(part) for part in rect)
    return left, top, width, height


def _frame(subject: Subject, box: Box, place: Place, width: float) -> Iterator[Finding]:
    left, top, across, down = place
    if any(part != int(part) for part in place):
        yield subject.finding(
            "half-pixel", box, f"its place {_words(place)} is not in whole pixels: it is drawn blurred"
        )
    outside = [
        side
        for side, beyond in (
            ("left", left < 0),
            ("top", top < 0),
            ("right", bool(width) and left + across > width),
            ("bottom", top + down > HEIGHT),
        )
        if beyond
    ]
    if outside:
        size = f"{width:g} by {HEIGHT}" if width else f"{HEIGHT} high"
        yield subject.finding("off-device", box, f"its place {_words(place)} is beyond the {outside[0]} edge of {size}")


def _words(place: Place) -> str:
    return "[" + ", ".join(f"{part:g}" for part in place) + "]"


def _meet(one: Place, other: Place) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def _holds(outer: Place, inner: Place) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and outer[0] + outer[2] >= inner[0] + inner[2]
        and outer[1] + outer[3] >= inner[1] + inner[3]
    )


def _overlap(subject: Subject, front: tuple[Box, Place], back: tuple[Box, Place]) -> Iterator[Finding]:
    """Yield the findings for two overlapping boxes.

    The earlier one is in front; one with `background` is behind all.
    """
    if front[0].data.get("background") and not back[0].data.get("background"):
        front, back = back, front
    (upper, over), (lower, under) = front, back
    if class_of(upper) in _OVER:
        if not _holds(under, over) and not _holds(over, under):
            yield subject.finding("overlap", upper, f"it reaches over the edge of {lower.title}")
    elif class_of(lower) in _OVER:
        if is_touched(upper):
            yield subject.finding("covered", lower, f"{upper.title} lies before it and takes its clicks")
    elif class_of(lower) in _BEHIND:
        if not _holds(under, over) and class_of(upper) not in _BEHIND:
            yield subject.finding("overlap", upper, f"it reaches over the edge of {lower.title}")
    elif class_of(upper) in _BEHIND:
        yield subject.finding("covered", lower, f"{upper.title} lies before it and hides it: it belongs behind")
    else:
        yield subject.finding("overlap", upper, f"it lies over {lower.title}")


def _margins(subject: Subject, places: list[Place], width: float) -> Iterator[Finding]:
    if not places or not width:
        return
    left = min(place[0] for place in places)
    right = width - max(place[0] + place[2] for place in places)
    if left >= 0 <= right and abs(left - right) > _MARGIN_SLACK:
        yield subject.finding("uneven-margins", None, f"{left:g} px are free on its left and {right:g} px on its right")
