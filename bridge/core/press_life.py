"""The life of a press: its states, each with what only that state has, and which of them may follow which. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.core.events import Analyzed, Composed
from musearoo.bridge.core.midi_events import Take
from musearoo.bridge.core.undo import Step
from musearoo.bridge.protocol import ScriptHello
from musearoo.bridge.protocol.types import Message


@dataclass(frozen=True, slots=True)
class WaitingForLive:
    """No Live is there yet that could do it."""


@dataclass(frozen=True, slots=True)
class InWork:
    """Engines compose, analyse, separate or record for it. Nothing has gone to Live."""

    link: int
    live: ScriptHello
    kept: Take | None
    """The take that it puts into the set, where that is what it is for."""


@dataclass(frozen=True, slots=True)
class InLive:
    """Its transaction has gone to Live, from where nothing takes it back but undo."""

    link: int
    live: ScriptHello
    kept: Take | None
    made: Composed | Analyzed
    """What was made or found for it, with the transaction."""

    @property
    def sent_at(self) -> float:
        """When the transaction went to Live."""
        return self.made.now

    @property
    def messages(self) -> tuple[Message, ...]:
        """The transaction."""
        return self.made.messages


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Live was asked to take an earlier transaction back."""

    link: int
    live: ScriptHello
    sent_at: float
    messages: tuple[Message, ...]
    step: Step


Life = WaitingForLive | InWork | InLive | TakingBack

FOLLOWERS: Final[Mapping[type[Life], tuple[type[Life], ...]]] = {
    WaitingForLive: (InWork, TakingBack),
    InWork: (InLive,),
    # Sent again to a Live that is back on another connection.
    InLive: (InLive,),
    TakingBack: (TakingBack,),
}
"""Which state may follow which. A press may end in any of them: then it is no longer among the presses."""


def require_may_follow(life: Life, following: Life) -> None:
    """Raise ValueError where one state of a press must not follow another.

    >>> require_may_follow(WaitingForLive(), WaitingForLive())
    Traceback (most recent call last):
    ValueError: a press that is WaitingForLive cannot become WaitingForLive
    """
    if type(following) not in FOLLOWERS[type(life)]:
        raise ValueError(f"a press that is {type(life).__name__} cannot become {type(following).__name__}")
