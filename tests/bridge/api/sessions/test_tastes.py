"""Tastes: the daemon's file and the store agree for this machine's own user; others have the store alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.access.admission import add_local_user
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.copilot.preferences_file import preferences_file, read_preferences, write_preferences
from musearoo.bridge.store.database import Database, open_database
from musearoo.bridge.store.records import User
from musearoo.bridge.store.users import add_user
from musearoo.engines.language.state.preferences import NO_PREFERENCES, PartTastes, Preferences, Taste

LOCAL = Who("local", "local", frozenset(), is_local=True)
ADA = Who("ada", "ada", frozenset())
FUNKY = Preferences({"bass": PartTastes(kept=3, traits={"style": {"funk": Taste(kept=2.5)}})})
BUSY = Preferences({"drums": PartTastes(kept=1, traits={"complexity": {"0.8": Taste(kept=1.0)}})})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A store with two users."""
    opened = open_database(f"sqlite:///{tmp_path / 'store.db'}", make=True)
    opened.run_now(lambda connection: add_local_user(connection, 0.0))
    opened.run_now(lambda connection: add_user(connection, User(id="ada", name="ada", made=0.0)))
    yield opened
    opened.close()


def read(tastes: Tastes, who: Who) -> Preferences:
    """What is known of somebody."""
    return msgspec.msgpack.decode(asyncio.run(tastes.read(who)), type=Preferences)


def test_the_daemons_file_is_followed(database: Database, tmp_path: Path) -> None:
    tastes = Tastes(database, tmp_path)
    assert read(tastes, LOCAL) == NO_PREFERENCES
    write_preferences(tmp_path, FUNKY)
    assert read(tastes, LOCAL) == FUNKY
    assert read(Tastes(database, tmp_path / "elsewhere"), LOCAL) == FUNKY, "the store has it, too"
    assert read(tastes, ADA) == NO_PREFERENCES


def test_what_is_learnt_goes_into_both(database: Database, tmp_path: Path) -> None:
    tastes = Tastes(database, tmp_path)
    asyncio.run(tastes.keep(msgspec.msgpack.encode(BUSY), LOCAL))
    asyncio.run(tastes.keep(b"", LOCAL))
    assert read_preferences(tmp_path) == BUSY
    asyncio.run(tastes.keep(msgspec.msgpack.encode(FUNKY), ADA))
    assert (read(tastes, LOCAL), read(tastes, ADA)) == (BUSY, FUNKY)


def test_a_broken_file_is_left_for_the_user_and_the_store_goes_on(database: Database, tmp_path: Path) -> None:
    tastes = Tastes(database, tmp_path)
    asyncio.run(tastes.keep(msgspec.msgpack.encode(BUSY), LOCAL))
    preferences_file(tmp_path).write_text("{broken")
    assert read(tastes, LOCAL) == BUSY
    assert preferences_file(tmp_path).read_text() == "{broken"
