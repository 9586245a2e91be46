"""Rules for message flow: no inlet lacks a required cord, and no important outlet is unconnected."""

from collections import defaultdict
from collections.abc import Iterator

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of
from musearoo.tools.workshop.lint.device.reading.patch import Box, Patch
from musearoo.tools.workshop.lint.device.reading.ports import FROM_A_SCRIPT
from musearoo.tools.workshop.lint.device.reading.subject import Subject
from musearoo.tools.workshop.lint.device.rules.cords import carries_signal, is_touched

RULES = {
    "never-fed": Rule(Ground.HOUSE, "a cord brings something to every object that does nothing by itself"),
    "leads-nowhere": Rule(Ground.HOUSE, "a cord leads on from every outlet that was made to speak"),
    "cross-wired": Rule(
        Ground.HOUSE, "a control speaks under its own name, and what is said to a name reaches its control"
    ),
}

_BY_ITSELF = frozenset(
    {
        "buffer~", "closebang", "coll", "count~", "dict", "freebang", "inlet", "live.banks", "live.thisdevice",
        "loadbang", "loadmess", "midiin", "patcher", "pattr", "plugin~", "plugphasor~", "plugsync~", "receive",
        "receive~", "table", "udpreceive", "value",
    }
)  # fmt: skip
"""Objects that act before any input."""

_ALL_BUT_LAST = frozenset({"route", "routepass", "select"}) | FROM_A_SCRIPT
"""Objects whose last outlet is for unmatched messages, or unused on some devices."""

_ALL = frozenset({"freebang", "message", "midiin", "plugin~", "plugphasor~", "prepend", "trigger", "udpreceive"})
"""Objects whose every outlet must be connected, except debugging outlets."""

_DEBUGGING = {"plugphasor~": 1}
"""The number of an object's outlets without its debugging outlets."""


_SPEAK_TWICE = {"ubutton": {0, 1}}
"""Outlets of controls that belong together: mouse up, mouse down."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for message and signal flow, patcher by patcher."""
    if not subject.is_device:
        return
    for patch in subject.patches:
        boxes = {box.id: box for box in patch.boxes}
        fed: defaultdict[str, set[int]] = defaultdict(set)
        heard: defaultdict[str, set[int]] = defaultdict(set)
        led: defaultdict[str, set[int]] = defaultdict(set)
        for cord in patch.cords:
            fed[cord.destination].add(cord.inlet)
            led[cord.source].add(cord.outlet)
            if cord.source in boxes and carries_signal(boxes[cord.source], cord.outlet):
                heard[cord.destination].add(cord.inlet)
        for box in patch.boxes:
            for inlet in sorted(_signal_inlets(box) - heard[box.id]):
                yield subject.finding("never-fed", box, f"no signal comes into its inlet {inlet}")
            for inlet in sorted(_message_inlets(box) - fed[box.id]):
                yield subject.finding("never-fed", box, f"no cord comes into its inlet {inlet}")
            for outlet in sorted(_needed_outlets(box) - led[box.id]):
                yield subject.finding("leads-nowhere", box, f"no cord leads on from its outlet {outlet}")
        yield from _crossed(subject, patch, boxes)


def _signal_inlets(box: Box) -> set[int]:
    """Return the inlets whose signal the object needs."""
    name, count = class_of(box), int(box.data.get("numinlets", 0))
    if name == "plugout~":
        return set(range(count))
    if name == "record~":
        # The last two are the start and the end.
        return set(range(max(1, count - 2)))
    return {0} if name == "snapshot~" else set()


def _message_inlets(box: Box) -> set[int]:
    name = class_of(box)
    if not (box.is_typed or name == "message") or name in _BY_ITSELF or not box.data.get("numinlets"):
        return set()
    return {0} - _signal_inlets(box)


def _needed_outlets(box: Box) -> set[int]:
    name, count = class_of(box), int(box.data.get("numoutlets", 0))
    if name in _SPEAK_TWICE and is_touched(box):
        return _SPEAK_TWICE[name]
    if name in _ALL_BUT_LAST:
        return set(range(count - 1))
    if name in _ALL:
        return set(range(min(count, _DEBUGGING.get(name, count))))
    return set()


def _crossed(subject: Subject, patch: Patch, boxes: dict[str, Box]) -> Iterator[Finding]:
    """Yield names connected to another control than their own: `[prepend drums]` after Bass, `[route tempo]` before
    Key.
    """
    controls = {str(box.data["varname"]) for box in patch.boxes if box.shown and box.data.get("varname")}
    for cord in patch.cords:
        source, destination = boxes.get(cord.source), boxes.get(cord.destination)
        if source is None or destination is None:
            continue
        if class_of(source) == "prepend" and set(source.arguments[:1]) & controls:
            if class_of(destination) not in FROM_A_SCRIPT:
                yield subject.finding("cross-wired", source, f"the {cord} leads to {destination.title} and no script")
            continue
        if class_of(destination) == "prepend" and source.shown and destination.arguments[:1]:
            name, control = destination.arguments[0], source
        elif class_of(source) == "route" and cord.outlet < len(source.arguments):
            name, control = source.arguments[cord.outlet], destination
        else:
            continue
        if name in controls and control.data.get("varname") != name:
            yield subject.finding("cross-wired", control, f"the {cord} joins it with what is called “{name}”")
