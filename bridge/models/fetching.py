"""Fetch a model, from the hub or from a folder: complete and checked, or not at all.

Downloads go to a drafts folder next to the models, which is moved into place in one step once every file is checked.
After a broken connection, the next download resumes the drafts.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from filelock import Timeout

from musearoo.bridge.models.files import (
    MANIFEST,
    FileRecord,
    Manifest,
    Tick,
    copy_stream,
    find_fault,
    hash_file,
    read_manifest,
    write_manifest,
)
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.settings.home_files import make_private_folder, private_lock, private_opener, write_whole
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.description import ModelCard
from musearoo.engines.neural.cards.forms import list_names
from musearoo.engines.regular_files import LARGEST_TEXT

SPARE: Final = 50_000_000
"""Bytes that must stay free: a full disk breaks other programs."""

UNDOUBTED: Final = (".json", ".model", ".th", ".yaml")
"""Extensions of files that need no warning: a .th is checked against its name, and the others are parsed as data."""

ShowFetch = Callable[[int, int, str], None]
"""Called with the bytes done, the total, and the current file; an exception ends the download."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file on offer: its name, its size in bytes, and its SHA-256 if known, else empty.

    The name is a path within the model's folder, with `/`.
    """

    name: str
    bytes: int
    sha256: str = ""


class Origin(Protocol):
    """A source of models."""

    @property
    def address(self) -> str:
        """The manifest's source: an address or a folder."""

    @property
    def revision(self) -> str:
        """The files' commit, or ""."""

    @property
    def offers(self) -> Mapping[str, Offer]:
        """Return the available files, by name."""

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        """Download a file, resuming a draft if possible. Raises EngineError, OSError."""


class MirrorFolder:
    """A folder with a model's files, or another machine's folder of models."""

    revision = ""

    def __init__(self, folder: Path, name: str, needed_by: str = "") -> None:
        """Raise EngineError if nothing of the model is there.

        `needed_by`: the model that depends on this one, which must then be in a folder of its own name, in `folder` or
        next to it.
        """
        # Other models' files have the same names, so the folder itself may be another model's.
        candidates = (folder / name, folder.absolute().parent / name if needed_by else folder)
        found = next((at for at in candidates if at.is_dir()), None)
        if found is None and needed_by:
            raise EngineError(f"{folder} has no folder {name}, in it or beside it, and {needed_by} runs on that.")
        self._folder = found or folder
        self.address = str(self._folder)
        manifest = read_manifest(self._folder)
        records = manifest.files if manifest else {}
        try:
            sizes = {name: (self._folder / name).stat().st_size for name in list_names(self._folder)}
            self.offers = {
                name: Offer(name, size, records[name].sha256 if name in records else "") for name, size in sizes.items()
            }
        except OSError as error:
            raise EngineError(f"{folder} cannot be read: {error.strerror or error}.") from error

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        """Copy a file, from where the draft ends."""
        with (self._folder / offer.name).open("rb") as source, open(draft, "ab", opener=private_opener) as target:
            source.seek(target.tell())
            copy_stream(source, target, tick)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched model: its path, and sentences on what could not be checked."""

    folder: Path
    notes: tuple[str, ...]


def fetch_model(card: ModelCard, origin: Origin, store: ModelStore, accepted: str, show: ShowFetch) -> Fetched:
    """Fetch a model into the store, replacing an old one once it is complete.

    `accepted` is the time at which its licence was accepted (ISO 8601). Raises EngineError; after any error the store's
    models are unchanged, and the drafts are kept for the next time.
    """
    drafts = store.drafts(card.name)
    try:
        make_private_folder(drafts)
        with private_lock(store.folder / f".{card.name}.lock").acquire(timeout=0):
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
    """Fetch every file of a model into the draft folder; returns them by name, the settings first."""
    records: dict[str, FileRecord] = {}
    for name, text in card.form.settings.items():
        if name in origin.offers:
            if origin.offers[name].bytes > LARGEST_TEXT:
                raise EngineError(f"{name} from {origin.address} is too large to be settings: fetch it elsewhere.")
            _bring(card, origin, origin.offers[name], drafts, lambda _done: None)
        else:
            write_whole(drafts / name, text.encode(), durable=False)
        records[name] = FileRecord((drafts / name).stat().st_size, hash_file(drafts / name))
    selection = card.form.select(origin.offers, drafts)
    if selection.lacks:
        raise EngineError(f"{origin.address} has no {selection.lacks}, which {card.name} needs.")
    offers = [origin.offers[name] for name in selection.files]
    _require_space(card, offers, drafts)
    total = sum(offer.bytes for offer in offers)
    before = 0
    for offer in offers:
        watch = partial(_show_in_all, show, before, total, offer.name)
        records[offer.name] = _bring(card, origin, offer, drafts, watch)
        before += offer.bytes
    return records


def _show_in_all(show: ShowFetch, before: int, total: int, name: str, done: int) -> None:
    show(before + done, total, name)


def _require_space(card: ModelCard, offers: Sequence[Offer], drafts: Path) -> None:
    """Raise EngineError if the remaining download would fill the disk."""
    missing = sum(offer.bytes - _size(drafts / offer.name) - _size(_draft_of(offer, drafts)) for offer in offers)
    free = shutil.disk_usage(drafts).free
    if missing + SPARE > free:
        raise EngineError(
            f"{card.name} needs {(missing + SPARE) / 1e6:.0f} MB more in {drafts.parent}, and {free / 1e6:.0f} MB are "
            "free: free some space and run this again."
        )


def _bring(card: ModelCard, origin: Origin, offer: Offer, drafts: Path, show: Callable[[int], None]) -> FileRecord:
    """Fetch and check one file, resuming an earlier draft.

    `show` gets the number of its bytes so far.
    """
    path = drafts / offer.name
    make_private_folder(path.parent)
    draft = _draft_of(offer, drafts)
    if not offer.sha256:
        # Without a hash, a draft may be of other content.
        path.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    if not path.exists() or find_fault(path, offer.name, card, offer.sha256, _unwatched):
        done = _size(draft)

        def tick(more: int) -> None:
            nonlocal done
            done += more
            show(done)

        tick(0)
        origin.bring(offer, draft, tick)
        draft.replace(path)
        fault = find_fault(path, offer.name, card, offer.sha256, _unwatched)
        if fault:
            path.unlink()
            raise EngineError(
                f"{offer.name} from {origin.address} {fault}. Nothing of it was kept: fetch it anew, or elsewhere."
            )
    show(offer.bytes)
    return FileRecord(path.stat().st_size, offer.sha256 or hash_file(path))


def _unwatched(_bytes: int) -> None:
    """Show no progress: checking a file is fast compared with fetching it."""


def _draft_of(offer: Offer, drafts: Path) -> Path:
    """Return a file's draft, named by its content, so that no other content is ever resumed."""
    return drafts / f"{offer.name}.{offer.sha256[:16] or 'unknown'}.part"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _doubt(card: ModelCard, origin: Origin, name: str, sha256: str) -> str:
    """Return one sentence on what could not be checked of a file, or ""."""
    if name.endswith(UNDOUBTED):
        return ""
    known = card.form.find_sha256(name)
    if not sha256.startswith(known):
        return f"{name} is not the file that this MuseAroo knows, but the one that {origin.address} has now."
    if known or origin.offers[name].sha256:
        return ""
    return f"No checksum of {name} was known to hold it against; what came is recorded."


def _move(drafts: Path, names: Collection[str], place: Path) -> None:
    """Rename the draft folder to the model's folder. Between the two renames, the folder does not exist."""
    for name in list_names(drafts) - set(names):
        (drafts / name).unlink()
    old = drafts.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    drafts.rename(place)
    shutil.rmtree(old, ignore_errors=True)
