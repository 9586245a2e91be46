"""Rows for tests: a user, a session, takes and steps, with ids by number."""

from __future__ import annotations

from typing import Any

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection

from musearoo.bridge.store.ids import new_id
from musearoo.bridge.store.records import Session, Step, Take, User
from musearoo.bridge.store.sessions import add_session
from musearoo.bridge.store.steps import append_step
from musearoo.bridge.store.users import add_user

NOW = 1_700_000_000.123457
NOTES = bytes(range(256)) * 16
"""As long as the notes of a take of eight bars."""


def some_id(number: int) -> str:
    """An id: a greater number is a newer one."""
    return new_id(NOW + number, number.to_bytes(10, "big"))


ANN, BOB = some_id(1), some_id(2)
SONG = some_id(10)


def some_user(number: int = 1, **values: Any) -> User:
    return User(**{"id": some_id(number), "name": f"user {number}", "made": NOW, **values})


def some_session(number: int = 10, **values: Any) -> Session:
    fields = {"id": some_id(number), "owner": ANN, "name": f"song {number}", "kind": "own", "made": NOW, "changed": NOW}
    return Session(**{**fields, **values})


def some_take(number: int = 100, **values: Any) -> Take:
    fields: dict[str, Any] = {
        "id": some_id(number),
        "session": SONG,
        "user": ANN,
        "made": NOW + number,
        "engine": "bass",
        "engine_version": "3",
        "style": "funk",
        "params": {"complexity": 0.5, "bars": 8, "ünïcode": ["𝄞", None, True]},
        "seed": 2**63 - 1,
        "context_hash": "c" * 16,
        "notes_hash": "n" * 16,
        "bpm": 120.5,
        "key": "A minor",
        "length_beats": 32.0,
        "name": "Bass 1",
        "milliseconds": 4.25,
        "place": {"track": "Bass", "slot": 3},
        "notes": NOTES,
    }
    return Take(**{**fields, **values})


def some_step(version: int = 1, **values: Any) -> Step:
    fields: dict[str, Any] = {
        "session": SONG,
        "version": version,
        "user": ANN,
        "request": "generate",
        "label": "Bass, 8 bars",
        "made": NOW + version,
        "forward": b"forward\x00",
        "backward": b"backward\xff",
    }
    return Step(**{**fields, **values})


def begin_song(connection: Connection) -> None:
    """Ann and Bob, and a session of Ann's."""
    add_user(connection, some_user(1, name="Ann"))
    add_user(connection, some_user(2, name="Bob"))
    add_session(connection, some_session())


def place_takes(connection: Connection, count: int, first: int = 1) -> None:
    """Steps with a take each."""
    for version in range(first, first + count):
        take = some_take(100 + version)
        append_step(connection, some_step(version), [take])
