"""The client of the daemon on a real socket: sessions, presses, sets, takes, and all ways in which either may go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from musearoo.bridge.core.greeting import MOST_OF_CLIENTS
from musearoo.bridge.links import api_client
from musearoo.bridge.links.api_client import Callbacks, DaemonClient, WrittenTake
from musearoo.bridge.links.client_sessions import DaemonGoneError
from musearoo.bridge.links.watched_lives import SetChange, WatchedLive
from musearoo.bridge.protocol import (
    ApiTakeUndone,
    AutoSplit,
    Cancel,
    Done,
    Failed,
    Generate,
    Got,
    LiveState,
    Refusal,
    SceneState,
    Undo,
)
from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Message, Route, WireError
from musearoo.engines.music.knowledge.context import MusicalContext
from tests.bridge.links.little_daemon import LIVE, NOTES, LittleDaemon, a_daemon
from tests.bridge.links.loopback import PATIENCE_S, until
from tests.bridge.live_set.test_mirror import a_track

K = TypeVar("K")
Scene = Callable[[LittleDaemon, DaemonClient, "Told"], Awaitable[None]]


def a_press(scene: int = 0) -> Generate:
    """A request for drums, without its numbers."""
    return Generate(0, 0, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, scene, 0)


class Told:
    """What a client is told, in order."""

    def __init__(self) -> None:
        self.all: list[object] = []
        self.callbacks = Callbacks(
            on_connection=lambda is_connected, sentence: self.all.append((is_connected, sentence)),
            on_live=lambda live: self.all.append((live.number, live.state)),
            on_set=self.all.append,
            on_take=self.all.append,
            on_undone=self.all.append,
        )

    def those(self, kind: type[K]) -> list[K]:
        """What it was told of one kind."""
        return [each for each in self.all if isinstance(each, kind)]


@asynccontextmanager
async def a_client(daemon: LittleDaemon, told: Told | None = None) -> AsyncIterator[DaemonClient]:
    """A client that is connected and has the whole set."""
    client = DaemonClient("test", (told or Told()).callbacks)
    assert await client.connect(daemon.folder)
    await until(lambda: LIVE in client.lives)
    try:
        yield client
    finally:
        await client.close()


def play(home: Path, scene: Scene) -> None:
    """Plays a scene with a daemon and a client."""

    async def act() -> None:
        told = Told()
        async with asyncio.timeout(4 * PATIENCE_S), a_daemon(home) as daemon, a_client(daemon, told) as client:
            await scene(daemon, client, told)

    asyncio.run(act())


# --- presses ---------------------------------------------------------------------------------------------------------


def test_a_press_is_answered_and_what_it_has_written_is_there_before_the_answer(tmp_path: Path) -> None:
    async def scene(_: LittleDaemon, client: DaemonClient, told: Told) -> None:
        events: list[Message] = []
        session = await client.open_session("test")
        done = await session.press(a_press(), events.append)
        assert isinstance(done, Done)
        assert (done.press, done.notes) == (1, 2)
        assert events == [Got(1, session.number)]
        # No turn of the loop was needed for these.
        live = client.lives[LIVE]
        assert [clip.name for clip in live.mirror.clips.values()] == ["Funk drums"]
        (written,) = told.those(WrittenTake)
        assert (written.take.request, written.take.session) == (f"{session.instance}:1", session.number)
        (part,) = written.parts
        assert (part.clip, part.role, part.track, part.scene, part.notes) == (11, "drums", 0, 0, NOTES)
        assert decode(written.take.asked, Route.DEVICE_TO_DAEMON) == [a_press_of(session.number, 1)]
        assert (written.take.kind, written.take.name) == ("generate", "Funk drums")
        assert (written.take.style, written.take.seed) == ("funk", 7)
        context = msgspec.msgpack.decode(written.take.context, type=dict)
        assert context["tempo"]["value"] == MusicalContext.plain(bpm=96).bpm
        assert told.all.index(told.those(SetChange)[-1]) < told.all.index(written)
        undone = await session.press(Undo(0, 0))
        assert isinstance(undone, Done)
        assert told.those(ApiTakeUndone) == [ApiTakeUndone(LIVE, f"{session.instance}:1")]
        assert not live.mirror.clips

    play(tmp_path, scene)


def a_press_of(session: int, press: int) -> Generate:
    """The same request with its numbers."""
    return Generate(session, press, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)


def test_many_sessions_press_at_once_on_one_connection(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, told: Told) -> None:
        sessions = await asyncio.gather(*(client.open_session(f"user {number}") for number in range(100)))
        assert len({session.number for session in sessions}) == len({each.instance for each in sessions}) == 100
        answers = await asyncio.gather(*(session.press(a_press()) for session in sessions for _ in range(2)))
        assert [type(answer) for answer in answers] == [Done] * 200
        assert len(told.those(WrittenTake)) == 200
        for session in sessions:
            session.close()
        await until(lambda: not daemon.services.state.sessions)

    play(tmp_path, scene)


def test_more_sessions_than_are_served_are_refused_in_one_sentence(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        sessions = [await client.open_session("x") for _ in range(MOST_OF_CLIENTS)]
        with pytest.raises(DaemonGoneError, match=f"^{MOST_OF_CLIENTS} sessions of clients are open"):
            await client.open_session("one more")
        sessions[0].close()
        assert (await client.open_session("one more")).number
        assert len(daemon.services.state.sessions) == MOST_OF_CLIENTS

    play(tmp_path, scene)


def test_a_press_that_fails_says_why(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        daemon.lose()
        session = await client.open_session("test")
        failed = await session.press(a_press())
        assert isinstance(failed, Failed)
        assert failed.code == Refusal.NO_LIVE
        with pytest.raises(WireError, match=r"bars must be in 1\.\.64"):
            await session.press(Generate(0, 0, "drums", "", 65, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0))
        assert session.under_way == ()

    play(tmp_path, scene)


def test_a_press_is_cancelled_by_its_number_and_with_the_call(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        daemon.holds = True
        session = await client.open_session("test")
        press = session.begin(a_press())
        await until(lambda: len(daemon.composing) == 1)
        session.cancel(press.number)
        failed = await press.answered
        assert isinstance(failed, Failed)
        assert failed.code == Refusal.CANCELLED
        call = asyncio.create_task(session.press(a_press()))
        await until(lambda: len(daemon.composing) == 2)
        call.cancel()
        await until(lambda: not daemon.services.state.presses)
        await until(lambda: session.under_way == ())
        session.cancel(99)

    play(tmp_path, scene)


def test_a_session_that_the_daemon_has_ended_answers_all_the_same(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        session = await client.open_session("test")
        daemon.services.state = daemon.services.state.without_session(session.number)
        failed = await session.press(a_press())
        assert isinstance(failed, Failed)
        assert failed.code == Refusal.UNKNOWN_SESSION

    play(tmp_path, scene)


def test_a_closed_session_fails_its_presses_and_takes_no_more(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        daemon.holds = True
        session = await client.open_session("test")
        press = session.begin(a_press())
        session.tell(AutoSplit(0, 1, 1, "", 4, 0))
        await until(lambda: any(each.mark for each in daemon.services.state.sessions.values()))
        session.close()
        with pytest.raises(DaemonGoneError, match="This session was closed"):
            await press.answered
        with pytest.raises(DaemonGoneError, match="This session was closed"):
            await session.press(a_press())
        with pytest.raises(DaemonGoneError, match="This session was closed"):
            session.tell(Cancel(0, 0))
        await until(lambda: not daemon.services.state.sessions)
        session.close()

    play(tmp_path, scene)


def test_a_hello_that_nobody_waits_for_any_more_leaves_its_answer_to_no_other(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        given_up = [asyncio.create_task(client.open_session("given up")) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for opening in given_up:
            opening.cancel()
        session = await client.open_session("wanted")
        assert daemon.services.state.sessions[session.number].hello.instance == session.instance
        await until(lambda: list(daemon.services.state.sessions) == [session.number])
        assert isinstance(await session.press(a_press()), Done)

    play(tmp_path, scene)


def test_a_hello_without_an_answer_ends_the_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, told: Told) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(api_client, "WELCOME_WITHIN", 0.05)
            patched.setattr(daemon.stream, "send", lambda _link, _messages: None)
            with pytest.raises(DaemonGoneError, match="does not answer any more"):
                await client.open_session("test")
        await until(lambda: (False, api_client.LOST) in told.all)
        await until(lambda: client.is_connected)
        assert (await client.open_session("test")).number

    play(tmp_path, scene)


# --- sets ------------------------------------------------------------------------------------------------------------


def test_a_watched_set_is_equal_to_the_daemon_s_at_every_version(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, told: Told) -> None:
        mine, theirs = client.lives[LIVE], daemon.services.mirrors[LIVE]
        assert mine.mirror == theirs
        assert (mine.set_name, mine.instance, mine.state) == ("set", "live-1", LiveState.READY)
        first = mine.version
        (whole,) = told.those(SetChange)
        assert (whole.is_whole, whole.messages) == (True, theirs.messages())
        daemon.script(LIVE, SceneState(4, 2, "outro"))
        daemon.script(LIVE, a_track(5, 1))
        await until(lambda: mine.version == first + 1)
        assert told.those(SetChange)[-1].messages == (SceneState(4, 2, "outro"), a_track(5, 1))
        assert mine.mirror == theirs
        daemon.open_live(LIVE + 1, "live-2", "another")
        await until(lambda: LIVE + 1 in client.lives)
        daemon.lose()
        await until(lambda: list(client.lives) == [LIVE + 1])
        assert mine.state is LiveState.AWAY
        assert told.all[-1] == (LIVE, LiveState.AWAY)

    play(tmp_path, scene)


def test_a_large_set_arrives_whole_and_changes_meanwhile_come_after_it(tmp_path: Path) -> None:
    async def act() -> None:
        told = Told()
        async with asyncio.timeout(4 * PATIENCE_S), a_daemon(tmp_path) as daemon:
            daemon.open_live(LIVE + 1, "large", more=(a_track(number, number) for number in range(20, 4000)))
            client = DaemonClient("test", told.callbacks)
            await client.connect(daemon.folder)
            await until(lambda: bool(daemon.watch._watchers))
            for number in range(20, 400):
                daemon.script(LIVE + 1, a_track(number, number, name="changed"))
            await until(lambda: LIVE + 1 in client.lives)
            live = client.lives[LIVE + 1]
            await until(lambda: live.mirror == daemon.services.mirrors[LIVE + 1])
            assert [change.is_whole for change in told.those(SetChange) if change.live is live][:2] == [True, False]
            await client.close()

    asyncio.run(act())


def test_who_does_not_watch_is_told_nothing(tmp_path: Path) -> None:
    async def act() -> None:
        told = Told()
        async with asyncio.timeout(4 * PATIENCE_S), a_daemon(tmp_path) as daemon:
            client = DaemonClient("test", told.callbacks, watches=False)
            await client.connect(daemon.folder)
            session = await client.open_session("test")
            assert isinstance(await session.press(a_press()), Done)
            assert await client.metrics() == "presses_total 7\n"
            assert told.all == [(True, "")]
            assert not client.lives
            await client.close()

    asyncio.run(act())


def test_a_fault_of_one_who_is_told_costs_nobody_the_connection(tmp_path: Path) -> None:
    async def act() -> None:
        def fail(_: object) -> None:
            raise ValueError("a fault of the server's")

        async with asyncio.timeout(4 * PATIENCE_S), a_daemon(tmp_path) as daemon:
            faulty = Callbacks(on_connection=lambda *_: fail(0), on_live=fail, on_set=fail, on_take=fail)
            client = DaemonClient("test", faulty)
            await client.connect(daemon.folder)
            session = await client.open_session("test")
            assert isinstance(await session.press(a_press()), Done)
            assert client.lives[LIVE].mirror == daemon.services.mirrors[LIVE]
            await daemon.stop()
            await until(lambda: not client.is_connected)
            await daemon.start()
            await until(lambda: client.is_connected)
            await client.close()

    asyncio.run(act())


# --- the daemon goes -------------------------------------------------------------------------------------------------


def test_without_a_daemon_there_is_one_sentence_and_it_is_found_when_it_comes(tmp_path: Path) -> None:
    async def act() -> None:
        told = Told()
        daemon = LittleDaemon(tmp_path)
        client = DaemonClient("test", told.callbacks)
        async with asyncio.timeout(4 * PATIENCE_S):
            assert not await client.connect(daemon.folder)
            assert client.problem == api_client.NOT_RUNNING
            for call in (client.open_session("test"), client.metrics()):
                with pytest.raises(DaemonGoneError, match=r"^MuseAroo is not running"):
                    await call
            await daemon.start()
            await until(lambda: client.is_connected)
            assert told.all == [(True, "")]
            await client.close()
            await daemon.stop()

    asyncio.run(act())


def test_when_the_daemon_goes_who_waits_gets_a_sentence_and_all_goes_on_when_it_is_back(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, told: Told) -> None:
        daemon.holds = True
        sessions = [await client.open_session("test") for _ in range(3)]
        presses = [session.begin(a_press()) for session in sessions for _ in range(2)]
        await until(lambda: len(daemon.composing) == 6)
        before = client.lives[LIVE]
        first = before.version
        daemon.script(LIVE, SceneState(4, 2, "outro"))
        await until(lambda: before.version == first + 1)
        await daemon.stop()
        await until(lambda: not client.is_connected)
        for press in presses:
            with pytest.raises(DaemonGoneError, match="MuseAroo has gone before it answered"):
                await press.answered
        assert (False, client.problem) in told.all
        assert not client.lives
        assert before.state is LiveState.AWAY
        with pytest.raises(DaemonGoneError):
            await sessions[0].press(a_press())
        async with a_daemon(tmp_path) as another:
            await until(lambda: client.is_connected and LIVE in client.lives)
            after = client.lives[LIVE]
            assert after is not before
            assert after.version > before.version, "versions only go up"
            done = await sessions[0].press(a_press())
            assert isinstance(done, Done)
            assert done.press == 3, "no number is used twice, so Live takes no request for a repeat"
            assert len(another.services.state.sessions) == 3

    play(tmp_path, scene)


def test_a_daemon_that_falls_silent_counts_as_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client, "BEAT_EVERY", 0.02)

    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        session = await client.open_session("test")
        await asyncio.sleep(0.3)
        assert client.is_connected
        daemon.stream.clients = None
        monkeypatch.setattr(daemon.stream, "send", lambda _link, _messages: None)
        press = session.begin(a_press())
        with pytest.raises(DaemonGoneError, match="MuseAroo has gone"):
            await press.answered
        assert client.problem == api_client.SILENT

    play(tmp_path, scene)


@pytest.mark.parametrize(("token", "words"), [("another", "wrong token"), ("x" * 200, "at most 128 bytes")])
def test_a_wrong_token_is_said(tmp_path: Path, token: str, words: str) -> None:
    async def act() -> None:
        async with asyncio.timeout(4 * PATIENCE_S), a_daemon(tmp_path) as daemon:
            daemon.folder.token_file.write_text(token, encoding="ascii")
            client = DaemonClient("test")
            assert not await client.connect(daemon.folder)
            assert words in client.problem
            await client.close()
            await client.close()

    asyncio.run(act())


def test_another_program_on_the_port_is_no_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client, "WELCOME_WITHIN", 0.1)

    async def act() -> None:
        async with asyncio.timeout(4 * PATIENCE_S), a_daemon(tmp_path) as daemon:
            monkeypatch.setattr(daemon.stream, "send", lambda _link, _messages: None)
            client = DaemonClient("test")
            assert not await client.connect(daemon.folder)
            assert client.problem == api_client.SILENT
            await client.close()

    asyncio.run(act())


# --- the client goes -------------------------------------------------------------------------------------------------


def test_a_client_that_vanishes_mid_press_leaves_what_it_asked_for_whole(tmp_path: Path) -> None:
    async def act() -> None:
        async with asyncio.timeout(4 * PATIENCE_S), a_daemon(tmp_path) as daemon:
            daemon.holds = True
            client = DaemonClient("test")
            await client.connect(daemon.folder)
            session = await client.open_session("test")
            press = session.begin(a_press())
            await until(lambda: len(daemon.composing) == 1)
            await client.close()
            with pytest.raises(DaemonGoneError):
                await press.answered
            await until(lambda: not daemon.services.state.sessions)
            daemon.compose(daemon.composing[0])
            await until(lambda: not daemon.services.state.presses)
            assert [clip.name for clip in daemon.services.mirrors[LIVE].clips.values()] == ["Funk drums"]
            assert [step.name for step in daemon.services.state.written["live-1"]] == ["Funk drums"]
            assert not daemon.watch._watchers

    asyncio.run(act())


def test_no_version_of_an_earlier_server_recurs(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, _: Told) -> None:
        live = client.lives[LIVE]
        first = live.version
        daemon.script(LIVE, SceneState(3, 1, "chorus"))
        await until(lambda: live.version == first + 1)
        async with a_client(daemon) as restarted:
            assert restarted.lives[LIVE].version > live.version

    play(tmp_path, scene)


def test_versions_are_told_of_the_live_that_they_belong_to(tmp_path: Path) -> None:
    async def scene(daemon: LittleDaemon, client: DaemonClient, told: Told) -> None:
        lives: dict[int, WatchedLive] = {}
        for number in range(1, 4):
            daemon.open_live(LIVE + number, f"live-{number + 1}", f"set {number}")
        await until(lambda: len(client.lives) == 4)
        for step in range(10):
            daemon.script(LIVE + step % 4, SceneState(3, 1, f"verse {step}"))
            await asyncio.sleep(0)
        await until(lambda: len(told.those(SetChange)) == 14)
        versions = [change.version for change in told.those(SetChange)]
        assert len(set(versions)) == 14, "no two Lives have a version in common"
        assert max(versions) < 2**53, "JavaScript has no greater whole numbers"
        for change in told.those(SetChange):
            before = lives.get(change.live.number)
            assert before is None or before is change.live
            lives[change.live.number] = change.live
        assert sorted(lives) == [LIVE, LIVE + 1, LIVE + 2, LIVE + 3]

    play(tmp_path, scene)
