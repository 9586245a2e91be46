"""The Demucs models for stem separation."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from musearoo import how_to_install
from musearoo.engines.music.stems import FOUR_STEMS, SIX_STEMS, StemName
from musearoo.engines.neural.cards.demucs_recipe import read_signatures
from musearoo.engines.neural.cards.description import ModelCard
from musearoo.engines.neural.cards.forms import Selection


@dataclass(frozen=True, slots=True)
class Network:
    """One trained network of a model, stored in a file named by its signature.

    The hub has it as `<signature>.safetensors`; it was first published as the pickle `<signature>-<digits>.th`.
    """

    signature: str
    pickle_sha256: str
    """Of its .th file, whose name contains the first eight digits."""
    sha256: str
    """Of its .safetensors file."""


@dataclass(frozen=True, slots=True)
class DemucsForm:
    """Files of a Demucs model: `<name>.yaml` and the networks it names; see `engines.neural.cards.demucs_recipe`."""

    name: str
    networks: tuple[Network, ...]
    recipe: str
    """The content of `<name>.yaml`, for folders that lack the file."""

    @property
    def settings(self) -> Mapping[str, str]:
        """The `<name>.yaml`."""
        return {f"{self.name}.yaml": self.recipe}

    def select(self, names: Collection[str], folder: Path) -> Selection:
        """Select the files of all networks that the recipe in `folder` names, safetensors before pickle."""
        files: list[str] = []
        for signature in read_signatures(folder, self.name):
            safe = f"{signature}.safetensors"
            pickles = sorted(name for name in names if re.fullmatch(rf"{re.escape(signature)}-\w+\.th", name))
            found = next((name for name in (safe, *pickles) if name in names), None)
            if found is None:
                return Selection(tuple(files), safe)
            files.append(found)
        return Selection(tuple(files))

    def list_needed(self, folder: Path) -> tuple[str, ...]:  # noqa: ARG002
        """Return nothing: Demucs models need no other model."""
        return ()

    def find_sha256(self, name: str) -> str:
        """Return the SHA-256 of a network's file."""
        safe = name.endswith(".safetensors")
        signature = name.removesuffix(".safetensors") if safe else name.rpartition("-")[0]
        network = next((network for network in self.networks if network.signature == signature), None)
        if network is None:
            return ""
        return network.sha256 if safe else network.pickle_sha256

    def find_fault(self, path: Path) -> str:  # noqa: ARG002
        """Return "": networks are identified only by their checksums."""
        return ""


_LICENCE: Final = 'MIT by its hub page; "for research purpose" by its author in 2023'

_TERMS: Final = (
    "Demucs was published by Meta (A. Défossez, S. Rouard), its code under the MIT licence. Of its trained networks "
    "their author wrote that they are not covered by that licence "
    "(https://github.com/facebookresearch/demucs/issues/327, 2022), and, asked about these, that they are provided "
    "for research purpose (https://github.com/facebookresearch/demucs/issues/508, 2023); his page on the hub names "
    "the MIT licence for them ({page}). They were trained on MUSDB18-HQ, which is given for academic purposes "
    "(https://sigsep.github.io/datasets/musdb.html), and on 800 more songs. MuseAroo is not their publisher and can "
    "give you no rights to them: if you sell what you make with them, judge for yourself."
)


def _card(
    name: str, title: str, purpose: str, stems: tuple[StemName, ...], bytes: int, *networks: Network
) -> ModelCard:
    repository = f"adefossez/HTDemucs{name.removeprefix('htdemucs').replace('_', '-')}"
    recipe = f"models: [{', '.join(repr(network.signature) for network in networks)}]\n"
    if len(networks) > 1:
        # Each network is fine-tuned for one source, in Demucs' own order, and outputs only that one.
        rows = [[float(row == column) for column in range(len(networks))] for row in range(len(networks))]
        recipe += f"weights: {rows}\n"
    return ModelCard(
        name,
        "demucs",
        title,
        purpose,
        _LICENCE,
        _TERMS.format(page=f"https://huggingface.co/{repository}"),
        repository,
        bytes,
        DemucsForm(name, networks, recipe),
        ("torch", "demucs", "safetensors", "soxr"),
        f"`{how_to_install('stems')}`",
        stems=stems,
    )


DEMUCS: Final[tuple[ModelCard, ...]] = (
    _card(
        "htdemucs",
        "Hybrid Transformer Demucs",
        "the usual: drums, bass, vocals and the rest, 9.0 dB on MUSDB18-HQ",
        FOUR_STEMS,
        84_025_500,
        Network(
            "955717e8",
            "8726e21a993978c7ba086d3872e7608d7d5bfca646ca4aca459ffda844faa8b4",
            "d9fa14133cfcc034a6758923bb3a8ca9f8dfd0b582134643bbf83f72c17576dd",
        ),
    ),
    _card(
        "htdemucs_ft",
        "Hybrid Transformer Demucs, fine-tuned",
        "a little better (9.2 dB): one network for each stem, four times the work",
        FOUR_STEMS,
        336_102_000,
        Network(
            "f7e0c4bc",
            "ba3fe64ae8ef66ac9a4857222ce48efbdc5eb3ad375cb79dd13debee5aaa4066",
            "2c85ab3c62dd6edd8e0b965e38b16fd1cdde357cc25de6b6bc9ce7c83f60925f",
        ),
        Network(
            "d12395a8",
            "e57c48e6b0e38af4f7118d7bd08c49f0a0c0edf7d09143bdd902ea0d237303e6",
            "5b01a97567ae9a3178a6236fb520251045c03eb8834bc8c24a4eec11d6c8fb56",
        ),
        Network(
            "92cfc3b6",
            "ef3bcb9c8b40d14ae5d51b6db2587339cc12c6b77c0be151ce6d69002e087bf2",
            "a241863551f30d01c42bd7b97da40839922ead3acb0f1fcab25682f55b4eeb59",
        ),
        Network(
            "04573f0d",
            "f3cf25b222c4eed7cd49dd8b2c9597d50c18bd154090f7b919cfa5f93cf22c49",
            "68854b0d7c2b3274723b5761f6fd9f5aec5f1bcd3f0de7c1669546fdb7871b7c",
        ),
    ),
    _card(
        "htdemucs_6s",
        "Hybrid Transformer Demucs, six stems",
        "guitar and piano too; its piano is poor",
        SIX_STEMS,
        54_885_800,
        Network(
            "5c90dfd2",
            "34c22ccb381c6f9fdbf324f04e1e2fe21aaaf293f5ded163a162697ff9a02ddd",
            "d2a1745f0744721f6b8ca5bf469b67c651ea5ed1b52998cab033b2158609d411",
        ),
    ),
)
"""Names, hub repositories, signatures and digits are from the package demucs 4.1 (its files `hf.py` and `remote/`,
MIT licence); decibels from its README (S. Rouard, F. Massa, A. Défossez: Hybrid Transformers for Music Source
Separation, 2023); SHA-256 sums as several projects have recorded them for the published files."""
