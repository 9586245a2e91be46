"""What comes out of the conductor: effects, frozen data that only shells perform. What goes in is in `events`."""

from dataclasses import dataclass

from musearoo.bridge.core.midi_events import MidiEffect, MidiOrder
from musearoo.bridge.protocol import (
    Analyze,
    Generate,
    Imagine,
    Listen,
    Mix,
    Refine,
    Split,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.self_test import Check

PressKey = tuple[int, int]
"""A press within this run of the daemon: session number, press number. Session 0 is nobody: it began by itself."""

Order = Generate | Refine | WriteSong | Mix | Adjust | ChangeSeveral
"""What a press asks to be composed, and written into the set: a matter of milliseconds."""

LongOrder = Analyze | Split | Imagine | Listen
"""What may take minutes, is told by progress, and can be cancelled until it is written."""


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
class AnalyzeClip:
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
class StartSpeech:
    """Hear what is said from now on; answered by SpeechTranscribed or SpeechFailed, with SpeechLevel in between."""

    key: PressKey


@dataclass(frozen=True, slots=True)
class EndSpeech:
    """Talk was let go: what was said until now is the sentence."""

    key: PressKey


@dataclass(frozen=True, slots=True)
class DropSpeech:
    """What is being said is not wanted; nothing is answered."""

    key: PressKey


@dataclass(frozen=True, slots=True)
class ArmMicrophone:
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
    | AnalyzeClip
    | Separate
    | ImagineLoops
    | Capture
    | StopWork
    | RemoveFiles
    | StartSpeech
    | EndSpeech
    | DropSpeech
    | ArmMicrophone
    | Understand
    | NoteDone
    | NoteFailed
    | NoteUndone
    | KeepSelfTest
    | KeepDeviceSecret
    | MidiEffect
    | Report
)
