"""Users by id and name. Passwords are hashed and verified elsewhere: the store keeps argon2's text."""

from __future__ import annotations

from sqlalchemy import Connection, select

from musearoo.bridge.store.idempotency import note_done
from musearoo.bridge.store.records import User
from musearoo.bridge.store.rows import change, find_all, find_one, missing, newest_first, pick, put
from musearoo.bridge.store.tables import users


def add_user(connection: Connection, user: User) -> None:
    """Add a user. Raises ConflictError if the name is taken."""
    put(connection, users, user)
    note_done(connection, "user", user.id)


def lock_user(connection: Connection, user: str) -> None:
    """Let other transactions that lock this user wait for the end of this one: who counts what is the user's does so.

    SQLite needs no more for it than that a transaction writes: it has one such transaction at a time.
    """
    # Not against those who add what is the user's: a foreign key's lock goes along with this one.
    connection.execute(select(users.c.id).where(users.c.id == user).with_for_update(key_share=True))


def read_user(connection: Connection, user: str) -> User:
    """Return a user by id. Raises MissingError."""
    found = find_one(connection, User, pick(users, User).where(users.c.id == user))
    if found is None:
        raise missing("user")
    return found


def find_user(connection: Connection, name: str) -> User | None:
    """Return a user by name."""
    return find_one(connection, User, pick(users, User).where(users.c.name == name))


def list_users(connection: Connection, *, limit: int = 50, after: str | None = None) -> tuple[User, ...]:
    """Return users, newest first; `after`: the id of the last one of the page before."""
    return find_all(connection, User, newest_first(pick(users, User), users.c.id, limit=limit, after=after))


def set_password_hash(connection: Connection, user: str, password_hash: str | None) -> None:
    """Replace a user's password, None for no password. Raises MissingError."""
    change(connection, users, users.c.id == user, what="user", password_hash=password_hash)
