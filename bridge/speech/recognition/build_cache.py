"""A disk cache for the recognisers' tables: building them takes seconds, reading them 20 ms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from musearoo.bridge.cache.catalogue import RECOGNISER
from musearoo.bridge.cache.contract import read_as
from musearoo.bridge.cache.disk import DiskLevel

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

    Without `home`, nothing is cached. A broken build is made again, and one that cannot be kept is made each time.
    """
    if home is None:
        return build()
    level = DiskLevel(home / RECOGNISER.folder, RECOGNISER.bounds, RECOGNISER.suffix, is_mapped=True)
    kept = read_as(level, digest, msgspec.msgpack.Decoder(kind).decode)
    if kept is not None:
        return kept
    built = build()
    level.write(digest, msgspec.msgpack.encode(built))
    return built
