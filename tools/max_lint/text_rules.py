"""Rules of the words on the face: that there is room for them."""

from collections.abc import Iterator

from tools.max_lint.findings import Finding, Ground, Rule
from tools.max_lint.subject import Subject
from tools.max_simulator.drawing.measures import text_overflows
from tools.max_simulator.drawing.themes import DrawingError

RULES = {
    "text-overflow": Rule(
        Ground.GUIDELINE, "every label, each choice of a menu and both ends of a dial fit their place"
    ),
    "unmeasured": Rule(Ground.HOUSE, "the face can be drawn, so that its texts can be measured"),
}


def check(subject: Subject) -> Iterator[Finding]:
    """Which texts on a device's face are wider or higher than their boxes, measured in Arial Bold."""
    if not subject.is_device or any("maxclass" not in box.data for box in subject.top.boxes):
        return
    try:
        overflows = text_overflows(subject.patcher)
    except DrawingError as error:
        yield subject.finding("unmeasured", None, str(error))
        return
    for overflow in overflows:
        yield subject.finding("text-overflow", None, str(overflow))
