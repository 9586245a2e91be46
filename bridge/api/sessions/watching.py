"""What the daemon tells about the open Lives, handed to the sessions on them.

What devices make while no such session is open goes into one of its own, named after Live's set, so that nothing that
was made is forgotten.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from functools import partial
from typing import Final

from musearoo.bridge.api.access.admission import LOCAL_USER
from musearoo.bridge.api.sessions.hub import Hub, make_id
from musearoo.bridge.api.sessions.live import LiveSession
from musearoo.bridge.links.api_client import Callbacks, DaemonClient, WrittenTake
from musearoo.bridge.links.watched_lives import SetChange, WatchedLive
from musearoo.bridge.protocol import ApiTakeUndone
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.errors import StoreError
from musearoo.bridge.store.records import Session
from musearoo.bridge.store.sessions import add_session, find_live_session

UNSAVED: Final = "Unsaved set"


class LiveWatch:
    """Watches the daemon for the hub. For the event loop's thread only."""

    def __init__(self, hub: Hub, folder: ConfigFolder) -> None:
        self._hub = hub
        self._folder = folder
        self._finding = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        callbacks = Callbacks(
            on_connection=self._on_connection,
            on_live=self._on_live,
            on_set=self._on_set,
            on_transport=self._on_transport,
            on_take=self._on_take,
            on_undone=self._on_undone,
        )
        self.daemon = DaemonClient("musearoo serve", callbacks)

    async def start(self) -> None:
        """Connect to the daemon, now or as soon as there is one."""
        await self.daemon.connect(self._folder)

    async def stop(self) -> None:
        """End the connection, when what was told is stored."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2.0)
        await self.daemon.close()

    def _on_connection(self, is_connected: bool, sentence: str) -> None:
        LOG.info("The daemon is connected." if is_connected else f"The daemon is away: {sentence}")

    def _on_live(self, live: WatchedLive) -> None:
        for session in self._hub.live_sessions():
            session.on_live(live)

    def _on_set(self, change: SetChange) -> None:
        for session in self._hub.live_sessions():
            if session.is_of(change.live):
                session.on_set(change)

    def _on_transport(self, live: WatchedLive) -> None:
        for session in self._hub.live_sessions():
            if session.is_of(live):
                session.on_transport(live)

    def _on_take(self, written: WrittenTake) -> None:
        live = self.daemon.lives.get(written.take.live)
        if live is None:
            return
        asked = [session for session in self._hub.live_sessions() if session.has_asked(written)]
        if asked:
            self._keep_in(asked[0], written, live)
        else:
            self._begin(self._keep(written, live))

    def _keep_in(self, session: LiveSession, written: WrittenTake, live: WatchedLive) -> None:
        """Keep takes in one session, and tell of them in all on the same Live."""
        event = session.on_take(written, live)
        for other in self._hub.live_sessions():
            if other.is_of(live):
                other.tell(event)

    def _on_undone(self, undone: ApiTakeUndone) -> None:
        for session in self._hub.live_sessions():
            self._begin(session.on_undone(undone.request))

    def _begin(self, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, written: WrittenTake, live: WatchedLive) -> None:
        """Keep what a device has made, in the set's own session."""
        try:
            session = await self._session_of(live)
        except StoreError as error:
            LOG.warning("What a device made is not in the history: %s", error)
            return
        self._keep_in(session, written, live)

    async def _session_of(self, live: WatchedLive) -> LiveSession:
        """Return an open session on a Live: the newest of its set's name, or a new one."""
        found = next((session for session in self._hub.live_sessions() if session.is_of(live)), None)
        if found is not None:
            return found
        async with self._finding:
            database = self._hub.database
            record = await database.read(partial(find_live_session, owner=LOCAL_USER, live_set=live.set_name))
            if record is None:
                now = time.time()
                record = Session(
                    id=make_id(),
                    owner=LOCAL_USER,
                    name=live.set_name or UNSAVED,
                    kind="live",
                    live_set=live.set_name,
                    made=now,
                    changed=now,
                )
                await database.run(partial(add_session, session=record))
            return self._hub.open_live(record)
