"""Reading shapes from weights, and the errors for invalid ones."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.musicgen.decoding.linear import Numerics
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel, estimate_bytes
from musearoo.engines.neural.musicgen.decoding.shape import LanguageShape
from tests.each_case import each_case
from tests.engines.neural.musicgen.decoding.tiny import MELODY, TEXT, make_model, make_weights

SMALL = LanguageShape(dim=1024, layers=24, heads=16, hidden=4096)


@each_case("shape", [TEXT, MELODY])
def test_a_shape_is_read_from_its_weights(shape: LanguageShape) -> None:
    assert LanguageShape.read(make_weights(shape), 4, shape.delays, window=40, stride=24) == shape


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda weights: weights.__delitem__(name)


def put(name: str, tensor: Any) -> Callable[[dict[str, Any]], None]:
    return lambda weights: weights.__setitem__(name, tensor)


@each_case(
    "spoil, message",
    [
        (dict.clear, "emb.0.weight is missing"),
        (drop("transformer.layers.0.linear1.weight"), "transformer.layers.0.linear1.weight is missing"),
        (drop("transformer.layers.1.norm2.bias"), "transformer.layers.1.norm2.bias is missing"),
        (drop("out_norm.weight"), "out_norm.weight is missing"),
        (drop("transformer.layers.1.cross_attention.in_proj_weight"), "cross_attention.in_proj_weight is missing"),
        (put("linears.2.weight", torch.zeros(61, 32)), r"linears.2.weight has the sizes \(61, 32\) where \(60, 32\)"),
        (put("emb.1.weight", torch.zeros(61, 32, dtype=torch.int64)), "emb.1.weight is not of real numbers"),
        (put("emb.0.weight", torch.zeros(61)), "emb.0.weight is no matrix"),
        (put("transformer.layers.0.layer_scale_1.scale", torch.zeros(32)), "layer_scale_1.scale is of a kind"),
    ],
)
def test_invalid_weights_are_refused(spoil: Callable[[dict[str, Any]], None], message: str) -> None:
    weights = make_weights(TEXT)
    spoil(weights)
    with pytest.raises(EngineError, match=f"The language model cannot be used: .*{message}.*Fetch the model again"):
        LanguageShape.read(weights, 4, TEXT.delays)


@each_case(
    "heads, delays, message",
    [
        (5, (0, 1, 2, 3), "32 channels do not go into 5 heads"),
        (0, (0, 1, 2, 3), "32 channels do not go into 0 heads"),
        (4, (0, 1, 2), "4 codebooks come with delays"),
        (4, (1, 2, 3, 4), "rising from 0"),
        (4, (0, 2, 1, 3), "rising from 0"),
    ],
)
def test_settings_that_do_not_match_the_weights(heads: int, delays: tuple[int, ...], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        LanguageShape.read(make_weights(TEXT), heads, delays)


def test_bytes_are_those_of_the_weights() -> None:
    weights = make_weights(TEXT)
    norms = sum(values.numel() for values in weights.values() if values.dim() == 1)
    assert make_model().bytes == 4 * (sum(values.numel() for values in weights.values()) - norms)


def test_an_estimate_is_of_weights_and_of_what_is_kept() -> None:
    assert estimate_bytes(SMALL, "full", 400) == pytest.approx(1.68e9 + 400 * 24 * 4 * 1024 * 4, rel=0.3)
    assert estimate_bytes(SMALL, "full", 1500) == estimate_bytes(SMALL, "full", 4000)
    assert estimate_bytes(SMALL, "full", 1500) > estimate_bytes(SMALL, "full", 400)
    if Numerics.of("cpu", half=True).is_half:
        assert estimate_bytes(SMALL, "half", 400) < 0.7 * estimate_bytes(SMALL, "full", 400)


def test_an_unknown_precision_is_refused() -> None:
    wrong: Any = "double"
    with pytest.raises(ParamError, match="precision must be full or half"):
        LanguageModel.build(make_weights(TEXT), TEXT, precision=wrong)
