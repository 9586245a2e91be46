"""The Moonshine recogniser: a neural network that transcribes a whole utterance, rescored by likely sentences.

The search starts at each pause: if that was the end, the transcript is ready when Talk is released. If music plays, it
runs in two modes at once, with noise reduction and without, because noise reduction also removes some of the voice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musearoo.bridge.speech.recognition.moonshine_network import SHORTEST, MoonshineNetwork
from musearoo.bridge.speech.recognition.word_search import Candidate, NBest, WordSearch
from musearoo.bridge.speech.sound.format import BYTES_A_SAMPLE, RATE
from musearoo.bridge.speech.sound.noise_reduction import WINDOW, clean
from musearoo.bridge.speech.sound.voice_activity import rises

FRAME: Final = RATE // 50
"""Samples per level measurement: 20 ms."""

PAUSE_FRAMES: Final = 4
"""Quiet frames that start a search. They may be the end, or a silence within a word, which wastes the search."""

QUIET: Final = 0.4
QUIET_DB: Final = (5.0, 15.0)
"""A frame is quiet if it is this far below the loud ones: QUIET of the distance to the quietest tenth, bounded to
QUIET_DB. With music 10 dB below the voice, 24 of 25 sentence ends are detected; without music, hardly ever before the
last consonant is over."""

LOUD_FRAMES: Final = 5
"""The speech level is that of the fifth loudest frame: a click is louder, and shorter."""

TAIL: Final = RATE * 2 // 5
"""Samples of silence appended to the sound: after an abrupt end, the network may repeat a number over and over; with
0.3 s of silence it does not."""

LONGEST: Final = 30 * RATE
"""Longest utterance, in samples, that the network was trained on; Talk ends long before."""

Samples = NDArray[np.float32]
Mode = Callable[[Samples], Samples]


def _as_it_is(samples: Samples) -> Samples:
    return samples


MODES: Final[tuple[Mode, ...]] = (clean, _as_it_is)
"""Preprocessing of the sound in each mode. Of 61 sentences over music 10 dB below, 42 were right with both modes, 38
with the first alone; without music, both score the same."""

MUSIC_DB: Final = 25.0
"""If the quietest tenth is less than this below the loud frames, music plays, and both modes run."""


@dataclass(frozen=True, slots=True)
class Search:
    """A running search for each mode of recognition."""

    futures: tuple[Future[NBest], ...]

    def result(self) -> NBest:
        """Return the candidates of all modes, the best first; waits for them."""
        return merge([future.result() for future in self.futures])


class MoonshineDecoder:
    """The Moonshine recogniser, one utterance at a time."""

    def __init__(self, network: MoonshineNetwork, search: WordSearch) -> None:
        self._network = network
        self._word_search = search
        self._threads = ThreadPoolExecutor(len(MODES), thread_name_prefix="moonshine")
        self._sound = bytearray()
        self._levels: list[float] = []
        self._search: Search | None = None
        self._frames_searched = 0
        self._stop = threading.Event()

    def begin(self) -> None:
        """Start an utterance; a search in the last one is stopped."""
        self.stop()
        self._sound.clear()
        self._levels.clear()

    def feed(self, samples: bytes) -> None:
        """Feed the next piece of sound: 16-bit samples at RATE."""
        self._sound += samples[: LONGEST * BYTES_A_SAMPLE - len(self._sound)]
        size = FRAME * BYTES_A_SAMPLE
        while len(self._levels) < len(self._sound) // size:
            start = len(self._levels) * size
            self._levels.append(_level(bytes(self._sound[start : start + size])))
        if len(self._levels) < PAUSE_FRAMES + LOUD_FRAMES:
            return
        is_pause = not self._is_loud(len(self._levels) - PAUSE_FRAMES)
        if self._search is not None and self._is_loud(self._frames_searched):
            self.stop()
        if is_pause and self._search is None and self._is_loud(0):
            loud, floor = self._loud_and_floor()
            self._begin_search(MODES if loud - floor < MUSIC_DB else MODES[:1])

    def end(self) -> Search | None:
        """Return the running search of the utterance, or None for too little sound."""
        if len(self._sound) < max(SHORTEST, WINDOW) * BYTES_A_SAMPLE:
            self.stop()
            return None
        if self._search is None or self._is_loud(self._frames_searched):
            self.stop()
            # The user waits for this one, and both modes take longer than one.
            return self._begin_search(MODES[:1])
        return self._search

    @property
    def rises(self) -> bool:
        """Whether somebody seems to have spoken."""
        return rises(self._levels)

    def weigh(self, found: NBest, words: tuple[str, ...]) -> Candidate | None:
        """Score another sentence as the candidates were; None if it cannot be one."""
        return self._word_search.weigh(found.sound, words)

    def stop(self) -> None:
        """Stop the search."""
        self._stop.set()
        self._search = None

    def close(self) -> None:
        """Stop the threads; the recogniser cannot be used any more."""
        self.stop()
        self._threads.shutdown()

    def _begin_search(self, modes: Sequence[Mode]) -> Search:
        self._stop = threading.Event()
        self._frames_searched = len(self._levels)
        samples = np.frombuffer(bytes(self._sound), dtype="<i2").astype(np.float32) / 32768.0
        stops = self._stop.is_set
        self._search = Search(tuple(self._threads.submit(self._find, samples, mode, stops) for mode in modes))
        return self._search

    def _find(self, samples: Samples, mode: Mode, stops: Callable[[], bool]) -> NBest:
        """Search for candidates. Runs in a thread of its own."""
        sound = self._network.encode(np.pad(mode(samples), (0, TAIL)))
        return self._word_search.find(sound, len(samples) / RATE, stops)

    def _is_loud(self, since: int) -> bool:
        """Whether any frame since `since` is as loud as speech."""
        loud, floor = self._loud_and_floor()
        least, most = QUIET_DB
        quiet = loud - min(most, max(least, QUIET * (loud - floor)))
        return any(level > quiet for level in self._levels[since:])

    def _loud_and_floor(self) -> tuple[float, float]:
        """Return the level of the speech in dB, and that of the quietest tenth of the frames."""
        ordered = sorted(self._levels)
        return ordered[-min(LOUD_FRAMES, len(ordered))], ordered[len(ordered) // 10]


def merge(modes: Sequence[NBest]) -> NBest:
    """Merge the candidates of several modes: each sentence once, with its best score and how many found it."""
    best: dict[tuple[str, ...], Candidate] = {}
    for found in modes:
        for one in found.candidates:
            known = best.get(one.words)
            if known is None:
                best[one.words] = one
            else:
                best[one.words] = replace(max(known, one, key=lambda each: each.score), modes=known.modes + 1)
    return modes[0]._replace(candidates=tuple(sorted(best.values(), key=lambda one: -one.score)))


def _level(frame: bytes) -> float:
    samples = np.frombuffer(frame, dtype="<i2").astype(np.float32)
    return float(10.0 * np.log10(max(float(np.square(samples).mean()), 1.0)))
