"""Users, tokens, sessions, takes, jobs, answers, files: what is written is read again, in pages, and guarded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection

from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import ConflictError, MissingError
from musearoo.bridge.store.files import add_file, find_same_file, read_file, remove_file, remove_files_of, sum_bytes
from musearoo.bridge.store.ids import new_id
from musearoo.bridge.store.jobs import (
    add_job,
    begin_job,
    end_job,
    list_jobs,
    list_unfinished_jobs,
    read_job,
    report_job,
)
from musearoo.bridge.store.preferences import count_preferences, keep_preference
from musearoo.bridge.store.records import File, Job, Member, Preference, Token
from musearoo.bridge.store.sessions import (
    add_session,
    close_session,
    count_open_sessions,
    find_role,
    list_members,
    list_sessions,
    read_document,
    read_session,
    remove_member,
    remove_session,
    rename_session,
    resume_session,
    set_member,
)
from musearoo.bridge.store.tables import takes
from musearoo.bridge.store.takes import add_take, list_takes, read_take
from musearoo.bridge.store.tokens import (
    USED_EVERY,
    add_token,
    count_tokens,
    digest_token,
    find_token,
    list_tokens,
    note_use,
    revoke_token,
)
from musearoo.bridge.store.upkeep.move import count_rows
from musearoo.bridge.store.users import add_user, find_user, list_users, read_user, set_password_hash
from musearoo.engines.errors import ParamError
from tests.bridge.store.some_rows import (
    ANN,
    BOB,
    NOW,
    SONG,
    begin_song,
    place_takes,
    some_id,
    some_session,
    some_take,
    some_user,
)


@pytest.fixture
def song(database: Database) -> Database:
    """A store with Ann, Bob and a session of Ann's."""
    database.run_now(begin_song)
    return database


def test_ids_sort_by_time_and_are_unique_when_the_clock_goes_back() -> None:
    times = (5.0, 6.0, 6.0005, 2.0, -1.0, 1e20)
    ids = [new_id(now, number.to_bytes(10, "big")) for number, now in enumerate(times)]
    assert len(set(ids)) == len(ids)
    assert [len(each) for each in ids] == [32] * len(ids)
    assert [ids.index(each) for each in sorted(ids)] == [4, 3, 0, 1, 2, 5]
    with pytest.raises(ValueError, match="an id needs 10 random bytes, not 9"):
        new_id(0.0, bytes(9))


def test_users_have_names_of_their_own(song: Database) -> None:
    user = some_user(3, name="Zoë", email="z@example.org", password_hash="$argon2id$x")
    song.run_now(partial(add_user, user=user))
    assert song.read_now(partial(read_user, user=user.id)) == song.read_now(partial(find_user, name="Zoë")) == user
    assert song.read_now(partial(find_user, name="nobody")) is None
    song.run_now(partial(set_password_hash, user=user.id, password_hash=None))
    with pytest.raises(ConflictError, match="exists already"):
        song.run_now(partial(add_user, user=some_user(4, name="Ann")))
    with pytest.raises(MissingError, match="no such user"):
        song.run_now(partial(set_password_hash, user=some_id(99), password_hash=None))
    assert song.read_now(partial(read_user, user=user.id)) == some_user(3, name="Zoë", email="z@example.org")
    assert [each.name for each in song.read_now(partial(list_users, limit=2))] == ["Zoë", "Bob"]


def some_token(number: int, secret: str, **values: Any) -> Token:
    fields: dict[str, Any] = {"id": some_id(number), "user": ANN, "name": "phone", "scopes": ("read", "play")}
    return Token(**{**fields, "sha256": digest_token(secret), "made": NOW, **values})


def test_a_token_is_found_by_its_secret_until_it_expires_or_is_revoked(song: Database) -> None:
    song.run_now(partial(add_token, token=some_token(70, "secret", expires=NOW + 10)))
    song.run_now(partial(add_token, token=some_token(71, "other", scopes=())))
    found = song.read_now(partial(find_token, secret="secret", now=NOW))
    assert found is not None
    assert (found.scopes, found.user) == (("read", "play"), ANN)
    assert song.read_now(partial(find_token, secret="Secret", now=NOW)) is None
    assert song.read_now(partial(find_token, secret="secret", now=NOW + 10)) is None
    other = song.read_now(partial(find_token, secret="other", now=NOW + 1e6))
    assert other is not None
    assert other.scopes == ()
    with pytest.raises(MissingError, match="no such token"):
        song.run_now(partial(revoke_token, user=BOB, token=other.id, now=NOW))
    song.run_now(partial(revoke_token, user=ANN, token=other.id, now=NOW))
    assert song.read_now(partial(find_token, secret="other", now=NOW)) is None
    assert [each.id for each in song.read_now(partial(list_tokens, user=ANN))] == [some_id(71), some_id(70)]
    assert song.read_now(partial(list_tokens, user=BOB)) == ()
    with pytest.raises(ConflictError):
        song.run_now(partial(add_token, token=some_token(72, "secret")))


def test_the_store_has_the_sha256_of_a_token() -> None:
    # As sha256sum says.
    assert digest_token("token") == "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0"


def test_the_last_use_of_a_token_is_noted_once_a_minute(song: Database) -> None:
    song.run_now(partial(add_token, token=some_token(70, "secret")))
    noted = []
    for now in (NOW, NOW + 1, NOW + USED_EVERY + 1, NOW - 1000):
        token = song.read_now(partial(find_token, secret="secret", now=now))
        assert token is not None
        noted.append(song.run_now(partial(note_use, token=token, now=now)))
    assert noted == [True, False, True, True]


def test_sessions_are_listed_for_their_members(song: Database) -> None:
    for number in (11, 12, 13):
        owner = BOB if number == 12 else ANN
        song.run_now(partial(add_session, session=some_session(number, owner=owner, kind="live", live_set="A")))
    song.run_now(partial(set_member, member=Member(session=SONG, user=BOB, role="listener")))
    song.run_now(partial(close_session, session=some_id(13), now=NOW + 1))

    def ids(user: str, **options: Any) -> list[str]:
        return [each.id for each in song.read_now(partial(list_sessions, user=user, **options))]

    assert ids(ANN) == [some_id(13), some_id(11), SONG]
    assert ids(ANN, closed=False) == [some_id(11), SONG]
    assert ids(BOB) == [some_id(12), SONG]
    assert ids(ANN, limit=1, after=some_id(13)) == [some_id(11)]
    song.run_now(partial(resume_session, session=some_id(13), now=NOW + 2))
    song.run_now(partial(rename_session, session=some_id(13), name="Tune", now=NOW + 3))
    session = song.read_now(partial(read_session, session=some_id(13)))
    assert (session.closed, session.name, session.changed, session.live_set) == (None, "Tune", round(NOW + 3, 6), "A")
    for limit in (0, 501):
        with pytest.raises(ParamError, match="limit must be 1 to 500"):
            ids(ANN, limit=limit)


def test_a_session_has_one_owner_and_members_with_roles(song: Database) -> None:
    song.run_now(partial(set_member, member=Member(session=SONG, user=BOB, role="listener")))
    song.run_now(partial(set_member, member=Member(session=SONG, user=BOB, role="editor")))
    roles = {each.user: each.role for each in song.read_now(partial(list_members, session=SONG))}
    assert roles == {ANN: "owner", BOB: "editor"}
    assert song.read_now(partial(find_role, session=SONG, user=BOB)) == "editor"
    assert song.read_now(partial(find_role, session=SONG, user=some_id(99))) is None
    for member in (Member(session=SONG, user=ANN, role="editor"), Member(session=SONG, user=BOB, role="owner")):
        with pytest.raises(ParamError, match="a session has one owner"):
            song.run_now(partial(set_member, member=member))
    with pytest.raises(MissingError):
        song.run_now(partial(remove_member, session=SONG, user=ANN))
    song.run_now(partial(remove_member, session=SONG, user=BOB))
    assert song.read_now(partial(find_role, session=SONG, user=BOB)) is None
    with pytest.raises(MissingError, match="not there any more"):
        song.run_now(partial(set_member, member=Member(session=SONG, user=some_id(99), role="editor")))


def test_a_deleted_session_takes_everything_along(song: Database) -> None:
    song.run_now(partial(place_takes, count=3))
    song.run_now(partial(remove_session, session=SONG))
    left = {name: count for name, count in song.read_now(count_rows).items() if count}
    assert left == {"users": 2}
    for work in (read_session, read_document):
        with pytest.raises(MissingError, match="no such session: read the list again"):
            song.read_now(partial(work, session=SONG))
    with pytest.raises(MissingError):
        song.run_now(partial(add_take, take=some_take()))
    song.run_now(partial(add_session, session=some_session(), document=b"set"))
    assert song.read_now(partial(read_document, session=SONG)).document == b"set"


def test_takes_are_kept_with_all_that_reproduces_them(song: Database) -> None:
    first = song.run_now(partial(add_take, take=some_take(100)))
    second = song.run_now(partial(add_take, take=some_take(50, parent=first.id, place=None, seed=-(2**63))))
    assert song.read_now(partial(read_take, take=first.id)) == first
    # By number, whatever the clock said.
    assert song.read_now(partial(list_takes, session=SONG)) == (second, first)
    assert song.read_now(partial(list_takes, session=SONG, after=2)) == (first,)
    song.run_now(lambda connection: connection.execute(takes.delete().where(takes.c.id == first.id)))
    assert song.read_now(partial(read_take, take=second.id)).parent is None
    with pytest.raises(MissingError, match="no such take"):
        song.read_now(partial(read_take, take=first.id))


def test_a_job_ends_once(song: Database) -> None:
    job = Job(id=some_id(60), user=ANN, session=SONG, kind="split", request={"file": "a"}, made=NOW, server="s")
    song.run_now(partial(add_job, job=job))
    assert song.read_now(partial(read_job, job=job.id)) == job
    assert not song.run_now(partial(report_job, job=job.id, phase="x", fraction=0.5, text=""))
    assert song.run_now(partial(begin_job, job=job.id, now=NOW + 1))
    assert not song.run_now(partial(begin_job, job=job.id, now=NOW + 1))
    assert song.run_now(partial(report_job, job=job.id, phase="separating", fraction=0.5, text="drums"))
    assert song.run_now(partial(end_job, job=job.id, state="done", now=NOW + 2, result={"stems": ["d"]}))
    assert not song.run_now(partial(end_job, job=job.id, state="cancelled", now=NOW + 3))
    ended = song.read_now(partial(read_job, job=job.id))
    assert (ended.state, ended.fraction, ended.phase, ended.text) == ("done", 1.0, "separating", "drums")
    assert (ended.result, ended.fault, ended.began, ended.ended) == (
        {"stems": ["d"]}, None, round(NOW + 1, 6), round(NOW + 2, 6),
    )  # fmt: skip


def test_jobs_are_listed_by_user_and_while_they_are_unfinished(song: Database) -> None:
    for number in (60, 61, 62):
        job = Job(id=some_id(number), user=ANN, kind="split", request={}, made=NOW, server=f"server {number}")
        song.run_now(partial(add_job, job=job))
    song.run_now(partial(begin_job, job=some_id(61), now=NOW))
    song.run_now(partial(end_job, job=some_id(62), state="done", now=NOW))
    listed = song.read_now(partial(list_jobs, user=ANN))
    assert [job.state for job in listed] == ["done", "running", "waiting"]
    unfinished = song.read_now(list_unfinished_jobs)
    assert [job.server for job in unfinished] == ["server 60", "server 61"]
    assert song.read_now(partial(list_jobs, user=ANN, session=SONG)) == ()


def test_files_are_found_by_content_and_their_paths_are_counted(song: Database) -> None:
    def file(number: int, **values: Any) -> File:
        fields = {"id": some_id(number), "user": ANN, "kind": "upload", "name": "a.wav", "path": "/files/ab"}
        return File(**{**fields, "bytes": 2**40, "sha256": "ab", "made": NOW, **values})

    for each in (file(80), file(81, session=SONG), file(82, user=BOB)):
        song.run_now(partial(add_file, file=each))
    assert song.read_now(partial(read_file, file=some_id(80))) == file(80)
    assert song.read_now(partial(find_same_file, user=ANN, sha256="ab", kind="upload")) == file(81, session=SONG)
    assert song.read_now(partial(find_same_file, user=ANN, sha256="ab", kind="render")) is None
    # What two rows share is on the disk once.
    assert song.read_now(partial(sum_bytes, user=ANN, kinds=("upload",))) == 2**40
    song.run_now(partial(add_file, file=file(83, kind="clip", path="/files/cd", bytes=5, session=SONG)))
    song.run_now(partial(add_file, file=file(84, kind="render", path="/files/ef", bytes=7)))
    assert song.read_now(partial(sum_bytes, user=ANN, kinds=("upload", "clip"))) == 2**40 + 5
    assert song.read_now(partial(sum_bytes, user=BOB, kinds=("clip",))) == 0
    gone = [song.run_now(partial(remove_file, file=some_id(number))) for number in (80, 81, 82)]
    assert gone == [None, None, "/files/ab"]
    for each in (file(85, session=SONG), file(86)):
        song.run_now(partial(add_file, file=each))
    assert song.run_now(partial(remove_files_of, session=SONG)) == ("/files/cd",)
    assert song.run_now(partial(remove_file, file=some_id(86))) == "/files/ab"


def test_a_bound_holds_also_for_many_at_once(song: Database) -> None:
    def token(number: int) -> Token:
        return some_token(number, f"secret {number}")

    def setting(number: int) -> Preference:
        return Preference(user=BOB, key=f"setting {number}", value=1, changed=NOW)

    cases: tuple[tuple[Callable[[Connection], int], Callable[[Connection, int], None]], ...] = (
        (
            partial(count_open_sessions, owner=BOB),
            lambda connection, number: add_session(connection, some_session(number, owner=BOB)),
        ),
        (partial(count_tokens, user=ANN, now=NOW), lambda connection, number: add_token(connection, token(number))),
        (partial(count_preferences, user=BOB), lambda connection, number: keep_preference(connection, setting(number))),
    )
    for case, (count, add) in enumerate(cases):
        together = threading.Barrier(4)

        def ask(
            number: int,
            together: threading.Barrier = together,
            count: Callable[[Connection], int] = count,
            add: Callable[[Connection, int], None] = add,
        ) -> None:
            def work(connection: Connection) -> None:
                if count(connection) < 2:
                    # Long enough for the others to count, too, if they may.
                    time.sleep(0.1)
                    add(connection, number)

            together.wait()
            song.run_now(work)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(ask, range(200, 204)))
        assert song.run_now(count) == 2, f"case {case}"
