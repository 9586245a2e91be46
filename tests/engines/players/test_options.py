"""Options of single engines as text: every kind of value, and errors."""

from __future__ import annotations

import pickle

import pytest

from musearoo.engines.errors import ParamError, unknown_name
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.atmos.engine import AtmosParams
from musearoo.engines.players.bass.engine import BassParams
from musearoo.engines.players.drums.engine import DrumParams
from musearoo.engines.players.harmony.engine import HarmonyParams
from musearoo.engines.players.options import option_names, read_options, share_options
from musearoo.engines.players.params import EngineParams
from tests.each_case import each_case


def test_several_values_stand_with_commas_between() -> None:
    assert read_options(AtmosParams, "layers = drone, bells") == {"layers": ("drone", "bells")}
    assert read_options(AtmosParams, "layers=pad") == {"layers": ("pad",)}


@each_case(
    "params, text, sentence",
    [
        (DrumParams, "fills=often", "option fills must be a number, but was 'often'"),
        (DrumParams, "time_feel=dubble", "option time_feel must be one of normal, half, double, but was 'dubble'"),
        (HarmonyParams, "octave=up", "option octave must be a whole number, but was 'up'"),
        (
            AtmosParams,
            "layers=rain",
            "option layers must be of drone, pad, swells, bells, texture, riser, with commas between, but was 'rain'",
        ),
    ],
)
def test_a_value_that_is_none_is_answered_in_words(params: type[EngineParams], text: str, sentence: str) -> None:
    with pytest.raises(ParamError) as refusal:
        read_options(params, text)
    assert str(refusal.value) == sentence


def test_a_name_that_nothing_bears_is_answered_by_the_nearest() -> None:
    names, aliases = ("hip-hop", "drum and bass"), ("dnb", "boom bap")
    assert unknown_name("style", "Drum & Bass", names, aliases).nearest == "drum and bass"
    assert unknown_name("style", "boombap", names, aliases).nearest == "boom bap"
    error = unknown_name("style", "polka", names, aliases)
    assert str(error) == "style must be one of hip-hop, drum and bass, but was 'polka'"


def test_the_nearest_comes_through_a_process_boundary() -> None:
    error = unknown_name("engine", "drumaroo", ("drummaroo", "bassaroo"))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert str(error).endswith("but was 'drumaroo': did you mean 'drummaroo'?")


def test_options_are_read_by_name_and_shared_parameters_are_not_options() -> None:
    assert read_options(AtmosParams, " ; ; layers = drone ,, bells ;") == {"layers": ("drone", "bells")}
    assert read_options(BassParams, "") == {}
    assert read_options(BassParams, "octave=-1; manner = pedal") == {"octave": -1, "manner": "pedal"}
    assert read_options(DrumParams, "fills=0.5") == {"fills": 0.5}
    for text in ("octave", "bars=4", "kazoo=1", "=1", "octave 1"):
        with pytest.raises(ParamError) as refusal:
            read_options(BassParams, text)
        assert refusal.value.field == "options", text
        assert "octave" in refusal.value.bounds
    with pytest.raises(ParamError, match="empty: this engine knows none"):
        read_options(EngineParams, "octave=1")
    # The sign stands once: what follows belongs to the value.
    with pytest.raises(ParamError, match="option octave"):
        read_options(BassParams, "octave=1=2")


def test_each_player_gets_the_options_that_it_knows() -> None:
    band: dict[Role, type[EngineParams]] = {"drums": DrumParams, "bass": BassParams, "harmony": HarmonyParams}
    assert share_options(band, "octave = 1; manner=pedal ;") == {
        "drums": {}, "bass": {"octave": 1, "manner": "pedal"}, "harmony": {"octave": 1},
    }  # fmt: skip
    with pytest.raises(ParamError) as refusal:
        share_options(band, "octave=1; kazoo=2")
    assert (refusal.value.got, "octave" in refusal.value.bounds) == ("kazoo=2", True)
    with pytest.raises(ParamError, match="empty: nobody here knows any"):
        share_options({"drums": EngineParams}, "octave=1")
    assert option_names(EngineParams) == []
    assert option_names(BassParams) == sorted(option_names(BassParams))
    assert not {"style", "bars", "swing"} & set(option_names(BassParams))
