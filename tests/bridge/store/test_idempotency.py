"""Idempotency keys in the store: claimed once, and taken over from a server that was killed with all that it did."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection

from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import BusyError, ConflictError, MissingError
from musearoo.bridge.store.idempotency import (
    CLAIM,
    IN_LIVE,
    KEPT,
    Claim,
    claim_key,
    keep_answer,
    note_done,
    release_key,
    take_over,
)
from musearoo.bridge.store.jobs import add_job
from musearoo.bridge.store.records import Answer, Job, Token
from musearoo.bridge.store.sessions import add_session
from musearoo.bridge.store.steps import append_step
from musearoo.bridge.store.tokens import add_token
from musearoo.bridge.store.upkeep.move import count_rows
from musearoo.bridge.store.users import add_user
from tests.bridge.store.some_rows import ANN, BOB, NOW, SONG, begin_song, some_id, some_session, some_step, some_user

FIRST, SECOND = Claim(ANN, "k", "first", "killed"), Claim(ANN, "k", "second", "next")
LIVE = some_id(11)


@pytest.fixture
def song(database: Database) -> Database:
    """A store with Ann, Bob and a session of Ann's."""
    database.run_now(begin_song)
    return database


@pytest.fixture(autouse=True)
def no_claim() -> Iterator[None]:
    """What a test sets is gone after it."""
    token = CLAIM.set(None)
    yield
    CLAIM.reset(token)


def claim(database: Database, by: Claim = FIRST, digest: str = "d", now: float = NOW) -> Answer | None:
    return database.run_now(partial(claim_key, claim=by, digest=digest, now=now))


def take(database: Database, given_up: Answer | None, session: str = SONG, by: Claim = SECOND) -> Answer | None:
    assert given_up is not None
    return database.run_now(partial(take_over, claim=by, given_up=given_up, session=session, now=NOW + 1))


def do(database: Database, work: Callable[[Connection], object], by: Claim = FIRST) -> None:
    """Perform a transaction as the server does for a request with a key."""
    token = CLAIM.set(by)
    try:
        asyncio.run(database.run(work))
    finally:
        CLAIM.reset(token)


def job(number: int) -> Job:
    return Job(id=some_id(number), user=ANN, kind="split", request={}, made=NOW, server="killed")


def test_a_request_with_a_key_is_performed_once(song: Database) -> None:
    assert claim(song) is None
    waiting = claim(song, SECOND)
    assert waiting is not None
    assert (waiting.status, waiting.request_id, waiting.server, waiting.done) == (None, "first", "killed", None)
    keep = partial(keep_answer, user=ANN, key="k", status=201, body=b"made")
    with pytest.raises(MissingError):
        song.run_now(partial(keep, request_id="second"))
    song.run_now(partial(keep, request_id="first"))
    answered = claim(song, SECOND)
    assert answered is not None
    assert (answered.status, answered.body) == (201, b"made")
    with pytest.raises(ConflictError, match="stands for another request: use a new key"):
        claim(song, SECOND, digest="other")
    # Bob's keys are his own.
    bobs = Claim(BOB, "k", "third", "next")
    assert claim(song, bobs, digest="other") is None
    assert song.run_now(partial(release_key, user=ANN, key="k", request_id="first")) is None
    assert claim(song, SECOND, now=NOW + 3) is not None, "an answer is not released"
    song.run_now(partial(release_key, user=BOB, key="k", request_id="another"))
    assert claim(song, bobs, digest="other") is not None
    song.run_now(partial(release_key, user=BOB, key="k", request_id="third"))
    assert claim(song, bobs, digest="fourth") is None
    assert claim(song, SECOND, now=NOW + KEPT + 1) is None, "a day is enough"


def test_a_key_from_a_clock_that_went_back_is_given_up(song: Database) -> None:
    year = 365 * KEPT
    for key in ("unanswered", "answered"):
        mine = Claim(ANN, key, key, "server")
        assert claim(song, mine, now=NOW + year) is None
        if key == "answered":
            song.run_now(partial(keep_answer, user=ANN, key=key, request_id=key, status=200, body=b""))
        assert claim(song, mine) is None, key
        # A little earlier may be another server's clock.
        assert claim(song, mine, now=NOW - 1) is not None, key


def test_what_a_killed_server_has_done_is_told_and_what_it_has_not_is_done(song: Database) -> None:
    token = Token(id=some_id(70), user=ANN, name="phone", sha256="s", scopes=(), made=NOW)
    cases: tuple[tuple[Callable[[Connection], object], str], ...] = (
        (partial(append_step, step=some_step(1)), f"step {SONG} 1"),
        (partial(add_job, job=job(60)), f"job {some_id(60)}"),
        (partial(add_session, session=some_session(12)), f"session {some_id(12)}"),
        (partial(add_user, user=some_user(3)), f"user {some_id(3)}"),
        (partial(add_token, token=token), f"token {some_id(70)}"),
    )
    for number, (work, noted) in enumerate(cases):
        first, second = (Claim(ANN, f"k{number}", each, each) for each in ("first", "second"))
        claim(song, first)

        def fail(connection: Connection, work: Callable[[Connection], object] = work) -> None:
            work(connection)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            do(song, fail, first)
        given_up = claim(song, second)
        assert given_up is not None
        assert given_up.done is None, noted
        do(song, work, first)
        told = take(song, given_up, by=second)
        assert told is not None, noted
        assert (told.done, told.request_id) == (noted, "first")
        third = Claim(ANN, f"l{number}", "third", "next")
        claim(song, third)
        assert take(song, claim(song, third), by=Claim(ANN, f"l{number}", "fourth", "next")) is None, "nothing was done"


def test_all_that_a_request_does_is_noted_but_not_what_goes_on_after_it(song: Database) -> None:
    mine = Claim(ANN, "k", "first", "killed", by_product="session")
    claim(song, mine)
    do(song, partial(add_session, session=some_session(12)), mine)
    assert (known := claim(song, SECOND)) is not None
    assert known.done is None
    do(song, partial(append_step, step=some_step(1)), mine)
    do(song, partial(add_job, job=job(60)), mine)
    mine.is_open = False
    do(song, partial(append_step, step=some_step(2)), mine)
    done = f"step {SONG} 1,job {some_id(60)}"
    assert song.run_now(partial(release_key, user=ANN, key="k", request_id="first")) == done
    assert (known := claim(song, SECOND)) is not None
    assert known.done == done


def test_of_two_that_take_over_one_does_it_and_who_is_late_does_nothing(song: Database) -> None:
    claim(song)
    given_up = claim(song, SECOND)
    assert take(song, given_up) is None
    other = take(song, given_up, by=Claim(ANN, "k", "third", "another"))
    assert other is not None
    assert (other.request_id, other.server, other.done) == ("second", "next", None)
    before = song.read_now(count_rows)
    with pytest.raises(BusyError, match="a repeat of it was begun"):
        do(song, partial(append_step, step=some_step(1)), FIRST)
    assert song.read_now(count_rows) == before
    do(song, partial(append_step, step=some_step(1)), SECOND)
    assert song.run_now(partial(release_key, user=ANN, key="k", request_id="first")) is None
    assert song.run_now(partial(release_key, user=ANN, key="k", request_id="second")) == f"step {SONG} 1"
    song.run_now(lambda connection: connection.exec_driver_sql("DELETE FROM idempotency"))
    with pytest.raises(MissingError):
        take(song, given_up)


def test_who_takes_over_waits_for_a_transaction_that_is_being_committed(song: Database) -> None:
    """PostgreSQL may still commit what a killed server sent last."""
    claim(song)
    given_up = claim(song, SECOND)
    has_noted = threading.Event()

    def commit_slowly(connection: Connection) -> None:
        CLAIM.set(FIRST)
        append_step(connection, some_step(1))
        has_noted.set()
        time.sleep(0.3)

    thread = threading.Thread(target=song.run_now, args=(commit_slowly,))
    thread.start()
    assert has_noted.wait(5.0)
    told = take(song, given_up)
    thread.join()
    assert told is not None
    assert told.done == f"step {SONG} 1"


def test_what_was_asked_of_live_is_not_asked_again(song: Database) -> None:
    song.run_now(partial(add_session, session=some_session(11, kind="live", live_set="A")))
    for key, request_id in (("k", "first"), ("l", "other")):
        claim(song, Claim(ANN, key, request_id, "killed"))
    # What Live tells comes by another way than the request.
    song.run_now(partial(append_step, step=some_step(1, session=LIVE, request_id="first")))
    for key, done in (("k", f"step {LIVE} 1"), ("l", IN_LIVE)):
        second = Claim(ANN, key, "second", "next")
        told = take(song, claim(song, second), session=LIVE, by=second)
        assert told is not None
        assert told.done == done
        again = claim(song, second)
        assert again is not None
        assert again.done == done


def test_without_a_key_nothing_is_noted(song: Database) -> None:
    song.run_now(lambda connection: note_done(connection, "job", "60"))
    assert song.read_now(count_rows)["idempotency"] == 0
