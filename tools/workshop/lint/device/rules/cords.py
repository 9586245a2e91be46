"""Rules for cords: both ends exist and match."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of, table
from musearoo.tools.workshop.lint.device.reading.patch import Box, Cord, Patch
from musearoo.tools.workshop.lint.device.reading.subject import Subject

RULES = {
    "cord-key": Rule(Ground.STRUCTURE, "a cord has only keys that Max writes"),
    "cord-end": Rule(Ground.STRUCTURE, "both ends of a cord hang on boxes of its patcher"),
    "cord-port": Rule(Ground.STRUCTURE, "a cord leaves by an outlet and enters by an inlet that its boxes have"),
    "cord-twice": Rule(Ground.STRUCTURE, "no two cords join the same outlet and inlet"),
    "cord-signal": Rule(Ground.STRUCTURE, "a signal goes only into objects that take signals"),
    "cord-loop": Rule(Ground.HOUSE, "no cord goes from a box back into itself"),
    "fan-out": Rule(Ground.HOUSE, "where one message goes to several objects, a trigger says in which order"),
    "loose-object": Rule(Ground.GUIDELINE, "no object without a face is left without cords: it does nothing"),
    "dead-control": Rule(Ground.HOUSE, "what a person can press or turn is connected to something"),
}

_TAKE_SIGNALS = frozenset({"outlet", "patcher", "bpatcher", "inlet", "mc.target", "vst", "amxd~", "poly~"})
"""Objects without a ~ in their name that accept signals."""

_SIGNALS = frozenset({"signal", "multichannelsignal"})

_WORK_ALONE = frozenset(
    {
        "autopattr", "bgcolor", "buffer~", "coll", "dict", "freebang", "inlet", "live.banks", "outlet", "patcher",
        "pattr", "pattrstorage", "table", "thispatcher", "value",
    }
)  # fmt: skip
"""Objects that are useful without a cord: they store named data, are received by name, or contain a patcher."""

TOUCHED = frozenset(
    {
        "button", "dial", "flonum", "kslider", "live.arrows", "live.button", "live.dial", "live.gain~", "live.grid",
        "live.menu", "live.numbox", "live.slider", "live.step", "live.tab", "live.text", "live.toggle", "matrixctrl",
        "multislider", "number", "pictctrl", "radiogroup", "rslider", "slider", "tab", "textbutton", "textedit",
        "toggle", "ubutton", "umenu",
    }
)  # fmt: skip
"""Objects that the user operates."""


def carries_signal(box: Box, outlet: int) -> bool:
    """Return whether an outlet sends a signal."""
    kinds = tuple(box.data.get("outlettype", ()))
    return 0 <= outlet < len(kinds) and kinds[outlet] in _SIGNALS


def is_touched(box: Box) -> bool:
    """Return whether the user can press, turn or type into it in the presentation."""
    return box.shown and class_of(box) in TOUCHED and not box.data.get("ignoreclick")


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for the cords, patcher by patcher."""
    for patch in subject.patches:
        for entry in patch.data.get("lines", ()):
            for key in dict(entry.get("patchline", {})):
                if key not in table().cord_keys:
                    yield subject.finding("cord-key", None, f"a cord has the key {key}, which Max does not know")
        boxes = {box.id: box for box in patch.boxes}
        for cord in patch.cords:
            yield from _cord(subject, cord, boxes)
        for cord, count in Counter(patch.cords).items():
            if count > 1:
                yield subject.finding("cord-twice", boxes.get(cord.source), f"{count} times the {cord}")
        yield from _order(subject, patch, boxes)
        yield from _loose(subject, patch)


def _cord(subject: Subject, cord: Cord, boxes: dict[str, Box]) -> Iterator[Finding]:
    source, destination = boxes.get(cord.source), boxes.get(cord.destination)
    if source is None or destination is None:
        lost = cord.source if source is None else cord.destination
        yield subject.finding("cord-end", source or destination, f"the {cord} hangs on {lost}, which is not there")
        return
    outlets, inlets = source.data.get("numoutlets", 0), destination.data.get("numinlets", 0)
    if not 0 <= cord.outlet < outlets:
        yield subject.finding("cord-port", source, f"the {cord}: {source.name} has {_counted(outlets, 'outlet')}")
        return
    if not 0 <= cord.inlet < inlets:
        yield subject.finding(
            "cord-port", destination, f"the {cord}: {destination.name} has {_counted(inlets, 'inlet')}"
        )
        return
    if cord.source == cord.destination:
        yield subject.finding("cord-loop", source, f"the {cord} goes back into its own box")
    if carries_signal(source, cord.outlet) and not _takes_signals(destination):
        yield subject.finding(
            "cord-signal", destination, f"the {cord} brings a signal, which {destination.name} ignores"
        )


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _takes_signals(box: Box) -> bool:
    name = class_of(box)
    if name not in table().names:
        return True
    return "~" in name or name.startswith(("mc.", "jit.", "gen")) or name in _TAKE_SIGNALS


def _order(subject: Subject, patch: Patch, boxes: dict[str, Box]) -> Iterator[Finding]:
    ends: defaultdict[tuple[str, int], set[Cord]] = defaultdict(set)
    for cord in patch.cords:
        ends[cord.source, cord.outlet].add(cord)
    for (place, outlet), cords in ends.items():
        source = boxes.get(place)
        if source is None or len(cords) < 2 or carries_signal(source, outlet):
            continue
        to = " and ".join(sorted({boxes[cord.destination].title for cord in cords if cord.destination in boxes}))
        yield subject.finding(
            "fan-out", source, f"its outlet {outlet} goes to {to}: which comes first hangs on their places"
        )


def _loose(subject: Subject, patch: Patch) -> Iterator[Finding]:
    sources = {cord.source for cord in patch.cords}
    joined = sources | {cord.destination for cord in patch.cords}
    for box in patch.boxes:
        if box.is_typed and box.id not in joined and class_of(box) not in _WORK_ALONE:
            yield subject.finding("loose-object", box, "no cord comes or goes")
        elif is_touched(box) and box.id not in sources:
            yield subject.finding("dead-control", box, "a person can work it, but nothing hears it")
