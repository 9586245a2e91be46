"""Retention and deletion: what is old goes, what is liked or needed stays, and what is a user's is theirs to take."""

from __future__ import annotations

import base64
import io
import json
from functools import partial
from typing import Any

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection, select

from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.feedback import find_feedback, give_feedback, list_feedback, withdraw_feedback
from musearoo.bridge.store.files import add_file
from musearoo.bridge.store.idempotency import Claim, claim_key, keep_answer
from musearoo.bridge.store.jobs import add_job, end_job
from musearoo.bridge.store.records import Feedback, File, Job, Member
from musearoo.bridge.store.sessions import add_session, keep_document, list_sessions, read_session, set_member
from musearoo.bridge.store.steps import append_step, list_steps, list_steps_after
from musearoo.bridge.store.tables import files, idempotency, jobs, metadata, sessions, takes
from musearoo.bridge.store.takes import add_take, list_takes
from musearoo.bridge.store.upkeep import retention
from musearoo.bridge.store.upkeep.move import count_rows
from musearoo.bridge.store.upkeep.personal import delete_user, export_user
from musearoo.bridge.store.upkeep.retention import DAY, sweep
from tests.bridge.store.some_rows import (
    ANN,
    BOB,
    NOTES,
    NOW,
    SONG,
    begin_song,
    place_takes,
    some_id,
    some_session,
    some_step,
    some_take,
)
from tests.bridge.store.upkeep.test_move import fill

LATER = NOW + 40 * DAY


def some_file(number: int, **values: Any) -> File:
    fields = {"id": some_id(number), "user": ANN, "kind": "upload", "name": "a.wav", "path": f"/files/{number}"}
    return File(**{**fields, "bytes": 10, "sha256": "s", "made": NOW, **values})


def sweep_all(database: Database, keep_days: float | None, now: float = LATER) -> tuple[dict[str, int], list[str]]:
    rows: dict[str, int] = {}
    paths: list[str] = []
    more = True
    while more:
        swept = database.run_now(partial(sweep, now=now, keep_days=keep_days))
        rows = {name: rows.get(name, 0) + swept.rows.get(name, 0) for name in {*rows, *swept.rows}}
        paths += swept.paths
        more = swept.more
    return {name: count for name, count in rows.items() if count}, paths


def like(connection: Connection, take: str, value: Any = 1) -> None:
    give_feedback(connection, Feedback(take=take, user=BOB, value=value, made=NOW))


def test_nothing_but_answers_goes_without_a_bound(database: Database) -> None:
    database.run_now(fill)
    before = database.read_now(count_rows)
    assert sweep_all(database, None) == ({"idempotency": 1}, [])
    assert database.read_now(count_rows) == {**before, "idempotency": 0}


def test_old_sessions_go_with_all_that_is_in_them_but_for_liked_ones(database: Database) -> None:
    database.run_now(begin_song)
    database.run_now(partial(place_takes, count=3))
    for number, changed in ((11, NOW), (12, LATER - DAY)):
        database.run_now(partial(add_session, session=some_session(number, changed=changed)))
        database.run_now(partial(add_take, take=some_take(200 + number, session=some_id(number), made=NOW)))
    database.run_now(partial(like, take=some_take(102).id))
    database.run_now(partial(like, take=some_take(103).id, value=-1))
    database.run_now(partial(keep_document, session=SONG, checkpoint=2, document=b"two"))
    rows, _ = sweep_all(database, 30)
    assert rows == {"takes": 4, "steps": 2, "sessions": 1}
    # The take is liked, so its session stays, and the step that its document lacks.
    assert [take.number for take in database.read_now(partial(list_takes, session=SONG))] == [2]
    assert [step.version for step in database.read_now(partial(list_steps_after, session=SONG, version=0))] == [3]
    assert database.read_now(partial(read_session, session=SONG)).version == 3
    # The young one stays without its old take.
    assert [each.id for each in database.read_now(partial(list_sessions, user=ANN))] == [some_id(12), SONG]
    assert sweep_all(database, 30) == ({}, [])
    # The next take goes on counting.
    step = some_step(4, made=LATER)
    (taken,) = database.run_now(partial(append_step, step=step, made=[some_take(300, made=LATER)]))
    assert taken.number == 4


def test_sessions_in_use_stay_with_their_old_files(database: Database) -> None:
    database.run_now(begin_song)
    young = LATER - DAY
    for number in (11, 12, 13):
        database.run_now(partial(add_session, session=some_session(number)))
        database.run_now(partial(add_file, file=some_file(100 + number, session=some_id(number))))
    database.run_now(partial(add_file, file=some_file(1, session=some_id(11), made=young)))
    job = Job(id=some_id(60), user=ANN, session=some_id(12), kind="split", request={}, made=young, server="s")
    database.run_now(partial(add_job, job=job))
    database.run_now(partial(add_take, take=some_take(200, session=some_id(13), made=young)))
    assert sweep_all(database, 30) == ({"sessions": 1}, [])
    rows, paths = sweep_all(database, 30, now=LATER + 40 * DAY)
    assert rows == {"files": 3, "takes": 1, "sessions": 2}
    assert sorted(paths) == ["/files/1", "/files/111", "/files/113"]
    # The one whose job has not ended.
    assert [each.id for each in database.read_now(partial(list_sessions, user=ANN))] == [some_id(12)]


def test_jobs_go_once_they_have_ended_and_answers_after_a_day(database: Database) -> None:
    database.run_now(begin_song)
    for number in (60, 61):
        job = Job(id=some_id(number), user=ANN, kind="split", request={}, made=NOW, server="s")
        database.run_now(partial(add_job, job=job))
    database.run_now(partial(end_job, job=some_id(60), state="cancelled", now=NOW))
    for key, made in (("old", NOW), ("new", LATER - DAY / 2)):
        database.run_now(partial(claim_key, claim=Claim(ANN, key, key, "server"), digest="d", now=made))
        database.run_now(partial(keep_answer, user=ANN, key=key, request_id=key, status=200, body=b""))
    rows, _ = sweep_all(database, 60)
    assert rows == {"idempotency": 1}
    rows, _ = sweep_all(database, 30)
    assert rows == {"jobs": 1, "sessions": 1}
    assert database.read_now(lambda c: c.execute(select(jobs.c.id)).scalar_one()) == some_id(61)
    assert database.read_now(lambda c: c.execute(select(idempotency.c.key)).scalar_one()) == "new"


def test_files_go_with_their_session_and_their_paths_are_told_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    database.run_now(begin_song)
    database.run_now(partial(add_session, session=some_session(12, changed=LATER)))
    given = (
        some_file(1, session=SONG),
        some_file(2, session=SONG),
        some_file(3, session=SONG, path="/files/shared"),
        some_file(4),
        some_file(5, made=LATER),
        some_file(6, session=some_id(12), path="/files/shared"),
    )
    for file in given:
        database.run_now(partial(add_file, file=file))
    rows, paths = sweep_all(database, 30)
    assert rows == {"files": 4, "sessions": 1}
    assert sorted(paths) == ["/files/1", "/files/2", "/files/4"]
    assert database.read_now(lambda c: c.execute(select(files.c.id)).scalars().all()) == [some_id(5), some_id(6)]


def test_a_sweep_comes_in_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    database.run_now(begin_song)
    database.run_now(partial(place_takes, count=5))
    first = database.run_now(partial(sweep, now=LATER, keep_days=30))
    assert (first.rows["takes"], first.more) == (2, True)
    rows, _ = sweep_all(database, 30)
    assert rows == {"takes": 3, "sessions": 1}
    assert database.read_now(lambda c: c.execute(select(sessions)).all()) == []


def test_feedback_is_one_a_user_and_can_be_withdrawn(database: Database) -> None:
    database.run_now(begin_song)
    database.run_now(partial(place_takes, count=2))
    take = some_take(101).id
    database.run_now(partial(like, take=take))
    database.run_now(partial(like, take=take, value=-1))
    both = [take, some_take(102).id]
    assert database.read_now(partial(list_feedback, takes=both, user=BOB)) == {take: -1}
    assert database.read_now(partial(list_feedback, takes=both, user=ANN)) == {}
    assert [database.read_now(partial(find_feedback, take=each, user=BOB)) for each in both] == [-1, 0]
    assert database.run_now(partial(withdraw_feedback, take=take, user=BOB))
    assert not database.run_now(partial(withdraw_feedback, take=take, user=BOB))
    with pytest.raises(MissingError, match="not there any more"):
        database.run_now(partial(like, take=some_id(999)))


def test_an_export_has_all_of_a_users_data_and_no_secrets(database: Database) -> None:
    database.run_now(fill)
    stream = io.BytesIO()
    counts = database.read_now(partial(export_user, user=ANN, stream=stream))
    text = stream.getvalue()
    data = json.loads(text)
    assert {name: len(rows) for name, rows in data.items() if name not in ("format", "version")} == counts
    stored = database.read_now(count_rows)
    # One user of two, and feedback that was Bob's.
    assert counts == {**{k: v for k, v in stored.items() if k != "users"}, "user": 1, "feedback": 0}
    assert data["user"][0]["name"] == "Ann"
    assert base64.b64decode(data["takes"][0]["notes"]) == NOTES
    assert data["takes"][0]["params"] == some_take().params
    assert data["tokens"][0]["scopes"] == ["read", "play"]
    assert b"sha256" not in text.split(b'"files"')[0]
    assert b"password" not in text
    with pytest.raises(MissingError, match="no such user"):
        database.read_now(partial(export_user, user=some_id(999), stream=stream))


def test_a_deleted_user_leaves_nothing_but_music_in_other_peoples_sessions(database: Database) -> None:
    database.run_now(fill)
    database.run_now(partial(add_session, session=some_session(11, owner=BOB)))
    database.run_now(partial(set_member, member=Member(session=some_id(11), user=ANN, role="editor")))
    shared = some_take(400, session=some_id(11))
    step = some_step(1, session=some_id(11))
    database.run_now(partial(append_step, step=step, made=[shared]))
    database.run_now(partial(add_file, file=some_file(500, session=SONG, user=BOB)))
    assert sorted(database.run_now(partial(delete_user, user=ANN))) == ["/a", "/files/500"]
    left = {name: count for name, count in database.read_now(count_rows).items() if count}
    assert left == {"users": 1, "sessions": 1, "members": 1, "takes": 1, "steps": 1}
    (kept,) = database.read_now(partial(list_steps, session=some_id(11)))
    assert (kept.user, kept.version) == (None, 1)
    assert database.read_now(lambda c: c.execute(select(takes.c.user)).scalar_one()) is None
    assert ANN not in repr(
        database.read_now(lambda c: [c.execute(select(table)).all() for table in metadata.sorted_tables])
    )
    with pytest.raises(MissingError, match="no such user"):
        database.run_now(partial(delete_user, user=ANN))
