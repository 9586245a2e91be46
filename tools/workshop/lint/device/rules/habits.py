"""Rules for good practice, from Ableton's guidelines: what a device avoids."""

from collections import defaultdict
from collections.abc import Iterator

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of, table
from musearoo.tools.workshop.lint.device.reading.patch import Box, Patch
from musearoo.tools.workshop.lint.device.reading.subject import Subject

RULES = {
    "console": Rule(Ground.GUIDELINE, "nothing writes to Max's console"),
    "sound-card": Rule(Ground.GUIDELINE, "sound comes from Live and goes to Live, past no dac~ or adc~"),
    "heavy-object": Rule(Ground.HOUSE, "no object starts a process or a browser, or needs what Max does not bring"),
    "shared-name": Rule(
        Ground.GUIDELINE, "names of buffers, sends and receives begin with ---, one set for each device"
    ),
    "order-by-time": Rule(Ground.GUIDELINE, "order is made by a trigger, not by waiting"),
    "scheduler": Rule(Ground.GUIDELINE, "nothing shown is set from the scheduler, which computes Live's sound"),
    "fixed-colour": Rule(Ground.GUIDELINE, "colours follow Live's theme"),
    "theme-colour": Rule(Ground.STRUCTURE, "a theme colour has a name that Max knows"),
    "font": Rule(Ground.GUIDELINE, "all texts of the face are in Live's fonts"),
}

_FORBIDDEN = {
    "print": ("console", "it writes to Max's console"),
    "dac~": ("sound-card", "it goes past Live"),
    "adc~": ("sound-card", "it goes past Live"),
    "ezdac~": ("sound-card", "it goes past Live"),
    "ezadc~": ("sound-card", "it goes past Live"),
    "node.script": ("heavy-object", "it starts a process of its own"),
    "jweb": ("heavy-object", "it starts a browser"),
    "jweb~": ("heavy-object", "it starts a browser"),
    "mxj": ("heavy-object", "it needs Java, which Max does not bring"),
    "mxj~": ("heavy-object", "it needs Java, which Max does not bring"),
    "v8": ("heavy-object", "Max 8 has none, so Live before 12.3 cannot open it"),
    "v8ui": ("heavy-object", "Max 8 has none, so Live before 12.3 cannot open it"),
    "vst~": ("heavy-object", "it needs a plug-in"),
}

_NAMED = frozenset(
    {
        "buffer~", "coll", "dict", "groove~", "index~", "info~", "peek~", "play~", "poke~", "polybuffer~", "receive",
        "receive~", "record~", "send", "send~", "table", "value", "wave~",
    }
)  # fmt: skip
"""Objects whose first argument is a name that is global in Max."""

_LOCAL = ("---", "#0")

_WAITING = frozenset({"delay", "pipe"})

_SCHEDULED = frozenset(
    {"bendin", "clocker", "ctlin", "edge~", "line", "metro", "midiin", "notein", "rtin", "snapshot~", "tempo"}
)
"""Objects that send in the scheduler thread; `snapshot~` only if it sends periodically."""

_DEFERRING = frozenset({"defer", "deferlow", "js", "jsui", "qlim", "qmetro"})
"""Objects that send in the low-priority queue."""

_FONTS = ("Ableton Sans", "Arial")
"""Live's own font, and Max's replacement in older Lives."""

_MAXS_OWN = {
    "comment": ("textcolor",),
    "multislider": ("slidercolor", "bgcolor"),
    "panel": ("bgfillcolor",),
    "textedit": ("textcolor", "bgcolor"),
}
"""Objects that are not Live's: their default colours ignore the theme unless the file sets others."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings in all patchers."""
    for patch in subject.patches:
        for box in patch.boxes:
            yield from _object(subject, box)
        yield from _scheduler(subject, patch)
    for box in subject.boxes():
        yield from _themes(subject, box)
    if not subject.is_device:
        return
    fed = {cord.destination for cord in subject.top.cords}
    for box in subject.face():
        yield from _colours(subject, box, box.id in fed)
        font = str(box.data.get("fontname", _FONTS[0]))
        if not font.startswith(_FONTS):
            yield subject.finding("font", box, f"its font is {font}, not Live's {_FONTS[0]}")


def _object(subject: Subject, box: Box) -> Iterator[Finding]:
    name = class_of(box)
    if name in _FORBIDDEN:
        rule, why = _FORBIDDEN[name]
        yield subject.finding(rule, box, f"{name}: {why}")
    if name in _NAMED and box.arguments and not box.arguments[0].startswith(_LOCAL):
        sentence = f"all devices share the name {box.arguments[0]}; ---{box.arguments[0]} is one for each"
        yield subject.finding("shared-name", box, sentence)
    if name in _WAITING:
        yield subject.finding("order-by-time", box, f"{name} waits, and never ends while Live's sound is off")


def _speaks_in_scheduler(box: Box) -> bool:
    name = class_of(box)
    if name == "udpreceive":
        return dict(box.typed).get("defer", ("0",)) != ("1",)
    if name == "snapshot~":
        return bool(box.arguments) and box.arguments[0] != "0"
    return name in _SCHEDULED


def _scheduler(subject: Subject, patch: Patch) -> Iterator[Finding]:
    boxes = {box.id: box for box in patch.boxes}
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for cord in patch.cords:
        ways[cord.source].add(cord.destination)
    for source in patch.boxes:
        if not _speaks_in_scheduler(source):
            continue
        ahead, reached = [source.id], {source.id}
        while ahead:
            for place in sorted(ways[ahead.pop()] - reached):
                reached.add(place)
                box = boxes.get(place)
                if box is None or class_of(box) in _DEFERRING:
                    continue
                if box.shown:
                    sentence = (
                        f"{source.title} sets it in the scheduler: put a deferlow between, or @defer 1 into udpreceive"
                    )
                    yield subject.finding("scheduler", box, sentence)
                ahead.append(place)
        if class_of(source) == "udpreceive":
            yield subject.finding("scheduler", source, "what it receives is handled in the scheduler: give it @defer 1")


def _themes(subject: Subject, box: Box) -> Iterator[Finding]:
    for key, saved in dict(box.data.get("saved_attribute_attributes", {})).items():
        expression = str(dict(saved).get("expression", "")) if key != "valueof" else ""
        colour = expression.removeprefix("themecolor.")
        if colour != expression and colour not in table().theme_colours:
            yield subject.finding("theme-colour", box, f"its {key} follows {colour}, which is no theme colour of Max's")


def _colours(subject: Subject, box: Box, fed: bool) -> Iterator[Finding]:
    # A panel understands only colours and frames: one with a cord is a lamp, whose colour has a meaning.
    if fed and class_of(box) == "panel":
        return
    saved = dict(box.data.get("saved_attribute_attributes", {}))
    for key in _MAXS_OWN.get(class_of(box), ()):
        if key not in saved and key not in box.data:
            yield subject.finding("fixed-colour", box, f"its {key} is Max's own, which follows no theme")
    for key, value in box.data.items():
        if not key.rstrip("12").endswith("color") or not isinstance(value, list) or len(value) != 4 or value[3] == 0:
            continue
        # A panel stores its fill colour under one name and the theme colour it follows under another.
        follows = saved.get(key) or (saved.get("bgfillcolor") if key == "bgcolor" else None) or {}
        if not str(dict(follows).get("expression", "")).startswith("themecolor."):
            yield subject.finding("fixed-colour", box, f"its {key} is the same in every theme")
