"""Load a MusicGen model from its folder onto a device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import torch

from musearoo.engines.audio.separation.contract import Separator
from musearoo.engines.audio.separation.dsp import DspSeparator
from musearoo.engines.errors import ParamError
from musearoo.engines.neural.device_memory import CPU
from musearoo.engines.neural.devices import choose_device, count_readers, find_half_precision, return_memory
from musearoo.engines.neural.encodec.loading import build_codec
from musearoo.engines.neural.encodec.loading import estimate_bytes as estimate_codec_bytes
from musearoo.engines.neural.encodec.settings import read_shape as read_codec_shape
from musearoo.engines.neural.musicgen.checkpoint import Checkpoint, describe, open_checkpoint
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel, Precision
from musearoo.engines.neural.musicgen.decoding.model import estimate_bytes as estimate_language_bytes
from musearoo.engines.neural.musicgen.decoding.shape import LanguageShape
from musearoo.engines.neural.musicgen.faults import UnfitError, adding_remedy, naming_file
from musearoo.engines.neural.musicgen.model import Follower, MusicGen
from musearoo.engines.neural.musicgen.settings import LanguageSettings
from musearoo.engines.neural.musicgen.text import TextEncoder

STRIDE: Final = 0.6
"""Stride of the sliding window, as a fraction of it: 18 of 30 s, as in audiocraft."""

BASE_TEXT: Final = {"vocab_size": 32_128, "d_model": 768, "d_kv": 64, "num_heads": 12, "d_ff": 3072, "num_layers": 12}
"""Sizes of t5-base, the text encoder of all published models; defaults for what its config leaves out."""

WORK_BYTES: Final = 350_000_000
"""Memory of the codec while decoding, without its weights: stereo, measured."""
SECOND_BYTES: Final = 4 * 2 * 32_000 * 4
"""Memory per second of output: its stereo samples, in four copies."""


def load_musicgen(
    folder: Path,
    text_folder: Path | None = None,
    codec_folder: Path | None = None,
    device: str = "",
    precision: str = "",
    *,
    name: str = "",
    take_separator: Callable[[], Separator] = DspSeparator,
) -> MusicGen:
    """Load the model of a folder, by default on the fastest device.

    `text_folder` has t5-base and `codec_folder` the codec, if the model's own folder does not. `precision`: "full",
    "half", or "" for the device's default. `name`: the model's catalogue name, if its folder has another.
    `take_separator`: creates the separator that removes drums and bass from a melody's audio.

    Raises EngineError if a file, a package or the device is missing, or a file is malformed.
    """
    chosen = choose_device(device)
    if chosen == CPU:
        # Keep a lower thread count that the caller has set.
        torch.set_num_threads(min(torch.get_num_threads(), count_readers()))
    try:
        found = open_checkpoint(folder, text_folder, codec_folder, name or folder.name)
        return build_musicgen(found, chosen, precision, take_separator)
    finally:
        return_memory()


def estimate_model_bytes(
    folder: Path,
    text_folder: Path | None = None,
    codec_folder: Path | None = None,
    device: str = "",
    precision: str = "",
    *,
    name: str = "",
) -> int:
    """Return a model's memory on its device in bytes, with the cache for decoding one window.

    Raises EngineError as `load_musicgen` does.
    """
    chosen = choose_device(device)
    found = describe(folder, text_folder, codec_folder, name or folder.name)
    codec = read_codec_shape(found.codec, str(folder))
    shape = find_shape(found.settings, codec.rate / codec.hop)
    language = estimate_language_bytes(shape, _take_precision(precision, chosen), shape.window, chosen)
    text = _estimate_text_bytes(found.text) if chosen == CPU else 0
    return language + estimate_codec_bytes(codec) + text


def estimate_bytes(seconds: float) -> int:
    """Return the additional memory for generating `seconds` in bytes, without extracting a melody from audio."""
    return WORK_BYTES + round(seconds * SECOND_BYTES)


def _estimate_text_bytes(text: Mapping[str, Any]) -> int:
    """Return the memory of a T5 encoder in bytes."""
    sizes = (int(text.get(key, usual)) for key, usual in BASE_TEXT.items())
    vocabulary, dim, head, heads, hidden, layers = sizes
    return 4 * (vocabulary * dim + layers * (4 * dim * head * heads + 2 * dim * hidden))


def build_musicgen(
    found: Checkpoint, device: str, precision: str = "", take_separator: Callable[[], Separator] = DspSeparator
) -> MusicGen:
    """Build the model of an opened checkpoint on a device; raises EngineError if its parts do not match."""
    settings = found.settings
    with adding_remedy(found.codec.path, found.codec.name):
        codec = build_codec(
            found.codec.settings, found.codec.state, settings.channels, device, name=str(found.codec.path)
        )
    declared = find_shape(settings, codec.rate / codec.hop)
    with adding_remedy(found.path, found.name):
        shape = LanguageShape.read(
            found.weights, declared.heads, declared.delays, window=declared.window, stride=declared.stride
        )
    with naming_file(found.path, found.name):
        if shape != declared:
            raise UnfitError("its weights are not of the size that its settings say")
        if (codec.codebooks, codec.cardinality) != (shape.codebooks, shape.cardinality):
            raise UnfitError(
                f"it makes {shape.codebooks} codebooks of {shape.cardinality}, "
                f"and its codec has {codec.codebooks} of {codec.cardinality}"
            )
        for projection in (found.words, found.chroma):
            if projection and projection.weight.shape[0] != shape.dim:
                raise UnfitError(f"its width is {shape.dim}, and that of its conditions {projection.weight.shape[0]}")
    language = LanguageModel.build(found.weights, shape, device, _take_precision(precision, device))
    text = TextEncoder(found.text, found.words)
    follower = Follower(settings.chroma, found.chroma) if settings.chroma and found.chroma else None
    return MusicGen(found.name, language, codec, text, follower, take_separator)


def find_shape(settings: LanguageSettings, frame_rate: float) -> LanguageShape:
    """Return the shape of a language model from its settings and codec frame rate."""
    window = int(settings.seconds * frame_rate)
    return LanguageShape(
        dim=settings.dim,
        layers=settings.layers,
        heads=settings.heads,
        hidden=settings.hidden,
        codebooks=len(settings.delays),
        cardinality=settings.cardinality,
        delays=settings.delays,
        crosses=settings.chroma is None,
        window=window,
        stride=int(STRIDE * window),
    )


def _take_precision(precision: str, device: str) -> Precision:
    """Return the requested precision, or the device's default: half if that is faster."""
    if precision not in ("", "full", "half"):
        raise ParamError("precision", "full or half", precision)
    wants_half = precision == "half" or (not precision and find_half_precision(device) is not None)
    return "half" if wants_half else "full"
