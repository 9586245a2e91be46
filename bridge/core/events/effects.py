"""Effects: the conductor's output, as frozen data that only shells perform. Its input is in `events`."""

from musearoo.bridge.core.events.ambience import AmbienceEffect
from musearoo.bridge.core.events.midi import MidiEffect, MidiRequest
from musearoo.bridge.core.events.versions import VersionEffect
from musearoo.bridge.protocol import (
    Analyze,
    ApiEdit,
    BringBack,
    Generate,
    Imagine,
    KeepVersion,
    Listen,
    Mix,
    Refine,
    Split,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.self_test import Check
from musearoo.engines.foundation.frozen import frozen

PressKey = tuple[int, int]
"""A press within this run of the daemon: session number, press number. Session 0: it began automatically."""

Request = Generate | Refine | WriteSong | Mix | Adjust | ChangeSeveral | ApiEdit
"""A request for something to compose and write into the set; takes milliseconds."""

LongRequest = Analyze | Split | Imagine | Listen | KeepVersion | BringBack
"""A request that may take minutes, reports progress, and can be cancelled until it is written."""


@frozen
class SendToDevice:
    """Send one datagram to the device of a session, or to its client; session 0 is none, only an address."""

    host: str
    port: int
    message: Message
    session: int = 0


@frozen
class SendToScript:
    """Send one packet: a message, or a bundle of several."""

    link: int
    messages: tuple[Message, ...]


@frozen
class CloseScript:
    """Close a connection after sending what is queued."""

    link: int


@frozen
class SendToClient:
    """Send one packet of the api role: a message, or a bundle of several."""

    link: int
    messages: tuple[Message, ...]


@frozen
class CloseClient:
    """Close a client's connection after sending what is queued."""

    link: int


@frozen
class WatchSets:
    """Keep a client informed of the open sets and of takes, or no more."""

    link: int
    is_on: bool


@frozen
class SendMetrics:
    """Send a client the daemon's metrics."""

    link: int


@frozen
class Compose:
    """Compose a request from the set's mirror; answered by Composed or NotComposed.

    `kept` is the transaction of the take to keep, if the request is a Keep.
    """

    key: PressKey
    link: int
    request_id: str
    request: Request | MidiRequest
    sample_rate: int
    seconds_left: float
    live_version: str = ""
    kept: tuple[Message, ...] = ()


@frozen
class AnalyzeClip:
    """Analyse a clip; answered by Analyzed or NotComposed, with Progressed in between."""

    key: PressKey
    link: int
    request_id: str
    analyze: Analyze


@frozen
class Separate:
    """Split a clip into stems; answered by Composed or NotComposed, with Progressed in between.

    `clip` is its id, or 0 for the clip that the request names by track and scene.
    """

    key: PressKey
    link: int
    request_id: str
    split: Split
    clip: int = 0


@frozen
class ImagineLoops:
    """Generate audio loops from a prompt; answered by Composed or NotComposed, with Progressed in between."""

    key: PressKey
    link: int
    request_id: str
    imagine: Imagine
    sample_rate: int


@frozen
class Capture:
    """Analyse or continue the last bars that a device recorded; answered by Analyzed, Composed or NotComposed.

    A continuation reports Progressed in between.
    """

    key: PressKey
    link: int
    request_id: str
    listen: Listen
    sample_rate: int


@frozen
class StopWork:
    """Cancel the work on a long request."""

    key: PressKey


@frozen
class RemoveFiles:
    """Delete files that were made for a press that ended otherwise: no set and no index refers to them."""

    paths: tuple[str, ...]


@frozen
class StartSpeech:
    """Start to record an utterance; answered by SpeechTranscribed or SpeechFailed, with SpeechLevel in between."""

    key: PressKey


@frozen
class EndSpeech:
    """End the utterance: Talk was released."""

    key: PressKey


@frozen
class DropSpeech:
    """Drop the utterance; nothing is answered."""

    key: PressKey


@frozen
class ArmMicrophone:
    """Keep the microphone open between utterances, or close it."""

    is_on: bool


@frozen
class Understand:
    """Interpret a sentence in the set on a connection; answered by Understood.

    `confidence` is the recogniser's, 0..1; 1 for typed text.
    """

    key: PressKey
    link: int
    instance: str
    text: str
    confidence: float


@frozen
class NoteDone:
    """Remember a request that was written into a set, with the id of its transaction, by which it can be undone.

    `instance` is the script's, and stands for the set; `track` and `scene` are indices, -1 where not known.
    """

    instance: str
    session: int
    request: Request | LongRequest
    request_id: str
    name: str
    track: int
    scene: int


@frozen
class NoteFailed:
    """Remember a request that failed in a set."""

    instance: str
    request: Request | LongRequest


@frozen
class NoteUndone:
    """Remember that a transaction was undone."""

    instance: str
    request_id: str


@frozen
class KeepSelfTest:
    """Save a device's self-test report; answered by SelfTestKept."""

    key: PressKey
    live_version: str
    checks: tuple[Check, ...]


@frozen
class KeepDeviceSecret:
    """Write a new device secret: devices must prove that they know it from now on."""

    secret: str


@frozen
class Report:
    """Show a sentence in the terminal and log it.

    `logged` replaces it in the log if it quotes the user's words or names; "" logs nothing.
    """

    sentence: str
    warning: bool = False
    logged: str | None = None


Effect = (
    SendToDevice
    | SendToScript
    | CloseScript
    | SendToClient
    | CloseClient
    | WatchSets
    | SendMetrics
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
    | AmbienceEffect
    | VersionEffect
    | Report
)
