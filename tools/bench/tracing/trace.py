"""Trace one press through device, daemon and Live, and write it in Chrome's trace format.

The processes run with a hook that times some of their functions (`hook/sitecustomize.py`), which costs some
microseconds a call. The clocks of all processes are one on Linux and macOS (`perf_counter` counts from the machine's
start); open the file in chrome://tracing or ui.perfetto.dev.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.protocol import Done
from musearoo.tools.studio.processes import Studio, StudioError

HOOK: Final = Path(__file__).parent / "hook"
VARIABLE: Final = "MUSEAROO_TRACE"
WARM: Final = 5
"""Presses before the traced one."""
REST: Final = 1.0


def trace_press(target: Path, engine: str, profile: str) -> int:
    """Write the trace of one press; returns how many events it has. Raises StudioError if the press fails."""
    with tempfile.TemporaryDirectory(prefix="musearoo-trace-") as folder:
        with _hooked(Path(folder)), Studio(profile=profile, settings="warm_up: true\npredict: off\n") as studio:
            for _ in range(WARM):
                _press(studio, engine)
            began, acknowledged, ended = _press(studio, engine)
            pids = {studio.daemon.pid: "daemon", studio.live.pid: "Live with the Remote Script"}
        events = [*_events(Path(folder), pids, began, ended)]
    device = {"pid": 0, "tid": 0, "cat": "press", "ph": "X"}
    events += [
        {"name": "process_name", "ph": "M", "pid": 0, "args": {"name": "device"}},
        {"name": "press to clip", "ts": 0.0, "dur": 1e6 * (ended - began), **device},
        {"name": "press to acknowledgement", "ts": 0.0, "dur": 1e6 * (acknowledged - began), **device, "tid": 1},
    ]
    target.write_text(json.dumps({"traceEvents": events, "displayTimeUnit": "ms"}), encoding="utf-8")
    return len(events)


def _press(studio: Studio, engine: str) -> tuple[float, float, float]:
    """Press once; returns when it was pressed, acknowledged and answered."""
    press = studio.device.press(engine, style="funk", track=-1, scene=0, replace=True)
    answer = studio.device.wait_for(press, within=20.0)
    if not isinstance(answer, Done) or press.got_at is None or press.answered_at is None:
        raise StudioError(f"The press of {engine} was answered with {answer}.")
    studio.device.idle(REST)
    return press.pressed_at, press.got_at, press.answered_at


def _events(folder: Path, pids: dict[int, str], began: float, ended: float) -> Iterator[dict[str, Any]]:
    """Yield what the processes noted between two times, with each process's name."""
    for pid, name in pids.items():
        yield {"name": "process_name", "ph": "M", "pid": pid, "args": {"name": name}}
        for what, thread, start, end in json.loads((folder / str(pid)).read_text(encoding="utf-8")):
            if start < ended and end > began:
                place = {"pid": pid, "tid": thread, "cat": name}
                yield {"name": what, "ph": "X", "ts": 1e6 * (start - began), "dur": 1e6 * (end - start), **place}


@contextmanager
def _hooked(folder: Path) -> Iterator[None]:
    """Have the processes that are started meanwhile note what they do."""
    before = {name: os.environ.get(name) for name in (VARIABLE, "PYTHONPATH")}
    paths = [str(HOOK), *filter(None, [before["PYTHONPATH"]])]
    os.environ |= {VARIABLE: str(folder), "PYTHONPATH": os.pathsep.join(paths)}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
