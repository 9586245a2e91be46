"""What only one engine can be asked for, as a text: every kind of value, and what is said of one that is none."""

from __future__ import annotations

import pickle

import pytest

from engines.atmosroo.engine import AtmosParams
from engines.drummaroo.engine import DrumParams
from engines.errors import ParamError, unknown_name
from engines.harmonyroo.engine import HarmonyParams
from engines.options import read_options
from engines.params import EngineParams


def test_several_values_stand_with_commas_between() -> None:
    assert read_options(AtmosParams, "layers = drone, bells") == {"layers": ("drone", "bells")}
    assert read_options(AtmosParams, "layers=pad") == {"layers": ("pad",)}


@pytest.mark.parametrize(
    ("params", "text", "sentence"),
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
