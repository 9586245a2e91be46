"""The interface of a speech recogniser.

A recogniser belongs to one thread, and takes one utterance after another: `begin`, `feed` as sound arrives, `end`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class RecogniserError(Exception):
    """The recogniser cannot work; the message is a sentence for the user: what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A transcript: words in lower case, "" for none, and the confidence (0..1) that they were spoken.

    The confidence is on the scale of a command's: 0.5 is enough to act, 0.25 to ask for confirmation.
    """

    text: str
    confidence: float


class Recogniser(Protocol):
    """A streaming speech recogniser: it decodes while it is fed."""

    def begin(self) -> None:
        """Start an utterance; an unfinished one is discarded."""
        ...

    def feed(self, samples: bytes) -> None:
        """Feed the next piece of sound, of any length; raises RecogniserError unless it is whole samples."""
        ...

    def partial(self) -> str:
        """Return the interim words, which later sound may change."""
        ...

    def end(self) -> Recognised:
        """Return the transcript; blocks until the decoder has it. An utterance without sound has no text."""
        ...

    def close(self) -> None:
        """Release the models. Any call after it raises RecogniserError."""
        ...
