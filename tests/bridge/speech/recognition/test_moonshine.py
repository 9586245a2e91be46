"""When the Moonshine decoder starts a search, in how many modes, and how it merges them; without its network."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from musearoo.bridge.speech.recognition.moonshine import MODES, MoonshineDecoder, merge
from musearoo.bridge.speech.recognition.word_search import Candidate, NBest
from musearoo.bridge.speech.sound.format import RATE
from musearoo.tools.bench.voice.spoken import as_int16

CHUNK = RATE // 25 * 2


class Network:
    """A network that encodes the number of samples."""

    def encode(self, samples: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        return {"sound": samples}


class Search:
    """Finds nothing, and keeps for how many seconds it was asked; waits to be stopped where it `hangs`."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.stopped = 0
        self.hangs = False

    def find(self, sound: dict[str, NDArray[np.float32]], seconds: float, stops: Callable[[], bool]) -> NBest:
        hangs = self.hangs
        self.asked.append(seconds)
        if hangs:
            while not stops():
                threading.Event().wait(0.001)
            self.stopped += 1
        return NBest((), sound, 0.0)


@pytest.fixture
def search() -> Search:
    return Search()


@pytest.fixture
def decoder(search: Search) -> Iterator[MoonshineDecoder]:
    opened = MoonshineDecoder(Network(), search)  # type: ignore[arg-type]
    yield opened
    opened.close()


def noise(seconds: float, level: float) -> bytes:
    count = round(seconds * RATE)
    return as_int16((np.random.default_rng(3).normal(size=count) * 10 ** (level / 20)).astype(np.float32))


def feed(decoder: MoonshineDecoder, *sounds: bytes) -> None:
    sound = b"".join(sounds)
    for start in range(0, len(sound), CHUNK):
        decoder.feed(sound[start : start + CHUNK])


def test_the_search_starts_in_a_pause_before_the_end(decoder: MoonshineDecoder, search: Search) -> None:
    decoder.begin()
    feed(decoder, noise(0.2, -70), noise(1.0, -20), noise(0.2, -70))
    found = decoder.end()
    assert found is not None
    found.result()
    (seconds,) = search.asked
    assert 1.2 < seconds < 1.4, "it begins in the pause, and not anew at the end"


def test_a_pause_over_music_is_seen_too(decoder: MoonshineDecoder, search: Search) -> None:
    decoder.begin()
    feed(decoder, noise(0.3, -30), noise(1.0, -20), noise(0.2, -30))
    found = decoder.end()
    assert found is not None
    found.result()
    assert len(search.asked) == len(MODES), "it begins in the pause, in each way, and not anew at the end"
    assert 1.3 < search.asked[0] < 1.5


def test_a_speaker_who_goes_on_restarts_the_search(decoder: MoonshineDecoder, search: Search) -> None:
    search.hangs = True
    decoder.begin()
    feed(decoder, noise(0.2, -70), noise(1.0, -20), noise(0.2, -70))
    while not search.asked:
        threading.Event().wait(0.001)
    feed(decoder, noise(0.5, -20))
    search.hangs = False
    found = decoder.end()
    assert found is not None
    found.result()
    while not search.stopped:
        threading.Event().wait(0.001)
    assert search.stopped == 1
    assert search.asked[-1] == pytest.approx(1.9)


def test_without_a_pause_all_is_listened_to_at_the_end(decoder: MoonshineDecoder, search: Search) -> None:
    decoder.begin()
    feed(decoder, noise(0.7, -20))
    assert search.asked == []
    found = decoder.end()
    assert found is not None
    found.result()
    assert search.asked[0] == pytest.approx(0.7)


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.09])
def test_too_little_is_nothing(decoder: MoonshineDecoder, seconds: float) -> None:
    decoder.begin()
    feed(decoder, noise(seconds, -20))
    assert decoder.end() is None


def test_a_sentence_that_both_modes_find_is_merged_with_its_best_score() -> None:
    def candidate(word: str, likely: float) -> Candidate:
        return Candidate((word,), likely, 0.0, 0.0, 1, 0, 0)

    first = NBest((candidate("mute", -1.0), candidate("move", -4.0)), {"first": np.zeros(1)}, -3.0)
    second = NBest((candidate("move", -2.0), candidate("moon", -3.0)), {}, -9.0)
    both = merge([first, second])
    assert [(one.words[0], one.acoustic, one.modes) for one in both.candidates] == [
        ("mute", -1.0, 1),
        ("move", -2.0, 2),
        ("moon", -3.0, 1),
    ]
    assert (both.nothing, list(both.sound)) == (-3.0, ["first"])
