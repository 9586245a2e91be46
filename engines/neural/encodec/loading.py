"""Build a codec from the settings and tensors of a file, and estimate its memory. Files are opened elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from musearoo.engines.neural.encodec.codec import Codec
from musearoo.engines.neural.encodec.layers import Tensor
from musearoo.engines.neural.encodec.settings import read_shape
from musearoo.engines.neural.encodec.shape import CodecShape
from musearoo.engines.neural.encodec.weights import gather_weights

FLOAT: Final = 4
"""Bytes of a number."""


def build_codec(
    settings: Mapping[str, Any], state: Mapping[str, Tensor], channels: int = 1, device: str = "cpu", name: str = "It"
) -> Codec:
    """The codec of that file, on that device; the state may be let go of then.

    `settings`: see `read_shape`. `state`: the tensors by the names that audiocraft or transformers gave them.
    `channels`: 2 for a codec that takes the two channels of a sound one by one. `name`: of the file, for the errors.
    Raises EngineError for a codec of another kind than MusicGen's, and for tensors that are not whole.
    """
    shape = read_shape(settings, name)
    weights = gather_weights(state, shape, name)
    return Codec.of(shape, channels, {key: values.to(device) for key, values in weights.items()})


def estimate_bytes(shape: CodecShape) -> int:
    """How many bytes the weights of a codec take."""
    return FLOAT * sum(math.prod(size) for size in shape.sizes().values())
