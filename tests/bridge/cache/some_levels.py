"""A clock that only a test moves, and a server for several machines in this process, as Redis would be."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from musearoo.bridge.cache.contract import Bounds, Content, Statistics, Tally, require_name


class Clock:
    """A time that only the test moves, and each look at it by a little."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        self.now += 0.01
        return self.now


class Server:
    """What a server of keys and values has: values with the time of their last use, the longest unused first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.values: OrderedDict[str, tuple[float, bytes]] = OrderedDict()


class SharedLevel:
    """One client of the server; it expires and evicts, and the client counts what it asked for."""

    def __init__(self, server: Server, bounds: Bounds, clock: Clock) -> None:
        self._server, self._bounds, self._clock, self._tally = server, bounds, clock, Tally()

    def read(self, name: str) -> Content | None:
        with self._server.lock:
            found = self._server.values.pop(require_name(name), None)
            if found is not None:
                self._server.values[name] = self._clock(), found[1]
        (self._tally.misses if found is None else self._tally.hits).add()
        return None if found is None else found[1]

    def write(self, name: str, content: bytes) -> None:
        self.remove(name)
        if not self._bounds.exceeded_by(len(content), 1):
            with self._server.lock:
                self._server.values[name] = self._clock(), content
            self.sweep()

    def remove(self, name: str) -> None:
        with self._server.lock:
            self._server.values.pop(require_name(name), None)

    def names(self, prefix: str = "") -> tuple[str, ...]:
        with self._server.lock:
            return tuple(sorted(name for name in self._server.values if name.startswith(prefix)))

    def sweep(self) -> None:
        with self._server.lock:
            for name, (used, _) in tuple(self._server.values.items()):
                unused = self._clock() - used
                is_too_much = self._bounds.exceeded_by(self._size(), len(self._server.values))
                if unused >= self._bounds.in_use and (is_too_much or unused > self._bounds.most_age):
                    del self._server.values[name]
                    self._tally.evictions.add()

    def clear(self) -> None:
        with self._server.lock:
            self._server.values.clear()

    def statistics(self) -> Statistics:
        with self._server.lock:
            return self._tally.statistics(len(self._server.values), self._size())

    def _size(self) -> int:
        return sum(len(content) for _, content in self._server.values.values())
