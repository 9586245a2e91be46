"""Models that are files only: the forms of real ones, without a network in them."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from engines.models.cards.card import ModelCard
from engines.models.cards.demucs import DemucsForm, Network
from engines.models.catalogue import find_model

SIZE = 1_200_000
"""Bytes of the tensors of one network: several chunks of a download."""


def weights_bytes(seed: int = 1, size: int = SIZE) -> bytes:
    """A .safetensors file of one tensor of noise."""
    header = json.dumps({"__metadata__": {"klass": "none"}, "w": {"dtype": "U8", "data_offsets": [0, size]}}).encode()
    noise = hashlib.shake_256(bytes([seed])).digest(size)
    return len(header).to_bytes(8, "little") + header + noise


def model_files(name: str = "htdemucs", networks: int = 1) -> dict[str, bytes]:
    """The files of a model by their names: its settings, and networks of signatures that no published one has."""
    signatures = [f"tiny{number}" for number in range(networks)]
    weights = {f"{signature}.safetensors": weights_bytes(number) for number, signature in enumerate(signatures)}
    return {f"{name}.yaml": f"models: {signatures}\n".encode(), **weights}


def write_model(folder: Path, name: str = "htdemucs", networks: int = 1) -> Path:
    """Writes such a model into a folder, which is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in model_files(name, networks).items():
        (folder / file).write_bytes(content)
    return folder


def sha256(content: bytes) -> str:
    """The checksum of a file's content."""
    return hashlib.sha256(content).hexdigest()


CARD: ModelCard = find_model("htdemucs")


def card_of(*networks: Network) -> ModelCard:
    """The same model with other networks."""
    assert isinstance(CARD.form, DemucsForm)
    return replace(CARD, form=replace(CARD.form, networks=networks))
