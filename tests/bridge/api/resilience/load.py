"""Several clients that make music as fast as they can, and what they were told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import httpx2 as httpx

from tests.bridge.api.running import RunningServer

CLEAR = (429, 502, 503, 504, 507)
"""Statuses by which a server may refuse while something is broken: nothing was changed, and another try is worth it."""


@dataclass(slots=True)
class Told:
    """What the clients were told. `acknowledged`: by session, the versions and takes of successful answers."""

    acknowledged: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    refused: list[httpx.Response] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many requests succeeded."""
        return sum(len(each) for each in self.acknowledged.values())


class Load:
    """Clients in threads, each with sessions of its own or one for all, until the end of a `with` block."""

    def __init__(self, server: RunningServer, sessions: list[str], clients: int = 4, pause: float = 0.0) -> None:
        """`pause`: seconds that a client thinks between two requests."""
        self._server = server
        self._sessions = sessions
        self._pause = pause
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self.told = Told({session: [] for session in sessions})
        self._threads = [threading.Thread(target=self._play, args=(number,)) for number in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join(60.0)
            assert not thread.is_alive(), "a request hangs"

    def wait_for(self, more: int, seconds: float = 30.0) -> None:
        """Wait until so many more requests have succeeded."""
        wanted, until = self.told.count + more, time.monotonic() + seconds
        while self.told.count < wanted:
            assert time.monotonic() < until, f"only {self.told.count} of {wanted} requests were answered"
            time.sleep(0.01)

    def _play(self, number: int) -> None:
        session = self._sessions[number % len(self._sessions)]
        with self._server.client(timeout=30.0) as client:
            seed = 0
            while not self._ends.wait(self._pause):
                seed += 1
                try:
                    answer = client.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1, "seed": seed})
                except httpx.HTTPError as error:
                    with self._lock:
                        self.told.broken.append(error)
                    time.sleep(0.02)
                    continue
                with self._lock:
                    if answer.status_code == 200:
                        outcome = answer.json()
                        self.told.acknowledged[session].append((outcome["version"], outcome["takes"][0]["id"]))
                    else:
                        self.told.refused.append(answer)


def make_sessions(client: httpx.Client, count: int) -> list[str]:
    """Make sessions, and return their ids."""
    return [client.post("/sessions", json={"name": str(number)}).json()["id"] for number in range(count)]


def require_all_kept(client: httpx.Client, told: Told) -> None:
    """Require that all that was acknowledged is in the store, that versions have no gaps, and that undo works."""
    for session, acknowledged in told.acknowledged.items():
        versions = [version for version, _ in acknowledged]
        assert len(set(versions)) == len(versions), "two requests were told the same version"
        steps = pages(client, f"/sessions/{session}/history")
        assert sorted(step["version"] for step in steps) == list(range(1, len(steps) + 1))
        # What was stored while its answer was lost on the way may be there besides.
        assert set(versions) <= {step["version"] for step in steps}
        takes = pages(client, f"/sessions/{session}/takes")
        assert {take for _, take in acknowledged} <= {take["id"] for take in takes}
        assert sorted(take["number"] for take in takes) == list(range(1, len(takes) + 1))
        state = client.get(f"/sessions/{session}").json()
        assert (state["version"], state["takes"]) == (len(steps), len(takes))
        seen = client.get(f"/sessions/{session}/set").json()
        assert (seen["version"], len(seen["clips"])) == (len(steps), len(steps))
        if steps:
            assert client.post(f"/sessions/{session}/undo").json()["version"] == len(steps) + 1
            assert len(client.get(f"/sessions/{session}/set").json()["clips"]) == len(steps) - 1
            assert client.post(f"/sessions/{session}/redo").status_code == 200


def require_clear(told: Told) -> None:
    """Require that what was refused was refused with a sentence."""
    for answer in told.refused:
        problem = answer.json()
        assert answer.status_code in CLEAR, (answer.status_code, answer.text)
        assert problem["detail"].endswith("."), problem
        assert answer.status_code != 503 or int(answer.headers["retry-after"]) >= 1


def pages(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    """Return all items of a list."""
    items: list[dict[str, Any]] = []
    after = None
    while True:
        page = client.get(path, params={"limit": 200, **({"after": after} if after else {})}).json()
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


def wait_until(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not become so in time"
        time.sleep(0.02)
