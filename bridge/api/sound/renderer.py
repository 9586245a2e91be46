"""The sound process as the server's event loop sees it: pieces are opened, and their slices come, or are there already.

It starts with the first listener, ends when nobody has listened for a while, and is replaced where it dies. Slices are
kept by what they depend on, so that what is played again begins at once. For the event loop's thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from musearoo.bridge.api.problems.errors import ApiError, OverloadedError
from musearoo.bridge.api.sound.messages import (
    RATE,
    SAMPLE_BYTES,
    SLICE,
    Broken,
    Drop,
    FromProcess,
    Open,
    Opened,
    Piece,
    Ready,
    Slice,
    ToProcess,
    Want,
)
from musearoo.bridge.api.sound.process import run_sound
from musearoo.bridge.process.supervised import SupervisedProcess
from musearoo.bridge.settings.logs import LOG

BYTES_KEPT: Final = 128 * 1024 * 1024
"""Of rendered slices: eleven minutes of one part."""
AHEAD: Final = 6 * RATE
"""Samples that are rendered before they are needed."""
TRIES: Final = 3
"""Processes in a row that may die before a listener is told so."""
OPENS_WITHIN: Final = 15.0
"""Seconds in which a piece must be open, also while the process still starts."""
IDLE_AFTER: Final = 600.0
"""Seconds without a listener after which the process ends."""
CLOSING: Final = 1.0

SliceKey = tuple[str, int, int]
"""A part's key, the earlier laps that still ring, and the number of the slice."""


class Renderer:
    """Renders pieces in a process of its own. `home` is MuseAroo's folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._child: SupervisedProcess | None = None
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound")
        self._pieces: dict[int, OpenPiece] = {}
        self._number = 0
        self._failures = 0
        self._listeners = 0
        self._idle: asyncio.TimerHandle | None = None
        self._kept: OrderedDict[SliceKey, bytes] = OrderedDict()
        self._kept_bytes = 0

    @property
    def pid(self) -> int | None:
        """The process id, None while there is no process."""
        return None if self._child is None else self._child.pid

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Keep the process running; it starts now, so that it is ready by the first request."""
        self._listeners += 1
        if self._idle is not None:
            self._idle.cancel()
        self._start()
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._idle = asyncio.get_running_loop().call_later(IDLE_AFTER, self._end)

    async def open(self, piece: Piece) -> OpenPiece:
        """Open a piece; close it with `close`. Raises ApiError for a part that cannot be played."""
        self._number += 1
        opened = self._pieces[self._number] = OpenPiece(self, self._number, piece)
        self._start()
        self._send(Open(opened.number, piece))
        try:
            async with asyncio.timeout(OPENS_WITHIN):
                while not opened.keys:
                    await opened.change()
        except TimeoutError as error:
            self.close(opened)
            raise OverloadedError(1.0) from error
        except BaseException:
            self.close(opened)
            raise
        return opened

    def close(self, opened: OpenPiece) -> None:
        """Let go of a piece: what it still wants is not rendered."""
        if self._pieces.pop(opened.number, None) is not None:
            self._send(Drop(opened.number))

    def find(self, key: SliceKey) -> bytes | None:
        """Return a slice that was rendered, None where it is not here."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def want(self, wanted: Want) -> None:
        """Ask for a slice; its piece changes when it is there."""
        self._send(wanted)

    def _keep(self, key: SliceKey, data: bytes) -> None:
        self._kept_bytes += len(data) - len(self._kept.get(key, b""))
        self._kept[key] = data
        while self._kept_bytes > BYTES_KEPT:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])

    def _start(self) -> None:
        if self._child is not None:
            return
        loop = asyncio.get_running_loop()

        def on_message(message: FromProcess) -> None:
            _tell(loop, self._on_message, child, message)

        def on_end() -> None:
            _tell(loop, self._on_end, child)

        try:
            child = SupervisedProcess("sound", run_sound, (self._home,), on_message=on_message, on_end=on_end)
        except OSError as error:
            LOG.error("The sound process cannot be started: %s", error.strerror or type(error).__name__)
            raise OverloadedError(1.0) from error
        self._child = child

    def _send(self, message: ToProcess) -> None:
        """Send a message by a thread, in order: a pipe that is full must not stop the event loop."""
        if self._child is not None:
            self._sender.submit(self._child.send, message)

    def _on_message(self, child: SupervisedProcess, message: FromProcess) -> None:
        if child is not self._child:
            return
        match message:
            case Ready():
                self._failures = 0
            case Opened(player) if player in self._pieces:
                self._pieces[player].on_opened(message)
            case Broken(player, sentence) if player in self._pieces:
                self._pieces[player].fail(ApiError(422, "no_sound", sentence))
            case Slice(player, part, lap, number, data) if player in self._pieces:
                opened = self._pieces[player]
                self._keep((opened.keys[part], lap, number), data)
                opened.on_slice(part, lap, number)

    def _on_end(self, child: SupervisedProcess) -> None:
        """Replace a process that has died, and have it render what was wanted."""
        if child is not self._child:
            return
        self._child = None
        child.kill()
        self._failures += 1
        if self._failures >= TRIES or not self._pieces:
            for opened in self._pieces.values():
                sentence = "The process that renders sound ends by itself: sound.log says why. Try again."
                opened.fail(ApiError(500, "no_sound", sentence))
            self._failures = 0
            return
        LOG.warning("The sound process has ended by itself, and is replaced.")
        self._start()
        for opened in self._pieces.values():
            self._send(Open(opened.number, opened.piece))
            opened.want_again()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            asyncio.get_running_loop().run_in_executor(None, child.end, CLOSING)


def _tell(loop: asyncio.AbstractEventLoop, call: object, *arguments: object) -> None:
    """Call a function in the loop's thread; the loop may have ended."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *arguments)  # type: ignore[arg-type]


@dataclass(slots=True, eq=False)
class OpenPiece:
    """A piece that is played. `keys`, `gains` and `ends` are those of its parts, once it is open."""

    renderer: Renderer
    number: int
    piece: Piece
    keys: tuple[str, ...] = ()
    gains: tuple[float, ...] = ()
    ends: tuple[int, ...] = ()
    _error: ApiError | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _wanted: set[tuple[int, int, int]] = field(default_factory=set)
    """The part, lap and number of slices that are being rendered."""
    _asked_until: int = -1

    async def change(self) -> None:
        """Wait until something came. Raises ApiError where the piece cannot be played."""
        await self._changed.wait()
        self._changed.clear()
        if self._error is not None:
            raise self._error

    def frame(self, position: int, count: int, is_loop: bool) -> list[bytes] | None:
        """Return so many samples of each part from a position on, b"" for silence; None while some are missing.

        What is missing is wanted, and so is what comes after it.
        """
        self._want_ahead(position, is_loop)
        found = [self._read(part, position, count, is_loop) for part in range(len(self.keys))]
        return None if None in found else [data for data in found if data is not None]

    def _read(self, part: int, position: int, count: int, is_loop: bool) -> bytes | None:
        pieces, is_silent, wanted = [], True, count
        while wanted:
            lap, number, inside = self._place(part, position, is_loop)
            there = SLICE - inside
            if is_loop:
                there = min(there, self.piece.length - position % self.piece.length)
            there = min(there, wanted)
            data = self.renderer.find((self.keys[part], lap, number))
            if data is None:
                self._want(part, lap, number)
                return None
            is_silent = is_silent and not data
            begin = inside * SAMPLE_BYTES
            pieces.append(data[begin : begin + there * SAMPLE_BYTES] if data else bytes(there * SAMPLE_BYTES))
            position += there
            wanted -= there
        return b"" if is_silent else b"".join(pieces)

    def _place(self, part: int, position: int, is_loop: bool) -> tuple[int, int, int]:
        """Return the laps before it that still ring at a position, the number of its slice, and where it is therein."""
        lap, place = divmod(position, self.piece.length) if is_loop else (0, position)
        number, inside = divmod(place, SLICE)
        # Those laps of the past alone that reach as far: all others sound alike, and are rendered once.
        ringing = -(-(self.ends[part] - number * SLICE) // self.piece.length) - 1
        return min(lap, max(0, ringing)), number, inside

    def _want_ahead(self, position: int, is_loop: bool) -> None:
        at = max(position, self._asked_until)
        while at < position + AHEAD:
            for part in range(len(self.keys)):
                lap, number, _ = self._place(part, at, is_loop)
                if self.renderer.find((self.keys[part], lap, number)) is None:
                    self._want(part, lap, number)
            at = self._next_slice(at, is_loop)
        self._asked_until = at

    def _next_slice(self, at: int, is_loop: bool) -> int:
        length = self.piece.length
        lap, place = divmod(at, length) if is_loop else (0, at)
        after = (place // SLICE + 1) * SLICE
        return lap * length + (min(after, length) if is_loop else after)

    def _want(self, part: int, lap: int, number: int) -> None:
        if (part, lap, number) not in self._wanted:
            self._wanted.add((part, lap, number))
            self.renderer.want(Want(self.number, part, lap, number))

    def want_again(self) -> None:
        """Ask for all that is missing once more: another process renders it."""
        for part, lap, number in sorted(self._wanted, key=lambda each: each[1:]):
            self.renderer.want(Want(self.number, part, lap, number))

    def on_opened(self, opened: Opened) -> None:
        """Note what the parts are."""
        self.keys, self.gains, self.ends = opened.keys, opened.gains, opened.ends
        self._changed.set()

    def on_slice(self, part: int, lap: int, number: int) -> None:
        """Note that a slice is there."""
        self._wanted.discard((part, lap, number))
        self._changed.set()

    def fail(self, error: ApiError) -> None:
        """Note why it cannot be played."""
        self._error = error
        self._changed.set()
