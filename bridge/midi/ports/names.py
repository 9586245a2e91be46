"""Find the port that a name, or a part of one, refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

VIRTUAL: Final = ""
"""The name by which MuseAroo's own, virtual port is chosen."""

_NUMBER: Final = re.compile(r" (\d+:\d+|\d+)$")


def plain_name(name: str) -> str:
    """Return a port's name without the number that ALSA and Windows append, which changes when it is plugged in again.

    >>> plain_name("Digital Piano:Digital Piano MIDI 1 20:0"), plain_name("loopMIDI Port 1"), plain_name("JV-1080")
    ('Digital Piano:Digital Piano MIDI 1', 'loopMIDI Port', 'JV-1080')
    """
    return _NUMBER.sub("", name)


def find_port(wanted: str, names: Sequence[str]) -> str | None:
    """Return the port of that name, else the first that contains it, else the same with another number.

    >>> find_port("piano", ("Synth 1", "Digital Piano 2"))
    'Digital Piano 2'
    >>> find_port("Piano 1", ("Piano 3", "Synth"))
    'Piano 3'
    """
    low = wanted.casefold().strip()
    if not low:
        return None
    plain = plain_name(wanted).casefold().strip()
    # The number is compared first: it distinguishes several ports of one name, but may have changed.
    for means in (
        lambda name: name == wanted,
        lambda name: name.casefold() == low,
        lambda name: low in name.casefold(),
        lambda name: plain_name(name).casefold() == plain,
        lambda name: plain in name.casefold(),
    ):
        for name in names:
            if means(name):
                return name
    return None


def foreign_ports(names: Sequence[str], own: str) -> tuple[str, ...]:
    """Return the ports that are not MuseAroo's own: its output must never come back as input.

    `own`: the name that its virtual ports begin with.

    >>> foreign_ports(("MuseAroo:MuseAroo Out 128:0", "Synth"), "MuseAroo")
    ('Synth',)
    """
    mine = (f"{own} in", f"{own} out")
    return tuple(name for name in names if not any(each.casefold() in name.casefold() for each in mine))
