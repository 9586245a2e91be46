"""The devices' manual page: every control with its text in Live's Info View, and its position on Push."""

from collections.abc import Iterator, Sequence

from musearoo.max_for_live.table.records import Bank, Control, Kind, Parameter, Twin, Visibility

_HEAD = """\
# MuseAroo's device: manual

![The device](MuseAroo.png)

Made by `python -m musearoo.tools.workshop.device_builder` from the table in `max_for_live/table`; do not edit.

There are two devices. **MuseAroo** is an audio effect: put it on any track that carries sound. **MuseAroo MIDI** is a
MIDI effect for MIDI tracks; it plays the same, but hears no sound and so has no Listen. Neither changes what goes
through it. Point at a control in Live and the Info View says what stands here.
"""

_KEPT = {
    Visibility.AUTOMATED: "automation, saved with the set",
    Visibility.STORED: "saved with the set",
    Visibility.HIDDEN: "neither automated nor saved",
}


def manual_page(groups: Sequence[tuple[str, Sequence[Control]]], banks: Sequence[Bank]) -> str:
    """Return the page in Markdown; a group is a heading and its controls."""
    return "\n".join(_lines(groups, banks)) + "\n"


def _lines(groups: Sequence[tuple[str, Sequence[Control]]], banks: Sequence[Bank]) -> Iterator[str]:
    controls = [control for _, group in groups for control in group]
    yield _HEAD
    for heading, group in groups:
        yield f"## {heading}\n"
        for control in _told(group):
            yield f"**{control.title}**{_device(control)} {control.info}"
            facts = _facts(control, control.parameter, banks) if control.parameter else ""
            if facts:
                yield f"<br>*{facts}*"
            yield ""
    yield "## Push\n"
    yield "Eight controls a bank, from the left; a control that only one of the devices has leaves its place free.\n"
    yield "| bank | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |"
    yield "|---|" + "---|" * 8
    titles = {control.name: control.title or control.label for control in controls}
    for bank in banks:
        cells = [titles.get(name, "") for name in bank.controls]
        yield f"| {' | '.join((bank.name, *cells, *[''] * (8 - len(cells))))} |"


def _told(controls: Sequence[Control]) -> list[Control]:
    """Return the controls that send or are set, without a surface that only repeats the control on it."""
    covered = {control.over for control in controls if control.kind is Kind.HOLD}
    return [
        control
        for control in controls
        if control.title and control.info and (control.speaks or (control.shown and control.name not in covered))
    ]


def _device(control: Control) -> str:
    if control.twins == (Twin.AUDIO,):
        return " (MuseAroo only)."
    return " (MuseAroo MIDI only)." if control.twins == (Twin.MIDI,) else "."


def _facts(control: Control, parameter: Parameter, banks: Sequence[Bank]) -> str:
    """Return a control's choices, its initial value, whether Live stores it, and its positions on Push."""
    facts = []
    if control.kind is Kind.MENU:
        facts.append(", ".join(parameter.choices))
        facts.append(f"at first {parameter.choices[int(parameter.initial)]}")
    elif control.kind is Kind.DIAL:
        unit = f" {parameter.unit}" if parameter.unit else ""
        facts.append(f"{parameter.low:g} to {parameter.high:g}{unit}, at first {parameter.initial:g}{unit}")
    if control.kind is not Kind.BUTTON:
        facts.append(_KEPT[parameter.visibility])
    places = [
        f"{bank.name} {place}" for bank in banks for place, name in enumerate(bank.controls, 1) if name == control.name
    ]
    if places:
        facts.append(f"Push: {', '.join(places)}")
    return "; ".join(facts)
