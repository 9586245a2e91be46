"""What comes at an input that is asked."""

from __future__ import annotations

import time
from collections import deque
from random import Random

from musearoo.bridge.midi.ports.polled_input import PolledInput, Stamps


def test_messages_are_stamped_by_the_driver_however_late_they_are_fetched() -> None:
    chance = Random(3)
    came, stamps, worst = 100.0, Stamps(), 0.0
    since = 0.0
    for number in range(500):
        fetched = came + (0.0001 if number % 10 == 0 else chance.uniform(0.0001, 0.02))
        stamp = stamps.stamp(since, fetched)
        assert stamp <= fetched + 1e-9
        worst = max(worst, abs(stamp - came))
        since = chance.uniform(0.0, 0.1)
        came += since
    assert worst < 0.001


class Queue:
    """A port of RtMidi's with messages in its queue."""

    def __init__(self) -> None:
        self.queue = deque([([0x90, 60, 100], 0.0), ([0x80, 60, 64], 0.25)])
        self.done: list[str] = []

    def get_message(self) -> tuple[list[int], float] | None:
        return self.queue.popleft() if self.queue else None

    def close_port(self) -> None:
        self.done.append("closed")

    def delete(self) -> None:
        self.done.append("deleted")


def test_what_is_in_the_queue_is_passed_on_until_it_is_closed() -> None:
    heard: list[tuple[float, bytes]] = []
    queue = Queue()
    polled = PolledInput(queue, lambda moment, data: heard.append((moment, data)))
    until = time.monotonic() + 5.0
    while len(heard) < 2 and time.monotonic() < until:
        time.sleep(0.001)
    assert [data for _, data in heard] == [bytes((0x90, 60, 100)), bytes((0x80, 60, 64))]
    assert heard[0][0] <= heard[1][0] <= time.perf_counter()
    polled.close_port()
    polled.delete()
    queue.queue.append(([0x90, 60, 100], 0.0))
    time.sleep(0.01)
    assert len(heard) == 2
    assert queue.done == ["closed", "deleted"]
