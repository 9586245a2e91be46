"""A model's files: which belong to it, whether they are complete, and the manifest that records them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from musearoo.bridge.settings.home_files import write_whole
from musearoo.engines.errors import EngineError, PresetError
from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.neural.cards.archives import find_break
from musearoo.engines.neural.cards.description import ModelCard, remedy
from musearoo.engines.neural.cards.forms import list_names
from musearoo.engines.regular_files import read_bounded

MANIFEST: Final = "manifest.json"

LARGEST_HEADER: Final = 16_000_000
"""Most bytes: the format allows 100 million, and no model here needs one; a foreign file must not fill the memory."""

CHUNK: Final = 1 << 18
"""Bytes per read and write: little is lost when a connection breaks."""

Tick = Callable[[int], None]
"""Called with the number of further bytes; an exception ends the work."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A fetched file: its length in bytes and its SHA-256."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The record of a fetched model, kept next to its files."""

    source: str
    """The address or the folder of its source."""
    revision: str
    """The commit on the hub; empty for a folder."""
    licence: str
    accepted: str
    """The time at which the licence was accepted (ISO 8601)."""
    files: Mapping[str, FileRecord]


def list_files(folder: Path, card: ModelCard) -> tuple[Path, ...]:
    """Return all files of a model in a folder, its settings first; raises EngineError naming a missing one."""
    try:
        names = list_names(folder)
    except OSError:
        names = frozenset()
    if not names:
        raise EngineError(f"There is no model {card.name} in {folder}: {remedy(card.name)}.")
    selection = card.form.select(names, folder)
    if selection.lacks:
        raise EngineError(f"The model {card.name} in {folder} lacks {selection.lacks}: {remedy(card.name)}.")
    return tuple(folder / name for name in (*card.form.settings, *selection.files))


def find_flaw(path: Path, card: ModelCard) -> str:
    """Check a model's file without reading all of it; returns the end of a sentence, or "".

    Reads only the file's header; raises OSError.
    """
    if path.suffix == ".safetensors" and not is_whole(path):
        return "is broken: it is not as long as it says"
    return (find_break(path) if path.suffix == ".bin" else "") or card.form.find_fault(path)


def find_fault(path: Path, name: str, card: ModelCard, recorded: str, tick: Tick) -> str:
    """Check all bytes of a model's file; returns the end of a sentence, or "".

    `name`: the file's name within the model. `recorded`: its expected SHA-256, or empty; then it is checked against the
    catalogue and its own header.
    """
    known = card.form.find_sha256(name)
    try:
        if flaw := find_flaw(path, card):
            return flaw
        found = hash_file(path, tick)
        if recorded and found != recorded:
            return "is not what was fetched: its checksum differs"
        if _is_foreign(path, found, known, recorded):
            return f"is not the file that was published as {name}"
        return find_break(path, thoroughly=True) if path.suffix == ".bin" and not (recorded or known) else ""
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"


def _is_foreign(path: Path, found: str, known: str, recorded: str) -> bool:
    """Whether a file of SHA-256 `found` is known not to be the published one."""
    # A pickle is loaded only if it is exactly the published one.
    return found != known if path.suffix == ".th" else bool(known) and not recorded and found != known


def copy_stream(source: BinaryIO, target: BinaryIO | None, tick: Tick) -> str:
    """Copy the rest of a stream, or only read it without a target; returns its SHA-256."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
        tick(len(chunk))
    return digest.hexdigest()


def hash_file(path: Path, tick: Tick = lambda _bytes: None) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return copy_stream(stream, None, tick)


def is_whole(path: Path) -> bool:
    """Whether a .safetensors file is as long as its header says; reads only the header.

    The format: eight bytes of length, little-endian, a JSON header with each tensor's offsets, then the tensors
    (https://github.com/huggingface/safetensors).
    """
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = parse_json(stream.read(length if length <= LARGEST_HEADER else 0), path.name, dict[str, Any])
        ends = [tensor["data_offsets"][1] for key, tensor in header.items() if key != "__metadata__"]
        return path.stat().st_size == 8 + length + max(ends, default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of the model in a folder, or None if it is missing or unreadable."""
    try:
        return parse_json(read_bounded(folder / MANIFEST), MANIFEST, Manifest)
    except (OSError, PresetError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest next to a model's files; raises OSError."""
    files = {name: {"bytes": record.bytes, "sha256": record.sha256} for name, record in manifest.files.items()}
    fields = {name: getattr(manifest, name) for name in ("source", "revision", "licence", "accepted")}
    write_whole(folder / MANIFEST, json.dumps({**fields, "files": files}, indent=1).encode(), durable=False)
