"""Presses in a row: nothing grows. 150 by default, 20,000 with -m long."""

import psutil
import pytest

from musearoo.bridge.protocol import Done
from musearoo.tools.studio.processes import Studio

MOST_GROWTH = 16 * 1024 * 1024
"""Bytes that a process may grow by after its caches are full: the allocator's slack."""

LISTENERS_AND_HANDLES = 8
"""What may differ between two looks at the script's tables while a change is under way."""


@pytest.mark.parametrize("presses", [150, pytest.param(20_000, marks=pytest.mark.long)])
def test_presses_in_a_row_let_nothing_grow(fresh_studio: Studio, presses: int) -> None:
    studio = fresh_studio
    daemon = psutil.Process(studio.daemon.pid)
    start: dict[str, int] = {}
    for number in range(presses):
        engine, track = (("drums", 0), ("bass", 1))[number % 2]
        press = studio.device.press(engine, bars=2, track=track, scene=0, replace=True)
        answer = studio.device.wait_for(press, within=15.0)
        assert isinstance(answer, Done), answer
        if number == presses // 3:
            start = sizes(studio, daemon)
    end = sizes(studio, daemon)
    for name in ("daemon memory", "Live memory"):
        assert end[name] - start[name] < MOST_GROWTH, (name, start, end)
    for name in ("daemon files", "Live files"):
        assert end[name] <= start[name] + 1, (name, start, end)
    for name in ("listeners", "handles"):
        assert end[name] <= start[name] + LISTENERS_AND_HANDLES, (name, start, end)


def sizes(studio: Studio, daemon: psutil.Process) -> dict[str, int]:
    """What must not grow."""
    stats = studio.live.stats()
    return {
        "daemon memory": daemon.memory_info().rss,
        "daemon files": daemon.num_fds() if hasattr(daemon, "num_fds") else 0,
        "Live memory": stats["rss_bytes"] or 0,
        "Live files": stats["open_files"] or 0,
        "listeners": stats["listeners"],
        "handles": stats["handles"],
    }
