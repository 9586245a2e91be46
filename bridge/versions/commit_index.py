"""The commits of a store in one file, so that a long history is read at once. It may be lost: objects rebuild it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import make_private_folder, private_opener, read_bounded, write_whole
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.versions.objects import Objects, decode, encode
from musearoo.bridge.versions.tree import Commit

LARGEST: Final = 256 << 20
_HEAD: Final = 4
_PREFIX: Final = Commit.__name__.encode() + b"\0"


class CommitIndex:
    """Commits by key: those of the file, else their objects. For one thread.

    The file is a row of the length (4 bytes) and the msgpack of each commit; the key is its hash.
    """

    def __init__(self, path: Path, objects: Objects) -> None:
        self._path, self._objects = path, objects
        self._packed: dict[str, bytes] = {}
        self._commits: dict[str, Commit] = {}
        self._read_to = 0

    def get(self, key: str) -> Commit:
        """Return a commit. Raises VersionsError if it is lost."""
        if (commit := self._commits.get(key)) is not None:
            return commit
        if key not in self._packed:
            self._read()
        packed = self._packed.get(key)
        if packed is None:
            commit = self._objects.get(key, Commit)
            self.add(commit)
        else:
            commit = decode(packed, Commit)
        self._commits[key] = commit
        return commit

    def add(self, commit: Commit) -> None:
        """Note a commit whose object is stored."""
        key, content = encode(commit)
        self._commits[key] = commit
        if key in self._packed:
            return
        self._packed[key] = content
        try:
            make_private_folder(self._path.parent)
            with open(self._path, "ab", buffering=0, opener=private_opener) as stream:
                stream.write(len(content).to_bytes(_HEAD, "big") + content)
        except OSError as error:
            LOG.warning("The list of versions could not be written: %s", error.strerror)

    def known(self) -> set[str]:
        """Return the keys of all commits in the file."""
        self._read()
        return set(self._packed)

    def forget(self, keys: set[str]) -> None:
        """Take commits out of the file. Raises OSError."""
        self._read()
        self._packed = {key: content for key, content in self._packed.items() if key not in keys}
        self._commits = {key: commit for key, commit in self._commits.items() if key not in keys}
        rows = [len(content).to_bytes(_HEAD, "big") + content for content in self._packed.values()]
        write_whole(self._path, b"".join(rows), durable=False)
        self._read_to = sum(map(len, rows))

    def _read(self) -> None:
        """Read what was added since the last time, by whichever process."""
        try:
            if os.stat(self._path).st_size == self._read_to:
                return
            content = read_bounded(self._path, LARGEST)
        except OSError:
            return
        at = self._read_to if self._read_to <= len(content) else 0
        while at + _HEAD <= len(content):
            size = int.from_bytes(content[at : at + _HEAD], "big")
            packed = content[at + _HEAD : at + _HEAD + size]
            if len(packed) < size:
                break
            # What was torn has a key that nobody asks for.
            self._packed[hashlib.sha256(_PREFIX + packed).hexdigest()] = packed
            at += _HEAD + size
        self._read_to = at
