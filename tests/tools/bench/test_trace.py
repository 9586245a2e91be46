"""One press as a trace: what device, daemon and Live did, on one clock."""

from __future__ import annotations

import json
from pathlib import Path

from musearoo.tools.bench.tracing.trace import trace_press
from musearoo.tools.live_simulator.core.shapes import NEWEST


def test_a_trace_has_each_leg_of_the_press_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "trace.json"
    count = trace_press(file, "bassaroo", NEWEST)
    events = json.loads(file.read_text())["traceEvents"]
    assert len(events) >= count
    spans = {event["name"]: event for event in reversed(events) if event["ph"] == "X"}
    legs = ("DeviceLink.datagram_received", "prepare_composition", "_compose", "StreamLink.send", "Requests.answer")
    begins = [spans[leg]["ts"] for leg in legs]
    assert begins == sorted(begins)
    assert {event["args"]["name"] for event in events if event["ph"] == "M"} == {
        *("device", "daemon", "Live with the Remote Script"),
    }
    assert 0.0 < begins[0] < begins[-1] < spans["press to clip"]["dur"]
