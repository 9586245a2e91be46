"""The store of commands: where it is, and opened for a moment."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musearoo.bridge.store.database import Database


def add_database(parser: argparse.ArgumentParser) -> None:
    """Declare --database."""
    parser.add_argument(
        "--database",
        metavar="URL",
        help="postgresql://… or sqlite:///FILE (MUSEAROO_DATABASE, or a file in MuseAroo's folder)",
    )


@contextmanager
def opened_store(address: str | None) -> Iterator[Database]:
    """Open the store for a `with` block, with the local user in it. Raises StoreError."""
    # Here, for `musearoo --help` needs no database.
    import time
    from functools import partial

    from musearoo.bridge.api.access.admission import add_local_user
    from musearoo.bridge.store.address import find_address
    from musearoo.bridge.store.database import open_database

    store = open_database(find_address(address), make=True)
    try:
        store.run_now(partial(add_local_user, now=time.time()))
        yield store
    finally:
        store.close()
