"""Rules of what the cords are for: nothing waits for a message that no cord brings, or speaks where no cord leads."""

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
"""Objects that do something before anything comes in."""

_ALL_BUT_LAST = frozenset({"route", "routepass", "select"}) | FROM_A_SCRIPT
"""Objects whose last outlet is for what they do not know, or for what not every device has."""

_ALL = frozenset({"freebang", "message", "midiin", "plugin~", "plugphasor~", "prepend", "trigger", "udpreceive"})
"""Objects of which each outlet was asked for, but for a debugging outlet."""

_DEBUGGING = {"plugphasor~": 1}
"""How many outlets of an object are for more than finding errors."""


_SPEAK_TWICE = {"ubutton": {0, 1}}
"""Outlets of controls that belong together: the mouse let go, the mouse pressed."""


def check(subject: Subject) -> Iterator[Finding]:
    """What is wrong with the ways of messages and signals, patcher by patcher."""
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
    """The inlets without whose signal the object is idle."""
    name, count = class_of(box), int(box.data.get("numinlets", 0))
    if name == "plugout~":
        return set(range(count))
    if name == "record~":
        # The last two say where to start and to end.
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
    """Names that meet another control than their own: `[prepend drums]` behind Bass, `[route tempo]` before Key."""
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
