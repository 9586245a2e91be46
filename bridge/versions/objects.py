"""Objects by the hash of their content: trees, commits and notes, as canonical msgpack, compressed.

The hash is SHA-256 of the kind and the msgpack, so that equal content is kept once and damage is found. Design after
git's object store (Git Internals, in Chacon and Straub: Pro Git, 2014).
"""

from __future__ import annotations

import hashlib
import zlib
from typing import Any, Final, TypeVar

import msgspec

from musearoo.bridge.versions.blobs import BlobStore, MissingBlobError, VersionsError

FOLDER: Final = "objects"
FASTEST: Final = 1
"""Level of compression: notes shrink to a third at any level."""
LARGEST: Final = 256 << 20
"""Bytes of an object: more is no tree of ours."""

_ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")

Kind = TypeVar("Kind", bound=msgspec.Struct)


class DamagedError(VersionsError):
    """What is kept is not what was written."""


def name_of(key: str) -> str:
    """Return the name of an object's blob.

    >>> name_of("abcdef")
    'objects/ab/cdef'
    """
    return f"{FOLDER}/{key[:2]}/{key[2:]}"


def key_of_name(name: str) -> str:
    """Return the key of an object or a sound from its blob's name.

    >>> key_of_name("objects/ab/cdef"), key_of_name("sounds/ab/cdef.flac")
    ('abcdef', 'abcdef')
    """
    _, head, rest = name.split("/")
    return head + rest.partition(".")[0]


def encode(value: msgspec.Struct) -> tuple[str, bytes]:
    """Return the key and the msgpack of an object."""
    content = _ENCODER.encode(value)
    return _hash(type(value), content), content


def _hash(kind: type[msgspec.Struct], content: bytes) -> str:
    return hashlib.sha256(b"%s\0%s" % (kind.__name__.encode(), content)).hexdigest()


class Objects:
    """The objects in a blob store."""

    def __init__(self, blobs: BlobStore) -> None:
        self.blobs = blobs

    def put(self, value: msgspec.Struct) -> str:
        """Store an object, and return its key. Raises OSError."""
        key, content = encode(value)
        self.blobs.put(name_of(key), zlib.compress(content, FASTEST))
        return key

    def put_known(self, key: str, value: msgspec.Struct) -> None:
        """Store an object whose key is known: it costs little where it is there. Raises OSError."""
        try:
            self.blobs.touch(name_of(key))
        except MissingBlobError:
            self.put(value)

    def get(self, key: str, kind: type[Kind]) -> Kind:
        """Return an object. Raises MissingBlobError, and DamagedError if it is not what was stored."""
        content = self.unpack(key, self.blobs.read(name_of(key)))
        if _hash(kind, content) != key:
            raise self._damaged(key)
        return decode(content, kind)

    def unpack(self, key: str, packed: bytes) -> bytes:
        """Return the msgpack of an object's blob. Raises DamagedError."""
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(packed, LARGEST)
        except zlib.error:
            raise self._damaged(key) from None
        if not unpacker.eof or unpacker.unused_data:
            raise self._damaged(key)
        return content

    def verify(self, key: str, packed: bytes, kinds: tuple[type[msgspec.Struct], ...]) -> type[msgspec.Struct]:
        """Return which kind of object a blob is. Raises DamagedError."""
        content = self.unpack(key, packed)
        for kind in kinds:
            if _hash(kind, content) == key:
                return kind
        raise self._damaged(key)

    @staticmethod
    def _damaged(key: str) -> DamagedError:
        return DamagedError(f"{name_of(key)} is damaged: musearoo repo fsck tells what is lost with it.")


def decode(content: bytes, kind: type[Kind]) -> Kind:
    """Return an object from its msgpack. Raises VersionsError for one that a later MuseAroo made otherwise."""
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise VersionsError(f"A later MuseAroo has kept this {kind.__name__.lower()}: update ({error}).") from error


def canonical(value: Any) -> bytes:
    """Return canonical msgpack: equal values give equal bytes."""
    return _ENCODER.encode(value)
