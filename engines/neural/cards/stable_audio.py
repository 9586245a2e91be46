"""Stable Audio, the alternative audio generation model. Its package is on no index, its weights need registration."""

from __future__ import annotations

from typing import Final

from musearoo import how_to_install
from musearoo.engines.neural.cards.description import ModelCard
from musearoo.engines.neural.cards.forms import Pack, PackForm

_TEXT_ENCODER: Final = "t5gemma-b-b-ul2"

_SOURCE: Final = "https://github.com/Stability-AI/stable-audio-3/archive/636f906.zip"
"""The state of 29 May 2026. Its pinned torch supports no recent GPU, so it is installed without dependencies."""

STABLE_AUDIO: Final = ModelCard(
    "stable-audio-3-small-music",
    "stable-audio",
    "Stable Audio 3 small, music",
    "sound from words in stereo at 44.1 kHz, in eight steps; you must register with its publisher",
    "Stability AI Community License: free under 1 million USD of yearly revenue; Gemma Terms of Use",
    "Stable Audio 3 was published by Stability AI, its weights under the Stability AI Community License "
    "(https://stability.ai/license), which lets those with less than 1 million USD of yearly revenue use them, "
    "commercially too; its text encoder is Google's and comes under the Gemma Terms of Use "
    "(https://ai.google.dev/gemma/terms). Its page (https://huggingface.co/stabilityai/stable-audio-3-small-music) "
    "gives the files only to those who have agreed there: agree, run `hf auth login`, then fetch it here. MuseAroo is "
    "not its publisher and can give you no rights to it.",
    "stabilityai/stable-audio-3-small-music",
    2_300_000_000,
    PackForm(
        (
            Pack(
                (
                    "model_config.json",
                    "model.safetensors",
                    f"{_TEXT_ENCODER}/config.json",
                    f"{_TEXT_ENCODER}/model.safetensors",
                    f"{_TEXT_ENCODER}/tokenizer.json",
                ),
                spare=(
                    f"{_TEXT_ENCODER}/tokenizer_config.json",
                    f"{_TEXT_ENCODER}/special_tokens_map.json",
                    f"{_TEXT_ENCODER}/generation_config.json",
                ),
            ),
        )
    ),
    ("torch", "torchaudio", "transformers", "safetensors", "einops", "einops_exts", "stable_audio_3"),
    f"`{how_to_install('models,audiocraft')}`, then, with .venv's pip, `pip install einops-exts` and "
    f"`pip install --no-deps {_SOURCE}`",
)
