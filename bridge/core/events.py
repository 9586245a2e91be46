"""What goes into the conductor (events) and what comes out of it (effects): frozen data that only shells perform.

Times are seconds of a monotonic clock, except where a name says Unix time.
"""

from dataclasses import dataclass
from typing import NamedTuple

from musearoo.bridge.core.midi_events import MidiEffect, MidiOrder, MidiSeen, TakeSilenced
from musearoo.bridge.protocol import (
    Analyze,
    AutoSplit,
    Generate,
    Heard,
    Imagine,
    Listen,
    Mix,
    Refine,
    Refusal,
    Split,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.composition import TakePart
from musearoo.bridge.requests.self_test import Check

PressKey = tuple[int, int]
"""A press within this run of the daemon: session number, press number. Session 0 is nobody: it began by itself."""

Order = Generate | Refine | WriteSong | Mix | Adjust | ChangeSeveral
"""What a press asks to be composed, and written into the set: a matter of milliseconds."""

LongOrder = Analyze | Split | Imagine | Listen
"""What may take minutes, is told by progress, and can be cancelled until it is written."""


class Source(NamedTuple):
    """The address that a device sends from. Max listens on another port than this."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class DeviceHeard:
    """A message arrived on the devices' port, from a device or from a stranger."""

    now: float
    source: Source
    message: Message


@dataclass(frozen=True, slots=True)
class OtherDeviceHeard:
    """A hello arrived that this version of the wire does not know; it wants its answer at `reply_port`."""

    host: str
    reply_port: int
    wire_version: int


@dataclass(frozen=True, slots=True)
class StrangerHeard:
    """A packet arrived on the devices' port that no device sends."""


@dataclass(frozen=True, slots=True)
class ScriptHeard:
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
    `told` are sentences for the status line; `parts` are how it sounds, where it is notes. `files` and `stays` are as
    in a Composition.
    """

    now: float
    key: PressKey
    messages: tuple[Message, ...]
    name: str = ""
    told: tuple[str, ...] = ()
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
class ClipHeard:
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
class SpeechHeard:
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
    effect: "Effect"
    sentence: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time went on; sent a few times a second."""

    now: float


Event = (
    DeviceHeard
    | OtherDeviceHeard
    | StrangerHeard
    | ScriptHeard
    | ScriptLost
    | ClipWritten
    | Composed
    | Analyzed
    | ClipArrived
    | ClipHeard
    | HarmonyFound
    | Progressed
    | NotComposed
    | RecogniserReady
    | SpeechLevel
    | SpeechHeard
    | SpeechFailed
    | Understood
    | Suggested
    | SelfTestKept
    | MidiSeen
    | TakeSilenced
    | EffectFailed
    | Ticked
)


@dataclass(frozen=True, slots=True)
class SendToDevice:
    """One datagram, for the device of a session; 0 for whoever listens there."""

    host: str
    port: int
    message: Message
    session: int = 0


@dataclass(frozen=True, slots=True)
class SendToScript:
    """One packet: a message, or a bundle when there are several."""

    link: int
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class CloseScript:
    """Close a connection after what was sent on it has gone out."""

    link: int


@dataclass(frozen=True, slots=True)
class Compose:
    """Read the set's mirror, run the engines, place the notes; answered by Composed or NotComposed.

    `kept` is the transaction of what is heard, where that is to be kept.
    """

    key: PressKey
    link: int
    request_id: str
    order: Order | MidiOrder
    sample_rate: int
    seconds_left: float
    live_version: str = ""
    kept: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Hear:
    """Hear the clip that a press means; answered by Analyzed or NotComposed, with Progressed in between."""

    key: PressKey
    link: int
    request_id: str
    analyze: Analyze


@dataclass(frozen=True, slots=True)
class Separate:
    """Take a clip apart; answered by Composed or NotComposed, with Progressed in between.

    `clip` is its id, 0 for the one that the order means.
    """

    key: PressKey
    link: int
    request_id: str
    split: Split
    clip: int = 0


@dataclass(frozen=True, slots=True)
class ImagineLoops:
    """Make loops of a prompt; answered by Composed or NotComposed, with Progressed in between."""

    key: PressKey
    link: int
    request_id: str
    imagine: Imagine
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Capture:
    """Hear or continue the last bars that a device recorded; answered by Analyzed, Composed or NotComposed.

    Where they are continued there is Progressed in between.
    """

    key: PressKey
    link: int
    request_id: str
    listen: Listen
    sample_rate: int


@dataclass(frozen=True, slots=True)
class StopWork:
    """The press that asked for what takes long was taken back."""

    key: PressKey


@dataclass(frozen=True, slots=True)
class RemoveFiles:
    """Take away files that were made for a press that came to nothing: no set and no index knows of them."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenEar:
    """Hear what is said from now on; answered by SpeechHeard or SpeechFailed, with SpeechLevel in between."""

    key: PressKey


@dataclass(frozen=True, slots=True)
class CloseEar:
    """Talk was let go: what was said until now is the sentence."""

    key: PressKey


@dataclass(frozen=True, slots=True)
class DropSpeech:
    """What is being said is not wanted; nothing is answered."""

    key: PressKey


@dataclass(frozen=True, slots=True)
class ArmEar:
    """Keep the microphone open between sentences, or do not."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Understand:
    """Find out what a sentence means in the set on a connection; answered by Understood.

    `confidence` is how sure the words are, 1 where they were written.
    """

    key: PressKey
    link: int
    instance: str
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class NoteDone:
    """An order stands in a set: RooAroo remembers it, under the request by which it can be taken back.

    The set is known by the instance of its script; places are indices, -1 where not known.
    """

    instance: str
    session: int
    order: Order | LongOrder
    request: str
    name: str
    track: int
    scene: int


@dataclass(frozen=True, slots=True)
class NoteFailed:
    """An order came to nothing in a set: RooAroo remembers what was wanted."""

    instance: str
    order: Order | LongOrder


@dataclass(frozen=True, slots=True)
class NoteUndone:
    """A request was taken back: RooAroo remembers that too."""

    instance: str
    request: str


@dataclass(frozen=True, slots=True)
class KeepSelfTest:
    """Keep what a device found when it tested itself, in a Live of that version; answered by SelfTestKept."""

    key: PressKey
    live_version: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class KeepDeviceSecret:
    """Devices prove themselves by another secret from now on: they read it where the last one was."""

    secret: str


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence for the terminal, and for the log where it quotes nothing that the user said, wrote or named.

    `logged`: what the log says instead, where it does; "" for nothing.
    """

    sentence: str
    warning: bool = False
    logged: str | None = None


Effect = (
    SendToDevice
    | SendToScript
    | CloseScript
    | Compose
    | Hear
    | Separate
    | ImagineLoops
    | Capture
    | StopWork
    | RemoveFiles
    | OpenEar
    | CloseEar
    | DropSpeech
    | ArmEar
    | Understand
    | NoteDone
    | NoteFailed
    | NoteUndone
    | KeepSelfTest
    | KeepDeviceSecret
    | MidiEffect
    | Report
)
