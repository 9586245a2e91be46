"""A real server for the tests of REST, of sharing and of attacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from musearoo.bridge.store.database import Database
    from tests.bridge.api.running import RunningServer


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A real server that all tests of a process share: each makes users and sessions of its own."""
    from tests.optional import require

    require("fastapi", "sqlalchemy")
    from tests.bridge.api.running import RunningServer

    with RunningServer(tmp_path_factory.mktemp("server") / "home", "--composers", "1", "--rate", "1000") as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """An empty store in SQLite, with the local user, and Ada."""
    from tests.optional import require

    require("sqlalchemy")
    from functools import partial

    from musearoo.bridge.api.access.admission import add_local_user
    from musearoo.bridge.store.database import open_database
    from musearoo.bridge.store.records import User
    from musearoo.bridge.store.users import add_user

    store = open_database(f"sqlite:///{tmp_path / 'store' / 'musearoo.db'}", make=True)
    store.run_now(partial(add_local_user, now=1.0))
    store.run_now(partial(add_user, user=User(id="ada", name="ada", made=1.0)))
    yield store
    store.close()
