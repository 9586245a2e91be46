"""`musearoo demo`: the whole system with a simulated Live, on any machine."""

import argparse
from pathlib import Path

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.simulated import simulation_explained


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=Path("out"),
        help="where MIDI files, WAV files and a picture go (out)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the demo."""
    try:
        with simulation_explained():
            from musearoo.tools.demo.show import run_demo  # imported here, because it loads the simulators

            run_demo(options.out)
    except OSError as error:
        raise CommandError(f"{options.out} cannot be written: {error.strerror or error}.") from error
    return 0
