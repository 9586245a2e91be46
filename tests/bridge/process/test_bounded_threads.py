"""Threads for what presses ask: presses that are taken back one after the other fill neither queue nor memory."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from threading import Event as Gate
from typing import cast

import pytest

from musearoo.bridge.core.composing import Composer, Players
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.core.events.incoming import Event, NotComposed
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.process import bounded_threads
from musearoo.bridge.process.bounded_threads import MOST_WAITING, BoundedThreads
from musearoo.bridge.protocol import Generate, Refusal
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.compose import ComposeService
from musearoo.bridge.settings.logs import REQUEST, about_request
from tests.bridge.services.some_services import some_services


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Holds a thread until the end of the test."""
    made = Gate()
    yield made
    made.set()


def test_no_more_waits_than_there_is_room_for(gate: Gate) -> None:
    ran: list[int] = []
    with BoundedThreads(1) as threads:
        held = threads.submit(gate.wait)
        while not held.running():
            pass
        for number in range(MOST_WAITING):
            threads.submit(ran.append, number)
        for _ in range(3):
            with pytest.raises(RequestError) as refused:
                threads.submit(ran.append, -1)
            assert refused.value.code == Refusal.TOO_MANY
        gate.set()
    assert ran == list(range(MOST_WAITING))


def test_what_was_cancelled_takes_room_until_a_thread_comes_to_it(gate: Gate) -> None:
    """So there is no way around the bound."""
    with BoundedThreads(1) as threads:
        held = threads.submit(gate.wait)
        while not held.running():
            pass
        waiting = [threads.submit(print) for _ in range(MOST_WAITING)]
        assert all(each.cancel() for each in waiting)
        with pytest.raises(RequestError):
            threads.submit(print)
        gate.set()
        with pytest.raises(CancelledError):
            waiting[-1].result(5.0)


class Standing:
    """A listener that counts how many engines it stands aside for."""

    def __init__(self) -> None:
        self.engines = 0

    def known(self, _passage: object) -> None:
        """Nothing was heard."""

    def hold(self) -> None:
        """An engine composes."""
        self.engines += 1

    def release(self) -> None:
        """It has ended."""
        self.engines -= 1


def test_presses_that_are_taken_back_leave_nothing_waiting(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press and its cancel, again and again, behind an engine that takes its time: this took the daemon's memory."""
    monkeypatch.setattr(bounded_threads, "MOST_WAITING", 20)
    composed: list[int] = []

    async def play() -> tuple[list[Event], Standing]:
        told: list[Event] = []
        listener = Standing()
        threads = BoundedThreads(1)
        services = some_services(told.append, {1: SetMirror()}, listener=listener, threads=threads)
        work = ComposeService(services, cast(Players, None), lambda: None, lambda *_: None)

        def reads(_mirror: SetMirror, order: Compose, *_: object) -> Composer:
            number = order.key[1]

            def compose() -> None:
                gate.wait(5.0)
                composed.append(number)
                raise RequestError(Refusal.ENGINE_FAILED, "The engine failed.")

            return Composer(cast(Callable[[], Composition], compose))

        monkeypatch.setattr("musearoo.bridge.services.compose.prepare_composition", reads)
        for number in range(1, 101):
            key = (7, number)
            order = Generate(7, number, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)
            work.begin(Compose(key, 1, f"x:{number}", order, 48_000, 10.0))
            if number > 1:
                work.stop(key)
        assert threads._work_queue.qsize() <= 20
        gate.set()
        threads.shutdown()
        await asyncio.sleep(0.01)
        assert len(work._waiting) == 0
        return told, listener

    told, listener = asyncio.run(play())
    assert composed == [1], "what was taken back before it began is not composed"
    refused = [event for event in told if isinstance(event, NotComposed) and event.code == Refusal.TOO_MANY]
    assert len(refused) == 100 - 1 - 20
    assert listener.engines == 0


def test_work_is_logged_with_the_request_that_it_is_for() -> None:
    with BoundedThreads(1) as threads:
        with about_request("device-1:3"):
            within = threads.submit(REQUEST.get)
        assert within.result() == "device-1:3"
        assert threads.submit(REQUEST.get).result() == ""
