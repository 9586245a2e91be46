"""Steps: numbered without gaps, one winner for each number, replayed and undone."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from sqlalchemy import Connection

from musearoo.bridge.store.database import Database, open_database
from musearoo.bridge.store.errors import ConflictError, MissingError
from musearoo.bridge.store.sessions import keep_document, read_document, read_session
from musearoo.bridge.store.steps import (
    append_step,
    find_redoable,
    find_undoable,
    list_steps,
    list_steps_after,
    mark_undone,
)
from musearoo.bridge.store.tables import takes
from musearoo.bridge.store.takes import add_take, list_takes, read_take
from tests.bridge.store.some_rows import ANN, BOB, NOW, SONG, begin_song, place_takes, some_step, some_take


def test_a_step_moves_the_session_and_numbers_its_take(database: Database) -> None:
    database.run_now(begin_song)
    take = some_take()
    kept, other = database.run_now(lambda c: append_step(c, some_step(1), [take, some_take(99)]))
    assert [(each.number, each.step) for each in (kept, other)] == [(1, 1), (2, 1)]
    assert database.run_now(lambda c: append_step(c, some_step(2))) == ()
    assert database.run_now(lambda c: add_take(c, some_take(101))).number == 3
    session = database.read_now(lambda c: read_session(c, SONG))
    assert (session.version, session.takes, session.changed) == (2, 3, round(NOW + 2, 6))
    assert database.read_now(lambda c: read_take(c, take.id)) == kept
    assert database.read_now(lambda c: list_steps(c, SONG)) == (some_step(2), some_step(1))


def test_whoever_comes_second_is_told_so_and_changes_nothing(database: Database) -> None:
    database.run_now(begin_song)
    database.run_now(lambda c: place_takes(c, 2))
    for version in (1, 2, 4):
        with pytest.raises(ConflictError, match=f"at version 2, so that no step {version} can follow: somebody else"):
            database.run_now(partial(append_step, step=some_step(version), made=[some_take(500)]))
    with pytest.raises(MissingError, match="no such session"):
        database.run_now(lambda c: append_step(c, some_step(1, session=ANN)))
    session = database.read_now(lambda c: read_session(c, SONG))
    assert (session.version, session.takes) == (2, 2)
    assert len(database.read_now(lambda c: list_takes(c, SONG))) == 2


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    database.run_now(begin_song)

    def fail(connection: Connection) -> None:
        place_takes(connection, 1)
        # The same take once more.
        append_step(connection, some_step(2), [some_take(101)])

    with pytest.raises(ConflictError, match="exists already"):
        database.run_now(fail)
    assert database.read_now(lambda c: read_session(c, SONG)).version == 0
    assert database.read_now(lambda c: list_steps(c, SONG)) == ()


def test_two_servers_write_at_once_and_each_version_has_one_winner(address: str) -> None:
    servers = [open_database(address, make=False) for _ in range(2)]
    servers[0].run_now(begin_song)
    conflicts = 0

    async def write(database: Database, user: str) -> None:
        nonlocal conflicts
        for _ in range(20):
            done = False
            while not done:
                version = (await database.read(lambda c: read_session(c, SONG))).version + 1
                step = some_step(version, user=user)
                try:
                    await database.run(partial(append_step, step=step))
                    done = True
                except ConflictError:
                    conflicts += 1

    async def both() -> None:
        await asyncio.gather(write(servers[0], ANN), write(servers[1], BOB))

    asyncio.run(asyncio.wait_for(both(), 30))
    steps = servers[0].read_now(lambda c: list_steps_after(c, SONG, 0))
    assert [step.version for step in steps] == list(range(1, 41))
    assert sum(step.user == ANN for step in steps) == 20
    assert conflicts > 0
    for server in servers:
        server.close()


def test_undoing_is_a_mark_that_can_be_taken_back(database: Database) -> None:
    database.run_now(begin_song)
    database.run_now(lambda c: place_takes(c, 2))
    database.run_now(lambda c: mark_undone(c, SONG, 2, 3))
    assert [step.undone for step in database.read_now(lambda c: list_steps(c, SONG))] == [3, None]
    database.run_now(lambda c: mark_undone(c, SONG, 2, None))
    assert {step.undone for step in database.read_now(lambda c: list_steps(c, SONG))} == {None}
    with pytest.raises(MissingError, match="no such step"):
        database.run_now(lambda c: mark_undone(c, SONG, 3, 4))


def test_undo_goes_back_step_by_step_and_redo_forward_until_something_else_is_done(database: Database) -> None:
    database.run_now(begin_song)

    def travel(version: int, request: str, target: int) -> None:
        """An undo or redo of a step, as the server writes it."""

        def write(connection: Connection) -> None:
            append_step(connection, some_step(version, request=request))
            mark_undone(connection, SONG, target, version if request == "undo" else None)

        database.run_now(write)

    def ends() -> tuple[int | None, int | None]:
        """The versions that an undo and a redo would take."""
        found = (database.read_now(partial(find, session=SONG)) for find in (find_undoable, find_redoable))
        undoable, redoable = (None if step is None else step.version for step in found)
        return undoable, redoable

    assert ends() == (None, None)
    database.run_now(lambda c: place_takes(c, 2))
    assert ends() == (2, None)
    travel(3, "undo", 2)
    assert ends() == (1, 2)
    travel(4, "undo", 1)
    assert ends() == (None, 1)
    travel(5, "redo", 1)
    assert ends() == (1, 2)
    database.run_now(lambda c: append_step(c, some_step(6)))
    assert ends() == (6, None)


def test_a_session_is_resumed_from_its_document_and_later_steps(database: Database) -> None:
    database.run_now(begin_song)
    database.run_now(lambda c: place_takes(c, 5))
    assert database.run_now(lambda c: keep_document(c, SONG, checkpoint=3, document=b"three"))
    # An older one, which came late, and one that is ahead of the steps.
    assert not database.run_now(lambda c: keep_document(c, SONG, checkpoint=2, document=b"two"))
    assert not database.run_now(lambda c: keep_document(c, SONG, checkpoint=6, document=b"six"))
    kept = database.read_now(lambda c: read_document(c, SONG))
    assert (kept.version, kept.checkpoint, kept.document) == (5, 3, b"three")
    later = database.read_now(lambda c: list_steps_after(c, SONG, kept.checkpoint))
    assert [step.version for step in later] == [4, 5]


def test_history_comes_in_pages(database: Database) -> None:
    database.run_now(begin_song)
    database.run_now(lambda c: place_takes(c, 7))
    pages: list[list[int]] = []
    after = None
    while page := database.read_now(partial(list_steps, session=SONG, limit=3, after=after)):
        pages.append([step.version for step in page])
        after = page[-1].version
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def test_a_step_outlives_its_take(database: Database) -> None:
    database.run_now(begin_song)
    database.run_now(lambda c: place_takes(c, 1))
    database.run_now(lambda c: c.execute(takes.delete()))
    assert database.read_now(lambda c: list_steps(c, SONG)) == (some_step(1),)
