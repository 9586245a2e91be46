"""What a press comes to: the transaction for Live, and what is to be said of it."""

from dataclasses import dataclass

from bridge.wire_types import Message


@dataclass(frozen=True, slots=True)
class Composition:
    """The messages for Live, or none; what was made, where it is not one clip with a name of its own; sentences."""

    messages: tuple[Message, ...]
    name: str = ""
    told: tuple[str, ...] = ()
