"""The level in memory, and levels one behind another."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from musearoo.bridge.cache.contract import (
    Bounds,
    CacheLevel,
    Content,
    Entry,
    Statistics,
    Tally,
    list_evicted,
    require_name,
)


class MemoryLevel:
    """Entries in this process's memory, for any thread."""

    def __init__(self, bounds: Bounds, clock: Callable[[], float] = time.time) -> None:
        self._bounds = bounds
        self._clock = clock
        self._tally = Tally()
        self._lock = Lock()
        # The longest unused first.
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._size = 0

    def read(self, name: str) -> Content | None:
        """Return an entry and mark it as used, or None."""
        with self._lock:
            found = self._entries.get(require_name(name))
            if found is not None:
                self._put(name, found[1])
        (self._tally.misses if found is None else self._tally.hits).add()
        return None if found is None else found[1]

    def write(self, name: str, content: bytes) -> None:
        """Keep an entry, unless it is larger than the bounds."""
        with self._lock:
            self._pop(require_name(name))
            if self._bounds.exceeded_by(len(content), 1):
                return
            self._put(name, content)
            is_full = self._bounds.exceeded_by(self._size, len(self._entries))
        if is_full:
            self.sweep()

    def remove(self, name: str) -> None:
        """Remove an entry, if it is there."""
        with self._lock:
            self._pop(require_name(name))

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the entries that begin so, sorted."""
        with self._lock:
            return tuple(sorted(name for name in self._entries if name.startswith(prefix)))

    def sweep(self) -> None:
        """Remove what the bounds do not allow."""
        with self._lock:
            entries = [Entry(used, len(content), name) for name, (used, content) in self._entries.items()]
            evicted = list_evicted(entries, self._bounds, self._clock())
            for entry in evicted:
                self._pop(entry.place)
        self._tally.evictions.add(len(evicted))

    def clear(self) -> None:
        """Remove all entries."""
        with self._lock:
            self._entries.clear()
            self._size = 0

    def statistics(self) -> Statistics:
        """Return the statistics."""
        with self._lock:
            return self._tally.statistics(len(self._entries), self._size)

    def _put(self, name: str, content: bytes) -> None:
        self._pop(name)
        self._entries[name] = self._clock(), content
        self._size += len(content)

    def _pop(self, name: str) -> None:
        former = self._entries.pop(name, None)
        if former is not None:
            self._size -= len(former[1])


class Levels:
    """Levels one behind another, the fastest first, as one. What a slower one has goes into the faster ones.

    Each evicts by what it was itself asked for: a faster one's hits are not told to the slower ones. Hits are those of
    all levels; misses and what there is are the last one's, which has the most.
    """

    def __init__(self, *levels: CacheLevel) -> None:
        self._levels = levels

    def read(self, name: str) -> Content | None:
        """Return an entry of the fastest level that has it, or None."""
        for number, level in enumerate(self._levels):
            content = level.read(name)
            if content is not None:
                for faster in self._levels[:number]:
                    faster.write(name, bytes(content))
                return content
        return None

    def write(self, name: str, content: bytes) -> None:
        """Keep an entry in every level."""
        for level in self._levels:
            level.write(name, content)

    def remove(self, name: str) -> None:
        """Remove an entry from every level."""
        for level in self._levels:
            level.remove(name)

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the entries of any level that begin so, sorted."""
        return tuple(sorted({name for level in self._levels for name in level.names(prefix)}))

    def sweep(self) -> None:
        """Remove what the bounds of each level do not allow."""
        for level in self._levels:
            level.sweep()

    def clear(self) -> None:
        """Remove all entries from every level."""
        for level in self._levels:
            level.clear()

    def statistics(self) -> Statistics:
        """Return the statistics of all levels as one."""
        each = [level.statistics() for level in self._levels]
        return replace(each[-1], hits=sum(one.hits for one in each))
