"""Rules for the texts of Live's Info View."""

from collections.abc import Iterator

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.subject import Subject
from musearoo.tools.workshop.lint.device.rules.cords import is_touched

RULES = {
    "no-info": Rule(Ground.GUIDELINE, "everything that a hand works has an Info title and an Info text"),
    "info-length": Rule(Ground.HOUSE, "an Info title and text are short enough to be read whole"),
    "info-differs": Rule(Ground.STRUCTURE, "a parameter's Info text is the one that stands at its box"),
    "tab-stop": Rule(Ground.GUIDELINE, "no text holds a tab: how far it jumps is another on each system"),
}

LONGEST_TITLE = 30
"""Characters: the longest in 644 patchers of public repositories has 29."""

LONGEST_TEXT = 460
"""Characters: the longest in 644 patchers of public repositories has 455."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for the texts of all patchers."""
    for box in subject.boxes():
        title, text = str(box.data.get("annotation_name", "")), str(box.data.get("annotation", ""))
        parameter = box.parameter or {}
        for what, said, longest in (("title", title, LONGEST_TITLE), ("text", text, LONGEST_TEXT)):
            if is_touched(box) and not said.strip():
                yield subject.finding("no-info", box, f"it has no Info {what}")
            if len(said) > longest:
                yield subject.finding(
                    "info-length", box, f"its Info {what} has {len(said)} characters, {longest} at most"
                )
        for key, at_box in (("parameter_annotation_name", title), ("parameter_info", text)):
            if at_box and str(parameter.get(key, at_box)) not in ("", at_box):
                yield subject.finding("info-differs", box, f"its {key} is not what stands at the box")
        if any("\t" in str(box.data.get(key, "")) for key in ("text", "texton", "annotation", "annotation_name")):
            yield subject.finding("tab-stop", box, "its text holds a tab")
