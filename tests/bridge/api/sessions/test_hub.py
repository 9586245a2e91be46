"""The hub: sessions on Live give their devices back, and what is asked for while they are put away is not lost."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from tests.optional import require

require("sqlalchemy")

from sqlalchemy import Connection

from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.sessions.hub import IDLE_AFTER, Hub, OpenSession
from musearoo.bridge.api.sessions.live import LiveSession
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.api.types.sessions import NewSession
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.records import Session
from musearoo.bridge.store.sessions import add_session, count_open_sessions
from tests.bridge.api.sessions.some_sessions import ADA, SESSION, HerePool, make_session


class FakeDevice:
    """A device session at the daemon."""

    def __init__(self) -> None:
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class FakeDaemon:
    """A connection to a daemon with one Live, whose device sessions take a moment to open."""

    def __init__(self) -> None:
        self.lives = {1: cast(Any, FakeLive())}
        self.problem = ""
        self.names: list[str] = []
        self.devices: list[FakeDevice] = []

    async def open_session(self, name: str, _live_version: str, _set_name: str) -> FakeDevice:
        await asyncio.sleep(0)
        self.names.append(name)
        self.devices.append(FakeDevice())
        return self.devices[-1]


class FakeLive:
    """A Live with a set."""

    set_name = "Test"
    live_version = "12"


def make_hub(store: Database, home: Path) -> tuple[Hub, FakeDaemon]:
    hub = Hub(store, cast(ComposerPool, HerePool(home)), Tastes(store, home), lambda _engine, _seconds, _measures: None)
    daemon = FakeDaemon()
    hub.daemon = cast(Any, daemon)
    return hub, daemon


async def open_live(hub: Hub, daemon: FakeDaemon) -> LiveSession:
    """Ada's session on Live, with her device."""
    record = Session(id="live", owner="ada", name="Test", kind="live", live_set="Test", made=1.0, changed=1.0)
    await hub.database.run(partial(add_session, session=record))
    opened = hub.open_live(record)
    live = daemon.lives[1]
    await asyncio.gather(opened._device_of(ADA, live), opened._device_of(ADA, live))
    return opened


def test_a_session_on_live_that_is_put_away_closes_its_devices(store: Database, tmp_path: Path) -> None:
    async def sweep(hub: Hub, opened: LiveSession) -> None:
        opened.used_at -= IDLE_AFTER + 1.0
        await hub.sweep()

    async def drop(hub: Hub, _: LiveSession) -> None:
        await hub.close_session("live", ADA)

    async def end(hub: Hub, _: LiveSession) -> None:
        await hub.close()

    async def work() -> None:
        for number, put_away in enumerate((sweep, drop, end)):
            hub, daemon = make_hub(store, tmp_path)
            opened = await open_live(hub, daemon)
            assert len(daemon.devices) == 1, "two first requests of a user share a device"
            await put_away(hub, opened)
            assert [device.is_closed for device in daemon.devices] == [True], number
            await hub.remove("live", ADA)

    asyncio.run(work())


def test_what_is_asked_for_while_a_session_is_put_away_keeps_it(store: Database, tmp_path: Path) -> None:
    async def work() -> None:
        make_session(store)
        hub, _ = make_hub(store, tmp_path)
        opened: OpenSession = await hub.open(SESSION, ADA)
        await opened.view("json")
        opened.used_at -= IDLE_AFTER + 1.0
        sweeping = asyncio.create_task(hub.sweep())
        await asyncio.sleep(0)
        assert await hub.open(SESSION, ADA) is opened
        await sweeping
        assert await hub.open(SESSION, ADA) is opened

    asyncio.run(work())


def test_a_bound_is_looked_at_in_the_transaction_that_adds(store: Database, tmp_path: Path) -> None:
    def require_one(connection: Connection) -> None:
        if count_open_sessions(connection, "ada"):
            raise ApiError(429, "too_many", "One is enough.")

    async def work() -> None:
        hub, _ = make_hub(store, tmp_path)
        new = NewSession(name="Test", set="live", live_set="Test")
        local = ADA.__class__("ada", "ada", ADA.scopes, is_local=True)
        results = await asyncio.gather(*(hub.create(new, local, require_one) for _ in range(4)), return_exceptions=True)
        assert sum(isinstance(result, ApiError) for result in results) == 3
        made = next(result for result in results if not isinstance(result, BaseException))
        await hub.close_session(made.id, local)
        await hub.create(new, local, require_one)
        with pytest.raises(ApiError, match="One is enough"):
            await hub.resume(made.id, local, require_one)

    asyncio.run(work())
