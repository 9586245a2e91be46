"""Read a codec's shape from the settings stored with its weights, audiocraft's or transformers'. Imports nothing
heavy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec.shape import CodecShape

Settings = Mapping[str, Any]

AUDIOCRAFT: Final[Mapping[str, object]] = {
    "compression_model": "encodec",
    "encodec.autoencoder": "seanet",
    "encodec.quantizer": "rvq",
    "encodec.channels": 1,
    "encodec.causal": False,
    "encodec.renormalize": False,
    "seanet.channels": 1,
    "seanet.causal": False,
    "seanet.activation": "ELU",
    "seanet.activation_params": {"alpha": 1.0},
    "seanet.decoder.final_activation": None,
}
"""Options of audiocraft that this codec supports: those of MusicGen's. A missing option counts as supported."""

TRANSFORMERS: Final[Mapping[str, object]] = {
    "audio_channels": 1,
    "normalize": False,
    "chunk_length_s": None,
    "norm_type": "weight_norm",
    "use_causal_conv": False,
}
"""The same for transformers."""

NORMS: Final = ("weight_norm", "none")
"""Normalisation of convolutions in audiocraft: weight norm, which is folded into the weights, or none."""

PADDINGS: Final = ("reflect", "constant")
"""Padding of convolutions, in both libraries: reflection or silence."""

FREE: Final = ("trim_right_ratio", "final_activation", "final_activation_params")
"""Options that audiocraft's decoder may set on its own: the first applies to causal codecs, the others are checked."""

LARGEST: Final = 1 << 16
"""Upper bound of any size: published codecs are far below, and a wrong value would allocate all memory."""

DEEPEST: Final = 16
"""Upper bound of layer counts, and of the growth of dilation per layer."""


def read_shape(settings: Settings, name: str) -> CodecShape:
    """Read a codec's shape from the settings of either library.

    `settings`: the YAML of audiocraft's `xp.cfg` with references resolved, or `config.json` of transformers' codec.
    `name`: the source, for errors. Raises EngineError for settings of another kind of model, and for options that
    MusicGen's codec does not have.
    """
    if "seanet" in settings:
        return _read_audiocraft(settings, name)
    if "upsampling_ratios" in settings:
        return _read_transformers(settings, name)
    raise _refuse(name, "its settings are of another kind of model")


def _read_audiocraft(settings: Settings, name: str) -> CodecShape:
    source = _Source(settings, name)
    source.require(AUDIOCRAFT)
    source.require_one_of("seanet.norm", NORMS)
    for half in ("encoder", "decoder"):
        own = source.find(f"seanet.{half}")
        for key in own if isinstance(own, Mapping) else ():
            if key not in FREE and source.find(f"seanet.{half}.{key}") != source.find(f"seanet.{key}"):
                raise _refuse(name, f"its {half} has a {key} of its own")
    return CodecShape(
        rate=source.size("encodec.sample_rate"),
        ratios=source.sizes("seanet.ratios"),
        filters=source.size("seanet.n_filters"),
        dimension=source.size("seanet.dimension"),
        codebooks=source.size("rvq.n_q"),
        cardinality=source.size("rvq.bins", least=2),
        residuals=source.size("seanet.n_residual_layers", least=0, most=DEEPEST),
        dilation_growth=source.size("seanet.dilation_base", most=DEEPEST),
        compress=source.size("seanet.compress", most=source.size("seanet.n_filters")),
        recurrent_layers=source.size("seanet.lstm", least=0, most=DEEPEST),
        kernel=source.size("seanet.kernel_size"),
        last_kernel=source.size("seanet.last_kernel_size"),
        residual_kernel=source.size("seanet.residual_kernel_size"),
        mirrors=source.require_one_of("seanet.pad_mode", PADDINGS) == "reflect",
        has_shortcut=source.find("seanet.true_skip") is False,
    )


def _read_transformers(settings: Settings, name: str) -> CodecShape:
    source = _Source(settings, name)
    source.require(TRANSFORMERS)
    if settings.get("codebook_dim") not in (None, settings.get("hidden_size")):
        raise _refuse(name, "its codebooks have a size of their own")
    rate, ratios = source.size("sampling_rate"), source.sizes("upsampling_ratios")
    cardinality = source.size("codebook_size", least=2)
    bandwidths = source.find("target_bandwidths")
    if not isinstance(bandwidths, list | tuple) or not bandwidths or not isinstance(bandwidths[-1], int | float):
        raise _refuse(name, "its settings do not say target_bandwidths")
    # Bits a second of one codebook; the largest bandwidth uses all codebooks.
    bits = math.ceil(rate / math.prod(ratios)) * math.ceil(math.log2(cardinality))
    codebooks = 1000 * bandwidths[-1] // bits
    if not 1 <= codebooks <= LARGEST:
        raise _refuse(name, f"its target_bandwidths are {bandwidths!r}, and a codebook takes {bits / 1000:g}")
    return CodecShape(
        rate=rate,
        ratios=ratios,
        filters=source.size("num_filters"),
        dimension=source.size("hidden_size"),
        codebooks=int(codebooks),
        cardinality=cardinality,
        residuals=source.size("num_residual_layers", least=0, most=DEEPEST),
        dilation_growth=source.size("dilation_growth_rate", most=DEEPEST),
        compress=source.size("compress", most=source.size("num_filters")),
        recurrent_layers=source.size("num_lstm_layers", most=DEEPEST),
        kernel=source.size("kernel_size"),
        last_kernel=source.size("last_kernel_size"),
        residual_kernel=source.size("residual_kernel_size"),
        mirrors=source.require_one_of("pad_mode", PADDINGS) == "reflect",
        has_shortcut=bool(source.find("use_conv_shortcut")),
    )


class _Source:
    """Settings by dotted keys, validated as they are read."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings = settings
        self._name = name

    def find(self, key: str) -> Any:
        """Return the value of a key, or None."""
        value: Any = self._settings
        for part in key.split("."):
            if not isinstance(value, Mapping):
                return None
            value = value.get(part)
        return value

    def require(self, options: Mapping[str, object]) -> None:
        for key, wanted in options.items():
            if self._has(key) and (got := self.find(key)) != wanted:
                raise _refuse(self._name, f"its {key} is {got!r}, where MusicGen's has {wanted!r}")

    def require_one_of(self, key: str, wanted: tuple[str, ...]) -> str:
        got = self.find(key)
        if got not in wanted:
            raise _refuse(self._name, f"its {key} is {got!r}, where MusicGen's has {' or '.join(map(repr, wanted))}")
        return str(got)

    def size(self, key: str, least: int = 1, most: int = LARGEST) -> int:
        return self._check(key, self.find(key), least, most)

    def sizes(self, key: str) -> tuple[int, ...]:
        values = self.find(key)
        if not isinstance(values, list | tuple) or not 1 <= len(values) <= DEEPEST:
            raise _refuse(self._name, f"its settings do not say {key}")
        return tuple(self._check(key, value, 1, LARGEST) for value in values)

    def _has(self, key: str) -> bool:
        parent, _, last = key.rpartition(".")
        group = self.find(parent) if parent else self._settings
        return isinstance(group, Mapping) and last in group

    def _check(self, key: str, value: object, least: int, most: int) -> int:
        if value is None:
            raise _refuse(self._name, f"its settings do not say {key}")
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _refuse(self._name, f"its {key} is {value!r}, where {least} to {most} is possible")
        return value


def _refuse(name: str, why: str) -> EngineError:
    return EngineError(f"{name} is no codec that MuseAroo can use: {why}.")
