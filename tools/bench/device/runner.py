"""From a click to what is seen of it, to the daemon's word, to the clip: the built device in the simulated Max.

Clicks are timed by the model of Max's queues and frames, and what the script needs on this machine is added. Presses
run in real time, against the daemon and the simulated Live with its real timers. The stand-in for the device, which
speaks the same protocol from Python, makes the same clips in turn, so that both meet the same noise of the machine;
what a press takes longer in the simulated Max is the device's own part, Max's queue and the simulation itself.
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
"""Milliseconds in which something is to be seen of a click: what people take for at once."""

ACKNOWLEDGED_WITHIN = 5.0
"""Milliseconds in which the daemon is to say that it has a press."""

LONGEST_PAUSE = 0.1
"""Pauses of 0 to this many seconds before presses: none may profit from the phase of a timer."""

STRIDE = 0.6180339887
"""Fraction by which the pauses step on: irrational, so that they fall on every phase equally often."""

WARM_UP = 5
"""Presses before the first measured one."""

BARS, STYLE = 8, "funk"

TRACK = 0
"""The MIDI track on which the clips are made."""

ShowProgress = Callable[[str, int, int], None]


def run(options: argparse.Namespace, progress: ShowProgress) -> Results:
    """The rows of the bench; raises STUDIO_FAILURES or HostTimeout when something does not answer."""
    with MaxStudio(settings="listen: false\nwarm_up: true\n") as studio:
        rows = measure_clicks(studio.live, options.clicks, progress)
        studio.remove_all()
        rows += measure_presses(studio, options.presses, progress)
    return Results(rows, ["In the simulated Max and the simulated Live: nobody has measured it in real ones yet."])


def measure_clicks(live: LiveProcess, clicks: int, progress: ShowProgress) -> list[Row]:
    """For each button, milliseconds until something of it is drawn.

    The longest wait in Max's queues and for a frame is the model's; the script's work is measured, and its median
    counts, for the machine stalls too.
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
    """A click that was answered on the face; nothing is under way afterwards."""
    if button == "cancel":
        # With nothing under way the display may say so already, and would not change.
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
    """Acknowledgement and clip of presses on Drums, beside the stand-in's."""
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
    """Milliseconds from the packet of a press to its acknowledgement, and from the click to the answer."""
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
    """The first packet with an address; of acknowledgements the daemon's."""
    start = address.encode() + b"\0"
    is_sent = address == "/roo/generate"
    found = (p for p in studio.network.packets if p.content.startswith(start) and p.is_sent == is_sent)
    return next(found, None)


def _press_stand_in(studio: MaxStudio) -> tuple[float, float]:
    """The same of the stand-in."""
    press = studio.device.press("drummaroo", style=STYLE, bars=BARS, track=TRACK, scene=0)
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done) or press.got_at is None or press.answered_at is None:
        raise StudioError(f"a press of the stand-in failed: {answer}")
    _delete_clip(studio)
    return (press.got_at - press.pressed_at) * 1000, (press.answered_at - press.pressed_at) * 1000


def _delete_clip(studio: MaxStudio) -> None:
    studio.live.call(f"song.tracks[{TRACK}].clip_slots[0].delete_clip")
