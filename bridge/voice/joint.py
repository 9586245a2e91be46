"""Hears by two recognisers of different kinds, and takes what both together and the grammar make likeliest.

Moonshine, a neural network, is the better ear, most of all with music, but takes an utterance as a whole. PocketSphinx
shows words while they are said, and errs otherwise. Where somebody pauses, Moonshine listens already: if that was the
end, its candidates are there when Talk is let go.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.voice.choosing import Around, Choice, Chooser, choose, confidence, trust, written
from bridge.voice.cleaning import WINDOW, clean
from bridge.voice.moonshine_network import SHORTEST, MoonshineNetwork
from bridge.voice.recogniser import BYTES_A_SAMPLE, RATE, Recognised, RecogniserError
from bridge.voice.rising import rises
from bridge.voice.second_ear import SecondEar
from bridge.voice.word_search import Found, WordSearch

FRAME: Final = RATE // 50
"""Samples of which one loudness is taken: 20 ms."""

PAUSE_FRAMES: Final = 4
"""So many that are quiet may be the end, or a word's own silence: then the search has begun for nothing."""

QUIET_DB: Final = 9.0
"""This far below the loud ones of the utterance so far, a frame is quiet. Over music hardly any is: then the search
begins when Talk is let go."""

LOUD_FRAMES: Final = 5
"""The speech is as loud as the fifth loudest: a click is louder, and shorter."""

FOREIGN: Final = 0.3
"""Below this confidence nothing is learnt of the microphone's sound."""

TAIL: Final = RATE * 2 // 5
"""Samples of silence that the network is given behind the sound: where a sentence ends at once, it has been seen to
write the same number over and over; with 0.3 s no more."""

LONGEST: Final = 30 * RATE
"""Samples that the network was trained on at most; Talk ends long before."""


class JointRecogniser:
    """See Recogniser."""

    def __init__(self, network: MoonshineNetwork, search: WordSearch, second: SecondEar, chooser: Chooser) -> None:
        self._network = network
        self._search = search
        self._second = second
        self._chooser = chooser
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="moonshine")
        self._utterance: _Utterance | None = None
        self._is_closed = False
        # The first time takes several times as long.
        self._find(np.zeros(RATE, np.float32), lambda: False)

    def begin(self) -> None:
        """See Recogniser."""
        self._check_open()
        self._drop()
        self._second.begin()
        self._utterance = _Utterance(lambda samples, stops: self._threads.submit(self._find, samples, stops))

    def feed(self, samples: bytes) -> None:
        """See Recogniser."""
        utterance = self._listening()
        if len(samples) % BYTES_A_SAMPLE:
            raise RecogniserError(f"{len(samples)} bytes are no whole number of 16-bit samples.")
        if samples:
            self._second.feed(samples)
            utterance.feed(samples)

    def partial(self) -> str:
        """See Recogniser."""
        self._listening()
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

    def end_with_choices(self) -> tuple[tuple[Choice, ...], Around]:
        """All that may have been said, none where there was too little sound; and what is known besides."""
        utterance = self._listening()
        self._utterance = None
        second = self._second.end()
        found = utterance.end()
        if found is None:
            return (), Around(0, 0.0)
        candidates = found.candidates
        if second not in [candidate.words for candidate in candidates]:
            # What the other ear heard may have been lost on the way of the search.
            theirs = self._search.weigh(found.sound, second)
            candidates = (*candidates, theirs) if theirs else candidates
        phones = sum(len(self._chooser.sound(word)) for word in second)
        return self._chooser.weigh(candidates, second), Around(phones, found.nothing, utterance.rises)

    def close(self) -> None:
        """See Recogniser."""
        if not self._is_closed:
            self._drop()
            self._threads.shutdown()
        self._is_closed = True

    def _find(self, samples: NDArray[np.float32], stops: Callable[[], bool]) -> Found:
        """In the thread of the network: what may have been said."""
        sound = self._network.hear(np.pad(clean(samples), (0, TAIL)))
        return self._search.find(sound, len(samples) / RATE, stops)

    def _drop(self) -> None:
        if self._utterance is not None:
            self._utterance.drop()
            self._second.end()
        self._utterance = None

    def _check_open(self) -> None:
        if self._is_closed:
            raise RecogniserError("The recogniser is closed.")

    def _listening(self) -> _Utterance:
        self._check_open()
        if self._utterance is None:
            raise RecogniserError("No utterance was begun.")
        return self._utterance


class _Utterance:
    """The sound so far, how loud it is, and the search in what was there at the last pause."""

    def __init__(self, submit: Callable[[NDArray[np.float32], Callable[[], bool]], Future[Found]]) -> None:
        self._submit = submit
        self._sound = bytearray()
        self._levels: list[float] = []
        self._search: Future[Found] | None = None
        self._heard = 0
        self._stop = threading.Event()

    def feed(self, samples: bytes) -> None:
        self._sound += samples[: LONGEST * BYTES_A_SAMPLE - len(self._sound)]
        size = FRAME * BYTES_A_SAMPLE
        while len(self._levels) < len(self._sound) // size:
            start = len(self._levels) * size
            self._levels.append(_level(bytes(self._sound[start : start + size])))
        if len(self._levels) < PAUSE_FRAMES + LOUD_FRAMES:
            return
        is_pause = not self._is_loud(len(self._levels) - PAUSE_FRAMES)
        if self._search is not None and self._is_loud(self._heard):
            self.drop()
        if is_pause and self._search is None and self._is_loud(0):
            self._begin_search()

    def end(self) -> Found | None:
        """What may have been said; None where there is too little of it."""
        if len(self._sound) < max(SHORTEST, WINDOW) * BYTES_A_SAMPLE:
            self.drop()
            return None
        if self._search is None or self._is_loud(self._heard):
            self.drop()
            return self._begin_search().result()
        return self._search.result()

    @property
    def rises(self) -> bool:
        """Whether anybody seems to have spoken."""
        return rises(self._levels)

    def drop(self) -> None:
        """Stops looking."""
        self._stop.set()
        self._search = None

    def _begin_search(self) -> Future[Found]:
        self._stop = threading.Event()
        self._heard = len(self._levels)
        samples = np.frombuffer(bytes(self._sound), dtype="<i2").astype(np.float32) / 32768.0
        self._search = self._submit(samples, self._stop.is_set)
        return self._search

    def _is_loud(self, since: int) -> bool:
        """Whether anything since a frame was as loud as speech."""
        loud = sorted(self._levels)[-LOUD_FRAMES:][0] - QUIET_DB
        return any(level > loud for level in self._levels[since:])


def _level(frame: bytes) -> float:
    samples = np.frombuffer(frame, dtype="<i2").astype(np.float32)
    return float(10.0 * np.log10(max(float(np.square(samples).mean()), 1.0)))
