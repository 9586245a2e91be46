"""Events and effects of live MIDI, and its state as devices see it: frozen data, part of `events` and `effects`."""

from musearoo.bridge.protocol import Audition, Generate, Keep, PlayJam, Refine, TransportState
from musearoo.bridge.protocol.midi_process import ClockSource
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import Recipe, TakePart
from musearoo.engines.foundation.frozen import frozen

MidiRequest = Audition | Keep | PlayJam
"""A request to audition, to keep a take or what was played, or to jam."""


NO_OUTPUT = "There is no MIDI port to play to: musearoo midi ports shows those there are, midi_out chooses one."


@frozen
class MidiView:
    """The state of live MIDI that all devices share; fields are empty or 0 if there is nothing."""

    problem: str = ""
    """Why there is no MIDI at all, or ""."""
    sentence: str = ""
    clock: str = ""
    is_running: bool = False
    bpm: float = 0.0
    input: int = 0
    held: str = ""
    key: str = ""
    """The live player's key, such as "A minor"."""
    played: int = 0
    turn: int = 0
    bar: int = 0
    who: str = ""


@frozen
class Take:
    """A take that a device auditions: its parts, and the transaction that writes it when it is kept.

    `messages` is empty if the clip is in the set already; `instance` is the script's run that they are for. `written`
    is the request id of its transaction if it sounds in Live, in its own slot; "" if it is played by MIDI.
    """

    session: int
    press: int
    name: str
    parts: tuple[TakePart, ...]
    messages: tuple[Message, ...]
    instance: str
    request: Generate | Refine | Audition
    at: float = 0.0
    """When it was composed, on the clock of events."""
    written: str = ""
    track: int = -1
    scene: int = -1
    """Where it sounds in Live, as indices; -1 where not known."""
    recipe: Recipe | None = None


@frozen
class JamUnderWay:
    """A jam as its device requested it; its seed is drawn from `request_id`.

    `link` is the connection of its Live at the request, `instance` the run of that Live's script, whatever its link.
    """

    request: PlayJam
    request_id: str
    link: int
    instance: str

    @property
    def session(self) -> int:
        """The session of the device."""
        return self.request.session


# --- what happens ----------------------------------------------------------------------------------------------------


@frozen
class MidiSeen:
    """The state of live MIDI changed; at most five times a second."""

    now: float
    view: MidiView


@frozen
class TakeSilenced:
    """A take stopped because the MIDI process was restarted."""

    now: float
    session: int


# --- what is to be done ----------------------------------------------------------------------------------------------


@frozen
class AuditionTake:
    """Loop a take from the next bar on, in place of the device's last one."""

    take: Take


@frozen
class StopTake:
    """Stop the take of a session, at the next bar line or at once."""

    session: int
    at_bar: bool


@frozen
class KeepPlayed:
    """Make a clip of captured MIDI; answered by Composed or NotComposed."""

    key: tuple[int, int]
    link: int
    request_id: str
    keep: Keep
    seconds_left: float


@frozen
class BeginJam:
    """Begin a jam at the next bar, or change the running one; answered as Compose is."""

    key: tuple[int, int]
    jam: JamUnderWay


@frozen
class EndJam:
    """End the jam, at the next bar line or at once."""

    at_bar: bool


@frozen
class FollowLive:
    """Live's transport was received, just now."""

    transport: TransportState


@frozen
class FollowClocks:
    """The clock sources to follow, by priority, and the tempo if none of them runs."""

    sources: tuple[ClockSource, ...]
    bpm: float


MidiEffect = AuditionTake | StopTake | KeepPlayed | BeginJam | EndJam | FollowLive | FollowClocks


def is_auditioned(request: object) -> bool:
    """Whether a request's result is auditioned first, and written only by Keep."""
    match request:
        case Generate() | Refine():
            return bool(request.hear)
        case Audition():
            return bool(request.on)
        case _:
            return False


def needs_midi(request: object, hears_in_live: bool) -> bool:
    """Whether a request needs live MIDI; a take that is heard in Live does not."""
    match request:
        case Generate() if request.to_played:
            return True
        case Keep():
            return request.bars != 0
        case PlayJam():
            return bool(request.on)
        case _:
            return is_auditioned(request) and not hears_in_live
