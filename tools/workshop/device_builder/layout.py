"""The layout of boxes in the patching window, for human readers.

At the top the controls that send, each with its path to the script below it, line by line; then the script and all
others from top to bottom in message order; at the bottom the display-only controls without cords.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from musearoo.max_for_live.table.records import Cord, Rect
from musearoo.tools.workshop.device_builder.wiring import SCRIPT, Patch

MARGIN, GAP, DROP = 24, 16, 24
"""Pixels: around the patch, between horizontal neighbours, between vertical neighbours."""

WIDTH = 1240
"""Pixels after which a line of boxes wraps: the width of the patch's window."""

GRID = 8
"""Max's grid; boxes are placed on it."""

TEXT_HEIGHT = 20
"""Height of an object or message in 10 point."""


def lay_out(patch: Patch) -> dict[str, Rect]:
    """Return a rectangle for each box, by name. Cords back to the script, and to a control that sends, run upwards."""
    sizes = {box.name: (box.rect.width, box.rect.height) if box.rect else _size(box.text) for box in patch.boxes}
    faces = [box.name for box in patch.boxes if box.rect is not None]
    corded = {name for cord in patch.cords for name in (cord.source, cord.destination)}
    ways = _ways(patch, faces)
    used = {name for way in ways for name in way}
    flow = [box.name for box in patch.boxes if box.name in corded - used]
    idle = [name for name in faces if name not in corded]
    places: dict[str, Rect] = {}
    top = MARGIN
    blocks = [_block(way, patch.cords, sizes) for way in ways]
    top = _lines_of(blocks, top, places)
    top = _block_at(_block(flow, patch.cords, sizes), MARGIN, top, places)
    _lines_of([{name: Rect(0, 0, *sizes[name])} for name in idle], top, places)
    return places


def _ways(patch: Patch, faces: Iterable[str]) -> list[list[str]]:
    """Return for each control that sends, itself and what is between it and the script."""
    after: dict[str, list[str]] = defaultdict(list)
    for cord in patch.cords:
        after[cord.source].append(cord.destination)
    ways = []
    for name in faces:
        way = []
        ahead = [name] if after[name] else []
        while ahead:
            here = ahead.pop(0)
            if here not in way:
                way.append(here)
                ahead += [follower for follower in after[here] if follower != SCRIPT]
        if way:
            ways.append(way)
    return ways


def _block(names: Collection[str], cords: Iterable[Cord], sizes: dict[str, tuple[int, int]]) -> dict[str, Rect]:
    """Return positions from 0, 0 on for connected boxes: a row per step, each box below its source."""
    within = [cord for cord in cords if cord.source in names and cord.destination in names]
    depths = _depths(names, within)
    feeds: dict[str, list[str]] = defaultdict(list)
    for cord in within:
        if depths[cord.source] < depths[cord.destination]:
            feeds[cord.destination].append(cord.source)
    rows: dict[int, list[str]] = defaultdict(list)
    for name in names:
        rows[depths[name]].append(name)
    places: dict[str, Rect] = {}

    def wanted(name: str) -> int:
        return min((places[source].left for source in feeds[name]), default=0)

    top = 0
    for depth in sorted(rows):
        left = 0
        for name in sorted(rows[depth], key=wanted):
            left = max(left, wanted(name))
            places[name] = Rect(left, top, *sizes[name])
            left = _on_grid(left + sizes[name][0] + GAP)
        top = _on_grid(top + max(sizes[name][1] for name in rows[depth]) + DROP)
    return places


def _lines_of(blocks: Iterable[dict[str, Rect]], top: int, places: dict[str, Rect]) -> int:
    """Place blocks side by side, in as many lines as they need; return where the next thing may begin."""
    left, bottom = MARGIN, top
    for block in blocks:
        width = max(rect.right for rect in block.values())
        if left > MARGIN and left + width > WIDTH:
            left, top = MARGIN, bottom
        bottom = max(bottom, _block_at(block, left, top, places))
        left = _on_grid(left + width + GAP)
    return bottom


def _block_at(block: dict[str, Rect], left: int, top: int, places: dict[str, Rect]) -> int:
    """Move a block to its position; return where the next thing below it may begin."""
    for name, rect in block.items():
        places[name] = Rect(left + rect.left, top + rect.top, rect.width, rect.height)
    return _on_grid(top + max((rect.bottom for rect in block.values()), default=0) + DROP)


def _depths(names: Iterable[str], cords: Iterable[Cord]) -> dict[str, int]:
    """Return the number of cords on the longest path to each box, without backward cords."""
    after: dict[str, list[str]] = defaultdict(list)
    for cord in cords:
        after[cord.source].append(cord.destination)
    open_names: set[str] = set()
    done: list[str] = []
    back: set[tuple[str, str]] = set()

    def visit(name: str) -> None:
        open_names.add(name)
        for follower in after[name]:
            if follower in open_names:
                back.add((name, follower))
            elif follower not in done:
                visit(follower)
        open_names.remove(name)
        done.append(name)

    # The script first, so that in every cycle the cord back to the script counts as the backward one.
    for name in sorted(names, key=lambda name: name != SCRIPT):
        if name not in done:
            visit(name)
    depths = dict.fromkeys(reversed(done), 0)
    for name in depths:
        for follower in after[name]:
            if (name, follower) not in back:
                depths[follower] = max(depths[follower], depths[name] + 1)
    return depths


def _on_grid(pixels: int) -> int:
    return -(-pixels // GRID) * GRID


def _size(text: str) -> tuple[int, int]:
    """Return about the width of a text in Max in Arial Bold of 10 points, and the height of one line."""
    return max(32, _on_grid(len(text) * 6 + 12)), TEXT_HEIGHT
