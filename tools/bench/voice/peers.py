"""What one gets without a grammar of one's own: pocketsphinx with the language model that it comes with."""

from __future__ import annotations

from typing import Any

from musearoo.bridge.speech.recognition.recogniser import Recognised
from musearoo.bridge.speech.sound.format import RATE


class FreeRecogniser:
    """Pocketsphinx as its documentation opens it: its English model, its dictionary, its trigrams of everyday English.

    It implements Recogniser of `bridge.speech.recognition`, and always trusts itself: it cannot tell what it does not
    know.
    """

    def __init__(self) -> None:
        from pocketsphinx import Decoder  # here, for not every environment has it

        self._decoder: Any = Decoder(samprate=RATE, loglevel="FATAL")
        self._is_open = False

    def begin(self) -> None:
        """A new utterance."""
        self._finish()
        self._decoder.start_utt()
        self._is_open = True

    def feed(self, samples: bytes) -> None:
        """More sound: 16 kHz, mono, int16."""
        self._decoder.process_raw(samples, False, False)

    def partial(self) -> str:
        """The words so far."""
        found = self._decoder.hyp()
        return found.hypstr if found else ""

    def end(self) -> Recognised:
        """What was said."""
        self._finish()
        text = self.partial()
        return Recognised(text, 1.0 if text else 0.0)

    def close(self) -> None:
        """Nothing is held open."""

    def _finish(self) -> None:
        if self._is_open:
            self._decoder.end_utt()
            self._is_open = False
