"""From a press to the clip in the simulated Live: by WebSocket through the server, beside the device's own press.

Both press for the same part with the same seeds, in turn, so that both meet the same load. The device's presses are
also compared with those before the server was started: what is off costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from math import pi, sqrt
from statistics import median, stdev
from typing import Final

import msgspec

from musearoo.bridge.protocol import Done, Failed
from musearoo.engines.errors import EngineError
from musearoo.tools.bench.api.imports import imports_told, web_imports
from musearoo.tools.bench.api.serving import PREFIX, RestClient, ServeProcess, SocketClient
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.studio.processes import Studio, StudioError

MORE_WITHIN: Final = 3.0
"""Milliseconds that a press by WebSocket may take more than the device's, at the median."""
READY_WITHIN: Final = 500.0
IDLE_WITHIN: Final = 60.0
"""The daemon's budget: milliseconds until it is ready, MB while it waits."""
WARM_UP: Final = 5
LONGEST_PAUSE: Final = 0.1
STRIDE: Final = 0.6180339887
"""Pauses of 0 to so many seconds, by an irrational stride: no result depends on the phase of Live's timers."""
LIVE_WITHIN: Final = 10.0
ENGINE: Final = "drummaroo"
BARS: Final = 8
Progress = Callable[[str, int, int], None]


def measure_live(presses: int, progress: Progress) -> tuple[list[Row], str]:
    """Return the rows of the presses, and a sentence where they cannot be measured, else "".

    Raises STUDIO_FAILURES or EngineError when a process does not respond.
    """
    by_device: list[float] = []
    by_socket: list[float] = []
    alone: list[float] = []
    with ExitStack() as stack:
        studio = stack.enter_context(Studio(settings="warm_up: true\n"))
        for number in range(-WARM_UP, presses):
            _pause(number)
            took = _press_device(studio, number + WARM_UP)
            if number >= 0:
                alone.append(took)
        server = stack.enter_context(ServeProcess(studio.home))
        rest = stack.enter_context(RestClient(server.port, server.token))
        session, why = _open_live(rest)
        if not session:
            return [], f"Presses by WebSocket into Live are not there yet: {why}"
        socket = stack.enter_context(SocketClient(server.port, session, server.token))
        for number in range(-WARM_UP, presses):
            pair = {}
            for who in ("device", "socket") if number % 2 else ("socket", "device"):
                _pause(2 * number + (who == "socket"))
                seed = number + WARM_UP
                pair[who] = _press_device(studio, seed) if who == "device" else _press_socket(studio, socket, seed)
            if number >= 0:
                by_device.append(pair["device"])
                by_socket.append(pair["socket"])
            progress("presses", number + 1, presses)
    return press_rows(by_device, by_socket, alone), ""


def press_rows(by_device: list[float], by_socket: list[float], alone: list[float]) -> list[Row]:
    """Return the rows of the milliseconds of presses; `alone` are the device's before the server was started."""
    part, rows = f"Press to clip in the simulated Live, {ENGINE}, {BARS} bars", []
    for percent in (50, 95, 99):
        ours, peer = percentile(by_socket, percent), percentile(by_device, percent)
        rows.append(Row(part, f"by WebSocket, p{percent}", "ms", ours, peer, note="beside the device's press"))
    more = percentile(by_socket, 50) - percentile(by_device, 50)
    note = f"within {MORE_WITHIN:g} ms; {len(by_socket)} presses each"
    rows.append(Row(part, "by WebSocket more at the median", "ms", more, met=more <= MORE_WITHIN, note=note))
    for percent in (50, 95):
        ours, peer = percentile(by_device, percent), percentile(alone, percent)
        rows.append(Row(part, f"the device's, server watching, p{percent}", "ms", ours, peer, note="beside without it"))
    more, noise = percentile(by_device, 50) - percentile(alone, 50), noise_of(by_device) + noise_of(alone)
    note = f"within their noise, {noise:.2f} ms; {len(alone)} presses before the server, {len(by_device)} with it"
    rows.append(Row(part, "the device's more at the median", "ms", more, met=more <= noise, note=note))
    return rows


def noise_of(values: list[float]) -> float:
    """Return two standard errors of the median, for values that are spread as a normal distribution or narrower.

    >>> round(noise_of([9.0, 11.0] * 50), 3)
    0.252
    """
    return 2 * sqrt(pi / 2) * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0


def measure_daemon(starts: int, progress: Progress) -> list[Row]:
    """Return the daemon's start, its memory, and the web packages that it imports while a server watches it."""
    ready: list[float] = []
    idle: list[float] = []
    for number in range(starts):
        with Studio(settings="warm_up: false\n") as studio:
            ready.append(studio.daemon.ready_after * 1000)
            memory = studio.daemon.resident_bytes()
            if memory is not None:
                idle.append(memory / 1e6)
        progress("daemon", number + 1, starts)
    imported = list_web_imports()
    part, half = "The daemon, for which the server costs nothing", median(ready)
    note = f"within {READY_WITHIN:g} ms; {starts} starts"
    rows = [Row(part, "ready", "ms", half, met=half <= READY_WITHIN, note=note)]
    if idle:
        megabytes = median(idle)
        rows.append(Row(part, "idle", "MB", megabytes, met=megabytes <= IDLE_WITHIN, note=f"within {IDLE_WITHIN:g} MB"))
    note = f"none may be; {', '.join(imported) or 'a press and a watching server included'}"
    rows.append(Row(part, "web packages imported", "", len(imported), met=not imported, note=note))
    return rows


def list_web_imports() -> list[str]:
    """Return the web packages that a running daemon imports: at its start, by a press, and for a watching server."""
    with imports_told(), Studio() as studio:
        with ServeProcess(studio.home) as server, RestClient(server.port, server.token) as rest:
            _press_device(studio, 1)
            session, _ = _open_live(rest)
            if session:
                rest.ask("GET", f"/sessions/{session}/set")
        return web_imports(studio.daemon.said())


def _open_live(rest: RestClient) -> tuple[str, str]:
    """Return the id of a session on the set of Live, or "" and why there is none."""
    until = time.monotonic() + LIVE_WITHIN
    while True:
        status, answer, _ = rest.ask_status("POST", f"{PREFIX}/sessions", b'{"set":"live"}')
        if status < 300:
            session: str = msgspec.json.decode(answer)["id"]
            return session, ""
        if status != 503 or time.monotonic() > until:
            return "", f"POST /sessions was answered by {status}: {answer[:200].decode('utf-8', 'replace')}"
        time.sleep(0.1)


def _pause(number: int) -> None:
    time.sleep(number * STRIDE % 1.0 * LONGEST_PAUSE)


def _press_device(studio: Studio, seed: int) -> float:
    """Return the milliseconds of a press of the device, whose clip is then deleted."""
    press = studio.device.press(ENGINE, style="funk", bars=BARS, seed=seed, track=0, scene=0)
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done) or press.answered_at is None:
        why = answer.sentence if isinstance(answer, Failed) else f"it was answered with {answer}"
        raise StudioError(f"A press of the device failed: {why}")
    _delete_clip(studio)
    return (press.answered_at - press.pressed_at) * 1000


def _press_socket(studio: Studio, socket: SocketClient, seed: int) -> float:
    """Return the milliseconds of the same press by WebSocket, whose clip is then deleted."""
    asked = {"do": "generate", "engine": ENGINE, "style": "funk", "bars": BARS, "seed": seed, "track": 1, "scene": 1}
    began = time.perf_counter()
    frame = socket.ask("do", asked)
    took = (time.perf_counter() - began) * 1000
    if not msgspec.msgpack.decode(frame)[2]["takes"]:
        raise EngineError("A press by WebSocket was answered without its take.")
    _delete_clip(studio)
    return took


def _delete_clip(studio: Studio) -> None:
    studio.live.call("song.tracks[0].clip_slots[0].delete_clip")
