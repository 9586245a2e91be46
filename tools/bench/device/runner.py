"""Latencies of the built device in the simulated Max: from a click to its display, acknowledgement and clip.

Clicks are timed by the model of Max's queues and frames, plus the measured run time of the script. Presses run in real
time, against the daemon and the simulated Live with its real timers. In alternation, the Python stand-in for the device
creates the same clips by the same protocol, so that both are measured under the same load. The additional time of a
press in the simulated Max is due to the device, Max's queue and the simulation itself.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from musearoo.bridge.protocol import Done
from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.records import Kind, Twin
from musearoo.tools.bench.device.quiet_daemon import QuietDaemon
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.max_simulator.outside.clock import VirtualClock
from musearoo.tools.max_simulator.outside.simulated_live import SimulatedLive
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.max_simulator.runtime.reactions import Reaction
from musearoo.tools.studio.processes import StudioError
from musearoo.tools.studio.with_max import DEVICES, Lamp, MaxStudio, Packet, lamp_of

BUTTONS = tuple(control.name for control in CONTROLS if control.kind is Kind.BUTTON)
"""Every button of the audio device."""

SEEN_WITHIN = 50.0
"""The maximum milliseconds until a click is visible: perceived as immediate."""

ACKNOWLEDGED_WITHIN = 5.0
"""The maximum milliseconds until the daemon acknowledges a press."""

LONGEST_PAUSE = 0.1
"""Pauses of 0 to this many seconds before presses, so that results do not depend on the phase of a timer."""

STRIDE = 0.6180339887
"""The step between pauses as a fraction of the range: irrational, so that all phases are equally frequent."""

WARM_UP = 5
"""Presses before the first measured one."""

BARS, STYLE = 8, "funk"

TRACK = 0
"""The MIDI track on which the clips are created."""

ShowProgress = Callable[[str, int, int], None]


def run(options: argparse.Namespace, progress: ShowProgress) -> Results:
    """Return the benchmark's rows. Raises STUDIO_FAILURES or HostTimeout when a process does not respond."""
    with MaxStudio(settings="listen: false\nwarm_up: true\n") as studio:
        rows = measure_clicks(studio.live, options.clicks, progress)
        studio.remove_all()
        rows += measure_presses(studio, options.presses, progress)
    return Results(rows, ["In the simulated Max and the simulated Live: nobody has measured it in real ones yet."])


def measure_clicks(live: LiveProcess, clicks: int, progress: ShowProgress) -> list[Row]:
    """Return for each button the milliseconds until its response is drawn.

    The longest wait in Max's queues and for a frame comes from the model. The script's run time is measured, and its
    median counts, because the machine also stalls.
    """
    key = live.insert_max_device("song.tracks[2]", DEVICES[Twin.AUDIO].stem, "audio")
    with (
        tempfile.TemporaryDirectory() as captures,
        MaxHost(SimulatedLive(live), VirtualClock(), QuietDaemon(Path(captures).as_posix()).network) as host,
    ):
        device = host.load(DEVICES[Twin.AUDIO], key=key)
        host.run_until(lambda: lamp_of(device) is Lamp.READY, 10.0, "green lamp")
        rows = []
        for number, button in enumerate(BUTTONS):
            progress("clicks", number, len(BUTTONS))
            reactions = [_click(host, device, button, number * clicks + click) for click in range(clicks)]
            waited = max((reaction.drawn_at or 0.0) - reaction.clicked_at for reaction in reactions) * 1000
            worked = percentile([reaction.work * 1000 for reaction in reactions], 50)
            met = waited + worked <= SEEN_WITHIN
            note = f"within {SEEN_WITHIN:g} ms; of these the script {worked:.1f} ms"
            rows.append(Row("Click to frame", button, "ms", waited + worked, met=met, note=note))
    return rows


def _click(host: MaxHost, device: Device, button: str, number: int) -> Reaction:
    """Click a button, check that the display responded, and return when nothing is pending."""
    if button == "cancel":
        # When idle, the display may already show the same text, and would not change.
        device.press("drums")
    host.run_for(1.0 + number * STRIDE % 1.0 * LONGEST_PAUSE)
    reaction = device.press(button)
    host.run_until(lambda: reaction.drawn_at is not None, 5.0, f"reaction to {button}")
    host.run_for(1.0)
    if button != "cancel":
        device.press("cancel")
        host.run_for(1.0)
    return reaction


def measure_presses(studio: MaxStudio, presses: int, progress: ShowProgress) -> list[Row]:
    """Return acknowledgement and clip times of presses on Drums, compared with the stand-in's."""
    device = studio.put(Twin.MIDI, f"song.tracks[{TRACK}]")
    studio.wait_until_ready(device)
    device.set("where", "This track")
    device.set("style", STYLE)
    studio.max.run_for(0.1)
    got, done, plain_got, plain_done = [], [], [], []
    for number in range(-WARM_UP, presses):
        progress("presses", max(number, 0), presses)
        studio.max.run_for(number * STRIDE % 1.0 * LONGEST_PAUSE)
        acknowledged, clip = _press_device(studio, device)
        plain_acknowledged, plain_clip = _press_stand_in(studio)
        if number >= 0:
            got.append(acknowledged)
            done.append(clip)
            plain_got.append(plain_acknowledged)
            plain_done.append(plain_clip)
    return [
        *_compare("Press sent to acknowledged", got, plain_got, ACKNOWLEDGED_WITHIN),
        *_compare("Click to clip", done, plain_done),
    ]


def _compare(part: str, ours: Sequence[float], plain: Sequence[float], within: float | None = None) -> list[Row]:
    rows = []
    for percent in (50, 95, 99):
        value = percentile(ours, percent)
        met = None if within is None else value <= within
        note = "beside the stand-in" + ("" if within is None else f"; within {within:g} ms")
        rows.append(Row(part, f"p{percent}", "ms", value, percentile(plain, percent), met, note))
    return rows


def _press_device(studio: MaxStudio, device: Device) -> tuple[float, float]:
    """Return the milliseconds from a press's packet to its acknowledgement, and from the click to the answer."""
    studio.network.packets.clear()
    clicked = time.perf_counter()
    device.press("drums")
    studio.wait_until(lambda: _find(studio, "/roo/done") is not None, "clip of a press")
    sent, got, done = (_find(studio, address) for address in ("/roo/generate", "/roo/got", "/roo/done"))
    if sent is None or got is None or done is None:
        raise StudioError(f"a press was not acknowledged; the device shows {studio.face(device).status!r}")
    studio.wait_until_ready(device)
    _delete_clip(studio)
    return (got.at - sent.at) * 1000, (done.at - clicked) * 1000


def _find(studio: MaxStudio, address: str) -> Packet | None:
    """Return the first packet with an address; for acknowledgements, the daemon's."""
    start = address.encode() + b"\0"
    is_sent = address == "/roo/generate"
    found = (p for p in studio.network.packets if p.content.startswith(start) and p.is_sent == is_sent)
    return next(found, None)


def _press_stand_in(studio: MaxStudio) -> tuple[float, float]:
    """Return the same times for the stand-in."""
    press = studio.device.press("drummaroo", style=STYLE, bars=BARS, track=TRACK, scene=0)
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done) or press.got_at is None or press.answered_at is None:
        raise StudioError(f"a press of the stand-in failed: {answer}")
    _delete_clip(studio)
    return (press.got_at - press.pressed_at) * 1000, (press.answered_at - press.pressed_at) * 1000


def _delete_clip(studio: MaxStudio) -> None:
    studio.live.call(f"song.tracks[{TRACK}].clip_slots[0].delete_clip")
