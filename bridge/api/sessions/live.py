"""A session on the set that is open in Live: requests go to the daemon as a device's do, and the set is watched.

Live's set is Live's own: the store keeps the takes and the history, not the set. What other devices make in the same
set arrives here, too.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ConflictError, RefusedError
from musearoo.bridge.api.sessions.audience import Audience, Encoded
from musearoo.bridge.api.sessions.edits import clip_of_take, find_in_live, find_target
from musearoo.bridge.api.sessions.feed import MOST_MISSED, list_missed_in_live
from musearoo.bridge.api.sessions.live_answers import Asked, Report, findings_of, record_of, takes_of
from musearoo.bridge.api.sessions.own import TRIES, Viewed
from musearoo.bridge.api.sessions.turning import turn_take
from musearoo.bridge.api.sets.messages import message_of
from musearoo.bridge.api.sets.performing import move_to_slot
from musearoo.bridge.api.sets.spreading import spread
from musearoo.bridge.api.sets.views import view_changes, view_set, view_transport
from musearoo.bridge.api.types.answers import Encoding, Outcome, SetChanges, Take
from musearoo.bridge.api.types.events import LiveChanged, Progress, SetChanged, TransportMoved
from musearoo.bridge.api.types.requests import AnyRequest, Edit, Redo, Song
from musearoo.bridge.api.types.takes import StepState
from musearoo.bridge.links.api_client import DaemonClient, WrittenTake
from musearoo.bridge.links.client_sessions import DaemonGoneError, DeviceSession
from musearoo.bridge.links.watched_lives import SetChange, WatchedLive
from musearoo.bridge.protocol import Answer, Done, Failed, Heard, LiveState, Refusal, Told
from musearoo.bridge.protocol import Progress as Progressed
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store import records
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import ConflictError as StoreConflictError
from musearoo.bridge.store.records import Session, Step
from musearoo.bridge.store.sessions import read_session
from musearoo.bridge.store.steps import append_step, find_step_of, mark_undone

MOST_DIFFERENCES: Final = 200
"""Changes of the set that a client may be behind; beyond that it gets the whole set."""
NO_LIVE: Final = "Live is not there: start it with MuseAroo as a control surface, and musearoo run."


class LiveSession:
    """An open session on Live's set. For the event loop's thread only."""

    def __init__(self, database: Database, daemon: DaemonClient, record: Session) -> None:
        self._database = database
        self._daemon = daemon
        self.record = record
        self.audience = Audience()
        self.used_at = time.monotonic()
        self._stores: set[asyncio.Task[None]] = set()
        self._devices: dict[str, DeviceSession] = {}
        self._opening = asyncio.Lock()
        self._differences: deque[tuple[int, tuple[Message, ...]]] = deque(maxlen=MOST_DIFFERENCES)
        self._asked: dict[tuple[int, int], Asked] = {}
        self._state = LiveState.AWAY
        self._playing: dict[int, float | None] = {}
        self._led_to: dict[int, int] = {}
        """By step of the history: the version of Live's set after it."""

    @property
    def id(self) -> str:
        """The session's id."""
        return self.record.id

    @property
    def version(self) -> int:
        """The version of Live's set, as this server counts it; 0 while Live is away."""
        live = self._live()
        return live.version if live is not None else 0

    @property
    def is_busy(self) -> bool:
        """Whether requests are under way in the daemon."""
        return bool(self._asked)

    def _live(self) -> WatchedLive | None:
        """Return the Live of this session: that of its set's name, or the only one."""
        lives = list(self._daemon.lives.values())
        named = [live for live in lives if live.set_name == self.record.live_set]
        found = named if self.record.live_set else lives
        return found[0] if len(found) == 1 else None

    def require_live(self) -> WatchedLive:
        """Return the Live of this session. Raises RefusedError while it is not there."""
        live = self._live()
        if live is None:
            if len(self._daemon.lives) > 1:
                raise RefusedError(Refusal.SEVERAL_LIVES, "Several Lives are open: name the set by live_set.")
            raise RefusedError(Refusal.NO_LIVE, self._daemon.problem or NO_LIVE)
        return live

    # --- requests ----------------------------------------------------------------------------------------------------

    async def perform(
        self,
        request: AnyRequest,
        request_id: str,
        who: Who,
        encoding: Encoding,
        said: str = "",
        report: Report | None = None,
    ) -> bytes:
        """Perform a request in Live, and return the Outcome in an encoding. Raises ApiError where it is refused.

        `report` is called with each fraction from 0 to 1 that the daemon tells, and its sentence.
        """
        self.used_at = time.monotonic()
        live = self.require_live()
        if request.version is not None and request.version != live.version:
            raise ConflictError(
                f"The set is at version {live.version}, and this was asked for at {request.version}: see what has "
                "changed, then ask again."
            )
        if isinstance(request, Redo):
            raise RefusedError(Refusal.UNSUPPORTED, "Redo in Live itself: Cmd-Shift-Z, or Ctrl-Y.")
        try:
            each = spread(request, live.mirror)
        except RequestError as error:
            raise RefusedError(error.code, error.sentence) from error
        asked = Asked(each, request_id, who, report)
        if isinstance(each, Edit):
            find, clip_of = partial(find_in_live, live.mirror), partial(clip_of_take, live.mirror)
            target = await find_target(each, self.id, self._database, find, clip_of)
            each = asked.request = move_to_slot(each, live.mirror, target.clip)
            asked.parent = target.parent
        outcome = await self._press(each, asked, live)
        outcome = msgspec.structs.replace(outcome, do=str(type(request).__struct_config__.tag))
        if said and said != outcome.sentence:
            outcome = msgspec.structs.replace(outcome, notices=(said, *outcome.notices))
        return msgspec.json.encode(outcome) if encoding == "json" else msgspec.msgpack.encode(outcome)

    async def turn(
        self,
        take: records.Take,
        params: Mapping[str, Any],
        is_final: bool,
        request_id: str,
        who: Who,
        encoding: Encoding,
    ) -> bytes:
        """Play a take again with other parameters, in its slot of Live's set. Raises as `perform` does."""
        if not is_final:
            raise RefusedError(Refusal.UNSUPPORTED, "Live has no previews of takes: turn it with final.")
        request = turn_take(take, params).request
        if isinstance(request, Song):
            sentence = "In Live a song cannot be turned: write another one, with the values that you want."
            raise RefusedError(Refusal.UNSUPPORTED, sentence)
        return await self.perform(request, request_id, who, encoding)

    async def _press(self, request: AnyRequest, asked: Asked, live: WatchedLive) -> Outcome:
        """Send a request as a device's press, and return what has come of it."""
        started = time.perf_counter()
        notices: list[str] = []

        def on_event(message: Message) -> None:
            match message:
                case Told(sentence=sentence):
                    notices.append(sentence)
                case Progressed(fraction=fraction, sentence=sentence):
                    told = Progress(request=asked.request_id, fraction=fraction, sentence=sentence)
                    self.audience.tell(Encoded.of(told, about=asked.request_id))
                    if asked.report is not None:
                        asked.report(fraction, sentence)

        try:
            wanted = message_of(request, session=1, press=1)
            message = wanted.for_daemon() if isinstance(wanted, Adjust | ChangeSeveral) else wanted
            if not isinstance(message, Message):
                raise TypeError(f"{type(message).__name__} is no message of a device")
            device = await self._device_of(asked.who, live)
            press = device.begin(message, on_event)
            key = (device.number, press.number)
            self._asked[key] = asked
            try:
                answered = await press.answered
            except asyncio.CancelledError:
                device.cancel(press.number)
                raise
            finally:
                self._asked.pop(key, None)
        except RequestError as error:
            raise RefusedError(error.code, error.sentence) from error
        except DaemonGoneError as error:
            raise RefusedError(Refusal.LIVE_LOST, str(error)) from error
        if asked.storing is not None:
            await asyncio.wait([asked.storing])
            if asked.storing.exception() is not None:
                notices.append("It is in Live, but could not be kept in the history: the log says why.")
        milliseconds = round(1000.0 * (time.perf_counter() - started), 3)
        base = Outcome(
            request=asked.request_id,
            do=asked.do,
            sentence="",
            milliseconds=milliseconds,
            notices=tuple(notices),
            takes=tuple(asked.takes),
        )
        change = msgspec.structs.replace
        match answered:
            case Failed(code=code, sentence=sentence):
                raise RefusedError(Refusal(code) if code in set(Refusal) else Refusal.LIVE_ERROR, sentence)
            case Answer(sentence=sentence, asks=asks):
                return change(base, sentence=sentence, asks=bool(asks))
            case Heard(sentence=sentence):
                return change(base, sentence=sentence, version=self.version, analysis=findings_of(answered))
            case Done():
                return change(base, sentence=answered.name, version=self.version)

    async def _device_of(self, who: Who, live: WatchedLive) -> DeviceSession:
        """Return the device session of a user, opened with the first request."""
        async with self._opening:
            device = self._devices.get(who.user)
            if device is None:
                # The daemon logs it: ids, no names.
                name = f"api-{self.id[-8:]}-{who.user[-8:]}"
                device = await self._daemon.open_session(name, live.live_version, live.set_name)
                self._devices[who.user] = device
            return device

    # --- what the daemon tells ---------------------------------------------------------------------------------------

    def is_of(self, live: WatchedLive) -> bool:
        """Whether this is a session on that Live."""
        return self._live() is live

    def on_set(self, change: SetChange) -> None:
        """Tell the audience what has changed in Live's set."""
        if change.live.playing != self._playing:
            self._playing = dict(change.live.playing)
            self.on_transport(change.live)
        if change.is_whole:
            self._differences.clear()
        else:
            self._differences.append((change.version, change.messages))
        if not len(self.audience):
            return
        mirror = change.live.mirror
        if change.is_whole:
            view = view_set(mirror, change.version)
        else:
            view = view_changes(mirror, change.version, change.messages)
        self.audience.tell(Encoded.of(SetChanged(changes=view)))

    def on_live(self, live: WatchedLive) -> None:
        """Tell the audience that Live is ready, busy or away."""
        if live.state is not self._state:
            self._state = live.state
            self.audience.tell(Encoded.of(LiveChanged(state=live.state.name.lower()), about="live"))

    def on_transport(self, live: WatchedLive) -> None:
        """Tell the audience of Live's transport, and which clips play."""
        moved = view_transport(live, time.time())
        if moved is not None and len(self.audience):
            self.audience.tell(Encoded.of(TransportMoved(transport=moved), about="transport"))

    def has_asked(self, written: WrittenTake) -> bool:
        """Whether a request of this session has written these takes."""
        return (written.take.session, written.take.press) in self._asked

    def on_take(self, written: WrittenTake, live: WatchedLive) -> SetChanged:
        """Keep what a request has written into Live, whoever asked for it; returns the event that tells of it.

        The takes of a request of this session go into its answer.
        """
        asked = self._asked.get((written.take.session, written.take.press))
        takes = takes_of(written, live, self.id, asked)
        if asked is not None:
            asked.takes += takes
        self._storing_of(written, takes, asked, live.version)
        return SetChanged(
            changes=SetChanges(version=live.version),
            request=takes[0].request if takes else written.take.request,
            do=written.take.kind,
            by=asked.who.name if asked is not None else "",
            sentence=written.take.name,
            takes=takes,
        )

    def tell(self, event: SetChanged) -> None:
        """Tell the audience of takes that were made in this Live."""
        self.audience.tell(Encoded.of(event))

    def _storing_of(self, written: WrittenTake, takes: tuple[Take, ...], asked: Asked | None, set_version: int) -> None:
        task = asyncio.get_running_loop().create_task(self._store(written, takes, asked, set_version))
        self._stores.add(task)
        task.add_done_callback(self._on_stored)
        if asked is not None:
            asked.storing = task

    def _on_stored(self, task: asyncio.Task[None]) -> None:
        self._stores.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            LOG.warning("What was made in Live is not in the history: %s", error)

    async def _store(
        self, written: WrittenTake, takes: tuple[Take, ...], asked: Asked | None, set_version: int
    ) -> None:
        """Store the takes, and a step of the history; the set itself is Live's."""
        user = asked.who.user if asked is not None else self.record.owner
        stored = [record_of(take, user) for take in takes]
        step = Step(
            session=self.id,
            version=0,
            user=user,
            request=written.take.kind,
            request_id=written.take.request,
            label=written.take.name,
            made=time.time(),
            forward=b"",
            backward=b"",
        )

        def work(connection: Connection) -> int:
            version = read_session(connection, self.id).version + 1
            append_step(connection, msgspec.structs.replace(step, version=version), stored)
            return version

        for attempt in range(TRIES):
            try:
                self._led_to[await self._database.run(work)] = set_version
            except StoreConflictError:
                # Another server was first.
                if attempt == TRIES - 1:
                    raise
            else:
                if len(self._led_to) > MOST_MISSED:
                    del self._led_to[min(self._led_to)]
                return

    async def on_undone(self, request_id: str) -> None:
        """Note in the history that MuseAroo has taken a request back."""

        def work(connection: Connection) -> None:
            step = find_step_of(connection, self.id, request_id)
            if step is not None:
                mark_undone(connection, self.id, step.version, step.version)

        await self._database.run(work)

    # --- views -------------------------------------------------------------------------------------------------------

    async def view(self, encoding: str) -> Viewed:
        """Return the whole view of Live's set."""
        live = self.require_live()
        if encoding == "midi":
            raise RefusedError(Refusal.UNSUPPORTED, "Export from Live itself: its set may have more than clips.")
        view = view_set(live.mirror, live.version)
        body = msgspec.json.encode(view) if encoding == "json" else msgspec.msgpack.encode(view)
        return Viewed(view.version, body)

    async def changes_since(self, version: int | None) -> SetChanges:
        """Return what has changed in the set since a version; the whole set for None, or for a version long ago."""
        live = self._live()
        if live is None:
            return SetChanges(version=0, whole=True)
        known = [number for number, _ in self._differences]
        if version is not None and (version == live.version or (known and known[0] - 1 <= version < live.version)):
            messages = [message for number, some in self._differences if number > version for message in some]
            return view_changes(live.mirror, live.version, messages)
        return view_set(live.mirror, live.version)

    async def feed_since(self, since: int, until: int) -> tuple[StepState, ...]:
        """Return what was made in Live's set after one version and up to another, and by whom.

        That is what this server has seen since the session was opened in it.
        """
        await self.keep_memory()
        missed = partial(list_missed_in_live, session=self.id, since=since, until=until, led_to=dict(self._led_to))
        return await self._database.read(missed)

    async def keep_memory(self) -> None:
        """Wait until all that was made is stored; RooAroo's memory of Live's set is the daemon's."""
        if self._stores:
            await asyncio.wait(self._stores)

    def close(self) -> None:
        """End the device sessions."""
        for device in self._devices.values():
            device.close()
        self._devices.clear()
