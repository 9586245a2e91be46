"""The recogniser's process, and the speech process's link to it.

Decoding holds the GIL for up to a fifth of a second (pocketsphinx never releases it), so the recogniser must not share
a process with the microphone.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.process.child_process import plain_end, settle_in
from musearoo.bridge.settings.logs import print_fault
from musearoo.bridge.speech.messages import ListenerOptions
from musearoo.bridge.speech.recognition.recogniser import Recognised, Recogniser, RecogniserError
from musearoo.bridge.speech.sound.format import RATE

CHUNK: Final = RATE * 2 // 25
"""Bytes per message while the user speaks: 40 ms. When Talk is released, one chunk may be in the recogniser and another
may be waiting, so larger chunks would delay the transcript."""

LARGEST_PIECE: Final = RATE
"""Bytes, half a second: a recogniser that has fallen behind still answers often enough to count as alive."""

HUNG_AFTER: Final = 10.0
"""Seconds without an answer after which a recogniser counts as hung."""

LOADS_WITHIN: Final = 60.0
"""Seconds that loading the model may take: usually one, but a cold disk or a virus scanner is slower."""

OUR_FAULT: Final = "What was said cannot be made text, by a fault of ours: ear.log beside the log says where."


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin an utterance; an unfinished one is discarded."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The utterance's next samples, int16 at RATE."""

    samples: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The end of the utterance."""


@dataclass(frozen=True, slots=True)
class Words:
    """The interim transcript, in answer to each Begin and Feed."""

    text: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Sent once, unrequested: the recogniser is loaded, or `fault` says why not. Begin tries again."""

    fault: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Answer to any message: the utterance has no transcript, for this reason. The next Begin may succeed."""

    sentence: str


class LostRecogniserError(Exception):
    """The recogniser's process has ended or hangs; the message is a sentence."""


class HungRecogniserError(LostRecogniserError):
    """The recogniser hangs: its utterance is not given to another one."""


@plain_end
def run_recogniser(connection: Connection[Any, Any], _heartbeat: Any, options: ListenerOptions) -> None:
    """Run the recogniser's process until the connection ends."""
    settle_in(options.output)
    serve_recogniser(connection, opener_of(options.recogniser, options.home))


def serve_recogniser(connection: Connection[Any, Any], open_recogniser: Callable[[], Recogniser]) -> None:
    """Load the recogniser ahead of the first utterance, report it, then answer each message with one."""
    recogniser, broken = _load(open_recogniser)
    with contextlib.suppress(OSError):
        # A closed connection is noticed below.
        connection.send(Loaded(broken))
    while True:
        try:
            message = connection.recv()
            if isinstance(message, Begin) and recogniser is None:
                # The user may have fixed it meanwhile.
                recogniser, broken = _load(open_recogniser)
            connection.send(_answer(recogniser, message) if recogniser else Broken(broken))
        except (EOFError, OSError):
            # The speech process has gone.
            break
    if recogniser is not None:
        recogniser.close()


def _load(open_recogniser: Callable[[], Recogniser]) -> tuple[Recogniser | None, str]:
    """Return a recogniser and "", or None and why it cannot be loaded."""
    try:
        return open_recogniser(), ""
    except RecogniserError as error:
        return None, str(error)
    except Exception as error:
        # The outermost handler of a library's errors.
        print_fault(error)
        return None, OUR_FAULT


def _answer(recogniser: Recogniser, message: object) -> Words | Recognised | Broken:
    try:
        match message:
            case Begin():
                recogniser.begin()
                return Words("")
            case Feed(samples):
                recogniser.feed(samples)
                return Words(recogniser.partial())
            case End():
                return recogniser.end()
    except RecogniserError as error:
        return Broken(str(error))
    except Exception as error:
        print_fault(error)
        return Broken(OUR_FAULT)
    raise TypeError(f"no recogniser answers {message!r}")


def opener_of(name: str, home: Path | None) -> Callable[[], Recogniser]:
    """Return a function that opens the recogniser named as module:function, which is called with MuseAroo's folder."""
    module, _, function = name.partition(":")

    def open_it() -> Recogniser:
        made: Recogniser = getattr(import_module(module), function)(home)
        return made

    return open_it


class RecogniserLink:
    """The speech process's end: sends one message at a time, so that the pipe is never full and nothing blocks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.connection: Connection[Any, Any] | None = None
        self.connect(None)

    def connect(self, connection: Connection[Any, Any] | None) -> None:
        """Continue with another recogniser, which still has to load; None while there is none."""
        if self.connection is not None:
            self.connection.close()
        self.connection = connection
        self.words = ""
        self.is_ready = False
        self.fault = ""
        """Why the loaded recogniser cannot transcribe, or ""."""
        self._unanswered = 0
        # Outstanding answers that belong to an earlier utterance.
        self._stale = 0
        self._sent_at = 0.0
        self._fed = 0
        self._has_ended = False

    def begin(self) -> None:
        """Begin an utterance; answers that are still outstanding are ignored."""
        self._stale = self._unanswered
        self._fed, self._has_ended, self.words = 0, False, ""
        self._send(Begin())

    def look(self, sound: bytes | bytearray, is_whole: bool) -> Recognised | Broken | None:
        """Send the next chunk of an utterance's sound; return the transcript once it `is_whole` and decoded, else None.

        Raises LostRecogniserError.
        """
        answer = self.take()
        if answer is not None:
            return answer
        new = len(sound) - self._fed
        if not self._unanswered and not self._has_ended:
            if new >= CHUNK or (is_whole and new):
                piece = bytes(sound[self._fed : self._fed + LARGEST_PIECE])
                self._fed += len(piece)
                self._send(Feed(piece))
            elif is_whole:
                self._has_ended = True
                self._send(End())
        return None

    def take(self) -> Recognised | Broken | None:
        """Return the present utterance's final answer, or None while it is outstanding; raises LostRecogniserError."""
        if self.connection is None:
            return None
        try:
            while self.connection.poll():
                answer = self.connection.recv()
                # Any message is a sign of life: the timeout starts again.
                self._sent_at = self._clock()
                if isinstance(answer, Loaded):
                    self.is_ready, self.fault = True, answer.fault
                    continue
                self._unanswered -= 1
                if self._stale:
                    self._stale -= 1
                elif isinstance(answer, Words):
                    self.words = answer.text
                else:
                    return answer  # type: ignore[no-any-return]
        except (EOFError, OSError):
            raise LostRecogniserError(
                "What makes text of speech has ended: ear.log beside the log may tell why."
            ) from None
        patience = HUNG_AFTER if self.is_ready else LOADS_WITHIN
        if self._unanswered and self._clock() - self._sent_at > patience:
            what = "did not answer for" if self.is_ready else "was not loaded within"
            raise HungRecogniserError(f"What makes text of speech {what} {patience:g} s.")
        return None

    def _send(self, message: Begin | Feed | End) -> None:
        if self.connection is None:
            raise ValueError("no recogniser is connected")
        with contextlib.suppress(OSError):
            # A closed connection is noticed at the next look.
            self.connection.send(message)
        if not self._unanswered:
            self._sent_at = self._clock()
        self._unanswered += 1
