"""Recognisers that say what they are told to, over the real interface."""

from __future__ import annotations

import time

from musearoo.bridge.speech.recognition.recogniser import Recognised


class ScriptedRecogniser:
    """Understands the same at every end; `works` is how many seconds it takes for each piece that it is fed."""

    def __init__(self, text: str, confidence: float = 1.0, works: float = 0.0) -> None:
        self.fed: list[bytes] = []
        self.utterances = 0
        self.is_closed = False
        self._recognised = Recognised(text, confidence)
        self._works = works

    def begin(self) -> None:
        self.utterances += 1
        self.fed.clear()

    def feed(self, samples: bytes) -> None:
        time.sleep(self._works)
        self.fed.append(samples)

    def partial(self) -> str:
        return self._recognised.text

    def end(self) -> Recognised:
        return self._recognised

    def close(self) -> None:
        self.is_closed = True
