"""Where boxes lie in the patching window: from top to bottom as messages go, so that a person can read the patch."""

from collections import defaultdict

from max_for_live.table.records import Rect
from tools.max_device.wiring import SCRIPT, Patch

MARGIN, GAP, ROW = 24, 16, 64
"""Pixels: around the patch, between neighbours, from one row to the next. All multiples of Max's grid of 8."""

BOX_HEIGHT = 20
"""Height of an object or message in 10 point."""


def lay_out(patch: Patch) -> dict[str, Rect]:
    """A place for each box, by name. What comes back to the script runs upwards; all other cords run down."""
    rows: dict[int, list[str]] = defaultdict(list)
    depths = _depths(patch)
    for box in patch.boxes:
        rows[depths[box.name]].append(box.name)
    feeds: dict[str, list[str]] = defaultdict(list)
    for cord in patch.cords:
        if depths[cord.source] < depths[cord.destination]:
            feeds[cord.destination].append(cord.source)
    sizes = {box.name: (box.rect.width, box.rect.height) if box.rect else _size(box.text) for box in patch.boxes}
    places: dict[str, Rect] = {}
    top = MARGIN
    for depth in sorted(rows):
        left = MARGIN
        # Under what feeds them, as far as the row leaves room: cords cross as little as may be.
        for name in sorted(rows[depth], key=lambda name: _wanted(feeds[name], places)):
            width, height = sizes[name]
            left = max(left, _wanted(feeds[name], places))
            places[name] = Rect(left, top, width, height)
            left += -(-(width + GAP) // 8) * 8
        tallest = max(sizes[name][1] for name in rows[depth])
        top += -(-max(tallest + GAP * 2, ROW) // 8) * 8
    return places


def _depths(patch: Patch) -> dict[str, int]:
    """How many cords lie before each box on the longest way to it; cords that lead back are not counted."""
    after: dict[str, list[str]] = defaultdict(list)
    for cord in patch.cords:
        after[cord.source].append(cord.destination)
    depths: dict[str, int] = {}
    done: list[str] = []
    state: dict[str, str] = {}
    back: set[tuple[str, str]] = set()

    def visit(name: str) -> None:
        state[name] = "open"
        for follower in after[name]:
            if state.get(follower) == "open":
                back.add((name, follower))
            elif follower not in state:
                visit(follower)
        state[name] = "done"
        done.append(name)

    # The script first, so that of every ring it is the cord back to the script that counts as leading back.
    for name in (SCRIPT, *(box.name for box in patch.boxes)):
        if name not in state:
            visit(name)
    for name in reversed(done):
        depths.setdefault(name, 0)
        for follower in after[name]:
            if (name, follower) not in back:
                depths[follower] = max(depths.get(follower, 0), depths[name] + 1)
    return depths


def _wanted(sources: list[str], places: dict[str, Rect]) -> int:
    """The left edge at which a box would stand under the first of its sources."""
    return min((places[name].left for name in sources), default=0)


def _size(text: str) -> tuple[int, int]:
    """About the width that Max gives a text in Arial Bold of 10 points, and the height of one line."""
    return max(32, -(-(len(text) * 6 + 12) // 8) * 8), BOX_HEIGHT
