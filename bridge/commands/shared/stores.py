"""The store of commands: where it is, opened for a moment, and the files whose rows have gone from it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.commands.shared.standard_output import tell

if TYPE_CHECKING:
    from musearoo.bridge.store.database import Database


def add_database(parser: argparse.ArgumentParser) -> None:
    """Declare --database."""
    parser.add_argument(
        "--database",
        metavar="URL",
        help="postgresql://USER@HOST/NAME or sqlite:///FILE (MUSEAROO_DATABASE, the setting database, or musearoo.db "
        "in MuseAroo's folder)",
    )


@contextmanager
def opened_store(address: str | None, *, make: bool = False) -> Iterator[Database]:
    """Open the store for a `with` block, with the local user in it. Raises StoreError.

    `make`: a SQLite file that is missing is made. The default one always is: it has no name that could be mistyped.
    """
    # Here, for `musearoo --help` needs no database.
    import time
    from functools import partial

    from musearoo.bridge.api.access.admission import LOCAL_USER, add_local_user
    from musearoo.bridge.store.address import default_address, find_address
    from musearoo.bridge.store.database import open_database
    from musearoo.bridge.store.users import find_user

    found = find_address(address)
    store = open_database(found, make=make or found == default_address())
    try:
        # Looked for first: whoever only reads waits for no writer.
        if store.read_now(partial(find_user, name=LOCAL_USER)) is None:
            store.run_now(partial(add_local_user, now=time.time()))
        yield store
    finally:
        store.close()


def remove_or_tell(paths: Iterable[str | Path]) -> list[str]:
    """Delete files whose rows are gone; returns those that are still there, after saying why."""
    left = remove_files(paths)
    tell(*(f"musearoo: {path} cannot be deleted: {why}." for path, why in left.items()), to_stderr=True)
    return list(left)
