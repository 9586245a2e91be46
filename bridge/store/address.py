"""Addresses of databases: the user's, the environment's, the settings', or the file in MuseAroo's folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from sqlalchemy import URL, exc, make_url

from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.store.errors import StoreError

DATABASE_VARIABLE: Final = "MUSEAROO_DATABASE"
FILE: Final = "musearoo.db"

_EXPECTED: Final = "give postgresql://USER@HOST/NAME or sqlite:///FILE"
_POSTGRESQL: Final = ("postgresql", "postgres", "postgresql+psycopg")


def find_address(given: str | None = None) -> str:
    """Return the address given, or that of the environment (MUSEAROO_DATABASE), of the settings, or the default file's.

    Raises SettingsError.
    """
    named = given or os.environ.get(DATABASE_VARIABLE) or ConfigFolder(home_folder()).peek_settings().database
    return named or default_address()


def default_address() -> str:
    """Return the address of the file in MuseAroo's folder, which is used where no other is named."""
    return file_address(home_folder() / FILE)


def file_address(path: Path) -> str:
    """Return the address of a SQLite file."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


def parse_address(address: str) -> URL:
    """Return SQLAlchemy's URL, with the driver, for an address. Raises StoreError."""
    try:
        url = make_url(address)
        if url.drivername in _POSTGRESQL:
            url = url.set(drivername="postgresql+psycopg")
            # Raises for a host or port among the options that is none.
            url.get_dialect()().create_connect_args(url)
            return url
    except (exc.ArgumentError, ValueError) as error:
        raise StoreError(f"This is no address of a database: {_EXPECTED}.") from error
    if url.drivername != "sqlite":
        raise StoreError(f"The store does not know {url.drivername} databases: {_EXPECTED}.")
    if not url.database or url.database == ":memory:" or url.query:
        raise StoreError("SQLite needs a file, without options: give sqlite:///FILE.")
    return url
