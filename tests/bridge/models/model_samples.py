"""Models that are files only: the forms of real ones, without a network in them."""

import hashlib
import json
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from musearoo.engines.neural.cards.catalogue import find_model
from musearoo.engines.neural.cards.demucs import DemucsForm, Network
from musearoo.engines.neural.cards.description import ModelCard

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


def archive_bytes(content: object, seed: int = 1, size: int = SIZE) -> bytes:
    """A file as torch.save writes it: a pickle that tells what there is, and noise for the numbers."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        # Of no date, so that the same content is the same file.
        archive.writestr(zipfile.ZipInfo("archive/data.pkl"), pickle.dumps(content, protocol=2))
        archive.writestr(zipfile.ZipInfo("archive/data/0"), hashlib.shake_256(bytes([seed])).digest(size))
    return stream.getvalue()


def musicgen_files(names_codec: bool = False) -> dict[str, bytes]:
    """A MusicGen as audiocraft has it; its codec in it, or only named."""
    named = archive_bytes({"pretrained": "facebook/encodec_32khz", "exported": True, "version": "1.2"}, size=0)
    codec = named if names_codec else archive_bytes({"best_state": 0, "xp.cfg": "a: 1", "exported": True}, 2)
    return {"state_dict.bin": archive_bytes({"best_state": 0, "xp.cfg": "b: 2"}), "compression_state_dict.bin": codec}


def transformers_files(kind: str = "musicgen", parts: int = 1) -> dict[str, bytes]:
    """A model as transformers has it, its weights in one file or more."""
    weights = {"model.safetensors": weights_bytes()}
    if parts > 1:
        names = [f"model-{part:05}-of-{parts:05}.safetensors" for part in range(1, parts + 1)]
        weights = {name: weights_bytes(seed) for seed, name in enumerate(names)}
        weights["model.safetensors.index.json"] = b"{}"
    settings = {"config.json": json.dumps({"model_type": kind}).encode(), "preprocessor_config.json": b"{}"}
    words = {"tokenizer.json": b"{}", "spiece.model": b"words", "tokenizer_config.json": b"{}"}
    return {**settings, **weights, **words, "README.md": b"a card"}


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Writes files into a folder, which is returned."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def write_model(folder: Path, name: str = "htdemucs", networks: int = 1) -> Path:
    """Writes such a model into a folder, which is returned."""
    return write_files(folder, model_files(name, networks))


def sha256(content: bytes) -> str:
    """The checksum of a file's content."""
    return hashlib.sha256(content).hexdigest()


CARD: ModelCard = find_model("htdemucs")


def card_of(*networks: Network) -> ModelCard:
    """The same model with other networks."""
    assert isinstance(CARD.form, DemucsForm)
    return replace(CARD, form=replace(CARD.form, networks=networks))
