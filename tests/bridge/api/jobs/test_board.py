"""The board of jobs on a real store: how long a job waits, what another server ends, and versions of sets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.jobs.board import JobBoard
from musearoo.bridge.api.jobs.lanes import USUAL_SECONDS
from musearoo.bridge.api.jobs.on_sets import work_on_set
from musearoo.bridge.api.jobs.runner import TaskRunner
from musearoo.bridge.api.jobs.work import NewJob, RunningJob
from musearoo.bridge.api.sets.packets import pack
from musearoo.bridge.api.types.answers import JobState
from musearoo.bridge.api.types.requests import Act, Generate, Imagine
from musearoo.bridge.protocol import CreateScene
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.jobs import end_job
from tests.bridge.api.sessions.some_sessions import ADA, SESSION, Opened, make_session


def play(store: Database, home: Path, work: Callable[[JobBoard], Awaitable[None]]) -> None:
    """Do something with a board."""

    async def run() -> None:
        make_session(store)
        board = JobBoard(store, home, home / "made", lambda _session, _job: None)
        await board.open()
        await work(board)
        await board.close()

    asyncio.run(asyncio.wait_for(run(), 20.0))


def test_a_waiting_job_tells_how_long_it_will_take(store: Database, tmp_path: Path) -> None:
    async def work(board: JobBoard) -> None:
        goes_on = asyncio.Event()

        async def wait(_: RunningJob) -> dict[str, Any]:
            await goes_on.wait()
            return {}

        jobs = [await board.begin(NewJob("render", "light", SESSION, {}, wait), ADA) for _ in range(3)]
        first, second, third = [await board.read(job.id, ADA) for job in jobs]
        assert first.eta is None, "nothing is known of it yet"
        assert (second.eta, third.eta) == (2 * USUAL_SECONDS, 3 * USUAL_SECONDS)
        goes_on.set()
        for job in jobs:
            assert (await board.read(job.id, ADA, wait=10.0)).state == "done"
        goes_on.clear()
        jobs = [await board.begin(NewJob("render", "light", SESSION, {}, wait), ADA) for _ in range(2)]
        first, second = [await board.read(job.id, ADA) for job in jobs]
        assert first.eta is not None, "one of its kind was done"
        assert second.eta is not None
        assert first.eta <= second.eta < USUAL_SECONDS

    play(store, tmp_path, work)


def test_a_job_that_ends_while_it_is_looked_up_is_told_as_ended(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(board: JobBoard) -> None:
        goes_on = asyncio.Event()

        async def wait(_: RunningJob) -> dict[str, Any]:
            await goes_on.wait()
            return {}

        job = await board.begin(NewJob("render", "light", SESSION, {}, wait), ADA)
        read = store.read

        async def read_before_the_end(look: Any) -> Any:
            found = await read(look)
            goes_on.set()
            while board.count("render", "running") + board.count("render", "waiting"):
                await asyncio.sleep(0.001)
            return found

        monkeypatch.setattr(store, "read", read_before_the_end)
        assert (await board.read(job.id, ADA, wait=10.0)).state == "done"

    play(store, tmp_path, work)


def test_what_another_server_has_cancelled_is_not_written(store: Database, tmp_path: Path) -> None:
    async def work(board: JobBoard) -> None:
        is_written = False

        async def write(job: RunningJob) -> dict[str, Any]:
            nonlocal is_written
            # By way of another server.
            await store.run(partial(end_job, job=job.id, state="cancelled", now=time.time()))
            await job.begin_writing()
            is_written = True
            return {}

        job = await board.begin(NewJob("split", "light", SESSION, {}, write), ADA)
        assert (await board.read(job.id, ADA, wait=10.0)).state == "cancelled"
        assert not is_written

    play(store, tmp_path, work)


class FakeRunner:
    """A process for long work in which somebody else changes the set."""

    def __init__(self, change: Callable[[], Awaitable[object]]) -> None:
        self._change = change

    async def perform(self, *_: object) -> dict[str, Any]:
        await self._change()
        return {"edits": pack([CreateScene(name="New", after=0)]), "sentence": "Made.", "notices": []}

    async def settle(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("asked_at", "changes", "state"),
    [(1, False, "done"), (1, True, "failed"), (0, False, "failed"), (None, True, "done")],
)
def test_a_job_for_a_version_is_done_at_that_one_alone(
    store: Database, tmp_path: Path, asked_at: int | None, changes: bool, state: str
) -> None:
    async def work(board: JobBoard) -> None:
        opened = Opened(store, tmp_path)
        await opened.ask(Generate(engine="drums", bars=1))

        async def change() -> None:
            if changes:
                await opened.ask(Act(intent="mute", tracks=(1,)))

        async def reopen() -> Any:
            return opened.session

        board.runners["heavy"] = cast(TaskRunner, FakeRunner(change))
        begun = await board.begin(work_on_set(SESSION, Imagine(version=asked_at), reopen), ADA)
        ended: JobState = await board.read(begun.id, ADA, wait=10.0)
        assert ended.state == state, ended
        if state == "failed":
            assert ended.fault is not None
            assert ended.fault.code == "conflict"
        scenes = len((await opened.look()).scenes)
        assert scenes == (2 if state == "done" else 1)

    play(store, tmp_path, work)
