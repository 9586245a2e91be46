"""One listener's WebSocket: hello, what is played, and its frames, paced by the clock."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from musearoo.bridge.ambient.messages import Playing as Described
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.sound.endless import EndlessRoom, OpenEndless, Wishes
from musearoo.bridge.api.sound.messages import FRAME, METRONOME, RATE
from musearoo.bridge.api.sound.opus import PREROLL_FRAMES, PRESKIP, OpusEncoder, SharedOpus
from musearoo.bridge.api.sound.renderer import OpenPiece, Renderer
from musearoo.bridge.api.sound.resolving import read_piece
from musearoo.bridge.api.sound.wire import (
    LAST,
    PREROLL,
    PROTOCOL,
    SKIPPED,
    Endless,
    FromServer,
    Hello,
    PartGiven,
    Play,
    Played,
    Playing,
    SteerEndless,
    Stop,
    Trouble,
    Welcome,
    decode_frame,
    encode_frame,
)
from musearoo.bridge.api.websocket import connection as live
from musearoo.bridge.api.websocket.connection import GONE, HELLO_WITHIN, POLICY, SLOW
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.errors import StoreError
from musearoo.engines.errors import ParamError

MOST_BEHIND: Final = 2.0
"""Seconds by which a listener may fall behind: buffers on the way would hide far more."""
REPORTS_WITHIN: Final = 1.0
"""Seconds after which a listener that has sent no `played` any more is sent on."""


def sound_endpoint(services: ApiServices) -> Callable[[WebSocket, str], Awaitable[None]]:
    """Return what serves the listeners of a server, with one renderer for all."""
    renderer, endless = Renderer(services.home), EndlessRoom(services.home)

    async def listen(socket: WebSocket, session: str) -> None:
        await SoundConnection(socket, services, renderer, endless, session).run()

    return listen


class SoundConnection:
    """A listener to one session."""

    def __init__(
        self, socket: WebSocket, services: ApiServices, renderer: Renderer, endless: EndlessRoom, session: str
    ) -> None:
        self._socket = socket
        self._services = services
        self._renderer = renderer
        self._endless = endless
        self._session = session
        self._token = socket.scope["state"].get("token", "")
        self._playing: asyncio.Task[None] | None = None
        self._stream: Stream | None = None
        self._sequence = 0
        self._telling: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve the connection until it ends."""
        if PROTOCOL not in self._socket.scope.get("subprotocols", []):
            await self._socket.close(POLICY, f"no subprotocol {PROTOCOL}")
            return
        await self._socket.accept(subprotocol=PROTOCOL)
        self._services.metrics.websockets.add(1)
        try:
            if await self._greet():
                with self._renderer.listening():
                    await self._serve()
        except WebSocketDisconnect:
            return
        finally:
            self._services.metrics.websockets.add(-1)
            await self._end_stream()

    async def _greet(self) -> bool:
        """Read the hello; false where it was refused, and the connection closed."""
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                hello = decode_frame(await self._receive())
            if not isinstance(hello, Hello):
                raise ApiError(401, "unauthorized", "The first frame must be hello, with a token.")
            self._token = hello.token or self._token
            await self._services.hub.open(self._session, await self._admit())
        except (ApiError, StoreError) as error:
            problem = problem_of(error)
            if problem.status == 401:
                self._services.rates.count_failure(self._socket.client.host if self._socket.client else "?")
            with contextlib.suppress(WebSocketDisconnect):
                await self._send(Trouble(problem=problem.problem()))
            await self._close(SLOW if problem.status == 503 else POLICY, problem.code)
            return False
        except TimeoutError:
            await self._close(POLICY, "no hello within two seconds")
            return False
        await self._send(Welcome())
        return True

    async def _admit(self) -> Who:
        who = await self._services.admission.admit(self._token)
        if isinstance(who, ApiError):
            raise who
        return who

    async def _serve(self) -> None:
        checking = asyncio.create_task(self._check())
        try:
            while True:
                data = await self._receive()
                try:
                    await self._take(data)
                except (ApiError, StoreError, ParamError) as error:
                    await self._send(Trouble(problem=problem_of(error).problem()))
        finally:
            checking.cancel()

    async def _take(self, data: bytes | str) -> None:
        match decode_frame(data):
            case Play() as play:
                await self._end_stream()
                self._playing = asyncio.create_task(self._play(play))
            case Played(number=number, at=at):
                if self._stream is not None and self._stream.play.number == number:
                    self._stream.note_played(at)
            case SteerEndless(endless=wishes):
                await self._steer(wishes)
            case Stop():
                await self._end_stream()
            case Hello():
                raise ApiError(400, "bad_frame", "hello is the first frame alone: the connection is open already.")

    async def _play(self, play: Play) -> None:
        """Play until the end or until it is cancelled; what is wrong is told."""
        opened: OpenPiece | OpenEndless | None = None
        try:
            if (wishes := play.parts[0].endless) is not None:
                opened = await self._open_endless(wishes)
                # A seam of the past would be silence: it goes on where the others are.
                start = play.start or opened.sound.now
                play = msgspec.structs.replace(play, start=start, metronome=False, loop=True)
            else:
                piece = await read_piece(play, self._services, self._session, await self._admit())
                opened = await self._renderer.open(piece)
            await self._send(_describe(play, opened))
            self._stream = Stream(self, play, opened)
            await self._stream.run()
        except (ApiError, StoreError, ParamError) as error:
            with contextlib.suppress(WebSocketDisconnect):
                await self._send(Trouble(problem=problem_of(error).problem(), number=play.number))
        except WebSocketDisconnect:
            return
        except Exception:
            # The outermost handler of a stream: a fault of ours ends it, and no other.
            LOG.exception("A sound stream failed by a fault of ours")
            fault = ApiError(500, "fault", "That failed by a fault of ours: the server's log says where.")
            with contextlib.suppress(WebSocketDisconnect):
                await self._send(Trouble(problem=fault.problem(), number=play.number))
        finally:
            self._stream = None
            if isinstance(opened, OpenEndless):
                opened.close()
            elif opened is not None:
                self._renderer.close(opened)

    async def _open_endless(self, wishes: Wishes) -> OpenEndless:
        """Join the session's endless music, or begin it, which needs who may change the session."""
        who = await self._admit()
        if (sound := self._endless.find(self._session)) is None:
            await self._services.hub.open(self._session, who, "editor")
            sound = self._endless.begin(self._session, wishes)
        else:
            await self._services.hub.open(self._session, who)

        def tell(playing: Described) -> None:
            task = asyncio.create_task(self._tell(playing, sound.wishes))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

        return sound.listen(tell)

    async def _tell(self, playing: Described, wishes: Wishes) -> None:
        told = {name: getattr(playing, name) for name in ("at", "preset", "key", "bpm", "layers", "chords")}
        with contextlib.suppress(WebSocketDisconnect):
            await self._send(Endless(**told, wishes=wishes))

    async def _steer(self, wishes: Wishes) -> None:
        await self._services.hub.open(self._session, await self._admit(), "editor")
        sound = self._endless.find(self._session)
        if sound is None:
            raise ApiError(409, "conflict", "No endless music plays in this session: play it first.")
        sound.steer(wishes)

    async def _end_stream(self) -> None:
        task, self._playing = self._playing, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _check(self) -> None:
        """Wait until the token or the membership has ended, and end the connection then."""
        while True:
            await asyncio.sleep(live.CHECKED_EVERY)
            try:
                state = await self._services.hub.state(self._session, await self._admit())
                code = "closed" if state.closed is not None else ""
            except StoreError:
                continue
            except ApiError as error:
                code = error.code
            if code:
                await self._close(POLICY, code)
                return

    async def send_sound(self, position: int, flags: int, number: int, parts: list[bytes]) -> None:
        """Send a frame of sound; returns when what is between here and the client takes more."""
        data = encode_frame(self._sequence, position, FRAME, flags, number, parts)
        self._sequence += 1
        await self._out(self._socket.send_bytes(data))

    async def _send(self, frame: FromServer) -> None:
        await self._out(self._socket.send_text(msgspec.json.encode(frame).decode()))

    async def _out(self, sending: object) -> None:
        self._services.metrics.frames_out.add()
        try:
            await sending  # type: ignore[misc]
        except RuntimeError as error:
            # uvicorn has closed it meanwhile: for a ping without an answer, or as the server stops.
            raise WebSocketDisconnect(GONE) from error

    async def _receive(self) -> bytes | str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        self._services.metrics.frames_in.add()
        data: bytes | str | None = message.get("bytes")
        return data if data is not None else str(message.get("text", ""))

    async def _close(self, code: int, reason: str) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            with contextlib.suppress(Exception):
                await self._socket.close(code, reason)


class Stream:
    """What one request plays: a burst of what the client keeps, then as it is heard."""

    def __init__(self, connection: SoundConnection, play: Play, opened: OpenPiece | OpenEndless) -> None:
        self.play = play
        self._connection = connection
        self._opened = opened
        self._position = play.start
        self._epoch = 0.0
        """When the sample at the start is heard: at once, for a client gets all that it keeps in one burst."""
        self._heard: tuple[int, float] | None = None
        """The sample that a client has reported last, and when."""
        self._reported = asyncio.Event()

    def note_played(self, at: int) -> None:
        """Note which sample the client plays."""
        self._heard = at, time.monotonic()
        self._reported.set()

    async def run(self) -> None:
        """Send frames until the end of a piece that does not loop."""
        play, opened = self.play, self._opened
        encoder = _encoder_of(opened) if play.codec == "opus" else None
        if encoder is not None:
            for number in range(PREROLL_FRAMES, 0, -1):
                await self._send_frame(play.start - number * FRAME, PREROLL, encoder)
        end = None if play.loop else max(opened.piece.length, *opened.ends)
        # A decoder gives the last samples with the next frame.
        end = end + PRESKIP if end is not None and encoder is not None else end
        flags = 0
        await self._frame(self._position)
        self._epoch = time.monotonic()
        while end is None or self._position < end:
            await self._wait_for_client()
            late = time.monotonic() - self._due
            if late < 0.0:
                await asyncio.sleep(-late)
            elif late > MOST_BEHIND + play.ahead / 1000.0:
                # The client, or what is between: it goes on where it should be by now.
                self._position += int(late * RATE) // FRAME * FRAME
                flags = SKIPPED
                continue
            last = LAST if end is not None and self._position + FRAME >= end else 0
            await self._send_frame(self._position, flags | last, encoder)
            self._position += FRAME
            flags = 0

    @property
    def _due(self) -> float:
        """When the frame at the position is sent."""
        return self._epoch + (self._position - self.play.start) / RATE - self.play.ahead / 1000.0

    async def _wait_for_client(self) -> None:
        """Wait while more than it keeps is on the way to a client that says what it plays."""
        while self._heard is not None:
            at, when = self._heard
            behind = (self._position - at) / RATE - self.play.ahead / 1000.0
            if behind < MOST_BEHIND or time.monotonic() - when > REPORTS_WITHIN:
                return
            self._reported.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REPORTS_WITHIN):
                    await self._reported.wait()

    async def _frame(self, position: int) -> list[bytes]:
        """Return a frame of all parts; the clock waits for what is rendered too late."""
        if position < 0:
            return [b""] * len(self._opened.keys)
        frame = self._opened.frame(position, FRAME, self.play.loop)
        if frame is None:
            began = time.monotonic()
            while frame is None:
                await self._opened.change()
                frame = self._opened.frame(position, FRAME, self.play.loop)
            self._epoch += max(0.0, time.monotonic() - max(began, self._due))
        return frame

    async def _send_frame(self, position: int, flags: int, encoder: OpusEncoder | SharedOpus | None) -> None:
        frame = await self._frame(position)
        if isinstance(encoder, SharedOpus):
            frame = [await encoder.encode(position)]
        elif encoder is not None:
            frame = await asyncio.to_thread(encoder.encode, frame)
        await self._connection.send_sound(max(0, position), flags, self.play.number, frame)


def _encoder_of(opened: OpenPiece | OpenEndless) -> OpusEncoder | SharedOpus:
    return opened.sound.opus if isinstance(opened, OpenEndless) else OpusEncoder(len(opened.keys))


def _describe(play: Play, opened: OpenPiece | OpenEndless) -> Playing:
    names = [part.id for part in play.parts] + [METRONOME] * play.metronome
    return Playing(
        number=play.number,
        codec=play.codec,
        rate=RATE,
        length=opened.piece.length,
        start=play.start,
        loop=play.loop,
        preskip=PRESKIP if play.codec == "opus" else 0,
        parts=tuple(PartGiven(id=name, gain=gain) for name, gain in zip(names, opened.gains, strict=True)),
    )
