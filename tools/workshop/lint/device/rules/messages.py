"""Rules for messages: each object understands the messages it gets.

Max reports errors only in its console, at run time.
"""

from collections.abc import Iterator

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of, table
from musearoo.tools.workshop.lint.device.reading.patch import Box, Cord, split_text
from musearoo.tools.workshop.lint.device.reading.subject import Subject

RULES = {
    "not-understood": Rule(Ground.GUIDELINE, "an object understands the messages that others send to its first inlet"),
}

_NUMBERS = frozenset({"int", "float"})
_TAKE_NUMBERS = frozenset({"int", "float", "list"})

_PASS_ON = frozenset({"outlet", "patcher", "bpatcher", "poly~", "gen", "gen~", "pfft~"})
"""Objects that pass messages to whatever is connected on the other side."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield findings for known messages: those of [prepend], [message] and outlets with one type."""
    for patch in subject.patches:
        boxes = {box.id: box for box in patch.boxes}
        for cord in patch.cords:
            source, destination = boxes.get(cord.source), boxes.get(cord.destination)
            if source is None or destination is None or cord.inlet:
                continue
            for word in sorted(sent_words(source, cord)):
                if not understands(destination, word):
                    sentence = f"it does not know “{word}”, which {source.title} sends"
                    yield subject.finding("not-understood", destination, sentence)


def sent_words(source: Box, cord: Cord) -> frozenset[str]:
    """Return the first words of the messages that a box sends into a cord, as far as known; numbers by type.

    >>> box = Box("obj-1", {"maxclass": "message", "text": "set 3, 5 6, bang"}, "message")
    >>> sorted(sent_words(box, Cord("obj-1", 0, "obj-2", 0)))
    ['bang', 'list', 'set']
    """
    name, text = class_of(source), str(source.data.get("text", ""))
    if name == "prepend":
        return frozenset(_kind(word) for word in source.arguments[:1])
    if name == "message":
        # A part after a semicolon goes to a named receiver; one with a dollar sign depends on the input.
        parts = () if ";" in text or "$" in text else tuple(split_text(part) for part in text.split(","))
        return frozenset(_kind(*part[:2]) for part in parts if part)
    kinds = tuple(source.data.get("outlettype", ()))
    kind = kinds[cord.outlet] if 0 <= cord.outlet < len(kinds) else ""
    return frozenset({kind} if kind in _NUMBERS | {"bang"} else ())


def _kind(word: str, second: str = "") -> str:
    """Return Max's type of a first word: a single number is an int or a float, one with more after it begins a list."""
    try:
        float(word)
    except ValueError:
        return word
    if second:
        return "list"
    return "float" if "." in word else "int"


def understands(box: Box, word: str) -> bool:
    """Return whether the object has a method or an attribute with that name; True if the object is unknown."""
    name, known = class_of(box), table()
    methods = known.messages.get(name, frozenset())
    if name in _PASS_ON or not methods or "anything" in methods:
        return True
    if word in _NUMBERS or word == "list":
        return bool(methods & _TAKE_NUMBERS)
    return word in methods or word in known.attributes[name] or word in known.common
