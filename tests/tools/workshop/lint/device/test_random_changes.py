"""Changes anywhere in the built devices are found: each cord, id, key, port, place and parameter, lost or altered.

A sample of each kind is tried, by the long run all of them, about 4,600. What the lint does not see, because a device
with such a change is as whole as one without:
- a cord led to another object that understands what comes (about one in twelve): that `[message 0]` should have gone to
  `[prepend talk]` and not to a dial is nothing that a file shows;
- a box moved to where nothing is, other words in a text, another value or range that is as possible as the old one.
Whether the device still does what it should then is for the simulated Max to find.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.each_case import each_case
from tests.tools.workshop.lint.device.good import BUILT, Device, good_device

SEED = 7
SAMPLE = 10
"""Changes of each kind that are tried in a short run."""

LOST = object()
"""Stands for a value that is taken out."""

Change = tuple[tuple[str | int, ...], Any]
"""Where in the patcher, and what stands there then."""

Kind = Callable[[Device], Iterator[Change]]

# Boxes that only stand there: without them nothing is wrong but the looks.
_DECORATION = ("live.line", "live.comment", "panel", "comment")


def lost_cords(device: Device) -> Iterator[Change]:
    """Each cord taken out."""
    for at in range(len(device.cords)):
        yield ("lines", at), LOST


def cords_to_nowhere(device: Device) -> Iterator[Change]:
    """Each end of each cord hung on a box that is not there, or on a port that its box has not."""
    for at, cord in enumerate(device.cords):
        for end, ports in (("source", "numoutlets"), ("destination", "numinlets")):
            place, port = cord[end]
            count = next(box[ports] for box in device.boxes if box["id"] == place)
            for ends in (["obj-999", port], [place, count], [place, -1]):
                yield ("lines", at, "patchline", end), ends


def cords_elsewhere(device: Device) -> Iterator[Change]:
    """Each cord led to the first inlet of another box."""
    chance = random.Random(SEED)
    for at, cord in enumerate(device.cords):
        others = [box["id"] for box in device.boxes if box["numinlets"] and box["id"] != cord["destination"][0]]
        yield ("lines", at, "patchline", "destination"), [chance.choice(others), 0]


def lost_boxes(device: Device) -> Iterator[Change]:
    """Each box that does something taken out."""
    for at, box in enumerate(device.boxes):
        if box["maxclass"] not in _DECORATION:
            yield ("boxes", at), LOST


def other_ids(device: Device) -> Iterator[Change]:
    """Each box that does something called by another id, or by that of its neighbour."""
    for at, box in enumerate(device.boxes):
        if box["maxclass"] not in _DECORATION:
            yield ("boxes", at, "box", "id"), "obj-999"
            yield ("boxes", at, "box", "id"), device.boxes[at - 1]["id"]


def lost_keys(device: Device) -> Iterator[Change]:
    """Each key that a box needs taken out of it."""
    for at, box in enumerate(device.boxes):
        needed = ["id", "maxclass", "numinlets", "numoutlets", "patching_rect"]
        needed += ["presentation_rect"] * bool(box.get("presentation")) + ["text"] * (box["maxclass"] == "newobj")
        for key in needed:
            yield ("boxes", at, "box", key), LOST


def other_ports(device: Device) -> Iterator[Change]:
    """Each box given an inlet or an outlet more."""
    for at, box in enumerate(device.boxes):
        for key in ("numinlets", "numoutlets"):
            yield ("boxes", at, "box", key), box[key] + 1


def other_places(device: Device) -> Iterator[Change]:
    """Each box of the face moved out of the device on two sides, or between pixels."""
    for at, box in enumerate(device.boxes):
        if box.get("presentation"):
            left, top, width, height = box["presentation_rect"]
            for corner in ((left - 500.0, top), (left, top + 160.0), (left + 0.5, top)):
                yield ("boxes", at, "box", "presentation_rect"), [*corner, width, height]


def other_entries(device: Device) -> Iterator[Change]:
    """Each entry of the registry taken out, or a part of it changed."""
    for place, entry in device.patcher["parameters"].items():
        if isinstance(entry, list):
            yield ("parameters", place), LOST
            for at, other in enumerate(("Other", "Other", 5)):
                yield ("parameters", place, at), other


def other_parameters(device: Device) -> Iterator[Change]:
    """Each parameter's names, choices and type taken out of its box."""
    for at, box in enumerate(device.boxes):
        valueof = box.get("saved_attribute_attributes", {}).get("valueof", {})
        for key in ("parameter_longname", "parameter_shortname", "parameter_enum", "parameter_type"):
            if key in valueof:
                yield ("boxes", at, "box", "saved_attribute_attributes", "valueof", key), LOST


KINDS: tuple[Kind, ...] = (
    lost_cords,
    cords_to_nowhere,
    lost_boxes,
    other_ids,
    lost_keys,
    other_ports,
    other_places,
    other_entries,
    other_parameters,
)


def _unnoticed(name: str, changes: list[Change]) -> list[Change]:
    """Which of the changes, each made to a fresh device, the lint does not find."""
    missed = []
    for (*ahead, last), value in changes:
        broken = good_device(name)
        holder: Any = broken.patcher
        for step in ahead:
            holder = holder[step]
        if value is LOST:
            del holder[last]
        else:
            holder[last] = value
        if not broken.findings():
            missed.append(((*ahead, last), value))
    return missed


@each_case("kind", KINDS)
def test_a_change_is_found(kind: Kind) -> None:
    changes = list(kind(good_device()))
    assert _unnoticed(BUILT[0], random.Random(SEED).sample(changes, SAMPLE)) == []


@pytest.mark.long
@pytest.mark.parametrize("name", BUILT)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_all_changes_are_found(kind: Kind, name: str) -> None:
    assert _unnoticed(name, list(kind(good_device(name)))) == []


@pytest.mark.long
@pytest.mark.parametrize("name", BUILT)
def test_most_cords_that_lead_elsewhere_are_found(name: str) -> None:
    changes = list(cords_elsewhere(good_device(name)))
    assert len(_unnoticed(name, changes)) <= len(changes) // 8
