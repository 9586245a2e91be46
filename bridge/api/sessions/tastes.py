"""What RooAroo has learnt of a user's taste: in the store, and for this machine's own user in the daemon's file, too.

The daemon has no database: its file stays the truth for the user whom it knows, and the store follows it.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import msgspec

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.copilot.preferences_file import PreferencesError, stamp_preferences, write_preferences
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.preferences import import_tastes, keep_tastes, read_tastes
from musearoo.engines.language.state.preferences import Preferences


class Tastes:
    """Reads and keeps tastes, in msgpack. For the event loop's thread only."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._home = home
        self._stamp: int | None = None

    async def read(self, who: Who) -> bytes:
        """Return what is known of a user's taste."""
        if who.is_local and (stamp := stamp_preferences(self._home)) != self._stamp:
            self._stamp = stamp
            try:
                work = partial(import_tastes, user=who.user, home=self._home, now=time.time())
                return msgspec.msgpack.encode(await self._database.run(work))
            except PreferencesError as error:
                LOG.warning("%s", error)
        return msgspec.msgpack.encode(await self._database.read(partial(read_tastes, user=who.user)))

    async def keep(self, tastes: bytes, who: Who) -> None:
        """Keep a user's tastes; b"" changes nothing."""
        if not tastes:
            return
        learnt = msgspec.msgpack.decode(tastes, type=Preferences)
        await self._database.run(partial(keep_tastes, user=who.user, learnt=learnt, now=time.time()))
        if who.is_local:
            try:
                write_preferences(self._home, learnt)
            except PreferencesError as error:
                LOG.warning("%s", error)
            self._stamp = stamp_preferences(self._home)
