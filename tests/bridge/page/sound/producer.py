"""A small server for the player: the page's files, and tones by the sound stream, with faults on demand."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import Future
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.sound.messages import FRAME, METRONOME, RATE
from musearoo.bridge.api.sound.opus import PREROLL_FRAMES, PRESKIP, OpusEncoder
from musearoo.bridge.api.sound.wire import (
    LAST,
    PREROLL,
    PROTOCOL,
    SKIPPED,
    Hello,
    Play,
    Played,
    decode_frame,
    encode_frame,
)
from musearoo.bridge.page.files import policy_for, read_file

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

TOKEN: Final = "roo_for_tests"
LEVEL: Final = 0.5
_PAGE: Final = b'<!doctype html><title>player</title><link rel="icon" href="data:,"><button id="tap">play</button>'
_TAP: Final = Path(__file__).with_name("tap.js")


def tone(hertz: float, position: int, count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return samples of a sine that begins at position 0."""
    found: np.ndarray[Any, np.dtype[np.float64]] = LEVEL * np.sin(
        2 * np.pi * hertz / RATE * np.arange(position, position + count)
    )
    return found


class Producer:
    """Plays a tone for each part: the file `440` is one of 440 Hz. A file `bad` cannot be played.

    `fast` is how much faster than real time it produces, as a clock that is off; `skip` leaves so many frames out next.
    """

    def __init__(self) -> None:
        self.token = TOKEN
        self.played: list[Played] = []
        self.plays: list[Play] = []
        self.fast = 0.0
        self.skip = 0
        self._live: set[ServerConnection] = set()
        self._held_until = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(self._start())
        self.port: int = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def _start(self) -> Any:
        return await serve(
            self._listen,
            "127.0.0.1",
            0,
            process_request=self._give,
            subprotocols=[Subprotocol(PROTOCOL)],
            compression=None,
        )

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(10)

    def drop(self) -> int:
        """End all connections without a word; returns how many there were."""

        async def abort() -> int:
            found = list(self._live)
            for connection in found:
                connection.transport.abort()
            return len(found)

        return self._run(abort())

    def hold(self, seconds: float) -> None:
        """Send nothing for so long, on any connection; then go on where it was."""
        self._held_until = time.monotonic() + seconds

    def close(self) -> None:
        """Stop serving."""

        async def end() -> None:
            self._server.close()
            await self._server.wait_closed()

        self._run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _give(self, _: ServerConnection, request: Request) -> Response | None:
        """Answer what is no WebSocket: the page's files, under the policy that `serve` gives them."""
        path = request.path.partition("?")[0]
        if path.startswith("/sound/"):
            return None
        body, kind = b"", ""
        if path == "/":
            body, kind = _PAGE, "text/html; charset=utf-8"
        elif path == "/page/tap.js":
            body, kind = _TAP.read_bytes(), "text/javascript; charset=utf-8"
        elif (file := read_file(path.removeprefix("/page/"))) is not None:
            body, kind = file.body, file.media_type
        status = HTTPStatus.OK if kind else HTTPStatus.NOT_FOUND
        headers = {
            "content-type": kind or "text/plain",
            "content-length": str(len(body)),
            "content-security-policy": policy_for(request.headers["host"]),
            "connection": "close",
        }
        return Response(status, status.phrase, Headers(headers), body)

    async def _listen(self, connection: ServerConnection) -> None:
        hello = decode_frame(await connection.recv())
        if not isinstance(hello, Hello) or hello.token != TOKEN:
            problem = {
                "title": "Unauthorized",
                "status": 401,
                "detail": "The token is unknown.",
                "code": "unauthorized",
            }
            await connection.send(json.dumps({"type": "problem", "problem": problem}))
            await connection.close(1008, "unauthorized")
            return
        await connection.send(json.dumps({"type": "welcome"}))
        self._live.add(connection)
        playing: asyncio.Task[None] | None = None
        try:
            async for data in connection:
                try:
                    frame = decode_frame(data)
                except ApiError as error:
                    problem = {"title": "Bad", "status": error.status, "detail": str(error), "code": error.code}
                    await connection.send(json.dumps({"type": "problem", "problem": problem}))
                    continue
                if isinstance(frame, Played):
                    self.played.append(frame)
                    continue
                if playing is not None:
                    playing.cancel()
                    playing = None
                if isinstance(frame, Play):
                    self.plays.append(frame)
                    playing = asyncio.create_task(self._play(connection, frame))
        except ConnectionClosed:
            pass
        finally:
            self._live.discard(connection)
            if playing is not None:
                playing.cancel()

    async def _play(self, connection: ServerConnection, play: Play) -> None:
        if any(part.file == "bad" for part in play.parts):
            problem = {"title": "Not found", "status": 404, "detail": "There is no such file.", "code": "not_found"}
            await connection.send(json.dumps({"type": "problem", "problem": problem, "number": play.number}))
            return
        length = round(play.beats * 60 / play.bpm * RATE)
        names = [part.id for part in play.parts] + [METRONOME] * play.metronome
        opus = OpusEncoder(len(names)) if play.codec == "opus" else None
        preskip = PRESKIP if opus else 0
        answer = {
            "type": "playing",
            "number": play.number,
            "codec": play.codec,
            "rate": RATE,
            "length": length,
            "start": play.start,
            "loop": play.loop,
            "preskip": preskip,
            "parts": [{"id": name, "gain": 1.0} for name in names],
        }
        await connection.send(json.dumps(answer))
        position = play.start - PREROLL_FRAMES * FRAME if opus else play.start
        end = None if play.loop else length + preskip
        began, sequence, skipped = time.monotonic(), 0, 0
        while end is None or position < end:
            await asyncio.sleep(max(0.0, self._held_until - time.monotonic()))
            due = began + (position - play.start) / RATE / (1 + self.fast) - play.ahead / 1000
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            flags = (PREROLL if position < play.start else 0) | skipped
            if end is not None and position + FRAME >= end:
                flags |= LAST
            sounds = [self._part(part.file, position, length, loops=play.loop) for part in play.parts]
            sounds += [b""] * play.metronome
            data = opus.encode(sounds) if opus else sounds
            await connection.send(encode_frame(sequence, max(0, position), FRAME, flags, play.number, data))
            sequence += 1
            position += FRAME
            skipped = 0
            if self.skip:
                position += self.skip * FRAME
                began -= self.skip * FRAME / RATE
                self.skip, skipped = 0, SKIPPED

    def _part(self, file: str | None, position: int, length: int, *, loops: bool) -> bytes:
        values = tone(float(file or 440), position, FRAME)
        if not loops:
            values[max(0, length - position) :] = 0.0
        if position < 0:
            values[: min(FRAME, -position)] = 0.0
        sides = np.rint(np.stack([values, values], axis=1) * 32767)
        return bytes(sides.astype("<i2").tobytes())
