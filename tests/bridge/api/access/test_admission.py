"""Who a token stands for: the file's, the store's; until it expires, is revoked, or the file has another."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.access import admission
from musearoo.bridge.api.access.accounts import DAY, make_token
from musearoo.bridge.api.access.admission import Admission
from musearoo.bridge.api.access.who import SCOPES, Who
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.settings.config_files import ConfigError
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import DiskFullError
from musearoo.bridge.store.tokens import list_tokens, revoke_token
from musearoo.bridge.store.upkeep.personal import delete_user

FILE = "the-token-of-the-file"


class Doorman:
    """An Admission whose clock and whose file the test turns."""

    def __init__(self, store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        self.file: str | ConfigError = FILE
        self.now = 1_700_000_000.0
        self._moved = 0.0
        began = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: began + self._moved)
        self.admission = Admission(store, self._read, lambda: self.now)

    def _read(self) -> str:
        if isinstance(self.file, ConfigError):
            raise self.file
        return self.file

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds
        self._moved += seconds

    def admit(self, token: str) -> Who | ApiError:
        return asyncio.run(self.admission.admit(token))

    def make(self, days: float | None = None, scopes: tuple[str, ...] = ("make",)) -> tuple[str, str]:
        """Add a token of Ada's; returns its id and its secret."""
        made = partial(make_token, user="ada", name="x", scopes=scopes, days=days, now=self.now)
        token, secret = self.store.run_now(made)
        return token.id, secret


@pytest.fixture
def doorman(store: Database, monkeypatch: pytest.MonkeyPatch) -> Doorman:
    return Doorman(store, monkeypatch)


def test_the_token_of_the_file_is_the_one_user_of_this_machine(doorman: Doorman) -> None:
    who = doorman.admit(FILE)
    assert isinstance(who, Who)
    assert (who.user, who.is_local, who.scopes) == ("local", True, frozenset(SCOPES))


def test_what_is_no_token_is_nobody_and_always_said_alike(doorman: Doorman) -> None:
    _, expired = doorman.make(days=1.0)
    doorman.pass_seconds(2 * DAY)
    for token in ("", "wrong", FILE[:-1], FILE + "x", FILE.upper(), "x" * 1_000, "\xff", "a\0b", "roo_", expired):
        refused = doorman.admit(token)
        assert isinstance(refused, ApiError), token
        assert (refused.status, refused.code) == (401, "unauthorized")
        assert refused.sentence.startswith("A token is missing, wrong or expired")


def test_a_token_of_the_store_is_its_user_with_its_scopes(doorman: Doorman) -> None:
    id, secret = doorman.make(scopes=("read", "metrics"))
    who = doorman.admit(secret)
    assert isinstance(who, Who)
    assert (who.user, who.name, who.token, who.is_local) == ("ada", "ada", id, False)
    assert who.scopes == {"read", "metrics"}
    with pytest.raises(ApiError, match="scope make"):
        who.require("make")


def test_it_is_believed_for_some_seconds_without_asking_again(doorman: Doorman) -> None:
    id, secret = doorman.make()
    doorman.admit(secret)
    # By another process, such as `musearoo tokens revoke`.
    doorman.store.run_now(partial(revoke_token, user="ada", token=id, now=doorman.now))
    doorman.pass_seconds(4.9)
    assert isinstance(doorman.admit(secret), Who)
    doorman.pass_seconds(0.2)
    assert isinstance(doorman.admit(secret), ApiError)


def test_what_this_server_revokes_counts_at_once(doorman: Doorman) -> None:
    id, secret = doorman.make()
    doorman.admit(secret)
    doorman.store.run_now(partial(revoke_token, user="ada", token=id, now=doorman.now))
    doorman.admission.forget()
    assert isinstance(doorman.admit(secret), ApiError)


def test_what_was_read_before_a_revocation_is_not_believed_after_it(doorman: Doorman) -> None:
    id, secret = doorman.make()
    read = doorman.store.read

    async def read_then_revoke(work: Any) -> Any:
        found = await read(work)
        doorman.store.run_now(partial(revoke_token, user="ada", token=id, now=doorman.now))
        doorman.admission.forget()
        return found

    doorman.store.read = read_then_revoke  # type: ignore[method-assign]
    assert isinstance(doorman.admit(secret), Who)
    doorman.store.read = read  # type: ignore[method-assign]
    assert isinstance(doorman.admit(secret), ApiError)


def test_it_ends_when_it_expires_also_while_it_is_believed(doorman: Doorman) -> None:
    _, secret = doorman.make(days=3.0 / DAY)
    assert isinstance(doorman.admit(secret), Who)
    doorman.pass_seconds(2.9)
    assert isinstance(doorman.admit(secret), Who)
    doorman.pass_seconds(0.2)
    assert isinstance(doorman.admit(secret), ApiError)


def test_it_ends_with_its_user(doorman: Doorman) -> None:
    _, secret = doorman.make()
    doorman.admit(secret)
    doorman.store.run_now(partial(delete_user, user="ada"))
    doorman.pass_seconds(6.0)
    assert isinstance(doorman.admit(secret), ApiError)


def test_another_token_in_the_file_revokes_the_one_before(doorman: Doorman) -> None:
    assert isinstance(doorman.admit(FILE), Who)
    doorman.file = "another"
    doorman.pass_seconds(5.1)
    assert isinstance(doorman.admit(FILE), ApiError)
    assert isinstance(doorman.admit("another"), Who)


def test_a_file_that_cannot_be_read_changes_nothing(doorman: Doorman) -> None:
    doorman.file = ConfigError("no rights")
    doorman.pass_seconds(5.1)
    assert isinstance(doorman.admit(FILE), Who)


def test_its_use_is_noted_once_a_minute(doorman: Doorman) -> None:
    _, secret = doorman.make()

    def used() -> float | None:
        return doorman.store.read_now(partial(list_tokens, user="ada"))[0].used

    first = doorman.now
    for seconds, expected in ((0.0, first), (30.0, first), (31.0, first + 61.0)):
        doorman.pass_seconds(seconds)
        doorman.admit(secret)
        assert used() == expected


def test_a_full_disk_keeps_nobody_from_reading(doorman: Doorman) -> None:
    _, secret = doorman.make()

    async def full(_: Any) -> Any:
        raise DiskFullError("The disk is full.")

    doorman.store.run = full  # type: ignore[assignment,method-assign]
    assert isinstance(doorman.admit(secret), Who)


def test_a_bounded_number_is_remembered(doorman: Doorman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MOST_KNOWN", 3)
    for _ in range(5):
        doorman.admit(doorman.make()[1])
    assert len(doorman.admission._known) == 3


def test_the_local_user_is_added_once(store: Database) -> None:
    for _ in range(2):
        asyncio.run(Admission(store, lambda: FILE).open())
