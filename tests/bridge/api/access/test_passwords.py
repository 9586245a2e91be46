"""Passwords: argon2id, bounds of length, and no name that the time betrays."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from tests.optional import require

require("argon2")

from musearoo.bridge.api.access import passwords
from musearoo.bridge.api.access.passwords import Hashing, hash_password, is_password
from musearoo.bridge.api.problems.errors import ApiError


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password("correct horse")


def test_a_password_is_kept_as_argon2id_with_a_salt(hashed: str) -> None:
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hash_password("correct horse") != hashed
    assert is_password("correct horse", hashed)


def test_another_password_is_none(hashed: str) -> None:
    for wrong in ("", "correct hors", "Correct horse", "correct horse ", "correct horse\0", "\udcff"):
        assert not is_password(wrong, hashed), wrong


def test_what_is_no_hash_admits_nobody() -> None:
    for kept in ("", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"):
        assert not is_password("correct horse", kept), kept
    assert not is_password("nobody has this name", None)


def test_a_password_has_bounds() -> None:
    for wrong in ("", "123456789", "x" * 513):
        with pytest.raises(ApiError, match="10 to 512 characters") as error:
            hash_password(wrong)
        assert (error.value.status, error.value.field) == (422, "password")
    assert is_password("ß" * 512, hash_password("ß" * 512))
    assert is_password("x" * 20 + "\ud800", hash_password("x" * 20 + "\ud800"))


def test_a_password_that_is_too_long_is_not_cut() -> None:
    longest = hash_password("x" * 512)
    assert is_password("x" * 512, longest)
    assert not is_password("x" * 513, longest)


def test_names_that_nobody_has_take_as_long(hashed: str) -> None:
    is_password("first", None)

    def seconds(kept: str | None) -> float:
        began = time.perf_counter()
        assert not is_password("wrong password", kept)
        return time.perf_counter() - began

    known, unknown = (min(seconds(kept) for _ in range(5)) for kept in (hashed, None))
    # Both compute one hash, of tens of milliseconds; to skip it would take less than one.
    assert unknown > known / 3
    assert known > unknown / 3


def test_a_few_are_hashed_at_once_and_a_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", 3)
    release, most, now = threading.Event(), 0, 0
    lock = threading.Lock()

    def slow(_: str) -> str:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        release.wait(5.0)
        with lock:
            now -= 1
        return "done"

    async def ask() -> list[str | BaseException]:
        hashing = Hashing()
        asked = [asyncio.create_task(hashing.run(slow, "x")) for _ in range(8)]
        await asyncio.sleep(0.05)
        release.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(ask())
    assert answers.count("done") == 5
    refused = [answer for answer in answers if isinstance(answer, ApiError)]
    assert [error.status for error in refused] == [503] * 3
    assert most == 2
