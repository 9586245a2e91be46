"""The daemon's log as lines of JSON: a press can be followed by its id, from the device to Live."""

import json

from musearoo.bridge.protocol import Done
from musearoo.tools.studio.processes import Studio


def test_a_press_is_logged_by_its_id() -> None:
    with Studio(settings="log_format: json\n") as studio:
        press = studio.device.press("drummaroo", style="funk", bars=1, seed=7, track=0, scene=0)
        answer = studio.device.wait_for(press, within=10.0)
        assert isinstance(answer, Done)
        studio.daemon.stop()
        lines = [json.loads(line) for line in studio.daemon.log().splitlines()]
    (done,) = [line for line in lines if "(Generate) is done" in line["message"]]
    assert done["request"].endswith(f":{press.request.press}")
    assert {line["level"] for line in lines} <= {"info", "warning"}
    assert next(line["message"] for line in lines if "request" not in line).startswith("MuseAroo ")
