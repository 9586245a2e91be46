"""The response time of a device: from a click to the change of its display, and to the frame that shows it."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Reaction:
    """A click on a control and its result. Times are in the host's seconds, None until they are known.

    `changed` is what the texts, bars and lamps showed when the frame was drawn. `work` is the measured run time of the
    script in seconds, which the simulated time excludes.
    """

    control: str
    clicked_at: float
    changed_at: float | None = None
    drawn_at: float | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    work: float = 0.0

    @property
    def seconds(self) -> float | None:
        """The time from the click until the user sees the change."""
        return None if self.drawn_at is None else self.drawn_at - self.clicked_at + self.work


LONGEST = 1.0
"""Seconds after which a change of the display no longer counts as a response to a click."""

KEPT = 10_000
"""The number of past clicks to keep."""


class Reactions:
    """The clicks on one device. Only changes made by the script count as a response, not the clicked control itself."""

    def __init__(self) -> None:
        self.all: deque[Reaction] = deque(maxlen=KEPT)
        self._open: list[Reaction] = []

    def click(self, control: str, now: float) -> Reaction:
        """Record a mouse click."""
        reaction = Reaction(control, now)
        self.all.append(reaction)
        self._open = [*(one for one in self._open if now - one.clicked_at < LONGEST), reaction]
        return reaction

    def change(self, name: str, shown: Any, now: float) -> None:
        """Record a change of the display."""
        for reaction in self._open:
            if name != reaction.control:
                reaction.changed_at = now if reaction.changed_at is None else reaction.changed_at
                reaction.changed[name] = shown

    def draw(self, now: float) -> None:
        """Record a frame: earlier changes are visible now."""
        for reaction in self._open:
            if reaction.changed_at is not None:
                reaction.drawn_at = now
        self._open = [reaction for reaction in self._open if reaction.drawn_at is None]
