"""The policy of every cache: names of entries, bounds, statistics, and the interface of a level."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from musearoo.bridge.metrics.registry import Counter
from musearoo.bridge.settings.logs import LOG

Content = bytes | memoryview
"""An entry's bytes; a level may map them instead of reading them."""

Value = TypeVar("Value")
Place = TypeVar("Place")

SWEPT_TO: Final = 0.9
"""Share of an exceeded bound that remains after a sweep, so that not every new entry causes one."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def name_entry(content: str, *facts: str | int) -> str:
    """Return the name of an entry: its content's hash, and the hash of all else that it depends on, as versions.

    >>> name_entry("c0ffee", "2.1", 0, True)
    'c0ffee-ae32c14d88ad16a92f23'
    """
    return f"{content}-{blake2b(msgspec.msgpack.encode(facts), digest_size=10).hexdigest()}"


def require_name(name: str) -> str:
    """Return a name that every level takes, or raise ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"an entry's name has 1 to 200 letters, digits, dots and hyphens, unlike {name!r}")
    return name


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that a cache has; infinite where there is no bound. Beyond them, the longest unused entries go.

    `most_age`: seconds since its last use in which an entry stays. `in_use`: those in which it stays even if there is
    too much, because it may be about to be used.
    """

    most_bytes: float = math.inf
    most_entries: float = math.inf
    most_age: float = math.inf
    in_use: float = 0.0

    def exceeded_by(self, size: float, entries: float) -> bool:
        """Whether so many bytes or entries are too many."""
        return size > self.most_bytes or entries > self.most_entries


class Entry(NamedTuple, Generic[Place]):
    """An entry as a sweep sees it: the time of its last use, its bytes, and where it is."""

    used: float
    size: int
    place: Place


def list_evicted(entries: Sequence[Entry[Place]], bounds: Bounds, now: float) -> list[Entry[Place]]:
    """Return the entries that must go; `entries` are all, the longest unused first."""
    size, count = sum(entry.size for entry in entries), len(entries)
    most_bytes, most_entries = bounds.most_bytes, bounds.most_entries
    if bounds.exceeded_by(size, count):
        most_bytes *= SWEPT_TO
        most_entries = math.ceil(SWEPT_TO * most_entries) if most_entries < math.inf else most_entries
    evicted = []
    for entry in entries:
        is_too_much = size > most_bytes or count > most_entries
        if now - entry.used < bounds.in_use or not (is_too_much or now - entry.used > bounds.most_age):
            break
        evicted.append(entry)
        size, count = size - entry.size, count - 1
    return evicted


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a level has done in this process, and what it has as far as it knows."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0
    entries: int = 0
    bytes: int = 0


class Tally:
    """Counts of a level's hits, misses and evictions, for any thread."""

    def __init__(self) -> None:
        self.hits, self.misses, self.evictions = Counter(), Counter(), Counter()

    def statistics(self, entries: int, size: int) -> Statistics:
        """Return the counts with what the level has."""
        hits, misses, evictions = (int(counter.value()) for counter in (self.hits, self.misses, self.evictions))
        return Statistics(hits, misses, evictions, entries, size)


class CacheLevel(Protocol):
    """One level of a cache: memory, a disk, or a server that several machines share. For any thread.

    An entry is whole or missing. What a level cannot read or keep is logged and counts as missing, never an error;
    only a name that `require_name` refuses raises ValueError.
    """

    def read(self, name: str) -> Content | None:
        """Return an entry and mark it as used, or None."""

    def write(self, name: str, content: bytes) -> None:
        """Keep an entry, replacing an older one, within the bounds; one that is larger than they are is not kept."""

    def remove(self, name: str) -> None:
        """Remove an entry, if it is there."""

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the entries that begin so, sorted."""

    def sweep(self) -> None:
        """Remove what the bounds do not allow; a level does that by itself when enough was written."""

    def clear(self) -> None:
        """Remove all entries."""

    def statistics(self) -> Statistics:
        """Return the statistics."""


def read_as(level: CacheLevel, name: str, decode: Callable[[Any], Value]) -> Value | None:
    """Return an entry decoded, or None; one that `decode` refuses is of another version: it is removed."""
    content = level.read(name)
    if content is None:
        return None
    try:
        return decode(content)
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        LOG.warning("A cached %s cannot be used and is made again: %s", name, error)
        level.remove(name)
        return None
