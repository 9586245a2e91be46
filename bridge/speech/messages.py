"""Messages between the daemon and its speech process. Types only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.speech.sound.endpoint import EndedBy
from musearoo.engines.foundation.frozen import frozen

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Talk = tuple[int, int]
"""The id of a Talk, chosen by the caller that opens it."""

OPEN_DEFAULT: Final = "musearoo.bridge.speech.recognition.opening:open_default"
OPEN_SPHINX: Final = "musearoo.bridge.speech.recognition.opening:open_sphinx_alone"
"""The recognisers that the settings offer: the best one installed, or PocketSphinx alone."""


@frozen
class ListenerOptions:
    """The options of the speech process.

    `microphone`: "" for the system's default, a number of PortAudio's list, a part of a device's name, or
    "file:/path.wav" to have a file played in its place at each Talk ("file:/folder" for its files in turn).
    `recogniser`: module:function, called with `home` for a Recogniser. `keep`: the folder for recordings, None to store
    nothing. `output`: the file for library output, None to discard it. `home`: MuseAroo's folder.
    """

    microphone: str = ""
    recogniser: str = OPEN_DEFAULT
    keep: Path | None = None
    output: Path | None = None
    home: Path | None = None


@frozen
class ListenerLevel:
    """The level of the microphone (0 at -60 dB of full scale and below, 1 at full scale), and the words so far."""

    talk: Talk
    level: float
    words: str


@frozen
class ListenerTranscribed:
    """The end of a talk: its transcript, "" if unknown, and the confidence (0..1).

    `seconds` of sound; `milliseconds` from the end of speech to this; `dropped`: how often the device lost some of it.
    """

    talk: Talk
    text: str
    confidence: float
    seconds: float
    milliseconds: float
    ended_by: EndedBy
    dropped: int = 0


@frozen
class ListenerFailed:
    """A talk ended without a transcript: why, and what to do."""

    talk: Talk
    sentence: str


@frozen
class ListenerArmed:
    """Whether the microphone stays open from now on; `sentence` says why it does not, against the request."""

    on: bool
    sentence: str


@frozen
class ListenerReady:
    """Whether the recogniser is loaded. Until then speech is recorded, and transcribed later.

    `fault`: why it cannot transcribe anything, "" if it can.
    """

    is_ready: bool
    fault: str = ""


ListenerEvent = ListenerLevel | ListenerTranscribed | ListenerFailed | ListenerArmed | ListenerReady


@frozen
class Open:
    """Talk was pressed, at that time of `time.monotonic()`, which all processes of a machine share."""

    talk: Talk
    pressed_at: float


@frozen
class LetGo:
    """Talk was released."""

    talk: Talk


@frozen
class Drop:
    """Discard a talk: its transcript is no longer wanted."""

    talk: Talk


@frozen
class SetArmed:
    """Whether to keep the microphone open."""

    on: bool


Command = Open | LetGo | Drop | SetArmed


@frozen
class RecogniserStarted:
    """A recogniser was started in place of the last one: its number, and the speech process's end of the pipe to it."""

    number: int
    connection: Connection[Any, Any]


@frozen
class NeedRecogniser:
    """The speech process has lost its recogniser and needs another."""

    lost: int
    """The number of the lost one; the first has 0."""


@frozen
class Leave:
    """End the speech process."""


@frozen
class Worn:
    """The speech process has reported everything and asks to be replaced, as its state is no longer reliable."""
