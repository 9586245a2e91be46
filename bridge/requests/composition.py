"""What a press comes to: the transaction for Live, how it sounds, and what is to be said of it."""

from dataclasses import dataclass

from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role


@dataclass(frozen=True, slots=True)
class TakePart:
    """What one of the band plays in a take."""

    role: Role
    clip: Clip


@dataclass(frozen=True, slots=True)
class Composition:
    """The messages for Live, or none; what was made, where it is not one clip with a name of its own; sentences.

    `parts` are how it sounds, of several takes the first. `files` are paths that were made for this press
    alone; `stays` says what was made and where it lies, for when Live does not take it.
    """

    messages: tuple[Message, ...]
    name: str = ""
    told: tuple[str, ...] = ()
    parts: tuple[TakePart, ...] = ()
    files: tuple[str, ...] = ()
    stays: str = ""
