"""The store's tables: the one schema of both databases. `migrations/` brings a database to it.

Times are Unix seconds, ids are text of `bridge.store.ids`. Deleting a user or a session deletes what belongs to it;
what a user did in other people's sessions stays there without the name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, MetaData, Table, UniqueConstraint
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import TypeEngine

from musearoo.bridge.store.types import Bytes, Json, Names, Real, Time, Whole, Words

SESSION_KINDS: Final = ("own", "live")
"""`own`: its set stands in the store; `live`: it follows a set of Live."""
ROLES: Final = ("owner", "editor", "listener")
STATES: Final = ("waiting", "running", "done", "failed", "cancelled")
"""The states of a job, as `bridge.jobs.contract.JobState`."""

Kind = TypeEngine[Any] | type[TypeEngine[Any]]

metadata: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "ix": "%(table_name)s_%(column_0_N_name)s",
    }
)


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, metadata, *items, sqlite_strict=True)


def _has(name: str, kind: Kind = Words, *, key: bool = False) -> Column[Any]:
    """A column that always has a value."""
    return Column(name, kind, primary_key=key, nullable=False)


def _may_have(name: str, kind: Kind = Words) -> Column[Any]:
    """A column that may be NULL."""
    return Column(name, kind, nullable=True)


def _belongs(name: str, table: str, *, key: bool = False, null: bool = False) -> Column[Any]:
    """The id of a row that takes this one along when it is deleted."""
    return Column(name, Words, _refer(table, "CASCADE"), primary_key=key, nullable=null)


def _mentions(name: str, table: str) -> Column[Any]:
    """The id of a row that may be deleted: NULL from then on."""
    return Column(name, Words, _refer(table, "SET NULL"), nullable=True)


def _refer(table: str, on_delete: str) -> ForeignKey:
    # Deferrable, for a copy of all tables may bring a take before its parent.
    return ForeignKey(f"{table}.id", ondelete=on_delete, deferrable=True, initially="IMMEDIATE")


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=conv(f"{column}_known"))


users: Final = _table(
    "users",
    _has("id", key=True),
    _has("name"),
    _may_have("email"),
    _may_have("password_hash"),
    _has("made", Time),
    UniqueConstraint("name"),
)

tokens: Final = _table(
    "tokens",
    _has("id", key=True),
    _belongs("user", "users"),
    _has("name"),
    _has("sha256"),
    _has("scopes", Names),
    _has("made", Time),
    _may_have("expires", Time),
    _may_have("used", Time),
    _may_have("revoked", Time),
    UniqueConstraint("sha256"),
    Index(None, "user", "id"),
)

sessions: Final = _table(
    "sessions",
    _has("id", key=True),
    _belongs("owner", "users"),
    _has("name"),
    _has("kind"),
    _has("live_set"),
    _has("version", Whole),
    _has("takes", Whole),
    _has("made", Time),
    _has("changed", Time),
    _may_have("closed", Time),
    _has("checkpoint", Whole),
    _may_have("document", Bytes),
    _may_have("memory", Bytes),
    _one_of("kind", SESSION_KINDS),
    Index(None, "owner", "id"),
    Index(None, "changed"),
)
"""`takes` counts those that were ever made, for their numbers; `document` is the set at version `checkpoint`, `memory`
what RooAroo remembers of it."""

members: Final = _table(
    "members",
    _belongs("session", "sessions", key=True),
    _belongs("user", "users", key=True),
    _has("role"),
    _one_of("role", ROLES),
    Index(None, "user", "session"),
)

takes: Final = _table(
    "takes",
    _has("id", key=True),
    _belongs("session", "sessions"),
    _has("number", Whole),
    _may_have("step", Whole),
    _has("request_id"),
    _mentions("parent", "takes"),
    _mentions("user", "users"),
    _has("made", Time),
    _has("engine"),
    _has("part"),
    _has("engine_version"),
    _has("style"),
    _has("params", Json),
    _has("seed", Whole),
    _has("context_hash"),
    _has("notes_hash"),
    _has("bpm", Real),
    _has("key"),
    _has("time_signature"),
    _has("length_beats", Real),
    _has("name"),
    _has("milliseconds", Real),
    _may_have("place", Json),
    _has("notes", Bytes),
    UniqueConstraint("session", "number"),
    Index(None, "user", "id"),
    Index(None, "parent"),
    Index(None, "made"),
)

steps: Final = _table(
    "steps",
    _belongs("session", "sessions", key=True),
    _has("version", Whole, key=True),
    _mentions("user", "users"),
    _has("request"),
    _has("request_id"),
    _has("label"),
    _has("made", Time),
    _may_have("undone", Whole),
    _has("forward", Bytes),
    _has("backward", Bytes),
)

feedback: Final = _table(
    "feedback",
    _belongs("take", "takes", key=True),
    _belongs("user", "users", key=True),
    _has("value", Whole),
    _has("made", Time),
    CheckConstraint("value IN (-1, 1)", name=conv("value_known")),
    Index(None, "user"),
)

preferences: Final = _table(
    "preferences",
    _belongs("user", "users", key=True),
    _has("key", key=True),
    _has("value", Json),
    _has("changed", Time),
)

jobs: Final = _table(
    "jobs",
    _has("id", key=True),
    _belongs("session", "sessions", null=True),
    _belongs("user", "users"),
    _has("kind"),
    _has("state"),
    _has("phase"),
    _has("fraction", Real),
    _has("text"),
    _has("request", Json),
    _may_have("result", Json),
    _may_have("fault", Json),
    _has("made", Time),
    _may_have("began", Time),
    _may_have("ended", Time),
    _has("server"),
    _one_of("state", STATES),
    Index(None, "user", "id"),
    Index(None, "session", "id"),
    Index(None, "state", "id"),
)

idempotency: Final = _table(
    "idempotency",
    _belongs("user", "users", key=True),
    _has("key", key=True),
    _has("digest"),
    _has("request_id"),
    _has("server"),
    _may_have("done"),
    _may_have("status", Whole),
    _may_have("body", Bytes),
    _has("made", Time),
    Index(None, "made"),
)
"""Answers by the clients' keys; no `status` while the first request is under way, by `server`.

`done`: what the request has done, such as `step SESSION VERSION,job ID`, whether it could be answered or not."""

files: Final = _table(
    "files",
    _has("id", key=True),
    _belongs("session", "sessions", null=True),
    _belongs("user", "users"),
    _has("kind"),
    _has("name"),
    _has("path"),
    _has("bytes", Whole),
    _has("sha256"),
    _has("made", Time),
    Index(None, "user", "id"),
    Index(None, "session", "id"),
    Index(None, "sha256"),
    Index(None, "path"),
)
