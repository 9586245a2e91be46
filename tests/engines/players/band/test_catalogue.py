"""The engines, by their names and parts."""

from __future__ import annotations

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.players.band.catalogue import ENGINES, find_engine


def test_engines_are_found_by_name_and_part_in_any_case() -> None:
    for engine in ENGINES:
        for name in (engine.name, engine.part, engine.title, f"  {engine.part.upper()} "):
            assert find_engine(name) is engine, name
        with pytest.raises(ParamError) as refusal:
            find_engine(engine.name, [other for other in ENGINES if other is not engine])
        assert engine.name not in refusal.value.bounds
    with pytest.raises(ParamError) as refusal:
        find_engine("drumaroo")
    assert (refusal.value.field, refusal.value.nearest) == ("engine", "drummaroo")
    with pytest.raises(ParamError) as refusal:
        find_engine("melodies")
    assert refusal.value.nearest == "melody"


def test_the_band_plays_in_the_order_in_which_its_players_hear_each_other() -> None:
    assert [engine.part for engine in ENGINES] == ["drums", "bass", "harmony", "melody", "atmosphere"]
