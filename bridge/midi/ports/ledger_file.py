"""The ledger file of sounding notes, which survives a crash of the process."""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from musearoo.bridge.midi.parts.sounding import SIZE, Ledger
from musearoo.bridge.settings.home_files import make_private_folder, private_lock, private_opener, read_bounded

_HEAD: Final = b"MuseAroo sounds 1\n"
_NAME_SIZE: Final = 256
_SLOTS: Final = 32
"""Outputs in one file; further ones get a ledger in memory."""

_SLOT: Final = _NAME_SIZE + SIZE
_LENGTH: Final = len(_HEAD) + _SLOTS * _SLOT

_FILES: Final = 8
"""Most files of one folder, one per process; further processes have a ledger in memory only."""


class LedgerFile:
    """A ledger for each output, by name.

    Only one process has a file at a time: the next uses another one, and adopts the notes in files of processes that
    have ended.
    """

    def __init__(self, path: Path) -> None:
        self._first = path
        self._lock: FileLock | None = None
        self._path, self._memory = path, memoryview(bytearray(_LENGTH))
        try:
            make_private_folder(path.parent)
            self._lock, self._path = _lock_one(path)
            if self._lock is not None:
                self._memory = _map(self._path)
        except OSError as error:
            # Such as a full disk: then the ledger is in memory and ends with this process.
            print(f"The ledger cannot be kept in {self._path}: {error.strerror or error}.")
        self._ledgers: dict[str, Ledger] = {}
        self._slots: dict[str, int] = {}
        for slot in range(_SLOTS):
            if name := self._read_name(slot):
                ledger = Ledger(self._cells(slot))
                if ledger.is_silent:
                    self._write_name(slot, "")
                else:
                    self._ledgers[name], self._slots[name] = ledger, slot

    def ledger(self, name: str) -> Ledger:
        """Return the ledger of an output; an output beyond the limit gets one that ends with the process."""
        if name not in self._ledgers:
            slot = self._free_slot()
            if slot is None:
                return Ledger()
            self._ledgers[name], self._slots[name] = Ledger(self._cells(slot)), slot
            self._write_name(slot, name)
        return self._ledgers[name]

    def reopen(self, name: str) -> Ledger:
        """Return the ledger of an output, with all that may be sounding there marked as left over."""
        if name in self._slots:
            self._ledgers[name] = Ledger(self._cells(self._slots[name]))
        return self.ledger(name)

    def adopt(self) -> None:
        """Take over the files of other processes that have ended, with their left-over notes."""
        for number in range(_FILES):
            file = _file(self._first, number)
            if file == self._path or not file.exists():
                continue
            lock = _lock_of(file)
            try:
                lock.acquire(timeout=0)
            except (Timeout, OSError):
                continue
            try:
                with contextlib.suppress(OSError):
                    self._take_over(read_bounded(file, _LENGTH))
                    file.unlink(missing_ok=True)
            finally:
                lock.release()

    def left_over(self) -> tuple[str, ...]:
        """Return the outputs at which notes of an earlier process may sound."""
        return tuple(name for name, ledger in self._ledgers.items() if ledger.has_left_over)

    def close(self) -> None:
        """Unlock the file for other processes."""
        if self._lock is not None:
            self._lock.release()

    def _take_over(self, data: bytes) -> None:
        if data[: len(_HEAD)] != _HEAD or len(data) != _LENGTH:
            return
        for slot in range(_SLOTS):
            start = len(_HEAD) + slot * _SLOT
            name, cells = data[start : start + _NAME_SIZE], data[start + _NAME_SIZE : start + _SLOT]
            if name.strip(b"\0") and any(cells):
                self.ledger(_decode(name)).take_over(cells)

    def _free_slot(self) -> int | None:
        taken = set(self._slots.values())
        free = next((slot for slot in range(_SLOTS) if slot not in taken), None)
        if free is not None:
            return free
        for name, ledger in self._ledgers.items():
            if ledger.is_silent:
                del self._ledgers[name]
                return self._slots.pop(name)
        return None

    def _cells(self, slot: int) -> memoryview:
        start = len(_HEAD) + slot * _SLOT + _NAME_SIZE
        return self._memory[start : start + SIZE]

    def _read_name(self, slot: int) -> str:
        start = len(_HEAD) + slot * _SLOT
        return _decode(bytes(self._memory[start : start + _NAME_SIZE]))

    def _write_name(self, slot: int, name: str) -> None:
        start = len(_HEAD) + slot * _SLOT
        data = name.encode()[:_NAME_SIZE].ljust(_NAME_SIZE, b"\0")
        self._memory[start : start + _NAME_SIZE] = data


def _lock_one(path: Path) -> tuple[FileLock | None, Path]:
    """Lock the first file of this name, or a numbered one next to it, that no other process has."""
    for number in range(_FILES):
        file = _file(path, number)
        lock = _lock_of(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        return lock, file
    return None, path


def _file(path: Path, number: int) -> Path:
    return path if number == 0 else path.with_name(f"{path.stem}-{number + 1}{path.suffix}")


def _lock_of(file: Path) -> FileLock:
    return private_lock(file.with_name(file.name + ".lock"))


def _decode(name: bytes) -> str:
    return name.rstrip(b"\0").decode(errors="replace")


def _map(path: Path) -> memoryview:
    """Map the file into memory; a foreign file, or one of another version, is overwritten.

    Special files, such as a pipe, are left alone: then the memory ends with the process.
    """
    if os.path.lexists(path) and not path.is_file():
        return memoryview(bytearray(_LENGTH))
    descriptor = private_opener(str(path), os.O_RDWR | os.O_CREAT)
    try:
        if os.read(descriptor, _LENGTH + 1)[: len(_HEAD)] != _HEAD or os.fstat(descriptor).st_size != _LENGTH:
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            # Written in full, because writing to mapped memory without disk space would kill the process.
            if os.write(descriptor, _HEAD.ljust(_LENGTH, b"\0")) < _LENGTH:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return memoryview(mmap.mmap(descriptor, _LENGTH))
    finally:
        os.close(descriptor)
