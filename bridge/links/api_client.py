"""A client of the running daemon in the api role: device sessions, the open sets, takes and metrics.

It stays connected until it is closed: when the daemon goes, whoever waits for an answer gets one sentence, and when it
is back, sessions are opened again and sets arrive anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from musearoo import __version__
from musearoo.bridge.links.client_sessions import GONE, DaemonGoneError, DeviceSession
from musearoo.bridge.links.client_stream import ClientStream
from musearoo.bridge.links.watched_lives import SetChange, WatchedLive, WatchedLives
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    ApiBeat,
    ApiBeatBack,
    ApiHello,
    ApiLive,
    ApiMetrics,
    ApiPart,
    ApiRefused,
    ApiSet,
    ApiTake,
    ApiTakeUndone,
    ApiTransport,
    ApiWelcome,
    AskMetrics,
    Refused,
    Watch,
    Welcome,
)
from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder
from musearoo.bridge.settings.logs import LOG

WELCOME_WITHIN: Final = 5.0
"""Seconds that a daemon has to answer a hello or a question: it needs some milliseconds."""
BEAT_EVERY: Final = 2.0
"""Seconds between two beats; the daemon gives up a client after 30 s without one."""
MOST_UNANSWERED: Final = 5
"""Beats without any sign of the daemon after which it counts as gone."""
FIRST_RETRY: Final = 0.1
LAST_RETRY: Final = 2.0
"""Seconds until the next attempt to connect: twice as many after each that failed."""
LONGEST_NAME_KEPT: Final = 48
"""Bytes of a session's name that stand in its instance."""

NOT_RUNNING: Final = "MuseAroo is not running: start it with musearoo run."
CLOSED_HERE: Final = "The connection to MuseAroo was closed."
LOST: Final = "MuseAroo has gone; it is looked for until it is back."
SILENT: Final = "MuseAroo does not answer any more: see whether it still runs (musearoo doctor)."

T = TypeVar("T")

_DEVICE_HEAD: Final = b"/roo/"
_API_HEAD: Final = b"/roo/api/"


@dataclass(frozen=True, slots=True)
class WrittenTake:
    """What a request has written into Live, a part for each clip."""

    take: ApiTake
    parts: tuple[ApiPart, ...]


def _ignore(*_: object) -> None:
    """The callback of those who do not ask."""


def _call(callback: Callable[..., None], *arguments: object) -> None:
    """Call one who is told: a fault there must not cost all others the connection."""
    try:
        callback(*arguments)
    except Exception:
        LOG.exception("A message of the daemon could not be handled")


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What a client is told, in the event loop and in the daemon's order. What a press has written comes before its
    answer.

    `on_connection(is_connected, sentence)` says why not; `on_live` is for a Live itself, whose state is AWAY when it
    goes.
    """

    on_connection: Callable[[bool, str], None] = _ignore
    on_live: Callable[[WatchedLive], None] = _ignore
    on_set: Callable[[SetChange], None] = _ignore
    on_transport: Callable[[WatchedLive], None] = _ignore
    on_take: Callable[[WrittenTake], None] = _ignore
    on_undone: Callable[[ApiTakeUndone], None] = _ignore


class DaemonClient:
    """A connection to the daemon. For the event loop's thread only.

    `name` is what the daemon's log calls it; without `watches` there are no sets and no takes.
    """

    def __init__(self, name: str, callbacks: Callbacks | None = None, *, watches: bool = True) -> None:
        self._name = name
        self._callbacks = callbacks or Callbacks()
        self._watches = watches
        self._lives = WatchedLives(
            lambda live: _call(self._callbacks.on_live, live), microseconds=lambda: time.time_ns() // 1_000
        )
        self._sessions: list[DeviceSession] = []
        self._by_number: dict[int, DeviceSession] = {}
        self._stream: ClientStream | None = None
        self._welcome: asyncio.Future[ApiWelcome] | None = None
        self._greeting: asyncio.Future[int] | None = None
        self._greets = asyncio.Lock()
        self._hellos = 0
        self._metrics: deque[asyncio.Future[str]] = deque()
        self._keeping: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self.is_connected = False
        self.problem = NOT_RUNNING
        """Why there is no connection, "" while there is one."""
        self.daemon_version = ""

    @property
    def lives(self) -> Mapping[int, WatchedLive]:
        """The Lives whose sets are open and have arrived whole, by number."""
        return self._lives.whole

    async def connect(self, folder: ConfigFolder) -> bool:
        """Connect to the daemon of a folder and stay connected; returns, after one attempt, whether it succeeded."""
        self._keeping = asyncio.create_task(self._stay_connected(folder))
        await self._tried.wait()
        return self.is_connected

    async def close(self) -> None:
        """End the connection and all sessions."""
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
            self._keeping = None

    async def open_session(
        self, name: str, live_version: str = "", set_name: str = "", sample_rate: int = 0
    ) -> DeviceSession:
        """Open a session of a device; its instance is the name with something that no other has.

        `live_version` and `set_name` choose among several Lives, `sample_rate` is in Hz, 0 for the settings'. Raises
        DaemonGoneError with a sentence if that cannot be done now.
        """
        instance = name.encode()[:LONGEST_NAME_KEPT].decode(errors="ignore") + "-" + secrets.token_hex(6)
        session = DeviceSession(instance, live_version, set_name, sample_rate, self._send, self._on_session_closed)
        if not self.is_connected:
            raise DaemonGoneError(self.problem)
        # To its end even if nobody waits for it any more: the next hello must not get the answer to this one.
        greeting = asyncio.create_task(self._begin(session))
        try:
            await asyncio.shield(greeting)
        except asyncio.CancelledError:
            greeting.add_done_callback(lambda _: session.close())
            raise
        return session

    async def metrics(self) -> str:
        """Return the daemon's metrics in Prometheus' text format; raises DaemonGoneError."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._send(AskMetrics())
        self._metrics.append(answer)
        return await _answered(answer)

    # --- the connection ---

    async def _stay_connected(self, folder: ConfigFolder) -> None:
        retry = FIRST_RETRY
        try:
            while True:
                try:
                    stream = await self._open(folder)
                    retry = FIRST_RETRY
                    self._tried.set()
                    await self._beat(stream)
                    self._lose(LOST)
                except (DaemonGoneError, ConfigError, WireError) as error:
                    self._lose(str(error))
                self._tried.set()
                await asyncio.sleep(retry)
                retry = min(2 * retry, LAST_RETRY)
        finally:
            self._lose(CLOSED_HERE)

    async def _open(self, folder: ConfigFolder) -> ClientStream:
        """Connect, be admitted, watch, and open the sessions again; raises DaemonGoneError or ConfigError."""
        endpoint = folder.read_endpoint()
        if endpoint is None:
            raise DaemonGoneError(NOT_RUNNING)
        loop = asyncio.get_running_loop()
        try:
            port = endpoint.script_port
            _, stream = await loop.create_connection(lambda: ClientStream(self._receive), "127.0.0.1", port)
        except OSError as error:
            raise DaemonGoneError(NOT_RUNNING) from error
        self._stream = stream
        self._welcome = loop.create_future()
        stream.on_lost = self._fail_waiting
        self._send(ApiHello(folder.read_token(), WIRE_VERSION, self._name, __version__))
        self.daemon_version = (await _answered(self._welcome)).daemon_version
        if self._watches:
            self._send(Watch(1))
        for session in list(self._sessions):
            try:
                await self._greet(session)
            except DaemonGoneError as error:
                session.problem = str(error)
                if stream.lost.is_set():
                    raise
            if session not in self._sessions:
                # It was closed meanwhile.
                session.close()
        self.is_connected, self.problem = True, ""
        self._tell_connection()
        return stream

    async def _beat(self, stream: ClientStream) -> None:
        """Return when the connection has ended; raises DaemonGoneError if the daemon falls silent."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stream.lost.wait(), BEAT_EVERY)
                return
            if stream.unanswered >= MOST_UNANSWERED:
                raise DaemonGoneError(SILENT)
            stream.unanswered += 1
            stream.send(ApiBeat())

    def _lose(self, sentence: str) -> None:
        """End the connection, if there is one: whoever waits gets the sentence."""
        was_connected, self.is_connected, self.problem = self.is_connected, False, sentence
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort()
        self._fail_waiting()
        self._by_number.clear()
        for session in self._sessions:
            session.lose(GONE)
            session.problem = sentence
        self._lives.forget_all()
        if was_connected:
            self._tell_connection()

    def _tell_connection(self) -> None:
        _call(self._callbacks.on_connection, self.is_connected, self.problem)

    def _fail_waiting(self) -> None:
        greetings = (each for each in (self._welcome, self._greeting) if each is not None)
        waiting: list[asyncio.Future[Any]] = [*self._metrics, *greetings]
        self._metrics.clear()
        for answer in waiting:
            _settle(answer, DaemonGoneError(GONE))

    def _send(self, message: Message) -> None:
        if self._stream is None:
            raise DaemonGoneError(self.problem)
        self._stream.send(message)

    # --- sessions ---

    async def _begin(self, session: DeviceSession) -> None:
        await self._greet(session)
        self._sessions.append(session)

    async def _greet(self, session: DeviceSession) -> None:
        # One after the other: a refusal does not say which hello it is for.
        async with self._greets:
            self._hellos += 1
            self._greeting = greeting = asyncio.get_running_loop().create_future()
            self._send(session.hello(self._hellos))
            stream = self._stream
            try:
                session.number = await _answered(greeting)
            except DaemonGoneError:
                if greeting.cancelled() and stream is not None:
                    # It took too long, and an answer that still comes would be taken for that to the next hello.
                    stream.abort()
                    await stream.lost.wait()
                raise
        session.problem = ""
        self._by_number[session.number] = session

    def _on_session_closed(self, session: DeviceSession) -> None:
        self._by_number.pop(session.number, None)
        if session in self._sessions:
            self._sessions.remove(session)

    # --- what the daemon says ---

    def _receive(self, packet: bytes) -> None:
        is_for_device = packet.startswith(_DEVICE_HEAD) and not packet.startswith(_API_HEAD)
        try:
            messages = decode(packet, Route.DAEMON_TO_DEVICE if is_for_device else Route.DAEMON_TO_API)
            if is_for_device:
                for message in messages:
                    _call(self._on_device_message, message)
            elif isinstance(messages[0], ApiTake):
                parts = cast(tuple[ApiPart, ...], tuple(messages[1:]))
                _call(self._callbacks.on_take, WrittenTake(messages[0], parts))
            else:
                self._on_api_message(messages[0])
        except WireError as error:
            LOG.warning("The daemon sent a message that was not understood: %s", error)

    def _on_device_message(self, message: Message) -> None:
        match message:
            case Welcome(session=number):
                _settle(self._greeting, number)
            case Refused(sentence=sentence):
                _settle(self._greeting, DaemonGoneError(sentence))
            case _:
                session = self._by_number.get(getattr(message, "session", 0))
                if session is not None:
                    session.receive(message)

    def _on_api_message(self, message: Message) -> None:
        match message:
            case ApiSet():
                change = self._lives.apply(message)
                if change is not None:
                    _call(self._callbacks.on_set, change)
            case ApiLive():
                self._lives.show(message)
            case ApiTransport():
                live = self._lives.move(message)
                if live is not None:
                    _call(self._callbacks.on_transport, live)
            case ApiTakeUndone():
                _call(self._callbacks.on_undone, message)
            case ApiMetrics(text=text):
                if self._metrics:
                    _settle(self._metrics.popleft(), text)
            case ApiWelcome():
                _settle(self._welcome, message)
            case ApiRefused(sentence=sentence):
                _settle(self._welcome, DaemonGoneError(sentence))
            case ApiBeatBack():
                pass


def _settle(waiting: asyncio.Future[T] | None, answer: T | DaemonGoneError) -> None:
    """Give an answer to whoever still waits for it."""
    if waiting is None or waiting.done():
        return
    if isinstance(answer, DaemonGoneError):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)


async def _answered(answer: asyncio.Future[T]) -> T:
    """Return an answer of the daemon; raises DaemonGoneError if it does not come."""
    try:
        return await asyncio.wait_for(answer, WELCOME_WITHIN)
    except TimeoutError as error:
        raise DaemonGoneError(SILENT) from error
