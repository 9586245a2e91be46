"""How soon a device answers the hand: from a click to the change of its face, and to the frame that shows it."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Reaction:
    """A click on a control and what came of it; times are the host's seconds, None while they have not come.

    `changed` has what the texts, bars and lamps showed when the frame was drawn. `work` are measured seconds that this
    machine took for the script, which the model's time leaves out.
    """

    control: str
    clicked_at: float
    changed_at: float | None = None
    drawn_at: float | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    work: float = 0.0

    @property
    def seconds(self) -> float | None:
        """From the click until a person sees it."""
        return None if self.drawn_at is None else self.drawn_at - self.clicked_at + self.work


LONGEST = 1.0
"""Seconds after which a change of the face is no answer to a click any more."""

KEPT = 10_000
"""Clicks that can be looked at afterwards."""


class Reactions:
    """The clicks on one device; only what the script shows counts as an answer, not the control that was clicked."""

    def __init__(self) -> None:
        self.all: deque[Reaction] = deque(maxlen=KEPT)
        self._open: list[Reaction] = []

    def click(self, control: str, now: float) -> Reaction:
        """The mouse goes down."""
        reaction = Reaction(control, now)
        self.all.append(reaction)
        self._open = [*(one for one in self._open if now - one.clicked_at < LONGEST), reaction]
        return reaction

    def change(self, name: str, shown: Any, now: float) -> None:
        """Something on the face has changed."""
        for reaction in self._open:
            if name != reaction.control:
                reaction.changed_at = now if reaction.changed_at is None else reaction.changed_at
                reaction.changed[name] = shown

    def draw(self, now: float) -> None:
        """A frame: what has changed before it can be seen now."""
        for reaction in self._open:
            if reaction.changed_at is not None:
                reaction.drawn_at = now
        self._open = [reaction for reaction in self._open if reaction.drawn_at is None]
