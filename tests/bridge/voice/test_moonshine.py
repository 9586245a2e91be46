"""The Moonshine recogniser: what it makes of sound, when it looks for words, and what it says where it cannot."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engines.models.catalogue as catalogue
from bridge.model_store import ModelStore
from bridge.voice.moonshine import (
    LONGEST,
    NAMES,
    PARTIAL_EVERY,
    MoonshineRecogniser,
    explain_missing,
    open_moonshine,
    plain_words,
)
from bridge.voice.recogniser import RATE, Recogniser, RecogniserError
from engines.errors import EngineError
from engines.models.catalogue import list_models
from tests.engines.models.moonshine.conftest import moonshine as moonshine
from tests.engines.models.moonshine.tiny import SENTENCES, tone

CHUNK = RATE // 10


def as_bytes(samples: np.ndarray) -> bytes:
    return (samples * 32767.0).astype("<i2").tobytes()


class Said:
    """What a model understood."""

    def __init__(self, text: str, likelihood: float) -> None:
        self.text, self.likelihood = text, likelihood


class Counter:
    """A model that says how many samples it was given, and takes its time on a clock that it moves."""

    def __init__(self, takes: float = 0.0) -> None:
        self.now, self.takes, self.asked = 0.0, takes, list[int]()

    def clock(self) -> float:
        return self.now

    def transcribe(self, samples: np.ndarray) -> Said:
        assert samples.dtype == np.float32
        self.now += self.takes
        self.asked.append(len(samples))
        return Said(f"{len(samples)} Samples.", 0.5)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return ModelStore(tmp_path / "models")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        (" ... ", ""),
        ("Mute the drums!", "mute the drums"),
        ("Give me a bass-line, 8 bars in F-sharp.", "give me a bass line 8 bars in f sharp"),
        ("Set it to 95.5 BPM.", "set it to 95.5 bpm"),
        ("I’d like R&B, in F# minor", "i'd like r&b in f# minor"),
        ("Über-slow\nfunk", "über slow funk"),
    ],
)
def test_text_becomes_plain_words(text: str, words: str) -> None:
    assert plain_words(text) == words
    assert plain_words(words) == words


def test_what_is_fed_is_heard_as_a_whole() -> None:
    model = Counter()
    recogniser: Recogniser = MoonshineRecogniser(model, model.clock)
    recogniser.begin()
    for _ in range(3):
        recogniser.feed(bytes(2 * CHUNK))
    assert (recogniser.partial(), model.asked) == ("", [])
    assert recogniser.end().text == "4800 samples"
    assert recogniser.end().text == "0 samples"
    recogniser.feed(bytes(200))
    recogniser.begin()
    recogniser.feed(bytes(2))
    assert recogniser.end().text == "1 samples"


def test_no_more_than_the_model_can_hear_is_kept() -> None:
    model = Counter()
    recogniser = MoonshineRecogniser(model, model.clock)
    recogniser.feed(bytes(2 * LONGEST - 2))
    recogniser.feed(bytes(8))
    recogniser.feed(bytes(8))
    assert recogniser.end().text == f"{LONGEST} samples"


@pytest.mark.parametrize(
    ("takes", "asked"), [(0.0, [1, 2, 3, 4, 5, 6, 7, 8]), (0.1, [1, 2, 3, 4, 5, 6, 7, 8]), (0.5, [1, 3, 5, 7])]
)
def test_words_are_looked_for_as_often_as_there_is_time(takes: float, asked: list[int]) -> None:
    """Once a second at most, and for a quarter of the time."""
    model = Counter(takes)
    recogniser = MoonshineRecogniser(model, model.clock)
    for _ in range(80):
        recogniser.feed(bytes(2 * CHUNK))
        recogniser.partial()
    assert model.asked == [PARTIAL_EVERY * second for second in asked]
    assert recogniser.partial() == f"{PARTIAL_EVERY * asked[-1]} samples"


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(RecogniserError, match="half a sample"):
        MoonshineRecogniser(Counter()).feed(b"\0\0\0")


def test_after_the_close_there_is_nothing() -> None:
    recogniser = MoonshineRecogniser(Counter())
    recogniser.close()
    recogniser.close()
    for call in (recogniser.begin, recogniser.partial, recogniser.end, lambda: recogniser.feed(b"")):
        with pytest.raises(RecogniserError, match="closed"):
            call()


def test_a_model_that_fails_is_told() -> None:
    class Failing(Counter):
        def transcribe(self, samples: np.ndarray) -> Said:
            raise EngineError("There is no memory left.")

    with pytest.raises(RecogniserError, match="no memory left"):
        MoonshineRecogniser(Failing()).end()


def test_the_names_are_those_of_the_catalogue() -> None:
    assert sorted(NAMES) == sorted(card.name for card in list_models("moonshine"))


def test_what_lacks_is_said_with_the_command(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find_spec", lambda name: name)
    none = "No Moonshine model is on this machine: run `musearoo models fetch moonshine-tiny`."
    assert explain_missing(store) == none
    with pytest.raises(RecogniserError, match="No Moonshine model"):
        open_moonshine(store)
    store.place("moonshine-base").mkdir(parents=True)
    assert explain_missing(store).endswith("moonshine-base lacks files: run `musearoo models fetch moonshine-base`.")
    monkeypatch.setattr(catalogue, "find_spec", lambda name: None if name == "transformers" else name)
    assert explain_missing(store) == (
        "moonshine-tiny runs on packages that are not installed (transformers): "
        "run `python3 tools/dev.py setup --with models`."
    )


def test_to_ask_what_lacks_loads_nothing_heavy(store: ModelStore) -> None:
    code = (
        "import sys; from pathlib import Path; from bridge.model_store import ModelStore\n"
        "from bridge.voice.moonshine import explain_missing\n"
        f"explain_missing(ModelStore(Path({str(store.folder)!r})))\n"
        "print([name for name in ('torch', 'transformers', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("hertz", SENTENCES)
def test_sound_becomes_words_by_the_model_in_the_store(store: ModelStore, moonshine: Path, hertz: float) -> None:
    shutil.copytree(moonshine, store.place("moonshine-tiny"))
    assert explain_missing(store) == ""
    recogniser: Recogniser = open_moonshine(store)
    recogniser.begin()
    sound = as_bytes(tone(hertz))
    for start in range(0, len(sound), 2 * CHUNK):
        recogniser.feed(sound[start : start + 2 * CHUNK])
    assert recogniser.partial() == plain_words(SENTENCES[hertz])
    heard = recogniser.end()
    assert heard.text == plain_words(SENTENCES[hertz])
    assert 0.9 < heard.confidence <= 1.0
    assert recogniser.end().text == ""
    assert recogniser.end().confidence == 0.0
    recogniser.close()


def test_the_larger_model_goes_first(store: ModelStore, moonshine: Path) -> None:
    for name in NAMES:
        shutil.copytree(moonshine, store.place(name))
    (store.place("moonshine-base") / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(RecogniserError, match=r"needs .* then run `musearoo models fetch moonshine-base`"):
        open_moonshine(store)
