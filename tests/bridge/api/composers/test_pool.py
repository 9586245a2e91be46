"""The pool of composers, without processes: who gets which command, what is shed, and what becomes of the dead."""

from __future__ import annotations

import asyncio
import os
import pickle
from collections.abc import Awaitable, Callable
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, Final

import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.composers import pool as rooms
from musearoo.bridge.api.composers.messages import Call, Ready, Refused, Returned
from musearoo.bridge.api.composers.pipe import MessageReader
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import ApiError, OverloadedError, RefusedError
from musearoo.bridge.protocol import Refusal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the event loop of Windows watches no pipes")


class FakeChild:
    """A composer's process that the test plays."""

    def __init__(self, *_: object, **__: object) -> None:
        self.connection, self.theirs = Pipe()
        self._got: list[Any] = []
        self.pid = 1
        self.process = self
        made.append(self)

    @property
    def got(self) -> list[Any]:
        """What it has been sent."""
        while not self.theirs.closed and self.theirs.poll():
            self._got.append(self.theirs.recv())
        return self._got

    def say(self, message: Any) -> None:
        self.theirs.send(message)

    def kill(self) -> None:
        if not self.theirs.closed:
            self.theirs.close()

    def end(self, _seconds: float) -> None:
        self.kill()


PATIENCE: Final = 0.4
"""Seconds after which a composer hangs in these tests: a machine that stands still for a moment is no such one."""

made: list[FakeChild] = []


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> list[FakeChild]:
    made.clear()
    monkeypatch.setattr(rooms, "SupervisedProcess", FakeChild)
    return made


def play(count: int, work: Callable[[ComposerPool], Awaitable[None]]) -> None:
    async def run() -> None:
        pool = ComposerPool(Path("/nowhere"), count)
        await work(pool)
        pool.close()

    asyncio.run(asyncio.wait_for(run(), 10.0))


def ask(pool: ComposerPool, session: str = "") -> asyncio.Task[Any]:
    return asyncio.create_task(pool.perform(Call(pool.next_number(), "styles", {}), session))


async def another(count: int) -> None:
    """Wait until so many composers have been started."""
    while len(made) < count:
        await asyncio.sleep(0.002)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0.002)


def test_a_composer_gets_one_command_at_a_time_in_order() -> None:
    async def work(pool: ComposerPool) -> None:
        asked = [ask(pool) for _ in range(3)]
        await settle()
        child = made[0]
        assert child.got == []
        child.say(Ready())
        await settle()
        for number, task in enumerate(asked, 1):
            assert [command.number for command in child.got] == list(range(1, number + 1))
            child.say(Returned(number, f"value {number}"))
            assert (await task).value == f"value {number}"
            await settle()

    play(1, work)


def test_a_session_stays_with_its_composer_unless_another_is_free() -> None:
    async def work(pool: ComposerPool) -> None:
        first = ask(pool, "a")
        await settle()
        made[0].say(Ready())
        await settle()
        made[0].say(Returned(1, None))
        await first
        again = ask(pool, "a")
        await settle()
        assert len(made) == 1
        assert len(made[0].got) == 2
        made[0].say(Returned(2, None))
        await again
        pool.forget("a")
        assert not pool.has_set("a")

    play(2, work)


def test_what_is_too_much_is_shed_and_what_waits_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_WAITING", 8)

    async def work(pool: ComposerPool) -> None:
        asked = [asyncio.create_task(pool.call("styles")) for _ in range(8)]
        await settle()
        with pytest.raises(OverloadedError) as error:
            await pool.call("styles")
        assert error.value.retry_after is not None
        # What belongs to a request that was admitted is done.
        ask(pool)
        made[0].say(Ready())
        for number in range(1, 9):
            await settle()
            made[0].say(Returned(number, number))
        assert [await task for task in asked] == list(range(1, 9))
        await settle()
        assert [command.number for command in made[0].got] == list(range(1, 10))

    play(1, work)


def test_what_a_dead_composer_had_is_given_to_another_once() -> None:
    async def work(pool: ComposerPool) -> None:
        task, waits = ask(pool, "a"), ask(pool)
        await settle()
        for child in (0, 1):
            made[child].say(Ready())
            await settle()
            assert len(made[child].got) == 1
            made[child].kill()
            await settle()
        with pytest.raises(RefusedError, match="ended its process twice") as error:
            await task
        assert error.value.status == 500
        # The one behind it is done by the next composer.
        made[2].say(Ready())
        await settle()
        made[2].say(Returned(2, "done"))
        assert (await waits).value == "done"

    play(1, work)


def test_composers_that_never_start_are_given_up() -> None:
    async def work(pool: ComposerPool) -> None:
        task = ask(pool)
        for number in range(3):
            await settle()
            made[number].kill()
        with pytest.raises(RefusedError, match="musearoo doctor"):
            await task
        # The next command tries again.
        again = ask(pool)
        await settle()
        made[3].say(Ready())
        await settle()
        made[3].say(Returned(2, "done"))
        assert (await again).value == "done"

    play(1, work)


def test_a_composer_that_hangs_is_ended_and_what_waits_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "LONGEST_CALL", PATIENCE)

    async def work(pool: ComposerPool) -> None:
        hangs, waits = ask(pool), ask(pool)
        await settle()
        made[0].say(Ready())
        with pytest.raises(RefusedError, match="took too long") as error:
            await hangs
        assert error.value.status == 503
        await another(2)
        made[1].say(Ready())
        await settle()
        made[1].say(Returned(2, "done"))
        assert (await waits).value == "done"

    play(1, work)


def test_a_composer_that_is_stopped_stops_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "LONGEST_CALL", PATIENCE)

    async def work(pool: ComposerPool) -> None:
        # In the middle of its answer, and before it has read what a pipe does not hold.
        for number, size in enumerate((1, 8_000_000)):
            task = asyncio.create_task(pool.perform(Call(1, "styles", {"data": bytes(size)})))
            await settle()
            child = made[number]
            child.say(Ready())
            await settle()
            os.write(child.theirs.fileno(), pickle.dumps(Returned(1, bytes(size)))[:9])
            with pytest.raises(RefusedError, match="took too long"):
                await task
            await settle()
        last = ask(pool)
        await settle()
        made[2].say(Ready())
        await settle()
        made[2].say(Returned(1, bytes(5_000)))
        assert (await last).value == bytes(5_000)

    play(1, work)


def test_a_message_is_taken_byte_by_byte() -> None:
    ours, theirs = Pipe()
    reader = MessageReader(ours)
    source, sink = Pipe()
    source.send(Returned(1, "value"))
    whole = os.read(sink.fileno(), 1000)
    assert reader.read() == []
    for byte in whole[:-1]:
        os.write(theirs.fileno(), bytes([byte]))
        assert reader.read() == []
    os.write(theirs.fileno(), whole[-1:] + whole + whole[:3])
    assert reader.read() == [Returned(1, "value")] * 2
    theirs.close()
    with pytest.raises(EOFError):
        reader.read()
    for end in (reader, ours, source, sink):
        end.close()


def test_a_composer_that_hangs_at_its_start_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "LONGEST_START", PATIENCE)

    async def work(pool: ComposerPool) -> None:
        task = ask(pool)
        await another(2)
        made[-1].say(Ready())
        await settle()
        made[-1].say(Returned(1, "done"))
        assert (await task).value == "done"

    play(1, work)


def test_whoever_has_gone_is_not_composed_for() -> None:
    async def work(pool: ComposerPool) -> None:
        first, gone, last = ask(pool), ask(pool), ask(pool)
        await settle()
        gone.cancel()
        made[0].say(Ready())
        await settle()
        made[0].say(Returned(1, None))
        await first
        await settle()
        assert [command.number for command in made[0].got] == [1, 3]
        made[0].say(Returned(3, None))
        await last

    play(1, work)


def test_a_process_that_cannot_be_started_sheds(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(rooms, "SupervisedProcess", fail)

    async def work(pool: ComposerPool) -> None:
        with pytest.raises(OverloadedError):
            await ask(pool)
        assert pool.waiting == 0

    play(1, work)


def test_a_refusal_is_raised_with_its_field() -> None:
    async def work(pool: ComposerPool) -> None:
        task = ask(pool)
        await settle()
        made[0].say(Ready())
        await settle()
        made[0].say(Refused(1, int(Refusal.BAD_PARAMETER), "No.", "bars"))
        with pytest.raises(ApiError) as error:
            await task
        assert (error.value.status, error.value.field) == (422, "bars")

    play(1, work)


def test_at_the_end_what_waits_is_told_so() -> None:
    async def run() -> None:
        pool = ComposerPool(Path("/nowhere"), 1)
        asked = [ask(pool) for _ in range(2)]
        await settle()
        made[0].say(Ready())
        await settle()
        pool.close()
        for task in asked:
            with pytest.raises(RefusedError, match="being stopped"):
                await task

    asyncio.run(asyncio.wait_for(run(), 10.0))
