"""What the frames of one connection ask for, and the answers. Every error becomes a problem frame."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, TakesLongerError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.api.sessions.audience import Encoded, Listener
from musearoo.bridge.api.sessions.hub import make_id
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.sessions.takes import as_data, find_visible_take
from musearoo.bridge.api.types.answers import Encoding
from musearoo.bridge.api.types.frames import AudioBegin, Play, Rest, Subscribe, Turn
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.bridge.api.websocket.codec import Codec, Frame
from musearoo.bridge.api.websocket.rest import App, call_route
from musearoo.bridge.api.websocket.sound import MOST_AHEAD, Incoming, read_chunks
from musearoo.bridge.settings.logs import LOG, about_request

MOST_UNDER_WAY: Final = 32
"""Requests of one connection that are worked on at once."""

SUPERSEDED: Final = ApiError(409, "superseded", "A later turn of this take came first.")
CANCELLED: Final = ApiError(409, "cancelled", "The request was cancelled.")


class Answering:
    """Works on the requests of one connection, beside each other. For the event loop's thread only."""

    def __init__(
        self,
        services: ApiServices,
        app: App,
        session: str,
        admit: Callable[[], Awaitable[Who]],
        codec: Codec,
        listener: Listener,
    ) -> None:
        """`admit` returns who asks, and raises ApiError once they may not any more."""
        self._services = services
        self._app = app
        self._session = session
        self._admit = admit
        self._codec = codec
        self._listener = listener
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._turning: dict[str, Frame | None] = {}
        """By take: the turn that waits for the one that is worked on."""
        self._incoming: dict[int, Incoming] = {}
        self._handlers: Mapping[str, Callable[[Frame, Who, str], Awaitable[None]]] = {
            "do": self._do,
            "rest": self._rest,
            "turn": self._turn,
            "audio_end": self._audio_end,
            "play": self._play,
        }

    @property
    def encoding(self) -> Encoding:
        """The encoding of bodies."""
        return "json" if self._codec.is_text else "msgpack"

    def take(self, frame: Frame) -> None:
        """Take a frame; what takes time is worked on beside the next ones."""
        match frame.type:
            case "ping":
                self.answer("pong", frame.id, None)
            case "audio_begin" | "audio":
                self._take_audio(frame)
            case "subscribe":
                self._subscribe(frame)
            case "cancel":
                self._cancel(frame.id)
            case _ if frame.id in self._under_way:
                self.refuse(frame.id, ApiError(409, "conflict", f"Request {frame.id} is under way: use another id."))
            case _ if len(self._under_way) >= MOST_UNDER_WAY:
                sentence = f"{MOST_UNDER_WAY} requests of this connection are under way: wait for some."
                self.refuse(frame.id, ApiError(429, "too_many_requests", sentence, retry_after=1))
            case "turn":
                self._line_up(frame)
            case _:
                self._begin(frame)

    def close(self) -> None:
        """Cancel what is under way."""
        self._turning.clear()
        for task in list(self._under_way.values()):
            task.cancel()

    def answer(self, type: str, id: int, body: Any) -> None:
        """Queue a frame."""
        self._listener.put(Encoded(self._codec.encode(type, id, body), is_frame=True))

    def refuse(self, id: int, error: ApiError) -> None:
        """Queue a problem."""
        self._services.metrics.count_problem(error.code)
        self.answer("problem", id, error.problem())

    def _subscribe(self, frame: Frame) -> None:
        """Change which events are queued from here on."""
        try:
            asked: Subscribe = self._codec.read(frame, Subscribe)
        except ApiError as error:
            self.refuse(frame.id, error)
        else:
            self._listener.events = asked.events
            self.answer("subscribed", frame.id, asked)

    def _take_audio(self, frame: Frame) -> None:
        try:
            if frame.type == "audio_begin":
                if self._incoming:
                    raise ApiError(409, "conflict", "Audio of this connection is under way: end or cancel it first.")
                self._incoming[frame.id] = Incoming(self._codec.read(frame, AudioBegin))
            elif (incoming := self._incoming.get(frame.id)) is not None:
                incoming.add(self._codec.read_bytes(frame))
            else:
                raise ApiError(409, "conflict", "Audio begins with audio_begin.")
        except ApiError as error:
            self._incoming.pop(frame.id, None)
            self.refuse(frame.id, error)

    def _begin(self, frame: Frame, take: str = "") -> None:
        task = asyncio.create_task(self._work_on(frame))
        self._under_way[frame.id] = task
        task.add_done_callback(partial(self._end, frame.id, take))

    def _end(self, id: int, take: str, task: asyncio.Task[None]) -> None:
        """Answer a request that was cancelled, even before its first step; `take`: begin the turn that waits for it."""
        del self._under_way[id]
        if task.cancelled():
            self.refuse(id, CANCELLED)
        following = self._turning.pop(take, None)
        if following is not None:
            self._turning[take] = None
            self._begin(following, take)

    def _cancel(self, id: int) -> None:
        self._incoming.pop(id, None)
        if (task := self._under_way.get(id)) is not None:
            task.cancel()
        for take, waiting in self._turning.items():
            if waiting is not None and waiting.id == id:
                self._turning[take] = None
                self.refuse(id, CANCELLED)

    def _line_up(self, frame: Frame) -> None:
        """Begin a turn, or let it wait for the one of its take that is worked on; only the last that waits is done."""
        try:
            take = self._codec.read(frame, Turn).take
        except ApiError as error:
            self.refuse(frame.id, error)
            return
        if take not in self._turning:
            self._turning[take] = None
            self._begin(frame, take)
            return
        waiting, self._turning[take] = self._turning[take], frame
        if waiting is not None:
            self.refuse(waiting.id, SUPERSEDED)

    async def _work_on(self, frame: Frame) -> None:
        try:
            handler = self._handlers.get(frame.type)
            if handler is None:
                raise ApiError(409, "conflict", f"A frame of type {frame.type} has no place here.")
            who = await self._admit()
            if not who.is_local:
                self._services.rates.check_user(who.user)
            request_id = make_id()
            with about_request(request_id):
                await handler(frame, who, request_id)
        except Exception as error:
            self.refuse(frame.id, self._problem_of(error))

    def _problem_of(self, error: Exception) -> ApiError:
        try:
            return problem_of(error)
        except Exception:
            LOG.exception("A request by WebSocket failed by a fault of ours")
            return ApiError(500, "fault", "That failed by a fault of ours: the log says where.")

    async def _do(self, frame: Frame, who: Who, request_id: str) -> None:
        """Perform a request in the session."""
        request: AnyRequest = self._codec.read(frame, AnyRequest)
        opened = await self._services.hub.open(self._session, who, "editor")
        try:
            body = await opened.perform(request, request_id, who, self.encoding)
        except TakesLongerError as longer:
            outcome = await self._services.answer_later(longer, self._session, request_id, who)
            self.answer("done", frame.id, outcome)
            return
        self._listener.put(Encoded(self._codec.wrap("done", frame.id, body), is_frame=True))

    async def _rest(self, frame: Frame, who: Who, request_id: str) -> None:
        """Answer a request of REST."""
        asked: Rest = self._codec.read(frame, Rest)
        self.answer("rest", frame.id, await call_route(self._app, asked, who, request_id))

    async def _turn(self, frame: Frame, who: Who, request_id: str) -> None:
        """Play a take again with other parameters."""
        turn: Turn = self._codec.read(frame, Turn)
        record, _ = await find_visible_take(self._services.database, turn.take, who)
        if record.session != self._session:
            raise ApiError(409, "conflict", "That take is of another session: connect to that one.", "take")
        opened = await self._services.hub.open(self._session, who, "editor")
        body = await opened.turn(record, turn.params, turn.final, request_id, who, self.encoding)
        self._listener.put(
            Encoded(self._codec.wrap("done" if turn.final else "preview", frame.id, body), is_frame=True)
        )

    async def _audio_end(self, frame: Frame, who: Who, request_id: str) -> None:
        """Hand audio that has arrived to the route that it is for."""
        incoming = self._incoming.pop(frame.id, None)
        if incoming is None:
            raise ApiError(409, "conflict", "Audio begins with audio_begin.")
        data, kind = incoming.as_file()
        asked = incoming.request(self._session)
        self.answer("rest", frame.id, await call_route(self._app, asked, who, request_id, data, kind))

    async def _play(self, frame: Frame, who: Who, _request_id: str) -> None:
        """Send the sound of a take, as fast as the client takes it."""
        play: Play = self._codec.read(frame, Play)
        record, _ = await find_visible_take(self._services.database, play.take, who)
        made = await self._services.workshop.call(
            "render", {"takes": [as_data(record)], "format": play.format, "ending": "tail"}
        )
        async for data in read_chunks(Path(made["path"])):
            while self._listener.backlog > MOST_AHEAD:
                await asyncio.sleep(0.02)
            self.answer("audio", frame.id, data)
        self.answer("audio_end", frame.id, {"media_type": made["media_type"], "seconds": made["seconds"]})
