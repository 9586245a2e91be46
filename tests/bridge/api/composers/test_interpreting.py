"""A simple client's words as music to play."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.api.composers.interpreting import interpret
from musearoo.bridge.core.composing import Players
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import ParamError
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import ENGINES

PLAYERS = Players(ENGINES, read_styles(None), play_with_patience, PatternLibrary())
NOTHING: dict[str, Any] = {"prompt": "", "genre": "", "mood": "", "bpm": None, "key": "", "seconds": None, "seed": 1}


def read(**fields: Any) -> dict[str, Any]:
    """What is to be played."""
    return interpret(PLAYERS, Path(), **{**NOTHING, **fields})


def test_fields_come_before_words_and_words_before_what_is_usual() -> None:
    cases: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"genre": "jazz"}, {"style": "jazz swing", "bpm": 148.0, "note": ""}),
        ({"prompt": "funk at 96 bpm in E minor"}, {"style": "funk", "bpm": 96.0, "key": "E minor"}),
        ({"prompt": "funk at 96 bpm in E minor", "bpm": 111, "key": "C major"}, {"bpm": 111, "key": "C major"}),
        ({"prompt": "some funk", "genre": "blues"}, {"style": "blues"}),
        ({"prompt": "two minutes", "seconds": 40.0, "bpm": 120}, {"seconds": 40.0}),
        ({"prompt": "1.5 minutes of house", "bpm": 124}, {"seconds": 90.0, "bars": None}),
        ({"prompt": "6 s of house", "bpm": 120}, {"seconds": 6.0, "bars": 3}),
        ({}, {"style": "pop"}),
    ]
    for fields, expected in cases:
        found = read(**fields)
        assert {name: found[name] for name in expected} == expected, fields


def test_what_has_no_style_is_named() -> None:
    assert read(genre="Electronic")["note"] == "Electronic has no style of its own: house is the nearest."
    assert read(genre="xyzzy")["note"] == "“xyzzy” is no genre that is known: it was played as pop."
    assert read(genre="xyzzy", prompt="a reggae tune")["style"] == "reggae"
    assert "nearest" in read(genre="gamelan")["note"]
    assert "no mood that is known" in read(mood="qwerty")["note"]


def test_moods_choose_the_key_and_the_pace() -> None:
    minor = [Key.parse(read(genre="rock", mood="sad", seed=seed)["key"]).is_minor for seed in range(8)]
    major = [Key.parse(read(genre="rock", mood="happy", seed=seed)["key"]).is_minor for seed in range(8)]
    assert all(minor)
    assert not any(major)
    assert read(genre="rock", mood="energetic")["complexity"] > read(genre="rock", mood="calm")["complexity"]


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ParamError):
        read(key="H sharp")


def test_pieces_of_any_length_are_as_long_as_asked_or_nearly() -> None:
    off = []
    for genre in ("pop", "jazz", "hip-hop", "classical", "blues", "house"):
        for seconds in (3.0, 8.0, 15.0, 20.0, 33.0, 60.0, 180.0):
            found = read(genre=genre, seconds=seconds)
            if found["bars"] is not None and seconds > 6.0 and abs(found["seconds"] - seconds) > 0.1 * seconds:
                off.append((genre, seconds, found["seconds"]))
    assert off == []
