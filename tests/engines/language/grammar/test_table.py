"""Strict parsing of the table: each error names its place."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from musearoo.engines.errors import PresetError
from musearoo.engines.language.grammar.table import VoiceTable, read_voice_table
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.styles.reading import read_mapping
from tests.each_case import each_case


def _data() -> dict[str, Any]:
    text = resources.files("musearoo.presets").joinpath("voice.yaml").read_text("utf-8")
    return read_mapping(text)


def _read(data: dict[str, Any]) -> VoiceTable:
    return read_voice_table(json.dumps(data), "mine.yaml")


def test_every_intent_is_said_somehow(table: VoiceTable) -> None:
    assert set(table.intents) == set(Intent) - {Intent.NONE}


def test_every_intent_has_an_example(table: VoiceTable) -> None:
    assert [intent for intent, words in table.intents.items() if not words.examples] == []


@each_case(
    "path, value, problem",
    [
        (("fillers",), [True], r"fillers\[0\]: expected `str`"),
        (("colour",), "red", "unknown field `colour`"),
        (("intents", "play", "saay"), ["x"], "unknown field `saay`"),
        (("intents", "dance"), {}, "dance"),
        (("intents", "play", "say"), ["play (the | a"], r"intents.play.say: pattern must be with a \) for each"),
        (("intents", "play", "say"), ["play <nobody>"], "refers to <nobody>, which there is not"),
        (("intents", "play", "say"), ["play <colour:part>"], "fills 'colour', which is no slot"),
        (("intents", "play", "needs"), ["colour"], "intents.play.needs: expected one of"),
        (("intents", "play", "phrases"), ["nobody"], "intents.play.phrases: expected one of"),
        (("intents", "level", "say"), [{"words": ["up"], "sets": {"up": "yes"}}], "fills up with 'yes'"),
        (("phrases", "tempo"), {"say": ["fast"]}, "expected a name of its own"),
        (("phrases", "manner", "slot"), "colour", "phrases.manner.slot: expected one of"),
        (("phrases", "thing", "say"), ["<thing> here"], "refers to itself"),
        (("turns",), ["<part>"], "refers to <part>"),
        (("intents", "mute", "say"), ["turn ... off"], "only for what an intent `also` reads"),
        (("phrases", "than", "also"), ["than ... was"], "only for what an intent `also` reads"),
    ],
)
def test_an_error_names_its_place(path: tuple[str, ...], value: object, problem: str) -> None:
    data = _data()
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(PresetError, match=problem) as caught:
        _read(data)
    assert caught.value.source == "mine.yaml"


def test_an_intent_without_words_is_reported() -> None:
    data = _data()
    del data["intents"]["mute"]
    with pytest.raises(PresetError, match="expected how to say 'mute'"):
        _read(data)


def test_invalid_yaml_is_reported() -> None:
    with pytest.raises(PresetError, match="this is not YAML"):
        read_voice_table("before: [", "mine.yaml")
