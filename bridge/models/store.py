"""The model store: MuseAroo's own folder, and models of other programs in the hub's cache."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import product
from pathlib import Path
from typing import Final

from musearoo.bridge.models.files import Manifest, Tick, find_fault, find_flaw, list_files, read_manifest
from musearoo.bridge.settings.home_files import read_text
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.catalogue import MODELS, find_model
from musearoo.engines.neural.cards.description import ModelCard, remedy

FOLDER: Final = "models"
"""The models' folder in MuseAroo's folder."""


LONGEST_COMMIT: Final = 100
"""Most characters; a commit has 40 hexadecimal digits."""


def hub_cache() -> Path:
    """Return huggingface_hub's cache folder by its own rule, without importing it."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(variable):
            return _expand(os.environ[variable])
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return _expand(os.environ.get("HF_HOME") or f"{cache}/huggingface") / "hub"


def _list_caches() -> tuple[Path, ...]:
    """Return the folders of models in the hub's layout: the hub's cache, and audiocraft's own if there is one."""
    apart = os.environ.get("AUDIOCRAFT_CACHE_DIR")
    return (hub_cache(), *([_expand(apart)] if apart else []))


def _expand(text: str) -> Path:
    return Path(os.path.expandvars(text)).expanduser()


class ModelStore:
    """Find models by name, check them and remove them; `bridge.models.fetching` fetches them.

    A model is a folder with the files that its format requires. In our own store it has the model's name, and is moved
    there only when complete. A model with dependencies can be loaded only if they are installed too.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, name: str) -> Path | None:
        """Return the folder that a model can be loaded from, our own before the hub's cache.

        None if there is none, or if a dependency is missing.
        """
        folder = self.find_alone(name)
        return folder if folder and all(map(self.find, self.list_needed(name))) else None

    def find_needed(self, name: str) -> dict[str, Path]:
        """Return the dependencies of an installed model, and where each can be loaded from."""
        found = {needed: self.find(needed) for needed in self.list_needed(name)}
        return {needed: folder for needed, folder in found.items() if folder}

    def list_needed(self, name: str) -> tuple[str, ...]:
        """Return the names of an installed model's dependencies, installed or not."""
        card, folder = _find_card(name), self.find_alone(name)
        return card.form.list_needed(folder) if card and folder else ()

    def find_alone(self, name: str) -> Path | None:
        """Return the folder of a complete model, whether its dependencies are installed or not."""
        return self.find_own(name) or self.find_cached(name)

    def find_own(self, name: str) -> Path | None:
        """Return a model's folder in MuseAroo's store, or None if it is missing or incomplete."""
        card, place = _find_card(name), self.place(name)
        return place if card and _is_complete(place, card) else None

    def find_cached(self, name: str) -> Path | None:
        """Return a model's folder in the hub's cache, or None if it is missing, incomplete or not in the catalogue."""
        card = _find_card(name)
        return next((at for at in _list_snapshots(card) if _is_complete(at, card)), None) if card else None

    def place(self, name: str) -> Path:
        """Return the path of a model in MuseAroo's store, existing or not."""
        return self.folder / name

    def list_present(self) -> tuple[ModelCard, ...]:
        """Return the models of the catalogue that are installed, complete or not."""
        return tuple(card for card in MODELS if self.place(card.name).is_dir() or self.find_cached(card.name))

    def explain_missing(self, name: str) -> str:
        """Return one sentence on a missing or incomplete model, with the command that fixes it."""
        if self.find_alone(name):
            lacking = [needed for needed in self.list_needed(name) if not self.find(needed)]
            return f"The model {name} lacks what it runs on ({', '.join(lacking)}): {remedy(name)}."
        if self.place(name).is_dir():
            return f"The model {name} in {self.place(name)} lacks files: {remedy(name)}."
        return f"The model {name} is not on this machine: {remedy(name)}."

    def identify(self, name: str) -> str:
        """Return a short fingerprint of a model's files and its dependencies'.

        Raises EngineError if it is not installed, or cannot be read.
        """
        folder = self.find(name)
        if folder is None:
            raise EngineError(self.explain_missing(name))
        digest = blake2b(digest_size=8)
        for each, at in {name: folder, **self.find_needed(name)}.items():
            try:
                for path in list_files(at, find_model(each)):
                    facts = path.stat()
                    digest.update(f"{path.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
            except OSError as error:
                raise EngineError(f"The model {each} in {at} cannot be read ({error.strerror or error}).") from error
        return digest.hexdigest()

    def list_users(self, name: str) -> tuple[str, ...]:
        """Return the installed models, complete or not, that depend on another."""
        return tuple(card.name for card in self.list_present() if name in self.list_needed(card.name))

    def list_idle(self, without: str) -> tuple[str, ...]:
        """Return the dependencies of a model in MuseAroo's store that no other installed model needs."""
        if self.find_own(without) is None or self.find_cached(without):
            return ()
        needed = [name for name in self.list_needed(without) if self.place(name).is_dir()]
        return tuple(name for name in needed if self.list_users(name) == (without,))

    def verify(self, card: ModelCard, tick: Tick = lambda _bytes: None) -> tuple[str, ...]:
        """Check a model completely; returns one sentence with a fix for each problem.

        Looks where `find` does, and at an incomplete one in our store. Each file is checked against its record, or else
        against the catalogue and its own header.
        """
        folder = self._find_any(card)
        manifest = read_manifest(folder)

        def check(path: Path) -> str:
            name = path.relative_to(folder).as_posix()
            return find_fault(path, name, card, _find_record(path, name, manifest), tick)

        return _list_problems(folder, card, check)

    def measure(self, card: ModelCard) -> int:
        """Return the bytes that `verify` reads of a model."""
        try:
            return sum(path.stat().st_size for path in list_files(self._find_any(card), card))
        except (EngineError, OSError):
            return 0

    def look_over(self, card: ModelCard) -> tuple[str, ...]:
        """Check a model quickly, one look at each file: finds missing and truncated files."""

        def check(path: Path) -> str:
            try:
                return find_flaw(path, card)
            except OSError as error:
                return f"cannot be read ({error.strerror or error})"

        return _list_problems(self._find_any(card), card, check)

    def _find_any(self, card: ModelCard) -> Path:
        """Return the folder of a model, complete or not; the one in our store if there is none."""
        folder = self.place(card.name)
        return folder if folder.is_dir() else self.find_cached(card.name) or folder

    def remove(self, name: str) -> bool:
        """Delete a model of MuseAroo's store and its drafts; False if there was none. Raises OSError."""
        doomed = self.folder / f".{name}.removed"
        if self.place(name).is_dir():
            # Renamed first, because a half-deleted folder would look like a broken model.
            shutil.rmtree(doomed, ignore_errors=True)
            self.place(name).rename(doomed)
        found = [folder for folder in (doomed, self.drafts(name)) if folder.is_dir()]
        for folder in found:
            shutil.rmtree(folder)
        return bool(found)

    def drafts(self, name: str) -> Path:
        """Return the folder of a model's unfinished downloads."""
        return self.folder / f".{name}.fetching"


def _find_card(name: str) -> ModelCard | None:
    return next((card for card in MODELS if card.name == name), None)


def _list_problems(folder: Path, card: ModelCard, check: Callable[[Path], str]) -> tuple[str, ...]:
    """Return one sentence for each file of a model that `check` finds faulty, or for the missing one."""
    try:
        faults = [(path, check(path)) for path in list_files(folder, card)]
    except EngineError as error:
        return (str(error),)
    return tuple(f"{path} {fault}: {remedy(card.name)}." for path, fault in faults if fault)


def _find_record(path: Path, name: str, manifest: Manifest | None) -> str:
    """Return the SHA-256 that a file was fetched with, or ""."""
    if manifest:
        return manifest.files[name].sha256 if name in manifest.files else ""
    # The hub's cache keeps large files under their checksums and links to them.
    kept = path.resolve().name
    return kept if re.fullmatch(r"[0-9a-f]{64}", kept) else ""


def _is_complete(folder: Path, card: ModelCard) -> bool:
    try:
        return bool(list_files(folder, card))
    except EngineError:
        return False


def _list_snapshots(card: ModelCard) -> Iterator[Path]:
    """Return the copies of a model in the hub's cache: first those of `main`, then the others, the newest first."""
    others: list[Path] = []
    for cache, repository in product(_list_caches(), (card.repository, *card.earlier_repositories)):
        folder = cache / f"models--{repository.replace('/', '--')}"
        try:
            commit = read_text(folder / "refs" / "main", LONGEST_COMMIT).strip()
            if not re.fullmatch(r"\w+", commit):
                continue
            snapshots = sorted((folder / "snapshots").iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        except OSError:
            continue
        yield folder / "snapshots" / commit
        others.extend(path for path in snapshots if path.name != commit)
    yield from others
