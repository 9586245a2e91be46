"""Find the box that receives a click on the presentation: the one in front."""

from collections.abc import Iterable

from musearoo.tools.max_simulator.objects.base import Face, MaxObject
from musearoo.tools.max_simulator.objects.faces import Comment, Panel

PASSIVE = (Comment, Panel)
"""Visible objects that pass clicks to the objects behind them."""


def is_clickable(found: MaxObject) -> bool:
    """Return whether the object accepts clicks: in the presentation, not hidden, not ignoring clicks."""
    return (
        isinstance(found, Face)
        and bool(found.attribute("presentation", 0))
        and not found.attribute("hidden", 0)
        and not found.attribute("ignoreclick", 0)
        and not isinstance(found, PASSIVE)
    )


def middle_of(found: MaxObject) -> tuple[float, float]:
    """Return the centre of its presentation rectangle."""
    left, top, width, height = found.attribute("presentation_rect", [0.0, 0.0, 0.0, 0.0])
    return left + width / 2, top + height / 2


def front_at(objects: Iterable[MaxObject], place: tuple[float, float]) -> MaxObject | None:
    """Return the clickable object in front at a point: the first in the file, with the background layer last."""
    hit = [found for found in objects if is_clickable(found) and _covers(found, place)]
    return min(hit, key=lambda found: bool(found.attribute("background", 0)), default=None)


def _covers(found: MaxObject, place: tuple[float, float]) -> bool:
    left, top, width, height = found.attribute("presentation_rect", [0.0, 0.0, 0.0, 0.0])
    return bool(left <= place[0] < left + width and top <= place[1] < top + height)
