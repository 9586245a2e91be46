"""Any words of English, by a Moonshine model: the recogniser that a user may choose instead of the built-in one.

Its model takes an utterance as a whole. While it is spoken, all that has come is decoded anew now and then, so that
words can be shown; the end decodes once more.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from bridge.config_files import home_folder
from bridge.model_store import FOLDER, ModelStore
from bridge.voice.recogniser import BYTES_A_SAMPLE, RATE, Recognised, RecogniserError
from engines.errors import EngineError
from engines.models.cards.card import cure
from engines.models.catalogue import explain_missing_packages, find_model

NAMES: Final = ("moonshine-base", "moonshine-tiny")
"""The models that may be here, the one to be preferred first: who fetched the larger one wants it."""

FETCH: Final = "moonshine-tiny"
"""The one that is fetched when none is here: 4 s of sound and 14 pieces of text took it 0.18 s on one busy core,
and the larger one 0.33 s (networks of their sizes, without the published weights)."""

PARTIAL_EVERY: Final = RATE
"""Samples that must have come before words are looked for again: a second of sound."""

SHARE: Final = 0.25
"""How much of the time goes into words that are only shown, at most; the end must not wait for them."""

LONGEST: Final = 30 * RATE
"""Samples that the model was trained on at most; Talk ends long before."""

_BETWEEN_WORDS: Final = re.compile(r"[^\w'&#.]+")
_POINT: Final = re.compile(r"(?<!\d)\.|\.(?!\d)")


class Transcript(Protocol):
    """What a model understood."""

    @property
    def text(self) -> str:
        """With capitals and points."""

    @property
    def likelihood(self) -> float:
        """How likely its pieces were on average, 0..1."""


class Transcribes(Protocol):
    """A model that makes text of samples, float32, 16,000 a second; see `engines.models.moonshine`."""

    def transcribe(self, samples: Any) -> Transcript:
        """What was said."""


def plain_words(text: str) -> str:
    """A text as a recogniser gives it: words in lower case and numbers, without points and dashes.

    >>> plain_words("Give me a bass-line, 8 bars in F-sharp. At 95.5 BPM!")
    'give me a bass line 8 bars in f sharp at 95.5 bpm'
    """
    return " ".join(_POINT.sub(" ", _BETWEEN_WORDS.sub(" ", text.lower().replace("’", "'"))).split())


class MoonshineRecogniser:
    """A Recogniser (`bridge.voice.recogniser`) that keeps what it is fed and has a model read it."""

    def __init__(self, model: Transcribes, clock: Callable[[], float] = time.perf_counter) -> None:
        self._model: Transcribes | None = model
        self._clock = clock
        self.begin()

    def begin(self) -> None:
        """Starts an utterance."""
        self._require_model()
        self._sound = bytearray()
        self._words = ""
        self._next_partial = PARTIAL_EVERY

    def feed(self, samples: bytes) -> None:
        """Takes the next piece of sound; raises RecogniserError where it is no whole number of samples."""
        self._require_model()
        if len(samples) % BYTES_A_SAMPLE:
            raise RecogniserError("The microphone gave half a sample: press Talk again.")
        room = LONGEST * BYTES_A_SAMPLE - len(self._sound)
        self._sound += samples[:room]

    def partial(self) -> str:
        """The words as of the last time that they were looked for, at most once a second of sound."""
        model = self._require_model()
        come = len(self._sound) // BYTES_A_SAMPLE
        if come >= self._next_partial:
            before = self._clock()
            self._words = plain_words(self._transcribe(model).text)
            took = self._clock() - before
            self._next_partial = come + max(PARTIAL_EVERY, int(took / SHARE * RATE))
        return self._words

    def end(self) -> Recognised:
        """What was said. The confidence is how likely the model held its own words.

        It is not fitted to how often commands are right then: it was never tried with the published weights.
        """
        made = self._transcribe(self._require_model())
        self.begin()
        words = plain_words(made.text)
        return Recognised(words, made.likelihood if words else 0.0)

    def close(self) -> None:
        """Lets go of the model."""
        self._model = None
        self._sound = bytearray()

    def _transcribe(self, model: Transcribes) -> Transcript:
        import numpy as np

        samples = np.frombuffer(bytes(self._sound), dtype="<i2").astype(np.float32) / 32768.0
        try:
            return model.transcribe(samples)
        except EngineError as error:
            raise RecogniserError(str(error)) from error

    def _require_model(self) -> Transcribes:
        if self._model is None:
            raise RecogniserError("The recogniser was closed: press Talk again.")
        return self._model


def _second_of_silence() -> Any:
    import numpy as np

    return np.zeros(RATE, np.float32)


def explain_missing(store: ModelStore) -> str:
    """One sentence on what lacks for Moonshine here, with the command that brings it; empty where nothing does.

    Imports nothing heavy and loads nothing: the daemon may ask.
    """
    if lacks := explain_missing_packages(find_model(FETCH)):
        return lacks
    if any(store.find(name) for name in NAMES):
        return ""
    begun = next((name for name in NAMES if store.place(name).is_dir()), None)
    return store.explain_missing(begun) if begun else f"No Moonshine model is on this machine: {cure(FETCH)}."


def open_moonshine(store: ModelStore | None = None) -> MoonshineRecogniser:
    """The recogniser, of the best model in the store (MuseAroo's own if none is given).

    Raises RecogniserError with one sentence: what lacks or is broken, and the command that mends it.
    """
    store = store or ModelStore(home_folder() / FOLDER)
    if sentence := explain_missing(store):
        raise RecogniserError(sentence)
    try:
        from engines.models.moonshine.transcriber import Transcriber

        name, folder = next((name, folder) for name in NAMES if (folder := store.find(name)))
        model = Transcriber.load(folder, name)
        # The first time takes several times as long.
        model.transcribe(_second_of_silence())
    except ImportError as error:
        raise RecogniserError(f"torch cannot be imported ({error}): run {find_model(FETCH).setup}.") from error
    except EngineError as error:
        raise RecogniserError(str(error)) from error
    return MoonshineRecogniser(model)
