"""The sound of the page: how soon it starts, gaps beside a busy loop, and the bytes that it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from musearoo.tools.bench.busy import busy_machine
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.page.opened import OPENS_WITHIN, OpenedPage, open_own
from musearoo.tools.bench.page.relay import Relay
from musearoo.tools.bench.rows import Row

Progress = Callable[[str, int, int], None]

STARTS_WITHIN: Final = 300.0
LOOKS_FOR: Final = 3000
"""Milliseconds between the page's opening and the first tap on Listen."""
_STATE: Final = "(await import('/page/listen.js')).sound.value"


def measure_starts(starts: int, progress: Progress) -> list[Row]:
    """Return the rows of a scene's start, not rendered yet and rendered before: from the tap until it sounds."""
    part = "Start of a scene's sound"
    first: list[float] = []
    again: list[float] = []
    for number in range(starts):
        with open_own() as opened:
            # A user looks at the page first; meanwhile the server loads its synthesiser.
            opened.page.wait_for_timeout(LOOKS_FOR)
            first.append(_start(opened))
            opened.page.get_by_role("button", name="Stop").click()
            again.append(_start(opened))
        progress("starts", number + 1, starts)
    rows = []
    for name, values in (("not rendered yet", first), ("rendered before", again)):
        middle = percentile(values, 50)
        note = f"within {STARTS_WITHIN:g} ms; {len(values)} starts, worst {max(values):.0f}"
        rows.append(Row(part, f"{name}, p50", "ms", middle, met=middle <= STARTS_WITHIN, note=note))
    return rows


def _start(opened: OpenedPage) -> float:
    """Return the milliseconds from a tap on Scene until the player's state is `playing`."""
    page = opened.page
    page.locator(".slot.full").first.click()
    button = page.get_by_role("button", name="Scene", exact=True)
    took: float = button.evaluate(
        f"""async (button) => {{
          const {{ sound }} = await import('/page/listen.js');
          const began = performance.now();
          button.click();
          while (sound.value.status !== 'playing') {{
            if (performance.now() - began > {OPENS_WITHIN}) throw new Error(sound.value.sentence || sound.value.status);
            await new Promise((resolve) => setTimeout(resolve, 2));
          }}
          return performance.now() - began;
        }}"""
    )
    return took


def measure_underruns(seconds: float, progress: Progress) -> list[Row]:
    """Return the rows of a long listen next to one busy loop: gaps, and the latency that is kept."""
    part = f"{seconds:.0f} s of sound next to one busy loop"
    with busy_machine(1), open_own() as opened:
        _start(opened)
        began = _state(opened)["underruns"]
        for tenth in range(10):
            opened.page.wait_for_timeout(seconds * 100)
            progress("underruns", tenth + 1, 10)
        state = _state(opened)
    gaps = state["underruns"] - began
    return [
        Row(part, "underruns", "", gaps, met=gaps == 0, note="none may be"),
        Row(part, "latency", "ms", state["latencyMs"], note="as the player tells it"),
    ]


def _state(opened: OpenedPage) -> dict[str, Any]:
    state: dict[str, Any] = opened.page.evaluate(f"(async () => {_STATE})()")
    return state


def measure_bytes(seconds: float, progress: Progress) -> list[Row]:
    """Return the rows of what the server sends in a minute: to a page that rests, and to one that plays a scene."""
    part = "Sent to the page in a minute"
    with Relay() as relay, open_own(relay=relay) as opened:
        opened.page.wait_for_timeout(LOOKS_FOR)
        idle = _sent(relay, opened, seconds)
        progress("bytes", 1, 2)
        _start(opened)
        playing = _sent(relay, opened, seconds)
        state = _state(opened)
        progress("bytes", 2, 2)
    note = f"{state['codec']}, {len(state['parts'])} parts side by side; a network gets Opus"
    return [Row(part, "idle", "kB", idle), Row(part, "playing", "kB", playing, note=note)]


def _sent(relay: Relay, opened: OpenedPage, seconds: float) -> float:
    """Return the kilobytes that are sent in a minute, by those of some seconds."""
    before = relay.sent
    opened.page.wait_for_timeout(seconds * 1000)
    return (relay.sent - before) / seconds * 60 / 1000
