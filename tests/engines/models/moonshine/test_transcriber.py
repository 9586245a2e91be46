"""Moonshine's call path, by a tiny model that was taught two sentences, and all that can be wrong with its files."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engines.errors import EngineError
from tests.engines.models.moonshine.tiny import SENTENCES, tone

pytest.importorskip("torch", reason="the extra `models` is not installed")

from engines.models.moonshine.transcriber import NOTHING, SHORTEST, Transcriber

NAME = "moonshine-tiny"
CURE = rf"musearoo models fetch {NAME}"


@pytest.fixture(scope="module")
def transcriber(moonshine: Path) -> Transcriber:
    return Transcriber.load(moonshine, NAME)


@pytest.mark.parametrize("hertz", SENTENCES)
def test_it_writes_what_it_was_taught(transcriber: Transcriber, hertz: float) -> None:
    made = transcriber.transcribe(tone(hertz))
    assert made.text == SENTENCES[hertz]
    assert 0.9 < made.likelihood <= 1.0
    assert transcriber.transcribe(tone(hertz)) == made


def test_no_more_is_written_than_can_have_been_said(transcriber: Transcriber) -> None:
    """Half a second holds four pieces of text and three to spare."""
    assert transcriber.transcribe(tone(220.0, 0.5)).text == "Give me a bass-line,"


def test_hardly_any_sound_is_nothing(transcriber: Transcriber) -> None:
    assert transcriber.transcribe(np.zeros(0, np.float32)) == NOTHING
    assert transcriber.transcribe(tone(220.0)[: SHORTEST - 1]) == NOTHING


def test_thirty_seconds_are_heard(transcriber: Transcriber) -> None:
    """More pieces than this model has places for."""
    assert transcriber.transcribe(tone(220.0, 30.0)).text.startswith("Give me")


def test_a_sound_that_it_was_not_taught_is_less_likely(transcriber: Transcriber) -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.1, 16_000).astype(np.float32)
    assert transcriber.transcribe(noise).likelihood < transcriber.transcribe(tone(220.0)).likelihood


def test_nothing_is_fetched(moonshine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("it asks the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert Transcriber.load(moonshine, NAME).transcribe(tone(220.0)).text


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def overwrite(name: str, text: str) -> Callable[[Path], None]:
    def break_it(folder: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return break_it


def change(name: str, **values: object) -> Callable[[Path], None]:
    def break_it(folder: Path) -> None:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps({**found, **values}), encoding="utf-8")

    return break_it


def cut(name: str) -> Callable[[Path], None]:
    def break_it(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes()[:-100])

    return break_it


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (remove("config.json"), r"lacks config\.json"),
        (remove("tokenizer.json"), r"lacks tokenizer\.json"),
        (remove("preprocessor_config.json"), r"lacks preprocessor_config\.json"),
        (remove("model.safetensors"), r"model\.safetensors"),
        (overwrite("config.json", "{"), r"config\.json is not what the model"),
        (overwrite("config.json", '{"model_type": "t5"}'), r"config\.json .*of a model of another kind, t5"),
        (overwrite("config.json", '{"model_type": "moonbeam"}'), r"config\.json is not what the model"),
        (overwrite("tokenizer.json", "{}"), r"tokenizer\.json .*it is broken"),
        (overwrite("preprocessor_config.json", "[]"), r"preprocessor_config\.json is not"),
        (change("preprocessor_config.json", sampling_rate=8000), r"preprocessor_config\.json .*8000 samples a second"),
        (overwrite("model.safetensors", "no weights"), r"model\.safetensors .*it is broken"),
        (cut("model.safetensors"), r"model\.safetensors .*it is broken"),
        (change("config.json", hidden_size=32), r"model\.safetensors .*it lacks"),
        (
            change("config.json", encoder_num_hidden_layers=2),
            r"model\.safetensors .*it lacks model\.encoder\.layers\.1",
        ),
        (change("config.json", vocab_size=5), r"model\.safetensors .*it lacks"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    moonshine: Path, tmp_path: Path, break_it: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(moonshine, folder)
    break_it(folder)
    with pytest.raises(EngineError, match=said) as caught:
        Transcriber.load(folder, NAME)
    assert CURE in str(caught.value)
    assert "\n" not in str(caught.value)
