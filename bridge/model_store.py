"""The models on this machine: MuseAroo's own folder, and what other programs left in the hub's cache."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bridge.model_files import Manifest, Tick, hash_file, is_whole, list_files, read_manifest
from engines.errors import EngineError
from engines.models.catalogue import MODELS, ModelCard
from engines.models.demucs.recipe import cure

FOLDER: Final = "models"
"""Where models lie in MuseAroo's own folder."""


def hub_cache() -> Path:
    """Where huggingface_hub keeps what it fetches: the same rule as its own, without importing it."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(variable):
            return _expand(os.environ[variable])
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return _expand(os.environ.get("HF_HOME") or f"{cache}/huggingface") / "hub"


def _expand(text: str) -> Path:
    return Path(os.path.expandvars(text)).expanduser()


class ModelStore:
    """Finds models by name, checks them and removes them; `bridge.model_fetching` brings them.

    A model is a folder that holds `<name>.yaml` and the weights of every network that this names. In the own folder
    it lies under its name, and is moved there only when it is whole.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, name: str) -> Path | None:
        """The folder that a model can be loaded from, our own before the hub's cache; None where there is none."""
        return self.find_own(name) or self.find_cached(name)

    def find_own(self, name: str) -> Path | None:
        """The model's folder among our own; None where it is not there or not whole."""
        return self.place(name) if _is_complete(self.place(name), name) else None

    def find_cached(self, name: str) -> Path | None:
        """The newest whole copy in the hub's cache; None where there is none or the catalogue does not know it."""
        card = next((card for card in MODELS if card.name == name), None)
        return None if card is None else next((at for at in _list_snapshots(card) if _is_complete(at, name)), None)

    def place(self, name: str) -> Path:
        """Where a model of ours lies, whether it does or not."""
        return self.folder / name

    def list_present(self) -> tuple[ModelCard, ...]:
        """The models of the catalogue that are here, whole or not."""
        return tuple(card for card in MODELS if self.place(card.name).is_dir() or self.find_cached(card.name))

    def explain_missing(self, name: str) -> str:
        """One sentence on a model that is not here, or not whole, with the command that cures it."""
        if self.place(name).is_dir():
            return f"The model {name} in {self.place(name)} lacks files: {cure(name)}."
        return f"The model {name} is not on this machine: {cure(name)}."

    def verify(self, card: ModelCard, tick: Tick = lambda _bytes: None) -> tuple[str, ...]:
        """What is wrong with a model, one sentence each with what to do; empty where all is as it came.

        Looks where `find` does, and at one of ours that is not whole. Each file is held against what was recorded of
        it, or else against what the catalogue knows, and against its own header.
        """
        folder = self.place(card.name)
        if not folder.is_dir():
            folder = self.find_cached(card.name) or folder
        try:
            files = list_files(folder, card.name)
        except EngineError as error:
            return (str(error),)
        manifest = read_manifest(folder)
        problems = []
        for path in files:
            fault = find_fault(path, card, _find_record(path, manifest), tick)
            if fault:
                problems.append(f"{path} {fault}: {cure(card.name)}.")
        return tuple(problems)

    def remove(self, name: str) -> bool:
        """Deletes a model of ours and what is left of fetching it; False where there was none. Raises OSError."""
        doomed = self.folder / f".{name}.removed"
        if self.place(name).is_dir():
            # What goes away file by file would look like a broken model to whoever asks meanwhile.
            shutil.rmtree(doomed, ignore_errors=True)
            self.place(name).rename(doomed)
        found = [folder for folder in (doomed, self.drafts(name)) if folder.is_dir()]
        for folder in found:
            shutil.rmtree(folder)
        return bool(found)

    def drafts(self, name: str) -> Path:
        """Where what is being fetched lies until it is whole."""
        return self.folder / f".{name}.fetching"


def find_fault(path: Path, card: ModelCard, recorded: str, tick: Tick) -> str:
    """What is wrong with one file of a model, as the end of a sentence; empty where nothing is.

    `recorded` is the SHA-256 that it should have, empty where none was recorded.
    """
    try:
        if path.suffix == ".safetensors" and not is_whole(path):
            return "is broken: it is not as long as it says"
        found = hash_file(path, tick)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if recorded and found != recorded:
        return "is not what was fetched: its checksum differs"
    return "" if recorded and path.suffix != ".th" else find_foreign(path, found, card)


def find_foreign(path: Path, found: str, card: ModelCard) -> str:
    """In what a file of the SHA-256 `found` is not the published one, as far as the catalogue knows that; else ""."""
    network = card.find_network(path.stem if path.suffix == ".safetensors" else path.stem.rpartition("-")[0])
    if path.suffix == ".th":
        # A pickle can run any program when it is opened, so it must be the very one.
        is_foreign = network is None or not found.startswith(network.digits)
    else:
        is_foreign = network is not None and network.sha256 not in ("", found)
    return f"is not the file that was published as {path.name}" if is_foreign else ""


def _find_record(path: Path, manifest: Manifest | None) -> str:
    """The SHA-256 that a file came with; empty where nothing tells."""
    if manifest:
        return manifest.files[path.name].sha256 if path.name in manifest.files else ""
    # The hub's cache keeps large files under their checksums and links to them.
    kept = path.resolve().name
    return kept if re.fullmatch(r"[0-9a-f]{64}", kept) else ""


def _is_complete(folder: Path, name: str) -> bool:
    try:
        return bool(list_files(folder, name))
    except EngineError:
        return False


def _list_snapshots(card: ModelCard) -> Iterator[Path]:
    """The copies of a model in the hub's cache: the one that `main` stands for, then the others, the newest first."""
    folder = hub_cache() / f"models--{card.repository.replace('/', '--')}"
    snapshots = folder / "snapshots"
    try:
        commit = (folder / "refs" / "main").read_text(encoding="utf-8").strip()
        others = sorted(snapshots.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return
    yield snapshots / commit
    yield from (path for path in others if path.name != commit)
