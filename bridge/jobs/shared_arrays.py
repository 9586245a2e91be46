"""Arrays in shared memory: one segment for all arrays of a job, written by one process and read by the other."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]

_ALIGN: Final = 64
"""Bytes: arrays are aligned to cache lines."""

_LINUX_FOLDER: Final = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class ArrayLocation:
    """The position of an array in a segment."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A segment by its name, and the arrays in it."""

    segment: str
    locations: tuple[ArrayLocation, ...]


class SharedArrays:
    """A segment that this process has open."""

    def __init__(self, memory: SharedMemory, layout: Layout) -> None:
        self._memory: SharedMemory | None = memory
        self.layout = layout

    @classmethod
    def write(cls, segment: str, arrays: Mapping[str, AnyArray]) -> SharedArrays:
        """Copy arrays into a new segment; raises OSError if there is no room for them."""
        locations: list[ArrayLocation] = []
        size = 0
        for name, array in arrays.items():
            locations.append(ArrayLocation(name, array.dtype.str, array.shape, size))
            size += -(-array.nbytes // _ALIGN) * _ALIGN
        memory = SharedMemory(segment, create=True, size=max(size, 1))
        try:
            _reserve(segment, size)
            shared = cls(memory, Layout(segment, tuple(locations)))
            for location, array in zip(locations, arrays.values(), strict=True):
                shared._view(location)[...] = array
        except BaseException:
            memory.close()
            memory.unlink()
            raise
        return shared

    @classmethod
    def open(cls, layout: Layout) -> SharedArrays:
        """Open a segment that another process has written."""
        return cls(SharedMemory(layout.segment), layout)

    def view(self) -> dict[str, AnyArray]:
        """Return the arrays in the segment: read-only, and invalid after `release`."""
        views = {location.name: self._view(location) for location in self.layout.locations}
        for array in views.values():
            array.flags.writeable = False
        return views

    def copy(self) -> dict[str, AnyArray]:
        """Return copies of the arrays, which stay valid."""
        return {location.name: self._view(location).copy() for location in self.layout.locations}

    def release(self) -> bool:
        """Close the segment here; False if its arrays are still in use. On Windows the last process removes it."""
        if self._memory is None:
            return True
        try:
            self._memory.close()
        except BufferError:
            # Reference cycles may keep unreachable views alive.
            gc.collect()
            try:
                self._memory.close()
            except BufferError:
                return False
        self._memory = None
        return True

    def _view(self, location: ArrayLocation) -> AnyArray:
        if self._memory is None:
            raise ValueError(f"the segment {self.layout.segment} was released")
        return np.ndarray(location.shape, location.dtype, self._memory.buf, location.offset)


def remove_segment(name: str) -> None:
    """Remove a segment if it exists."""
    with contextlib.suppress(FileNotFoundError):
        memory = SharedMemory(name)
        memory.close()
        memory.unlink()


def _reserve(segment: str, size: int) -> None:
    """Reserve the memory now, raising OSError: Linux would otherwise kill the process that writes to it."""
    path = _LINUX_FOLDER / segment
    if size and path.exists():
        descriptor = os.open(path, os.O_RDWR)
        try:
            os.posix_fallocate(descriptor, 0, size)
        finally:
            os.close(descriptor)
