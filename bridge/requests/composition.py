"""The result of a request: the transaction for Live, the parts to play, and sentences for the user."""

from dataclasses import dataclass

from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.scale import Key


@dataclass(frozen=True, slots=True)
class TakePart:
    """One band member's part of a take."""

    role: Role
    clip: Clip


@dataclass(frozen=True, slots=True)
class Recipe:
    """What reproduces the notes of a request, with the request itself: the style, the first take's seed, the context.

    `context` is None where the request alone decides, as for a song; `key` is what is played in then.
    """

    style: str
    seed: int
    context: MusicalContext | None
    key: Key | None = None
    lean: tuple[str, ...] = ()
    """The engines that played with lean effort, as the computer was busy."""


@dataclass(frozen=True, slots=True)
class Composition:
    """The result of a request: messages for Live, or none; a name unless it is one named clip; and sentences.

    `parts` are how it sounds, of several takes the first. `files` are paths that were made for this press
    alone; `stays` says what was made and where it lies, for when Live does not take it.
    """

    messages: tuple[Message, ...]
    name: str = ""
    notices: tuple[str, ...] = ()
    parts: tuple[TakePart, ...] = ()
    files: tuple[str, ...] = ()
    stays: str = ""
    clip: int = 0
    """The id of a clip that is in the set already, if that is to be heard; 0 for none."""
    recipe: Recipe | None = None
    """None if no engine played."""
