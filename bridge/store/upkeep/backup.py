"""Backups: a store in one SQLite file, of either database, checked before it counts; and back from such a file."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import DRAFT, sync_file, sync_folder
from musearoo.bridge.store.address import file_address
from musearoo.bridge.store.database import Database, connect, explain_age
from musearoo.bridge.store.engine import PATIENCE, make_file, require_file
from musearoo.bridge.store.errors import (
    BusyError,
    ConflictError,
    CorruptError,
    OutdatedError,
    UnavailableError,
    explained,
)
from musearoo.bridge.store.revision import REVISIONS, Age, find_age
from musearoo.bridge.store.tables import metadata
from musearoo.bridge.store.upkeep.migrating import upgrade
from musearoo.bridge.store.upkeep.move import copy_rows, count_rows, move_store, require_newest

LONGEST: Final = 10.0
"""Seconds that a restore waits for programs that write."""


def back_up(database: Database, path: Path) -> int:
    """Write a store, as it is at one moment, into a new file for its owner alone; returns its bytes.

    Others may write meanwhile. Raises StoreError, and leaves no file then: ConflictError if there is one already.
    """
    if path.exists():
        raise ConflictError(f"{path} exists already: name a new file.")
    if database.file is not None:
        require_file(database.file)
    draft = path.absolute().with_name(f".{secrets.token_hex(8)}{DRAFT}")
    make_file(draft)
    try:
        if database.is_sqlite:
            with explained(str(path)), contextlib.closing(database.engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM INTO ?", (str(draft),))
        else:
            _gather(database, draft)
        check_file(draft)
        sync_file(draft)
        draft.replace(path)
        sync_folder(path.absolute().parent)
        return path.stat().st_size
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def restore_backup(database: Database, path: Path, *, replace: bool) -> dict[str, int]:
    """Bring a store to what a backup has, and to the newest revision; returns how many rows each table has.

    Programs that have the store open see the change as one; they should be started again. `replace`: also where there
    is something in it already, which is lost. Raises StoreError, and changes nothing then.
    """
    revision = check_file(path)
    if revision not in REVISIONS:
        raise OutdatedError(f"{path} comes from a newer MuseAroo ({revision}): install that one.")
    if database.file is not None:
        make_file(database.file)
        require_file(database.file)
    try:
        is_empty = _is_empty(database)
    except CorruptError as error:
        if database.file is None or not replace:
            raise ConflictError(f"{database.where} is damaged, and would be put aside: say --yes.") from error
        put_aside(database.file)
        # Connections that are open would go on in the damaged file.
        database.engine.dispose()
        make_file(database.file)
        is_empty = True
    if not is_empty and not replace:
        raise ConflictError(f"{database.where} is not empty, and would be replaced: say --yes.")
    with _newest_copy(path) as copy:
        if not database.is_sqlite:
            return _restore_rows(database, copy)
        raw = database.engine.raw_connection
        with explained(database.where), _opened(copy) as source, contextlib.closing(raw()) as target:
            _copy_pages(source, target.driver_connection, database.where)
    return database.read_now(count_rows)


def put_aside(path: Path) -> Path:
    """Rename a damaged SQLite file, with its log, and return the new name. Raises UnavailableError."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise UnavailableError(f"{path} cannot be put aside: {error.strerror or error}.") from error
    return aside


def check_file(path: Path) -> str:
    """Return the revision of a backup. Raises CorruptError for a damaged one, UnavailableError for a missing one."""
    require_file(path)
    with explained(str(path)), _opened(path) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != ("ok",):
            raise CorruptError(f"{path} is damaged ({found[0]}): use another backup.")
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise CorruptError(f"{path} lacks rows of {broken[2]} that {broken[0]} refers to: use another backup.")
        try:
            revision: str | None = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        except (sqlite3.OperationalError, TypeError) as error:
            raise CorruptError(f"{path} is no backup of MuseAroo: name another file.") from error
    return str(revision)


def _gather(database: Database, draft: Path) -> None:
    """Copy the rows of a PostgreSQL database into an empty file."""
    require_newest(database)
    target = connect(file_address(draft))
    try:
        move_store(database, target)
        # One file and no more: the log is written into it.
        with contextlib.closing(target.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()


@contextlib.contextmanager
def _newest_copy(path: Path) -> Iterator[Path]:
    """A copy of a backup at the newest revision: the backup stays as it is, and the store until the copy is ready."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "backup.db")
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise UnavailableError(f"{path} cannot be copied to {folder}: {error.strerror or error}.") from error
        with contextlib.closing(connect(file_address(copy))) as database:
            upgrade(database)
        yield copy


def _restore_rows(database: Database, copy: Path) -> dict[str, int]:
    """Replace the rows of a PostgreSQL database by those of a backup's copy, in one transaction."""
    with contextlib.closing(connect(file_address(copy))) as source:
        upgrade(database)
        with explained(database.where), database.engine.begin() as into:
            for table in reversed(metadata.sorted_tables):
                into.execute(table.delete())
            return copy_rows(source, into)


def _is_empty(database: Database) -> bool:
    """Whether a database has no rows, or no tables yet. Raises OutdatedError for another program's."""
    age = database.read_now(find_age)
    if age is Age.STRANGE:
        raise explain_age(database, age)
    return age is Age.EMPTY or (age is Age.NEWEST and not sum(database.read_now(count_rows).values()))


def _copy_pages(source: sqlite3.Connection, target: sqlite3.Connection | None, where: str) -> None:
    """Copy a whole file over another in one transaction. Raises BusyError while others write."""
    latest = time.monotonic() + LONGEST

    def watch(status: int, _remaining: int, _total: int) -> None:
        # Python itself would wait for ever.
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > latest:
            raise BusyError(f"{where} is in use: stop MuseAroo, then try again.")

    if target is None:
        raise BusyError(f"{where} was closed meanwhile: try again.")
    source.backup(target, progress=watch, sleep=PATIENCE / 10)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A SQLite file, opened to be read alone: nothing is written next to it."""
    uri = path.absolute().as_uri() + "?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE)) as connection:
        yield connection
