"""A disk cache for the recognisers' tables: building them takes seconds, reading them 20 ms.

A file begins with a digest of the rest. A broken file, or one of another build, is rebuilt and replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from musearoo.bridge.settings.home_files import make_private_folder, read_bounded, write_whole
from musearoo.bridge.settings.logs import LOG

FOLDER: Final = "recogniser"
"""The cache's folder in MuseAroo's folder."""

MOST_KEPT: Final = 4
"""Files of 2 MB; the least recently used are deleted. Each change of the styles makes another."""

MOST_BYTES: Final = 32 << 20

CODE: Final = (
    "bridge/speech",
    "bridge/settings/voice_table.py",
    "engines/music",
    "engines/foundation/parsing.py",
    "engines/language",
    "engines/styles",
)
"""Modules whose source code is part of the digest, together with the input."""

_ROOT: Final = Path(__file__).parents[3]
_DIGEST: Final = 32

Built = TypeVar("Built")


def digest_of(parts: Iterable[bytes]) -> str:
    """Return the digest of a build's input, in order, and of the code."""
    state = blake2b(digest_size=16)
    for content in (*_code(), *parts):
        state.update(len(content).to_bytes(8, "big"))
        state.update(content)
    return state.hexdigest()


def _code() -> Iterable[bytes]:
    for name in CODE:
        source = _ROOT / name
        for path in sorted(source.rglob("*.py")) if source.is_dir() else [source]:
            yield path.read_bytes()


def keep_build(home: Path | None, digest: str, kind: type[Built], build: Callable[[], Built]) -> Built:
    """Return the build cached under a digest, else make and cache it.

    Without `home`, nothing is cached. A file that cannot be read or written is logged, and the build is made.
    """
    if home is None:
        return build()
    path = home / FOLDER / f"{digest}.msgpack"
    kept = _read(path, kind)
    if kept is not None:
        return kept
    built = build()
    payload = msgspec.msgpack.encode(built)
    try:
        make_private_folder(path.parent)
        write_whole(path, blake2b(payload, digest_size=_DIGEST).digest() + payload, durable=False)
        _sweep(path.parent)
    except OSError as error:
        LOG.warning("What Talk is built from cannot be kept (%s): each start builds it anew, for seconds.", error)
    return built


def _read(path: Path, kind: type[Built]) -> Built | None:
    try:
        content = read_bounded(path, MOST_BYTES)
        if blake2b(content[_DIGEST:], digest_size=_DIGEST).digest() != content[:_DIGEST]:
            raise msgspec.DecodeError("its digest is another")
        kept = msgspec.msgpack.decode(memoryview(content)[_DIGEST:], type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        LOG.warning("%s cannot be used (%s): it is built anew.", path, error)
        return None
    try:
        # Marks the file as used, so that others are deleted first.
        path.touch()
    except OSError as error:
        LOG.debug("%s cannot be touched: %s", path, error)
    return kept


def _sweep(folder: Path) -> None:
    """Delete all but the most recently used files, including unfinished drafts."""
    used: list[tuple[float, Path]] = []
    for path in folder.iterdir():
        try:
            used.append((path.stat().st_mtime, path))
        except FileNotFoundError:
            continue  # another process swept it
    for _, path in sorted(used, reverse=True)[MOST_KEPT:]:
        path.unlink(missing_ok=True)
