"""The states of a press, each with its own data, and the table of their transitions. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.core.events.incoming import Analyzed, Composed
from musearoo.bridge.core.events.midi import Take
from musearoo.bridge.core.undo import Step
from musearoo.bridge.protocol import ScriptHello
from musearoo.bridge.protocol.types import Message


@dataclass(frozen=True, slots=True)
class WaitingForLive:
    """Waits for a Live that can perform it."""


@dataclass(frozen=True, slots=True)
class Dropping:
    """Waits until Live has taken back the take that was heard before: then its track and clip are gone."""

    link: int
    live: ScriptHello
    request: str
    """The id of the request that takes it back."""


@dataclass(frozen=True, slots=True)
class InWork:
    """Engines or jobs work on it. Nothing was sent to Live."""

    link: int
    live: ScriptHello
    kept: Take | None
    """The take that it writes into the set, if it is a Keep."""


@dataclass(frozen=True, slots=True)
class InLive:
    """Its transaction was sent to Live; only undo can revert it now."""

    link: int
    live: ScriptHello
    kept: Take | None
    made: Composed | Analyzed
    """Its result, with the transaction."""

    @property
    def sent_at(self) -> float:
        """When the transaction was sent to Live."""
        return self.made.now

    @property
    def messages(self) -> tuple[Message, ...]:
        """The transaction."""
        return self.made.messages


@dataclass(frozen=True, slots=True)
class TakingBack:
    """An Undo: Live was asked to undo an earlier transaction."""

    link: int
    live: ScriptHello
    sent_at: float
    messages: tuple[Message, ...]
    step: Step


Life = WaitingForLive | Dropping | InWork | InLive | TakingBack

FOLLOWERS: Final[Mapping[type[Life], tuple[type[Life], ...]]] = {
    WaitingForLive: (Dropping, InWork, TakingBack),
    Dropping: (InWork,),
    InWork: (InLive,),
    # Sent again to a Live that reconnected.
    InLive: (InLive,),
    TakingBack: (TakingBack,),
}
"""The transitions. A press may end in any state: then it is removed from the presses."""


def require_may_follow(life: Life, following: Life) -> None:
    """Raise ValueError for a transition that is not in FOLLOWERS.

    >>> require_may_follow(WaitingForLive(), WaitingForLive())
    Traceback (most recent call last):
    ValueError: a press that is WaitingForLive cannot become WaitingForLive
    """
    if type(following) not in FOLLOWERS[type(life)]:
        raise ValueError(f"a press that is {type(life).__name__} cannot become {type(following).__name__}")
