"""Sessions on Live: changes of several clips, turns, and who did what while a client was away."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, cast

import msgspec
import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.sessions.live import LiveSession
from musearoo.bridge.api.types.answers import Outcome
from musearoo.bridge.api.types.events import TransportMoved
from musearoo.bridge.api.types.requests import AnyRequest, ClipPlace, Generate, Refine
from musearoo.bridge.links.api_client import WrittenTake
from musearoo.bridge.links.client_sessions import OnEvent, Press
from musearoo.bridge.links.watched_lives import SetChange, WatchedLive
from musearoo.bridge.protocol import ApiChange, ApiPart, ApiTake, ApiTransport, Done, LiveState
from musearoo.bridge.protocol import Refine as RefineMessage
from musearoo.bridge.requests.adjust_data import ChangeSeveral
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.records import Session
from musearoo.bridge.store.sessions import add_session
from tests.bridge.api.sessions.some_sessions import ADA
from tests.bridge.api.sessions.test_turning import PLACE, a_take
from tests.bridge.api.sets.some_sets import after, empty_set

TWO = (Generate(engine="drums", style="funk", bars=1), Generate(engine="bass", style="funk", bars=1))
FIRST = 5_000_000
"""A version of Live's set: large, as those of watched Lives are."""


class FakeDaemon:
    """A connection to a daemon with one Live, which says of each refinement that it was written."""

    number = 1
    problem = ""

    def __init__(self) -> None:
        mirror = after(empty_set(), *TWO).mirror
        self.live = WatchedLive(1, "run", "12.3", "Test", LiveState.READY, "", "", FIRST, mirror)
        self.lives = {1: self.live}
        self.pressed: list[RefineMessage | ApiChange] = []
        self.session: LiveSession

    async def open_session(self, _name: str, _live_version: str, _set_name: str) -> FakeDaemon:
        return self

    def begin(self, message: RefineMessage | ApiChange, on_event: OnEvent) -> Press:
        """Play a press, once it is known to be under way."""
        self.pressed.append(message)
        loop = asyncio.get_running_loop()
        press = Press(len(self.pressed), loop.create_future(), on_event)
        loop.call_soon(self._play, press, message)
        return press

    def _play(self, press: Press, message: RefineMessage | ApiChange) -> None:
        each = ChangeSeveral.of_client(message).changes if isinstance(message, ApiChange) else (message,)
        self.write(press.number, *(change.track for change in each))
        press.answered.set_result(Done(1, press.number, 1.0, 1.0, 1.0, 0, 0, 0, "clips"))

    def write(self, press: int, *tracks: int, session: int = number) -> None:
        """Tell that a press of a device has written clips."""
        self.live.version += 1
        take = ApiTake(f"daemon-{press}-{session}", 1, session, press, "refine", "a clip", 1.0, b"", "funk", 3, b"")
        parts = tuple(ApiPart(9, 1, "drums", "a clip", track, 0, 4.0, "", b"") for track in tracks)
        self.session.on_take(WrittenTake(take, parts), self.live)


async def open_live(store: Database) -> tuple[LiveSession, FakeDaemon]:
    """Ada's session on Live."""
    record = Session(id="live", owner="ada", name="Test", kind="live", live_set="Test", made=1.0, changed=1.0)
    await store.run(partial(add_session, session=record))
    daemon = FakeDaemon()
    daemon.session = LiveSession(store, cast(Any, daemon), record)
    return daemon.session, daemon


async def ask(session: LiveSession, request: AnyRequest, request_id: str) -> Outcome:
    return msgspec.msgpack.decode(await session.perform(request, request_id, ADA, "msgpack"), type=Outcome)


def test_several_clips_are_changed_by_one_request(store: Database) -> None:
    async def work() -> None:
        session, daemon = await open_live(store)
        outcome = await ask(session, Refine(changes=("busier",), clips=(ClipPlace(scene=1),)), "first")
        (press,) = daemon.pressed
        assert isinstance(press, ApiChange), "one press is one step"
        changes = ChangeSeveral.of_client(press).changes
        assert [(one.track, one.scene, one.changes) for one in changes] == [(0, 0, "busier"), (1, 0, "busier")]
        assert [take.params["track"] for take in outcome.takes] == [1, 2]
        assert (outcome.do, [take.id for take in outcome.takes]) == ("refine", ["first.1", "first.2"])
        with pytest.raises(ApiError, match="Scene 7 has no MIDI clips"):
            await ask(session, Refine(clips=(ClipPlace(scene=7),)), "second")
        assert len(daemon.pressed) == 1

    asyncio.run(work())


def test_who_comes_back_is_told_what_was_made_meanwhile_and_by_whom(store: Database) -> None:
    async def work() -> None:
        session, daemon = await open_live(store)
        await ask(session, Refine(track=1, scene=1), "first")
        seen = daemon.live.version
        await ask(session, Refine(track=2, scene=1), "second")
        daemon.write(7, 0, session=2)
        daemon.live.version += 5
        feed = await session.feed_since(seen, daemon.live.version)
        assert [(step.version, step.do, step.by, step.takes) for step in feed] == [
            (seen + 1, "refine", "ada", ("second.1",)),
            (seen + 2, "refine", "ada", ("daemon-7-2.1",)),
        ]
        assert [step.version for step in await session.feed_since(FIRST, seen + 1)] == [seen, seen + 1]
        await session.on_undone("daemon-2-1")
        assert [step.undone for step in await session.feed_since(seen, daemon.live.version)] == [True, False]
        assert await session.feed_since(daemon.live.version, daemon.live.version) == ()

    asyncio.run(work())


def test_a_song_in_live_is_not_turned(store: Database) -> None:
    async def work() -> None:
        session, daemon = await open_live(store)
        with pytest.raises(ApiError, match="In Live a song cannot be turned: write another one"):
            await session.turn(a_take({"do": "song"}, PLACE), {}, True, "turn", ADA, "json")
        assert not daemon.pressed

    asyncio.run(work())


def test_what_plays_is_told_when_it_changes_and_with_the_transport(store: Database) -> None:
    async def work() -> None:
        session, daemon = await open_live(store)
        listener = session.audience.join("ada", "ada", ("transport",))
        live = daemon.live

        async def told() -> list[TransportMoved]:
            if not listener.backlog:
                return []
            return [msgspec.msgpack.decode(event.body, type=TransportMoved) for event in await listener.get()]

        session.on_set(SetChange(live, FIRST, (), is_whole=False))
        session.on_transport(live)
        assert await told() == [], "it has not been told where it is"
        live.transport = ApiTransport(1, 1, 4.0, 120.0, 100.0, 0.0, 8.0)
        session.on_transport(live)
        (moved,) = await told()
        assert (moved.transport.playing, moved.transport.beat, moved.transport.loop) == (True, 4.0, (0.0, 8.0))
        live.playing[9] = 4.0
        session.on_set(SetChange(live, FIRST, (), is_whole=False))
        (playing,) = await told()
        assert [(each.clip, each.since) for each in playing.transport.clips] == [(9, 4.0)]
        session.on_set(SetChange(live, FIRST, (), is_whole=False))
        assert await told() == [], "nothing else plays"

    asyncio.run(work())
