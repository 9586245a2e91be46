"""Passwords: argon2id hashes (RFC 9106), and what a password must be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from musearoo.bridge.api.problems.errors import ApiError, OverloadedError

SHORTEST: Final = 10
LONGEST: Final = 512
"""Characters of a password: argon2 would take any length, and time for it."""
AT_ONCE: Final = 2
"""Passwords that are hashed at once: each takes 64 MiB and a tenth of a second of a core."""
MOST_WAITING: Final = 16
"""Passwords that wait for that; beyond it new ones are refused."""

Result = TypeVar("Result")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobody() -> str:
    """The hash that is checked for names that nobody has, so that the time does not tell which names there are."""
    return _hasher().hash("nobody has this name")


def hash_password(password: str) -> str:
    """Return the hash of a new password; takes a tenth of a second. Raises ApiError for one that is too short."""
    if not SHORTEST <= len(password) <= LONGEST:
        sentence = f"A password must have {SHORTEST} to {LONGEST} characters: choose another."
        raise ApiError(422, "bad_parameter", sentence, "password")
    return _hasher().hash(_encoded(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether a password is the one of a hash; None is the hash of nobody, which takes as long."""
    is_long = len(password) > LONGEST
    try:
        # A password that is too long takes as long, too.
        return _hasher().verify(kept or _nobody(), _encoded(password[:LONGEST])) and kept is not None and not is_long
    except (VerificationError, InvalidHashError):
        return False


def _encoded(password: str) -> bytes:
    # Half a surrogate pair, as a terminal gives it for a byte that is no UTF-8, is kept as it came.
    return password.encode("utf-8", "surrogatepass")


class Hashing:
    """Threads that hash and check passwords, a few at a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords")
        self._waiting = 0

    async def run(self, function: Callable[..., Result], *arguments: str | None) -> Result:
        """Return what a function returns. Raises OverloadedError where too many wait already."""
        if self._waiting >= MOST_WAITING + AT_ONCE:
            raise OverloadedError(2.0)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)
        finally:
            self._waiting -= 1
