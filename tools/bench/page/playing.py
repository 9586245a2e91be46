"""A set that plays in the simulated Live: frames while 200 clips play, and presses in the page beside the device's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musearoo.bridge.protocol import Done
from musearoo.engines.errors import EngineError
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.page.drawing import FRAME_WITHIN, read_frames
from musearoo.tools.bench.page.opened import OPENS_WITHIN, OpenedPage, open_live
from musearoo.tools.bench.rows import Row
from musearoo.tools.studio.processes import Studio, StudioError, write_set

Progress = Callable[[str, int, int], None]

CLIPS: Final = 200
ENGINE: Final = "drummaroo"
BARS: Final = 8
WARM_UP: Final = 5
STRIDE: Final = 0.6180339887
LONGEST_PAUSE_MS: Final = 100
_WATCH_PRESSES: Final = """
window.presses = [];
let pressed;
addEventListener('click', (event) => (pressed = event.timeStamp), true);
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...words) {
    super(...words);
    this.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && data.startsWith('["done"')) window.presses.push(performance.now() - pressed);
    });
  }
};
"""


def measure_frames(seconds: float, progress: Progress) -> list[Row]:
    """Return the rows of the frames while 200 clips play in Live, and while their grid is scrolled."""
    part = f"Frames while {CLIPS} clips play"
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="musearoo-page-") as folder:
        file = write_set(Path(folder) / "set.json", describe_set(CLIPS))
        with Studio(set_file=file) as studio:
            for track in range(CLIPS):
                studio.live.call(f"song.tracks[{track}].clip_slots[0].fire")
            with open_live(studio.home) as opened:
                opened.page.wait_for_selector(".slot.playing", timeout=OPENS_WITHIN)
                still = read_frames(opened, seconds)
                progress("frames", 1, 2)
                opened.page.evaluate(
                    "(step) => { const frame = document.querySelector('.grid-frame'); "
                    "setInterval(() => frame.scrollBy(step, 0), 16) }",
                    8,
                )
                moving = read_frames(opened, seconds)
                progress("frames", 2, 2)
    for name, gaps in (("still", still), ("scrolled", moving)):
        worst = percentile(gaps, 95)
        note = f"within one frame, {FRAME_WITHIN:g} ms; {len(gaps)} frames, longest {max(gaps):.0f} ms"
        rows.append(Row(part, f"{name}, p95", "ms", worst, met=round(worst, 1) <= FRAME_WITHIN, note=note))
    return rows


def describe_set(tracks: int) -> dict[str, object]:
    """Return a set for the simulated Live: each track has one looping clip of notes."""
    notes = [[48 + beat * 5 % 24, beat / 2, 0.5, 100.0] for beat in range(16)]
    clip = {"name": "Loop", "length": 8.0, "notes": notes}
    return {
        "song": {"tempo": 120.0},
        "scenes": [{"name": ""}] * 4,
        "tracks": [
            {"kind": "midi", "given_name": f"Track {number}", "slots": [clip, None, None, None]}
            for number in range(1, tracks + 1)
        ],
    }


def measure_presses(presses: int, progress: Progress) -> list[Row]:
    """Return the rows of a press of Drums in the page until its answer, beside the device's, in turn."""
    part = f"Press to clip in the simulated Live, {ENGINE}, {BARS} bars"
    by_page: list[float] = []
    by_device: list[float] = []
    with Studio(settings="warm_up: true\npredict: off\n") as studio, open_live(studio.home, _WATCH_PRESSES) as opened:
        opened.page.wait_for_selector(".press-bar")
        for number in range(-WARM_UP, presses):
            pair = {}
            for who in ("device", "page") if number % 2 else ("page", "device"):
                opened.page.wait_for_timeout((2 * number + (who == "page")) * STRIDE % 1.0 * LONGEST_PAUSE_MS)
                pair[who] = _press_page(opened) if who == "page" else _press_device(studio, number + WARM_UP)
                opened.ask("undo", {})
            if number >= 0:
                by_page.append(pair["page"])
                by_device.append(pair["device"])
            progress("presses", number + 1, presses)
    note = "beside the device's press"
    return [
        Row(
            part,
            f"from the page, p{percent}",
            "ms",
            percentile(by_page, percent),
            percentile(by_device, percent),
            note=note,
        )
        for percent in (50, 95, 99)
    ]


def _press_page(opened: OpenedPage) -> float:
    before = int(opened.page.evaluate("window.presses.length"))
    opened.page.get_by_role("button", name="Drums", exact=True).click()
    opened.page.wait_for_function(f"() => window.presses.length > {before}", polling=5, timeout=OPENS_WITHIN)
    took = opened.page.evaluate(f"window.presses[{before}]")
    if took is None:
        raise EngineError("A press in the page was not answered.")
    return float(took)


def _press_device(studio: Studio, seed: int) -> float:
    press = studio.device.press(ENGINE, bars=BARS, seed=seed)
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done) or press.answered_at is None:
        raise StudioError(f"A press of the device failed: it was answered with {answer}")
    return (press.answered_at - press.pressed_at) * 1000
