"""The models that can be fetched: what each is for, its licence, where it comes from, how its files are recognised."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

from engines.errors import ParamError
from engines.music.stems import FOUR_STEMS, SIX_STEMS, StemName

HOW_TO_SET_UP: Final = "python3 tools/dev.py setup --with stems"
"""The command that brings the packages which the models of this table need."""


@dataclass(frozen=True, slots=True)
class Network:
    """One trained network of a model, as a file that is named by its signature.

    The hub has it as `<signature>.safetensors`; it was first published as `<signature>-<digits>.th`, a pickle.
    """

    signature: str
    digits: str
    """How the SHA-256 of its .th file begins."""
    sha256: str = ""
    """That of its .safetensors file; empty where nobody has published it, and the hub's word must do."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model before it is here."""

    name: str
    title: str
    purpose: str
    stems: tuple[StemName, ...]
    """What it takes a mix apart into; empty for a model of another kind."""
    licence: str
    """In a few words, to stand beside its results."""
    terms: str
    """What must be read before it is fetched: sentences, with the addresses of what they say."""
    repository: str
    """Its name on the hub."""
    bytes: int
    """What is fetched, about."""
    networks: tuple[Network, ...]
    settings: str
    """What stands in its `<name>.yaml`, for a folder of network files that lacks it."""
    packages: tuple[str, ...]
    """The modules that Python must find to run it."""

    def find_network(self, signature: str) -> Network | None:
        """Its network of that signature, or None."""
        return next((network for network in self.networks if network.signature == signature), None)


_DEMUCS_LICENCE: Final = 'MIT by its hub page; "for research purpose" by its author in 2023'

_DEMUCS_TERMS: Final = (
    "Demucs was published by Meta (A. Défossez, S. Rouard), its code under the MIT licence. Of its trained networks "
    "their author wrote that they are not covered by that licence "
    "(https://github.com/facebookresearch/demucs/issues/327, 2022), and, asked about these, that they are provided "
    "for research purpose (https://github.com/facebookresearch/demucs/issues/508, 2023); his page on the hub names "
    "the MIT licence for them ({page}). They were trained on MUSDB18-HQ, which is given for academic purposes "
    "(https://sigsep.github.io/datasets/musdb.html), and on 800 more songs. MuseAroo is not their publisher and can "
    "give you no rights to them: if you sell what you make with them, judge for yourself."
)


def _demucs_card(
    name: str, title: str, purpose: str, stems: tuple[StemName, ...], bytes: int, *networks: Network
) -> ModelCard:
    repository = f"adefossez/HTDemucs{name.removeprefix('htdemucs').replace('_', '-')}"
    settings = f"models: [{', '.join(repr(network.signature) for network in networks)}]\n"
    if len(networks) > 1:
        # Each was tuned for one of the sources, in Demucs' own order, and gives that one alone.
        rows = [[float(row == column) for column in range(len(networks))] for row in range(len(networks))]
        settings += f"weights: {rows}\n"
    return ModelCard(
        *(name, title, purpose, stems, _DEMUCS_LICENCE),
        _DEMUCS_TERMS.format(page=f"https://huggingface.co/{repository}"),
        *(repository, bytes, networks, settings, ("torch", "demucs", "safetensors", "soxr")),
    )


MODELS: Final[tuple[ModelCard, ...]] = (
    _demucs_card(
        "htdemucs",
        "Hybrid Transformer Demucs",
        "the usual: drums, bass, vocals and the rest, 9.0 dB on MUSDB18-HQ",
        FOUR_STEMS,
        84_025_500,
        Network("955717e8", "8726e21a", "d9fa14133cfcc034a6758923bb3a8ca9f8dfd0b582134643bbf83f72c17576dd"),
    ),
    _demucs_card(
        "htdemucs_ft",
        "Hybrid Transformer Demucs, fine-tuned",
        "a little better (9.2 dB): one network for each stem, four times the work",
        FOUR_STEMS,
        336_102_000,
        Network("f7e0c4bc", "ba3fe64a"),
        Network("d12395a8", "e57c48e6"),
        Network("92cfc3b6", "ef3bcb9c"),
        Network("04573f0d", "f3cf25b2"),
    ),
    _demucs_card(
        "htdemucs_6s",
        "Hybrid Transformer Demucs, six stems",
        "guitar and piano too; its piano is poor",
        SIX_STEMS,
        54_885_800,
        Network("5c90dfd2", "34c22ccb", "d2a1745f0744721f6b8ca5bf469b67c651ea5ed1b52998cab033b2158609d411"),
    ),
)
"""Their names, hub repositories, signatures and digits are those of the package demucs 4.1 (its files `hf.py` and
`remote/`, MIT licence); their decibels those of its README (S. Rouard, F. Massa, A. Défossez: Hybrid Transformers for
Music Source Separation, 2023); the SHA-256 sums those that projects which use the hub's files have recorded of them."""


def find_model(name: str) -> ModelCard:
    """The card of a model; raises ParamError for a name that none has.

    >>> find_model("htdemucs_ft").repository, len(find_model("htdemucs_ft").networks)
    ('adefossez/HTDemucs-ft', 4)
    """
    for card in MODELS:
        if card.name == name:
            return card
    raise ParamError("model", f"one of {', '.join(card.name for card in MODELS)}", name)


def list_missing_packages(card: ModelCard) -> tuple[str, ...]:
    """The packages that a model needs and this Python does not have; imports none of them."""
    return tuple(package for package in card.packages if find_spec(package) is None)


def explain_missing_packages(card: ModelCard) -> str:
    """One sentence on what must be installed to run a model, with the command; empty where all is there."""
    missing = list_missing_packages(card)
    if not missing:
        return ""
    return f"{card.name} runs on packages that are not installed ({', '.join(missing)}): run `{HOW_TO_SET_UP}`."
