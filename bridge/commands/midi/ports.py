"""`musearoo midi ports`: the ports of this machine, which of them MuseAroo uses, and which are missing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

from musearoo.bridge.commands.midi.choice import APIS, choose_ports, find_ports, list_missing
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.midi.ports.names import VIRTUAL, find_port
from musearoo.bridge.midi.ports.system import NO_VIRTUAL, PortList


@dataclass(frozen=True, slots=True)
class PortLine:
    """A port: whether MuseAroo uses it, whether it is present, and whether MuseAroo creates it."""

    name: str
    is_input: bool
    used: bool
    there: bool
    virtual: bool


def run(options: argparse.Namespace) -> int:
    """Show the ports."""
    ports = find_ports()
    chosen = choose_ports()
    inputs, outputs = chosen.inputs, chosen.outputs
    lines = [*_lines(ports.inputs, inputs, True, ports), *_lines(ports.outputs, outputs, False, ports)]
    mends = explain(ports, inputs, outputs)
    if options.json:
        report = {
            "api": APIS.get(ports.api, ports.api),
            "virtual": ports.is_virtual_possible,
            "ports": [asdict(line) for line in lines],
            "mend": mends,
        }
        print(json.dumps(report, indent=2))
        return 0
    console = Terminal()
    console.print(_table(lines))
    console.print(f"By {APIS.get(ports.api, ports.api)}.", style="dim", highlight=False)
    for sentence in mends:
        console.print(sentence, style="yellow", highlight=False, markup=False, soft_wrap=True)
    return 0


def explain(ports: PortList, inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Return sentences on missing ports and what to do, or nothing."""
    sentences = [
        f"The {kind} “{name}” is not there: plug it in, or choose another by {setting} in the settings."
        for kind, setting, wanted, there in (
            ("input", "midi_in", inputs, ports.inputs),
            ("output", "midi_out", outputs, ports.outputs),
        )
        for name in list_missing(wanted, there)
    ]
    if not ports.is_virtual_possible and VIRTUAL in (*inputs, *outputs):
        sentences.append(NO_VIRTUAL)
    return sentences


def _lines(there: Sequence[str], wanted: Sequence[str], is_input: bool, ports: PortList) -> list[PortLine]:
    used = {find_port(name, there) for name in wanted}
    own = f"MuseAroo {'In' if is_input else 'Out'}"
    return [
        *([PortLine(own, is_input, VIRTUAL in wanted, False, True)] if ports.is_virtual_possible else []),
        *(PortLine(name, is_input, name in used, True, False) for name in there),
        *(PortLine(name, is_input, True, False, False) for name in list_missing(wanted, there)),
    ]


def _table(lines: Sequence[PortLine]) -> Table:
    table = Table("port", "", "used", "there", box=None, pad_edge=False)
    for line in lines:
        there = "made when MuseAroo runs" if line.virtual else "yes" if line.there else "no"
        table.add_row(line.name, "in" if line.is_input else "out", "yes" if line.used else "", there)
    return table
