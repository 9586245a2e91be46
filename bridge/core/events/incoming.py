"""Events: the conductor's input, as frozen data. Its output is in `effects`.

Times are seconds of a monotonic clock, unless a name says Unix time.
"""

from typing import Final, NamedTuple

from musearoo.bridge.core.events.ambience import AmbienceSeen, AmbienceSet
from musearoo.bridge.core.events.effects import Effect, LongRequest, PressKey, Request
from musearoo.bridge.core.events.midi import MidiRequest, MidiSeen, TakeSilenced
from musearoo.bridge.protocol import (
    AutoSplit,
    Heard,
    PlayAmbience,
    Refusal,
    Undo,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import Recipe, TakePart
from musearoo.engines.foundation.frozen import frozen

_CLIENT: Final = "client "
"""What the host of a client's sessions begins with; no address does."""


class Source(NamedTuple):
    """The address that a device sends from. Max receives on another port. Or a client, by its connection."""

    host: str
    port: int

    @classmethod
    def of_client(cls, link: int) -> "Source":
        """Return the source of the sessions that a client on connection `link` opens."""
        return cls(f"{_CLIENT}{link}", 0)

    @property
    def client(self) -> int:
        """The connection of the client, 0 for a device by UDP."""
        return client_of(self.host)


def client_of(host: str) -> int:
    """Return the connection of the client that a source's host stands for, 0 for an address.

    >>> client_of(Source.of_client(7).host), client_of("127.0.0.1")
    (7, 0)
    """
    return int(host.removeprefix(_CLIENT)) if host.startswith(_CLIENT) else 0


@frozen
class DeviceMessageReceived:
    """A message arrived on the devices' port; its sender need not be a device."""

    now: float
    source: Source
    message: Message


@frozen
class IncompatibleHelloReceived:
    """A hello arrived of another wire version; it expects its answer at `reply_port`."""

    host: str
    reply_port: int
    wire_version: int


@frozen
class UnknownPacketReceived:
    """A packet arrived on the devices' port that is no message of a device."""


@frozen
class ScriptMessageReceived:
    """A message of a Remote Script arrived on connection `link`."""

    now: float
    link: int
    message: Message


@frozen
class ScriptLost:
    """Connection `link` was closed."""

    now: float
    link: int


@frozen
class ClientMessageReceived:
    """A message of the api role arrived on connection `link`; what a client sends as a device arrives as that does."""

    now: float
    link: int
    message: Message


@frozen
class ClientLost:
    """Connection `link` of a client was closed."""

    now: float
    link: int


@frozen
class LoadedSound:
    """What a part sounds with in Live: the instrument's name and Live's class name for it, "" for a silent track.

    `wanted` is what was looked for first, a kit for parts that `are_drums`; `missing` are the drums that the kit has
    not. A sound `is_second_choice` where this Live does not have the user's own.
    """

    track: str
    name: str
    device: str
    wanted: str
    are_drums: bool = False
    is_second_choice: bool = False
    missing: tuple[str, ...] = ()


@frozen
class ClipWritten:
    """Live has performed the transaction `request`, with `notes` in all its clips.

    Track, scene and name are those of the last clip; indices are -1 if the set no longer has it. `sounds` are those of
    parts that had none before.
    """

    now: float
    request: str
    notes: int
    track: int
    scene: int
    name: str
    sounds: tuple[LoadedSound, ...] = ()
    ids: tuple[int, ...] = ()
    """Per edit of the transaction, the id of what it made or changed; 0 for nothing."""


@frozen
class ClipArrived:
    """An audio clip arrived on a marked track, and is to be split as the mark says."""

    now: float
    link: int
    clip: int
    mark: AutoSplit


@frozen
class Composed:
    """The result of a request: `messages` are the transaction for Live; without any, the press ends here.

    `name` describes the result unless it is one named clip; `told` are sentences for the status line; `parts` are its
    notes, for playback. `files`, `stays` and `recipe` are as in a Composition.
    """

    now: float
    key: PressKey
    messages: tuple[Message, ...]
    name: str = ""
    notices: tuple[str, ...] = ()
    parts: tuple[TakePart, ...] = ()
    files: tuple[str, ...] = ()
    stays: str = ""
    clip: int = 0
    """The id of a clip that is in the set already, if that is to be heard; 0 for none."""
    recipe: Recipe | None = None


@frozen
class Analyzed:
    """The analysis that a press requested. `found` lacks its number and time; `messages` write it into the set."""

    now: float
    key: PressKey
    found: Heard
    messages: tuple[Message, ...]


@frozen
class ClipAnalyzed:
    """A clip of the set on connection `link` was analysed, or analysed in depth; `sentence` may be empty."""

    now: float
    link: int
    sentence: str
    logged: str
    """The same without the clip's name."""
    to_devices: bool
    """Whether devices show it too, not only the terminal."""


@frozen
class EffortChanged:
    """The engines of `lean`, by name, compose simpler takes now, to keep up; `had_lean`: some did before."""

    now: float
    lean: frozenset[str]
    had_lean: bool


@frozen
class HarmonyFound:
    """Key, chords and style of the selected scene on connection `link`, with confidences 0..1; empty if unknown."""

    now: float
    link: int
    key: str
    chords: str
    key_confidence: float = 0.0
    style: str = ""
    style_confidence: float = 0.0


@frozen
class Progressed:
    """Progress of a long request: `fraction` 0..1, and what is being done."""

    now: float
    key: PressKey
    fraction: float
    sentence: str


@frozen
class RecogniserReady:
    """The speech recogniser is ready, or no longer: until it is again, speech is only recorded.

    `fault`: why there is no recogniser, or "".
    """

    now: float
    is_ready: bool
    fault: str = ""


@frozen
class SpeechLevel:
    """The microphone's level (0..1 for -60..0 dBFS), and the interim transcript."""

    now: float
    key: PressKey
    level: float
    words: str


@frozen
class SpeechTranscribed:
    """The transcript of an utterance, its confidence (0..1), and the milliseconds since the utterance ended."""

    now: float
    key: PressKey
    text: str
    confidence: float
    milliseconds: float


@frozen
class SpeechFailed:
    """An utterance could not be recognised; `sentence` says why."""

    now: float
    key: PressKey
    sentence: str


@frozen
class Reply:
    """An answer of RooAroo in words; `asks` if it expects one back."""

    sentence: str
    asks: bool = False


@frozen
class Declined:
    """A sentence that cannot be acted on: a refusal code, and why."""

    code: Refusal
    sentence: str


@frozen
class ByDevice:
    """An action that only the device can perform: a control, its value, and a sentence to show."""

    control: str
    value: int
    sentence: str


@frozen
class CancelAll:
    """Cancel all requests of the device."""


Verdict = Request | LongRequest | Undo | MidiRequest | PlayAmbience | Reply | Declined | ByDevice | CancelAll
"""The result of interpreting a sentence."""


@frozen
class Understood:
    """A sentence was interpreted: its verdict, and a sentence to show with it, or ""."""

    now: float
    key: PressKey
    text: str
    verdict: Verdict
    sentence: str = ""


@frozen
class Suggested:
    """A hint of RooAroo for the device of a session, without a question."""

    now: float
    session: int
    sentence: str


@frozen
class SelfTestKept:
    """The report of a self-test was saved, or `fault` says why not."""

    now: float
    key: PressKey
    fault: str


@frozen
class NotComposed:
    """A request failed: the code and a sentence for the user."""

    now: float
    key: PressKey
    code: Refusal
    sentence: str


@frozen
class EffectFailed:
    """An effect could not be performed, and why: the press or sentence that waits for it fails at once."""

    now: float
    effect: Effect
    sentence: str


@frozen
class Ticked:
    """A clock tick, a few times a second."""

    now: float


Event = (
    DeviceMessageReceived
    | IncompatibleHelloReceived
    | UnknownPacketReceived
    | ScriptMessageReceived
    | ScriptLost
    | ClientMessageReceived
    | ClientLost
    | ClipWritten
    | Composed
    | Analyzed
    | ClipArrived
    | ClipAnalyzed
    | EffortChanged
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
    | AmbienceSet
    | AmbienceSeen
    | EffectFailed
    | Ticked
)
