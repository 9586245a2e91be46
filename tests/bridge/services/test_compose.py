"""Compose requests: composed in a thread, reported in the event loop; the analysis queue pauses meanwhile."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Gate

from musearoo.bridge.core.composing import Players
from musearoo.bridge.core.effects import Compose
from musearoo.bridge.core.events import Composed, Event, NotComposed
from musearoo.bridge.protocol import CreateClip, Keep, Refusal, Transaction
from musearoo.bridge.services.compose import ComposeService
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.live_set.test_listening import a_set
from tests.bridge.services.some_services import NothingAnalyzed, some_services
from tests.bridge.stage import REQUEST

KEY = (1, 7)
CLIP = CreateClip(1, 2, 1, 8.0, "Drums", -1, 1, 4, 4, b"")
KEPT = (Transaction("device-1:5", 5.0), CLIP)


class SomeListener(NothingAnalyzed):
    """Counts who composes."""

    def __init__(self) -> None:
        self.composing = 0

    def hold(self) -> None:
        self.composing += 1

    def release(self) -> None:
        self.composing -= 1


class Room:
    """The service for requests to keep a clip that sounds."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.listener = SomeListener()
        self.threads = ThreadPoolExecutor(1)
        players = Players(ENGINES, {}, lambda *_: ())
        services = some_services(self.told.append, {1: a_set()}, listener=self.listener, threads=self.threads)
        self.work = ComposeService(services, players, lambda: None)

    def begin(self, kept: tuple[Transaction | CreateClip, ...], link: int = 1) -> None:
        self.work.begin(Compose(KEY, link, REQUEST, Keep(1, 7, 0, 1.0, -1, -1, 0), 48_000, 5.0, kept=kept))

    async def end(self) -> Event:
        """How the press ends."""
        while not self.told:
            await asyncio.sleep(0.005)
        self.threads.shutdown()
        return self.told[0]

    async def compose(self, kept: tuple[Transaction | CreateClip, ...], link: int = 1) -> Event:
        """How a press ends that has just begun."""
        self.begin(kept, link)
        return await self.end()


def test_what_was_composed_is_told_under_its_press() -> None:
    room = Room()
    made = asyncio.run(room.compose(KEPT))
    assert isinstance(made, Composed)
    assert made.key == KEY
    assert made.messages[1:] == (CLIP,)
    assert room.listener.composing == 0


def test_the_analysis_pauses_while_an_engine_composes() -> None:
    room, gate = Room(), Gate()

    async def compose() -> int:
        room.threads.submit(gate.wait)
        room.begin(KEPT)
        composing = room.listener.composing
        gate.set()
        await room.end()
        return composing

    assert asyncio.run(compose()) == 1
    assert room.listener.composing == 0


def test_an_order_that_comes_to_nothing_says_why() -> None:
    room = Room()
    failed = asyncio.run(room.compose(()))
    assert isinstance(failed, NotComposed)
    assert failed.sentence.startswith("Nothing is heard any more")
    assert room.listener.composing == 0


def test_a_bug_is_reported_as_one() -> None:
    failed = asyncio.run(Room().compose(KEPT, link=2))
    assert isinstance(failed, NotComposed)
    assert failed.code == Refusal.ENGINE_FAILED
