"""`musearoo db`: the server's database: its tables, backups and moves. `musearoo users` has the data of a user."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.commands.shared.arguments import add_json, number_in
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.stores import add_database, remove_or_tell

if TYPE_CHECKING:
    # SQLAlchemy and Alembic, which a command imports only when it runs.
    from musearoo.bridge.store.database import Database

NEEDED: Final = ("sqlalchemy", "alembic", "psycopg")
LONGEST_BOUND: Final = 36_500
"""Days."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command and its subcommands."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=words)
        action.set_defaults(run=run)
        add_database(action)
        add_json(action)
        return action

    status = add("status", run_status, "which database it is, how old its tables are, and what is in it")
    status.add_argument("--check", action="store_true", help="read all of it and look for damage, too (SQLite)")
    add("upgrade", run_upgrade, "bring its tables to this version of MuseAroo, or make them")
    backup = add("backup", run_backup, "write all that is in it into a new file; the server may go on")
    backup.add_argument("file", type=Path, metavar="FILE", help="a SQLite file, whatever the database is")
    restore = add("restore", run_restore, "bring back what a backup has")
    restore.add_argument("file", type=Path, metavar="FILE", help="what `musearoo db backup` wrote")
    move = add("move", run_move, "copy all that is in it into another, empty database; stop the server first")
    move.add_argument("url", metavar="URL", help="postgresql://USER@HOST/NAME or sqlite:///FILE")
    sweep = add("sweep", run_sweep, "delete what is old and that nobody likes")
    sweep.add_argument("--keep-days", type=number_in(1, LONGEST_BOUND), required=True, metavar="N", help="what is old")
    restore.add_argument("--yes", action="store_true", help="without being asked")


def run_status(options: argparse.Namespace) -> int:
    """Show the database; returns 1 if its tables are not this program's, or it is damaged."""
    with _opened(options) as database:
        from musearoo.bridge.store.engine import require_file
        from musearoo.bridge.store.revision import NEWEST, Age, find_age, read_revision
        from musearoo.bridge.store.upkeep.backup import check_file
        from musearoo.bridge.store.upkeep.move import count_rows

        if database.file is not None:
            require_file(database.file)
        age = database.read_now(find_age)
        report: dict[str, Any] = {
            "database": database.where,
            "kind": "sqlite" if database.is_sqlite else "postgresql",
            "state": age.value,
            "revision": None if age is Age.STRANGE else database.read_now(read_revision),
            "newest": NEWEST,
            "bytes": database.file.stat().st_size if database.file else None,
            "rows": database.read_now(count_rows) if age is Age.NEWEST else {},
        }
        if options.check and database.file is not None:
            check_file(database.file)
    if options.json:
        print(json.dumps(report))
    else:
        tell(f"{report['database']}: tables {report['revision'] or 'none'} ({age.value}; newest {NEWEST})")
        tell(*(f"{count:>10,} {name}" for name, count in report["rows"].items()))
        if options.check:
            tell("It is whole." if database.is_sqlite else "PostgreSQL checks itself: see pg_amcheck.")
    return 0 if age is Age.NEWEST else 1


def run_upgrade(options: argparse.Namespace) -> int:
    """Bring the tables to the newest revision."""
    with _opened(options) as database:
        from musearoo.bridge.store.upkeep.migrating import upgrade

        migrated = upgrade(database)
        where = database.where
    if migrated.before == migrated.after:
        said = f"{where} has the newest tables already ({migrated.after})."
    elif migrated.before is None:
        said = f"Made the tables of {where} ({migrated.after})."
    else:
        said = f"Upgraded {where} from {migrated.before} to {migrated.after}."
    _report(options, said, database=where, before=migrated.before, after=migrated.after)
    return 0


def run_backup(options: argparse.Namespace) -> int:
    """Write a backup."""
    with _opened(options) as database:
        from musearoo.bridge.store.upkeep.backup import back_up

        size = back_up(database, options.file)
        _report(options, f"Wrote {options.file} ({size:,} bytes).", file=str(options.file), bytes=size)
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Bring back a backup, after asking where something would be lost."""
    with _opened(options) as database:
        from musearoo.bridge.store.errors import ConflictError
        from musearoo.bridge.store.upkeep.backup import restore_backup

        try:
            rows = restore_backup(database, options.file, replace=options.yes)
        except ConflictError:
            question = f"Replace all that is in {database.where} by {options.file}?"
            if not _may_ask(options):
                raise
            if not _ask(question):
                return 1
            rows = restore_backup(database, options.file, replace=True)
        said = f"{database.where} has what {options.file} has. Start MuseAroo's server again."
        _report(options, said, database=database.where, rows=rows)
    return 0


def run_move(options: argparse.Namespace) -> int:
    """Copy everything into another database."""
    with _opened(options) as source, _opened(options, options.url) as target:
        from musearoo.bridge.store.address import DATABASE_VARIABLE
        from musearoo.bridge.store.upkeep.move import move_store

        rows = move_store(source, target)
        said = (
            f"Copied {sum(rows.values()):,} rows from {source.where} to {target.where}. The first is as it was: "
            f"give the server the second, by {DATABASE_VARIABLE} or the setting database."
        )
        _report(options, said, source=source.where, target=target.where, rows=rows)
    return 0


def run_sweep(options: argparse.Namespace) -> int:
    """Delete what is older than the bound, in small transactions, and its files."""
    with _opened(options) as database:
        from musearoo.bridge.store.upkeep.move import require_newest
        from musearoo.bridge.store.upkeep.retention import sweep

        require_newest(database)
        now = time.time()
        rows: dict[str, int] = {}
        kept: list[str] = []
        more = True
        while more:
            swept = database.run_now(lambda c: sweep(c, now=now, keep_days=options.keep_days))
            rows = {name: rows.get(name, 0) + swept.rows.get(name, 0) for name in {*rows, *swept.rows}}
            kept += remove_or_tell(swept.paths)
            more = swept.more
        deleted = ", ".join(f"{count:,} {name}" for name, count in sorted(rows.items()) if count) or "nothing"
        _report(options, f"Deleted {deleted}.", rows=rows, undeleted_files=kept)
    return 1 if kept else 0


@contextmanager
def _opened(options: argparse.Namespace, address: str | None = None) -> Iterator[Database]:
    """The database at an address, or that of the options; its tables may have any revision."""
    for package in NEEDED:
        if find_spec(package) is None:
            raise CommandError(
                f"The store needs the package {package}: run `python3 tools/dev.py setup --with server`."
            )
    from musearoo.bridge.store.address import find_address
    from musearoo.bridge.store.database import connect

    database = connect(address or find_address(options.database))
    try:
        yield database
    finally:
        database.close()


def _report(options: argparse.Namespace, sentence: str, **fields: object) -> None:
    if options.json:
        print(json.dumps(fields))
    else:
        tell(sentence)


def _may_ask(options: argparse.Namespace) -> bool:
    return not options.json and sys.stdin.isatty()


def _ask(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
