"""Endless music from the server: what 1, 8 and 32 listeners cost, what they miss, and when they hear steering."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from musearoo.bridge.api.sound.messages import FRAME, RATE
from musearoo.tools.bench.api.serving import RestClient, ServeProcess
from musearoo.tools.bench.processes import read_usage, working_children
from musearoo.tools.bench.rows import Row

COUNTS: Final = (1, 8, 32)
CODECS: Final = ("pcm", "opus")
SETTLES: Final = 3.0
"""Seconds after the last listener has come, before anything is measured."""
MOST_CORES: Final = 0.5
"""Of one core, for server, encoder and the player process together."""
MOST_STEER: Final = 1.0
AHEAD: Final = 200
"""Milliseconds that a listener keeps, as the page does on the machine itself."""
STEERED: Final = ("glass", "tape", "choir")
PROTOCOL: Final = "musearoo.sound.v1"
HEADER: Final = struct.Struct("<IQHH")
PREROLL, SKIPPED = 1, 2


@dataclass(slots=True)
class _Listener:
    """What one listener got: how late frames were beside the first, and how many were skipped."""

    arrivals: list[tuple[int, float]] = field(default_factory=list)
    skipped: int = 0

    def lateness(self) -> float:
        """The 99th percentile of seconds by which frames came after they were due."""
        positions = np.array([position for position, _ in self.arrivals]) / RATE
        times = np.array([moment for _, moment in self.arrivals])
        return float(np.percentile(times - positions - np.min(times - positions), 99))


def measure_streaming(seconds: float, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows of each codec and number of listeners. Raises EngineError where the server does not start."""
    with tempfile.TemporaryDirectory(prefix="musearoo-stream-") as folder:
        for number, (codec, count) in enumerate((codec, count) for codec in CODECS for count in COUNTS):
            tell(f"{count} listeners, {codec}", number, len(COUNTS) * len(CODECS))
            with (
                ServeProcess(Path(folder) / f"{codec}{count}") as server,
                RestClient(server.port, server.token) as client,
            ):
                session = client.make_session(name="Night")
                listeners, cores, megabytes = asyncio.run(_listen(server, session, codec, count, seconds))
            what = f"{count} listener{'s' * (count > 1)}, {codec}"
            late = max(listener.lateness() for listener in listeners)
            skipped = sum(listener.skipped for listener in listeners)
            yield Row("stream", f"{what}: of a core", "", cores, MOST_CORES, cores <= MOST_CORES, "server and player")
            yield Row("stream", f"{what}: memory", "MB", megabytes, None, None, "of both, shared pages by their share")
            yield Row(
                "stream", f"{what}: frames late by, p99", "ms", 1000.0 * late, float(AHEAD), late < AHEAD / 1000.0
            )
            yield Row("stream", f"{what}: skipped", "", skipped, 0.0, skipped == 0)
            if codec == "pcm" and count == 1:
                steered = asyncio.run(_steer(Path(folder) / "steering"))
                worst = max(steered)
                words = f"the worst of {len(steered)}, with {AHEAD} ms that the listener keeps"
                yield Row("stream", "steering to another sound", "s", worst, MOST_STEER, worst <= MOST_STEER, words)


async def _listen(
    server: ServeProcess, session: str, codec: str, count: int, seconds: float
) -> tuple[list[_Listener], float, float]:
    """Return what each listener got, the share of a core that was used meanwhile, and megabytes."""
    listeners = [_Listener() for _ in range(count)]
    ends = asyncio.Event()
    tasks = [asyncio.create_task(_take(server, session, codec, listener, ends)) for listener in listeners]
    while not all(listener.arrivals for listener in listeners):
        await asyncio.sleep(0.05)
        if failed := next((task for task in tasks if task.done()), None):
            await failed
    await asyncio.sleep(SETTLES)
    for listener in listeners:
        listener.arrivals.clear()
        listener.skipped = 0
    before, began = _used(server), time.perf_counter()
    await asyncio.sleep(seconds)
    after, took = _used(server), time.perf_counter() - began
    ends.set()
    await asyncio.gather(*tasks)
    return listeners, (after[0] - before[0]) / took, after[1]


def _used(server: ServeProcess) -> tuple[float, float]:
    """Return the CPU seconds and megabytes of the server, and of the processes that work for it."""
    usages = [usage for pid in (server.pid, *working_children(server.pid)) if (usage := read_usage(pid)) is not None]
    return sum(usage.cpu_seconds for usage in usages), sum(usage.pss_mb for usage in usages)


async def _take(server: ServeProcess, session: str, codec: str, listener: _Listener, ends: asyncio.Event) -> None:
    async with _connected(server, session) as line:
        await line.send(_play(codec, "drift"))
        said = time.perf_counter()
        while not ends.is_set():
            message = await line.recv()
            now = time.perf_counter()
            if isinstance(message, bytes):
                _, position, _, flags = HEADER.unpack_from(message)
                listener.skipped += bool(flags & SKIPPED)
                if not flags & PREROLL:
                    listener.arrivals.append((position, now))
                if now - said > 0.25:
                    # As the page does: who is silent is not noticed where it falls behind.
                    said = now
                    await line.send(json.dumps({"type": "played", "number": 1, "at": max(0, position - AHEAD * 48)}))


async def _steer(home: Path) -> list[float]:
    """Return the seconds from each steering to the first sample that is another one than without it, as it is heard."""
    found = []
    with ServeProcess(home) as server:
        for preset in STEERED:
            with RestClient(server.port, server.token) as client:
                sessions = [client.make_session(name=f"Night {number}") for number in range(2)]
            async with _connected(server, sessions[0]) as one, _connected(server, sessions[1]) as other:
                for line in (one, other):
                    await line.send(_play("pcm", "drift"))
                frames: tuple[dict[int, bytes], dict[int, bytes]] = {}, {}
                await asyncio.gather(_gather(one, frames[0]), _gather(other, frames[1]))
                # What is heard now is the newest frame but what the listener keeps.
                heard = max(frames[0]) - AHEAD * RATE // 1000
                await one.send(json.dumps({"type": "steer", "endless": {"preset": preset}}))
                await asyncio.gather(_gather(one, frames[0]), _gather(other, frames[1]))
            both = sorted(frames[0].keys() & frames[1].keys())
            changed = next(position for position in both if frames[0][position] != frames[1][position])
            found.append((changed - heard) / RATE)
    return found


async def _gather(line: Any, frames: dict[int, bytes]) -> None:
    """Take the frames of three seconds."""
    most = len(frames) + 3 * RATE // FRAME
    while len(frames) < most:
        if isinstance(message := await line.recv(), bytes):
            frames[HEADER.unpack_from(message)[1]] = message[HEADER.size :]


def _play(codec: str, preset: str) -> str:
    wishes: dict[str, Any] = {"preset": preset, "seed": 1}
    parts = [{"id": "ambient", "endless": wishes}]
    return json.dumps(
        {"type": "play", "number": 1, "parts": parts, "bpm": 60, "beats": 4, "codec": codec, "ahead": AHEAD}
    )


@contextlib.asynccontextmanager
async def _connected(server: ServeProcess, session: str) -> AsyncIterator[Any]:
    """Open a WebSocket to a session's sound, and wait for its welcome."""
    from websockets.asyncio.client import connect
    from websockets.typing import Subprotocol

    address = f"ws://127.0.0.1:{server.port}/sound/{session}"
    async with connect(address, subprotocols=[Subprotocol(PROTOCOL)], compression=None, max_size=None) as line:
        await line.send(json.dumps({"type": "hello", "token": server.token}))
        await line.recv()
        yield line
