"""Tokens of users: found by the SHA-256 of what a client sends; the token itself is never kept."""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection, func, or_, select

from musearoo.bridge.store.idempotency import note_done
from musearoo.bridge.store.records import Token
from musearoo.bridge.store.rows import change, find_all, find_one, newest_first, pick, put
from musearoo.bridge.store.tables import tokens
from musearoo.bridge.store.users import lock_user

USED_EVERY: Final = 60.0
"""Seconds between two notes of a token's last use: a client may send a hundred requests a second."""


def digest_token(secret: str) -> str:
    """Return what the store keeps of a token: its SHA-256 in hexadecimal.

    Tokens are 256 random bits, so a fast hash without salt is safe; passwords need argon2.
    """
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def add_token(connection: Connection, token: Token) -> None:
    """Add a token. Raises MissingError if its user is gone."""
    put(connection, tokens, token)
    note_done(connection, "token", token.id)


def find_token(connection: Connection, secret: str, now: float) -> Token | None:
    """Return the token that a client sent, None if it is unknown, revoked or expired."""
    c = tokens.c
    wanted = pick(tokens, Token).where(c.sha256 == digest_token(secret), c.revoked.is_(None))
    return find_one(connection, Token, wanted.where(or_(c.expires.is_(None), c.expires > now)))


def list_tokens(connection: Connection, user: str, *, limit: int = 50, after: str | None = None) -> tuple[Token, ...]:
    """Return a user's tokens, newest first, also revoked and expired ones; `after`: the id of the last one before."""
    wanted = pick(tokens, Token).where(tokens.c.user == user)
    return find_all(connection, Token, newest_first(wanted, tokens.c.id, limit=limit, after=after))


def count_tokens(connection: Connection, user: str, now: float) -> int:
    """Return how many tokens of a user are neither revoked nor expired; until this is committed, nobody else counts."""
    lock_user(connection, user)
    c = tokens.c
    valid = (c.user == user, c.revoked.is_(None), or_(c.expires.is_(None), c.expires > now))
    return int(connection.execute(select(func.count()).select_from(tokens).where(*valid)).scalar_one())


def revoke_oldest_token(connection: Connection, user: str, name: str, now: float) -> None:
    """Revoke the oldest valid token of a user with a name, if there is one."""
    c = tokens.c
    valid = (c.user == user, c.name == name, c.revoked.is_(None), or_(c.expires.is_(None), c.expires > now))
    oldest = connection.execute(select(c.id).where(*valid).order_by(c.id).limit(1)).scalar_one_or_none()
    if oldest is not None:
        connection.execute(tokens.update().where(c.id == oldest).values(revoked=now))


def note_use(connection: Connection, token: Token, now: float) -> bool:
    """Note that a token was used, unless it was a moment ago; returns whether a note was due."""
    if token.used is not None and abs(now - token.used) < USED_EVERY:
        return False
    connection.execute(tokens.update().where(tokens.c.id == token.id).values(used=now))
    return True


def revoke_token(connection: Connection, user: str, token: str, now: float) -> None:
    """Revoke a user's token by its id. Raises MissingError."""
    change(connection, tokens, tokens.c.id == token, tokens.c.user == user, what="token", revoked=now)
