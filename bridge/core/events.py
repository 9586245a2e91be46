"""What goes into the conductor: events, frozen data. What comes out is in `effects`.

Times are seconds of a monotonic clock, except where a name says Unix time.
"""

from dataclasses import dataclass
from typing import NamedTuple

from musearoo.bridge.core.effects import Effect, LongOrder, Order, PressKey
from musearoo.bridge.core.midi_events import MidiOrder, MidiSeen, TakeSilenced
from musearoo.bridge.protocol import (
    AutoSplit,
    Heard,
    Refusal,
    Undo,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import TakePart


class Source(NamedTuple):
    """The address that a device sends from. Max listens on another port than this."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class DeviceMessageReceived:
    """A message arrived on the devices' port, from a device or from a stranger."""

    now: float
    source: Source
    message: Message


@dataclass(frozen=True, slots=True)
class IncompatibleHelloReceived:
    """A hello arrived that this version of the wire does not know; it wants its answer at `reply_port`."""

    host: str
    reply_port: int
    wire_version: int


@dataclass(frozen=True, slots=True)
class UnknownPacketReceived:
    """A packet arrived on the devices' port that no device sends."""


@dataclass(frozen=True, slots=True)
class ScriptMessageReceived:
    """A Remote Script's message arrived on connection `link`."""

    now: float
    link: int
    message: Message


@dataclass(frozen=True, slots=True)
class ScriptLost:
    """Connection `link` is no more."""

    now: float
    link: int


@dataclass(frozen=True, slots=True)
class ClipWritten:
    """Live answered that the transaction `request` stands, with so many notes in all its clips.

    Place and name are those of the last clip; places are indices, -1 where the set no longer has them.
    """

    now: float
    request: str
    notes: int
    track: int
    scene: int
    name: str


@dataclass(frozen=True, slots=True)
class ClipArrived:
    """An audio clip came onto a track that is marked, and is to be split as the mark says."""

    now: float
    link: int
    clip: int
    mark: AutoSplit


@dataclass(frozen=True, slots=True)
class Composed:
    """The engines and timing, the stems or the imagined loops are done: these messages are the transaction for Live.

    Without messages the press ends here. `name` is what was made, where it is not one clip with a name of its own;
    `notices` are sentences for the status line; `parts` are how it sounds, where it is notes. `files` and `stays` are
    as in a Composition.
    """

    now: float
    key: PressKey
    messages: tuple[Message, ...]
    name: str = ""
    notices: tuple[str, ...] = ()
    parts: tuple[TakePart, ...] = ()
    files: tuple[str, ...] = ()
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Analyzed:
    """A press's clip was heard. `found` still lacks its number and time; `messages` write what was asked for."""

    now: float
    key: PressKey
    found: Heard
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ClipAnalyzed:
    """A clip of the set on connection `link` was heard, or heard better: what there is to say of it, if anything."""

    now: float
    link: int
    sentence: str
    logged: str
    """The same without the clip's name."""
    to_devices: bool
    """Whether the devices show it, or only the terminal."""


@dataclass(frozen=True, slots=True)
class HarmonyFound:
    """What the selected scene of the set on connection `link` plays, each empty where not known, and how sure it is."""

    now: float
    link: int
    key: str
    chords: str
    key_confidence: float = 0.0
    style: str = ""
    style_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Progressed:
    """What a press asked for and takes long went on: how far it is (0..1), and what is being done."""

    now: float
    key: PressKey
    fraction: float
    sentence: str


@dataclass(frozen=True, slots=True)
class RecogniserReady:
    """Speech is made text from now on; or no longer, and what is said is only recorded until it is again.

    `fault`: why it can be made none, "" where it can.
    """

    now: float
    is_ready: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SpeechLevel:
    """How loud the microphone is (0..1 of -60..0 dB of full scale), and the words that were understood so far."""

    now: float
    key: PressKey
    level: float
    words: str


@dataclass(frozen=True, slots=True)
class SpeechTranscribed:
    """What was said while Talk was held, how sure that is (0..1), and the milliseconds since the last of it."""

    now: float
    key: PressKey
    text: str
    confidence: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class SpeechFailed:
    """Nothing could be heard, and why."""

    now: float
    key: PressKey
    sentence: str


@dataclass(frozen=True, slots=True)
class Reply:
    """RooAroo answers in words; `asks` where it waits for an answer."""

    sentence: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """What was asked for cannot be done: a refusal code, and why."""

    code: Refusal
    sentence: str


@dataclass(frozen=True, slots=True)
class ByDevice:
    """What only the device can do: the control it is to use, with a value, and what is said of it."""

    control: str
    value: int
    sentence: str


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Whatever the device has under way is not wanted any more."""


Verdict = Order | LongOrder | Undo | MidiOrder | Reply | Declined | ByDevice | CancelAll
"""What follows from a sentence."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A sentence was understood: what follows from it, and what RooAroo says to that, if anything."""

    now: float
    key: PressKey
    text: str
    verdict: Verdict
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """RooAroo has something to say to the device of a session without being asked."""

    now: float
    session: int
    sentence: str


@dataclass(frozen=True, slots=True)
class SelfTestKept:
    """The report of a self-test is on the disk, or `fault` says why not."""

    now: float
    key: PressKey
    fault: str


@dataclass(frozen=True, slots=True)
class NotComposed:
    """The press cannot become a clip, or its clip cannot be heard or split, and why."""

    now: float
    key: PressKey
    code: Refusal
    sentence: str


@dataclass(frozen=True, slots=True)
class EffectFailed:
    """An effect could not be performed, and why in one sentence: whoever waits for it is told at once."""

    now: float
    effect: Effect
    sentence: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time went on; sent a few times a second."""

    now: float


Event = (
    DeviceMessageReceived
    | IncompatibleHelloReceived
    | UnknownPacketReceived
    | ScriptMessageReceived
    | ScriptLost
    | ClipWritten
    | Composed
    | Analyzed
    | ClipArrived
    | ClipAnalyzed
    | HarmonyFound
    | Progressed
    | NotComposed
    | RecogniserReady
    | SpeechLevel
    | SpeechTranscribed
    | SpeechFailed
    | Understood
    | Suggested
    | SelfTestKept
    | MidiSeen
    | TakeSilenced
    | EffectFailed
    | Ticked
)
