"""Open the parts of a MusicGen model from its files, in audiocraft's format or transformers'.

audiocraft: `state_dict.bin` (the language model in half precision, and its training settings),
`compression_state_dict.bin` (the codec, or only the name of a separately published one), and next to them the text
encoder t5-base in transformers' format. transformers: one folder with everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.description import remedy
from musearoo.engines.neural.musicgen.faults import UnfitError, naming_file
from musearoo.engines.neural.musicgen.renaming import CONDITIONERS, as_audiocraft
from musearoo.engines.neural.musicgen.settings import ChromaSettings, LanguageSettings, Settings, read_language_settings
from musearoo.engines.neural.musicgen.tensors import (
    CONFIG,
    INDEX,
    WEIGHTS,
    Tensors,
    open_package,
    read_config,
    read_safetensors,
    take_state,
)

LANGUAGE: Final = "state_dict.bin"
COMPRESSION: Final = "compression_state_dict.bin"

TEXT_NAME: Final = "t5-base"
CODEC_NAME: Final = "encodec_32khz"
"""Catalogue names of the models that audiocraft's format needs in addition."""

TRAINED_SECONDS: Final = 30.0
"""Training segment of all published models; transformers' format does not record it."""

TEXT_PREFIX: Final = "text_encoder."
CODEC_PREFIX: Final = "audio_encoder."


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Linear map from a condition to the width of the language model: weight (dim, width), bias (dim)."""

    weight: Any
    bias: Any


@dataclass(frozen=True, slots=True, eq=False)
class TextFiles:
    """A text encoder: settings and tensors in transformers' format, and the folder of its tokenizer.

    name: catalogue name of the model it is downloaded with.
    """

    name: str
    config: Mapping[str, Any]
    state: Tensors
    folder: Path


@dataclass(frozen=True, slots=True, eq=False)
class CodecFiles:
    """A codec: settings and tensors in either format, and the file or folder they are from.

    name: catalogue name of the model it is downloaded with.
    """

    name: str
    settings: Mapping[str, Any]
    state: Tensors
    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A model on disk; its tensors are memory-mapped.

    weights: the language model's, by audiocraft's names. chroma: None for a model without melody conditioning.
    """

    name: str
    path: Path
    settings: LanguageSettings
    weights: Tensors
    words: Projection
    chroma: Projection | None
    text: TextFiles
    codec: CodecFiles


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """A model's settings without its weights, for each of its three parts."""

    settings: LanguageSettings
    text: Mapping[str, Any]
    codec: Mapping[str, Any]


def open_checkpoint(folder: Path, text_folder: Path | None, codec_folder: Path | None, name: str) -> Checkpoint:
    """Open the model of a folder; raises EngineError if a file is missing or malformed.

    `text_folder` has t5-base, for audiocraft's format; `codec_folder` the codec, if the model only names it.
    """
    if _is_audiocraft(folder, text_folder):
        return _open_audiocraft(folder, text_folder, codec_folder, name)
    return _open_transformers(folder, name)


def describe(folder: Path, text_folder: Path | None, codec_folder: Path | None, name: str) -> Description:
    """Read the settings of the model in a folder; raises EngineError as `open_checkpoint` does."""
    if not _is_audiocraft(folder, text_folder):
        return _describe_transformers(folder, name)
    path = folder / LANGUAGE
    package = open_package(path, name)
    with naming_file(path, name):
        settings = read_language_settings(_read_settings(package))
    text = _require_text(text_folder, name)
    codec = _open_codec(folder / COMPRESSION, codec_folder, name)
    return Description(settings, read_config(text, TEXT_NAME), codec.settings)


def _is_audiocraft(folder: Path, text_folder: Path | None) -> bool:
    """Return whether to read audiocraft's format; if both are present, only when the text encoder is available."""
    return (folder / LANGUAGE).is_file() and not (text_folder is None and _has_transformers(folder))


def _has_transformers(folder: Path) -> bool:
    return any((folder / file).is_file() for file in (WEIGHTS, INDEX))


def _describe_transformers(folder: Path, name: str) -> Description:
    if not _has_transformers(folder):
        raise EngineError(f"There is no model {name} in {folder}: {remedy(name)}.")
    config = read_config(folder, name)
    with naming_file(folder / CONFIG, name):
        return Description(_read_transformers_settings(config), config["text_encoder"], config["audio_encoder"])


def _open_audiocraft(folder: Path, text_folder: Path | None, codec_folder: Path | None, name: str) -> Checkpoint:
    path = folder / LANGUAGE
    package = open_package(path, name)
    with naming_file(path, name):
        settings = _read_settings(package)
        language = read_language_settings(settings)
        state = take_state(package)
        words, chroma = _take_projections(state, language.chroma)
    text = _require_text(text_folder, name)
    return Checkpoint(
        name=name,
        path=path,
        settings=language,
        weights={tensor: values for tensor, values in state.items() if not tensor.startswith(CONDITIONERS)},
        words=words,
        chroma=chroma,
        text=TextFiles(
            TEXT_NAME, read_config(text, TEXT_NAME), read_safetensors(text, TEXT_NAME, _is_of_encoder), text
        ),
        codec=_open_codec(folder / COMPRESSION, codec_folder, name),
    )


def _require_text(text_folder: Path | None, name: str) -> Path:
    if text_folder is None:
        raise EngineError(f"The model {name} reads its prompts by {TEXT_NAME}, which is not here: {remedy(TEXT_NAME)}.")
    return text_folder


def _open_codec(path: Path, codec_folder: Path | None, name: str) -> CodecFiles:
    """Open the codec of a compression file, or the one it names."""
    package = open_package(path, name)
    with naming_file(path, name):
        named = package.get("pretrained")
        if not named:
            return CodecFiles(name, _read_settings(package).resolve(), take_state(package), path)
    if codec_folder is None:
        raise EngineError(f"The model {name} sounds by the codec {named}, which is not here: {remedy(CODEC_NAME)}.")
    if (codec_folder / COMPRESSION).is_file():
        own = codec_folder / COMPRESSION
        package = open_package(own, CODEC_NAME)
        with naming_file(own, CODEC_NAME):
            return CodecFiles(CODEC_NAME, _read_settings(package).resolve(), take_state(package), own)
    config = read_config(codec_folder, CODEC_NAME)
    return CodecFiles(CODEC_NAME, config, read_safetensors(codec_folder, CODEC_NAME), codec_folder)


def _open_transformers(folder: Path, name: str) -> Checkpoint:
    described = _describe_transformers(folder, name)
    state = read_safetensors(folder, name)
    text = {tensor.removeprefix(TEXT_PREFIX): state[tensor] for tensor in state if tensor.startswith(TEXT_PREFIX)}
    codec = {tensor.removeprefix(CODEC_PREFIX): state[tensor] for tensor in state if tensor.startswith(CODEC_PREFIX)}
    with naming_file(folder / WEIGHTS, name):
        own = {tensor: state[tensor] for tensor in state if not tensor.startswith((TEXT_PREFIX, CODEC_PREFIX))}
        renamed = as_audiocraft(own)
        words, chroma = _take_projections(renamed, described.settings.chroma)
    return Checkpoint(
        name=name,
        path=folder / WEIGHTS,
        settings=described.settings,
        weights={tensor: values for tensor, values in renamed.items() if not tensor.startswith(CONDITIONERS)},
        words=words,
        chroma=chroma,
        text=TextFiles(name, described.text, text, folder),
        codec=CodecFiles(name, described.codec, codec, folder),
    )


def _read_transformers_settings(config: Mapping[str, Any]) -> LanguageSettings:
    kind = config.get("model_type")
    parts = [config.get(part) for part in ("decoder", "text_encoder", "audio_encoder")]
    if kind not in ("musicgen", "musicgen_melody") or not all(isinstance(part, dict) for part in parts):
        raise UnfitError(f"it is for the kind of model {kind!r}, not for MusicGen")
    decoder = config["decoder"]
    usual = {"activation_function": "gelu", "scale_embedding": False}
    if odd := [option for option, value in usual.items() if decoder.get(option, value) != value]:
        raise UnfitError(f"its {odd[0]} differs from the published MusicGen models")
    if config["text_encoder"].get("model_type") != "t5" or config["audio_encoder"].get("model_type") != "encodec":
        raise UnfitError("its text encoder or its codec differs from the published MusicGen models")
    codebooks, channels = int(decoder["num_codebooks"]), int(decoder.get("audio_channels", 1))
    return LanguageSettings(
        dim=int(decoder["hidden_size"]),
        layers=int(decoder["num_hidden_layers"]),
        heads=int(decoder["num_attention_heads"]),
        hidden=int(decoder["ffn_dim"]),
        cardinality=int(decoder["vocab_size"]),
        delays=tuple(codebook // channels for codebook in range(codebooks)),
        seconds=TRAINED_SECONDS,
        channels=channels,
        chroma=ChromaSettings(bins=int(config.get("num_chroma", 12))) if kind == "musicgen_melody" else None,
    )


def _read_settings(package: Mapping[str, Any]) -> Settings:
    text = package.get("xp.cfg")
    if not isinstance(text, str):
        raise UnfitError("it has no settings")
    return Settings(text)


def _take_projections(state: Tensors, chroma: ChromaSettings | None) -> tuple[Projection, Projection | None]:
    words = _take_projection(state, "description")
    return words, _take_projection(state, "self_wav") if chroma else None


def _take_projection(state: Tensors, conditioner: str) -> Projection:
    names = [f"{CONDITIONERS}{conditioner}.output_proj.{part}" for part in ("weight", "bias")]
    for tensor in names:
        if tensor not in state:
            raise UnfitError(f"it lacks {tensor}")
    weight, bias = (state[tensor].float() for tensor in names)
    if weight.dim() != 2 or tuple(bias.shape) != (weight.shape[0],):
        raise UnfitError(f"its {names[0]} has the shape {tuple(weight.shape)}")
    return Projection(weight, bias)


def _is_of_encoder(tensor: str) -> bool:
    """Return whether a T5 tensor belongs to the encoder."""
    return tensor.startswith(("shared.", "encoder."))
