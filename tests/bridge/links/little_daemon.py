"""The daemon's stream, conductor, mirrors and watch for real, in this process; engines and Live are played."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from musearoo.bridge.core.conductor import conduct
from musearoo.bridge.core.events.effects import (
    CloseClient,
    Compose,
    SendMetrics,
    SendToClient,
    SendToDevice,
    SendToScript,
    WatchSets,
)
from musearoo.bridge.core.events.incoming import (
    ClientLost,
    ClientMessageReceived,
    Composed,
    DeviceMessageReceived,
    Event,
    Source,
    Ticked,
    client_of,
)
from musearoo.bridge.core.state import State
from musearoo.bridge.links.stream import Role, StreamLink
from musearoo.bridge.live_set.mirror import MIDI_TRACK
from musearoo.bridge.protocol import (
    ApiMetrics,
    ClipNotes,
    CreateClip,
    Gone,
    Result,
    SceneState,
    SetReady,
    TakeBack,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.protocol.types import Message, Route, for_session
from musearoo.bridge.requests.composition import Recipe, TakePart
from musearoo.bridge.services.live_sets import LiveSetService
from musearoo.bridge.services.set_watch import SetWatch
from musearoo.bridge.settings.config_files import ConfigFolder, Endpoint
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from tests.bridge.links.loopback import PATIENCE_S
from tests.bridge.links.test_stream import free_port
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.bridge.services.some_services import some_services
from tests.bridge.stage import SECRET, a_script_hello, a_song

LIVE = 100
"""The connection of the first Live, which no real one has."""
NOTES = encode_notes([a_record(0.0), a_record(1.0)])
RECIPE = Recipe("funk", 7, MusicalContext.plain(bpm=96, key="Am"))
PART = TakePart("drums", Clip("Funk drums", 4.0, (Note(0.0, 36, 1.0, 90.0),)))
A_SET: tuple[Message, ...] = (a_track(1, 0, MIDI_TRACK, "Drums"), SceneState(2, 0, "intro"), SceneState(3, 1, "verse"))


class LittleDaemon:
    """One daemon on a port of its own. Unless it `holds`, requests are composed and performed at once."""

    def __init__(self, home: Path) -> None:
        self.folder = ConfigFolder(home)
        self.folder.folder.mkdir(parents=True, exist_ok=True)
        self.holds = False
        self.composing: list[Compose] = []
        self.last_id = 10
        self.services = some_services(self.handle, {})
        state = State(self.folder.read_token(), "0.1.0", 48_000, SECRET)
        self.services.state = replace(state, started_at=time.monotonic() - 60.0)
        self.live_sets = LiveSetService(self.services)
        self.stream = StreamLink(Role(self.script, self.lose), Role(self.client, self.client_lost))
        self.watch = SetWatch(self.services, self.stream.send)
        self._ticking: asyncio.Task[None] | None = None

    async def start(self, port: int = 0) -> None:
        """Listen, and say where."""
        await self.stream.start(port or free_port())
        self.folder.write_endpoint(Endpoint(self.stream.port, 0, 0, "0.1.0"))
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Stop, as a crash does."""
        if self._ticking is not None:
            self._ticking.cancel()
        async with asyncio.timeout(PATIENCE_S):
            await self.stream.stop()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            self.handle(Ticked(time.monotonic()))
            self.watch.poll(time.monotonic())

    # --- Live ---

    def open_live(
        self, link: int = LIVE, instance: str = "live-1", name: str = "set", more: Iterable[Message] = ()
    ) -> None:
        """A Live connects and reports its set."""
        self.script(link, a_script_hello(instance, self.services.state.token))
        for message in (a_song(name), *A_SET, *more, SetReady(3)):
            self.script(link, message)

    def script(self, link: int, message: Message) -> None:
        """A script's message arrives, as in the daemon."""
        if isinstance(message, Result):
            self.watch.on_result(link, message)
        self.live_sets.on_message(link, message)
        self.watch.on_message(link, message)

    def lose(self, link: int = LIVE) -> None:
        """A Live goes."""
        self.live_sets.on_lost(link)
        self.watch.on_lost(link)

    def perform(self, link: int, messages: tuple[Message, ...]) -> None:
        """Live performs a transaction, or takes it back."""
        match messages:
            case (Transaction(request=request), *edits):
                ids: list[int] = []
                for edit in edits:
                    self.last_id += 1
                    ids += (self.last_id, 2)
                    if isinstance(edit, CreateClip):
                        self.script(link, a_clip(self.last_id, edit.track, edit.scene, name=edit.name))
                        self.script(link, ClipNotes(self.last_id, edit.notes))
                self.script(link, Result(request, 0, tuple(ids)))
            case (TakeBack(request=request),):
                self.script(link, Gone(self.last_id))
                self.script(link, Result(request, 0, ()))

    # --- clients ---

    def client(self, link: int, message: Message) -> None:
        """A client's message arrives, as in the daemon."""
        now = time.monotonic()
        if message.route is Route.DEVICE_TO_DAEMON:
            self.handle(DeviceMessageReceived(now, Source.of_client(link), message))
        else:
            self.handle(ClientMessageReceived(now, link, message))

    def client_lost(self, link: int) -> None:
        """A client goes."""
        self.handle(ClientLost(time.monotonic(), link))

    def compose(self, request: Compose) -> None:
        """The engine is done."""
        scene = 2 + max(0, getattr(request.request, "scene", 0))
        clip = CreateClip(1, scene, 1, 4.0, "Funk drums", -1, 1, 4, 4, NOTES)
        made = (Transaction(request.request_id, 0.0), clip)
        self.handle(Composed(time.monotonic(), request.key, made, parts=(PART,), recipe=RECIPE))

    def handle(self, event: Event) -> None:
        """Conduct an event."""
        self.services.state, effects = conduct(self.services.state, event)
        for effect in effects:
            match effect:
                case SendToDevice(host, _, message, session):
                    assert client_of(host), "there are no devices"
                    self.stream.send(client_of(host), (for_session(message, session) if session else message,))
                case SendToClient(link, messages):
                    self.stream.send(link, messages)
                case CloseClient(link):
                    self.stream.close(link)
                case WatchSets(link, is_on):
                    self.watch.watch(link, is_on)
                case SendMetrics(link):
                    self.stream.send(link, (ApiMetrics("presses_total 7\n"),))
                case Compose() if self.holds:
                    self.composing.append(effect)
                case Compose():
                    asyncio.get_running_loop().call_soon(self.compose, effect)
                case SendToScript(link, messages):
                    asyncio.get_running_loop().call_soon(self.perform, link, messages)


@asynccontextmanager
async def a_daemon(home: Path) -> AsyncIterator[LittleDaemon]:
    """A daemon that runs, with one Live."""
    daemon = LittleDaemon(home)
    await daemon.start()
    daemon.open_live()
    try:
        yield daemon
    finally:
        await daemon.stop()
