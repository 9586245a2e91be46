"""Brings a model to this machine: from the hub or from a folder, whole and checked, or not at all.

What comes lies in a folder of drafts beside the models and is moved to its place in one step when every file was
checked. What a broken connection left there is gone on with at the next time.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock, Timeout

from bridge.model_files import (
    MANIFEST,
    FileRecord,
    Manifest,
    Tick,
    copy_stream,
    hash_file,
    read_manifest,
    read_signatures,
    write_manifest,
)
from bridge.model_store import ModelStore, find_fault
from engines.errors import EngineError
from engines.models.catalogue import ModelCard

SPARE: Final = 50_000_000
"""Bytes that stay free: a disk filled to the brim ends more than this."""

ShowFetch = Callable[[int, int, str], None]
"""Takes the bytes done, those in all, and the file that is under way; may raise what ends the work."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that can be had: its name, its bytes, and its SHA-256 where that is known, else empty."""

    name: str
    bytes: int
    sha256: str = ""


class Origin(Protocol):
    """Where a model can be had from."""

    @property
    def address(self) -> str:
        """What stands in the manifest: an address or a folder."""

    @property
    def revision(self) -> str:
        """The commit that the files are of; empty where there is none."""

    @property
    def offers(self) -> Mapping[str, Offer]:
        """The files that there are, by name."""

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        """Writes a file; goes on with what a draft already holds where it can. Raises EngineError, OSError."""


class MirrorFolder:
    """A folder that holds a model's files: they themselves, or another machine's folder of models."""

    revision = ""

    def __init__(self, folder: Path, name: str) -> None:
        """Raises EngineError where nothing of the model lies there."""
        self._folder = next((at for at in (folder / name, folder) if at.is_dir()), folder)
        self.address = str(self._folder)
        manifest = read_manifest(self._folder)
        records = manifest.files if manifest else {}
        try:
            files = [path for path in self._folder.iterdir() if path.suffix in (".yaml", ".safetensors", ".th")]
            self.offers = {
                path.name: Offer(
                    path.name, path.stat().st_size, records[path.name].sha256 if path.name in records else ""
                )
                for path in files
            }
        except OSError as error:
            raise EngineError(f"{folder} cannot be read: {error.strerror or error}.") from error

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        """Copies a file."""
        with (self._folder / offer.name).open("rb") as source, draft.open("wb") as target:
            copy_stream(source, target, tick)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that was brought: where it lies, its bytes, and sentences on what could not be checked."""

    folder: Path
    bytes: int
    notes: tuple[str, ...]


def fetch_model(card: ModelCard, origin: Origin, store: ModelStore, accepted: str, show: ShowFetch) -> Fetched:
    """Brings a model into the store; one that was there is replaced when all has come.

    `accepted` says when its licence was accepted, as of ISO 8601. Raises EngineError; after any error the store's
    models are what they were, and what came is kept for the next time.
    """
    drafts = store.drafts(card.name)
    try:
        drafts.mkdir(parents=True, exist_ok=True)
        with FileLock(store.folder / f".{card.name}.lock", timeout=0):
            files = _bring_all(card, origin, drafts, show)
            records = {path.name: FileRecord(path.stat().st_size, hash_file(path)) for path in files}
            write_manifest(drafts, Manifest(origin.address, origin.revision, card.licence, accepted, records))
            _move(drafts, [*records, MANIFEST], store.place(card.name))
    except Timeout as error:
        raise EngineError(f"{card.name} is being fetched by another process: wait for it.") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise EngineError(f"The disk of {store.folder} is full: free some space and run this again.") from error
        raise EngineError(f"{error.filename or store.folder} cannot be used: {error.strerror or error}.") from error
    notes = tuple(
        f"No checksum of {name} was known to hold it against; what came is recorded."
        for name in records
        if not name.endswith(".yaml") and not _is_known(card, origin, name)
    )
    return Fetched(store.place(card.name), sum(record.bytes for record in records.values()), notes)


def _bring_all(card: ModelCard, origin: Origin, drafts: Path, show: ShowFetch) -> list[Path]:
    """Brings every file of a model into the folder of drafts; returns their paths."""
    settings = drafts / f"{card.name}.yaml"
    settings.unlink(missing_ok=True)
    if settings.name in origin.offers:
        origin.bring(origin.offers[settings.name], settings, lambda _bytes: None)
    else:
        settings.write_text(card.settings, encoding="utf-8")
    offers = [_choose(origin, signature) for signature in read_signatures(drafts, card.name)]
    total = sum(offer.bytes for offer in offers)
    missing = sum(offer.bytes - _size(drafts / offer.name) - _size(_draft_of(offer, drafts)) for offer in offers)
    free = shutil.disk_usage(drafts).free
    if missing + SPARE > free:
        raise EngineError(
            f"{card.name} needs {(missing + SPARE) / 1e6:.0f} MB more in {drafts.parent}, and {free / 1e6:.0f} MB are "
            "free: free some space and run this again."
        )
    before = 0
    for offer in offers:
        _bring(card, origin, offer, drafts, _Progress(before, total, offer, show))
        before += offer.bytes
    return [settings, *(drafts / offer.name for offer in offers)]


def _choose(origin: Origin, signature: str) -> Offer:
    """The file of a network: the safe form before the pickle."""
    pickles = sorted(name for name in origin.offers if name.startswith(f"{signature}-") and name.endswith(".th"))
    for name in (f"{signature}.safetensors", *pickles):
        if name in origin.offers:
            return origin.offers[name]
    raise EngineError(f"{origin.address} has no {signature}.safetensors, which the model needs.")


def _bring(card: ModelCard, origin: Origin, offer: Offer, drafts: Path, progress: _Progress) -> None:
    """Brings one file, checks it and gives it its name; one that had come before stays."""
    path = drafts / offer.name
    if path.exists() and not find_fault(path, card, offer.sha256, lambda _bytes: None):
        return
    draft = _draft_of(offer, drafts)
    progress.start(_size(draft))
    origin.bring(offer, draft, progress.advance)
    named = draft.replace(path)
    fault = find_fault(named, card, offer.sha256, lambda _bytes: None)
    if fault:
        named.unlink()
        raise EngineError(f"{offer.name} from {origin.address} {fault}. Nothing of it was kept: run this again.")


def _draft_of(offer: Offer, drafts: Path) -> Path:
    """What a file is while it comes; its name tells of which content, so that no other is ever gone on with."""
    return drafts / f"{offer.name}.{offer.sha256[:16] or 'unknown'}.part"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_known(card: ModelCard, origin: Origin, name: str) -> bool:
    """Whether there was a checksum for a file, of the origin or of the catalogue."""
    network = card.find_network(name.removesuffix(".safetensors"))
    return bool(origin.offers[name].sha256 or name.endswith(".th") or (network and network.sha256))


def _move(drafts: Path, names: list[str], place: Path) -> None:
    """Makes the folder of drafts the model's folder; where the old one stood there is none between two renames."""
    for path in drafts.iterdir():
        if path.name not in names:
            path.unlink()
    old = drafts.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    drafts.rename(place)
    shutil.rmtree(old, ignore_errors=True)


class _Progress:
    """Where one file stands among all."""

    def __init__(self, before: int, total: int, offer: Offer, show: ShowFetch) -> None:
        self._before = before
        self._total = total
        self._offer = offer
        self._show = show
        self._done = 0

    def start(self, done: int) -> None:
        self._done = 0
        self.advance(done)

    def advance(self, more: int) -> None:
        """Says that so many bytes more are there; fewer than none where a file begins anew."""
        self._done += more
        self._show(self._before + self._done, self._total, self._offer.name)
