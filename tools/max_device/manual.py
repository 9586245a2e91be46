"""The manual page of the devices: every control with what Live's Info View says of it, and where Push shows it."""

from collections.abc import Iterator, Sequence

from max_for_live.table.records import Bank, Control, Kind, Parameter, Twin, Visibility

_HEAD = """\
# MuseAroo's device: manual

Made by `python -m tools.max_device` from the table in `max_for_live/table`; do not edit.

There are two devices. **MuseAroo** is an audio effect: put it on any track that carries sound. **MuseAroo MIDI** is a
MIDI effect for MIDI tracks; it plays the same, but hears no sound and so has no Listen. Neither changes what goes
through it. Point at a control in Live and the Info View says what stands here.
"""

_SORTS = (
    ("What the device shows", (Kind.TEXT, Kind.BAR, Kind.LAMP)),
    ("What you press", (Kind.BUTTON, Kind.TOGGLE, Kind.HOLD)),
    ("What you choose", (Kind.MENU,)),
    ("What you turn and write", (Kind.DIAL, Kind.NUMBER, Kind.FIELD)),
)

_KEPT = {
    Visibility.AUTOMATED: "automation, saved with the set",
    Visibility.STORED: "saved with the set",
    Visibility.HIDDEN: "mapping only",
}


def manual_page(controls: Sequence[Control], banks: Sequence[Bank]) -> str:
    """The page in Markdown."""
    return "\n".join(_lines(controls, banks)) + "\n"


def _lines(controls: Sequence[Control], banks: Sequence[Bank]) -> Iterator[str]:
    yield _HEAD
    for heading, kinds in _SORTS:
        told = [control for control in controls if control.kind in kinds and control.title and control.info]
        if not told:
            continue
        yield f"## {heading}\n"
        for control in _without_doubles(told):
            yield f"**{control.title}**{_device(control)} {control.info}"
            if control.parameter is not None:
                yield f"<br>{_facts(control, control.parameter, banks)}"
            yield ""
    yield "## Push\n"
    yield "Eight controls a bank, from the left; a control that only one of the devices has leaves its place free.\n"
    yield "| bank | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |"
    yield "|---|" + "---|" * 8
    titles = {control.name: control.title or control.label for control in controls}
    for bank in banks:
        cells = [titles.get(name, "") for name in bank.controls]
        yield f"| {' | '.join((bank.name, *cells, *[''] * (8 - len(cells))))} |"


def _without_doubles(controls: Sequence[Control]) -> list[Control]:
    """The controls without a face that only repeats what lies on it."""
    covered = {control.over for control in controls if control.kind is Kind.HOLD}
    return [control for control in controls if control.name not in covered]


def _device(control: Control) -> str:
    if control.twins == (Twin.AUDIO,):
        return " (MuseAroo only)."
    return " (MuseAroo MIDI only)." if control.twins == (Twin.MIDI,) else "."


def _facts(control: Control, parameter: Parameter, banks: Sequence[Bank]) -> str:
    """What can be chosen, where it stands at first, whether Live keeps it, and its places on Push."""
    facts = []
    if control.kind is Kind.MENU:
        facts.append(", ".join(parameter.choices))
        facts.append(f"at first {parameter.choices[int(parameter.initial)]}")
    elif control.kind in (Kind.DIAL, Kind.NUMBER):
        unit = f" {parameter.unit}" if parameter.unit else ""
        facts.append(f"{parameter.low:g} to {parameter.high:g}{unit}, at first {parameter.initial:g}{unit}")
    facts.append(_KEPT[parameter.visibility])
    places = [
        f"{bank.name} {place}" for bank in banks for place, name in enumerate(bank.controls, 1) if name == control.name
    ]
    if places:
        facts.append(f"Push: {', '.join(places)}")
    return f"*{'; '.join(facts)}*"
