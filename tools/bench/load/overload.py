"""Overload: at three times the knee new work is refused with a time to try again, and work under way is not hurt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.api.serving import PREFIX, RestClient, ServeProcess
from musearoo.tools.bench.load.stage import Stage
from musearoo.tools.bench.rows import Row

TIMES: Final = 3.0
ACCEPTED_WITHIN: Final = 2_500.0
"""Milliseconds at p99 of what was accepted: the server's longest wait, and the composing itself."""
PROBE_EVERY: Final = 0.2
GREEDY: Final = 400
"""Requests in a row by one user, above what a user may ask at once."""

Progress = Callable[[str, int, int], None]


def measure_overload(stage: Stage, knee: float, seconds: float, progress: Progress) -> list[Row]:
    """Return the rows of `seconds` at three times the knee, in requests a second."""
    progress("overload", 0, 1)
    with _Probe(stage) as probe:
        measured = stage.run_rate(TIMES * knee, seconds)
    ran, part = measured.ran, f"Overload: {TIMES * knee:.0f} requests/s, {TIMES:g} times the knee, {seconds:g} s"
    after = stage.run_rate(0.5 * knee, seconds / 5)
    stored = stage.count_stored(ran.requests)
    share = 100 * measured.shed / ran.sent
    late = measured.latency(99)
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(ran.statuses.items()))
    lost = len(ran.requests) - stored
    unanswered = ran.lost
    other = measured.errors - unanswered
    return [
        Row(part, "refused", "%", share, met=measured.shed > 0, note=statuses),
        Row(part, "accepted, p50", "ms", measured.latency(50)),
        Row(part, "accepted, p99", "ms", late, met=late <= ACCEPTED_WITHIN, note=f"within {ACCEPTED_WITHIN:g} ms"),
        Row(part, "takes a second meanwhile", "1/s", measured.rate, knee, note="beside the knee"),
        Row(part, "refused without a time to try again", "", ran.without_retry, met=ran.without_retry == 0),
        Row(part, "never answered", "", unanswered, met=unanswered == 0, note=f"of {ran.sent}"),
        Row(part, "failed otherwise", "", other, met=other == 0),
        Row(part, "acknowledged but not in the store", "", lost, met=lost == 0, note=f"of {len(ran.requests)}"),
        Row(part, "REST meanwhile: 503 without Retry-After", "", probe.bare, met=probe.bare == 0, note=probe.said()),
        Row(part, "p95 at half the knee, right after", "ms", after.latency(95)),
    ]


def measure_greedy(composers: int, progress: Progress) -> list[Row]:
    """Return the rows of one user who asks without end, beside another one who does not."""
    progress("one greedy user", 0, 1)
    refused = without = 0
    with Stage(2, composers, rate=1.0) as stage:
        greedy, other = stage.people
        with RestClient(stage.server.port, greedy.token) as asking:
            for _ in range(GREEDY):
                status, _, headers = asking.ask_status("GET", f"{PREFIX}/sessions/{greedy.session}")
                refused += status == 429
                without += status == 429 and "retry-after" not in headers
        with RestClient(stage.server.port, other.token) as patient:
            status, _, _ = patient.ask_status("GET", f"{PREFIX}/sessions/{other.session}")
    part = f"One user asks {GREEDY} times at once"
    return [
        Row(part, "answered by 429", "%", 100 * refused / GREEDY, met=refused > 0),
        Row(part, "429 without Retry-After", "", without, met=without == 0),
        Row(part, "another user's status meanwhile", "", status, met=status == 200),
    ]


class _Probe:
    """Asks by REST beside the load, and looks at how it is refused."""

    def __init__(self, stage: Stage) -> None:
        self._server: ServeProcess = stage.server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="probe", daemon=True)
        self._fault = ""
        self.statuses: dict[int, int] = {}
        self.bare = 0

    def __enter__(self) -> _Probe:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._fault:
            raise EngineError(f"REST failed under overload: {self._fault}")

    def said(self) -> str:
        """Return what was answered, in words."""
        return ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))

    def _ask(self) -> None:
        try:
            with RestClient(self._server.port, self._server.token) as rest:
                # One session of its own for all: a request that is refused has changed nothing.
                session = rest.make_session()
                while not self._stop.wait(PROBE_EVERY):
                    path = f"{PREFIX}/sessions/{session}/generate/bassaroo"
                    status, _, headers = rest.ask_status("POST", path, b'{"style":"funk","scene":1,"replace":true}')
                    self.statuses[status] = self.statuses.get(status, 0) + 1
                    self.bare += status in (429, 503) and "retry-after" not in headers
        except (OSError, EngineError) as error:
            self._fault = str(error)
