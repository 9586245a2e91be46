"""Inlets and outlets: by the rules, and held against every box of real devices."""

from collections.abc import Iterator
from typing import Any

import pytest

from musearoo.tools.max_simulator.formats.container import ContainerError, unpack
from musearoo.tools.workshop.device_builder.objects import BuildError, ports_of
from tests.each_case import each_case
from tests.tools.workshop.device_builder.real_devices import PATHS, needs_devices


@each_case(
    "text, inlets, outlets",
    [
        ("route a b", 3, ("", "", "")),
        ("sel 0", 2, ("bang", "")),
        ("trigger b s b", 1, ("bang", "", "bang")),
        ("record~ ---ring 4 @loop 1", 6, ("signal",)),
        ("udpreceive 24700 @defer 1", 1, ("",)),
    ],
)
def test_ports_follow_from_the_text(text: str, inlets: int, outlets: tuple[str, ...]) -> None:
    ports = ports_of("newobj", text)
    assert (ports.inlets, ports.outlets) == (inlets, outlets)


@each_case("text", ["", "wobble~", "route", "sel", "trigger x", "record~ ---ring", "plugin~ 1", 'route "a b"'])
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(BuildError):
        ports_of("newobj", text)


def _boxes(patcher: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in patcher["boxes"]:
        box = entry["box"]
        yield box
        if "boxes" in box.get("patcher", {}):
            yield from _boxes(box["patcher"])


@needs_devices
def test_real_boxes_have_the_ports_that_we_give_them() -> None:
    compared = 0
    for path in PATHS:
        try:
            patcher = unpack(path.read_bytes()).patcher()
        except ContainerError:
            continue
        for box in _boxes(patcher):
            text = box.get("text", "")
            # A script says itself how many it has, and so does an attribute that we never write.
            if text.split()[:1] == ["js"] or "@chans" in text:
                continue
            try:
                ports = ports_of(box["maxclass"], text)
            except BuildError:
                continue
            compared += 1
            # Before Max 8 [route] and [sel] had one inlet.
            inlets = {ports.inlets, 1} if text.startswith(("route ", "sel ")) else {ports.inlets}
            assert box["numinlets"] in inlets, (path.name, text)
            assert (box["numoutlets"], tuple(box.get("outlettype", ()))) == (len(ports.outlets), ports.outlets), (
                path.name,
                text,
            )
    assert compared > 1000
