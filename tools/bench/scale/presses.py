"""Sets in the simulated Live: how long the daemon's mirror takes, what it costs, and presses in it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from musearoo.bridge.protocol import Done, Failed
from musearoo.tools.bench.processes import read_usage
from musearoo.tools.bench.scale.sets import BARS, STYLE, SetSize, describe_set
from musearoo.tools.studio.processes import Studio, StudioError, write_set

SETTINGS: Final = "predict: off\nwarm_up: true\n"
"""Nothing is composed ahead: each press is composed when it is pressed."""
WARM_UP: Final = 5
"""Presses before the first measured one; the first loads the instrument."""
LONGEST_PAUSE, STRIDE = 0.1, 0.6180339887
"""Pauses of 0 to so many seconds between presses, so that results do not depend on the phase of Live's ticks."""
TAKES_FULL_AFTER: Final = 11.0
"""Seconds after the set was told: engines that kept up by simpler takes meanwhile play full ones again."""
SETTLED_AFTER: Final = 2.0
"""Seconds after the presses, in which what they changed is looked at."""
IDLE_SECONDS: Final = 5.0
CONNECTED, TOLD = " is connected", " has told its set"
"""What the daemon's log says at the beginning and the end of a set's report."""


@dataclass(slots=True)
class Presses:
    """Milliseconds of each press and of its parts; what the daemon took to mirror the set, and uses."""

    mirror_seconds: float = 0.0
    memory_mb: float | None = None
    idle_ms: float | None = None
    """CPU time in a second of idling."""
    total: list[float] = field(default_factory=list)
    composed: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


def measure_presses(size: SetSize, presses: int, progress: Callable[[int], None]) -> Presses:
    """Return the presses in a set of that size. Raises StudioError when a process or a press fails."""
    found = Presses()
    with tempfile.TemporaryDirectory(prefix="musearoo-scale-") as folder:
        file = write_set(Path(folder) / "set.json", describe_set(size))
        with Studio(set_file=file, settings=SETTINGS) as studio:
            studio.device.idle(TAKES_FULL_AFTER)
            for number in range(-WARM_UP, presses):
                time.sleep(number * STRIDE % 1.0 * LONGEST_PAUSE)
                _press(studio, found if number >= 0 else Presses(), seed=number + WARM_UP)
                progress(number + 1)
            studio.device.idle(SETTLED_AFTER)
            found.mirror_seconds = told_after(studio.daemon.log())
            _measure_idle(studio, found)
    return found


def told_after(log: str) -> float:
    """Return the seconds from a script's connection until its set was whole, by the daemon's log."""
    begun, ended = (next((line for line in log.splitlines() if text in line), "") for text in (CONNECTED, TOLD))
    if not begun or not ended:
        raise StudioError(f"The daemon's log does not say when the set was told: {log[-500:]}")
    return (datetime.fromisoformat(ended[:23]) - datetime.fromisoformat(begun[:23])).total_seconds()


def _press(studio: Studio, found: Presses, seed: int) -> None:
    """Press once in the first slot, which is emptied again."""
    press = studio.device.press("drummaroo", style=STYLE, bars=BARS, seed=seed, track=0, scene=0)
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done) or press.answered_at is None:
        why = answer.sentence if isinstance(answer, Failed) else f"it was answered with {answer}"
        raise StudioError(f"A press failed: {why}")
    found.total.append((press.answered_at - press.pressed_at) * 1000)
    found.composed.append(answer.composed_ms)
    found.live.append(answer.live_ms)
    found.notes.append(answer.notes)
    studio.live.call("song.tracks[0].clip_slots[0].delete_clip")


def _measure_idle(studio: Studio, found: Presses) -> None:
    before = read_usage(studio.daemon.pid)
    studio.device.idle(IDLE_SECONDS)
    after = read_usage(studio.daemon.pid)
    if before is not None and after is not None:
        found.memory_mb = after.rss_mb
        found.idle_ms = (after.cpu_seconds - before.cpu_seconds) * 1000 / IDLE_SECONDS
