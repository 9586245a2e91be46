"""The picture of a device that runs in the simulated Max: what it shows is what is drawn."""

from pathlib import Path

from musearoo.tools.max_simulator.drawing.face import draw_face
from musearoo.tools.max_simulator.drawing.themes import LIGHT
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.runtime.host import MaxHost

DEVICE = Path(__file__).parents[4] / "max_for_live" / "MuseAroo.amxd"


def test_what_a_simulated_device_shows_is_drawn() -> None:
    live = FakeLive.with_tracks(1)
    with MaxHost(live) as host:
        device = host.load(DEVICE, key=live.key(0))
        host.run_for(0.5)
        rects = {box["box"].get("varname"): box["box"].get("presentation_rect") for box in device.patcher["boxes"]}
        pictures = []
        for state in (0, 1):
            device.set("auto_split", state)
            pictures.append(draw_face(device.patcher, device.values(), title=None, scale=1))
        lamp = device.values()["lamp"]["shown"]

    left, top, width, height = (int(number) for number in rects["auto_split"])
    corner = (left + 3, top + height // 2)
    assert [picture.getpixel(corner) for picture in pictures] == [
        LIGHT.colour(name)[:3] for name in ("live_control_bg", "live_control_selection")
    ]
    left, top, width, height = (int(number) for number in rects["lamp"])
    assert pictures[0].getpixel((left + width // 2, top + height // 2)) == tuple(round(part * 255) for part in lamp[:3])
