"""Preferences of users. What the copilot learnt of a user stands here by part, and in the daemon's file.

The daemon reads and writes its file alone; `import_tastes` carries it into the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from musearoo.bridge.copilot.preferences_file import preferences_file, read_preferences
from musearoo.bridge.store.records import Preference
from musearoo.bridge.store.rows import find_all, find_one, pick, put, put_or_replace
from musearoo.bridge.store.tables import preferences
from musearoo.bridge.store.users import lock_user
from musearoo.engines.language.state.preferences import Preferences, format_preferences, parse_preferences

TASTES: Final = "tastes."
"""The beginning of the keys of what the copilot learnt; a part, such as `bass`, follows."""


def keep_preference(connection: Connection, preference: Preference) -> None:
    """Keep a user's setting in place of an earlier one. Raises MissingError if the user is gone."""
    put_or_replace(connection, preferences, preference, ("user", "key"))


def find_preference(connection: Connection, user: str, key: str) -> Preference | None:
    """Return a user's setting."""
    c = preferences.c
    return find_one(connection, Preference, pick(preferences, Preference).where(c.user == user, c.key == key))


def list_preferences(connection: Connection, user: str) -> tuple[Preference, ...]:
    """Return all settings of a user, by key."""
    wanted = pick(preferences, Preference).where(preferences.c.user == user).order_by(preferences.c.key)
    return find_all(connection, Preference, wanted)


def count_preferences(connection: Connection, user: str) -> int:
    """Return how many settings a user has, besides what the copilot learnt.

    Nobody else counts them until this is committed.
    """
    lock_user(connection, user)
    c = preferences.c
    mine = (c.user == user, ~_is_taste())
    return int(connection.execute(select(func.count()).select_from(preferences).where(*mine)).scalar_one())


def forget_preference(connection: Connection, user: str, key: str) -> bool:
    """Forget a user's setting; returns whether there was one."""
    gone = connection.execute(preferences.delete().where(preferences.c.user == user, preferences.c.key == key))
    return gone.rowcount == 1


def read_tastes(connection: Connection, user: str) -> Preferences:
    """Return what the copilot learnt of a user. Raises PresetError for rows that this program does not know."""
    c = preferences.c
    rows = connection.execute(select(c.key, c.value).where(c.user == user, _is_taste()))
    parts = {key.removeprefix(TASTES): value for key, value in rows}
    return parse_preferences(msgspec.json.encode({"parts": parts}), "preferences")


def keep_tastes(connection: Connection, user: str, learnt: Preferences, now: float) -> None:
    """Keep what the copilot learnt of a user in place of what was known before. Raises MissingError."""
    connection.execute(preferences.delete().where(preferences.c.user == user, _is_taste()))
    parts: dict[str, Any] = msgspec.json.decode(format_preferences(learnt))["parts"]
    for part, tastes in parts.items():
        put(connection, preferences, Preference(user=user, key=TASTES + part, value=tastes, changed=now))


def import_tastes(connection: Connection, user: str, home: Path, now: float) -> Preferences:
    """Keep what stands in the daemon's file in `home` as a user's, and return it; the file stays as it is.

    Raises PreferencesError for a broken file. Without a file nothing changes.
    """
    if not preferences_file(home).exists():
        return read_tastes(connection, user)
    learnt = read_preferences(home)
    keep_tastes(connection, user, learnt, now)
    return learnt


def _is_taste() -> ColumnElement[bool]:
    # By substr: SQLite's LIKE takes "Tastes.x", which is a setting of the user's own, for one, too.
    return func.substr(preferences.c.key, 1, len(TASTES)) == TASTES
