"""The catalogue of downloadable models, and the packages they need."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from musearoo import how_to_install
from musearoo.engines.errors import ParamError
from musearoo.engines.neural.cards.demucs import DEMUCS
from musearoo.engines.neural.cards.description import Family, ModelCard
from musearoo.engines.neural.cards.musicgen import ENCODEC, MUSICGEN, T5
from musearoo.engines.neural.cards.stable_audio import STABLE_AUDIO

MODELS: Final[tuple[ModelCard, ...]] = (*DEMUCS, *MUSICGEN, STABLE_AUDIO, T5, ENCODEC)

HOW_TO_SET_UP: Final = how_to_install("stems")
"""The command that installs what every model needs: torch, and the downloader."""


def list_models(family: Family) -> tuple[ModelCard, ...]:
    """Return all models of a family, the default first.

    >>> [card.name for card in list_models("demucs")]
    ['htdemucs', 'htdemucs_ft', 'htdemucs_6s']
    """
    return tuple(card for card in MODELS if card.family == family)


def find_model(name: str, family: Family | None = None) -> ModelCard:
    """Return a model's card, optionally within one family. Raises ParamError for an unknown name.

    >>> find_model("htdemucs_ft").repository, find_model("musicgen-melody", "musicgen").follows_melody
    ('adefossez/HTDemucs-ft', True)
    """
    cards = list_models(family) if family else MODELS
    for card in cards:
        if card.name == name:
            return card
    raise ParamError("model", f"one of {', '.join(card.name for card in cards)}", name)


def list_missing_packages(card: ModelCard) -> tuple[str, ...]:
    """Return the packages that a model needs and that are not installed, without importing any."""
    return tuple(package for package in card.packages if find_spec(package) is None)


def explain_missing_packages(card: ModelCard) -> str:
    """Return a sentence that names the missing packages and the install command; "" if none is missing."""
    missing = list_missing_packages(card)
    if not missing:
        return ""
    return f"{card.name} runs on packages that are not installed ({', '.join(missing)}): run {card.setup}."
