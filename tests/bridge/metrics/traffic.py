"""A daemon and a server that count, and what `musearoo serve` gives at /metrics: for what reads that."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from musearoo.bridge.core.conductor import conduct
from musearoo.bridge.core.events.effects import Effect
from musearoo.bridge.core.events.incoming import Composed, EffectFailed, Event, UnknownPacketReceived
from musearoo.bridge.metrics.daemon import PREFIX
from musearoo.bridge.metrics.observer import DaemonMetrics
from musearoo.bridge.metrics.reading import join_texts, read_text
from musearoo.bridge.metrics.registry import Counter, Reading
from musearoo.bridge.metrics.server import ServerMetrics
from musearoo.bridge.metrics.takes import measure_take
from musearoo.bridge.metrics.text import CONTENT_TYPE
from musearoo.bridge.protocol import CreateClip, Transaction
from musearoo.bridge.requests.composition import Recipe, TakePart
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.stage import Stage

TOKEN: Final = "the-token-of-metrics"


@dataclass
class CountingStage(Stage):
    """A stage whose events are counted as the daemon counts them."""

    metrics: DaemonMetrics = field(init=False)
    hits: Counter = field(default_factory=Counter)
    checks: bool = True
    """Whether each event is checked as by any stage: that takes longer than what is played."""

    def __post_init__(self) -> None:
        readings: dict[tuple[str, ...], Reading] = {
            ("analysis_lookups_total", "hit"): self.hits.value,
            ("queue_length", "jobs"): lambda: 3,
            ("predictions_total", "hit"): self.hits.value,
            ("prediction_age_seconds_total",): self.hits.value,
        }
        self.metrics = DaemonMetrics(lambda: self.state, ENGINES, readings)

    def play(self, event: Event) -> list[Effect]:
        before = self.state
        if self.checks:
            effects = super().play(event)
        else:
            self.state, effects = conduct(before, event)
        self.metrics.observe(before, self.state, event, effects)
        return effects

    def samples(self, family: str) -> dict[tuple[str, ...], float]:
        """The samples of a family that are not 0, by the values of their labels."""
        samples = read_text(self.metrics.text())
        named = (sample for sample in samples if sample.name == PREFIX + family)
        return {tuple(value for _, value in sample.labels): sample.value for sample in named if sample.value}


def compose_take(
    stage: CountingStage, session: int, press: int, *parts: TakePart, recipe: Recipe | None = None
) -> None:
    """A device presses, and an engine makes these parts."""
    stage.press(session, press)
    transaction = (Transaction(f"device-1:{press}", 0.0), CreateClip(1, 2, 1, 32.0, "Take", -1, 1, 4, 4, b""))
    stage.play(Composed(stage.now, (session, press), transaction, parts=parts, recipe=recipe))


def a_part(role: Role, *pitches: int) -> TakePart:
    """Eighths of these pitches."""
    notes = [Note(place * 0.5, pitch, 0.25, 100.0) for place, pitch in enumerate(pitches)]
    return TakePart(role, Clip.of("Part", 4.0, notes))


class Traffic:
    """A daemon and a server that count as much as happens in a busy second, again and again."""

    def __init__(self) -> None:
        self.daemon = CountingStage(now=time.monotonic())
        self.daemon.live()
        self.session = self.daemon.hello()
        self.server = ServerMetrics(["/api/v3/sessions"], ["drummaroo"], ["split"])
        self.server.daemon_connected.set(1)
        self.server.websockets.set(3)
        for name, value in (("sessions_open", 2), ("composers", 4), ("composers_busy", 1), ("composers_waiting", 0)):
            self.server.read(name, partial(float, value))
        self.server.read("jobs", lambda: 1, "split", "running")
        self._presses = 0

    def happen(self) -> None:
        """Count a press that is done, one that fails, requests, jobs, and faults."""
        daemon, server = self.daemon, self.server
        daemon.now = time.monotonic()
        self._presses += 2
        compose_take(daemon, self.session, self._presses, a_part("bass", 45, 46, 48), a_part("drums", 36))
        daemon.now += 0.011
        daemon.written(f"device-1:{self._presses}")
        effects = daemon.press(self.session, self._presses + 1)
        daemon.not_composed(self.session, self._presses + 1)
        daemon.play(EffectFailed(daemon.now, effects[-1], "It went wrong."))
        daemon.play(UnknownPacketReceived())
        daemon.heartbeat(gap_ms=12.0)
        daemon.hits.add()
        daemon.tick(0.0)
        server.count_request("/api/v3/sessions", "POST", 200, 0.004)
        server.count_request("/api/v3/sessions", "POST", 503, 0.001)
        server.count_problem("overloaded")
        server.count_take("drummaroo", 0.003, measure_take(a_part("bass", 45, 46, 48).clip, "bass", Key.parse("Am")))
        server.count_job("split", "done")
        server.count_store("write", 0.001)
        server.count_store("read", 0.001, failed=True)
        server.frames_in.add()
        server.upload_bytes.add(44_100)

    def text(self) -> str:
        """What `musearoo serve` gives at /metrics."""
        return join_texts(self.daemon.metrics.text(), self.server.text())


@contextlib.contextmanager
def serving(traffic: Traffic) -> Iterator[int]:
    """Serve metrics to whoever has the token; gives the port."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self.send_error(401)
                return
            with lock:
                traffic.happen()
                body = traffic.text().encode()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
