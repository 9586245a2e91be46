"""Joint recogniser: combine two recognisers and the grammar, and choose the likeliest candidate.

Moonshine, a neural network, is the more accurate one, especially over music. PocketSphinx gives interim words, and its
errors are independent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from musearoo.bridge.speech.recognition.choice import (
    Choice,
    Chooser,
    UtteranceFacts,
    choose,
    confidence,
    trust,
    written,
)
from musearoo.bridge.speech.recognition.moonshine import MoonshineDecoder
from musearoo.bridge.speech.recognition.recogniser import Recognised, RecogniserError
from musearoo.bridge.speech.recognition.trigram_sphinx import TrigramDecoder
from musearoo.bridge.speech.sound.format import BYTES_A_SAMPLE

FOREIGN: Final = 0.3
"""Confidence below which the decoder does not adapt to the microphone's sound."""


class JointRecogniser:
    """See Recogniser."""

    def __init__(self, first: MoonshineDecoder, second: TrigramDecoder, chooser: Callable[[], Chooser]) -> None:
        """`chooser` is called at the end of each utterance, and may block until it is loaded."""
        self._first = first
        self._second = second
        self._chooser = chooser
        self._is_listening = False
        self._is_closed = False

    def begin(self) -> None:
        """See Recogniser."""
        self._check_open()
        self._drop()
        self._first.begin()
        self._second.begin()
        self._is_listening = True

    def feed(self, samples: bytes) -> None:
        """See Recogniser."""
        self._check_listening()
        if len(samples) % BYTES_A_SAMPLE:
            raise RecogniserError(f"{len(samples)} bytes are no whole number of 16-bit samples.")
        if samples:
            self._second.feed(samples)
            self._first.feed(samples)

    def partial(self) -> str:
        """See Recogniser."""
        self._check_listening()
        return written(self._second.words())

    def end(self) -> Recognised:
        """See Recogniser."""
        choices, around = self.end_with_choices()
        if not choices:
            self._second.forget()
            return Recognised("", 0.0)
        best = choose(choices)
        recognised = Recognised(written(best.candidate.words), confidence(trust(best, choices, around), around))
        if recognised.confidence < FOREIGN:
            self._second.forget()
        return recognised

    def end_with_choices(self) -> tuple[tuple[Choice, ...], UtteranceFacts]:
        """Return all candidates, none for too little sound, and the utterance's facts."""
        self._check_listening()
        self._is_listening = False
        search = self._first.end()
        second = self._second.end()
        if search is None:
            return (), UtteranceFacts(0, 0.0)
        found = search.result()
        candidates = found.candidates
        if second not in [candidate.words for candidate in candidates]:
            # The search may have pruned the second recogniser's sentence.
            theirs = self._first.weigh(found, second)
            candidates = (*candidates, theirs) if theirs else candidates
        chooser = self._chooser()
        phones = sum(len(chooser.sound(word)) for word in second)
        return chooser.weigh(candidates, second), UtteranceFacts(phones, found.nothing, self._first.rises)

    def close(self) -> None:
        """See Recogniser."""
        if not self._is_closed:
            self._drop()
            self._first.close()
        self._is_closed = True

    def _drop(self) -> None:
        if self._is_listening:
            self._first.stop()
            self._second.end()
        self._is_listening = False

    def _check_open(self) -> None:
        if self._is_closed:
            raise RecogniserError("The recogniser is closed.")

    def _check_listening(self) -> None:
        self._check_open()
        if not self._is_listening:
            raise RecogniserError("No utterance was begun.")
