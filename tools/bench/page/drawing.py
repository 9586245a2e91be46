"""How fast the page is there, answers a touch and draws; and its memory after many changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.page.opened import OPENED, OPENS_WITHIN, OpenedPage, open_own
from musearoo.tools.bench.rows import Row

Progress = Callable[[str, int, int], None]

LOADED_WITHIN: Final = 500.0
PAINTED_WITHIN: Final = 50.0
FRAME_WITHIN: Final = 16.8
"""Milliseconds of a frame at 60 a second, as the browser's clock rounds them."""
LONG_SESSION: Final = 60
"""Changes of the set for a minute of the memory's row: a producer presses about once a second at the most."""

_WATCH_OPENING: Final = f"""
new MutationObserver((_, watch) => {{
  if (document.querySelector({OPENED!r}) && document.querySelector('.press-bar, [role=grid]')) {{
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => (window.openedAfter = performance.now())));
  }}
}}).observe(document, {{ subtree: true, childList: true, attributes: true }});
"""
_WATCH_TOUCHES: Final = """
window.touches = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (each.interactionId) window.touches.push(each.duration);
}).observe({ type: 'event', buffered: true, durationThreshold: 16 });
"""
_FRAMES: Final = """
(milliseconds) => new Promise((resolve) => {
  const gaps = [];
  let before;
  const began = performance.now();
  const look = (now) => {
    if (before !== undefined) gaps.push(now - before);
    before = now;
    if (now - began < milliseconds) requestAnimationFrame(look);
    else resolve(gaps);
  };
  requestAnimationFrame(look);
})
"""


def measure_loads(loads: int, progress: Progress) -> list[Row]:
    """Return the rows of the page's start, in a browser that has nothing of it, and in one that has."""
    part = "Load to interactive, on the machine itself"
    first: list[float] = []
    again: list[float] = []
    for number in range(loads):
        with open_own(_WATCH_OPENING) as opened:
            first.append(_opened_after(opened))
            opened.page.reload(wait_until="commit")
            opened.page.wait_for_selector(OPENED, timeout=OPENS_WITHIN)
            again.append(_opened_after(opened))
        progress("loads", number + 1, loads)
    middle = percentile(first, 50)
    note = f"within {LOADED_WITHIN:g} ms; {loads} loads, worst {max(first):.0f}"
    return [
        Row(part, "first, p50", "ms", middle, met=middle <= LOADED_WITHIN, note=note),
        Row(part, "again, p50", "ms", percentile(again, 50), note=f"worst {max(again):.0f}"),
    ]


def _opened_after(opened: OpenedPage) -> float:
    opened.page.wait_for_function("() => window.openedAfter !== undefined", timeout=OPENS_WITHIN)
    return float(opened.page.evaluate("window.openedAfter"))


def measure_touches(touches: int, progress: Progress) -> list[Row]:
    """Return the rows of touches: from the input event to the paint after it, as the browser's Event Timing has it."""
    part = "Touch to paint"
    with open_own(_WATCH_TOUCHES) as opened:
        page = opened.page
        slots = page.locator("[role=gridcell]")
        page.wait_for_selector(".slot.full")
        count = slots.count()
        for number in range(touches):
            match number % 4:
                case 0 | 1:
                    slots.nth(number * 7 % count).click()
                case 2:
                    page.keyboard.press(("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")[number // 4 % 4])
                case _:
                    page.get_by_role("button", name=("Simpler", "Drums", "Again", "Undo")[number // 4 % 4]).click()
            page.wait_for_timeout(60)
            progress("touches", number + 1, touches)
        page.wait_for_timeout(300)
        told: list[float] = page.evaluate("window.touches")
    # The browser tells none that took less than 16 ms, and rounds to 8: what it does not tell is counted as 16.
    durations = [*told, *[16.0] * max(0, touches - len(told))]
    worst = percentile(durations, 95)
    note = f"within {PAINTED_WITHIN:g} ms; {touches} touches, {len(told)} took 16 ms or more"
    return [
        Row(part, "p50", "ms", percentile(durations, 50)),
        Row(part, "p95", "ms", worst, met=worst <= PAINTED_WITHIN, note=note),
        Row(part, "worst", "ms", max(durations)),
    ]


def read_frames(opened: OpenedPage, seconds: float) -> list[float]:
    """Return the milliseconds between the frames of so many seconds."""
    gaps: list[float] = opened.page.evaluate(_FRAMES, seconds * 1000)
    return gaps


def measure_memory(minutes: int, progress: Progress) -> list[Row]:
    """Return the rows of the JavaScript heap before and after as many changes as a busy producer makes in that time."""
    part = "Memory of the page, garbage collected"
    with open_own() as opened:
        devtools = opened.devtools()
        opened.page.wait_for_selector(".slot.full")
        before = _heap(devtools)
        warm = before
        for minute in range(minutes):
            for number in range(LONG_SESSION // 2):
                seed = minute * LONG_SESSION + number
                opened.ask("generate/drums", {"style": "funk", "bars": 8, "seed": seed, "scene": 1, "replace": True})
                opened.ask("undo", {})
            if minute == 0:
                warm = _heap(devtools)
            progress("changes", minute + 1, minutes)
        after = _heap(devtools)
    changes = minutes * LONG_SESSION
    return [
        Row(part, "at first", "MB", before),
        Row(part, f"after {changes} changes", "MB", after, warm, note=f"beside that after {LONG_SESSION}"),
    ]


def _heap(devtools: Any) -> float:
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6
