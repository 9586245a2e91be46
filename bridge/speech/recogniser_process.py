"""The recogniser in a process of its own, and the ear's link to it.

Decoding keeps Python's lock for up to a fifth of a second (pocketsphinx never gives it back): whoever takes sound from
a microphone must not share a process with it.
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
"""Bytes that are handed over at once, where nothing hurries: 40 ms. When Talk is let go, one such piece may be with the
recogniser and another one be waiting for it: larger ones would have to be waited for."""

LARGEST_PIECE: Final = RATE
"""Bytes, half a second: a recogniser that has fallen behind still answers often enough to be seen alive."""

HUNG_AFTER: Final = 10.0
"""Seconds without an answer after which a recogniser hangs."""

LOADS_WITHIN: Final = 60.0
"""Seconds that it may take to load its model: one here, but a cold disk or a virus scanner is slower."""

OUR_FAULT: Final = "What was said cannot be made text, by a fault of ours: ear.log beside the log says where."


@dataclass(frozen=True, slots=True)
class Begin:
    """A new utterance; one that has not ended is forgotten."""


@dataclass(frozen=True, slots=True)
class Feed:
    """More of the sound."""

    samples: bytes


@dataclass(frozen=True, slots=True)
class End:
    """That was all."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was understood so far, in answer to each Begin and Feed."""

    text: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Said once, of itself: there is a recogniser; or why there is none. A Begin tries again."""

    fault: str


@dataclass(frozen=True, slots=True)
class Broken:
    """In answer to anything: there will be no text, for this reason. Another Begin may go better."""

    sentence: str


class LostRecogniserError(Exception):
    """The recogniser's process has ended or hangs; the message is a sentence."""


class HungRecogniserError(LostRecogniserError):
    """It hangs: what it was given once had better not be given to another."""


@plain_end
def run_recogniser(connection: Connection[Any, Any], _heartbeat: Any, options: ListenerOptions) -> None:
    """Answers what comes, until the connection ends."""
    settle_in(options.output)
    serve_recogniser(connection, opener_of(options.recogniser, options.home))


def serve_recogniser(connection: Connection[Any, Any], open_recogniser: Callable[[], Recogniser]) -> None:
    """Loads the recogniser ahead of the first utterance, says that it is there, then answers each message by one."""
    recogniser, broken = _load(open_recogniser)
    with contextlib.suppress(OSError):
        # That the ear has gone is found below.
        connection.send(Loaded(broken))
    while True:
        try:
            message = connection.recv()
            if isinstance(message, Begin) and recogniser is None:
                # The user may have mended it meanwhile.
                recogniser, broken = _load(open_recogniser)
            connection.send(_answer(recogniser, message) if recogniser else Broken(broken))
        except (EOFError, OSError):
            # The ear has gone.
            break
    if recogniser is not None:
        recogniser.close()


def _load(open_recogniser: Callable[[], Recogniser]) -> tuple[Recogniser | None, str]:
    """A recogniser, or the sentence why there is none."""
    try:
        return open_recogniser(), ""
    except RecogniserError as error:
        return None, str(error)
    except Exception as error:
        # The outermost place for whatever a library raises.
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
    """What opens a recogniser, named as module:function, which is called with MuseAroo's folder."""
    module, _, function = name.partition(":")

    def open_it() -> Recogniser:
        made: Recogniser = getattr(import_module(module), function)(home)
        return made

    return open_it


class RecogniserLink:
    """The ear's end: hands over sound, one piece at a time, so that no pipe is ever full and nothing here waits."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.connection: Connection[Any, Any] | None = None
        self.connect(None)

    def connect(self, connection: Connection[Any, Any] | None) -> None:
        """Goes on with another recogniser, which knows of no utterance and has to load; None while there is none."""
        if self.connection is not None:
            self.connection.close()
        self.connection = connection
        self.words = ""
        self.is_ready = False
        self.fault = ""
        """Why the recogniser that is ready can make no text of anything."""
        self._unanswered = 0
        # Answers that belong to an utterance before this one.
        self._stale = 0
        self._sent_at = 0.0
        self._fed = 0
        self._has_ended = False

    def begin(self) -> None:
        """A new utterance: what is still to come of the one before is not told any more."""
        self._stale = self._unanswered
        self._fed, self._has_ended, self.words = 0, False, ""
        self._send(Begin())

    def look(self, sound: bytes | bytearray, is_whole: bool) -> Recognised | Broken | None:
        """Hands over what is new of an utterance's sound; its text once it `is_whole` and was understood.

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
        """What has been answered of the present utterance, if that was its end; raises LostRecogniserError."""
        if self.connection is None:
            return None
        try:
            while self.connection.poll():
                answer = self.connection.recv()
                # Whether it has loaded or answered, it works: its patience begins anew.
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
            raise ValueError("nobody is there to be sent anything")
        with contextlib.suppress(OSError):
            # That it has gone is found at the next look.
            self.connection.send(message)
        if not self._unanswered:
            self._sent_at = self._clock()
        self._unanswered += 1
