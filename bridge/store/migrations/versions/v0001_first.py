"""The first tables."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, UniqueConstraint
from sqlalchemy.sql.elements import conv

from musearoo.bridge.store.types import Bytes, Json, Names, Real, Time, Whole, Words

revision = "0001"
down_revision = None

TABLES = (
    "users",
    "idempotency",
    "preferences",
    "sessions",
    "tokens",
    "files",
    "jobs",
    "members",
    "takes",
    "feedback",
    "steps",
)
"""In the order in which one refers to another."""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "users",
        Column("id", Words, primary_key=True, nullable=False),
        Column("name", Words, nullable=False),
        Column("email", Words, nullable=True),
        Column("password_hash", Words, nullable=True),
        Column("made", Time, nullable=False),
        UniqueConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "idempotency",
        Column("user", Words, _refer("users", "CASCADE"), primary_key=True, nullable=False),
        Column("key", Words, primary_key=True, nullable=False),
        Column("digest", Words, nullable=False),
        Column("request_id", Words, nullable=False),
        Column("server", Words, nullable=False),
        Column("done", Words, nullable=True),
        Column("status", Whole, nullable=True),
        Column("body", Bytes, nullable=True),
        Column("made", Time, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("idempotency_made", "idempotency", ["made"])
    op.create_table(
        "preferences",
        Column("user", Words, _refer("users", "CASCADE"), primary_key=True, nullable=False),
        Column("key", Words, primary_key=True, nullable=False),
        Column("value", Json, nullable=False),
        Column("changed", Time, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "sessions",
        Column("id", Words, primary_key=True, nullable=False),
        Column("owner", Words, _refer("users", "CASCADE"), nullable=False),
        Column("name", Words, nullable=False),
        Column("kind", Words, nullable=False),
        Column("live_set", Words, nullable=False),
        Column("version", Whole, nullable=False),
        Column("takes", Whole, nullable=False),
        Column("made", Time, nullable=False),
        Column("changed", Time, nullable=False),
        Column("closed", Time, nullable=True),
        Column("checkpoint", Whole, nullable=False),
        Column("document", Bytes, nullable=True),
        Column("memory", Bytes, nullable=True),
        CheckConstraint("kind IN ('own', 'live')", name=conv("kind_known")),
        sqlite_strict=True,
    )
    op.create_index("sessions_changed", "sessions", ["changed"])
    op.create_index("sessions_owner_id", "sessions", ["owner", "id"])
    op.create_table(
        "tokens",
        Column("id", Words, primary_key=True, nullable=False),
        Column("user", Words, _refer("users", "CASCADE"), nullable=False),
        Column("name", Words, nullable=False),
        Column("sha256", Words, nullable=False),
        Column("scopes", Names, nullable=False),
        Column("made", Time, nullable=False),
        Column("expires", Time, nullable=True),
        Column("used", Time, nullable=True),
        Column("revoked", Time, nullable=True),
        UniqueConstraint("sha256"),
        sqlite_strict=True,
    )
    op.create_index("tokens_user_id", "tokens", ["user", "id"])
    op.create_table(
        "files",
        Column("id", Words, primary_key=True, nullable=False),
        Column("session", Words, _refer("sessions", "CASCADE"), nullable=True),
        Column("user", Words, _refer("users", "CASCADE"), nullable=False),
        Column("kind", Words, nullable=False),
        Column("name", Words, nullable=False),
        Column("path", Words, nullable=False),
        Column("bytes", Whole, nullable=False),
        Column("sha256", Words, nullable=False),
        Column("made", Time, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("files_path", "files", ["path"])
    op.create_index("files_session_id", "files", ["session", "id"])
    op.create_index("files_sha256", "files", ["sha256"])
    op.create_index("files_user_id", "files", ["user", "id"])
    op.create_table(
        "jobs",
        Column("id", Words, primary_key=True, nullable=False),
        Column("session", Words, _refer("sessions", "CASCADE"), nullable=True),
        Column("user", Words, _refer("users", "CASCADE"), nullable=False),
        Column("kind", Words, nullable=False),
        Column("state", Words, nullable=False),
        Column("phase", Words, nullable=False),
        Column("fraction", Real, nullable=False),
        Column("text", Words, nullable=False),
        Column("request", Json, nullable=False),
        Column("result", Json, nullable=True),
        Column("fault", Json, nullable=True),
        Column("made", Time, nullable=False),
        Column("began", Time, nullable=True),
        Column("ended", Time, nullable=True),
        Column("server", Words, nullable=False),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=conv("state_known")),
        sqlite_strict=True,
    )
    op.create_index("jobs_session_id", "jobs", ["session", "id"])
    op.create_index("jobs_state_id", "jobs", ["state", "id"])
    op.create_index("jobs_user_id", "jobs", ["user", "id"])
    op.create_table(
        "members",
        Column("session", Words, _refer("sessions", "CASCADE"), primary_key=True, nullable=False),
        Column("user", Words, _refer("users", "CASCADE"), primary_key=True, nullable=False),
        Column("role", Words, nullable=False),
        CheckConstraint("role IN ('owner', 'editor', 'listener')", name=conv("role_known")),
        sqlite_strict=True,
    )
    op.create_index("members_user_session", "members", ["user", "session"])
    op.create_table(
        "takes",
        Column("id", Words, primary_key=True, nullable=False),
        Column("session", Words, _refer("sessions", "CASCADE"), nullable=False),
        Column("number", Whole, nullable=False),
        Column("step", Whole, nullable=True),
        Column("request_id", Words, nullable=False),
        Column("parent", Words, _refer("takes", "SET NULL"), nullable=True),
        Column("user", Words, _refer("users", "SET NULL"), nullable=True),
        Column("made", Time, nullable=False),
        Column("engine", Words, nullable=False),
        Column("part", Words, nullable=False),
        Column("engine_version", Words, nullable=False),
        Column("style", Words, nullable=False),
        Column("params", Json, nullable=False),
        Column("seed", Whole, nullable=False),
        Column("context_hash", Words, nullable=False),
        Column("notes_hash", Words, nullable=False),
        Column("bpm", Real, nullable=False),
        Column("key", Words, nullable=False),
        Column("time_signature", Words, nullable=False),
        Column("length_beats", Real, nullable=False),
        Column("name", Words, nullable=False),
        Column("milliseconds", Real, nullable=False),
        Column("place", Json, nullable=True),
        Column("notes", Bytes, nullable=False),
        UniqueConstraint("session", "number"),
        sqlite_strict=True,
    )
    op.create_index("takes_made", "takes", ["made"])
    op.create_index("takes_parent", "takes", ["parent"])
    op.create_index("takes_user_id", "takes", ["user", "id"])
    op.create_table(
        "feedback",
        Column("take", Words, _refer("takes", "CASCADE"), primary_key=True, nullable=False),
        Column("user", Words, _refer("users", "CASCADE"), primary_key=True, nullable=False),
        Column("value", Whole, nullable=False),
        Column("made", Time, nullable=False),
        CheckConstraint("value IN (-1, 1)", name=conv("value_known")),
        sqlite_strict=True,
    )
    op.create_index("feedback_user", "feedback", ["user"])
    op.create_table(
        "steps",
        Column("session", Words, _refer("sessions", "CASCADE"), primary_key=True, nullable=False),
        Column("version", Whole, primary_key=True, nullable=False),
        Column("user", Words, _refer("users", "SET NULL"), nullable=True),
        Column("request", Words, nullable=False),
        Column("request_id", Words, nullable=False),
        Column("label", Words, nullable=False),
        Column("made", Time, nullable=False),
        Column("undone", Whole, nullable=True),
        Column("forward", Bytes, nullable=False),
        Column("backward", Bytes, nullable=False),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Remove the tables and all that is in them."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _refer(table: str, on_delete: str) -> ForeignKey:
    return ForeignKey(f"{table}.id", ondelete=on_delete, deferrable=True, initially="IMMEDIATE")
