"""The model card: what is known of a model before it is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from musearoo.engines.music.stems import StemName
from musearoo.engines.neural.cards.forms import ModelForm

Family = Literal["demucs", "musicgen", "stable-audio", "t5", "encodec"]
"""Models of one family are loaded by the same code."""


def cure(name: str) -> str:
    """What to do about a model that is not here or not whole."""
    return f"run `musearoo models fetch {name}`"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of the catalogue."""

    name: str
    family: Family
    title: str
    purpose: str
    licence: str
    """In a few words, to stand beside its results."""
    terms: str
    """What must be read before it is fetched: sentences, with the addresses of what they say."""
    repository: str
    """Its name on the hub."""
    bytes: int
    """What is fetched, about, without what it is fetched with."""
    form: ModelForm
    """Of which files it consists."""
    packages: tuple[str, ...]
    """The modules that Python must find to run it."""
    setup: str
    """How these are brought, to stand after "run": commands, each between backticks."""
    fetched_with: tuple[str, ...] = ()
    """The models that it runs on, as it is published. What a folder of it needs tells its form."""
    earlier_repositories: tuple[str, ...] = ()
    """Names that its repository had: the hub's cache may still hold it under one of them."""
    stems: tuple[StemName, ...] = ()
    """What it takes a mix apart into; empty for a model of another kind."""
    follows_melody: bool = False
    """Whether it imagines along a tune."""
    is_stereo: bool = False
