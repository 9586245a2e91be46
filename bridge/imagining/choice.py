"""Choose the model for an audio generation request: the first capable one installed, or explain what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from musearoo import __version__
from musearoo.bridge.imagining.job import SEPARATOR
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems.plan import name_demucs
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.cards.catalogue import explain_missing_packages, find_model, list_models
from musearoo.engines.neural.cards.description import Family, ModelCard

SKETCH: Final = "sketch"

WITHOUT_MODEL: Final = {SKETCH: "Sketch", "ambient": "Ambient"}
"""Backends that play by themselves, with the label in the name of every sound that they make instead of a model."""

FAMILIES: Final[tuple[Family, ...]] = ("musicgen", "stable-audio")
"""Families of audio generation models, preferred first; each is also the name of a backend."""

OFFER: Final = (
    "Or have the Roo engines sketch it, which needs no model: add --backend sketch, or choose Sketch on the device."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen model. `version` names the backend, its version and its weights.

    `separator` does the same for the separator that removes drums from tunes, "" for the DSP separator.
    """

    backend: str
    model: str
    label: str
    licence: str
    version: str
    weights: Mapping[str, Path]
    separator: str = ""


def choose_generator(request: ImagineRequest, store: ModelStore) -> Choice:
    """Return the first capable model that is installed with its packages.

    Raises ParamError for a contradictory request, and EngineError if a model or package is missing: it says what to
    fetch, and what works without it.
    """
    if request.backend in WITHOUT_MODEL:
        label = WITHOUT_MODEL[request.backend]
        if request.model:
            raise ParamError("model", f"empty for {label}, which has none", request.model)
        if request.is_led:
            raise EngineError(f"{label} follows no tune and no clip: choose another model, or words alone.")
        return Choice(request.backend, "", label, "", f"{request.backend} {__version__}", {})
    cards = _list_able(request)
    lacks = []
    for card in cards:
        weights = store.find(card.name)
        lack = explain_missing_packages(card) or ("" if weights else store.explain_missing(card.name))
        if weights is not None and not lack:
            chosen = (card.family, card.name, "", card.licence)
            version = f"{card.name} {__version__} {store.identify(card.name)}"
            folders = {card.name: weights, **store.find_needed(card.name)}
            separator = store.find(SEPARATOR) if card.follows_melody else None
            if separator is not None and not explain_missing_packages(find_model(SEPARATOR)):
                folders[SEPARATOR] = separator
                return Choice(*chosen, version, folders, name_demucs(SEPARATOR, store))
            return Choice(*chosen, version, folders)
        lacks.append(lack)
    raise EngineError(lacks[0] if request.is_led else f"{lacks[0]} {OFFER}")


def _list_able(request: ImagineRequest) -> Sequence[ModelCard]:
    """Return the models that could perform a request, preferred first; raises ParamError if none can."""
    families = [family for family in FAMILIES if request.backend in ("", family)]
    cards = [card for family in families for card in list_models(family)]
    if request.model:
        named = find_model(request.model)
        if named not in cards:
            raise ParamError("model", f"one of {_join(card.name for card in cards)}", request.model)
        if request.follows_tune and not named.follows_melody:
            able = _join(card.name for card in list_models("musicgen") if card.follows_melody)
            raise ParamError("model", f"one that follows a tune ({able})", request.model)
        return [named]
    if request.follows_tune:
        cards = [card for card in cards if card.follows_melody]
        if not cards:
            raise ParamError("backend", "musicgen to follow a tune", request.backend)
    # Melody models work without a tune, too, but were trained with one.
    return sorted(cards, key=lambda card: (families.index(card.family), card.follows_melody))


def _join(names: Iterable[str]) -> str:
    return ", ".join(names)
