"""audiocraft's own MusicGen from a folder with random weights, without the hub and Demucs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from musearoo.engines.audio.separation.contract import Block, Report, Source
from musearoo.engines.music.stems import StemName
from musearoo.tools.bench.musicgen.random_models import RandomMusicGen
from musearoo.tools.bench.musicgen.random_settings import SIZES


def open_with_audiocraft(model: RandomMusicGen) -> Any:
    """Return `audiocraft.models.MusicGen` for that folder, on the CPU in full precision.

    Its text encoder is the one next to the model; melodies are not separated, since there is no Demucs.
    """
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        from audiocraft.models import MusicGen
        from audiocraft.modules import conditioners
        from demucs import pretrained
        from transformers import T5EncoderModel, T5Tokenizer

        text_folder = model.text_folder
        patch.setitem(conditioners.T5Conditioner.MODELS_DIMS, "t5-base", SIZES["tiny"].text["d_model"])
        patch.setattr(conditioners, "T5Tokenizer", _FromFolder(T5Tokenizer, text_folder))
        patch.setattr(conditioners, "T5EncoderModel", _FromFolder(T5EncoderModel, text_folder))
        patch.setattr(pretrained, "get_model", _give_no_demucs)
        peer = MusicGen.get_pretrained(str(model.folder), device="cpu")
        for conditioner in peer.lm.condition_provider.conditioners.values():
            if hasattr(conditioner, "_get_stemmed_wav"):
                conditioner._get_stemmed_wav = lambda wav, _rate: wav
        return peer


class _FromFolder:
    """A class of transformers whose `from_pretrained` reads this folder, whatever its argument."""

    def __init__(self, of: Any, folder: Path | None) -> None:
        self._of = of
        self._folder = folder

    def from_pretrained(self, _name: str) -> Any:
        return self._of.from_pretrained(self._folder, local_files_only=True)


def _give_no_demucs(_name: str) -> Any:
    """Replaces audiocraft's loading of Demucs."""
    import torch

    nothing: Any = torch.nn.Identity()
    nothing.sources, nothing.samplerate, nothing.audio_channels = ("vocals", "other"), 44_100, 2
    return nothing


class Everything:
    """A separator that assigns everything to stems other than drums and bass."""

    @property
    def stems(self) -> tuple[StemName, ...]:
        return ("other",)

    @property
    def rate(self) -> int | None:
        return None

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        report(0.5, "Taking apart")
        for block in source.blocks():
            yield {"other": block}
