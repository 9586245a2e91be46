"""Read the settings stored with audiocraft's language models: architecture and training. Imports nothing heavy.

They are the YAML of audiocraft's configuration, in which a value may refer to another: `${sample_rate}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from musearoo.engines.errors import PresetError
from musearoo.engines.foundation.parsing import parse_yaml
from musearoo.engines.neural.musicgen.faults import UnfitError

REFERENCE: Final = re.compile(r"\$\{([\w.]+)\}")
MAX_DEPTH: Final = 16
"""Longest chain of references; more is a cycle."""

OTHER_MODELS: Final = {
    "transformer_lm_magnet": "MAGNeT, which fills in its sounds in another way",
    "flow": "JASCO, which makes its sounds in another way",
}
"""audiocraft's names of its other language models."""

MUSIC_RATE: Final = 32_000
"""Sample rate of all MusicGen models, Hz; AudioGen's is 16,000."""


@dataclass(frozen=True, slots=True)
class ChromaSettings:
    """Melody conditioning: `bins` pitch classes, from windows of 2 ** `window_power` samples.

    `strongest_only`: frames are one-hot vectors of the strongest class.
    """

    bins: int = 12
    window_power: int = 14
    strongest_only: bool = True


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """Architecture of a language model, as its settings give it.

    hidden: width of the feed-forward layers. delays: per codebook, in frames. seconds: length of its window.
    chroma: None without melody conditioning.
    """

    dim: int
    layers: int
    heads: int
    hidden: int
    cardinality: int
    delays: tuple[int, ...]
    seconds: float
    channels: int
    chroma: ChromaSettings | None


class Settings:
    """The values of a YAML text by dotted path.

    >>> Settings("rate: 32000\\nchroma: {rate: '${rate}', bins: 12}").get("chroma.rate")
    32000
    """

    def __init__(self, text: str) -> None:
        try:
            values = parse_yaml(text, "its settings")
        except PresetError as error:
            raise UnfitError("its settings cannot be read") from error
        if not isinstance(values, dict):
            raise UnfitError("it has no settings")
        self._values: dict[str, Any] = values

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path, resolving references; `default` if there is none. Raises UnfitError."""
        return self._get(path, default, MAX_DEPTH)

    def _get(self, path: str, default: Any, depth: int) -> Any:
        if not depth:
            raise UnfitError(f"its setting {path} goes in circles")
        found: Any = self._values
        for name in path.split("."):
            if isinstance(found, str) and (reference := REFERENCE.fullmatch(found)):
                found = self._get(reference[1], None, depth - 1)
            if not isinstance(found, dict) or name not in found:
                return default
            found = found[name]
        if isinstance(found, str) and (reference := REFERENCE.fullmatch(found)):
            return self._get(reference[1], default, depth - 1)
        return found

    def resolve(self) -> dict[str, Any]:
        """Return all values with references resolved. Raises UnfitError."""
        return {name: self._resolve(self.get(name), MAX_DEPTH) for name in self._values}

    def _resolve(self, value: Any, depth: int) -> Any:
        if not depth:
            raise UnfitError("its settings go in circles")
        if isinstance(value, dict):
            return {name: self._resolve(part, depth - 1) for name, part in value.items()}
        if isinstance(value, str) and (reference := REFERENCE.fullmatch(value)):
            return self._resolve(self.get(reference[1]), depth - 1)
        return value

    def whole(self, path: str, default: int | None = None) -> int:
        """Return the integer at a path, at least 1. Raises UnfitError for anything else."""
        found = self.get(path, default)
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            raise UnfitError(f"its setting {path} is {found!r}, and should be a whole number from 1 on")
        return found


def read_language_settings(settings: Settings) -> LanguageSettings:
    """Read a language model's architecture; raises UnfitError for other models and unsupported options."""
    kind = settings.get("lm_model")
    if kind != "transformer_lm":
        raise UnfitError(f"it is a model of {OTHER_MODELS.get(str(kind), f'the kind {kind!r}')}")
    rate = settings.get("sample_rate")
    if rate != MUSIC_RATE:
        raise UnfitError(f"it makes sounds at {rate!r} Hz and MusicGen at {MUSIC_RATE}: it may be AudioGen")
    _require_known_parts(settings)
    codebooks = settings.whole("transformer_lm.n_q")
    delays = _read_delays(settings, codebooks)
    seconds = settings.get("dataset.segment_duration", 30)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        raise UnfitError(f"it says that it was trained on {seconds!r} seconds")
    stereo = bool(settings.get("interleave_stereo_codebooks.use", False))
    if stereo and settings.get("interleave_stereo_codebooks.per_timestep", False):
        raise UnfitError("its two channels follow one another in time")
    dim = settings.whole("transformer_lm.dim")
    return LanguageSettings(
        dim=dim,
        layers=settings.whole("transformer_lm.num_layers"),
        heads=settings.whole("transformer_lm.num_heads"),
        hidden=settings.whole("transformer_lm.hidden_scale", 4) * dim,
        cardinality=settings.whole("transformer_lm.card"),
        delays=delays,
        seconds=float(seconds),
        channels=2 if stereo else 1,
        chroma=_read_chroma(settings),
    )


def _read_delays(settings: Settings, codebooks: int) -> tuple[int, ...]:
    """Return the delay of each codebook in frames; the oldest files have them under another key or not at all."""
    pattern = settings.get("codebooks_pattern.modeling")
    delays = settings.get("codebooks_pattern.delay.delays") if pattern else None
    delays = list(range(codebooks)) if delays is None else delays
    odd = settings.get("codebooks_pattern.delay.flatten_first") or settings.get("codebooks_pattern.delay.empty_initial")
    if (pattern or settings.get("transformer_lm.q_modeling")) != "delay" or odd or len(delays) != codebooks:
        raise UnfitError("its codebooks do not follow one another by delays")
    return tuple(int(delay) for delay in delays)


def _require_known_parts(settings: Settings) -> None:
    """Raise UnfitError for options that no published MusicGen model has."""
    usual = {
        "norm": "layer_norm",
        "norm_first": True,
        "activation": "gelu",
        "positional_embedding": "sin",
        "layer_scale": None,
        "past_context": None,
        "qk_layer_norm": False,
        "qk_layer_norm_cross": False,
        "kv_repeat": 1,
    }
    odd = [name for name, value in usual.items() if settings.get(f"transformer_lm.{name}", value) != value]
    odd += [name for name in ("sum", "input_interpolate") if settings.get(f"fuser.{name}")]
    odd += ["cross_attention_pos_emb"] * bool(settings.get("fuser.cross_attention_pos_emb"))
    odd += ["normalize_text"] * bool(settings.get("conditioners.description.t5.normalize_text"))
    if odd:
        raise UnfitError(f"its {odd[0]} differs from the published MusicGen models")


def _read_chroma(settings: Settings) -> ChromaSettings | None:
    """Return the settings of the melody conditioning; None for text only."""
    conditioners = settings.get("conditioners", {})
    given = {name: settings.get(f"conditioners.{name}.model") for name in conditioners if name != "args"}
    known = {"description": "t5", "self_wav": "chroma_stem"}
    strange = [f"{name} by {model}" for name, model in given.items() if known.get(name) != model]
    if strange or "description" not in given:
        raise UnfitError(f"it is told of {strange[0] if strange else 'no words'}, which no MusicGen known here is")
    words_cross, prepended = settings.get("fuser.cross") == ["description"], settings.get("fuser.prepend") or []
    if "self_wav" not in given:
        if not words_cross or prepended:
            raise UnfitError("its words come in by another way than MusicGen's")
        return None
    if settings.get("fuser.cross") or sorted(prepended) != ["description", "self_wav"]:
        raise UnfitError("its tune comes in by another way than MusicGen's")
    place = "conditioners.self_wav.chroma_stem"
    return ChromaSettings(
        bins=settings.whole(f"{place}.n_chroma", 12),
        window_power=settings.whole(f"{place}.radix2_exp", 14),
        strongest_only=bool(settings.get(f"{place}.argmax", True)),
    )
