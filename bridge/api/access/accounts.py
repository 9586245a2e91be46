"""Users and tokens: made, shown, revoked, deleted. The same functions serve REST and the command line."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from musearoo.bridge.api.access.who import SCOPES
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id
from musearoo.bridge.store.records import Token, User
from musearoo.bridge.store.tokens import add_token, digest_token
from musearoo.bridge.store.users import add_user, find_user

DAY: Final = 86_400.0
LONGEST_DAYS: Final = 3_650
LONGEST_NAME: Final = 80
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}", re.ASCII)
PREFIX: Final = "roo_"
"""The beginning of every token, by which scanners find one that was published by mistake."""


def make_user(connection: Connection, *, name: str, email: str | None, password_hash: str | None, now: float) -> User:
    """Add a user and return it. Raises ApiError where the name is taken, or is none."""
    if not _NAME.fullmatch(name):
        sentence = "A user's name has up to 64 letters, digits, or . _ @ + -, and begins with a letter or digit."
        raise ApiError(422, "bad_parameter", sentence, "name")
    if find_user(connection, name) is not None:
        raise ApiError(409, "conflict", f"There is a user named {name} already: choose another name.", "name")
    user = User(id=_id(now), name=name, email=email, password_hash=password_hash, made=now)
    add_user(connection, user)
    return user


def require_user(connection: Connection, name: str) -> User:
    """Return the user of a name. Raises ApiError."""
    user = find_user(connection, name)
    if user is None:
        raise ApiError(404, "not_found", f"There is no user named {name}: musearoo users lists them.", "name")
    return user


def make_token(
    connection: Connection,
    *,
    user: str,
    name: str,
    scopes: tuple[str, ...],
    days: float | None,
    now: float,
    latest: float | None = None,
    draw: Callable[[], str] = lambda: secrets.token_urlsafe(32),
) -> tuple[Token, str]:
    """Add a token, and return it with its secret, which the store does not have. Raises ApiError for invalid values.

    It ends at `latest` at the latest, in Unix time.
    """
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        sentence = f"There is no scope {unknown[0]}: there are {', '.join(SCOPES)}."
        raise ApiError(422, "bad_parameter", sentence, "scopes")
    if days is not None and not 0 < days <= LONGEST_DAYS:
        sentence = f"A token lasts for more than 0 and up to {LONGEST_DAYS:,} days: choose another number."
        raise ApiError(422, "bad_parameter", sentence, "days")
    if not 0 < len(name) <= LONGEST_NAME:
        sentence = f"The name of a token has 1 to {LONGEST_NAME} characters."
        raise ApiError(422, "bad_parameter", sentence, "name")
    ends = [end for end in (latest, None if days is None else now + days * DAY) if end is not None]
    secret = PREFIX + draw()
    token = Token(
        id=_id(now),
        user=user,
        name=name,
        sha256=digest_token(secret),
        scopes=scopes,
        made=now,
        expires=min(ends, default=None),
    )
    add_token(connection, token)
    return token, secret


def _id(now: float) -> str:
    return new_id(now, secrets.token_bytes(RANDOM_BYTES))
