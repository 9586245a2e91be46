"""Compose requests: composed in a thread, reported in the event loop; the analysis queue pauses meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event as Gate

import pytest

from musearoo.bridge.core.composing import Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.core.events.incoming import Composed, EffortChanged, Event, NotComposed
from musearoo.bridge.protocol import CreateClip, Generate, Keep, Refusal, Transaction
from musearoo.bridge.requests.effort import LATE, LATE_TIMES
from musearoo.bridge.services import compose
from musearoo.bridge.services.compose import ComposeService
from musearoo.engines.players.band.catalogue import ENGINES, lean_engine
from musearoo.engines.players.band.fallbacks import play_in_order
from tests.bridge.live_set.test_listening import a_set
from tests.bridge.requests.test_generate import styles
from tests.bridge.services.some_services import NothingAnalyzed, some_services
from tests.bridge.stage import REQUEST

KEY = (1, 7)
CLIP = CreateClip(1, 2, 1, 8.0, "Drums", -1, 1, 4, 4, b"")
DRUMS = Generate(1, 7, "drummaroo", "funk", 8, 5, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)
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
        players = Players(ENGINES, styles(), play_in_order)
        services = some_services(self.told.append, {1: a_set()}, listener=self.listener, threads=self.threads)
        self.work = ComposeService(services, players, lambda: None, lambda *_: None)

    async def compose_drums(self, strain: float) -> Event:
        """How a press of the drummer ends, composed in a time of that strain."""
        self.told.clear()
        asked = Compose((1, 7), 1, REQUEST, DRUMS, 48_000, 5.0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compose, "composing_strain", lambda *_: strain)
            self.work.begin(asked)
            while not self.told:
                await asyncio.sleep(0.002)
            await asyncio.sleep(0.0)
        return self.told[0]

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


def run(work: Callable[[Room], Awaitable[None]]) -> Room:
    room = Room()

    async def to_the_end() -> None:
        await work(room)

    asyncio.run(asyncio.wait_for(to_the_end(), 30.0))
    room.threads.shutdown()
    return room


def test_an_engine_whose_takes_are_late_composes_simpler_ones_and_it_alone() -> None:
    async def work(room: Room) -> None:
        full = await room.compose_drums(LATE)
        for _ in range(LATE_TIMES - 1):
            assert room.work.efforts.lean == frozenset()
            await room.compose_drums(LATE)
        changed = room.told[-1]
        assert isinstance(changed, EffortChanged)
        assert (changed.lean, changed.had_lean) == (frozenset({"drummaroo"}), False)
        first, *others = room.work.players.engines
        assert first is lean_engine(ENGINES[0])
        assert others == list(ENGINES[1:])
        assert room.work.lean_takes == 0
        lean = await room.compose_drums(0.0)
        assert isinstance(lean, Composed)
        assert isinstance(full, Composed)
        assert room.work.lean_takes == 1
        assert [one.recipe and one.recipe.lean for one in (full, lean)] == [(), ("drummaroo",)]
        assert lean.parts != full.parts
        again = await room.compose_drums(0.0)
        assert isinstance(again, Composed)
        assert again.parts == lean.parts, "the same seed and the same effort"

    run(work)


def test_what_all_depend_on_makes_all_lean_and_they_return_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    room, now = Room(), [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for _ in range(3 * LATE_TIMES):
        room.work.observe(LATE)
    assert room.work.players.engines == tuple(lean_engine(engine) for engine in ENGINES)
    assert [type(event) for event in room.told] == [EffortChanged], "told once"
    room.work.observe(0.0)
    assert len(room.told) == 1
    now[0] += 60.0
    room.work.observe(0.0)
    assert room.work.players.engines == ENGINES
    assert room.told[1:] == [EffortChanged(160.0, frozenset(), had_lean=True)]


def test_new_styles_leave_the_effort_as_it_is() -> None:
    room = Room()
    for _ in range(LATE_TIMES):
        room.work.observe(LATE)
    room.work.use_styles({})
    assert room.work.players.styles == {}
    assert room.work.players.engines[0] is lean_engine(ENGINES[0])


def test_a_take_of_one_effort_is_never_one_of_the_other() -> None:
    asked = Compose((1, 7), 1, REQUEST, DRUMS, 48_000, 5.0)
    mirror, full = a_set(), Players(ENGINES, styles(), play_in_order)
    lean = Players(tuple(map(lean_engine, ENGINES)), styles(), play_in_order)
    bases = [prepare_composition(mirror, asked, players, 0.0, lambda _: None).basis for players in (full, lean, lean)]
    assert bases[0] is not None
    assert bases[0] != bases[1]
    assert bases[1] == bases[2]


def test_a_request_names_the_engines_and_the_bars_that_it_needs() -> None:
    players = Players(ENGINES, styles(), play_in_order)

    def read(**changed: object) -> tuple[tuple[str, ...], int]:
        asked = Compose((1, 7), 1, REQUEST, replace(DRUMS, **changed), 48_000, 5.0)  # type: ignore[arg-type]
        composer = prepare_composition(a_set(), asked, players, 0.0, lambda _: None)
        return composer.engines, composer.bars

    assert read() == (("drummaroo",), 8)
    assert read(bars=4, takes=3) == (("drummaroo",), 12)
    assert read(engine="drums, bass") == (("drummaroo", "bassaroo"), 8)
    assert read(engine="band") == (tuple(engine.name for engine in ENGINES), 8)
