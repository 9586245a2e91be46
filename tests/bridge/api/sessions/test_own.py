"""Sessions with sets of their own: cancels, sentences, versions, turns, and two servers on one store."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.problems.errors import ApiError, ConflictError
from musearoo.bridge.api.types.events import SetChanged
from musearoo.bridge.api.types.requests import Act, Band, Generate, Refine, Say, Song, Undo
from musearoo.bridge.store.database import Database
from tests.bridge.api.sessions.some_sessions import Opened, make_session

DRUMS = Generate(engine="drums", style="funk", bars=1)
BASS = Generate(engine="bass", style="funk", bars=1)


@pytest.fixture
def opened(store: Database, tmp_path: Path) -> Opened:
    """Ada's session."""
    make_session(store)
    return Opened(store, tmp_path)


@pytest.fixture
def other(opened: Opened, tmp_path: Path) -> Opened:
    """The same session, in another server."""
    return Opened(opened.store, tmp_path)


async def until_begun(opened: Opened, commands: int) -> None:
    """Wait until a session has composed, and begun to store what it has."""
    while len(opened.pool.done) < commands:
        await asyncio.sleep(0)
    for _ in range(3):
        await asyncio.sleep(0)


def test_a_cancel_that_comes_while_a_change_is_stored_is_too_late(opened: Opened) -> None:
    async def work() -> None:
        listener = opened.session.audience.join("ada", "ada")
        assert opened.store.file is not None
        with contextlib.closing(sqlite3.connect(opened.store.file, isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            task = asyncio.create_task(opened.ask(DRUMS))
            await until_begun(opened, 1)
            for _ in range(2):
                task.cancel()
                await asyncio.sleep(0)
            lock.execute("ROLLBACK")
        outcome = await task
        assert (outcome.version, opened.session.version) == (1, 1)
        told = msgspec.msgpack.decode((await listener.get())[0].body, type=SetChanged)
        assert told.changes.version == 1
        assert (await opened.ask(BASS)).version == 2

    asyncio.run(work())


def test_a_cancel_before_a_change_is_stored_leaves_nothing(opened: Opened) -> None:
    async def work() -> None:
        task = asyncio.create_task(opened.ask(DRUMS))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await opened.look()).version == 0

    asyncio.run(work())


def test_what_a_sentence_means_is_done_before_others_change_the_set(opened: Opened) -> None:
    async def work() -> None:
        await opened.ask(DRUMS)
        await opened.ask(BASS)
        said = opened.ask(Say(text="mute the bass"))
        deleted = opened.ask(Act(intent="delete", what="track", tracks=(1,)))
        await asyncio.gather(said, deleted)
        tracks = (await opened.look()).tracks
        assert [(track.name, track.muted) for track in tracks if track.kind == "midi"] == [("BassaRoo", True)]

    asyncio.run(work())


def test_takes_are_counted_with_their_measures(opened: Opened) -> None:
    async def work() -> None:
        made = (await opened.ask(Generate(engine="bass", bars=1, key="A minor"))).takes[0]
        ((engine, measures),) = opened.counted
        assert (engine, measures["notes"]) == ("bassaroo", len(made.notes))
        assert measures["in_key_ratio"] > 0.5
        await opened.ask(DRUMS)
        assert "in_key_ratio" not in opened.counted[1][1], "drums are in no key"

    asyncio.run(work())


def test_a_version_is_checked_for_every_kind_of_request(opened: Opened) -> None:
    async def work() -> None:
        await opened.ask(Band(bars=1))
        for request in (Say(text="mute the bass", version=0), Act(intent="mute", tracks=(1,), version=0)):
            with pytest.raises(ConflictError, match="The set is at version 1, and this was asked for at 0"):
                await opened.ask(request)
        assert (await opened.ask(Say(text="mute the bass", version=1))).version == 2

    asyncio.run(work())


def test_a_server_that_is_behind_does_what_is_right(opened: Opened, other: Opened) -> None:
    async def work() -> None:
        await opened.ask(Band(bars=1))
        # Each begins with what only the first one has made.
        assert (await other.ask(Act(intent="mute", tracks=(1,), version=1))).version == 2
        assert (await opened.ask(Say(text="mute the bass"))).version == 3
        assert (await other.ask(Say(text="unmute the bass"))).version == 4
        with pytest.raises(ConflictError):
            await opened.ask(Act(intent="unmute", tracks=(1,), version=3))
        made = await opened.ask(Generate(engine="melody", bars=1))
        place = made.takes[0]
        deleted = await other.ask(Act(intent="delete", what="clip", tracks=(place.track,), scene=place.scene))
        assert deleted.version == 6
        viewed = await opened.session.view("msgpack")
        assert (viewed.version, (await opened.look()).version) == (6, 6)
        with pytest.raises(ApiError, match="no clip"):
            await opened.ask(Act(intent="delete", what="clip", tracks=(place.track,), scene=place.scene))

    asyncio.run(work())


def test_a_take_is_turned_where_its_clip_is_now(opened: Opened) -> None:
    async def work() -> None:
        await opened.ask(DRUMS)
        bass = (await opened.ask(BASS)).takes[0]
        await opened.ask(Generate(engine="melody", bars=1))
        await opened.ask(Act(intent="delete", what="track", tracks=(1,)))
        for complexity in (0.1, 0.9):
            turned = (await opened.turn(bass.id, complexity=complexity)).takes[0]
            assert (turned.engine, turned.track) == ("bassaroo", 1), complexity
        view = await opened.look()
        assert [track.name for track in view.tracks if track.kind == "midi"] == ["BassaRoo", "MelodyRoo"]
        assert len(view.clips) == 2
        await opened.ask(Act(intent="delete", what="clip", tracks=(1,), scene=turned.scene))
        with pytest.raises(ApiError, match="The take's clip is not in the set any more") as raised:
            await opened.turn(bass.id, complexity=0.5)
        assert (raised.value.status, raised.value.code) == (409, "gone")

    asyncio.run(work())


@pytest.mark.parametrize("where", ["scenes", "timeline"])
def test_a_song_is_turned_as_a_whole_in_its_clips(opened: Opened, where: Literal["scenes", "timeline"]) -> None:
    async def work() -> None:
        made = await opened.ask(Song(style="funk", seconds=20.0, seed=3, where=where))
        before = await opened.look()
        again = await opened.turn(made.takes[-1].id)
        assert [take.notes for take in again.takes] == [take.notes for take in made.takes]
        busier = await opened.turn(made.takes[0].id, complexity=1.0)
        assert (busier.do, busier.version) == ("song", 3)
        assert [take.clip for take in busier.takes] == [take.clip for take in made.takes]
        assert [take.notes for take in busier.takes] != [take.notes for take in made.takes]
        assert {take.params["complexity"] for take in busier.takes} == {1.0}
        now = await opened.look()
        assert [(clip.id, clip.name, clip.length) for clip in now.clips] == [
            (clip.id, clip.name, clip.length) for clip in before.clips
        ], "no clip is added"
        back = await opened.turn(busier.takes[0].id, complexity=0.5)
        assert [take.notes for take in back.takes] == [take.notes for take in made.takes]
        for _ in range(2):
            await opened.ask(Undo())
        assert [(clip.id, clip.notes) for clip in (await opened.look()).clips] == [
            (clip.id, clip.notes) for clip in before.clips
        ], "each turn is one step"

    asyncio.run(work())


def test_a_song_is_turned_as_far_as_it_is_there_and_keeps_its_sections(opened: Opened) -> None:
    async def work() -> None:
        made = await opened.ask(Song(style="funk", seconds=20.0, seed=3))
        gone, *rest = made.takes
        await opened.ask(Act(intent="delete", what="clip", tracks=(gone.track,), scene=gone.scene))
        turned = await opened.turn(gone.id, complexity=0.9)
        assert [take.clip for take in turned.takes] == [take.clip for take in rest]
        version = opened.session.version
        with pytest.raises(ApiError, match=r"the song has no .*: write another song"):
            await opened.turn(gone.id, seconds=90.0)
        await opened.ask(Act(intent="tempo", bpm=240.0))
        with pytest.raises(ApiError, match="at the set's tempo, the song has no"):
            await opened.turn(gone.id, complexity=0.9)
        for take in rest:
            await opened.ask(Act(intent="delete", what="clip", tracks=(take.track,), scene=take.scene))
        with pytest.raises(ApiError, match="not in the set any more"):
            await opened.turn(gone.id, complexity=0.9)
        assert opened.session.version == version + 1 + len(rest)

    asyncio.run(work())


def test_a_refined_take_says_why_it_cannot_be_turned(opened: Opened) -> None:
    async def work() -> None:
        await opened.ask(DRUMS)
        (refined,) = (await opened.ask(Refine(changes=("busier",)))).takes
        with pytest.raises(ApiError, match="the clip that it came from is not kept: refine its clip again"):
            await opened.turn(refined.id, seed=4)

    asyncio.run(work())
