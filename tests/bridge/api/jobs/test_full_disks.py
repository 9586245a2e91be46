"""Jobs whose disk becomes full: they fail with one sentence, leave nothing, and the next one is done."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.optional import require

require("sqlalchemy", "soxr")

from musearoo.bridge.api.composers.messages import MADE, UPLOADS
from musearoo.bridge.api.jobs import runner
from musearoo.bridge.api.jobs.board import JobBoard
from musearoo.bridge.api.jobs.on_sets import render_set, work_on_set
from musearoo.bridge.api.jobs.work import NewJob
from musearoo.bridge.api.types.jobs import Render
from musearoo.bridge.api.types.requests import Generate, Split
from musearoo.bridge.store.database import Database
from tests.bridge.api.jobs.full_disks import FULL, full_for_renders, run_tasks, short_of_space
from tests.bridge.api.jobs.some_sounds import loop
from tests.bridge.api.sessions.some_sessions import ADA, SESSION, Opened, make_session
from tests.bridge.stems.some_splits import flood_of

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")


def test_a_full_disk_ends_a_job_with_one_sentence_and_leaves_nothing(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "run_tasks", run_tasks)
    # Two of them: stems are made once for each.
    sources = [tmp_path / UPLOADS / "ada" / f"{number}.wav" for number in (1, 2)]
    sources[0].parent.mkdir(parents=True)
    for number, source in enumerate(sources, 1):
        source.write_bytes(loop(seed=number))

    async def check() -> None:
        make_session(store)
        opened = Opened(store, tmp_path)
        for source in sources:
            await opened.session.place(str(source), source.stem, 0, (), f"placing {source.stem}", ADA)
        await opened.ask(Generate(engine="drums", bars=1))

        async def reopen() -> Any:
            return opened.session

        splits = [work_on_set(SESSION, Split(backend="dsp", track=track, scene=1), reopen) for track in (1, 2)]
        render = render_set(SESSION, Render(), "", reopen)
        full = "The server's disk is full, and nothing was written: free some space there"
        short = "are missing on the server's disk: free some space"
        # The last track first: stems come to the right of their track.
        cases: tuple[tuple[NewJob, Path, str, str, int], ...] = (
            (splits[1], short_of_space(tmp_path), "engine_failed", short, 4),
            (splits[0], flood_of(sources[0]), "disk_full", full, 4),
            (render, full_for_renders(tmp_path), "disk_full", full, 1),
        )
        board = JobBoard(store, tmp_path, tmp_path / MADE, lambda _session, _job: None)
        await board.open()
        for new, mark, code, sentence, count in cases:
            case, before, made = mark.name, await opened.look(), files_in(tmp_path / MADE)
            mark.touch()
            begun = await board.begin(new, ADA)
            failed = await board.read(begun.id, ADA, wait=30.0)
            assert failed.state == "failed", (case, failed)
            assert failed.fault is not None
            assert failed.fault.code == code, (case, failed.fault)
            assert sentence in failed.fault.detail, (case, failed.fault)
            assert not (tmp_path / MADE / SESSION / begun.id).exists(), case
            assert files_in(tmp_path / MADE) == made, case
            assert (await opened.look()).clips == before.clips, case
            mark.unlink()
            begun = await board.begin(new, ADA)
            assert (await board.read(begun.id, ADA, wait=30.0)).state == "done", case
            assert len(files_in(tmp_path / MADE) - made) == count, case
        await board.close()

    asyncio.run(asyncio.wait_for(check(), 90.0))


def files_in(folder: Path) -> set[Path]:
    """All files in a folder, hidden ones too."""
    return {path for path in folder.rglob("*") if not path.is_dir()}
