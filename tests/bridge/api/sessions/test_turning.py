"""Turning a take: what is asked for again, and what cannot be turned."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.sessions.turning import turn_take
from musearoo.bridge.api.types.requests import Generate, Song
from musearoo.bridge.store.records import Take


def a_take(params: dict[str, Any], place: dict[str, Any] | None) -> Take:
    """A take as the store has it."""
    return Take(
        id="t",
        session="s",
        user=None,
        made=0.0,
        engine="bassaroo",
        engine_version="1",
        style="funk",
        params=params,
        seed=7,
        context_hash="",
        notes_hash="",
        bpm=120.0,
        key="",
        length_beats=8.0,
        name="funk bass",
        milliseconds=1.0,
        place=place,
        notes=b"\x90",
    )


PLACE = {"clip": 9, "track": 2, "scene": 3}


def test_a_part_is_played_again_alone_in_its_slot_with_its_seed() -> None:
    for params in ({"do": "generate", "engine": "bass", "bars": 2}, {"do": "band", "engines": ["bass"], "bars": 2}):
        turned, clip = turn_take(a_take(params, PLACE), {"complexity": 0.9})
        assert clip == 9
        assert turned == Generate(
            engine="bassaroo", style="funk", bars=2, complexity=0.9, seed=7, track=2, scene=3, replace=True
        )


def test_another_seed_and_style_may_be_turned_to() -> None:
    turned, _ = turn_take(a_take({"do": "generate"}, PLACE), {"seed": 8, "style": "house"})
    assert (turned.seed, turned.style) == (8, "house")


def test_a_part_of_a_song_is_played_again_with_the_song_in_its_key() -> None:
    take = msgspec.structs.replace(a_take({"do": "song", "seconds": 30.0, "where": "timeline"}, PLACE), key="A minor")
    assert turn_take(take, {"complexity": 0.9}) == (
        Song(style="funk", seconds=30.0, key="A minor", complexity=0.9, seed=7),
        0,
    )
    assert turn_take(take, {"key": "D minor"}).request == Song(style="funk", seconds=30.0, key="D minor", seed=7)


@pytest.mark.parametrize(
    ("params", "turned", "field"),
    [
        ({"do": "refine"}, {}, "take"),
        ({"do": "imagine"}, {}, "take"),
        ({}, {}, "take"),
        ({"do": "song"}, {"where": "timeline"}, "where"),
        ({"do": "song"}, {"density": 0.9}, "density"),
        ({"do": "song"}, {"seconds": 1}, "seconds"),
        ({"do": "generate"}, {"engine": "drums"}, "engine"),
        ({"do": "generate"}, {"track": 5}, "track"),
        ({"do": "generate"}, {"bars": 0}, "bars"),
        ({"do": "generate"}, {"bars": "eight"}, "bars"),
    ],
)
def test_what_cannot_be_turned_is_named(params: dict[str, Any], turned: dict[str, Any], field: str) -> None:
    with pytest.raises(ApiError) as raised:
        turn_take(a_take(params, PLACE), turned)
    assert (raised.value.status, raised.value.field) == (422, field)
