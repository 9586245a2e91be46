"""Rules for a [js] script and its box."""

from collections.abc import Iterator

from tree_sitter import Node

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of
from musearoo.tools.workshop.lint.device.reading.patch import Box, Patch
from musearoo.tools.workshop.lint.device.reading.subject import Subject
from musearoo.tools.workshop.lint.device.rules.project import script_of
from musearoo.tools.workshop.lint.device.script import language as script_language
from musearoo.tools.workshop.lint.device.script import names as script_names
from musearoo.tools.workshop.lint.device.script.tree import line, parse, walk, words

RULES = {
    **script_language.RULES,
    **script_names.RULES,
    "script-ports": Rule(Ground.SCRIPT, "a script sets as many inlets and outlets as its box has"),
    "script-outlet": Rule(Ground.SCRIPT, "a script speaks only to outlets that it has"),
    "script-bytes": Rule(Ground.HOUSE, "a script is UTF-8 and ends in a new line"),
}

_RUN_BY = frozenset({"js", "jsui"})
"""Objects with the old engine; [v8] runs modern JavaScript."""


def check_script(
    source: str,
    name: str,
    *,
    inlets: int | None = None,
    outlets: int | None = None,
    heard: frozenset[str] | None = None,
    known: frozenset[str] = frozenset(),
) -> Iterator[Finding]:
    """Return the findings for a script.

    Pass its box's `inlets` and `outlets`, and the messages it receives (`heard`), if known. `known` are names that it
    may use without declaring them: those of other parts that it is joined with.

    >>> [finding.rule for finding in check_script("post(1);\\ncount = 1;\\n", "x.js")]
    ['script-console', 'script-global']
    """
    root = parse(source)
    language = list(script_language.check(source, name, root))
    yield from language
    if any(finding.rule in ("script-syntax", "script-es5") for finding in language):
        # The scope of names cannot be determined after a syntax error.
        return
    yield from script_names.check(name, root, heard, known)
    yield from _ports(name, root, inlets, outlets)
    if source and not source.endswith("\n"):
        yield Finding("script-bytes", name, "its last line does not end")


def _ports(name: str, root: Node, inlets: int | None, outlets: int | None) -> Iterator[Finding]:
    set_to: dict[str, int | None] = {"inlets": 1, "outlets": 1}
    for node in walk(root):
        left = words(node.child_by_field_name("left")) if node.type == "assignment_expression" else ""
        if left in set_to:
            right = words(node.child_by_field_name("right"))
            set_to[left] = int(right) if right.isdecimal() else None
    for what, box in (("inlets", inlets), ("outlets", outlets)):
        if box is not None and set_to[what] not in (box, None):
            yield Finding("script-ports", name, f"it sets {what} = {set_to[what]}, its box has {box}")
    last = set_to["outlets"]
    for node in walk(root):
        if node.type != "call_expression" or words(node.child_by_field_name("function")) != "outlet":
            continue
        arguments = node.child_by_field_name("arguments")
        first = words(arguments.named_children[0]) if arguments is not None and arguments.named_children else ""
        if first.isdecimal() and last is not None and int(first) >= last:
            sentence = f"it speaks to outlet {first}, but has {last}"
            yield Finding("script-outlet", f"{name}, line {line(node)}", sentence)


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for the scripts that a device's boxes run and its container includes."""
    for patch in subject.patches:
        for box in patch.boxes:
            file = script_of(box)
            content = (subject.files or {}).get(file)
            if content is None or class_of(box) not in _RUN_BY:
                continue
            name = f"{subject.name}, {file}"
            try:
                source = content.decode("utf-8")
            except UnicodeDecodeError as error:
                yield Finding("script-bytes", name, f"it is not UTF-8: {error}")
                continue
            yield from check_script(
                source,
                name,
                inlets=box.data.get("numinlets"),
                outlets=box.data.get("numoutlets"),
                heard=heard_messages(patch, box),
            )


def heard_messages(patch: Patch, script: Box) -> frozenset[str] | None:
    """Return the first words of the messages that boxes send to a script; None if one of them can send anything."""
    boxes = {box.id: box for box in patch.boxes}
    heard: set[str] = set()
    for cord in patch.cords:
        source = boxes.get(cord.source)
        if cord.destination != script.id or source is None:
            continue
        name = class_of(source)
        if name == "prepend" and source.arguments:
            heard.add(source.arguments[0])
        elif name == "message":
            heard.update(part.split()[0] for part in str(source.data.get("text", "")).split(",") if part.split())
        elif name == "udpreceive":
            # Open Sound Control: each message begins with a slash, so it calls no function.
            continue
        elif any(kind not in ("bang", "int", "float") for kind in source.data.get("outlettype", ("",))):
            return None
    return frozenset(heard)
