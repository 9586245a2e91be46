"""Admission by token: the token file of this machine's one user, or a token of the store."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection

from musearoo.bridge.api.access.who import SCOPES, Who, expand, unauthorized
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.settings.config_files import ConfigError
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError, StoreError
from musearoo.bridge.store.records import Token, User
from musearoo.bridge.store.tokens import USED_EVERY, digest_token, find_token, note_use
from musearoo.bridge.store.users import add_user, find_user, read_user

LOCAL_USER: Final = "local"
"""Id and name of the one user of this machine, whom the token file admits."""
KNOWN_FOR: Final = 5.0
"""Seconds for which a token of the store is believed without asking again: so long a revocation by another process,
or by the command line, may take. One through this server counts at once."""
MOST_KNOWN: Final = 10_000
LONGEST_TOKEN: Final = 256


class Admission:
    """Finds who a token stands for."""

    def __init__(
        self, database: Database, read_token: Callable[[], str], clock: Callable[[], float] = time.time
    ) -> None:
        """`read_token` returns what the token file has now."""
        self._database = database
        self._read_token = read_token
        self._file_token = read_token().encode()
        self._read_again = time.monotonic() + KNOWN_FOR
        self._clock = clock
        self._local = Who(LOCAL_USER, LOCAL_USER, frozenset(SCOPES), is_local=True)
        self._known: OrderedDict[str, tuple[float, Who]] = OrderedDict()
        self._forgotten = 0

    async def open(self) -> None:
        """Add the local user to the store, if it is not there yet."""
        await self._database.run(partial(add_local_user, now=self._clock()))

    async def admit(self, token: str) -> Who | ApiError:
        """Return who a token stands for, or why nobody."""
        if not token or len(token) > LONGEST_TOKEN:
            return unauthorized()
        if hmac.compare_digest(token.encode("utf-8", "replace"), self._token_of_file()):
            return self._local
        digest = digest_token(token)
        known = self._known.get(digest)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        forgotten = self._forgotten
        found = await self._database.read(partial(_find, secret=token, now=self._clock()))
        if found is None:
            self._known.pop(digest, None)
            return unauthorized()
        kept, user = found
        who = Who(user.id, user.name, expand(kept.scopes), token=kept.id, expires=kept.expires)
        if forgotten == self._forgotten:
            # What was read before a revocation is not believed after it.
            self._known[digest] = (time.monotonic() + self._known_for(kept), who)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        await self._note_use(kept)
        return who

    def _token_of_file(self) -> bytes:
        """Return the token of the file, which is read again every few seconds: whoever replaces it revokes the old."""
        if time.monotonic() >= self._read_again:
            self._read_again = time.monotonic() + KNOWN_FOR
            try:
                self._file_token = self._read_token().encode()
            except ConfigError as error:
                LOG.warning("The token file cannot be read, and the token stays as it was: %s", type(error).__name__)
        return self._file_token

    async def _note_use(self, token: Token) -> None:
        """Note when a token was used last. A store that cannot be written must not keep anybody from reading."""
        now = self._clock()
        if token.used is not None and abs(now - token.used) < USED_EVERY:
            return
        try:
            await self._database.run(partial(note_use, token=token, now=now))
        except StoreError as error:
            LOG.warning("A token's use could not be noted: %s", error)

    def _known_for(self, token: Token) -> float:
        return KNOWN_FOR if token.expires is None else min(KNOWN_FOR, max(0.0, token.expires - self._clock()))

    def forget(self) -> None:
        """Forget all tokens: one was revoked, or a user has gone."""
        self._forgotten += 1
        self._known.clear()


def add_local_user(connection: Connection, now: float) -> None:
    """Add the one user of this machine to the store, if it is not there yet."""
    if find_user(connection, LOCAL_USER) is None:
        add_user(connection, User(id=LOCAL_USER, name=LOCAL_USER, made=now))


def _find(connection: Connection, secret: str, now: float) -> tuple[Token, User] | None:
    token = find_token(connection, secret, now)
    try:
        return None if token is None else (token, read_user(connection, token.user))
    except MissingError:
        # Deleted in this moment, with the token.
        return None
