"""The model card: metadata of a model, known before it is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from musearoo.engines.music.stems import StemName
from musearoo.engines.neural.cards.forms import ModelForm

Family = Literal["demucs", "musicgen", "stable-audio", "t5", "encodec"]
"""Models of one family are loaded by the same code."""


def remedy(name: str) -> str:
    """Return what to do if a model is missing or incomplete, as an instruction."""
    return f"run `musearoo models fetch {name}`"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of the catalogue."""

    name: str
    family: Family
    title: str
    purpose: str
    licence: str
    """In a few words, shown next to its results."""
    terms: str
    """What to read before downloading: sentences, with the addresses of their sources."""
    repository: str
    """Its name on the Hugging Face hub."""
    bytes: int
    """Approximate download size, without the models in `fetched_with`."""
    form: ModelForm
    """Which files it consists of."""
    packages: tuple[str, ...]
    """Python modules it needs to run."""
    setup: str
    """How to install these, as the object of "run": commands between backticks."""
    fetched_with: tuple[str, ...] = ()
    """The models it needs to run, as published. A folder's own needs follow from its format."""
    earlier_repositories: tuple[str, ...] = ()
    """Former names of its repository: the hub's cache may still use one of them."""
    stems: tuple[StemName, ...] = ()
    """The stems it separates a mix into; empty for other kinds of model."""
    follows_melody: bool = False
    """Whether it can be conditioned on a melody."""
    is_stereo: bool = False
