"""The baseline without our grammar: pocketsphinx with its own language model."""

from __future__ import annotations

from typing import Any

from musearoo.bridge.speech.recognition.recogniser import Recognised
from musearoo.bridge.speech.sound.format import RATE


class FreeRecogniser:
    """Pocketsphinx with its defaults: its English model, its dictionary, its trigrams of everyday English.

    It implements Recogniser of `bridge.speech.recognition`, always with full confidence, because it cannot detect
    unknown input.
    """

    def __init__(self) -> None:
        from pocketsphinx import Decoder  # imported here because not every environment has it

        self._decoder: Any = Decoder(samprate=RATE, loglevel="FATAL")
        self._is_open = False

    def begin(self) -> None:
        """Start a new utterance."""
        self._finish()
        self._decoder.start_utt()
        self._is_open = True

    def feed(self, samples: bytes) -> None:
        """Feed sound: 16 kHz, mono, int16."""
        self._decoder.process_raw(samples, False, False)

    def partial(self) -> str:
        """Return the words so far."""
        found = self._decoder.hyp()
        return found.hypstr if found else ""

    def end(self) -> Recognised:
        """Return the final transcript."""
        self._finish()
        text = self.partial()
        return Recognised(text, 1.0 if text else 0.0)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def _finish(self) -> None:
        if self._is_open:
            self._decoder.end_utt()
            self._is_open = False
