"""Both databases for the tests of the store: a SQLite file, and a database of a PostgreSQL that the tests start."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bridge.store.postgresql import TEMPLATE, Server, start_server

if TYPE_CHECKING:
    from musearoo.bridge.store.database import Database

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server with an empty store, of which each test gets a copy."""
    from musearoo.bridge.store.database import connect
    from musearoo.bridge.store.revision import make_tables

    server = start_server()
    try:
        server.ask(f"CREATE DATABASE {TEMPLATE}")
        template = connect(server.address_of(TEMPLATE))
        template.run_now(make_tables)
        template.close()
        yield server
    finally:
        server.stop()


def empty_address(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a new database of that kind, without tables."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'home' / 'musearoo.db'}"
    server: Server = request.getfixturevalue("server")
    return server.make_database()


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, of each kind."""
    return empty_address(request.param, request, tmp_path)


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store of each kind."""
    if request.param == "sqlite":
        from musearoo.bridge.store.database import open_database

        address = empty_address("sqlite", request, tmp_path)
        open_database(address, make=True).close()
        return address
    server: Server = request.getfixturevalue("server")
    return server.make_database(TEMPLATE)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """An empty store of each kind, opened."""
    from musearoo.bridge.store.database import open_database

    database = open_database(address, make=False)
    yield database
    database.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Database]:
    """An empty store in SQLite."""
    from musearoo.bridge.store.database import open_database

    database = open_database(f"sqlite:///{tmp_path / 'home' / 'musearoo.db'}", make=True)
    yield database
    database.close()


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    words = [mount, "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", str(folder)]
    if subprocess.run(words, check=False, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
