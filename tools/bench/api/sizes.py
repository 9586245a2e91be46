"""Bytes of an answer with a take of 200 notes, as each client gets it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import msgspec

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.api.serving import RestClient, ServeProcess, SocketClient
from musearoo.tools.bench.rows import Row

NOTES: Final = 200
WITHIN_KB: Final = 4.5
ENGINE: Final = "drummaroo"
BARS: Final = (8, 9, 10, 11)
SEEDS: Final = 400
"""Takes that are looked at for one of so many notes."""
MSGPACK: Final = {"accept": "application/msgpack"}


def measure_sizes() -> list[Row]:
    """Return the rows. Raises EngineError when there is no such take."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="musearoo-bench-"))
        server = stack.enter_context(ServeProcess(Path(folder)))
        rest = stack.enter_context(RestClient(server.port, server.token))
        session = rest.make_session()
        asked, outcome = _find_take(rest, session)
        path = f"/sessions/{session}/generate/{ENGINE}"
        by_json = len(rest.ask("POST", path, asked))
        by_msgpack = len(rest.ask("POST", path, asked, headers=MSGPACK))
        take = len(msgspec.msgpack.encode(outcome["takes"][0]))
        notes = len(msgspec.msgpack.encode(outcome["takes"][0]["notes"]))
        socket = stack.enter_context(SocketClient(server.port, session, server.token))
        frame = socket.ask("do", {"do": "generate", **asked})
        if len(msgspec.msgpack.decode(frame)[2]["takes"][0]["notes"]) != NOTES:
            raise EngineError("The WebSocket gave another take than REST: their bytes cannot be compared.")
    part = f"Bytes of an answer with a take of {NOTES} notes"
    kb, note = len(frame) / 1000, f"within {WITHIN_KB} kB; beside JSON"
    return [
        Row(part, "WebSocket, msgpack", "kB", kb, by_json / 1000, kb <= WITHIN_KB, note),
        Row(part, "REST, msgpack", "kB", by_msgpack / 1000, by_json / 1000, note="beside JSON"),
        Row(part, "REST, JSON", "kB", by_json / 1000),
        Row(part, "of these the take, in msgpack", "kB", take / 1000),
        Row(part, "of these the notes, in msgpack", "kB", notes / 1000),
    ]


def _find_take(rest: RestClient, session: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a request for a take of exactly NOTES notes, and what it gave."""
    for seed in range(SEEDS):
        bars = BARS[seed % len(BARS)]
        asked = {"engine": ENGINE, "style": "funk", "bars": bars, "seed": seed, "scene": 1, "replace": True}
        outcome = msgspec.json.decode(rest.ask("POST", f"/sessions/{session}/generate/{ENGINE}", asked))
        if len(outcome["takes"][0]["notes"]) == NOTES:
            return asked, outcome
    raise EngineError(f"None of {SEEDS} takes has {NOTES} notes.")
