"""A client of the daemon beside a device: the set as in Live, takes, undo; and either of them killed."""

import asyncio
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from musearoo.bridge.links.api_client import Callbacks, DaemonClient, WrittenTake
from musearoo.bridge.links.client_sessions import DaemonGoneError
from musearoo.bridge.links.watched_lives import SetChange, WatchedLive
from musearoo.bridge.protocol import ApiChange, ApiTakeUndone, Done, Failed, Generate, Refine, Undo
from musearoo.bridge.protocol.codec import decode_notes, encode
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import ChangeSeveral
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.tools import ROOT
from musearoo.tools.studio.processes import Studio

WITHIN = 20.0
"""Seconds: a daemon starts, and the script comes back to it, within some."""


def a_press(engine: str, scene: int, track: int = -1) -> Generate:
    """A request as a device makes it, without its numbers."""
    return Generate(0, 0, engine, "funk", 4, 3, 0.5, 0.5, 0.5, 0.0, "", "", track, scene, 0)


class Told:
    """What a client was told."""

    def __init__(self) -> None:
        self.changes: list[SetChange] = []
        self.takes: list[WrittenTake] = []
        self.undone: list[ApiTakeUndone] = []
        self.connections: list[bool] = []
        self.callbacks = Callbacks(
            on_connection=lambda is_connected, _: self.connections.append(is_connected),
            on_set=self.changes.append,
            on_take=self.takes.append,
            on_undone=self.undone.append,
        )


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not condition():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def a_client(studio: Studio, told: Told) -> AsyncIterator[tuple[DaemonClient, WatchedLive]]:
    """A client that has the whole set."""
    client = DaemonClient("a test", told.callbacks)
    assert await client.connect(ConfigFolder(studio.home)), client.problem
    await until(lambda: bool(client.lives))
    try:
        yield client, next(iter(client.lives.values()))
    finally:
        await client.close()


def clips_of(live: WatchedLive) -> dict[str, int]:
    """The clips of a watched set, by their places and names: how many notes each has."""
    tracks, scenes = live.mirror.tracks, live.mirror.scenes
    return {
        f"{tracks[clip.track].index}/{scenes[clip.scene].index} {clip.name}": len(decode_notes(live.mirror.notes[id]))
        for id, clip in live.mirror.clips.items()
    }


def clips_in(studio: Studio) -> dict[str, int]:
    """The same of the set in Live."""
    return {
        f"{number}/{scene} {clip['name']}": len(clip["notes"])
        for number, track in enumerate(studio.live.snapshot()["tracks"])
        for scene, clip in enumerate(track["slots"])
        if clip is not None
    }


def test_a_client_watches_presses_and_takes_back(studio: Studio) -> None:
    async def play() -> None:
        told = Told()
        async with a_client(studio, told) as (client, live):
            assert (live.live_version, clips_of(live)) == (studio.profile, clips_in(studio))
            before = dict(clips_of(live))
            session = await client.open_session("test", live_version=studio.profile)
            events: list[Message] = []
            done = await session.press(a_press("band", scene=1), events.append)
            assert isinstance(done, Done)
            # All that was written is here before the answer.
            written = clips_of(live)
            assert written == clips_in(studio)
            (take,) = told.takes
            assert (take.take.kind, take.take.style, take.take.seed) == ("band", "funk", 3)
            assert take.take.context
            assert {part.role for part in take.parts} >= {"drums", "bass"}
            assert {part.clip for part in take.parts} == set(live.mirror.clips)
            assert sum(len(decode_notes(part.notes)) for part in take.parts) == done.notes == sum(written.values())
            first = told.changes[0].version
            assert [change.version for change in told.changes] == [*range(first, live.version + 1)]
            # What a hand does in Live comes, too.
            studio.live.set("song.tempo", 97.0)
            await until(lambda: live.mirror.song is not None and live.mirror.song.tempo == 97.0)
            studio.live.undo()
            undone = await session.press(Undo(0, 0))
            assert isinstance(undone, Done)
            assert [each.request for each in told.undone] == [take.take.request]
            await until(lambda: clips_of(live) == before == clips_in(studio))
            assert re.search(r'presses_total\{engine="band",outcome="done"\} [1-9]', await client.metrics())

    asyncio.run(play())


def test_a_client_changes_several_clips_in_one_step(studio: Studio) -> None:
    async def play() -> None:
        told = Told()
        async with a_client(studio, told) as (client, live):
            session = await client.open_session("test", live_version=studio.profile)
            assert isinstance(await session.press(a_press("band", scene=3)), Done)
            band, before = told.takes[-1].parts, clips_in(studio)
            changes = tuple(Refine(1, 1, "busier", "", 0, 0, 0, 0, 3, part.track, part.scene, 1) for part in band[:2])
            done = await session.press(ChangeSeveral(session=1, press=1, changes=changes).for_daemon())
            assert isinstance(done, Done), done
            assert [part.clip for part in told.takes[-1].parts] == [part.clip for part in band[:2]]
            assert told.takes[-1].take.style == "funk"
            changed = clips_in(studio)
            assert clips_of(live) == changed != before
            assert sum(changed[name] != before[name] for name in before) == 2
            assert isinstance(await session.press(Undo(0, 0)), Done)
            assert clips_in(studio) == before, "one step takes both back"
            for wrong in (b"", encode(Undo(1, 1)), b"kazoo"):
                failed = await session.press(ApiChange(1, 1, wrong))
                assert isinstance(failed, Failed), failed
            assert isinstance(await session.press(Undo(0, 0)), Done)
            assert clips_in(studio) == {}

    asyncio.run(play())


def test_a_press_of_a_device_is_told_to_those_who_watch(studio: Studio) -> None:
    async def play() -> None:
        told = Told()
        async with a_client(studio, told) as (_, live):
            press = studio.device.press("drums", style="rock", track=0, scene=2, bars=2, seed=5)
            done = await asyncio.to_thread(studio.device.wait_for, press)
            assert isinstance(done, Done)
            await until(lambda: len(told.takes) == 1)
            take = told.takes[0].take
            assert (take.session, take.press, take.kind) == (studio.device.session, press.request.press, "generate")
            assert clips_of(live) == clips_in(studio)
            studio.live.undo()
            await until(lambda: not clips_of(live))

    asyncio.run(play())


def test_a_daemon_that_is_killed_and_restarted_is_found_again(fresh_studio: Studio) -> None:
    studio = fresh_studio

    async def play() -> None:
        told = Told()
        async with a_client(studio, told) as (client, live):
            session = await client.open_session("test")
            assert isinstance(await session.press(a_press("drummaroo", scene=0, track=0)), Done)
            before, version = clips_in(studio), live.version
            studio.live.start_stall(700)
            press = session.begin(a_press("bassaroo", scene=1, track=1))
            await asyncio.sleep(0.2)
            await asyncio.to_thread(studio.daemon.kill)
            with pytest.raises(DaemonGoneError, match="MuseAroo has gone before it answered"):
                await press.answered
            assert not client.is_connected
            await asyncio.to_thread(studio.daemon.start)
            await until(lambda: client.is_connected and bool(client.lives))
            assert told.connections == [True, False, True]
            again = next(iter(client.lives.values()))
            assert again.version > version
            # Whole or not at all: Live has got the transaction before the daemon died, or it has not.
            assert clips_of(again).items() >= before.items()
            await until(lambda: clips_of(again) == clips_in(studio))
            done = await session.press(a_press("bassaroo", scene=2, track=1))
            assert isinstance(done, Done)
            assert clips_of(again) == clips_in(studio)

    asyncio.run(play())


VANISHING = """
import asyncio, sys
from pathlib import Path
from musearoo.bridge.links.api_client import DaemonClient
from musearoo.bridge.protocol import Generate
from musearoo.bridge.settings.config_files import ConfigFolder

async def press():
    client = DaemonClient("vanishing")
    await client.connect(ConfigFolder(Path(sys.argv[1])))
    for number in range(20):
        session = await client.open_session("vanishing")
        session.begin(Generate(0, 0, "band", "funk", 4, number, 0.5, 0.5, 0.5, 0.0, "", "", -1, 9999, 0))
    print("pressed", flush=True)
    await asyncio.sleep(60)

asyncio.run(press())
"""


def test_a_client_that_is_killed_leaves_nothing_half_done(fresh_studio: Studio) -> None:
    studio = fresh_studio

    async def play() -> None:
        told = Told()
        async with a_client(studio, told) as (client, live):
            command = [sys.executable, "-c", VANISHING, str(studio.home)]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as vanishing:
                assert vanishing.stdout is not None
                assert await asyncio.to_thread(vanishing.stdout.readline) == b"pressed\n"
                vanishing.kill()
            # What it had sent may be lost with it, but not a part of a press.
            await until(lambda: "sessions of it ended" in studio.daemon.log())
            async with asyncio.timeout(WITHIN):
                while "presses_under_way 0" not in await client.metrics():
                    await asyncio.sleep(0.05)
            assert told.takes
            assert clips_of(live) == clips_in(studio)
            for take in told.takes:
                scenes = {part.scene for part in take.parts}
                assert (len(take.parts), len(scenes)) == (len(told.takes[0].parts), 1), "a band is whole"
            press = studio.device.press("drums", style="rock", track=0, scene=0)
            assert isinstance(await asyncio.to_thread(studio.device.wait_for, press), Done)

    asyncio.run(play())


def test_no_web_page_gets_through_the_port(studio: Studio) -> None:
    endpoint = ConfigFolder(studio.home).read_endpoint()
    assert endpoint is not None
    for data in (None, b"\xc0/roo/script/hello\x00\x00\x00\x00,\x00\x00\x00\xc0"):
        request = urllib.request.Request(f"http://127.0.0.1:{endpoint.script_port}/", data=data)
        started = time.monotonic()
        with pytest.raises(OSError, match=r"closed|reset"):
            urllib.request.urlopen(request, timeout=4.0)
        assert time.monotonic() - started < 2.0
    assert isinstance(studio.device.wait_for(studio.device.press("drums", style="rock", track=0, scene=0)), Done)
    studio.live.undo()
