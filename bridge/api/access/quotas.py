"""How much one user may have: what grows with each request, and would fill the machine of whoever runs the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.store.files import sum_bytes
from musearoo.bridge.store.preferences import count_preferences
from musearoo.bridge.store.sessions import count_open_sessions
from musearoo.bridge.store.tokens import count_tokens

MEGABYTE: Final = 1_000_000
UPLOADED: Final = ("upload", "clip")
"""Kinds of files that users have brought: uploads, and those that a session's set plays."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Bounds for each user but the one of this machine: its own disk is that user's own business."""

    open_sessions: int = 1_000
    upload_bytes: int = 500 * MEGABYTE
    tokens: int = 200
    settings: int = 500


QUOTAS: Final = Quotas()


def require_session_room(connection: Connection, user: str, quotas: Quotas) -> None:
    """Raise ApiError where a user has as many open sessions as there may be."""
    if count_open_sessions(connection, user) >= quotas.open_sessions:
        raise _full(f"You have {quotas.open_sessions:,} open sessions: close some first.")


def require_upload_room(connection: Connection, user: str, more: int, quotas: Quotas) -> None:
    """Raise ApiError where `more` bytes are more than a user may upload; what sets play of deleted uploads counts."""
    if sum_bytes(connection, user, UPLOADED) + more > quotas.upload_bytes:
        raise _full(f"Your uploads may have {quotas.upload_bytes // MEGABYTE:,} MB in all: delete some first.")


def require_token_room(connection: Connection, user: str, quotas: Quotas, now: float) -> None:
    """Raise ApiError where a user has as many valid tokens as there may be."""
    if count_tokens(connection, user, now) >= quotas.tokens:
        raise _full(f"You have {quotas.tokens:,} valid tokens: revoke some first.")


def require_setting_room(connection: Connection, user: str, quotas: Quotas) -> None:
    """Raise ApiError where a user has as many settings as there may be."""
    if count_preferences(connection, user) >= quotas.settings:
        raise _full(f"You have {quotas.settings:,} settings: forget some first.")


def _full(sentence: str) -> ApiError:
    return ApiError(403, "quota", sentence)
