"""JSON as Max writes it: a hand-written sample, and every real device byte for byte."""

import json

from musearoo.tools.max_simulator.formats.container import ContainerError, unpack
from musearoo.tools.workshop.device_builder.max_json import dumps
from tests.tools.workshop.device_builder.real_devices import PATHS, needs_devices

SAMPLE = (
    '{\n\t"patcher" : \t{\n\t\t"rect" : [ 0.0, 0.5, 594.600000000000023, 169.0 ],\n'
    '\t\t"boxes" : [ \t\t\t{\n\t\t\t\t"box" : \t\t\t\t{\n\t\t\t\t\t"text" : "a \\"ü\\""\n\t\t\t\t}\n\n\t\t\t}\n'
    ', \t\t\t{\n\t\t\t\t"box" : \t\t\t\t{\n\t\t\t\t\t"id" : 1\n\t\t\t\t}\n\n\t\t\t}\n ],\n'
    '\t\t"lines" : [  ],\n\t\t"project" : \t\t{\n\n\t\t}\n\n\t}\n\n}\n'
)


def test_a_sample_comes_back_as_it_went() -> None:
    assert dumps(json.loads(SAMPLE)) == SAMPLE


@needs_devices
def test_what_max_saved_comes_back_as_it_went() -> None:
    """Max 8 and 9.0 write like this on a Mac; older ones, 9.1 and Windows write otherwise and are left out."""
    compared = 0
    differ = []
    for path in PATHS:
        try:
            text = unpack(path.read_bytes()).files[0].text
            document = json.loads(text)
        except (ContainerError, ValueError):
            continue
        saved_by = document["patcher"].get("appversion", {}).get("major", 0)
        if saved_by >= 8 and text.startswith('{\n\t"patcher" : \t{\n'):
            compared += 1
            if dumps(document) != text:
                differ.append(path.name)
    assert compared > 10
    # The first Max 8 still wrote six decimals, as those before it.
    assert len(differ) <= 1, differ
