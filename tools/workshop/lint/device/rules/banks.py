"""Rules for Push's parameter banks."""

from collections import Counter
from collections.abc import Iterator

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.subject import Subject
from musearoo.tools.workshop.lint.device.rules.parameters import long_name, registry

RULES = {
    "no-banks": Rule(Ground.GUIDELINE, "a device with parameters that Live automates has banks for Push"),
    "bank-form": Rule(Ground.STRUCTURE, "a bank has its own number and eight places"),
    "bank-title": Rule(Ground.GUIDELINE, "a bank has a name, which Push shows"),
    "bank-name": Rule(Ground.STRUCTURE, "a bank names parameters by their Long Names"),
    "bank-hidden": Rule(Ground.GUIDELINE, "a bank names parameters that Push can turn: automated ones"),
    "bank-twice": Rule(Ground.GUIDELINE, "no parameter stands twice in the banks"),
    "bank-left-out": Rule(Ground.HOUSE, "every automated parameter stands in a bank"),
}

PLACES = 8
EMPTY = "-"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for the banks of a device."""
    if not subject.is_device:
        return
    found = [(box, box.parameter) for box in subject.boxes()]
    boxes = {long_name(subject, box, parameter): parameter for box, parameter in found if parameter is not None}
    automated = {name for name, parameter in boxes.items() if parameter.get("parameter_invisible", 0) == 0}
    banks = dict(registry(subject).get("parameterbanks", {}))
    # A new device has one empty, unnamed bank.
    named = [name for bank in banks.values() for name in bank.get("parameters", ()) if name not in (EMPTY, "")]
    if automated and not named:
        yield subject.finding("no-banks", None, f"{len(automated)} parameters can be automated, but no bank names any")
        return
    elsewhere = {str(entry[0]) for entry in registry(subject).values() if isinstance(entry, list) and entry}
    for key, bank in banks.items():
        title = f"bank {key} “{bank.get('name', '')}”"
        places = list(bank.get("parameters", ()))
        if named and not str(bank.get("name", "")).strip():
            yield subject.finding("bank-title", None, f"{title} has no name")
        if str(bank.get("index")) != key:
            yield subject.finding("bank-form", None, f"{title} says that it is number {bank.get('index')}")
        if len(places) != PLACES:
            yield subject.finding("bank-form", None, f"{title} has {len(places)} places, not {PLACES}")
        for name in places:
            if name not in (EMPTY, "") and name not in boxes and name not in elsewhere:
                yield subject.finding("bank-name", None, f"{title} names “{name}”, which is no parameter's Long Name")
            elif name in boxes and name not in automated:
                yield subject.finding("bank-hidden", None, f"{title} names “{name}”, which Live does not automate")
    for name, count in Counter(named).items():
        if count > 1:
            yield subject.finding("bank-twice", None, f"“{name}” stands {count} times in the banks")
    for name in sorted(automated - set(named)) if named else ():
        yield subject.finding("bank-left-out", None, f"“{name}” can be automated but stands in no bank")
