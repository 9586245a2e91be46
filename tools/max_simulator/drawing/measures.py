"""Measure a device's user interface: text that does not fit, low contrast, misaligned edges.

None of it needs Pillow.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from musearoo.tools.max_simulator.drawing.boxes import Box, boxes_of
from musearoo.tools.max_simulator.drawing.letters import text_width
from musearoo.tools.max_simulator.drawing.texts import Writing, behind_of, seen_rect, writings
from musearoo.tools.max_simulator.drawing.themes import DARK, LIGHT, THEMES, Theme, contrast, over

READABLE = 4.5
"""The minimum text contrast of the Web Content Accessibility Guidelines 2.1."""

NEAR = 3.0
"""Edges closer than this, in pixels, look as if they were meant to be aligned."""


EDGED = ("live.text", "live.menu", "live.tab", "live.numbox", "textedit", "panel")
"""The classes with visible edges; the box of a comment, a dial or an invisible button is not visible."""


@dataclass(frozen=True, slots=True)
class Overflow:
    """A text that may not fit: the space it needs and has, in pixels or, with `lines`, in lines of text."""

    name: str
    text: str
    needs: float
    has: float
    lines: bool = False

    def __str__(self) -> str:
        unit = "lines" if self.lines else "px"
        return f"{self.name}: “{self.text}” needs up to {self.needs:.3g} {unit} and has {self.has:.3g}"


@dataclass(frozen=True, slots=True)
class LowContrast:
    """A text with low contrast in one of Live's themes."""

    name: str
    text: str
    theme: str
    ratio: float

    def __str__(self) -> str:
        return f"{self.name}: “{self.text}” has a contrast of {self.ratio:.1f} in the {self.theme} theme"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two edges of one side, `left`, `right`, `top` or `bottom`, that are almost aligned."""

    side: str
    one: str
    other: str
    apart: float

    def __str__(self) -> str:
        return f"{self.one} and {self.other}: their {self.side} edges are {self.apart:g} px apart"


@dataclass(frozen=True, slots=True)
class Gap:
    """The distance in pixels between two boxes next to each other, `across`, or one above the other, `down`."""

    direction: str
    one: str
    other: str
    pixels: float


def text_overflows(patcher: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> tuple[Overflow, ...]:
    """Return the texts that do not fit in Arial Bold, testing every menu choice, both toggle labels, and both ends of a
    dial.
    """
    found = (_overflow(box, writing) for box, writing in _written(patcher, values, LIGHT))
    return tuple(dict.fromkeys(overflow for overflow in found if overflow is not None))


def low_contrasts(
    patcher: Mapping[str, Any], values: Mapping[str, Any] | None = None, *, least: float = READABLE
) -> tuple[LowContrast, ...]:
    """Return the texts whose contrast is below `least`, in either theme, pressed or not."""
    found = []
    for theme in THEMES.values():
        for box, writing in _written(patcher, values, theme):
            ratio = contrast(over(writing.colour, writing.behind), writing.behind)
            if writing.text and ratio < least:
                found.append(LowContrast(box.name, writing.text, theme.name, ratio))
    return tuple(dict.fromkeys(found))


def near_misses(patcher: Mapping[str, Any]) -> tuple[NearMiss, ...]:
    """Return the edges that are almost aligned: less than 3 px apart, but not 0."""
    boxes = _solid(boxes_of(patcher, None, DARK))
    found = []
    for place, side in enumerate(("left", "top", "right", "bottom")):
        ordered = sorted(boxes, key=lambda box: seen_rect(box)[place])
        for one, other in pairwise(ordered):
            apart = seen_rect(other)[place] - seen_rect(one)[place]
            if 0 < apart < NEAR:
                found.append(NearMiss(side, one.name, other.name, apart))
    return tuple(found)


def gaps(patcher: Mapping[str, Any]) -> tuple[Gap, ...]:
    """Return the gaps between neighbours, as drawn: across, then down; negative for an overlap."""
    boxes = _solid(boxes_of(patcher, None, DARK))
    return (*_gaps(boxes, "across", 0), *_gaps(boxes, "down", 1))


def _gaps(boxes: Sequence[Box], direction: str, axis: int) -> Iterator[Gap]:
    """Yield the gaps in one direction.

    A box's neighbour is the next box that overlaps at least half of the smaller side.
    """
    for one in boxes:
        ahead = [
            (seen_rect(other)[axis] - seen_rect(one)[axis + 2], other.name)
            for other in boxes
            if other is not one
            and seen_rect(other)[axis] > seen_rect(one)[axis]
            and _shared(one, other, 1 - axis) >= 0.5
        ]
        if ahead:
            pixels, name = min(ahead)
            yield Gap(direction, one.name, name, pixels)


def _shared(one: Box, other: Box, axis: int) -> float:
    """Return the overlap of two boxes as a fraction of the smaller height (axis 1) or width (axis 0), 0..1."""
    start = max(seen_rect(one)[axis], seen_rect(other)[axis])
    end = min(seen_rect(one)[axis + 2], seen_rect(other)[axis + 2])
    return max(0.0, end - start) / min(_length(one, axis), _length(other, axis))


def _length(box: Box, axis: int) -> float:
    return seen_rect(box)[axis + 2] - seen_rect(box)[axis]


def _solid(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return the boxes with visible edges, without those inside another of them, such as a lamp in its display."""
    edged = [box for box in boxes if box.kind in EDGED]
    return tuple(box for box in edged if not any(_holds(other, box) for other in edged if other is not box))


def _holds(one: Box, other: Box) -> bool:
    left, top, right, bottom = seen_rect(one)
    inner_left, inner_top, inner_right, inner_bottom = seen_rect(other)
    return left <= inner_left and top <= inner_top and inner_right <= right and inner_bottom <= bottom


def _overflow(box: Box, writing: Writing) -> Overflow | None:
    lines = (writing.text,) if writing.rows == 1 else writing.lines(text_width)
    widest = max(text_width(line, writing.size) for line in lines)
    if widest > writing.room:
        return Overflow(box.name, writing.text, widest, writing.room)
    if len(lines) > writing.rows:
        return Overflow(box.name, writing.text, len(lines), writing.rows, lines=True)
    return None


def _written(
    patcher: Mapping[str, Any], values: Mapping[str, Any] | None, theme: Theme
) -> Iterator[tuple[Box, Writing]]:
    boxes = boxes_of(patcher, values, theme)
    surface = theme.colour("live_surface_bg")
    for box in boxes:
        behind = behind_of(box, boxes, surface)
        seen = set()
        for state in _states(box):
            for writing in writings(replace(box, state={**box.state, **state}), behind):
                if writing not in seen:
                    seen.add(writing)
                    yield box, writing


def _states(box: Box) -> tuple[Mapping[str, Any], ...]:
    """Return the states in which a box shows different text or colours."""
    if box.kind == "live.text":
        return {"value": 0}, {"value": 1}
    if box.choices:
        return tuple({"value": place, "shown": choice} for place, choice in enumerate(box.choices))
    if box.kind in ("live.dial", "live.numbox"):
        return {"value": box.low}, {"value": box.high}
    return ({},)
