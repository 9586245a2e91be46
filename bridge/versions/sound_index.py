"""Which sound a file has, as long as the file has not changed: a version reads only what is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.audio.files import AudioFileError, FileState, find_file
from musearoo.bridge.settings.home_files import read_bounded, write_whole
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.versions.blobs import MissingBlobError, VersionsError
from musearoo.bridge.versions.sounds import Sounds, find_sound
from musearoo.bridge.versions.tree import ClipSound, Tree

MOST_FILES: Final = 20_000
READERS: Final = 2
"""Files that are read at once: hashing and FLAC leave Python to others. Measured: 140 MB/s with one, 220 with two."""
LARGEST: Final = 16 << 20


class _Known(msgspec.Struct, frozen=True, array_like=True):
    """A file's stamp, and the key of its sound."""

    device: int
    inode: int
    size: int
    modified_ns: int
    key: str


class SoundIndex:
    """The sounds of files by path, kept in a file that may be lost at any time. For one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, _Known] | None = None

    def keep(self, tree: Tree, sounds: Sounds, allowed: Sequence[Path] | None, on_bytes: Callable[[int], None]) -> Tree:
        """Store the sounds of a tree's clips, and return the tree with their keys.

        A file that cannot be kept is no error: its clip says why. `on_bytes` is called in other threads. Raises OSError
        where the store cannot be written.
        """
        wanted = {clip.sound.path: clip.sound for clip in tree.clips if clip.sound is not None}
        if not wanted:
            return tree
        self._read()
        with ThreadPoolExecutor(READERS, thread_name_prefix="sounds") as readers:
            kept = readers.map(lambda sound: self._keep(sound, sounds, allowed, on_bytes), wanted.values())
            found = dict(zip(wanted, kept, strict=True))
        self._save()
        clips = [
            clip
            if clip.sound is None
            else msgspec.structs.replace(
                clip,
                sound=msgspec.structs.replace(
                    clip.sound, key=found[clip.sound.path].key, problem=found[clip.sound.path].problem
                ),
            )
            for clip in tree.clips
        ]
        return msgspec.structs.replace(tree, clips=tuple(clips))

    def find(self, path: Path) -> str:
        """Return the key of a file's sound as far as it is known and the file has not changed, else ""."""
        try:
            state = FileState.of(path.resolve())
        except OSError:
            return ""
        known = self._read().get(str(path))
        return known.key if known is not None and _stamp(state) == _stamp(known) else ""

    def note(self, path: Path, key: str) -> None:
        """Note a file whose sound is known, for it was just written."""
        state = FileState.of(path.resolve())
        self._read()[str(path)] = _Known(*_stamp(state), key)
        self._save()

    def _keep(
        self, sound: ClipSound, sounds: Sounds, allowed: Sequence[Path] | None, on_bytes: Callable[[int], None]
    ) -> ClipSound:
        try:
            if not sound.path:
                raise VersionsError("Live does not tell its file.")
            state = find_file(sound.path, allowed).state
            known = self._read().get(sound.path)
            if known is not None and _stamp(known) == _stamp(state) and _has(sounds, known.key):
                return ClipSound(key=known.key)
            key = sounds.put(Path(sound.path), allowed, on_bytes)
        except (AudioFileError, VersionsError) as error:
            return ClipSound(problem=str(error))
        self._read().pop(sound.path, None)
        self._read()[sound.path] = _Known(*_stamp(state), key)
        return ClipSound(key=key)

    def _read(self) -> dict[str, _Known]:
        if self._known is None:
            try:
                self._known = msgspec.msgpack.decode(read_bounded(self._path, LARGEST), type=dict[str, _Known])
            except (OSError, msgspec.MsgspecError):
                self._known = {}
        return self._known

    def _save(self) -> None:
        known = dict(list(self._read().items())[-MOST_FILES:])
        try:
            write_whole(self._path, msgspec.msgpack.encode(known), durable=False)
        except OSError as error:
            LOG.warning("Which sounds are kept already could not be noted: %s", error.strerror)


def _stamp(state: FileState | _Known) -> tuple[int, int, int, int]:
    return state.device, state.inode, state.size, state.modified_ns


def _has(sounds: Sounds, key: str) -> bool:
    try:
        find_sound(sounds.blobs, key)
    except MissingBlobError:
        return False
    return True
