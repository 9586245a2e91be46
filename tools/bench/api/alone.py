"""The engine alone: the same requests without a server, in a warm process of their own."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from musearoo.bridge.api.composers.composer import Composer
from musearoo.bridge.api.composers.messages import Made, Perform, SetSource
from musearoo.bridge.api.sets.packets import open_set, pack
from musearoo.bridge.api.sets.performing import StoredSet, new_set, perform_request
from musearoo.bridge.api.types.requests import Generate
from musearoo.bridge.core.composing import Players
from musearoo.bridge.process.child_process import plain_start, settle_in
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import EngineError
from musearoo.tools.bench.api.requests import ENGINES, set_of

ANSWERS_WITHIN: Final = 60.0
NAME: Final = "Untitled"


@dataclass(frozen=True, slots=True)
class Alone:
    """Milliseconds of one request without a server.

    `engine`: the engine's `generate` alone. `composed`: with reading the set, placing on samples and writing the clip.
    `answered`: a whole composer's work, with packing for the store and the answer. `notes`: the take's, in msgpack.
    """

    engine: float
    composed: float
    answered: float
    notes: bytes


class EngineAlone:
    """Plays requests one after the other in a set of its own, as a composer does. Leaving the context ends it."""

    def __init__(self, home: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_play_all, args=(theirs, home), daemon=True)
        with plain_start():
            self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._process.join(1.0)
        self._process.kill()
        self._process.join()

    def play(self, number: int, request: Generate) -> Alone:
        """Return what the request of a number takes. Raises EngineError when the process has ended."""
        try:
            self._connection.send_bytes(msgspec.msgpack.encode((number, msgspec.msgpack.encode(request))))
            if not self._connection.poll(ANSWERS_WITHIN):
                raise EngineError(f"The engine alone did not answer within {ANSWERS_WITHIN:g} s.")
            played: Alone = self._connection.recv()
        except (EOFError, OSError) as error:
            raise EngineError("The process of the engine alone has ended by itself.") from error
        return played


def _play_all(connection: Any, home: Path) -> None:
    """Play each request that arrives, until the connection ends."""
    settle_in(home / "alone.log")
    stopwatch = _Stopwatch()
    engines = tuple(replace(engine, generate=stopwatch.timed(engine.generate)) for engine in read_engines())
    players = Players(engines, read_styles(home / "styles"), play_with_patience, PatternLibrary())
    desk = _Desk(Composer(home), players, stopwatch)
    gc.freeze()
    while True:
        try:
            number, packed = msgspec.msgpack.decode(connection.recv_bytes(), type=tuple[int, bytes])
        except (EOFError, OSError):
            return
        connection.send(desk.play(number, packed))


class _Desk:
    """One set for each engine, twice: for pure composing, and for a composer's whole work."""

    def __init__(self, composer: Composer, players: Players, stopwatch: _Stopwatch) -> None:
        self._composer, self._players, self._stopwatch = composer, players, stopwatch
        self._stored: dict[int, StoredSet] = {}
        self._source: SetSource = SetSource(pack(new_set(NAME)), (), 0)

    def play(self, number: int, packed: bytes) -> Alone:
        """Return what a request takes. What is measured second finds warm caches: each is so every other time."""
        place, later = set_of(number), number // len(ENGINES) % 2
        stored = self._stored.get(place)
        if stored is None:
            mirror, next_id = open_set(self._source.document, ())
            stored = StoredSet(mirror, 0, next_id)
        request_id = f"alone-{place}-{stored.version + 1}"
        answered = self._answer(place, stored.version, packed, request_id) if later else 0.0
        self._stopwatch.seconds = 0.0
        began = time.perf_counter()
        request = msgspec.msgpack.decode(packed, type=Generate)
        written = perform_request(stored, request, request_id, "alone", self._players)
        composed, engine = time.perf_counter() - began, self._stopwatch.seconds
        answered = answered or self._answer(place, stored.version, packed, request_id)
        performed = written.performed
        self._stored[place] = StoredSet(performed.mirror, stored.version + 1, performed.next_id)
        notes = msgspec.msgpack.encode(written.takes[0].notes)
        return Alone(1000 * engine, 1000 * composed, 1000 * answered, notes)

    def _answer(self, place: int, version: int, packed: bytes, request_id: str) -> float:
        """Return the seconds of a composer's whole answer."""
        command = Perform(
            number=version,
            session=f"alone-{place}",
            version=version,
            basis=f"alone-{place}-{version}",
            source=self._source if version == 0 else None,
            encoding="msgpack",
            request=packed,
            request_id=request_id,
        )
        began = time.perf_counter()
        reply = self._composer.answer(command)
        if not isinstance(reply, Made):
            raise EngineError(f"The engine alone was refused: {reply}")
        return time.perf_counter() - began


class _Stopwatch:
    """Adds up the seconds that functions take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, measured."""

        def measured(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds += time.perf_counter() - began

        return measured
