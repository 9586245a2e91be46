"""What is said between the conductor and what plays along by MIDI: events, effects, and how a device sees it.

Frozen data, as in `bridge.core.events`, which takes them into its own.
"""

from dataclasses import dataclass

from musearoo.bridge.protocol import Audition, Generate, Keep, PlayJam, Refine, TransportState
from musearoo.bridge.protocol.midi_process import ClockSource
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import TakePart

MidiOrder = Audition | Keep | PlayJam
"""A press about what is heard, was played, or will be."""


@dataclass(frozen=True, slots=True)
class MidiView:
    """Live MIDI as it is, as far as all devices see the same of it; each empty or 0 where there is nothing."""

    problem: str = ""
    """Why there is no MIDI at all, in a sentence."""
    sentence: str = ""
    clock: str = ""
    is_running: bool = False
    bpm: float = 0.0
    input: int = 0
    held: str = ""
    key: str = ""
    """The player's, such as A minor."""
    played: int = 0
    turn: int = 0
    bar: int = 0
    who: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """What a device hears before it is kept: its parts, and the transaction that it will be written by.

    `messages` is empty where it stands in the set already; `instance` is the run of the script that they are for.
    """

    session: int
    press: int
    name: str
    parts: tuple[TakePart, ...]
    messages: tuple[Message, ...]
    instance: str
    order: Generate | Refine | Audition
    at: float = 0.0
    """Since when, on the clock of events."""


@dataclass(frozen=True, slots=True)
class JamUnderWay:
    """A jam, as its device asked for it, in a Live; its seed is drawn from `request`.

    `link` is the connection on which it was asked for, `instance` the run of that Live's script, whatever its link.
    """

    order: PlayJam
    request: str
    link: int
    instance: str

    @property
    def session(self) -> int:
        """The device's."""
        return self.order.session


# --- what happens ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MidiSeen:
    """Live MIDI is otherwise than it was; at most five times a second."""

    now: float
    view: MidiView


@dataclass(frozen=True, slots=True)
class TakeSilenced:
    """A take that should sound does not any more: what played it has ended, and is there again, or will be."""

    now: float
    session: int


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuditionTake:
    """Have a take sound from the next bar on, looped, in place of what the device heard."""

    take: Take


@dataclass(frozen=True, slots=True)
class StopTake:
    """Have what a device hears fall silent, on the next bar line or at once."""

    session: int
    at_bar: bool


@dataclass(frozen=True, slots=True)
class KeepPlayed:
    """Make a clip of what was played in; answered by Composed or NotComposed."""

    key: tuple[int, int]
    link: int
    request_id: str
    keep: Keep
    seconds_left: float


@dataclass(frozen=True, slots=True)
class BeginJam:
    """Begin a jam at the next bar, or have the one that there is go on otherwise; answered as Compose is."""

    key: tuple[int, int]
    jam: JamUnderWay


@dataclass(frozen=True, slots=True)
class EndJam:
    """End the jam: everybody falls silent, on the next bar line or at once."""

    at_bar: bool


@dataclass(frozen=True, slots=True)
class FollowLive:
    """Live's transport has been told, just now."""

    transport: TransportState


@dataclass(frozen=True, slots=True)
class FollowClocks:
    """Whom the clock is to follow, of several that are there the first, and the tempo where nobody is."""

    sources: tuple[ClockSource, ...]
    bpm: float


MidiEffect = AuditionTake | StopTake | KeepPlayed | BeginJam | EndJam | FollowLive | FollowClocks


def is_auditioned(order: object) -> bool:
    """Whether what an order asks for is heard, and written only when it is kept."""
    match order:
        case Generate() | Refine():
            return bool(order.hear)
        case Audition():
            return bool(order.on)
        case _:
            return False


def needs_midi(order: object) -> bool:
    """Whether an order comes to nothing without live MIDI."""
    match order:
        case Generate() if order.to_played:
            return True
        case Keep():
            return order.bars != 0
        case PlayJam():
            return bool(order.on)
        case _:
            return is_auditioned(order)
