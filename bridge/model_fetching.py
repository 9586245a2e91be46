"""Brings a model to this machine: from the hub or from a folder, whole and checked, or not at all.

What comes lies in a folder of drafts beside the models and is moved to its place in one step when every file was
checked. What a broken connection left there is gone on with at the next time.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
    write_manifest,
)
from bridge.model_store import ModelStore, find_fault
from engines.errors import EngineError
from engines.models.catalogue import ModelCard
from engines.models.demucs.recipe import read_signatures

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
            sizes = {path.name: path.stat().st_size for path in self._folder.iterdir() if path.is_file()}
            self.offers = {
                name: Offer(name, size, records[name].sha256 if name in records else "") for name, size in sizes.items()
            }
        except OSError as error:
            raise EngineError(f"{folder} cannot be read: {error.strerror or error}.") from error

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        """Copies a file, from where the draft ends."""
        with (self._folder / offer.name).open("rb") as source, draft.open("ab") as target:
            source.seek(target.tell())
            copy_stream(source, target, tick)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that was brought: where it lies, and sentences on what could not be checked."""

    folder: Path
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
            records = _bring_all(card, origin, drafts, show)
            write_manifest(drafts, Manifest(origin.address, origin.revision, card.licence, accepted, records))
            _move(drafts, [*records, MANIFEST], store.place(card.name))
    except Timeout as error:
        raise EngineError(f"{card.name} is being fetched by another process: wait for it.") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise EngineError(f"The disk of {store.folder} is full: free some space and run this again.") from error
        raise EngineError(f"{error.filename or store.folder} cannot be used: {error.strerror or error}.") from error
    notes = [_doubt(card, origin, name, record.sha256) for name, record in records.items()]
    return Fetched(store.place(card.name), tuple(note for note in notes if note))


def _bring_all(card: ModelCard, origin: Origin, drafts: Path, show: ShowFetch) -> dict[str, FileRecord]:
    """Brings every file of a model into the folder of drafts; returns them by name, the settings first."""
    settings = f"{card.name}.yaml"
    if settings in origin.offers:
        _bring(card, origin, origin.offers[settings], drafts, lambda _done: None)
    else:
        (drafts / settings).write_text(card.settings, encoding="utf-8")
    offers = [_choose(origin, signature) for signature in read_signatures(drafts, card.name)]
    _require_space(card, offers, drafts)
    total = sum(offer.bytes for offer in offers)
    records = {settings: FileRecord((drafts / settings).stat().st_size, hash_file(drafts / settings))}
    before = 0
    for offer in offers:
        watch = partial(_show_in_all, show, before, total, offer.name)
        records[offer.name] = _bring(card, origin, offer, drafts, watch)
        before += offer.bytes
    return records


def _show_in_all(show: ShowFetch, before: int, total: int, name: str, done: int) -> None:
    show(before + done, total, name)


def _require_space(card: ModelCard, offers: Sequence[Offer], drafts: Path) -> None:
    """Raises EngineError where what is still to come would fill the disk."""
    missing = sum(offer.bytes - _size(drafts / offer.name) - _size(_draft_of(offer, drafts)) for offer in offers)
    free = shutil.disk_usage(drafts).free
    if missing + SPARE > free:
        raise EngineError(
            f"{card.name} needs {(missing + SPARE) / 1e6:.0f} MB more in {drafts.parent}, and {free / 1e6:.0f} MB are "
            "free: free some space and run this again."
        )


def _choose(origin: Origin, signature: str) -> Offer:
    """The file of a network: the safe form before the pickle."""
    pickles = sorted(name for name in origin.offers if name.startswith(f"{signature}-") and name.endswith(".th"))
    for name in (f"{signature}.safetensors", *pickles):
        if name in origin.offers:
            return origin.offers[name]
    raise EngineError(f"{origin.address} has no {signature}.safetensors, which the model needs.")


def _bring(card: ModelCard, origin: Origin, offer: Offer, drafts: Path, show: Callable[[int], None]) -> FileRecord:
    """Brings one file, checks it and gives it its name; what came of it before is gone on with, or stays.

    `show` takes how many of its bytes are there.
    """
    path = drafts / offer.name
    draft = _draft_of(offer, drafts)
    if not offer.sha256:
        # Nothing tells whether it would be of the same content.
        path.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    if not path.exists() or find_fault(path, card, offer.sha256, _unwatched):
        done = _size(draft)

        def tick(more: int) -> None:
            nonlocal done
            done += more
            show(done)

        tick(0)
        origin.bring(offer, draft, tick)
        draft.replace(path)
        fault = find_fault(path, card, offer.sha256, _unwatched)
        if fault:
            path.unlink()
            raise EngineError(
                f"{offer.name} from {origin.address} {fault}. Nothing of it was kept: fetch it anew, or elsewhere."
            )
    show(offer.bytes)
    return FileRecord(path.stat().st_size, offer.sha256 or hash_file(path))


def _unwatched(_bytes: int) -> None:
    """Checking a file takes a moment only, beside bringing it."""


def _draft_of(offer: Offer, drafts: Path) -> Path:
    """What a file is while it comes; its name tells of which content, so that no other is ever gone on with."""
    return drafts / f"{offer.name}.{offer.sha256[:16] or 'unknown'}.part"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _doubt(card: ModelCard, origin: Origin, name: str, sha256: str) -> str:
    """One sentence on what could not be checked of a file that came; empty where all could."""
    network = card.find_network(name.removesuffix(".safetensors"))
    if network and network.sha256 not in ("", sha256):
        return f"{name} is not the file that this MuseAroo knows, but the one that {origin.address} has now."
    known = (network and network.sha256) or name.endswith((".yaml", ".th")) or origin.offers[name].sha256
    return "" if known else f"No checksum of {name} was known to hold it against; what came is recorded."


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
