"""Watched sets: whole, then each change in order; what a press wrote comes before its answer; nothing for nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from musearoo.bridge.core.conductor import conduct
from musearoo.bridge.core.events.incoming import Event, HarmonyFound
from musearoo.bridge.core.state import BUSY_AFTER
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import (
    ApiLive,
    ApiSet,
    ApiTakeUndone,
    ApiTransport,
    ClipNotes,
    Gone,
    Heartbeat,
    LiveState,
    Result,
    SceneState,
    SetReady,
    SongState,
    TransportState,
)
from musearoo.bridge.protocol.codec import decode, encode_bundle, encode_notes
from musearoo.bridge.protocol.types import Message, Route
from musearoo.bridge.services import set_watch
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.live_sets import LiveSetService
from musearoo.bridge.services.set_watch import MOST_A_TURN, MOST_BEFORE_ANSWER, MOST_BYTES, SetWatch
from tests.bridge.live_set.some_sets import some_set
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.bridge.services.some_services import NothingAnalyzed, some_services
from tests.bridge.stage import a_script_hello, a_song

CLIENT, LINK = 7, 3
SCENES = [SceneState(number, number, "verse") for number in range(10, 40)]


class NothingKept(NothingAnalyzed):
    """No analysis is kept, so none is forgotten."""

    def forget(self, _path: str) -> None:
        """A file is another one now."""


class Desk:
    """A watch beside a Live whose messages arrive as in the daemon; what clients are sent is kept, in order."""

    def __init__(self) -> None:
        self.services: DaemonServices = some_services(self.handle, {}, listener=NothingKept())
        self.live_sets = LiveSetService(self.services)
        self.sent: list[tuple[int, Message]] = []
        self.watch = SetWatch(self.services, self.send)

    def handle(self, event: Event) -> None:
        self.services.state, _ = conduct(self.services.state, event)

    def send(self, client: int, messages: Sequence[Message]) -> None:
        """What the stream would send: whole, and of a size that it takes."""
        assert decode(encode_bundle(messages), Route.DAEMON_TO_API) == list(messages)
        self.sent += [(client, message) for message in messages]

    def script(self, message: Message, link: int = LINK) -> None:
        if isinstance(message, Result):
            self.watch.on_result(link, message)
        self.live_sets.on_message(link, message)
        self.watch.on_message(link, message)

    def live(self, messages: Sequence[Message] = SCENES, link: int = LINK, name: str = "set") -> None:
        for message in (a_script_hello(f"live-{link}"), a_song(name), *messages, SetReady(9)):
            self.script(message, link)

    def lose(self, link: int = LINK) -> None:
        self.live_sets.on_lost(link)
        self.watch.on_lost(link)

    def sets(self, client: int = CLIENT, link: int = LINK) -> list[ApiSet]:
        """The parts of a set that a client was sent; their numbers have no gap."""
        parts = [part for to, part in self.sent if to == client and isinstance(part, ApiSet) and part.live == link]
        wanted = 0
        for part in parts:
            assert part.sequence in (0, wanted)
            wanted = part.sequence + 1
        return parts

    def copy(self, client: int = CLIENT, link: int = LINK) -> SetMirror:
        """The set as a client has it."""
        mirror = SetMirror()
        for part in self.sets(client, link):
            mirror = SetMirror() if part.sequence == 0 else mirror
            for message in messages_of(part):
                assert mirror.apply(message)
        return mirror


def messages_of(part: ApiSet) -> list[Message]:
    return decode(part.packet, Route.SCRIPT_TO_DAEMON)


async def turns(count: int = 200) -> None:
    """So many turns of the event loop."""
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_set_is_sent_whole_and_then_each_change_in_order() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        await turns()
        assert desk.sent[0] == (CLIENT, ApiLive(LINK, "live-3", "12.3.6", "set", LiveState.READY, "A minor", ""))
        assert desk.copy() == desk.services.mirrors[LINK]
        before = len(desk.sets())
        changes = [a_track(1, 0), a_clip(2, 1, 10), ClipNotes(2, encode_notes([a_record(0.0)])), Gone(2), Gone(1)]
        for change in changes:
            desk.script(change)
        assert len(desk.sets()) == before, "the turn is not over"
        await turns()
        (together,) = desk.sets()[before:]
        assert messages_of(together) == changes
        assert desk.copy() == desk.services.mirrors[LINK]

    asyncio.run(play())


def test_any_set_arrives_as_it_is() -> None:
    async def play() -> None:
        desk = Desk()
        desk.watch.watch(CLIENT, is_on=True)
        for seed in range(1, 60):
            told = [message for message in some_set(seed).messages() if not isinstance(message, SetReady)]
            desk.live(told, seed)
            await turns(5)
            assert desk.copy(link=seed) == desk.services.mirrors[seed], seed
            desk.lose(seed)

    asyncio.run(play())


def test_what_changes_while_a_large_set_is_sent_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_watch, "MOST_A_TURN", 10)
    chance = Random(5)

    async def play() -> None:
        desk = Desk()
        desk.live([a_track(number, number) for number in range(1, 200)])
        desk.watch.watch(CLIENT, is_on=True)
        for _ in range(150):
            number = chance.randrange(1, 200)
            desk.script(chance.choice([a_track(number, 0, name="moved"), Gone(number), SceneState(500, 0, "")]))
            await turns(chance.randrange(2))
        await turns()
        assert desk.copy() == desk.services.mirrors[LINK]

    asyncio.run(play())


def test_a_turn_of_the_loop_sends_so_many_and_no_more() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live([a_track(number, number % 9999) for number in range(1, 4 * MOST_A_TURN)])
        desk.watch.watch(CLIENT, is_on=True)
        sizes = []
        for _ in range(6):
            before = len(desk.sets())
            await asyncio.sleep(0)
            sizes.append(sum(len(messages_of(part)) for part in desk.sets()[before:]))
        assert sizes[:4] == [MOST_A_TURN] * 4
        assert sizes[5] == 0
        assert desk.copy() == desk.services.mirrors[LINK]

    asyncio.run(play())


def test_large_clips_are_bundles_of_their_own() -> None:
    async def play() -> None:
        desk = Desk()
        notes = encode_notes([a_record(0.0)] * (MOST_BYTES // 36 + 1))
        desk.live([a_clip(number, 1, 10) for number in range(1, 4)] + [ClipNotes(n, notes) for n in range(1, 4)])
        desk.watch.watch(CLIENT, is_on=True)
        await turns()
        assert max(len(part.packet) for part in desk.sets()) < 2 * MOST_BYTES
        assert desk.copy() == desk.services.mirrors[LINK]

    asyncio.run(play())


def test_what_a_press_has_written_is_sent_before_its_answer() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        await turns()
        desk.script(SceneState(50, 9, "new"))
        desk.script(Result("device-1:3:drop", 0, ()))
        part, undone = (message for _, message in desk.sent[-2:])
        assert isinstance(part, ApiSet)
        assert messages_of(part) == [SceneState(50, 9, "new")]
        assert undone == ApiTakeUndone(LINK, "device-1:3")

    asyncio.run(play())


def test_no_press_waits_for_a_whole_set() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live([a_track(number, number % 9999) for number in range(1, MOST_BEFORE_ANSWER + 500)])
        desk.watch.watch(CLIENT, is_on=True)
        desk.script(Result("device-1:3:drop", 0, ()))
        assert [type(message) for _, message in desk.sent] == [ApiLive, ApiTakeUndone]
        await turns()
        assert desk.copy() == desk.services.mirrors[LINK]

    asyncio.run(play())


def test_a_fault_in_telling_a_take_costs_nobody_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a fault of ours")

    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        monkeypatch.setattr(set_watch, "describe_result", fail)
        desk.script(Result("device-1:3", 0, ()))

    asyncio.run(play())


def test_a_live_is_told_again_when_it_changes() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        now = time.monotonic()
        desk.watch.poll(now)
        desk.watch.poll(now)
        desk.script(replace(a_song("another"), scale_mode=0))
        desk.handle(HarmonyFound(now, LINK, "D minor", "Dm G"))
        desk.watch.poll(now)
        desk.watch.poll(now + BUSY_AFTER + 5.0)
        desk.lose()
        desk.lose()
        told = [message for _, message in desk.sent if isinstance(message, ApiLive)]
        assert [(live.set_name, live.state, live.key, live.chords) for live in told] == [
            ("set", LiveState.READY, "A minor", ""),
            ("another", LiveState.READY, "D minor", "Dm G"),
            ("another", LiveState.BUSY, "D minor", "Dm G"),
            ("another", LiveState.AWAY, "", ""),
        ]

    asyncio.run(play())


def test_nothing_of_a_live_that_has_gone_is_sent_any_more() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.live(link=LINK + 1)
        desk.watch.watch(CLIENT, is_on=True)
        desk.lose()
        await turns()
        assert desk.sets() == []
        assert desk.copy(link=LINK + 1) == desk.services.mirrors[LINK + 1]

    asyncio.run(play())


def test_a_live_that_connects_again_is_watched_anew() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        await turns()
        for message in (a_script_hello(f"live-{LINK}"), a_song(), SetReady(1)):
            desk.script(message, LINK + 1)
        desk.watch.poll(time.monotonic())
        desk.lose()
        await turns()
        assert desk.copy(link=LINK + 1) == desk.services.mirrors[LINK + 1]
        assert {message.state for _, message in desk.sent if isinstance(message, ApiLive) and message.live == LINK} == {
            LiveState.READY,
            LiveState.AWAY,
        }

    asyncio.run(play())


def test_a_live_that_is_not_ready_is_not_shown() -> None:
    async def play() -> None:
        desk = Desk()
        desk.watch.watch(CLIENT, is_on=True)
        for message in (a_script_hello(), a_song(), *SCENES):
            desk.script(message)
        desk.watch.poll(time.monotonic())
        await turns()
        assert desk.sent == []
        desk.script(SetReady(1))
        await turns()
        assert desk.copy() == desk.services.mirrors[LINK]

    asyncio.run(play())


def test_each_client_has_its_own_watch_and_can_end_it() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        desk.watch.watch(CLIENT + 1, is_on=True)
        await turns()
        desk.watch.watch(CLIENT, is_on=False)
        desk.watch.watch(99, is_on=False)
        before = len(desk.sets())
        desk.script(SceneState(50, 9, "new"))
        await turns()
        assert len(desk.sets()) == before
        assert desk.copy(CLIENT + 1) == desk.services.mirrors[LINK]
        desk.watch.watch(CLIENT, is_on=True)
        await turns()
        assert desk.copy() == desk.services.mirrors[LINK], "it begins with the whole set again"

    asyncio.run(play())


@pytest.mark.parametrize("message", [Heartbeat(1, 12.0, 0, 3), Result("x:1", 0, ())])
def test_what_is_no_part_of_a_set_is_not_passed_on(message: Message) -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        await turns()
        before = list(desk.sent)
        desk.script(message)
        await turns()
        assert desk.sent == before

    asyncio.run(play())


def test_the_transport_is_told_where_it_goes_otherwise_than_expected() -> None:
    async def play() -> None:
        desk = Desk()
        desk.live()
        desk.watch.watch(CLIENT, is_on=True)
        await turns()
        began = time.perf_counter() - 9.0

        def play_at(
            seconds: float, beat: float, bpm: float = 120.0, playing: int = 1, loop: float = 0.0
        ) -> list[float]:
            """The positions that are told when the script reports one, at a time after the beginning."""
            before = len(desk.sent)
            desk.script(TransportState(playing, beat, bpm, began + seconds, 0.0, loop))
            told = [message for _, message in desk.sent[before:]]
            assert all(isinstance(each, ApiTransport) for each in told)
            return [each.beat for each in told if isinstance(each, ApiTransport)]

        now = time.time() - 9.0
        assert play_at(0.0, 4.0) == [4.0], "the first is news"
        (first,) = (each for _, each in desk.sent if isinstance(each, ApiTransport))
        assert first.time == pytest.approx(now, abs=0.5), "Unix seconds of the moment that the script read it"
        assert play_at(0.5, 5.01) == [], "it goes on as expected"
        assert play_at(1.0, 6.2) == [6.2], "it jumped"
        assert play_at(1.5, 7.2, bpm=100.0) == [7.2]
        assert play_at(2.0, 7.2 + 5 / 6, bpm=100.0, loop=8.0) == [7.2 + 5 / 6]
        assert play_at(6.9, 16.2, bpm=100.0, loop=8.0) == []
        assert play_at(7.1, 7.2 + 5 / 6 + 8.5, bpm=100.0, loop=8.0) == [7.2 + 5 / 6 + 8.5], "now and then in any case"
        assert play_at(7.2, 16.0, playing=0) == [16.0]
        assert play_at(8.9, 16.0, playing=0) == [], "and not while it stands"
        desk.watch.watch(CLIENT + 1, is_on=True)
        assert play_at(9.0, 16.0, playing=0) == [16.0], "whoever comes later is told, too"
        assert desk.sent[-1][0] == CLIENT + 1

    asyncio.run(play())


def test_nothing_is_done_while_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("nobody watches")

    for name in ("describe_result", "encode", "facts_of", "ApiTransport"):
        monkeypatch.setattr(set_watch, name, fail)
    desk = Desk()
    desk.live()
    desk.script(SongState("", 99.0, 4, 4, 0, "Major", 0, 0))
    desk.script(TransportState(1, 4.0, 120.0, 9.0, 0.0, 0.0))
    desk.script(Result("device-1:3", 0, ()))
    desk.watch.poll(time.monotonic())
    desk.lose()
    assert desk.sent == []
