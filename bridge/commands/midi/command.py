"""`musearoo midi ports | monitor | jam | capture`: live MIDI, without Live and without the daemon."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from musearoo.bridge.commands.shared.arguments import add_json, midi_path, number_in, whole_in
from musearoo.bridge.protocol.types import INT32_MAX

LONGEST: Final = 86_400.0
"""Most seconds of `--seconds`: a day."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command and its subcommands."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    ports = actions.add_parser("ports", help="which there are, and which MuseAroo would use")
    ports.set_defaults(run=run_ports)

    monitor = actions.add_parser("monitor", help="what is played and the clock, as they come, until Ctrl-C")
    monitor.add_argument("--port", action="append", metavar="P", help=f"{_INPUT}; several times for several")
    monitor.set_defaults(run=run_monitor)

    jam = actions.add_parser("jam", help="call and response: you play, the engines answer, until Ctrl-C")
    jam.add_argument("--bars", type=whole_in(1, 16), default=4, metavar="N", help="of a turn (4)")
    jam.add_argument("--who", default="", metavar="ENGINE", help="who answers (RooAroo decides)")
    jam.add_argument("--style", default="", metavar="S", help="such as funk (the one of the nearest tempo)")
    jam.add_argument(
        "--bpm", type=number_in(20, 999), metavar="X", help="tempo where no clock comes (the style's, or 120)"
    )
    jam.add_argument("--time-signature", default="4/4", metavar="M", help="such as 3/4 (4/4)")
    jam.add_argument("--in", dest="port", action="append", metavar="P", help=f"{_INPUT}; several times for several")
    jam.add_argument("--out", dest="output", action="append", metavar="P", help=f"{_OUTPUT}; several times for several")
    jam.add_argument("--no-click", action="store_true", help="without the clicks until the band plays")
    jam.add_argument("--seed", type=whole_in(0, INT32_MAX), metavar="N", help="same seed and playing, same answers")
    jam.set_defaults(run=run_jam)

    capture = actions.add_parser("capture", help="keep the last bars that you played as a MIDI file, at Ctrl-C")
    capture.add_argument("--bars", type=whole_in(0, 64), default=0, metavar="N", help="how many (the last phrase)")
    capture.add_argument(
        "--out",
        type=midi_path,
        metavar="F.mid",
        default=Path("played.mid"),
        help="the file (played.mid); nothing is replaced, another is numbered",
    )
    capture.add_argument("--raw", action="store_true", help="as it was played, not quantised with its feel kept")
    capture.add_argument("--pedal", action="store_true", help="keep the pedal, not notes as long as it held them")
    capture.add_argument("--bpm", type=number_in(20, 999), metavar="X", help="you play to a click of this tempo")
    capture.add_argument("--time-signature", default="4/4", metavar="M", help="such as 3/4 (4/4)")
    capture.add_argument("--port", action="append", metavar="P", help=f"{_INPUT}; several times for several")
    capture.set_defaults(run=run_capture)

    for action in (monitor, jam, capture):
        action.add_argument("--seconds", type=number_in(0.1, LONGEST), metavar="N", help="end after so many seconds")
    for action in (ports, monitor, jam, capture):
        add_json(action)


_INPUT: Final = "an input, or a part of its name (that of the settings, else MuseAroo's own)"
_OUTPUT: Final = "an output, or a part of its name (that of the settings, else MuseAroo's own)"


# Each is in a module of its own, so that the help of one does not import the others' engines, MIDI and processes.


def run_ports(options: argparse.Namespace) -> int:
    """Show the ports."""
    from musearoo.bridge.commands.midi.ports import run

    return run(options)


def run_monitor(options: argparse.Namespace) -> int:
    """Show what is played."""
    from musearoo.bridge.commands.midi.monitor import run

    return run(options)


def run_jam(options: argparse.Namespace) -> int:
    """Play in turns."""
    from musearoo.bridge.commands.midi.jam import run

    return run(options)


def run_capture(options: argparse.Namespace) -> int:
    """Keep what is played."""
    from musearoo.bridge.commands.midi.capture import run

    return run(options)
