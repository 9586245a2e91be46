"""Uploads on a real store: what nobody goes on with is swept, what is too much is refused, what stalls is cut off."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.access.quotas import Quotas
from musearoo.bridge.api.access.who import SCOPES, Who
from musearoo.bridge.api.jobs.drafts import DraftFolder
from musearoo.bridge.api.jobs.uploads import UNFINISHED_FOR, Uploads
from musearoo.bridge.api.problems.errors import ApiError, NotFoundError
from musearoo.bridge.store.database import Database

ADA = Who("ada", "ada", frozenset(SCOPES))


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    """Data as it comes."""
    for each in data:
        yield each


def test_what_is_unfinished_for_a_day_is_swept(store: Database, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"

    async def check() -> None:
        now = 1_000_000.0
        kept = Uploads(folder, store, 1000, Quotas(), clock=lambda: now)
        old, young = [await kept.create(ADA, "a.wav", 10, None) for _ in range(2)]
        os.utime(folder / ".drafts" / f"{old.id}.part", (0, now - UNFINISHED_FOR - 1))
        os.utime(folder / ".drafts" / f"{young.id}.part", (0, now - 5))
        await kept.sweep()
        with pytest.raises(NotFoundError):
            await kept.look(old.id, "ada")
        assert (await kept.look(young.id, "ada"))[1] == 0
        assert len(list((folder / ".drafts").iterdir())) == 2

    asyncio.run(check())


def test_sizes_and_numbers_are_bounded(store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "uploads"

    async def check() -> None:
        kept = Uploads(folder, store, 1000, Quotas(upload_bytes=1500))
        with pytest.raises(ApiError, match="at most") as error:
            await kept.receive(pieces(b"x" * 600, b"x" * 600), ADA, "a.wav", None)
        assert error.value.status == 413
        assert not list((folder / ".drafts").iterdir())
        with pytest.raises(ApiError, match="empty"):
            await kept.receive(pieces(), ADA, "a.wav", None)
        first = await kept.receive(pieces(b"RIFF", b"x" * 900), ADA, "", 904)
        assert (first.name, first.bytes) == ("Upload.wav", 904)
        with pytest.raises(ApiError, match="delete some"):
            await kept.create(ADA, "b.wav", 700, None)
        await kept.drop(first.id, "ada")
        assert [path.name for path in folder.rglob("*") if path.is_file()] == []
        monkeypatch.setattr(DraftFolder, "free_bytes", lambda _folder: 10)
        with pytest.raises(ApiError) as error:
            await kept.create(ADA, "b.wav", 700, None)
        assert (error.value.status, error.value.code) == (507, "disk_full")

    asyncio.run(check())


def test_ids_never_become_paths(store: Database, tmp_path: Path) -> None:
    async def check() -> None:
        kept = Uploads(tmp_path / "uploads", store, 1000, Quotas())
        (tmp_path / "secret.part").write_bytes(b"secret")
        (tmp_path / "secret.json").write_bytes(b'{"id":"x","user":"ada","name":"x","bytes":6}')
        for id in ("../secret", "..%2fsecret", "/etc/passwd", "", "x" * 32, "\0" * 32):
            with pytest.raises((NotFoundError, ValueError)):
                await kept.look(id, "ada")

    asyncio.run(check())


def test_what_sends_nothing_when_the_server_stops_is_cut_off(store: Database, tmp_path: Path) -> None:
    async def stalled(begun: asyncio.Event) -> AsyncIterator[bytes]:
        yield b"1234"
        begun.set()
        await asyncio.Event().wait()

    async def check() -> None:
        kept = Uploads(tmp_path / "uploads", store, 1000, Quotas())
        draft = await kept.create(ADA, "a.wav", 10, None)
        begun = [asyncio.Event() for _ in range(2)]
        cut_off = [
            asyncio.create_task(kept.append(draft.id, "ada", 0, stalled(begun[0]))),
            asyncio.create_task(kept.receive(stalled(begun[1]), ADA, "b.wav", 10)),
        ]
        for each in begun:
            await each.wait()
        kept.stop()
        for task in cut_off:
            with pytest.raises(ApiError, match="server stops") as error:
                await asyncio.wait_for(task, 5.0)
            assert (error.value.status, error.value.code) == (503, "stopping")
        assert (await kept.look(draft.id, "ada"))[1] == 4, "what has come can be gone on with"
        assert len(list((tmp_path / "uploads" / ".drafts").iterdir())) == 2, "nothing of a body in one piece stays"
        assert (await kept.append(draft.id, "ada", 4, pieces(b"5678", b"90")))[1] == 10, "what sends is received"

    asyncio.run(check())
